/* SPDX-License-Identifier: MIT */
/*
 * error.c: what went wrong last in this thread, and the names of all errors.
 *
 * Called by every layer; hands on to nobody.
 */
#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "export.h"

static __thread struct error last;

/* Pointers of the facts lead into the copy beside them. */
static void point(struct error *error, bool path, bool name)
{
	error->facts.path = path ? error->path : NULL;
	error->facts.name = name ? error->name : NULL;
	error->facts.detail = error->words;
}

static void set(const struct ABinderError *facts, const char *format, va_list ap)
{
	char words[sizeof(last.words)];

	/* An argument may be of the failure before. */
	vsnprintf(words, sizeof(words), format, ap);
	last.facts = *facts;
	if (facts->path)
		snprintf(last.path, sizeof(last.path), "%s", facts->path);
	if (facts->name)
		snprintf(last.name, sizeof(last.name), "%s", facts->name);
	memcpy(last.words, words, sizeof(words));
	point(&last, facts->path, facts->name);
}

binder_status_t error_say(binder_status_t status, const char *format, ...)
{
	const struct ABinderError facts = { .status = status, .driver = last.facts.driver };
	va_list ap;

	va_start(ap, format);
	set(&facts, format, ap);
	va_end(ap);
	return status;
}

void error_set_words(const char *format, ...)
{
	const struct ABinderError facts = { .driver = last.facts.driver };
	va_list ap;

	va_start(ap, format);
	set(&facts, format, ap);
	va_end(ap);
}

binder_status_t error_report(const struct ABinderError *facts, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	set(facts, format, ap);
	va_end(ap);
	return facts->status;
}

const char *error_reason(int err)
{
	static const struct {
		int error;
		const char *words;
	} reasons[] = {
		{ EDQUOT, "this user or process holds as many objects, calls, descriptors or bytes "
			  "as binderd allows (binderd(8), LIMITS)" },
		{ ELOOP, "calls within calls are nested too deeply; 1,000 are allowed" },
		{ EMFILE, "the process has as many descriptors open as it may (ulimit -n)" },
		{ ENFILE, "the machine has as many descriptors open as it may" },
		{ ENOSPC, "there is no room: in the receiver's buffer, or on the disk of the "
			  "driver's folder" },
		{ ENOMEM, "there is no memory for it" },
		{ EFAULT, "an address in the request cannot be read or written" },
		{ ENODEV, "the driver is gone" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].error == -err)
			return reasons[i].words;
	return strerror(-err);
}

binder_status_t error_no_service(const char *name)
{
	const struct ABinderError facts = {
		.status = STATUS_NAME_NOT_FOUND,
		.phase = ABINDER_PHASE_LOOKUP,
		.name = name,
	};

	return error_report(&facts, "there is no service named \"%s\"", name);
}

void error_set_driver(int err)
{
	last.facts.driver = err;
}

void error_save(struct error *ret)
{
	*ret = last;
	point(ret, last.facts.path, last.facts.name);
}

void error_restore(const struct error *error)
{
	last = *error;
	point(&last, error->facts.path, error->facts.name);
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
	return last.words;
}

EXPORT int ABinder_lastDriverError(void)
{
	return last.facts.driver;
}

EXPORT const struct ABinderError *ABinder_getError(void)
{
	point(&last, last.facts.path, last.facts.name);
	return &last.facts;
}
