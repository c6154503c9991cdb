/* SPDX-License-Identifier: MIT */
/*
 * aparcel.c: the NDK's parcel functions for the parcel itself and single
 * values, and what binder/ext.h adds.
 *
 * Public functions; hands on to parcel.c and parcel_object.c.
 */
#include <string.h>

#include <android/binder_parcel_platform.h>

#include "base/error.h"
#include "base/export.h"
#include "object/parcel_binder.h"
#include "parcel/parcel.h"
#include "connection/profile.h"

/* ---- the parcel itself --------------------------------------------------- */

EXPORT AParcel *AParcel_create(void)
{
	return parcel_new(connection_default_if_open());
}

EXPORT AParcel *AParcel_createOn(ABinderConnection *connection)
{
	return parcel_new(connection ? connection : connection_default_if_open());
}

EXPORT void AParcel_delete(AParcel *parcel)
{
	parcel_delete(parcel);
}

EXPORT binder_status_t AParcel_reset(AParcel *parcel)
{
	ABinderConnection *conn;

	if (parcel->received)
		return error_say(STATUS_INVALID_OPERATION,
				 "a parcel that was received is read-only");
	conn = connection_ref(parcel->conn);
	parcel_clear(parcel);
	parcel->conn = conn;
	return STATUS_OK;
}

EXPORT binder_status_t AParcel_setDataPosition(const AParcel *parcel, int32_t position)
{
	return parcel_seek(parcel, position);
}

EXPORT int32_t AParcel_getDataPosition(const AParcel *parcel)
{
	return parcel->pos;
}

EXPORT int32_t AParcel_getDataSize(const AParcel *parcel)
{
	return parcel->size;
}

EXPORT size_t AParcel_getDataCapacity(const AParcel *parcel)
{
	return parcel->capacity;
}

EXPORT void AParcel_markSensitive(const AParcel *parcel)
{
	/* One that was received lies in the driver's buffer: its sender has a word in that. */
	if (parcel && !parcel->received && !parcel->captured)
		parcel_mutable(parcel)->sensitive = true;
}

EXPORT bool AParcel_getAllowFds(const AParcel *parcel)
{
	return parcel && !parcel->received && !parcel->captured;
}

EXPORT binder_status_t AParcel_setDataCapacity(AParcel *parcel, size_t capacity)
{
	size_t pos = parcel->pos, size = parcel->size;

	if (capacity <= parcel->capacity)
		return STATUS_OK;
	if (capacity > PARCEL_MAX)
		return error_say(STATUS_BAD_VALUE, "%zu bytes are too many", capacity);
	parcel->pos = 0;
	if (!parcel_reserve(parcel, capacity)) {
		parcel->pos = pos;
		return parcel_no_room(parcel);
	}
	parcel->pos = pos;
	parcel->size = size;
	return STATUS_OK;
}

EXPORT binder_status_t AParcel_appendFrom(const AParcel *from, AParcel *to, int32_t start,
					  int32_t size)
{
	size_t at = start, end;

	if (start < 0 || size < 0 || (size_t)start > from->size ||
	    (size_t)size > from->size - (size_t)start)
		return error_say(STATUS_BAD_VALUE, "%d bytes from %d on are not within %zu", size,
				 start, from->size);
	end = at + size;
	to->pos = to->size;
	for (size_t i = 0; i < from->object_count; i++) {
		size_t offset = from->offsets[i];
		binder_status_t status;

		if (offset < at || offset > end || end - offset < sizeof(struct flat_binder_object))
			continue;
		status = parcel_write(to, from->data + at, offset - at);
		if (!status)
			status = parcel_copy_object(to, from, i);
		if (status)
			return status;
		at = offset + sizeof(struct flat_binder_object);
	}
	return parcel_write(to, from->data + at, end - at);
}

EXPORT binder_status_t AParcel_marshal(const AParcel *parcel, uint8_t *buffer, size_t start,
				       size_t len)
{
	if (parcel->object_count)
		return error_say(STATUS_INVALID_OPERATION,
				 "binders and descriptors cannot be turned into bytes");
	if (start > parcel->size || len > parcel->size - start)
		return error_say(STATUS_BAD_VALUE, "%zu bytes from %zu on are not within %zu", len,
				 start, parcel->size);
	if (len)
		memcpy(buffer, parcel->data + start, len);
	return STATUS_OK;
}

EXPORT binder_status_t AParcel_unmarshal(AParcel *parcel, const uint8_t *buffer, size_t len)
{
	binder_status_t status = AParcel_reset(parcel);

	if (!status)
		status = parcel_write(parcel, buffer, len);
	if (!status) {
		parcel->size = len;
		parcel->pos = 0;
	}
	return status;
}

/* ---- single values ------------------------------------------------------- */

#define SCALAR(Name, type) \
	EXPORT binder_status_t AParcel_write##Name(AParcel *parcel, type value) \
	{ \
		return parcel_write(parcel, &value, sizeof(value)); \
	} \
	EXPORT binder_status_t AParcel_read##Name(const AParcel *parcel, type *value) \
	{ \
		return parcel_copy(parcel, value, sizeof(*value)); \
	}

