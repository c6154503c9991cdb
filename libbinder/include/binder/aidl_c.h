/* SPDX-License-Identifier: MIT */
/*
 * binder/aidl_c.h: what C code made by `binderctl aidl --lang=c` is made of.
 *
 * Generated sources include it; programs need only their generated headers.
 * Everything is inline and stands on android/binder_*.h and binder/ext.h.
 * Values from other processes are hostile: counts are believed only as far as
 * there are bytes, and nesting ends somewhere.
 *
 * Readers replace what the place held, and leave it alone when they fail.
 * nullable: null is allowed, for a pointer as NULL, for an array as count -1,
 * for a file as -1; of an array, inner says it of the items.  A NULL string
 * that may not be null is written as "".
 */
#ifndef BINDER_AIDL_C_H
#define BINDER_AIDL_C_H

#include <binder/aidl_c_array.h>
#include <binder/aidl_c_holder.h>
#include <binder/aidl_c_map.h>
#include <binder/aidl_c_value.h>

/* ---- calls ------------------------------------------------------------------------------------ */

/* Sends the request and reads the status word of the reply; an exception ends up in *failure,
 * and STATUS_FAILED_TRANSACTION says that nothing else is to be read. */
static inline binder_status_t aidlc_call(AIBinder *binder, transaction_code_t code, AParcel **in,
					 AParcel **out, AStatus **failure)
{
	AStatus *answer;
	binder_status_t status = AIBinder_transact(binder, code, in, out, 0);

	if (status == STATUS_OK)
		status = AParcel_readStatusHeader(*out, &answer);
	if (status != STATUS_OK)
		return status;
	if (AStatus_isOk(answer)) {
		AStatus_delete(answer);
		return STATUS_OK;
	}
	*failure = answer;
	return STATUS_FAILED_TRANSACTION;
}

static inline binder_status_t aidlc_send(AIBinder *binder, transaction_code_t code, AParcel **in,
					 AParcel **out)
{
	return AIBinder_transact(binder, code, in, out, FLAG_ONEWAY);
}

/* What a method of a proxy returns; NULL: all went well. */
static inline AStatus *aidlc_finish(AParcel *in, AParcel *out, binder_status_t status,
				    AStatus *failure)
{
	AParcel_delete(in);
	AParcel_delete(out);
	if (failure)
		return failure;
	return status == STATUS_OK ? NULL : AStatus_fromStatus(status);
}

/* The reply has been written already, and holds an exception. */
#define AIDLC_EXCEPTION 1

/* Begins a reply with what a method returned, and deletes that. */
static inline binder_status_t aidlc_answer(AParcel *out, AStatus *failure)
{
	binder_status_t status;
	AStatus *ok;

	if (failure && !AStatus_isOk(failure)) {
		status = AParcel_writeStatusHeader(out, failure);
		AStatus_delete(failure);
		return status == STATUS_OK ? AIDLC_EXCEPTION : status;
	}
	ok = failure ? failure : AStatus_newOk();
	status = AParcel_writeStatusHeader(out, ok);
	AStatus_delete(ok);
	return status;
}

#endif
