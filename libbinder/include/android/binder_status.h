/* SPDX-License-Identifier: MIT */
/*
 * android/binder_status.h: results of Binder calls.
 *
 * binder_status_t says how a call itself went (0 or a negative number);
 * AStatus is what a service answers: nothing wrong, or an exception with a
 * message.  Names and values are those of Android's NDK.
 */
#ifndef ANDROID_BINDER_STATUS_H
#define ANDROID_BINDER_STATUS_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	STATUS_OK = 0,

	STATUS_UNKNOWN_ERROR = (-2147483647 - 1),
	STATUS_NO_MEMORY = -ENOMEM,
	STATUS_INVALID_OPERATION = -ENOSYS,
	STATUS_BAD_VALUE = -EINVAL,
	STATUS_BAD_TYPE = (STATUS_UNKNOWN_ERROR + 1),
	STATUS_NAME_NOT_FOUND = -ENOENT,
	STATUS_PERMISSION_DENIED = -EPERM,
	STATUS_NO_INIT = -ENODEV,
	STATUS_ALREADY_EXISTS = -EEXIST,
	STATUS_DEAD_OBJECT = -EPIPE,
	STATUS_FAILED_TRANSACTION = (STATUS_UNKNOWN_ERROR + 2),
	STATUS_BAD_INDEX = -EOVERFLOW,
	STATUS_NOT_ENOUGH_DATA = -ENODATA,
	STATUS_WOULD_BLOCK = -EWOULDBLOCK,
	STATUS_TIMED_OUT = -ETIMEDOUT,
	STATUS_UNKNOWN_TRANSACTION = -EBADMSG,
	STATUS_FDS_NOT_ALLOWED = (STATUS_UNKNOWN_ERROR + 7),
	STATUS_UNEXPECTED_NULL = (STATUS_UNKNOWN_ERROR + 8),
};

/* One of STATUS_*.  A service may send any other number too. */
typedef int32_t binder_status_t;

enum {
	EX_NONE = 0,
	EX_SECURITY = -1,
	EX_BAD_PARCELABLE = -2,
	EX_ILLEGAL_ARGUMENT = -3,
	EX_NULL_POINTER = -4,
	EX_ILLEGAL_STATE = -5,
	EX_NETWORK_MAIN_THREAD = -6,
	EX_UNSUPPORTED_OPERATION = -7,
	EX_SERVICE_SPECIFIC = -8,
	EX_PARCELABLE = -9,

	/* Never on the wire: the call itself failed, see AStatus_getStatus(). */
	EX_TRANSACTION_FAILED = -129,
};

/* One of EX_*. */
typedef int32_t binder_exception_t;

/* What a service answered.  Not shared between threads without a lock. */
struct AStatus;
typedef struct AStatus AStatus;

/*
 * Constructors.  The caller owns the result and ends it with AStatus_delete().
 * Messages are UTF-8 and are copied.  Never NULL: without memory a constant
 * object (EX_TRANSACTION_FAILED, STATUS_NO_MEMORY) comes back.
 */
__attribute__((warn_unused_result)) AStatus *AStatus_newOk(void);
__attribute__((warn_unused_result)) AStatus *
AStatus_fromExceptionCode(binder_exception_t exception);
__attribute__((warn_unused_result)) AStatus *
AStatus_fromExceptionCodeWithMessage(binder_exception_t exception, const char *message);
__attribute__((warn_unused_result)) AStatus *
AStatus_fromServiceSpecificError(int32_t serviceSpecific);
__attribute__((warn_unused_result)) AStatus *
AStatus_fromServiceSpecificErrorWithMessage(int32_t serviceSpecific, const char *message);
/* STATUS_OK gives what AStatus_newOk() does, all else EX_TRANSACTION_FAILED. */
__attribute__((warn_unused_result)) AStatus *AStatus_fromStatus(binder_status_t status);

bool AStatus_isOk(const AStatus *status);
/* STATUS_OK unless the exception is EX_TRANSACTION_FAILED. */
binder_status_t AStatus_getStatus(const AStatus *status);
binder_exception_t AStatus_getExceptionCode(const AStatus *status);
/* 0 unless the exception is EX_SERVICE_SPECIFIC. */
int32_t AStatus_getServiceSpecificError(const AStatus *status);
/* "" when there is none; lives as long as the status. */
const char *AStatus_getMessage(const AStatus *status);

/* A line for a log; end it with AStatus_deleteDescription().  Never NULL. */
__attribute__((warn_unused_result)) const char *AStatus_getDescription(const AStatus *status);
void AStatus_deleteDescription(const char *description);

/* NULL is allowed. */
void AStatus_delete(AStatus *status);

#ifdef __cplusplus
}
#endif
#endif
