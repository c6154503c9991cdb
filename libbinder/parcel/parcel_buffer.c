/* SPDX-License-Identifier: MIT */
/*
 * parcel_buffer.c: buffers beside a parcel, and descriptors in them.
 *
 * Called by hidl_value.c; hands on to parcel_object.c.  A null pointer is an
 * object that is in no list, so the driver does not look at it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connection/connection.h"
#include "base/error.h"
#include "parcel.h"

binder_status_t parcel_write_buffer(AParcel *parcel, const void *data, size_t size,
				    struct buffer_place place, ssize_t *index_ret)
{
	struct binder_buffer_object object;
	binder_status_t status;
	void *copy = NULL;

	memset(&object, 0, sizeof(object));
	object.hdr.type = BINDER_TYPE_PTR;
	if (place.parent >= 0) {
		object.flags = BINDER_BUFFER_FLAG_HAS_PARENT;
		object.parent = place.parent;
		object.parent_offset = place.offset;
	}
	if (!data)
		return parcel_write(parcel, &object, sizeof(object));
	copy = malloc(size ? size : 1);
	if (!copy)
		return error_say(STATUS_NO_MEMORY, "no memory for a buffer of %zu bytes", size);
	if (size)
		memcpy(copy, data, size);
	object.buffer = (uintptr_t)copy;
	object.length = size;
	status = parcel_add_object(parcel, &object, sizeof(object), NULL, -1);
	if (status) {
		free(copy);
		return status;
	}
	parcel->holds[parcel->object_count - 1].memory = copy;
	parcel->buffers_size += (size + 7) & ~(size_t)7;
	if (index_ret)
		*index_ret = parcel->object_count - 1;
	return STATUS_OK;
}

/* The driver has copied it into the receive buffer; what we made is where we made it. */
static bool is_there(const AParcel *parcel, const struct binder_buffer_object *object)
{
	uint64_t map = (uintptr_t)(parcel->conn ? parcel->conn->map : NULL);

	if (parcel->captured)
		return false; /* it lay in somebody else's memory */
	if (!parcel->received)
		return true;
	return object->buffer >= map && object->buffer - map <= parcel->conn->map_size &&
	       object->length <= parcel->conn->map_size - (object->buffer - map);
}

static bool is_at(const struct binder_buffer_object *object, struct buffer_place place)
{
	bool has_parent = object->flags & BINDER_BUFFER_FLAG_HAS_PARENT;

	if (place.parent < 0 || !has_parent)
		return place.parent < 0 && !has_parent;
	return object->parent == (uint64_t)place.parent && object->parent_offset == place.offset;
}

binder_status_t parcel_read_buffer(const AParcel *parcel, struct buffer_place place,
				   const void **data_ret, size_t *size_ret, ssize_t *index_ret)
{
	size_t start = parcel->pos;
	struct binder_buffer_object object;
	const void *at;
	ssize_t index;
	bool null;
	binder_status_t status = parcel_read(parcel, sizeof(object), &at);

	if (status)
		return status;
	memcpy(&object, at, sizeof(object));
	index = parcel_find_object(parcel, start);
	null = index < 0 && !object.buffer;
	if (object.hdr.type != BINDER_TYPE_PTR || !is_at(&object, place) ||
	    (!null && (index < 0 || !is_there(parcel, &object)))) {
		parcel_mutable(parcel)->pos = start;
		return error_say(STATUS_BAD_TYPE, "there is no %sbuffer at offset %zu",
				 place.parent >= 0 ? "nested " : "", start);
	}
	*data_ret = null ? NULL : (const void *)(uintptr_t)object.buffer;
	*size_ret = null ? 0 : object.length;
	if (index_ret)
		*index_ret = index;
	return STATUS_OK;
}

static void close_all(const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
}

binder_status_t parcel_write_fd_array(AParcel *parcel, const int *fds, size_t count,
				      struct buffer_place place)
{
	struct binder_fd_array_object object;
	struct parcel_hold *hold;
	binder_status_t status;
	int *copy = malloc(count ? count * sizeof(*copy) : 1);

	memset(&object, 0, sizeof(object));
	object.hdr.type = BINDER_TYPE_FDA;
	object.num_fds = count;
	object.parent = place.parent;
	object.parent_offset = place.offset;
	status = copy ? parcel_add_object(parcel, &object, sizeof(object), NULL, -1) :
			error_say(STATUS_NO_MEMORY, "no memory for %zu descriptors", count);
	if (status) {
		close_all(fds, count);
		free(copy);
		return status;
	}
	if (count)
		memcpy(copy, fds, count * sizeof(*copy));
	hold = &parcel->holds[parcel->object_count - 1];
	hold->memory = copy;
	hold->fd_count = count;
	return STATUS_OK;
}

binder_status_t parcel_read_fd_array(const AParcel *parcel, size_t count, struct buffer_place place)
{
	size_t start = parcel->pos;
	struct binder_fd_array_object object;
	const void *at;
	binder_status_t status = parcel_read(parcel, sizeof(object), &at);

	if (status)
		return status;
	memcpy(&object, at, sizeof(object));
	if (object.hdr.type == BINDER_TYPE_FDA && parcel_find_object(parcel, start) >= 0 &&
	    object.num_fds == count && object.parent == (uint64_t)place.parent &&
	    object.parent_offset == place.offset)
		return STATUS_OK;
	parcel_mutable(parcel)->pos = start;
	return error_say(STATUS_BAD_TYPE, "there are no %zu descriptors at offset %zu", count,
			 start);
}
