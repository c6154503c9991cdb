/* SPDX-License-Identifier: MIT */
/*
 * captured.h: parcels that somebody else received, to be read and not used.
 */
#ifndef LIBBINDER_CAPTURED_H
#define LIBBINDER_CAPTURED_H

#include "parcel/parcel.h"

struct captured_bytes {
	const void *data;
	size_t size;
	const uint64_t *offsets;
	size_t offset_count;
	const struct profile *profile; /* NULL: the parcel's connection's */
};

/* What an object was to the process that received it. */
struct captured_object {
	uint32_t type;   /* BINDER_TYPE_HANDLE, _BINDER, _FD ...; 0: the null binder */
	uint64_t number; /* handle, address, or descriptor */
};

/* Copies the bytes into a fresh parcel; parcel_clear() frees them, also after a failure. */
binder_status_t parcel_init_captured(AParcel *parcel, const struct captured_bytes *bytes);
void parcel_clear_captured(AParcel *parcel);

/* The binder or descriptor at the position, which moves on behind it. */
binder_status_t parcel_read_captured(const AParcel *parcel, struct captured_object *ret);

#endif
