/* SPDX-License-Identifier: MIT */
/*
 * error.c: what went wrong last in this thread, and the names of all errors.
 *
 * Called by every layer; hands on to nobody.
 */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <binder/ext.h>
#include "export.h"

static __thread char words[512];
static __thread int driver_errno;

void error_set_words(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(words, sizeof(words), format, ap);
	va_end(ap);
}

const char *error_words(void)
{
	return words;
}

void error_set_driver(int err)
{
	driver_errno = err;
}

int error_driver(void)
{
	return driver_errno;
}

binder_status_t error_status(int err)
{
	switch (err) {
	case 0:
		return STATUS_OK;
	case -ENOMEM:
		return STATUS_NO_MEMORY;
	case -ENOENT:
	case -ECONNREFUSED:
	case -ENXIO:
		return STATUS_NAME_NOT_FOUND;
	case -EPERM:
	case -EACCES:
		return STATUS_PERMISSION_DENIED;
	case -EBUSY:
	case -EEXIST:
		return STATUS_ALREADY_EXISTS;
	case -EINVAL:
		return STATUS_BAD_VALUE;
	case -EAGAIN:
		return STATUS_WOULD_BLOCK;
	case -ETIMEDOUT:
		return STATUS_TIMED_OUT;
	case -ECHILD:
		return STATUS_INVALID_OPERATION;
	case -EBADF:
	case -ESHUTDOWN:
	case -ECONNRESET:
	case -EPIPE:
	case -ENOTCONN:
		return STATUS_DEAD_OBJECT;
	default:
		return STATUS_UNKNOWN_ERROR;
	}
}

struct name {
	int32_t value;
	const char *name;
};

static const struct name status_names[] = {
	{ STATUS_OK, "OK" },
	{ STATUS_NO_MEMORY, "NO_MEMORY" },
	{ STATUS_INVALID_OPERATION, "INVALID_OPERATION" },
	{ STATUS_BAD_VALUE, "BAD_VALUE" },
	{ STATUS_BAD_TYPE, "BAD_TYPE" },
	{ STATUS_NAME_NOT_FOUND, "NAME_NOT_FOUND" },
	{ STATUS_PERMISSION_DENIED, "PERMISSION_DENIED" },
	{ STATUS_NO_INIT, "NO_INIT" },
	{ STATUS_ALREADY_EXISTS, "ALREADY_EXISTS" },
	{ STATUS_DEAD_OBJECT, "DEAD_OBJECT" },
	{ STATUS_FAILED_TRANSACTION, "FAILED_TRANSACTION" },
	{ STATUS_BAD_INDEX, "BAD_INDEX" },
	{ STATUS_NOT_ENOUGH_DATA, "NOT_ENOUGH_DATA" },
	{ STATUS_WOULD_BLOCK, "WOULD_BLOCK" },
	{ STATUS_TIMED_OUT, "TIMED_OUT" },
	{ STATUS_INTERRUPTED, "INTERRUPTED" },
	{ STATUS_UNKNOWN_TRANSACTION, "UNKNOWN_TRANSACTION" },
	{ STATUS_FDS_NOT_ALLOWED, "FDS_NOT_ALLOWED" },
	{ STATUS_UNEXPECTED_NULL, "UNEXPECTED_NULL" },
};

static const struct name exception_names[] = {
	{ EX_NONE, "EX_NONE" },
	{ EX_SECURITY, "EX_SECURITY" },
	{ EX_BAD_PARCELABLE, "EX_BAD_PARCELABLE" },
	{ EX_ILLEGAL_ARGUMENT, "EX_ILLEGAL_ARGUMENT" },
	{ EX_NULL_POINTER, "EX_NULL_POINTER" },
	{ EX_ILLEGAL_STATE, "EX_ILLEGAL_STATE" },
	{ EX_NETWORK_MAIN_THREAD, "EX_NETWORK_MAIN_THREAD" },
	{ EX_UNSUPPORTED_OPERATION, "EX_UNSUPPORTED_OPERATION" },
	{ EX_SERVICE_SPECIFIC, "EX_SERVICE_SPECIFIC" },
	{ EX_PARCELABLE, "EX_PARCELABLE" },
	{ EX_TRANSACTION_FAILED, "EX_TRANSACTION_FAILED" },
};

static const char *find_name(const struct name *names, size_t count, int32_t value,
			     const char *fallback)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].value == value)
			return names[i].name;
	return fallback;
}

EXPORT const char *ABinder_statusName(binder_status_t status)
{
	return find_name(status_names, sizeof(status_names) / sizeof(status_names[0]), status,
			 "UNKNOWN_ERROR");
}

EXPORT const char *ABinder_exceptionName(binder_exception_t exception)
{
	return find_name(exception_names, sizeof(exception_names) / sizeof(exception_names[0]),
			 exception, "EX_UNKNOWN");
}

EXPORT const char *ABinder_lastError(void)
{
	return words;
}

EXPORT int ABinder_lastDriverError(void)
{
	return driver_errno;
}
