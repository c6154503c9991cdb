/* SPDX-License-Identifier: MIT */
/*
 * histogram.h: how durations are distributed, in bounded memory.
 *
 * A power of two has 16 buckets, so a percentile is wrong by at most 1/16.
 */
#ifndef CLI_WATCH_HISTOGRAM_H
#define CLI_WATCH_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_BUCKETS 608

struct histogram {
	uint64_t count, sum, max;
	uint32_t bucket[HISTOGRAM_BUCKETS]; /* the last one has all that is longer */
};

void histogram_add(struct histogram *histogram, uint64_t value);
/* The value that so many of a hundred do not exceed; 0: there are none. */
uint64_t histogram_percentile(const struct histogram *histogram, unsigned percent);
/* The values of a bucket are from its floor to below the floor of the next. */
uint64_t histogram_floor(size_t bucket);

#endif
