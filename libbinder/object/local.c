/* SPDX-License-Identifier: MIT */
/*
 * local.c: objects that live here.
 *
 * Called by serve.c for calls from elsewhere and by transact.c for those from
 * here; hands on to the class's functions and builtin.c.
 */
#include "local.h"

#include <stdlib.h>

#include "base/counts.h"
#include "base/error.h"
#include "base/export.h"

/*
 * All of them.  An object may be held by the driver alone; this keeps it in
 * sight of leak checkers and debuggers.
 */
static struct local *all;
static pthread_mutex_t all_lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void keep_all_over_fork(void)
{
	connection_lock_over_fork(&all_lock);
}

static void list_add(struct local *local)
{
	pthread_mutex_lock(&all_lock);
	local->next = all;
	local->prev = &all;
	if (all)
		all->prev = &local->next;
	all = local;
	pthread_mutex_unlock(&all_lock);
}

static void list_remove(struct local *local)
{
	pthread_mutex_lock(&all_lock);
	*local->prev = local->next;
	if (local->next)
		local->next->prev = local->prev;
	pthread_mutex_unlock(&all_lock);
}

static void local_end(AIBinder *binder)
{
	struct local *local = local_of(binder);

	AIBinder_getClass(binder)->destroy(local->user);
	list_remove(local);
	AIBinder_decStrong(local->extension);
	COUNT_DOWN(locals);
}

static void local_free(AIBinder *binder)
{
	free(local_of(binder));
}

static const struct binder_kind binder_local = {
	.end = local_end,
	.free = local_free,
};

EXPORT AIBinder *AIBinder_new(const AIBinder_Class *clazz, void *args)
{
	struct local *local;

	if (!clazz) {
		error_set_words("a local object needs a class");
		return NULL;
	}
	local = calloc(1, sizeof(*local));
	if (!local) {
		error_set_words("no memory for an object");
		return NULL;
	}
	binder_init(&local->binder, &binder_local);
	atomic_store(&local->binder.clazz, clazz);
	atomic_init(&local->flags, LOCAL_FLAGS);
	COUNT_UP(locals);
	list_add(local);
	local->user = clazz->create(args);
	return &local->binder;
}

EXPORT void *AIBinder_getUserData(AIBinder *binder)
{
	return binder && !binder_is_proxy(binder) ? local_of(binder)->user : NULL;
}

EXPORT binder_status_t AIBinder_setExtension(AIBinder *binder, AIBinder *ext)
{
	struct local *local;

	if (!binder || !ext)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder or no extension");
	if (binder_is_proxy(binder))
		return error_say(STATUS_INVALID_OPERATION,
				 "only a local object can be given an extension");
	local = local_of(binder);
	AIBinder_incStrong(ext);
	AIBinder_decStrong(local->extension);
	local->extension = ext;
	return STATUS_OK;
}

binder_status_t local_transact(AIBinder *binder, uint32_t code, const AParcel *in, AParcel *out)
{
	const AIBinder_Class *clazz = AIBinder_getClass(binder);
	binder_status_t status;

	parcel_mutable(in)->pos = 0;
	if (code < FIRST_CALL_TRANSACTION || code > LAST_CALL_TRANSACTION)
		return local_builtin(local_of(binder), code, in, out);
	if (!clazz->no_header) {
		status = parcel_check_token(in, parcel_profile(in), clazz->descriptor);
		if (status)
			return status;
	}
	return clazz->transact(binder, code, in, out);
}
