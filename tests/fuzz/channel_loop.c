/* SPDX-License-Identifier: MIT */
/*
 * channel_loop.c: stands in for driver/user/loop.c: no epoll, no clock.
 *
 * The daemon registers what it always does; channel.c decides what happens when.
 */
#include "channel_loop.h"
#include "input.h"

static u64 now = 1000000000, worked;
static unsigned int sources;
static struct list_head tasks = { &tasks, &tasks };
static struct rb_root timers;

int loop_init(void)
{
	return 0;
}

int loop_run(void)
{
	return 0;
}

void loop_stop(void) {}

void loop_close(void) {}

/* ---- descriptors ------------------------------------------------------------ */

int loop_add(struct loop_source *source, u32 events)
{
	FUZZ_EXPECT(source->fd >= 0 && source->ready, "a source without a descriptor");
	sources++;
	return 0;
}

int loop_change(struct loop_source *source, u32 events)
{
	return 0;
}

void loop_remove(struct loop_source *source)
{
	FUZZ_EXPECT(sources, "a source is removed that was not added");
	sources--;
}

void channel_loop_ready(struct loop_source *source, u32 events)
{
	source->ready(source, events);
}

/* ---- timers ------------------------------------------------------------------ */

bool loop_is_quiet(void)
{
	return true;
}

u64 loop_now(void)
{
	return now;
}

/* An input means the same on every machine: each look at the clock has taken this long. */
u64 loop_worked(void)
{
	return worked += 5000;
}

void loop_timer_set(struct loop_timer *timer, u64 at)
{
	struct rb_node **link = &timers.rb_node, *parent = NULL;

	loop_timer_cancel(timer);
	while (*link) {
		parent = *link;
		link = at < rb_entry(parent, struct loop_timer, node)->at ? &parent->rb_left :
									    &parent->rb_right;
	}
	timer->at = at;
	timer->armed = true;
	rb_link_node(&timer->node, parent, link);
	rb_insert_color(&timer->node, &timers);
}

void loop_timer_cancel(struct loop_timer *timer)
{
	if (timer->armed)
		rb_erase(&timer->node, &timers);
	timer->armed = false;
}

void channel_loop_pass(u64 ns)
{
	struct rb_node *node;
	int most = 64;

	now += ns;
	while (most-- && (node = rb_first(&timers))) {
		struct loop_timer *timer = rb_entry(node, struct loop_timer, node);

		if (timer->at > now)
			return;
		loop_timer_cancel(timer);
		timer->expired(timer);
	}
}

/* ---- tasks -------------------------------------------------------------------- */

void loop_task_queue(struct loop_task *task)
{
	if (!task->queued)
		list_add_tail(&task->link, &tasks);
	task->queued = true;
}

void loop_task_cancel(struct loop_task *task)
{
	if (task->queued)
		list_del_init(&task->link);
	task->queued = false;
}

void channel_loop_tasks(void)
{
	struct list_head batch = { &batch, &batch };

	list_splice_tail_init(&tasks, &batch);
	while (!list_empty(&batch)) {
		struct loop_task *task = list_first_entry(&batch, struct loop_task, link);

		loop_task_cancel(task);
		task->run(task);
	}
}

bool channel_loop_is_empty(void)
{
	return !sources && !timers.rb_node && list_empty(&tasks);
}
