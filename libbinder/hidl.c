/* SPDX-License-Identifier: MIT */
/*
 * hidl.c: hidl_string and hidl_vec<hidl_string>, and the calls of IBase.
 *
 * Called by hidl_manager.c, builtin.c and the public functions at the end;
 * hands on to parcel_object.c.
 *
 * A hidl_string is 16 bytes: u64 pointer, u32 length, u8 owns, padding; a
 * hidl_vec the same with a count.  The pointer is the driver's to set.
 */
#include "hidl.h"

#include <stdlib.h>
#include <string.h>

#include "detect.h"
#include "error.h"
#include "export.h"
#include "transact.h"

struct hidl_span {
	uint64_t pointer;
	uint32_t length;
	uint8_t owns;
	uint8_t padding[3];
};

bool hidl_is_spoken(ABinderConnection *conn)
{
	return conn && atomic_load(&conn->profile) == profile_hidl();
}

/* ---- values -------------------------------------------------------------- */

binder_status_t hidl_write_string(AParcel *parcel, const char *text)
{
	struct hidl_span span = { .length = strlen(text), .owns = 1 };
	ssize_t index;
	binder_status_t status = parcel_write_buffer(parcel, &span, sizeof(span), -1, 0, &index);

	if (!status)
		status = parcel_write_buffer(parcel, text, span.length + 1, index, 0, NULL);
	return status;
}

binder_status_t hidl_write_strings(AParcel *parcel, const char *const *texts, size_t count)
{
	struct hidl_span span = { .length = count, .owns = 1 };
	struct hidl_span *spans = calloc(count ? count : 1, sizeof(*spans));
	ssize_t vec, elements;
	binder_status_t status;

	if (!spans)
		return error_say(STATUS_NO_MEMORY, "no memory for %zu strings", count);
	for (size_t i = 0; i < count; i++)
		spans[i] = (struct hidl_span){ .length = strlen(texts[i]), .owns = 1 };
	status = parcel_write_buffer(parcel, &span, sizeof(span), -1, 0, &vec);
	if (!status && count)
		status = parcel_write_buffer(parcel, spans, count * sizeof(*spans), vec, 0,
					     &elements);
	for (size_t i = 0; !status && i < count; i++)
		status = parcel_write_buffer(parcel, texts[i], spans[i].length + 1, elements,
					     i * sizeof(*spans), NULL);
	free(spans);
	return status;
}

/* The bytes that a span points to: the next object, which has to lie where it says. */
static binder_status_t read_text(const AParcel *parcel, const struct hidl_span *span, char **ret)
{
	const void *data;
	size_t size;
	char *text;
	binder_status_t status = parcel_read_buffer(parcel, true, &data, &size);

	if (status)
		return status;
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

static binder_status_t read_span(const AParcel *parcel, struct hidl_span *ret)
{
	const void *data;
	size_t size;
	binder_status_t status = parcel_read_buffer(parcel, false, &data, &size);

	if (status)
		return status;
	if (size != sizeof(*ret))
		return error_say(STATUS_BAD_VALUE, "a string or vector of %zu bytes", size);
	memcpy(ret, data, sizeof(*ret));
	return STATUS_OK;
}

binder_status_t hidl_read_string(const AParcel *parcel, char **ret)
{
	struct hidl_span span;
	binder_status_t status = read_span(parcel, &span);

	return status ? status : read_text(parcel, &span, ret);
}

void hidl_free_strings(char **texts, size_t count)
{
	for (size_t i = 0; texts && i < count; i++)
		free(texts[i]);
	free(texts);
}

binder_status_t hidl_read_strings(const AParcel *parcel, char ***ret, size_t *count_ret)
{
	const struct hidl_span *spans = NULL;
	struct hidl_span vec;
	const void *data;
	size_t size = 0;
	char **texts;
	binder_status_t status = read_span(parcel, &vec);

	if (!status && vec.length)
		status = parcel_read_buffer(parcel, true, &data, &size);
	if (status)
		return status;
	if (size != (size_t)vec.length * sizeof(*spans))
		return error_say(STATUS_BAD_VALUE, "%u strings in a buffer of %zu bytes",
				 vec.length, size);
	texts = calloc(vec.length ? vec.length : 1, sizeof(*texts));
	if (!texts)
		return error_say(STATUS_NO_MEMORY, "no memory for %u strings", vec.length);
	for (uint32_t i = 0; !status && i < vec.length; i++) {
		struct hidl_span span;

		memcpy(&span, (const uint8_t *)data + i * sizeof(span), sizeof(span));
		status = read_text(parcel, &span, &texts[i]);
	}
	if (status) {
		hidl_free_strings(texts, vec.length);
		return status;
	}
	*ret = texts;
	*count_ret = vec.length;
	return STATUS_OK;
}

/* ---- IBase --------------------------------------------------------------- */

binder_status_t hidl_call_base(AIBinder *binder, uint32_t code, int timeout_ms, AParcel **out)
{
	AParcel *in, *reply = NULL;
	int32_t answer = 0;
	binder_status_t status = AIBinder_prepareRaw(binder, HIDL_BASE, &in);

	if (!status)
		status = AIBinder_transactRaw(binder, code, &in, &reply, 0, timeout_ms);
	if (!status)
		status = parcel_read_int32(reply, &answer);
	if (!status && answer)
		status =
			error_say(STATUS_FAILED_TRANSACTION, "the object answered with %d", answer);
	if (status) {
		parcel_delete(reply);
		return status;
	}
	*out = reply;
	return STATUS_OK;
}

binder_status_t hidl_builtin(struct local *local, uint32_t code, AParcel *out)
{
	const char *chain[] = { AIBinder_getClass(&local->binder)->descriptor, HIDL_BASE };
	binder_status_t status = parcel_write_int32(out, 0);

	if (status)
		return status;
	switch (code) {
	case HIDL_PING:
		return STATUS_OK;
	case HIDL_DESCRIPTOR:
		return hidl_write_string(out, chain[0]);
	case HIDL_CHAIN:
		return hidl_write_strings(out, chain, 2);
	default:
		return error_say(STATUS_UNKNOWN_TRANSACTION, "code %#x is unknown", code);
	}
}

/* ---- for programs -------------------------------------------------------- */

EXPORT bool ABinderConnection_isHidl(ABinderConnection *connection)
{
	return hidl_is_spoken(connection);
}

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
