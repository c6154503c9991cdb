/* SPDX-License-Identifier: MIT */
/*
 * limit.h: how long a test waits for what should come before it says that it hangs.
 *
 * A test names the time that an idle machine needs at most.  The variable TEST_SLOW
 * multiplies it; tests/run sets it and says how.
 */
#ifndef TESTS_LIMIT_H
#define TESTS_LIMIT_H

#include <stdlib.h>

static inline int test_slow(void)
{
	const char *text = getenv("TEST_SLOW");
	const int factor = text ? atoi(text) : 0;

	return factor > 0 ? factor : 10;
}

/* Milliseconds, seconds, or rounds that are a millisecond each. */
static inline int limit_of(int idle)
{
	return idle * test_slow();
}

#endif
