/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * notice.c: makes a connection readable while there is work for its process.
 *
 * client.c calls at LISTEN, request.c before each answer, thread.c when work
 * comes for a thread that is in no request.  channel.h has the rules.
 *
 * What any free thread would see is asked of the core through a thread that
 * nobody is: the listener, which polls and does nothing else.
 */
#include "notice.h"
#include "log.h"
#include "thread.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

struct notice {
	struct port_proc *client;
	struct loop_task task;
	struct port_thread *listener; /* freed by the core's end of it */
	bool up;                      /* a packet lies there that no answer has asked for yet */
	bool own_work;                /* some thread may have work of its own */
};

/* ---- is there work? -------------------------------------------------------------- */

/* Marks the thread as one that polls, so that the core tells of its work. */
static bool has_work(const struct port_thread *thread)
{
	return binder_thread_poll(thread->core) != 0;
}

static bool counts(const struct port_thread *thread)
{
	return thread->core && thread->request.step == REQUEST_NONE &&
	       (thread->client->thread_count == 1 || binder_thread_is_looper(thread->core));
}

static bool is_readable(struct notice *notice)
{
	struct port_thread *thread;

	if (has_work(notice->listener))
		return true;
	if (!notice->own_work)
		return false;
	list_for_each_entry(thread, &notice->client->threads, link) {
		if (counts(thread) && has_work(thread))
			return true;
	}
	notice->own_work = false;
	return false;
}

/* ---- up and down ------------------------------------------------------------------- */

static void put_up(struct notice *notice)
{
	if (notice->up || send(notice->client->source.fd, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return; /* full: so it is readable as it is; or gone */
	notice->up = true;
}

static void look_again(struct loop_task *task)
{
	struct notice *notice = container_of(task, struct notice, task);

	if (is_readable(notice))
		put_up(notice);
}

void notice_wake(struct port_thread *thread)
{
	struct notice *notice = thread->client->notice;

	if (!notice)
		return;
	if (thread != notice->listener)
		notice->own_work = true;
	loop_task_queue(&notice->task);
}

bool notice_settle(struct port_thread *thread)
{
	struct notice *notice = thread->client->notice;

	if (!notice)
		return false;
	if (thread->core && has_work(thread))
		notice->own_work = true;
	if (is_readable(notice)) {
		put_up(notice);
		return false;
	}
	if (!notice->up)
		return false;
	notice->up = false;
	return true;
}

void notice_flushed(struct port_proc *client)
{
	struct port_thread *thread;

	if (!client->notice)
		return;
	binder_thread_ioctl_done(client->notice->listener->core);
	list_for_each_entry(thread, &client->threads, link) {
		if (thread->core && thread->request.step == REQUEST_NONE) {
			binder_thread_ioctl_done(thread->core);
			thread->flushed = true;
		}
	}
}

/* ---- beginning and end --------------------------------------------------------------- */

static struct port_thread *make_listener(struct port_proc *client)
{
	struct port_thread *listener = port_alloc(sizeof(*listener));

	if (!listener)
		return NULL;
	listener->client = client;
	listener->tid = --client->spare_tid;
	listener->wake = -1;
	listener->hung_up = true; /* has no channel; goes when the core lets go of it */
	if (thread_enter_core(listener) < 0) {
		port_free(listener);
		return NULL;
	}
	binder_thread_ioctl_done(listener->core);
	return listener;
}

static int begin(struct port_proc *client)
{
	struct notice *notice = port_alloc(sizeof(*notice));
	const int small = 1;

	if (!notice)
		return -ENOMEM;
	notice->client = client;
	notice->task.run = look_again;
	notice->own_work = true;
	notice->listener = make_listener(client);
	if (!notice->listener) {
		port_free(notice);
		return -ENOMEM;
	}
	/* Bounds what a client that never reads can keep. */
	setsockopt(client->source.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	client->notice = notice;
	return 0;
}

int notice_listen(struct port_proc *client)
{
	int unread = 0;

	if (!client->notice) {
		int r = begin(client);

		if (r < 0)
			return r;
	}
	if (ioctl(client->source.fd, SIOCOUTQ, &unread) < 0)
		unread = 0;
	client->notice->up = unread > 0;
	look_again(&client->notice->task);
	return 0;
}

void notice_close(struct port_proc *client)
{
	if (!client->notice)
		return;
	loop_task_cancel(&client->notice->task);
	port_free(client->notice);
	client->notice = NULL;
}
