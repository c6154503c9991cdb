/* SPDX-License-Identifier: MIT */
/*
 * histogram.c: how durations are distributed, in bounded memory.
 *
 * Called by totals.c.  Values below 16 have a bucket each; above, the four bits behind the highest
 * one choose among the 16 buckets of a power of two.
 */
#include "cli/watch/histogram.h"

#define BITS 4
#define PER_POWER (1u << BITS)

static size_t bucket_of(uint64_t value)
{
	unsigned power;
	size_t bucket;

	if (value < PER_POWER)
		return value;
	power = 63 - (unsigned)__builtin_clzll(value);
	bucket = (power - BITS + 1) * PER_POWER + ((value >> (power - BITS)) & (PER_POWER - 1));
	return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

uint64_t histogram_floor(size_t bucket)
{
	size_t power = bucket / PER_POWER;

	if (power == 0)
		return bucket;
	return (uint64_t)(PER_POWER + bucket % PER_POWER) << (power - 1);
}

void histogram_add(struct histogram *histogram, uint64_t value)
{
	uint32_t *bucket = &histogram->bucket[bucket_of(value)];

	if (*bucket < UINT32_MAX)
		++*bucket;
	histogram->count++;
	histogram->sum += value;
	if (value > histogram->max)
		histogram->max = value;
}

uint64_t histogram_percentile(const struct histogram *histogram, unsigned percent)
{
	uint64_t seen = 0, wanted = (histogram->count * percent + 99) / 100;

	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += histogram->bucket[i];
		if (seen && seen >= wanted) {
			uint64_t high = i + 1 < HISTOGRAM_BUCKETS ? histogram_floor(i + 1) - 1 :
								    histogram->max;

			return high < histogram->max ? high : histogram->max;
		}
	}
	return histogram->max;
}
