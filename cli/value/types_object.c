/* SPDX-License-Identifier: MIT */
/*
 * types_object.c: binders, file descriptors and plain bytes, from text into a
 * parcel and from a parcel to JSON.
 *
 * Called through the table in types.c; hands on to session.c and libbinder.
 */
#include "cli/value/types_table.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/session.h"

/* ---- objects --------------------------------------------------------------- */

binder_status_t type_write_binder(const struct value_place *place, const char *text)
{
	AIBinder *binder = NULL;
	binder_status_t status;
	int result = session_find(place->invocation, place->connection, text, &binder);

	if (result != EXIT_OK)
		return TYPE_REPORTED(result);
	status = AParcel_writeStrongBinder(place->parcel, binder);
	AIBinder_decStrong(binder);
	return status;
}

binder_status_t type_write_null_binder(const struct value_place *place)
{
	return AParcel_writeStrongBinder(place->parcel, NULL);
}

json_t *value_of_binder(AIBinder *binder)
{
	char *descriptor = NULL;
	uint32_t handle = 0;
	json_t *value;

	if (!binder)
		return json_null();
	if (AIBinder_getHandle(binder, &handle) != STATUS_OK)
		return json_pack("{s:b}", "local", 1);
	session_descriptor(binder, 1000, &descriptor);
	value = json_pack("{s:I, s:s?}", "handle", (json_int_t)handle, "descriptor", descriptor);
	free(descriptor);
	return value;
}

binder_status_t type_read_binder(const AParcel *parcel, json_t **ret)
{
	AIBinder *binder = NULL;
	binder_status_t status = AParcel_readStrongBinder(parcel, &binder);

	if (status != STATUS_OK)
		return status;
	*ret = value_of_binder(binder);
	AIBinder_decStrong(binder);
	return STATUS_OK;
}

static binder_status_t open_file(const struct value_place *place, const char *path, int *ret)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 && (errno == EACCES || errno == EROFS || errno == EISDIR))
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return TYPE_REPORTED(fail(place->invocation, EXIT_OTHER, NULL,
					  "argument %d '%s': cannot open %s: %s", place->number,
					  place->word, path, strerror(errno)));
	*ret = fd;
	return STATUS_OK;
}

binder_status_t type_write_parcel_fd(const struct value_place *place, const char *text)
{
	int fd = -1;
	binder_status_t status = open_file(place, text, &fd);

	if (status != STATUS_OK)
		return status;
	status = AParcel_writeParcelFileDescriptor(place->parcel, fd);
	close(fd);
	return status;
}

int value_check_file(const struct value_place *place, const char *word)
{
	const char *path = strchr(word, ':');
	binder_status_t status;
	int fd = -1;

	if (strncmp(word, "fd:", 3) != 0 && strncmp(word, "pfd:", 4) != 0)
		return EXIT_OK;
	status = open_file(place, path + 1, &fd);
	if (status != STATUS_OK)
		return status - TYPE_REPORTED(0);
	close(fd);
	return EXIT_OK;
}

#define PARCEL_FD_HEADER 8 /* the two words before the object of a ParcelFileDescriptor */
#define FD_OBJECT 24

/* A bare descriptor is what follows the header of a ParcelFileDescriptor. */
binder_status_t type_write_fd(const struct value_place *place, const char *text)
{
	struct value_place aside = *place;
	binder_status_t status;

	aside.parcel = AParcel_createOn(place->connection);
	if (!aside.parcel)
		return STATUS_NO_MEMORY;
	status = type_write_parcel_fd(&aside, text);
	if (status == STATUS_OK)
		status = AParcel_appendFrom(aside.parcel, place->parcel, PARCEL_FD_HEADER,
					    FD_OBJECT);
	AParcel_delete(aside.parcel);
	return status;
}

