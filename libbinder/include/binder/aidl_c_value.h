/* SPDX-License-Identifier: MIT */
/*
 * binder/aidl_c_value.h: single values in C made from AIDL, and parcelables around them.
 *
 * Part of binder/aidl_c.h, which says what holds for all of it; include that.
 */
#ifndef BINDER_AIDL_C_VALUE_H
#define BINDER_AIDL_C_VALUE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <android/binder_ibinder.h>
#include <android/binder_parcel.h>
#include <android/binder_stability.h>

#include <binder/ext.h>

/* ---- for people ------------------------------------------------------------- */

static inline void aidlc_print_string(FILE *out, const char *text)
{
	if (!text) {
		fputs("null", out);
		return;
	}
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', out);
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			fprintf(out, "\\x%02x", (unsigned)*text);
		else
			putc(*text, out);
	}
	putc('"', out);
}

static inline void aidlc_print_name(FILE *out, const char *name, int64_t number)
{
	if (name)
		fputs(name, out);
	else
		fprintf(out, "%lld", (long long)number);
}

static inline void aidlc_print_file(FILE *out, int fd)
{
	if (fd < 0)
		fputs("null", out);
	else
		fprintf(out, "file %d", fd);
}

/* ---- nesting ---------------------------------------------------------------- */

#define AIDLC_MAX_DEPTH 64

static inline unsigned *aidlc_depth(void)
{
	static __thread unsigned depth;

	return &depth;
}

static inline bool aidlc_enter(void)
{
	if (*aidlc_depth() >= AIDLC_MAX_DEPTH)
		return false;
	++*aidlc_depth();
	return true;
}

static inline void aidlc_leave(void)
{
	--*aidlc_depth();
}

/* ---- parcelables -------------------------------------------------------------- */

static inline binder_status_t aidlc_begin_write(AParcel *parcel, int32_t *start)
{
	*start = AParcel_getDataPosition(parcel);
	return AParcel_writeInt32(parcel, 0);
}

/* The size counts itself, so that a reader who knows fewer fields can skip the rest. */
static inline binder_status_t aidlc_end_write(AParcel *parcel, int32_t start)
{
	int32_t end = AParcel_getDataPosition(parcel);
	binder_status_t status = AParcel_setDataPosition(parcel, start);

	if (status == STATUS_OK)
		status = AParcel_writeInt32(parcel, end - start);
	return status == STATUS_OK ? AParcel_setDataPosition(parcel, end) : status;
}

static inline binder_status_t aidlc_begin_read(const AParcel *parcel, int32_t *end)
{
	int32_t start = AParcel_getDataPosition(parcel);
	int32_t size;
	binder_status_t status = AParcel_readInt32(parcel, &size);

	if (status != STATUS_OK)
		return status;
	if (size < 4 || size > AParcel_getDataSize(parcel) - start)
		return STATUS_BAD_VALUE;
	*end = start + size;
	return STATUS_OK;
}

/* False where the fields end of a writer who knows fewer. */
static inline bool aidlc_more(const AParcel *parcel, int32_t end)
{
	return AParcel_getDataPosition(parcel) < end;
}

static inline binder_status_t aidlc_end_read(const AParcel *parcel, int32_t end)
{
	if (AParcel_getDataPosition(parcel) > end)
		return STATUS_BAD_VALUE;
	return AParcel_setDataPosition(parcel, end);
}

/* The word that says that a structure follows; STATUS_UNEXPECTED_NULL: none does. */
static inline binder_status_t aidlc_read_presence(const AParcel *parcel)
{
	int32_t present;
	binder_status_t status = AParcel_readInt32(parcel, &present);

	return status == STATUS_OK && !present ? STATUS_UNEXPECTED_NULL : status;
}

/* A count that the type says beforehand. */
static inline binder_status_t aidlc_expect(const AParcel *parcel, int32_t count)
{
	int32_t have;
	binder_status_t status = AParcel_readInt32(parcel, &have);

	return status == STATUS_OK && have != count ? STATUS_BAD_VALUE : status;
}

/* ---- single values ------------------------------------------------------------- */

static inline binder_status_t aidlc_write_string(AParcel *parcel, const char *value, bool nullable)
{
	return AParcel_writeString16(parcel, value || nullable ? value : "");
}

struct aidlc_array {
	void *item;
	int32_t count;
};

static inline bool aidlc_make_string(void *cookie, int32_t length, char **buffer)
{
	struct aidlc_array *array = (struct aidlc_array *)cookie;

	array->count = length;
	if (length < 0)
		return true;
	array->item = calloc((size_t)length + 1, 1);
	*buffer = (char *)array->item;
	return array->item != NULL;
}

