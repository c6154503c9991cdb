/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * loop.h: binderd's one event loop: descriptors, timers, and work put off.
 *
 * Nothing here allocates: sources, timers and tasks lie in their owners.  Any
 * callback may remove and free any of them, its own included.
 */
#ifndef BINDERD_LOOP_H
#define BINDERD_LOOP_H

#include "port.h"

struct loop_source {
	int fd;
	void (*ready)(struct loop_source *source, u32 events);
};

struct loop_timer {
	struct rb_node node;
	u64 at;
	bool armed;
	void (*expired)(struct loop_timer *timer);
};

/* Runs once, after the event that is being handled. */
struct loop_task {
	struct list_head link;
	bool queued;
	void (*run)(struct loop_task *task);
};

int loop_init(void);
/* Until loop_stop(): 0, or -errno when waiting itself fails. */
int loop_run(void);
void loop_stop(void);
void loop_close(void);

int loop_add(struct loop_source *source, u32 events);
int loop_change(struct loop_source *source, u32 events);
/* Call before the descriptor is closed. */
void loop_remove(struct loop_source *source);
/* Is the event that is being handled the only one of its round? */
bool loop_is_quiet(void);

u64 loop_now(void);    /* ns, monotonic */
u64 loop_worked(void); /* ns that this thread had a processor: other programs' are not in it */
void loop_timer_set(struct loop_timer *timer, u64 at);
void loop_timer_cancel(struct loop_timer *timer);

void loop_task_queue(struct loop_task *task);
void loop_task_cancel(struct loop_task *task);

#endif
