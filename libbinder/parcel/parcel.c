/* SPDX-License-Identifier: MIT */
/*
 * parcel.c: a parcel's memory and plain values.
 *
 * Called by the NDK face and by all that speaks a protocol; hands buffers of
 * the driver back through thread.c.
 */
#include "parcel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/counts.h"
#include "base/error.h"
#include "parcel/captured.h"

void (*parcel_acquire_all)(AParcel *parcel, struct thread *t);

static size_t pad4(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* ---- life ---------------------------------------------------------------- */

void parcel_init(AParcel *parcel, ABinderConnection *conn)
{
	memset(parcel, 0, offsetof(AParcel, inside));
	parcel->conn = connection_ref(conn);
	parcel->data = parcel->inside;
	parcel->capacity = sizeof(parcel->inside);
	parcel->offsets = parcel->offsets_inside;
	parcel->holds = parcel->holds_inside;
	parcel->object_capacity = sizeof(parcel->offsets_inside) / sizeof(uint64_t);
	parcel->embedded = true;
}

AParcel *parcel_new(ABinderConnection *conn)
{
	AParcel *parcel = malloc(sizeof(*parcel));

	if (!parcel)
		return NULL;
	parcel_init(parcel, conn);
	parcel->embedded = false;
	COUNT_UP(parcels);
	return parcel;
}

/*
 * A thread that serves talks soon.  Another may not, so it must not sit on much of the buffer, nor
 * on references that lie in it.  Those that are taken have to be there when the lock is dropped:
 * from then on other threads may give them back.
 */
static void give_buffer_back(AParcel *parcel)
{
	ABinderConnection *conn = parcel->conn;
	bool taken = false;
	struct thread *t;

	if (connection_is_foreign(conn))
		return;
	t = atomic_load(&conn->closed) ? NULL : thread_get(conn);
	if (parcel->object_count) {
		pthread_mutex_lock(&conn->lock);
		taken = parcel->unacquired;
		parcel_acquire_all(parcel, t);
	}
	if (t) {
		thread_reserve(t);
		stream_put_u64(&t->out, BC_FREE_BUFFER, (uintptr_t)parcel->data);
		t->unsent_buffers += parcel->size;
		if (t->unsent_buffers > 16384 || taken || (parcel->object_count && !t->looper))
			thread_flush(t);
	}
	if (parcel->object_count)
		pthread_mutex_unlock(&conn->lock);
}

binder_status_t parcel_init_received(AParcel *parcel, ABinderConnection *conn,
				     const struct binder_transaction_data *tr)
{
	uintptr_t map = (uintptr_t)conn->map;
	uint64_t data = tr->data.ptr.buffer, offsets = tr->data.ptr.offsets;
	uint64_t objects_size = tr->offsets_size;

	if (data < map || data - map > conn->map_size || tr->data_size > conn->map_size ||
	    data - map + tr->data_size > conn->map_size)
		return error_say(STATUS_BAD_VALUE, "the driver named a buffer that is not there");
	if (objects_size &&
	    (offsets < map || offsets - map > conn->map_size || objects_size > conn->map_size ||
	     objects_size % 8 || offsets % 8 || offsets - map + objects_size > conn->map_size))
		return error_say(STATUS_BAD_VALUE, "the driver named objects that are not there");
	if (connection_use(conn))
		return connection_check(conn);
	parcel_init(parcel, conn);
	parcel->received = true;
	parcel->data = (uint8_t *)(uintptr_t)data;
	parcel->size = parcel->capacity = tr->data_size;
	parcel->offsets = objects_size ? (uint64_t *)(uintptr_t)offsets : NULL;
	parcel->object_count = objects_size / sizeof(uint64_t);
	parcel->holds = NULL;
	return STATUS_OK;
}

/* Descriptors in arrays are closed by the driver, with the buffer. */
static void clear_received(AParcel *parcel)
{
	ABinderConnection *conn = parcel->conn;

	for (size_t i = 0; i < parcel->object_count; i++) {
		struct binder_fd_object object;
		uint64_t offset = parcel->offsets[i];

		if (offset > parcel->size || parcel->size - offset < sizeof(object))
			continue;
		memcpy(&object, parcel->data + offset, sizeof(object));
		if (object.hdr.type == BINDER_TYPE_FD && !connection_is_foreign(conn))
			close(object.fd);
	}
	give_buffer_back(parcel);
	connection_unuse(conn);
}

static void clear_own(AParcel *parcel)
{
	for (size_t i = 0; i < parcel->object_count; i++) {
		AIBinder_decStrong(parcel->holds[i].binder);
		if (parcel->holds[i].fd >= 0)
			close(parcel->holds[i].fd);
		for (size_t j = 0; j < parcel->holds[i].fd_count; j++)
			close(((int *)parcel->holds[i].memory)[j]);
		free(parcel->holds[i].memory);
	}
	if (parcel->offsets != parcel->offsets_inside)
		free(parcel->offsets);
	if (parcel->holds != parcel->holds_inside)
		free(parcel->holds);
	if (parcel->sensitive)
		explicit_bzero(parcel->data, parcel->capacity);
	if (parcel->data != parcel->inside)
		free(parcel->data);
}

void parcel_clear(AParcel *parcel)
{
	bool embedded = parcel->embedded;
	ABinderConnection *conn = parcel->conn;

	if (parcel->captured)
		parcel_clear_captured(parcel);
	else if (parcel->received)
		clear_received(parcel);
	else
		clear_own(parcel);
	parcel_init(parcel, NULL);
	parcel->embedded = embedded;
	connection_unref(conn);
}

void parcel_delete(AParcel *parcel)
{
	if (!parcel)
		return;
	parcel_clear(parcel);
	COUNT_DOWN(parcels);
	free(parcel);
}

const struct profile *parcel_profile(const AParcel *parcel)
{
	ABinderConnection *conn = parcel->conn ? parcel->conn : connection_default_if_open();

	if (parcel->profile)
		return parcel->profile;
	return conn ? connection_profile(conn) : profile_default();
}

/* ---- bytes --------------------------------------------------------------- */

/* realloc() would leave a copy behind. */
static uint8_t *move_sensitive(AParcel *parcel, size_t capacity)
{
	uint8_t *data = malloc(capacity);

	if (!data)
		return NULL;
	memcpy(data, parcel->data, parcel->size);
	explicit_bzero(parcel->data, parcel->capacity);
	if (parcel->data != parcel->inside)
		free(parcel->data);
	return data;
}

static bool grow(AParcel *parcel, size_t need)
{
	size_t capacity = parcel->capacity;
	uint8_t *data;

	if (need <= capacity)
		return true;
	while (capacity < need)
		capacity *= 2;
	if (parcel->sensitive)
		data = move_sensitive(parcel, capacity);
	else
		data = realloc(parcel->data == parcel->inside ? NULL : parcel->data, capacity);
	if (!data)
		return false;
	if (parcel->data == parcel->inside && !parcel->sensitive)
		memcpy(data, parcel->inside, parcel->size);
	parcel->data = data;
	parcel->capacity = capacity;
	return true;
}

void *parcel_reserve(AParcel *parcel, size_t size)
{
	size_t padded = pad4(size);
	uint8_t *at;

	if (parcel->received) {
		error_set_words("a parcel that was received is read-only");
		return NULL;
	}
	if (size > PARCEL_MAX || parcel->pos > PARCEL_MAX - padded ||
	    !grow(parcel, parcel->pos + padded)) {
		error_set_words("no memory for a parcel of %zu bytes", parcel->pos + padded);
		return NULL;
	}
	if (parcel->pos > parcel->size)
		memset(parcel->data + parcel->size, 0, parcel->pos - parcel->size);
	at = parcel->data + parcel->pos;
	if (padded != size)
		memset(at + padded - 4, 0, 4);
	parcel->pos += padded;
	if (parcel->pos > parcel->size)
		parcel->size = parcel->pos;
	return at;
}

binder_status_t parcel_write(AParcel *parcel, const void *data, size_t size)
{
	void *at = parcel_reserve(parcel, size);

	if (!at)
		return parcel_no_room(parcel);
	if (size)
		memcpy(at, data, size);
	return STATUS_OK;
}

size_t parcel_left(const AParcel *parcel)
{
	return parcel->pos < parcel->size ? parcel->size - parcel->pos : 0;
}

binder_status_t parcel_read(const AParcel *parcel, size_t size, const void **ret)
{
	AParcel *p = parcel_mutable(parcel);
	size_t left = parcel_left(parcel);

	if (size > left)
		return error_say(STATUS_NOT_ENOUGH_DATA,
				 "%zu bytes were expected at offset %zu of a parcel of %zu", size,
				 parcel->pos, parcel->size);
	*ret = parcel->data + parcel->pos;
	/* The last value of somebody's parcel may lack its padding. */
	p->pos += pad4(size) <= left ? pad4(size) : left;
	return STATUS_OK;
}

binder_status_t parcel_copy(const AParcel *parcel, void *to, size_t size)
{
	const void *at = NULL;
	binder_status_t status = parcel_read(parcel, size, &at);

	if (!status)
		memcpy(to, at, size);
	return status;
}

binder_status_t parcel_seek(const AParcel *parcel, int32_t position)
{
	if (position < 0 || (size_t)position > parcel->size)
		return error_say(STATUS_BAD_VALUE, "position %d is outside of %zu bytes", position,
				 parcel->size);
	parcel_mutable(parcel)->pos = position;
	parcel_mutable(parcel)->next_object = 0;
	return STATUS_OK;
}

/* ---- values -------------------------------------------------------------- */

binder_status_t parcel_write_int32(AParcel *parcel, int32_t value)
{
	return parcel_write(parcel, &value, sizeof(value));
}

binder_status_t parcel_read_int32(const AParcel *parcel, int32_t *ret)
{
	return parcel_copy(parcel, ret, sizeof(*ret));
}

binder_status_t parcel_read_count(const AParcel *parcel, size_t element_size, int32_t *ret)
{
	int32_t count;
	binder_status_t status = parcel_read_int32(parcel, &count);

	if (status)
		return status;
	if (count < -1)
		return error_say(STATUS_UNEXPECTED_NULL, "a count of %d at offset %zu", count,
				 parcel->pos - 4);
	if (count > 0 && (size_t)count > parcel_left(parcel) / element_size)
		return error_say(STATUS_NOT_ENOUGH_DATA,
				 "a count of %d at offset %zu, with %zu bytes left", count,
				 parcel->pos - 4, parcel_left(parcel));
	*ret = count;
	return STATUS_OK;
}
