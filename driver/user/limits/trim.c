/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * trim.c: gives memory back to the system, after many clients have gone.
 *
 * client.c notes each that goes.  The allocator keeps what was freed between
 * things that live on, so the daemon would stay as large as it was in its
 * busiest moment.
 */
#include "trim.h"
#include "loop.h"
#include "quota.h"

#include <malloc.h>

#define MANY 64
#define QUIET_NS UINT64_C(500000000)

static u32 gone; /* since the timer was set */
static void run(struct loop_timer *timer);
static struct loop_timer timer = { .expired = run };

static void set_timer(void)
{
	gone = 0;
	loop_timer_set(&timer, loop_now() + QUIET_NS);
}

static void run(struct loop_timer *unused)
{
	static u64 last_used;
	u64 used = quota_memory_used();

#ifdef __GLIBC__
	malloc_trim(0);
#endif
	/* The last of many may just have gone, or others still be letting go of what they had. */
	if (gone || used < last_used)
		set_timer();
	last_used = used;
}

void trim_note(void)
{
	gone++;
	if (!timer.armed && gone >= MANY)
		set_timer();
}

void trim_end(void)
{
	loop_timer_cancel(&timer);
	gone = 0;
}