SCALAR(Int32, int32_t)
SCALAR(Uint32, uint32_t)
SCALAR(Int64, int64_t)
SCALAR(Uint64, uint64_t)
SCALAR(Float, float)
SCALAR(Double, double)

/* These take a whole int32 on the wire. */
#define WIDENED(Name, type) \
	EXPORT binder_status_t AParcel_write##Name(AParcel *parcel, type value) \
	{ \
		return parcel_write_int32(parcel, value); \
	} \
	EXPORT binder_status_t AParcel_read##Name(const AParcel *parcel, type *value) \
	{ \
		int32_t word; \
		binder_status_t status = parcel_read_int32(parcel, &word); \
\
		if (!status) \
			*value = word; \
		return status; \
	}

WIDENED(Bool, bool)
WIDENED(Char, char16_t)
WIDENED(Byte, int8_t)

/* ---- objects and descriptors --------------------------------------------- */

EXPORT binder_status_t AParcel_writeStrongBinder(AParcel *parcel, AIBinder *binder)
{
	return parcel_write_binder(parcel, binder);
}

EXPORT binder_status_t AParcel_readStrongBinder(const AParcel *parcel, AIBinder **binder)
{
	return parcel_read_binder(parcel, binder);
}

EXPORT binder_status_t AParcel_writeParcelFileDescriptor(AParcel *parcel, int fd)
{
	return parcel_write_file(parcel, fd);
}

EXPORT binder_status_t AParcel_readParcelFileDescriptor(const AParcel *parcel, int *fd)
{
	return parcel_take_file(parcel, fd);
}

/* ---- binder/ext.h: what lies in it --------------------------------------- */

EXPORT binder_status_t AParcel_getBytes(const AParcel *parcel, const uint8_t **data, size_t *size)
{
	*data = parcel->data;
	*size = parcel->size;
	return STATUS_OK;
}

EXPORT binder_status_t AParcel_getObjects(const AParcel *parcel, const uint64_t **offsets,
					  size_t *count)
{
	*offsets = parcel->offsets;
	*count = parcel->object_count;
	return STATUS_OK;
}

static ABinderObjectKind kind_of(uint32_t type)
{
	switch (type) {
	case BINDER_TYPE_BINDER:
		return ABINDER_OBJECT_LOCAL;
	case BINDER_TYPE_HANDLE:
		return ABINDER_OBJECT_HANDLE;
	case BINDER_TYPE_WEAK_BINDER:
	case BINDER_TYPE_WEAK_HANDLE:
		return ABINDER_OBJECT_WEAK;
	case BINDER_TYPE_FD:
		return ABINDER_OBJECT_FD;
	case BINDER_TYPE_FDA:
		return ABINDER_OBJECT_FD_ARRAY;
	case BINDER_TYPE_PTR:
		return ABINDER_OBJECT_BUFFER;
	default:
		return ABINDER_OBJECT_NONE;
	}
}

EXPORT ABinderObjectKind AParcel_getObjectAt(const AParcel *parcel, size_t offset,
					     uint64_t *handle_or_fd)
{
	for (size_t i = 0; i < parcel->object_count; i++) {
		struct flat_binder_object object;
		ABinderObjectKind kind;

		if (parcel->offsets[i] != offset || offset > parcel->size ||
		    parcel->size - offset < sizeof(object))
			continue;
		memcpy(&object, parcel->data + offset, sizeof(object));
		kind = kind_of(object.hdr.type);
		if (handle_or_fd && (kind == ABINDER_OBJECT_HANDLE || kind == ABINDER_OBJECT_FD))
			*handle_or_fd = object.handle;
		else if (handle_or_fd && kind != ABINDER_OBJECT_NONE)
			*handle_or_fd = object.binder;
		return kind;
	}
	return ABINDER_OBJECT_NONE;
}

EXPORT binder_status_t AParcel_writeRaw(AParcel *parcel, const void *data, size_t size)
{
	return parcel_write(parcel, data, size);
}

EXPORT binder_status_t AParcel_readRaw(const AParcel *parcel, size_t size, const void **out)
{
	return parcel_read(parcel, size, out);
}

EXPORT binder_status_t AParcel_writeFd(AParcel *parcel, int fd)
{
	return parcel_write_fd_copy(parcel, fd);
}

EXPORT binder_status_t AParcel_readFd(const AParcel *parcel, int *fd)
{
	return parcel_read_fd(parcel, fd);
}

EXPORT binder_status_t AParcel_writeInterfaceToken(AParcel *parcel, const char *descriptor)
{
	if (!descriptor)
		return error_say(STATUS_UNEXPECTED_NULL, "no descriptor");
	return parcel_write_token(parcel, parcel_profile(parcel), descriptor);
}

EXPORT binder_status_t AParcel_readInterfaceToken(const AParcel *parcel, char **out)
{
	return parcel_read_token(parcel, parcel_profile(parcel), out);
}
