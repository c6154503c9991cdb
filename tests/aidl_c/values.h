/* SPDX-License-Identifier: MIT */
/*
 * values.h: random values of AIDL types, for agree.c and everyone.c.
 */
#ifndef TESTS_AIDL_C_VALUES_H
#define TESTS_AIDL_C_VALUES_H

#include <binder/aidl_data.h>

/* What is used where an IBinder is wanted. */
extern AIBinder *values_binder;
/* Knows what a ParcelableHolder may hold. */
extern struct aidl_library *values_library;

void values_seed(uint64_t seed);
unsigned values_pick(unsigned below);
void values_arguments(const struct aidl_method *method, struct aidl_data *data);
void values_reply(const struct aidl_method *method, struct aidl_data *data);

#endif
