/* SPDX-License-Identifier: MIT */
/*
 * proxy.c: the handle table, and the driver's reference that each proxy has.
 *
 * Called where handles are read and references dropped; hands on to death.c
 * and thread.c.
 *
 * BC_ACQUIRE goes ahead of the BC_FREE_BUFFER of the parcel that brought the handle, in one
 * write under connection.lock; a proxy that ends before its parcel needs none.  BC_RELEASE may
 * come late: each belongs to its own BC_ACQUIRE, so a new proxy for the same handle does not
 * mind.
 */
#include "proxy.h"

#include <errno.h>
#include <stdlib.h>

#include "base/counts.h"
#include "base/error.h"
#include "base/export.h"
#include "parcel/parcel.h"

/* Drivers number handles from the lowest free one; more than this is no handle. */
#define MAX_HANDLE (1u << 24)

static int make_slot(ABinderConnection *conn, uint32_t handle)
{
	size_t slots = conn->proxy_slots ? conn->proxy_slots : 16;
	AIBinder **proxies;

	if (handle < conn->proxy_slots)
		return 0;
	while (slots <= handle)
		slots *= 2;
	proxies = realloc(conn->proxies, slots * sizeof(*proxies));
	if (!proxies)
		return -ENOMEM;
	for (size_t i = conn->proxy_slots; i < slots; i++)
		proxies[i] = NULL;
	conn->proxies = proxies;
	conn->proxy_slots = slots;
	return 0;
}

/* connection.lock is held. */
static int acquire(struct thread *t, struct proxy *proxy)
{
	int r;

	if (proxy->acquired)
		return 0;
	r = stream_put_u32(&t->out, BC_ACQUIRE, proxy->handle);
	if (!r)
		r = thread_flush(t);
	if (!r)
		proxy->acquired = true;
	return r;
}

binder_status_t proxy_acquire(struct proxy *proxy)
{
	ABinderConnection *conn = proxy->conn;
	struct thread *t;
	int r = -ENOMEM;

	if (proxy->handle)
		return STATUS_OK;
	t = thread_get(conn);
	pthread_mutex_lock(&conn->lock);
	if (t)
		r = acquire(t, proxy);
	pthread_mutex_unlock(&conn->lock);
	return error_status(r);
}

/* connection.lock is held. */
static void leave_parcel(struct proxy *proxy)
{
	if (!proxy->parcel)
		return;
	if (proxy->prev)
		proxy->prev->next = proxy->next;
	else
		proxy->parcel->unacquired = proxy->next;
	if (proxy->next)
		proxy->next->prev = proxy->prev;
	proxy->parcel = NULL;
}

/* connection.lock is held. */
static void join_parcel(struct proxy *proxy, AParcel *parcel)
{
	proxy->parcel = parcel;
	proxy->next = parcel->unacquired;
	if (proxy->next)
		proxy->next->prev = proxy;
	parcel->unacquired = proxy;
}

static void acquire_all(AParcel *parcel, struct thread *t)
{
	struct proxy *proxy;

	while ((proxy = parcel->unacquired)) {
		leave_parcel(proxy);
		if (!t)
			continue;
		thread_reserve(t);
		stream_put_u32(&t->out, BC_ACQUIRE, proxy->handle);
		proxy->acquired = true;
	}
}

__attribute__((constructor)) static void know_parcels(void)
{
	parcel_acquire_all = acquire_all;
}

