/* SPDX-License-Identifier: MIT */
/*
 * parcel_binder.c: binders in a parcel.
 *
 * Called by the NDK face and the protocol code; handles become proxies in proxy.c.
 */
#include "parcel_binder.h"

#include <fcntl.h>
#include <string.h>

#include "base/error.h"
#include "local.h"
#include "proxy.h"

/* A parcel belongs to the connection of the first proxy that it holds. */
static binder_status_t join_connection(AParcel *parcel, struct proxy *proxy)
{
	if (!parcel->conn)
		parcel->conn = connection_ref(proxy->conn);
	if (parcel->conn != proxy->conn)
		return error_say(STATUS_INVALID_OPERATION, "a binder of %s cannot be sent over %s",
				 proxy->conn->path, parcel->conn->path);
	return proxy_acquire(proxy);
}

binder_status_t parcel_write_binder(AParcel *parcel, AIBinder *binder)
{
	const struct profile *profile;
	struct flat_binder_object object;
	uint8_t stability = 0;
	binder_status_t status;

	memset(&object, 0, sizeof(object));
	if (!binder) {
		object.hdr.type = BINDER_TYPE_BINDER;
		status = parcel_write(parcel, &object, sizeof(object));
	} else {
		if (binder_is_proxy(binder)) {
			status = join_connection(parcel, proxy_of(binder));
			if (status)
				return status;
			object.hdr.type = BINDER_TYPE_HANDLE;
			object.handle = proxy_of(binder)->handle;
			/* As its maker declared it: whoever has it already would refuse another. */
			stability = atomic_load(&proxy_of(binder)->stability);
		} else {
			object.hdr.type = BINDER_TYPE_BINDER;
			atomic_store(&local_of(binder)->sent, true);
			object.flags = atomic_load(&local_of(binder)->flags);
			stability = atomic_load(&local_of(binder)->stability);
			object.binder = object.cookie = (uintptr_t)binder;
		}
		if (!stability)
			stability = profile_stability_of(parcel->conn ? parcel->conn->domain :
									DOMAIN_SYSTEM);
		AIBinder_incStrong(binder);
		status = parcel_add_object(parcel, &object, sizeof(object), binder, -1);
		if (status)
			AIBinder_decStrong(binder);
	}
	if (status)
		return status;
	profile = parcel_profile(parcel);
	if (profile->stability != STABILITY_NONE)
		status = parcel_write_int32(parcel, profile_pack_stability(profile, stability));
	return status;
}

/* The object at @index as a strong reference. */
static binder_status_t take_binder(const AParcel *parcel, size_t index,
				   const struct flat_binder_object *object, AIBinder **ret)
{
	AIBinder *binder;

	switch (object->hdr.type) {
	case BINDER_TYPE_HANDLE:
		if (parcel->received)
			return proxy_get(parcel_mutable(parcel), object->handle, ret);
		break;
	case BINDER_TYPE_BINDER:
		if (!parcel->received)
			break;
		/* The driver gives our own pointers back, and holds the object meanwhile. */
		binder = (AIBinder *)(uintptr_t)object->cookie;
		if (!binder || !binder_try_strong(binder))
			return error_say(STATUS_BAD_TYPE, "an object of ours that is gone");
		*ret = binder;
		return STATUS_OK;
	default:
		return error_say(STATUS_BAD_TYPE, "the object is not a strong binder");
	}
	binder = parcel->holds[index].binder;
	if (!binder)
		return error_say(STATUS_BAD_TYPE, "the object has been written over");
	AIBinder_incStrong(binder);
	*ret = binder;
	return STATUS_OK;
}

/*
 * What Android's libbinder makes of a reference to handle 0: to writeObject(), an object whose
 * first word is 0 is a null, so it stays out of the offsets, and the driver does not see it.  It
 * means the context manager wherever it arrives.
 */
static bool is_manager(const AParcel *parcel, const struct flat_binder_object *object)
{
	return parcel->received && object->hdr.type == BINDER_TYPE_HANDLE && !object->binder &&
	       !object->cookie;
}

static binder_status_t take_manager(ABinderConnection *conn, AIBinder **ret)
{
	AIBinder *own;

	pthread_mutex_lock(&conn->lock);
	own = conn->manager;
	if (own)
		AIBinder_incStrong(own);
	pthread_mutex_unlock(&conn->lock);
	if (!own)
		return proxy_get_manager(conn, ret);
	*ret = own;
	return STATUS_OK;
}

binder_status_t parcel_read_binder(const AParcel *parcel, AIBinder **ret)
{
	AParcel *p = parcel_mutable(parcel);
	size_t start = parcel->pos;
	const struct profile *profile = parcel_profile(parcel);
	struct flat_binder_object object;
	AIBinder *binder = NULL;
	const void *at;
	int32_t stability = 0;
	binder_status_t status = parcel_read(parcel, sizeof(object), &at);

	if (!status && parcel->captured) {
		p->pos = start;
		status = error_say(STATUS_INVALID_OPERATION,
				   "a captured parcel has no binders of this process");
	}
	if (status)
		return status;
	memcpy(&object, at, sizeof(object));
	if (object.hdr.type != BINDER_TYPE_BINDER || object.binder || object.cookie) {
		ssize_t index = parcel_find_object(parcel, start);

		if (index < 0 && is_manager(parcel, &object))
			status = take_manager(parcel->conn, &binder);
		else if (index < 0)
			status = error_say(STATUS_BAD_TYPE, "there is no object at offset %zu",
					   start);
		else
			status = take_binder(parcel, index, &object, &binder);
	}
	if (!status && profile->stability != STABILITY_NONE)
		status = parcel_read_int32(parcel, &stability);
	if (status) {
		AIBinder_decStrong(binder);
		p->pos = start;
		return status;
	}
	if (binder && binder_is_proxy(binder))
		atomic_store(&proxy_of(binder)->stability,
			     profile_unpack_stability(profile, stability));
	*ret = binder;
	return STATUS_OK;
}

binder_status_t parcel_copy_object(AParcel *to, const AParcel *from, size_t index)
{
	struct flat_binder_object object;
	binder_status_t status;
	AIBinder *binder;
	int fd;

	if (from->captured)
		return error_say(STATUS_INVALID_OPERATION,
				 "the objects of a captured parcel cannot be sent");
	memcpy(&object, from->data + from->offsets[index], sizeof(object));
	if (object.hdr.type == BINDER_TYPE_PTR || object.hdr.type == BINDER_TYPE_FDA)
		return error_say(STATUS_INVALID_OPERATION,
				 "buffers of HIDL cannot be copied from parcel to parcel");
	if (object.hdr.type == BINDER_TYPE_FD) {
		struct binder_fd_object file;

		memcpy(&file, &object, sizeof(file));
		fd = from->received ? (int)file.fd : from->holds[index].fd;
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			return error_say(STATUS_BAD_VALUE, "a descriptor cannot be duplicated");
		return parcel_write_fd(to, fd);
	}
	status = take_binder(from, index, &object, &binder);
	if (status)
		return status;
	if (binder_is_proxy(binder))
		status = join_connection(to, proxy_of(binder));
	if (!status)
		status = parcel_add_object(to, &object, sizeof(object), binder, -1);
	if (status)
		AIBinder_decStrong(binder);
	return status;
}
