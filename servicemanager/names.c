/* SPDX-License-Identifier: MIT */
/*
 * names.c: the handlers that look names up, list, add and watch them.
 *
 * Called by service.c; asks registry.c and access.c, and tells clients.c of
 * look-ups.
 */
#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients.h"
#include "say.h"

/* ---- look-ups ------------------------------------------------------------ */

/*
 * Writes the status of a look-up.  True: the binder, or NULL for nobody, is to
 * follow.  False: the reply is complete.  Look-ups answer at once; who wants
 * to wait registers for a notification.
 */
static bool look_up(const struct request *request, const struct registration **ret,
		    binder_status_t *status)
{
	const struct registration *found;
	char *name;

	if (!read_name(request, &name, status))
		return false;
	found = registry_find(request->manager->registry, name);
	if (found)
		clients_found(request->manager->clients, name);
	free(name);
	*status = reply_ok(request);
	if (*status != STATUS_OK)
		return false;
	*ret = found;
	return true;
}

binder_status_t get_service(const struct request *request)
{
	const struct registration *found;
	binder_status_t status;

	if (!look_up(request, &found, &status))
		return status;
	/* Not even a null binder, in those days. */
	if (!found && !request->manager->protocol->has_status)
		return AParcel_writeInt32(request->out, 0);
	return AParcel_writeStrongBinder(request->out, found ? found->binder : NULL);
}

/* ServiceWithMetadata { IBinder service; boolean isLazyService } */
static binder_status_t write_metadata(const struct request *request,
				      const struct registration *found)
{
	int32_t start = 0;
	binder_status_t status = begin_parcelable(request->out, &start);

	if (status == STATUS_OK)
		status = AParcel_writeStrongBinder(request->out, found ? found->binder : NULL);
	if (status == STATUS_OK)
		status = AParcel_writeBool(request->out,
					   found && clients_are_watched(request->manager->clients,
									found->name));
	return status == STATUS_OK ? end_parcelable(request->out, start) : status;
}

/* union Service, first member: ServiceWithMetadata, once a binder. */
binder_status_t get_service2(const struct request *request)
{
	const struct registration *found;
	binder_status_t status;

	if (!look_up(request, &found, &status))
		return status;
	status = AParcel_writeInt32(request->out, 1);
	if (status == STATUS_OK)
		status = AParcel_writeInt32(request->out, SM_SERVICE_DIRECT);
	if (status != STATUS_OK)
		return status;
	return request->manager->protocol->has_metadata ?
		       write_metadata(request, found) :
		       AParcel_writeStrongBinder(request->out, found ? found->binder : NULL);
}

binder_status_t check_service(const struct request *request)
{
	return request->manager->protocol->check_gives_union ? get_service2(request) :
							       get_service(request);
}

/* ---- lists --------------------------------------------------------------- */

/* One name: number index of those with the priorities; an old manager then ends with -1. */
static binder_status_t list_one(const struct request *request, int32_t index)
{
	const struct registry *registry = request->manager->registry;
	int32_t priority = SM_DUMP_ALL;
	binder_status_t status = STATUS_OK;

	/* One who leaves them out wants none. */
	if (request->manager->protocol->has_priority &&
	    AParcel_readInt32(request->in, &priority) != STATUS_OK)
		priority = 0;
	for (size_t i = 0; i < registry_count(registry); i++) {
		const struct registration *entry = registry_at(registry, i);

		if (!(entry->dump_priority & priority) || index-- > 0)
			continue;
		status = reply_ok(request);
		return status == STATUS_OK ? AParcel_writeString16(request->out, entry->name) :
					     status;
	}
	return STATUS_PERMISSION_DENIED;
}

static binder_status_t list_all(const struct request *request, int32_t priority)
{
	const struct registry *registry = request->manager->registry;
	int32_t count = 0;
	binder_status_t status = reply_ok(request);

	for (size_t i = 0; i < registry_count(registry); i++)
		count += (registry_at(registry, i)->dump_priority & priority) != 0;
	if (status == STATUS_OK)
		status = AParcel_writeInt32(request->out, count);
	for (size_t i = 0; status == STATUS_OK && i < registry_count(registry); i++)
		if (registry_at(registry, i)->dump_priority & priority)
			status =
				AParcel_writeString16(request->out, registry_at(registry, i)->name);
	return status;
}

