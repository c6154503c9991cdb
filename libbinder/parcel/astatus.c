/* SPDX-License-Identifier: MIT */
/*
 * astatus.c: the NDK's AStatus, and how it lies at the head of a reply.
 *
 * Public functions, and status_read() for the service-manager client.
 */
#include "astatus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/export.h"

/* Headers that may stand before the exception; each is sized and skipped. */
#define EX_HAS_NOTED_APPOPS_HEADER (-127)
#define EX_HAS_REPLY_HEADER (-128)

static struct AStatus no_memory = {
	.exception = EX_TRANSACTION_FAILED,
	.status = STATUS_NO_MEMORY,
};

static AStatus *status_new(binder_exception_t exception, int32_t service_specific,
			   binder_status_t status, const char *message)
{
	AStatus *s = calloc(1, sizeof(*s));

	if (!s)
		return &no_memory;
	s->exception = exception;
	s->service_specific = service_specific;
	s->status = status;
	if (message)
		s->message = strdup(message);
	return s;
}

static binder_exception_t known_exception(binder_exception_t exception)
{
	return exception <= EX_NONE && exception >= EX_PARCELABLE ? exception :
								    EX_TRANSACTION_FAILED;
}

EXPORT AStatus *AStatus_newOk(void)
{
	return status_new(EX_NONE, 0, STATUS_OK, NULL);
}

EXPORT AStatus *AStatus_fromExceptionCodeWithMessage(binder_exception_t exception,
						     const char *message)
{
	exception = known_exception(exception);
	return status_new(exception, 0,
			  exception == EX_TRANSACTION_FAILED ? STATUS_FAILED_TRANSACTION :
							       STATUS_OK,
			  message);
}

EXPORT AStatus *AStatus_fromExceptionCode(binder_exception_t exception)
{
	return AStatus_fromExceptionCodeWithMessage(exception, NULL);
}

EXPORT AStatus *AStatus_fromServiceSpecificError(int32_t serviceSpecific)
{
	return status_new(EX_SERVICE_SPECIFIC, serviceSpecific, STATUS_OK, NULL);
}

EXPORT AStatus *AStatus_fromServiceSpecificErrorWithMessage(int32_t serviceSpecific,
							    const char *message)
{
	return status_new(EX_SERVICE_SPECIFIC, serviceSpecific, STATUS_OK, message);
}

EXPORT AStatus *AStatus_fromStatus(binder_status_t status)
{
	if (status == STATUS_OK)
		return AStatus_newOk();
	return status_new(EX_TRANSACTION_FAILED, 0, status, NULL);
}

EXPORT bool AStatus_isOk(const AStatus *status)
{
	return status->exception == EX_NONE;
}

EXPORT binder_status_t AStatus_getStatus(const AStatus *status)
{
	return status->status;
}

EXPORT binder_exception_t AStatus_getExceptionCode(const AStatus *status)
{
	return status->exception;
}

EXPORT int32_t AStatus_getServiceSpecificError(const AStatus *status)
{
	return status->service_specific;
}

EXPORT const char *AStatus_getMessage(const AStatus *status)
{
	return status->message ? status->message : "";
}

EXPORT const char *AStatus_getDescription(const AStatus *status)
{
	static const char fallback[] = "(no memory for a description)";
	const char *message = AStatus_getMessage(status);
	char *text;
	int r;

	if (status->exception == EX_NONE)
		r = asprintf(&text, "OK");
	else if (status->exception == EX_SERVICE_SPECIFIC)
		r = asprintf(&text, "EX_SERVICE_SPECIFIC %d: %s", status->service_specific,
			     message);
	else if (status->exception == EX_TRANSACTION_FAILED)
		r = asprintf(&text, "EX_TRANSACTION_FAILED, %s: %s",
			     ABinder_statusName(status->status), message);
	else
		r = asprintf(&text, "%s: %s", ABinder_exceptionName(status->exception), message);
	return r < 0 ? strdup(fallback) : text;
}

EXPORT void AStatus_deleteDescription(const char *description)
{
	free((char *)(uintptr_t)description);
}

EXPORT void AStatus_delete(AStatus *status)
{
	if (!status || status == &no_memory)
		return;
	free(status->message);
	free(status);
}

/* ---- on the wire --------------------------------------------------------- */

EXPORT binder_status_t AParcel_writeStatusHeader(AParcel *parcel, const AStatus *status)
{
	const char *message = AStatus_getMessage(status);
	binder_status_t r;

	if (status->exception == EX_TRANSACTION_FAILED)
		return status->status;
	r = parcel_write_int32(parcel, status->exception);
	if (r || status->exception == EX_NONE)
		return r;
	r = parcel_write_string16(parcel, message, strlen(message));
	if (!r)
		r = parcel_write_int32(parcel, 0); /* no stack trace */
	if (!r && status->exception == EX_SERVICE_SPECIFIC)
		r = parcel_write_int32(parcel, status->service_specific);
	else if (!r && status->exception == EX_PARCELABLE)
		r = parcel_write_int32(parcel, 0); /* no parcelable */
	return r;
}

/* Skips what starts with its own size; 0 stands for nothing. */
static binder_status_t skip_sized(const AParcel *parcel)
{
	size_t left = parcel_left(parcel);
	const void *skipped;
	int32_t size;
	binder_status_t status = parcel_read_int32(parcel, &size);

	if (status || size == 0)
		return status;
	if (size < (int32_t)sizeof(size) || (size_t)size > left)
		return error_say(STATUS_BAD_VALUE, "a header of %d bytes, with %zu left", size,
				 left);
	return parcel_read(parcel, size - sizeof(size), &skipped);
}

static binder_status_t read_exception(const AParcel *parcel, int32_t *ret)
{
	int32_t exception;
	binder_status_t status = parcel_read_int32(parcel, &exception);

	if (!status && exception == EX_HAS_NOTED_APPOPS_HEADER) {
		status = skip_sized(parcel);
		if (!status)
			status = parcel_read_int32(parcel, &exception);
	}
	if (!status && exception == EX_HAS_REPLY_HEADER) {
		status = skip_sized(parcel);
		exception = EX_NONE;
	}
	if (!status)
		*ret = exception;
	return status;
}

binder_status_t status_read(const AParcel *parcel, struct AStatus *ret)
{
	struct AStatus s = { .status = STATUS_OK };
	binder_status_t status = read_exception(parcel, &s.exception);

	if (!status && s.exception != EX_NONE) {
		status = parcel_take_string16(parcel, &s.message);
		if (!status)
			status = skip_sized(parcel);
		if (!status && s.exception == EX_SERVICE_SPECIFIC)
			status = parcel_read_int32(parcel, &s.service_specific);
		else if (!status && s.exception == EX_PARCELABLE)
			status = skip_sized(parcel);
	}
	if (status) {
		free(s.message);
		return status;
	}
	if (known_exception(s.exception) != s.exception)
		s.status = STATUS_FAILED_TRANSACTION;
	s.exception = known_exception(s.exception);
	*ret = s;
	return STATUS_OK;
}

EXPORT binder_status_t AParcel_readStatusHeader(const AParcel *parcel, AStatus **status)
{
	struct AStatus read;
	binder_status_t r = status_read(parcel, &read);
	AStatus *s;

	if (r)
		return r;
	s = malloc(sizeof(*s));
	if (!s) {
		free(read.message);
		return error_say(STATUS_NO_MEMORY, "no memory for a status");
	}
	*s = read;
	*status = s;
	return STATUS_OK;
}
