/* SPDX-License-Identifier: MIT */
/*
 * transact.h: calling an object.
 */
#ifndef LIBBINDER_TRANSACT_H
#define LIBBINDER_TRANSACT_H

#include "parcel/parcel.h"

/* A parcel for a call to the object; a descriptor (or NULL) becomes its interface token. */
binder_status_t request_new(AIBinder *binder, const char *descriptor, AParcel **ret);

/*
 * Takes *in in every case.  *ret is the reply (an empty parcel for one-way
 * calls).  timeout_ms < 0: waits for ever.
 */
binder_status_t transact(AIBinder *binder, uint32_t code, AParcel **in, AParcel **ret,
			 uint32_t flags, int timeout_ms);

#endif
