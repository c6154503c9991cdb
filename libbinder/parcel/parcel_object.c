/* SPDX-License-Identifier: MIT */
/*
 * parcel_object.c: the objects of a parcel, and file descriptors among them.
 *
 * Binders are in object/parcel_binder.c, buffers of HIDL in parcel_buffer.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "parcel.h"

static bool make_object_room(AParcel *parcel)
{
	size_t capacity = 2 * parcel->object_capacity;
	struct parcel_hold *holds;
	uint64_t *offsets;

	if (parcel->object_count < parcel->object_capacity)
		return true;
	offsets = malloc(capacity * sizeof(*offsets));
	holds = malloc(capacity * sizeof(*holds));
	if (!offsets || !holds) {
		free(offsets);
		free(holds);
		return false;
	}
	memcpy(offsets, parcel->offsets, parcel->object_count * sizeof(*offsets));
	memcpy(holds, parcel->holds, parcel->object_count * sizeof(*holds));
	if (parcel->offsets != parcel->offsets_inside)
		free(parcel->offsets);
	if (parcel->holds != parcel->holds_inside)
		free(parcel->holds);
	parcel->offsets = offsets;
	parcel->holds = holds;
	parcel->object_capacity = capacity;
	return true;
}

binder_status_t parcel_add_object(AParcel *parcel, const void *object, size_t size,
				  AIBinder *binder, int fd)
{
	binder_status_t status;
	uint64_t offset = parcel->pos;

	if (parcel->received)
		return error_say(STATUS_INVALID_OPERATION,
				 "a parcel that was received is read-only");
	/* The driver wants them in order, and none written over. */
	if (offset < parcel->size)
		return error_say(STATUS_INVALID_OPERATION,
				 "objects can only be written at the end of a parcel");
	if (!make_object_room(parcel))
		return error_say(STATUS_NO_MEMORY, "no memory for another object in a parcel");
	status = parcel_write(parcel, object, size);
	if (status)
		return status;
	parcel->offsets[parcel->object_count] = offset;
	parcel->holds[parcel->object_count].binder = binder;
	parcel->holds[parcel->object_count].fd = fd;
	parcel->holds[parcel->object_count].memory = NULL;
	parcel->holds[parcel->object_count].fd_count = 0;
	parcel->object_count++;
	return STATUS_OK;
}

/* Reads mostly go in order. */
ssize_t parcel_find_object(const AParcel *parcel, size_t offset)
{
	size_t next = parcel->next_object;
	size_t low = 0, high = parcel->object_count;

	if (next < high && parcel->offsets[next] == offset) {
		parcel_mutable(parcel)->next_object = next + 1;
		return next;
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (parcel->offsets[middle] == offset) {
			parcel_mutable(parcel)->next_object = middle + 1;
			return middle;
		}
		if (parcel->offsets[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

binder_status_t parcel_write_fd(AParcel *parcel, int fd)
{
	struct binder_fd_object object;
	binder_status_t status;

	memset(&object, 0, sizeof(object));
	object.hdr.type = BINDER_TYPE_FD;
	object.pad_flags = 0x17f;
	object.fd = fd;
	status = parcel_add_object(parcel, &object, sizeof(object), NULL, fd);
	if (status)
		close(fd);
	return status;
}

binder_status_t parcel_read_fd(const AParcel *parcel, int *ret)
{
	AParcel *p = parcel_mutable(parcel);
	size_t start = parcel->pos;
	struct binder_fd_object object;
	const void *at;
	ssize_t index;
	binder_status_t status = parcel_read(parcel, sizeof(object), &at);

	if (!status && parcel->captured) {
		p->pos = start;
		status = error_say(STATUS_INVALID_OPERATION,
				   "a captured parcel has no descriptors of this process");
	}
	if (status)
		return status;
	memcpy(&object, at, sizeof(object));
	index = parcel_find_object(parcel, start);
	if (index < 0 || object.hdr.type != BINDER_TYPE_FD) {
		p->pos = start;
		return error_say(STATUS_BAD_TYPE, "there is no file descriptor at offset %zu",
				 start);
	}
	*ret = parcel->received ? (int)object.fd : parcel->holds[index].fd;
	return STATUS_OK;
}

binder_status_t parcel_write_fd_copy(AParcel *parcel, int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (copy < 0)
		return error_say(STATUS_BAD_VALUE, "descriptor %d cannot be duplicated: %s", fd,
				 strerror(errno));
	return parcel_write_fd(parcel, copy);
}

binder_status_t parcel_write_file(AParcel *parcel, int fd)
{
	static const int32_t present[] = { 1, 0 }; /* and no channel for errors */
	binder_status_t status;

	if (fd == -1)
		return parcel_write_int32(parcel, 0);
	status = parcel_write(parcel, present, sizeof(present));
	if (!status)
		status = parcel_write_fd_copy(parcel, fd);
	return status;
}

binder_status_t parcel_take_file(const AParcel *parcel, int *ret)
{
	int32_t present, channel;
	binder_status_t status = parcel_read_int32(parcel, &present);
	int own, copy;

	if (!status && !present) {
		*ret = -1;
		return STATUS_OK;
	}
	if (!status)
		status = parcel_read_int32(parcel, &channel);
	if (!status)
		status = parcel_read_fd(parcel, &own);
	if (status)
		return status;
	copy = fcntl(own, F_DUPFD_CLOEXEC, 0);
	if (copy < 0)
		return error_say(STATUS_BAD_VALUE, "the descriptor cannot be duplicated: %s",
				 strerror(errno));
	*ret = copy;
	return STATUS_OK;
}

bool parcel_has_local(const AParcel *parcel)
{
	if (parcel->received)
		return false;
	for (size_t i = 0; i < parcel->object_count; i++)
		if (parcel->holds[i].binder && !binder_is_proxy(parcel->holds[i].binder))
			return true;
	return false;
}
