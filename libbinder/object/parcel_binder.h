/* SPDX-License-Identifier: MIT */
/*
 * parcel_binder.h: binders in a parcel.
 */
#ifndef LIBBINDER_PARCEL_BINDER_H
#define LIBBINDER_PARCEL_BINDER_H

#include "parcel/parcel.h"

/* NULL is the null binder.  The parcel takes a reference of its own. */
binder_status_t parcel_write_binder(AParcel *parcel, AIBinder *binder);
/* A strong reference, or NULL for the null binder. */
binder_status_t parcel_read_binder(const AParcel *parcel, AIBinder **ret);
/* Appends object @index of another parcel, at the position. */
binder_status_t parcel_copy_object(AParcel *to, const AParcel *from, size_t index);

#endif
