/* SPDX-License-Identifier: MIT */
/*
 * hidl_value.c: hidl_string, hidl_vec and native_handle.
 *
 * Called by the HIDL files of upper rooms and by programs; hands on to parcel_buffer.c.
 *
 * A hidl_string is 16 bytes: u64 pointer, u32 length, u8 owns, padding; a
 * hidl_vec the same with a count; what the pointer leads to is the next buffer,
 * even when it holds nothing.  A handle is u64 size (0: null), a buffer with
 * the native_handle, and an object that says where descriptors are in that.
 * Pointers are the driver's to set.
 */
#include "hidl_value.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/export.h"

struct hidl_span {
	uint64_t pointer;
	uint32_t length;
	uint8_t owns;
	uint8_t padding[3];
};

static struct buffer_place in_parent(ssize_t parent, size_t offset)
{
	return (struct buffer_place){ .parent = parent, .offset = offset };
}

static binder_status_t read_span(const AParcel *parcel, struct hidl_span *ret, ssize_t *index_ret)
{
	const void *data;
	size_t size;
	binder_status_t status = parcel_read_buffer(parcel, BUFFER_ALONE, &data, &size, index_ret);

	if (status)
		return status;
	if (size != sizeof(*ret))
		return error_say(STATUS_BAD_VALUE, "a string or vector of %zu bytes", size);
	memcpy(ret, data, sizeof(*ret));
	return STATUS_OK;
}

/* ---- strings ------------------------------------------------------------- */

binder_status_t hidl_write_string(AParcel *parcel, const char *text)
{
	struct hidl_span span = { .length = strlen(text), .owns = 1 };
	ssize_t index;
	binder_status_t status =
		parcel_write_buffer(parcel, &span, sizeof(span), BUFFER_ALONE, &index);

	if (!status)
		status = parcel_write_buffer(parcel, text, span.length + 1, in_parent(index, 0),
					     NULL);
	return status;
}

/* The bytes that a span points to: the next object, which has to lie where it says. */
static binder_status_t read_text(const AParcel *parcel, const struct hidl_span *span,
				 struct buffer_place place, char **ret)
{
	const void *data;
	size_t size;
	char *text;
	binder_status_t status = parcel_read_buffer(parcel, place, &data, &size, NULL);

	if (status)
		return status;
	/* A null pointer is an empty string, too. */
	if (!data && !span->length) {
		data = "";
		size = 1;
	}
	if (size != (size_t)span->length + 1 || ((const char *)data)[span->length])
		return error_say(STATUS_BAD_VALUE, "a string of %u bytes in a buffer of %zu",
				 span->length, size);
	text = malloc(size);
	if (!text)
		return error_say(STATUS_NO_MEMORY, "no memory for a string of %zu bytes", size);
	memcpy(text, data, size);
	/* Its own memory now, so that a NUL amid the bytes only cuts it. */
	*ret = text;
	return STATUS_OK;
}

binder_status_t hidl_read_string(const AParcel *parcel, char **ret)
{
	struct hidl_span span;
	ssize_t index;
	binder_status_t status = read_span(parcel, &span, &index);

	return status ? status : read_text(parcel, &span, in_parent(index, 0), ret);
}

/* ---- vectors ------------------------------------------------------------- */

static binder_status_t write_vec(AParcel *parcel, const void *items, size_t count, size_t item_size,
				 ssize_t *index_ret)
{
	struct hidl_span span = { .length = count, .owns = 1 };
	ssize_t vec;
	binder_status_t status;

	if (count > UINT32_MAX || (item_size && count > PARCEL_MAX / item_size))
		return error_say(STATUS_BAD_VALUE, "%zu items are too many", count);
	status = parcel_write_buffer(parcel, &span, sizeof(span), BUFFER_ALONE, &vec);
	if (!status)
		status = parcel_write_buffer(parcel, count ? items : NULL, count * item_size,
					     in_parent(vec, 0), index_ret);
	return status;
}

/* Borrowed. */
static binder_status_t read_vec(const AParcel *parcel, size_t item_size, const void **items_ret,
				size_t *count_ret, ssize_t *index_ret)
{
	struct hidl_span vec;
	size_t size;
	ssize_t index;
	binder_status_t status = read_span(parcel, &vec, &index);

	if (!status)
		status = parcel_read_buffer(parcel, in_parent(index, 0), items_ret, &size,
					    index_ret);
	if (status)
		return status;
	if (size != (size_t)vec.length * item_size)
		return error_say(STATUS_BAD_VALUE, "%u items of %zu bytes in a buffer of %zu",
				 vec.length, item_size, size);
	*count_ret = vec.length;
	return STATUS_OK;
}

