/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * loop.c: epoll, timers and tasks: everything in binderd is called from here.
 *
 * Fairness comes from two rules: each ready descriptor gets one call for a
 * round of epoll, and a task that puts itself off again waits for the next
 * event, so nobody who is always ready keeps the others waiting.
 */
#include "loop.h"

#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_PER_ROUND 64

static int epoll_fd = -1;
static bool stopping;
static struct epoll_event events[EVENTS_PER_ROUND];
static int event_count;
static struct rb_root timers;
static struct list_head tasks = { &tasks, &tasks };

int loop_init(void)
{
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return epoll_fd < 0 ? -errno : 0;
}

void loop_stop(void)
{
	stopping = true;
}

void loop_close(void)
{
	if (epoll_fd >= 0)
		close(epoll_fd);
	epoll_fd = -1;
}

/* ---- descriptors ------------------------------------------------------------ */

static int control(int op, struct loop_source *source, u32 mask)
{
	struct epoll_event event = { .events = mask, .data.ptr = source };

	return epoll_ctl(epoll_fd, op, source->fd, &event) < 0 ? -errno : 0;
}

int loop_add(struct loop_source *source, u32 mask)
{
	return control(EPOLL_CTL_ADD, source, mask);
}

int loop_change(struct loop_source *source, u32 mask)
{
	return control(EPOLL_CTL_MOD, source, mask);
}

void loop_remove(struct loop_source *source)
{
	control(EPOLL_CTL_DEL, source, 0);
	/* It may be further down in the round that is being handled. */
	for (int i = 0; i < event_count; i++) {
		if (events[i].data.ptr == source)
			events[i].data.ptr = NULL;
	}
}

bool loop_is_quiet(void)
{
	return event_count <= 1 && list_empty(&tasks);
}

/* ---- timers ------------------------------------------------------------------ */

u64 loop_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000u + (u64)now.tv_nsec;
}

u64 loop_worked(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (u64)time.tv_sec * 1000000000u + (u64)time.tv_nsec;
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
	if (!timer->armed)
		return;
	rb_erase(&timer->node, &timers);
	timer->armed = false;
}

static void run_timers(void)
{
	struct rb_node *node;
	u64 now;

	if (!timers.rb_node)
		return;
	now = loop_now();
	while ((node = rb_first(&timers))) {
		struct loop_timer *timer = rb_entry(node, struct loop_timer, node);

		if (timer->at > now)
			return;
		loop_timer_cancel(timer);
		timer->expired(timer);
	}
}

/* For epoll_wait(): ms, rounded up so that it does not wake just before the time. */
static int until_next_timer(void)
{
	struct rb_node *node = rb_first(&timers);
	u64 now, at;

	if (!node)
		return -1;
	now = loop_now();
	at = rb_entry(node, struct loop_timer, node)->at;
	if (at <= now)
		return 0;
	at = (at - now + 999999) / 1000000;
	return at > 3600000 ? 3600000 : (int)at;
}

/* ---- tasks -------------------------------------------------------------------- */

void loop_task_queue(struct loop_task *task)
{
	if (task->queued)
		return;
	task->queued = true;
	list_add_tail(&task->link, &tasks);
}

void loop_task_cancel(struct loop_task *task)
{
	if (!task->queued)
		return;
	task->queued = false;
	list_del_init(&task->link);
}

/* Those that wait now; what they put off themselves waits for another round. */
static void run_tasks(void)
{
	struct list_head batch = { &batch, &batch };

	if (list_empty(&tasks))
		return;
	list_splice_tail_init(&tasks, &batch);
	while (!list_empty(&batch)) {
		struct loop_task *task = list_first_entry(&batch, struct loop_task, link);

		loop_task_cancel(task);
		task->run(task);
	}
}

/* ---- the loop ------------------------------------------------------------------ */

static void run_events(void)
{
	for (int i = 0; i < event_count; i++) {
		struct loop_source *source = events[i].data.ptr;

		if (!source)
			continue;
		source->ready(source, events[i].events);
		/* Whoever was woken by this one goes before the next event. */
		run_tasks();
	}
	event_count = 0;
}

int loop_run(void)
{
	while (!stopping) {
		int timeout = list_empty(&tasks) ? until_next_timer() : 0;

		event_count = epoll_wait(epoll_fd, events, EVENTS_PER_ROUND, timeout);
		if (event_count < 0) {
			event_count = 0;
			if (errno != EINTR)
				return -errno;
		}
		run_events();
		run_tasks();
		run_timers();
	}
	return 0;
}
