/* SPDX-License-Identifier: MIT */
/*
 * parcel_fuzz.h: between parcel.c and what it is made of.
 */
#ifndef TESTS_FUZZ_PARCEL_FUZZ_H
#define TESTS_FUZZ_PARCEL_FUZZ_H

#include "input.h"
#include "parcel.h"

#include <binder/ext.h>

/* The receive buffer of the only connection. */
extern uint8_t *driver_memory;
#define DRIVER_MEMORY 65536u

/* parcel_read.c: one read, chosen by the input; what it allocates is freed again. */
void parcel_fuzz_read(struct input *in, const AParcel *parcel, int depth);

#endif