json_t *value_of_fd(int fd)
{
	char link[40], path[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	path[length < 0 ? 0 : length] = 0;
	return json_pack("{s:i, s:s}", "fd", fd, "path", path);
}

static binder_status_t read_parcel_fd(const AParcel *parcel, json_t **ret)
{
	int fd = -1;
	binder_status_t status = AParcel_readParcelFileDescriptor(parcel, &fd);

	if (status != STATUS_OK)
		return status;
	*ret = fd < 0 ? json_null() : value_of_fd(fd);
	if (fd >= 0)
		close(fd);
	return STATUS_OK;
}

/*
 * The parcel keeps the descriptor: it is looked at, not taken.  An object stands
 * here for a bare one, a word for a ParcelFileDescriptor: both are read for either.
 */
binder_status_t type_read_fd(const AParcel *parcel, json_t **ret)
{
	int32_t position = AParcel_getDataPosition(parcel);
	uint64_t fd;
	binder_status_t status;

	if (AParcel_getObjectAt(parcel, position, &fd) != ABINDER_OBJECT_FD)
		return read_parcel_fd(parcel, ret);
	status = AParcel_setDataPosition(parcel, position + FD_OBJECT);
	if (status == STATUS_OK)
		*ret = value_of_fd((int)fd);
	return status;
}

binder_status_t type_read_parcel_fd(const AParcel *parcel, json_t **ret)
{
	return type_read_fd(parcel, ret);
}

binder_status_t type_write_null_parcel_fd(const struct value_place *place)
{
	return AParcel_writeInt32(place->parcel, 0);
}

static int hex_digit(char c)
{
	return isdigit((unsigned char)c)  ? c - '0' :
	       isxdigit((unsigned char)c) ? (c | 32) - 'a' + 10 :
					    -1;
}

/* The bytes that hexadecimal digits stand for, malloc()ed. */
static binder_status_t parse_hex(const char *text, char **ret, size_t *size_ret)
{
	size_t size = strlen(text) / 2;
	char *bytes;

	if (strlen(text) % 2 || strspn(text, "0123456789abcdefABCDEF") != strlen(text))
		return STATUS_BAD_TYPE;
	bytes = malloc(size + 1);
	if (!bytes)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
	*ret = bytes;
	*size_ret = size;
	return STATUS_OK;
}

static binder_status_t write_hex(const struct value_place *place, const char *text,
				 binder_status_t (*write)(const struct value_place *place,
							  const char *data, size_t size))
{
	char *bytes = NULL;
	size_t size;
	binder_status_t status = parse_hex(text, &bytes, &size);

	if (status == STATUS_OK)
		status = write(place, bytes, size);
	free(bytes);
	return status;
}

binder_status_t type_file_raw(const struct value_place *place, const char *data, size_t size)
{
	return AParcel_writeRaw(place->parcel, data, size);
}

/* AIDL's byte[]: the count goes before. */
binder_status_t type_file_bytes(const struct value_place *place, const char *data, size_t size)
{
	return AParcel_writeByteArray(place->parcel, (const int8_t *)data, (int32_t)size);
}

binder_status_t type_write_raw(const struct value_place *place, const char *text)
{
	return write_hex(place, text, type_file_raw);
}

binder_status_t type_write_bytes(const struct value_place *place, const char *text)
{
	return write_hex(place, text, type_file_bytes);
}

static binder_status_t read_hex(const AParcel *parcel, size_t size, json_t **ret)
{
	const void *data = "";
	char *text;
	binder_status_t status = size ? AParcel_readRaw(parcel, size, &data) : STATUS_OK;

	if (status != STATUS_OK)
		return status;
	text = malloc(2 * size + 1);
	if (!text)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", ((const uint8_t *)data)[i]);
	*ret = json_stringn(text, 2 * size);
	free(text);
	return STATUS_OK;
}

/* In a reply: all that is left. */
binder_status_t type_read_raw(const AParcel *parcel, json_t **ret)
{
	return read_hex(parcel, AParcel_getDataSize(parcel) - AParcel_getDataPosition(parcel), ret);
}

binder_status_t type_read_bytes(const AParcel *parcel, json_t **ret)
{
	int32_t size;
	binder_status_t status = AParcel_readInt32(parcel, &size);

	if (status != STATUS_OK)
		return status;
	if (size == -1) {
		*ret = json_null();
		return STATUS_OK;
	}
	return size < 0 ? STATUS_BAD_VALUE : read_hex(parcel, size, ret);
}