binder_status_t list_services(const struct request *request)
{
	int32_t first;
	binder_status_t status = AParcel_readInt32(request->in, &first);

	if (status != STATUS_OK)
		return status;
	return request->manager->protocol->list_by_index ? list_one(request, first) :
							   list_all(request, first);
}

/* ServiceDebugInfo[]: { String name; int debugPid } */
binder_status_t get_service_debug_info(const struct request *request)
{
	const struct registry *registry = request->manager->registry;
	binder_status_t status = reply_ok(request);

	if (status == STATUS_OK)
		status = AParcel_writeInt32(request->out, registry_count(registry));
	for (size_t i = 0; status == STATUS_OK && i < registry_count(registry); i++) {
		const struct registration *entry = registry_at(registry, i);
		int32_t start = 0;

		status = begin_parcelable(request->out, &start);
		if (status == STATUS_OK)
			status = AParcel_writeString16(request->out, entry->name);
		if (status == STATUS_OK)
			status = AParcel_writeInt32(request->out, entry->pid);
		if (status == STATUS_OK)
			status = end_parcelable(request->out, start);
	}
	return status;
}

/* ---- registration -------------------------------------------------------- */

static binder_status_t add_binder(const struct request *request, const char *name, AIBinder *binder,
				  bool allow_isolated, int32_t priority)
{
	struct service_manager *manager = request->manager;
	struct registration wanted = {
		.name = (char *)name,
		.binder = binder,
		.pid = AIBinder_getCallingPid(),
		.uid = AIBinder_getCallingUid(),
		.allow_isolated = allow_isolated,
		.dump_priority = priority & SM_DUMP_ALL,
	};
	binder_status_t status;
	int result;

	if (!access_may_add(manager->rules, wanted.uid, name))
		return refuse(request, EX_SECURITY,
			      "uid %d may not add '%s' (see servicemanager --allow)",
			      (int)wanted.uid, name);
	if (!binder)
		return refuse(request, EX_ILLEGAL_ARGUMENT, "a null binder for '%s'", name);
	/* Whoever took it could pass for the service manager, and it would go with them. */
	if (manager->protocol->has_status && !strcmp(name, "manager"))
		return refuse(request, EX_SECURITY, "'manager' is the service manager's own name");
	result = registry_add(manager->registry, &wanted);
	if (result < 0)
		return refuse_errno(request, result, name);
	clients_registered(manager->clients, name, wanted.pid);
	if (manager->verbose)
		say("servicemanager: %s added by pid %d uid %d\n", name, (int)wanted.pid,
		    (int)wanted.uid);
	status = reply_ok(request);
	/* The versions without a status header end with a zero of their own. */
	if (status == STATUS_OK && !manager->protocol->has_status)
		status = AParcel_writeInt32(request->out, 0);
	return status;
}

binder_status_t add_service(const struct request *request)
{
	bool has_priority = request->manager->protocol->has_priority;
	AIBinder *binder = NULL;
	int32_t priority = SM_DUMP_DEFAULT;
	bool allow_isolated = false;
	binder_status_t status;
	char *name;

	if (!read_name(request, &name, &status))
		return status;
	status = AParcel_readStrongBinder(request->in, &binder);
	if (status == STATUS_OK)
		status = AParcel_readBool(request->in, &allow_isolated);
	if (status == STATUS_OK && has_priority)
		status = AParcel_readInt32(request->in, &priority);
	if (status == STATUS_OK)
		status = add_binder(request, name, binder, allow_isolated, priority);
	AIBinder_decStrong(binder);
	free(name);
	return status;
}

binder_status_t register_for_notifications(const struct request *request)
{
	AIBinder *callback;
	binder_status_t status;
	char *name;
	int result;

	if (!read_name_and_callback(request, &name, &callback, &status))
		return status;
	result = registry_watch(request->manager->registry, name, callback,
				AIBinder_getCallingUid());
	status = result < 0 ? refuse_errno(request, result, name) : reply_ok(request);
	AIBinder_decStrong(callback);
	free(name);
	return status;
}

binder_status_t unregister_for_notifications(const struct request *request)
{
	AIBinder *callback;
	binder_status_t status;
	char *name;

	if (!read_name_and_callback(request, &name, &callback, &status))
		return status;
	if (registry_unwatch(request->manager->registry, name, callback) < 0)
		status = refuse(request, EX_ILLEGAL_STATE, "no such callback for '%s'", name);
	else
		status = reply_ok(request);
	AIBinder_decStrong(callback);
	free(name);
	return status;
}