static void proxy_end(AIBinder *binder)
{
	struct proxy *proxy = proxy_of(binder);
	ABinderConnection *conn = proxy->conn;
	struct frozen_link *frozen_links;
	struct link *links;
	struct thread *t;

	COUNT_DOWN(proxies);
	if (connection_is_foreign(conn)) {
		death_drop_links(death_forget_foreign(proxy));
		frozen_drop_links(frozen_forget(NULL, proxy));
		return;
	}
	t = atomic_load(&conn->closed) ? NULL : thread_get(conn);
	pthread_mutex_lock(&conn->lock);
	leave_parcel(proxy);
	if (proxy->handle < conn->proxy_slots && conn->proxies[proxy->handle] == binder)
		conn->proxies[proxy->handle] = NULL;
	links = death_forget(t, proxy);
	frozen_links = frozen_forget(t, proxy);
	if (t && proxy->acquired) {
		thread_reserve(t);
		stream_put_u32(&t->out, BC_RELEASE, proxy->handle);
	}
	pthread_mutex_unlock(&conn->lock);
	if (t)
		thread_flush_if_idle(t);
	death_drop_links(links);
	frozen_drop_links(frozen_links);
}

static void proxy_free(AIBinder *binder)
{
	struct proxy *proxy = proxy_of(binder);

	free(atomic_load(&proxy->descriptor));
	connection_unref(proxy->conn);
	free(proxy);
}

static const struct binder_kind binder_proxy = {
	.proxy = true,
	.end = proxy_end,
	.free = proxy_free,
};

/* parcel NULL: no reference is needed yet. */
static binder_status_t get(ABinderConnection *conn, AParcel *parcel, uint32_t handle,
			   AIBinder **ret)
{
	struct proxy *proxy;
	AIBinder *known;

	if (handle >= MAX_HANDLE)
		return error_say(STATUS_BAD_TYPE, "handle %u is out of range", handle);
	pthread_mutex_lock(&conn->lock);
	if (make_slot(conn, handle))
		goto no_memory;
	known = conn->proxies[handle];
	if (known && binder_try_strong(known)) {
		pthread_mutex_unlock(&conn->lock);
		*ret = known;
		return STATUS_OK;
	}
	proxy = calloc(1, sizeof(*proxy));
	if (!proxy)
		goto no_memory;
	binder_init(&proxy->binder, &binder_proxy);
	proxy->handle = handle;
	if (parcel)
		join_parcel(proxy, parcel);
	proxy->conn = connection_ref(conn);
	/* One that is on its way out may still lie here: it sees that it is no longer. */
	conn->proxies[handle] = &proxy->binder;
	COUNT_UP(proxies);
	pthread_mutex_unlock(&conn->lock);
	*ret = &proxy->binder;
	return STATUS_OK;
no_memory:
	pthread_mutex_unlock(&conn->lock);
	return error_say(STATUS_NO_MEMORY, "no memory for handle %u", handle);
}

binder_status_t proxy_get(AParcel *parcel, uint32_t handle, AIBinder **ret)
{
	return get(parcel->conn, handle ? parcel : NULL, handle, ret);
}

binder_status_t proxy_get_manager(ABinderConnection *conn, AIBinder **ret)
{
	return get(conn, NULL, 0, ret);
}

void proxy_died(struct proxy *proxy)
{
	if (proxy->handle)
		atomic_store_explicit(&proxy->dead, true, memory_order_release);
}

EXPORT binder_status_t AIBinder_getHandle(const AIBinder *binder, uint32_t *out)
{
	if (!binder)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder");
	if (!binder_is_proxy(binder))
		return error_say(STATUS_INVALID_OPERATION, "a local object has no handle");
	*out = ((const struct proxy *)binder)->handle;
	return STATUS_OK;
}

EXPORT binder_status_t AIBinder_countClients(AIBinder *binder, uint32_t *out)
{
	struct binder_node_info_for_ref info = { 0 };
	struct proxy *proxy;
	struct thread *t;
	int r;

	if (!binder || !out)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder, or nowhere to put a count");
	if (!binder_is_proxy(binder))
		return error_say(STATUS_INVALID_OPERATION, "a local object is not counted");
	proxy = proxy_of(binder);
	info.handle = proxy->handle;
	t = thread_get(proxy->conn);
	r = t ? thread_ioctl(t, BINDER_GET_NODE_INFO_FOR_REF, &info) : -ENOMEM;
	if (r < 0)
		return error_say(error_status(r), "the driver does not count references for us");
	*out = info.strong_count;
	return STATUS_OK;
}
