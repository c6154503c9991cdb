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
#include "object/detect.h"
#include "base/error.h"
#include "base/utf.h"

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

static void give_buffer_back(ABinderConnection *conn, uint64_t buffer, size_t size, bool objects)
{
	struct thread *t;

	if (connection_is_foreign(conn) || atomic_load(&conn->closed))
		return;
	t = thread_get(conn);
	if (!t)
		return;
	thread_reserve(t);
	stream_put_u64(&t->out, BC_FREE_BUFFER, buffer);
	t->unsent_buffers += size;
	/*
	 * A thread that serves talks soon.  Another may not, so it must not sit on
	 * much of the buffer, nor on references that lie in it.
	 */
	if (t->unsent_buffers > 16384 || (objects && !t->looper))
		thread_flush(t);
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
	give_buffer_back(conn, (uintptr_t)parcel->data, parcel->size, parcel->object_count);
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
	if (parcel->data != parcel->inside)
		free(parcel->data);
}

void parcel_clear(AParcel *parcel)
{
	bool embedded = parcel->embedded;
	ABinderConnection *conn = parcel->conn;

	if (parcel->received)
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

	return conn ? detect_profile(conn) : profile_default();
}

/* ---- bytes --------------------------------------------------------------- */

static bool grow(AParcel *parcel, size_t need)
{
	size_t capacity = parcel->capacity;
	uint8_t *data;

	if (need <= capacity)
		return true;
	while (capacity < need)
		capacity *= 2;
	data = realloc(parcel->data == parcel->inside ? NULL : parcel->data, capacity);
	if (!data)
		return false;
	if (parcel->data == parcel->inside)
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

/* What parcel_reserve() came to grief over. */
static binder_status_t no_room(const AParcel *parcel)
{
	return parcel->received ? STATUS_INVALID_OPERATION : STATUS_NO_MEMORY;
}

binder_status_t parcel_write(AParcel *parcel, const void *data, size_t size)
{
	void *at = parcel_reserve(parcel, size);

	if (!at)
		return no_room(parcel);
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

/* ---- values -------------------------------------------------------------- */

binder_status_t parcel_write_int32(AParcel *parcel, int32_t value)
{
	return parcel_write(parcel, &value, sizeof(value));
}

binder_status_t parcel_read_int32(const AParcel *parcel, int32_t *ret)
{
	const void *at;
	binder_status_t status = parcel_read(parcel, sizeof(*ret), &at);

	if (!status)
		memcpy(ret, at, sizeof(*ret));
	return status;
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

binder_status_t parcel_read_string16(const AParcel *parcel, const utf16_unit **ret, int32_t *units)
{
	const void *at;
	int32_t count;
	binder_status_t status = parcel_read_count(parcel, sizeof(uint16_t), &count);

	if (status)
		return status;
	if (count < 0) {
		*ret = NULL;
		*units = -1;
		return STATUS_OK;
	}
	status = parcel_read(parcel, ((size_t)count + 1) * sizeof(uint16_t), &at);
	if (status)
		return status;
	*ret = at;
	*units = count;
	return STATUS_OK;
}

binder_status_t parcel_write_string16(AParcel *parcel, const char *utf8, size_t length)
{
	binder_status_t status;
	ssize_t units;
	utf16_unit *at;

	if (!utf8)
		return parcel_write_int32(parcel, -1);
	if (length > PARCEL_MAX / 2)
		return error_say(STATUS_BAD_VALUE, "a string of %zu bytes is too long", length);
	units = utf8_to_16_length(utf8, length);
	if (units < 0)
		return error_say(STATUS_BAD_VALUE, "a string is not valid UTF-8");
	status = parcel_write_int32(parcel, units);
	if (status)
		return status;
	at = parcel_reserve(parcel, (units + 1) * sizeof(uint16_t));
	if (!at)
		return no_room(parcel);
	utf8_to_16(utf8, length, at);
	at[units] = 0;
	return STATUS_OK;
}

binder_status_t parcel_take_string16(const AParcel *parcel, char **ret)
{
	const utf16_unit *utf16;
	int32_t units;
	size_t length;
	char *utf8;
	binder_status_t status = parcel_read_string16(parcel, &utf16, &units);

	if (status)
		return status;
	if (!utf16) {
		*ret = NULL;
		return STATUS_OK;
	}
	length = utf16_to_8_length(utf16, units);
	utf8 = malloc(length + 1);
	if (!utf8)
		return error_say(STATUS_NO_MEMORY, "no memory for a string of %zu bytes", length);
	utf16_to_8(utf16, units, utf8);
	utf8[length] = '\0';
	*ret = utf8;
	return STATUS_OK;
}

/* ---- the token that a request starts with -------------------------------- */

binder_status_t parcel_write_token(AParcel *parcel, const struct profile *profile,
				   const char *descriptor)
{
	enum profile_domain domain = parcel->conn ? parcel->conn->domain : DOMAIN_SYSTEM;
	binder_status_t status;

	if (profile->header == HEADER_HIDL)
		return parcel_write(parcel, descriptor, strlen(descriptor) + 1);
	status = parcel_write_int32(parcel, profile->policy);
	if (!status && profile->header >= HEADER_WORK_SOURCE)
		status = parcel_write_int32(parcel, -1);
	if (!status && profile->header >= HEADER_TAG)
		status = parcel_write_int32(parcel, profile_tag(domain));
	if (!status)
		status = parcel_write_string16(parcel, descriptor, strlen(descriptor));
	return status;
}

static bool tag_fits(const AParcel *parcel, uint32_t tag)
{
	if (parcel->conn && parcel->conn->strict_domain)
		return tag == profile_tag(parcel->conn->domain);
	return profile_knows_tag(tag);
}

static binder_status_t read_token_words(const AParcel *parcel, const struct profile *profile)
{
	int32_t word;
	binder_status_t status = parcel_read_int32(parcel, &word);

	if (!status && profile->header >= HEADER_WORK_SOURCE)
		status = parcel_read_int32(parcel, &word);
	if (!status && profile->header >= HEADER_TAG) {
		status = parcel_read_int32(parcel, &word);
		if (!status && !tag_fits(parcel, word))
			return error_say(STATUS_BAD_TYPE,
					 "the request's tag is %#x: it is of another Android "
					 "than %s, or of another domain (see --android and "
					 "--domain)",
					 word, profile->name);
	}
	if (status)
		return error_say(STATUS_BAD_TYPE, "the request has no interface token of %s",
				 profile->name);
	return STATUS_OK;
}

/* HIDL's: bytes up to a NUL.  NULL: there is none. */
static const char *read_descriptor8(const AParcel *parcel)
{
	const char *start = (const char *)parcel->data + parcel->pos;
	const void *end = memchr(start, '\0', parcel_left(parcel));
	const void *skipped;

	if (!end || parcel_read(parcel, (const char *)end - start + 1, &skipped))
		return NULL;
	return start;
}

static binder_status_t check_descriptor8(const AParcel *parcel, const char *descriptor)
{
	const char *found = read_descriptor8(parcel);

	if (found && !strcmp(found, descriptor))
		return STATUS_OK;
	return error_say(STATUS_BAD_TYPE, "the request is not for interface %s", descriptor);
}

static binder_status_t take_descriptor8(const AParcel *parcel, char **ret)
{
	const char *found = read_descriptor8(parcel);
	char *copy = found ? strdup(found) : NULL;

	if (!found)
		return error_say(STATUS_BAD_TYPE, "the request has no interface token");
	if (!copy)
		return error_say(STATUS_NO_MEMORY, "no memory for a descriptor");
	*ret = copy;
	return STATUS_OK;
}

binder_status_t parcel_check_token(const AParcel *parcel, const struct profile *profile,
				   const char *descriptor)
{
	const utf16_unit *utf16;
	int32_t units;
	size_t length = strlen(descriptor);
	binder_status_t status;

	if (profile->header == HEADER_HIDL)
		return check_descriptor8(parcel, descriptor);
	status = read_token_words(parcel, profile);
	if (!status)
		status = parcel_read_string16(parcel, &utf16, &units);
	if (status)
		return STATUS_BAD_TYPE;
	if (!utf16)
		goto other;
	/* Descriptors are ASCII, so this is nearly always all there is to compare. */
	if ((size_t)units == length) {
		size_t i = 0;

		while (i < length && utf16[i] < 0x80 && utf16[i] == (unsigned char)descriptor[i])
			i++;
		if (i == length)
			return STATUS_OK;
	}
	if (utf16_to_8_length(utf16, units) == length) {
		char *utf8 = malloc(length + 1);
		bool same;

		if (!utf8)
			return error_say(STATUS_NO_MEMORY, "no memory for a descriptor");
		utf16_to_8(utf16, units, utf8);
		same = !memcmp(utf8, descriptor, length);
		free(utf8);
		if (same)
			return STATUS_OK;
	}
other:
	return error_say(STATUS_BAD_TYPE, "the request is not for interface %s", descriptor);
}

binder_status_t parcel_read_token(const AParcel *parcel, const struct profile *profile, char **ret)
{
	char *descriptor;
	binder_status_t status;

	if (profile->header == HEADER_HIDL)
		return take_descriptor8(parcel, ret);
	status = read_token_words(parcel, profile);
	if (!status)
		status = parcel_take_string16(parcel, &descriptor);
	if (status == STATUS_NO_MEMORY || profile->header == HEADER_HIDL)
		return status;
	if (status)
		return error_say(STATUS_BAD_TYPE, "the request has no interface token of %s",
				 profile->name);
	if (!descriptor)
		return error_say(STATUS_BAD_TYPE, "the request names no interface");
	*ret = descriptor;
	return STATUS_OK;
}
