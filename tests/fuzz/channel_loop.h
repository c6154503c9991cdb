/* SPDX-License-Identifier: MIT */
/*
 * channel_loop.h: binderd's event loop, moved by hand; see channel_loop.c.
 */
#ifndef TESTS_FUZZ_CHANNEL_LOOP_H
#define TESTS_FUZZ_CHANNEL_LOOP_H

#include "loop.h"

/* One round of the tasks that wait now. */
void channel_loop_tasks(void);
/* Time passes, and timers expire. */
void channel_loop_pass(u64 ns);
/* Nothing is registered any more. */
bool channel_loop_is_empty(void);
/* Calls a source as epoll would, if it is registered. */
void channel_loop_ready(struct loop_source *source, u32 events);

#endif