binder_status_t hidl_write_vec(AParcel *parcel, const void *items, size_t count, size_t item_size)
{
	return write_vec(parcel, items, count, item_size, NULL);
}

binder_status_t hidl_read_vec(const AParcel *parcel, size_t item_size, const void **items_ret,
			      size_t *count_ret)
{
	return read_vec(parcel, item_size, items_ret, count_ret, NULL);
}

binder_status_t hidl_write_strings(AParcel *parcel, const char *const *texts, size_t count)
{
	struct hidl_span *spans = calloc(count ? count : 1, sizeof(*spans));
	ssize_t items = -1;
	binder_status_t status;

	if (!spans)
		return error_say(STATUS_NO_MEMORY, "no memory for %zu strings", count);
	for (size_t i = 0; i < count; i++)
		spans[i] = (struct hidl_span){ .length = strlen(texts[i]), .owns = 1 };
	status = write_vec(parcel, spans, count, sizeof(*spans), &items);
	for (size_t i = 0; !status && i < count; i++)
		status = parcel_write_buffer(parcel, texts[i], spans[i].length + 1,
					     in_parent(items, i * sizeof(*spans)), NULL);
	free(spans);
	return status;
}

void hidl_free_strings(char **texts, size_t count)
{
	for (size_t i = 0; texts && i < count; i++)
		free(texts[i]);
	free(texts);
}

binder_status_t hidl_read_strings(const AParcel *parcel, char ***ret, size_t *count_ret)
{
	const void *spans;
	ssize_t items;
	size_t count = 0;
	char **texts;
	binder_status_t status = read_vec(parcel, sizeof(struct hidl_span), &spans, &count, &items);

	if (status)
		return status;
	texts = calloc(count ? count : 1, sizeof(*texts));
	if (!texts)
		return error_say(STATUS_NO_MEMORY, "no memory for %zu strings", count);
	for (size_t i = 0; !status && i < count; i++) {
		struct hidl_span span;

		memcpy(&span, (const struct hidl_span *)spans + i, sizeof(span));
		status = read_text(parcel, &span, in_parent(items, i * sizeof(span)), &texts[i]);
	}
	if (status) {
		hidl_free_strings(texts, count);
		return status;
	}
	*ret = texts;
	*count_ret = count;
	return STATUS_OK;
}

/* ---- handles --------------------------------------------------------------- */

/* Behind it are the descriptors, then the words. */
struct native_handle {
	int32_t version; /* the size of this */
	int32_t fd_count, int_count;
	int32_t data[];
};

/* As many descriptors and words as all that a parcel can be asked to carry. */
#define HANDLE_MOST 1024

static binder_status_t check_handle(const ABinderHandle *handle)
{
	if (handle->fd_count > HANDLE_MOST || handle->int_count > HANDLE_MOST)
		return error_say(STATUS_BAD_VALUE,
				 "a handle has at most %d descriptors and %d words", HANDLE_MOST,
				 HANDLE_MOST);
	if ((handle->fd_count && !handle->fds) || (handle->int_count && !handle->ints))
		return error_say(STATUS_UNEXPECTED_NULL, "a handle without its items");
	return STATUS_OK;
}

/* Duplicates, in the buffer's place for them. */
static binder_status_t copy_files(const ABinderHandle *handle, struct native_handle *copy)
{
	for (size_t i = 0; i < handle->fd_count; i++) {
		copy->data[i] = fcntl(handle->fds[i], F_DUPFD_CLOEXEC, 0);
		if (copy->data[i] < 0) {
			int error = errno;

			while (i--)
				close(copy->data[i]);
			return error_say(STATUS_BAD_VALUE, "a descriptor cannot be duplicated: %s",
					 strerror(error));
		}
	}
	return STATUS_OK;
}

binder_status_t hidl_write_handle(AParcel *parcel, const ABinderHandle *handle,
				  struct buffer_place place)
{
	struct native_handle *copy;
	uint64_t size;
	ssize_t index = -1;
	binder_status_t status = handle ? check_handle(handle) : STATUS_OK;

