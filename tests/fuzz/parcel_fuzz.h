/* SPDX-License-Identifier: MIT */
/*
 * parcel_fuzz.h: between parcel.c, aidl_parcel.c and what they are made of.
 */
#ifndef TESTS_FUZZ_PARCEL_FUZZ_H
#define TESTS_FUZZ_PARCEL_FUZZ_H

#include "input.h"
#include "parcel/parcel.h"

#include <binder/ext.h>

/* The receive buffer of the only connection. */
extern uint8_t *driver_memory;
#define DRIVER_MEMORY 65536u

/* parcel_world.c: one of our own, or one that came from a driver, with objects in it. */
extern ABinderConnection *parcel_fuzz_connection;
AParcel *parcel_fuzz_own(struct input *in);
AParcel *parcel_fuzz_received(struct input *in);
void parcel_fuzz_end(AParcel *parcel, bool received);
/* Tells whether a descriptor was left open since it was last asked. */
int parcel_fuzz_lowest_fd(void);

/* parcel_read.c: one read, chosen by the input; what it allocates is freed again. */
void parcel_fuzz_read(struct input *in, const AParcel *parcel, int depth);

#endif
