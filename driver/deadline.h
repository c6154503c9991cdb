/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * deadline.h: moments until which something is waited for.
 *
 * A deadline is CLOCK_MONOTONIC in nanoseconds; 0 is none.  Programs say how
 * many milliseconds they have, < 0 for ever; libbinder and driver/client pass
 * the moment on as an argument, so that several steps share one limit.
 */
#ifndef BINDER_DEADLINE_H
#define BINDER_DEADLINE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

static inline uint64_t deadline_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static inline uint64_t deadline_in(int timeout_ms)
{
	return timeout_ms < 0 ? 0 : deadline_now() + (uint64_t)timeout_ms * 1000000;
}

static inline uint64_t deadline_earlier(uint64_t a, uint64_t b)
{
	return !a ? b : !b || a < b ? a : b;
}

/* As poll() takes it: -1 for none, 0 when it is over; a part of a millisecond is a whole one. */
static inline int deadline_left(uint64_t deadline)
{
	uint64_t now, ms;

	if (!deadline)
		return -1;
	now = deadline_now();
	ms = deadline > now ? (deadline - now + 999999) / 1000000 : 0;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

static inline bool deadline_over(uint64_t deadline)
{
	return deadline && deadline_now() >= deadline;
}

#endif
