/* SPDX-License-Identifier: MIT */
/*
 * counts.h: how much of what exists in this process, for leak checks.
 */
#ifndef LIBBINDER_COUNTS_H
#define LIBBINDER_COUNTS_H

#include <stdatomic.h>

extern struct counts {
	atomic_uint proxies, locals, parcels, threads;
} counts;

#define COUNT_UP(what) atomic_fetch_add_explicit(&counts.what, 1, memory_order_relaxed)
#define COUNT_DOWN(what) atomic_fetch_sub_explicit(&counts.what, 1, memory_order_relaxed)

#endif