/* A string with a NUL inside has no place in C: STATUS_BAD_VALUE. */
static inline binder_status_t aidlc_read_string(const AParcel *parcel, bool nullable, char **ret)
{
	struct aidlc_array string = { NULL, -1 };
	binder_status_t status = AParcel_readString(parcel, &string, aidlc_make_string);

	if (status == STATUS_OK && !string.item && !nullable)
		status = STATUS_UNEXPECTED_NULL;
	if (status == STATUS_OK && string.count > 0 &&
	    strlen((char *)string.item) != (size_t)string.count - 1)
		status = STATUS_BAD_VALUE;
	if (status != STATUS_OK) {
		free(string.item);
		return status;
	}
	free(*ret);
	*ret = (char *)string.item;
	return STATUS_OK;
}

static inline binder_status_t aidlc_set_string(char **ret, const char *value)
{
	size_t size = strlen(value) + 1;
	char *copy = (char *)malloc(size);

	if (!copy)
		return STATUS_NO_MEMORY;
	memcpy(copy, value, size);
	free(*ret);
	*ret = copy;
	return STATUS_OK;
}

/* A CharSequence without spans; null is always allowed. */
static inline binder_status_t aidlc_write_text(AParcel *parcel, const char *value)
{
	binder_status_t status = AParcel_writeInt32(parcel, value != NULL);

	if (status == STATUS_OK && value)
		status = AParcel_writeInt32(parcel, 1);
	if (status == STATUS_OK && value)
		status = AParcel_writeString8(parcel, value, (int32_t)strlen(value));
	return status;
}

static inline binder_status_t aidlc_read_text(const AParcel *parcel, char **ret)
{
	char *text = NULL;
	int32_t present, kind, length;
	binder_status_t status = AParcel_readInt32(parcel, &present);

	if (status == STATUS_OK && present) {
		status = AParcel_readInt32(parcel, &kind);
		if (status == STATUS_OK && kind != 1)
			status = STATUS_INVALID_OPERATION; /* with spans: Java objects */
		if (status == STATUS_OK)
			status = AParcel_readString8(parcel, &text, &length);
		if (status == STATUS_OK && text && strlen(text) != (size_t)length) {
			free(text);
			status = STATUS_BAD_VALUE;
		}
	}
	if (status == STATUS_OK) {
		free(*ret);
		*ret = text;
	}
	return status;
}

static inline binder_status_t aidlc_write_binder(AParcel *parcel, AIBinder *value, bool nullable)
{
	if (!value && !nullable)
		return STATUS_UNEXPECTED_NULL;
	return AParcel_writeStrongBinder(parcel, value);
}

static inline binder_status_t aidlc_read_binder(const AParcel *parcel, bool nullable,
						AIBinder **ret)
{
	AIBinder *binder;
	binder_status_t status = AParcel_readStrongBinder(parcel, &binder);

	if (status == STATUS_OK && !binder && !nullable)
		status = STATUS_UNEXPECTED_NULL;
	if (status == STATUS_OK) {
		AIBinder_decStrong(*ret);
		*ret = binder;
	}
	return status;
}

static inline void aidlc_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* ParcelFileDescriptor. */
static inline binder_status_t aidlc_write_file(AParcel *parcel, int value, bool nullable)
{
	if (value < 0 && !nullable)
		return STATUS_UNEXPECTED_NULL;
	return AParcel_writeParcelFileDescriptor(parcel, value < 0 ? -1 : value);
}

static inline binder_status_t aidlc_read_file(const AParcel *parcel, bool nullable, int *ret)
{
	int fd;
	binder_status_t status = AParcel_readParcelFileDescriptor(parcel, &fd);

	if (status == STATUS_OK && fd < 0 && !nullable)
		status = STATUS_UNEXPECTED_NULL;
	if (status == STATUS_OK) {
		aidlc_close(*ret);
		*ret = fd;
	}
	return status;
}

/* FileDescriptor: the bare object, which cannot be null. */
static inline binder_status_t aidlc_write_descriptor(AParcel *parcel, int value, bool nullable)
{
	(void)nullable;
	return value < 0 ? STATUS_UNEXPECTED_NULL : AParcel_writeFd(parcel, value);
}

static inline binder_status_t aidlc_read_descriptor(const AParcel *parcel, bool nullable, int *ret)
{
	int fd;
	binder_status_t status = AParcel_readFd(parcel, &fd);

	(void)nullable;
	if (status != STATUS_OK)
		return status;
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* that one is the parcel's */
	if (fd < 0)
		return -errno;
	aidlc_close(*ret);
	*ret = fd;
	return STATUS_OK;
}

#endif