	if (status)
		return status;
	size = handle ? sizeof(*copy) + 4 * (handle->fd_count + handle->int_count) : 0;
	status = parcel_write(parcel, &size, sizeof(size));
	if (status || !handle)
		return status;
	copy = malloc(size);
	if (!copy)
		return error_say(STATUS_NO_MEMORY, "no memory for a handle");
	copy->version = sizeof(*copy);
	copy->fd_count = (int32_t)handle->fd_count;
	copy->int_count = (int32_t)handle->int_count;
	if (handle->int_count)
		memcpy(copy->data + handle->fd_count, handle->ints, 4 * handle->int_count);
	status = copy_files(handle, copy);
	if (status) {
		free(copy);
		return status;
	}
	status = parcel_write_buffer(parcel, copy, size, place, &index);
	if (status)
		for (size_t i = 0; i < handle->fd_count; i++)
			close(copy->data[i]);
	else
		status = parcel_write_fd_array(parcel, copy->data, handle->fd_count,
					       in_parent(index, sizeof(*copy)));
	free(copy);
	return status;
}

/* A size that fits what the handle says. */
static bool is_whole(const struct native_handle *handle, uint64_t size)
{
	return size >= sizeof(*handle) && handle->version == sizeof(*handle) &&
	       handle->fd_count >= 0 && handle->int_count >= 0 &&
	       size == sizeof(*handle) + 4 * ((uint64_t)handle->fd_count + handle->int_count);
}

binder_status_t hidl_read_handle(const AParcel *parcel, ABinderHandle *ret, bool *null_ret,
				 struct buffer_place place)
{
	const struct native_handle *handle;
	const void *data = NULL;
	uint64_t wanted;
	size_t size = 0;
	ssize_t index = -1;
	binder_status_t status = parcel_copy(parcel, &wanted, sizeof(wanted));

	if (!status && !wanted) {
		*ret = (ABinderHandle){ .fd_count = 0 };
		*null_ret = true;
		return STATUS_OK;
	}
	if (!status)
		status = parcel_read_buffer(parcel, place, &data, &size, &index);
	if (status)
		return status;
	handle = data;
	if (size != wanted || !data || (uintptr_t)data % sizeof(int32_t) || !is_whole(handle, size))
		return error_say(STATUS_BAD_VALUE, "a handle that is not whole, of %zu bytes",
				 size);
	status = parcel_read_fd_array(parcel, handle->fd_count, in_parent(index, sizeof(*handle)));
	if (status)
		return status;
	*ret = (ABinderHandle){
		.fds = handle->data,
		.ints = handle->data + handle->fd_count,
		.fd_count = handle->fd_count,
		.int_count = handle->int_count,
	};
	*null_ret = false;
	return STATUS_OK;
}

/* ---- for programs -------------------------------------------------------- */

EXPORT binder_status_t AParcel_writeHidlString(AParcel *parcel, const char *text)
{
	if (!text)
		return error_say(STATUS_UNEXPECTED_NULL, "no string");
	return hidl_write_string(parcel, text);
}

EXPORT binder_status_t AParcel_readHidlString(const AParcel *parcel, char **out)
{
	return hidl_read_string(parcel, out);
}

EXPORT binder_status_t AParcel_writeHidlStrings(AParcel *parcel, const char *const *texts,
						size_t count)
{
	return hidl_write_strings(parcel, texts, count);
}

EXPORT binder_status_t AParcel_readHidlStrings(const AParcel *parcel, char ***out, size_t *count)
{
	return hidl_read_strings(parcel, out, count);
}

EXPORT binder_status_t AParcel_writeHidlVec(AParcel *parcel, const void *items, size_t count,
					    size_t itemSize)
{
	if (count && !items)
		return error_say(STATUS_UNEXPECTED_NULL, "no items");
	return hidl_write_vec(parcel, items, count, itemSize);
}

EXPORT binder_status_t AParcel_readHidlVec(const AParcel *parcel, size_t itemSize,
					   const void **items, size_t *count)
{
	return hidl_read_vec(parcel, itemSize, items, count);
}

EXPORT binder_status_t AParcel_writeHidlHandle(AParcel *parcel, const ABinderHandle *handle)
{
	return hidl_write_handle(parcel, handle, BUFFER_ALONE);
}

EXPORT binder_status_t AParcel_readHidlHandle(const AParcel *parcel, ABinderHandle *out,
					      bool *isNull)
{
	return hidl_read_handle(parcel, out, isNull, BUFFER_ALONE);
}
