/* SPDX-License-Identifier: MIT */
/*
 * astatus.h: what lies in an AStatus, for those that read and write it.
 */
#ifndef LIBBINDER_ASTATUS_H
#define LIBBINDER_ASTATUS_H

#include "parcel.h"

struct AStatus {
	binder_exception_t exception;
	int32_t service_specific;
	binder_status_t status;
	char *message; /* NULL: none */
};

/* Reads a reply's header into fresh memory; the message is malloc()ed. */
binder_status_t status_read(const AParcel *parcel, struct AStatus *ret);

#endif
