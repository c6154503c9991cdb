/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * channel.c: one thread's line to binderd: making a request and waiting for it.
 *
 * Called by ioctl.c, memory.c and client.c around each request.  One
 * epoll_wait() tells that the mailbox is ours again, that the daemon died, or
 * that a signal handler ran (it is never restarted, as a device's ioctl is
 * not).  attach.c makes channels.
 */
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* As many bytes as the doorbell may hold. */
#define RINGS 1024
/* Staged payloads beyond this are given back to the system after the request. */
#define KEEP_STAGED (256u << 10)
/* The same for what was read. */
#define KEEP_READ (32u << 10)

static void ring(struct client_channel *ch)
{
	char bytes[RINGS];

	/* Nobody but us reads it; it must never be full. */
	if (ch->rings == RINGS) {
		while (read(ch->bell[0], bytes, sizeof(bytes)) < 0 && errno == EINTR)
			;
		ch->rings = 0;
	}
	while (write(ch->bell[1], "", 1) < 0 && errno == EINTR)
		;
	ch->rings++;
}

static bool is_closed(const struct client_channel *ch)
{
	return __atomic_load_n(&ch->use, __ATOMIC_ACQUIRE) == CLIENT_CLOSED;
}

static uint32_t state_of(const struct client_channel *ch)
{
	return __atomic_load_n(&ch->box->state, __ATOMIC_ACQUIRE);
}

/* ---- waiting --------------------------------------------------------------- */

static int await_until(int fd, uint64_t then)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	int n;

	do {
		n = poll(&readable, 1, deadline_left(then));
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n == 0 ? -ETIMEDOUT : 0;
}

int client_await(int fd, uint32_t steps, uint64_t deadline)
{
	int r = -ETIMEDOUT;

	if (!deadline)
		return 0;
	for (; r == -ETIMEDOUT && steps; steps--)
		r = await_until(fd, deadline_in(CLIENT_ASK_MS));
	return r == -ETIMEDOUT ? await_until(fd, deadline) : r;
}

/* The daemon decides whether this or the work came first. */
static void cancel(struct client_channel *ch)
{
	if (ch->cancelled)
		return;
	ch->cancelled = true;
	__atomic_store_n(&ch->box->cancel, 1, __ATOMIC_RELEASE);
	ring(ch);
}

static void await_answer(struct client_channel *ch)
{
	ch->ask_until = deadline_in(CLIENT_ASK_MS);
}

static void ask(struct client_channel *ch)
{
	__atomic_store_n(&ch->box->ping, ++ch->ping, __ATOMIC_RELEASE);
	ring(ch);
	await_answer(ch);
}

/*
 * The time for an answer is over.  A daemon that lives answers the cancel as soon as it
 * comes to it, and so it does the question whether it lives.  0, -ETIMEDOUT: it hangs.
 */
static int judge_silence(struct client_channel *ch)
{
	if (!ch->ask_until || __atomic_load_n(&ch->box->pong, __ATOMIC_ACQUIRE) == ch->ping) {
		cancel(ch);
		ch->silences = 0;
		ask(ch);
		return 0;
	}
	if (++ch->silences == CLIENT_SILENCES)
		return -ETIMEDOUT;
	await_answer(ch);
	return 0;
}

/*
 * 0: look again; -EINTR: a signal handler ran; -ENODEV: the other side hung up;
 * -ETIMEDOUT: it hangs.
 */
static int wait_once(struct client_channel *ch)
{
	int timeout = deadline_left(ch->ask_until ? ch->ask_until : ch->deadline);
	struct epoll_event events[2];
	int n = epoll_wait(ch->waker, events, 2, timeout);

	if (n < 0)
		return errno == EINTR ? -EINTR : -ENODEV;
	if (n == 0)
		return judge_silence(ch);
	for (int i = 0; i < n; i++) {
		if (events[i].events & (EPOLLHUP | EPOLLRDHUP | EPOLLERR))
			return -ENODEV;
	}
	return 0;
}

static bool has_nice(const struct client_channel *ch)
{
	return __atomic_load_n(&ch->box->nice, __ATOMIC_RELAXED);
}

/*
 * Until the mailbox is the client's again: 0, -EBADF, -ENODEV, -ETIMEDOUT.  -EINTR: a
 * signal handler forked, and this is the child, which has none.
 */
static int wait_for_answer(struct client_channel *ch)
{
	int r = 0;

	for (;;) {
		if (!ch->box)
			return -EINTR;
		if (state_of(ch) != CHANNEL_REQUEST)
			return 0;
		if (r == -ENODEV)
			return is_closed(ch) ? -EBADF : -ENODEV;
		if (r == -ETIMEDOUT)
			return r;
		r = wait_once(ch);
		if (!ch->box)
			continue;
		if (has_nice(ch))
			client_nice_apply(ch);
		if (r == -EINTR)
			cancel(ch);
	}
}

void client_channel_prepare(struct client_channel *ch, uint32_t op)
{
	struct channel_mailbox *box = ch->box;

	memset(&box->op, 0,
	       offsetof(struct channel_mailbox, range) - offsetof(struct channel_mailbox, op));
	box->cancel = 0;
	ch->cancelled = false;
	ch->ask_until = 0;
	box->file_result = 0;
	box->op = op;
	if (__atomic_load_n(&ch->client->nonblock, __ATOMIC_RELAXED))
		box->flags = CHANNEL_NONBLOCK;
	ch->near_used = 0;
	ch->in_used = 0;
	ch->ranges = 0;
	ch->file_count = 0;
}

int client_channel_request(struct client_channel *ch)
{
	struct channel_mailbox *box = ch->box;
	int r;

	if (ch->file_count)
		client_files_send(ch);
	box->range_count = ch->ranges;
	for (;;) {
		__atomic_store_n(&box->state, CHANNEL_REQUEST, __ATOMIC_RELEASE);
		ring(ch);
		r = wait_for_answer(ch);
		if (r < 0) {
			ch->broken = true;
			if (r == -ETIMEDOUT)
				__atomic_store_n(&ch->client->hung, 1, __ATOMIC_RELAXED);
			return r;
		}
		if (has_nice(ch))
			client_nice_apply(ch);
		if (state_of(ch) != CHANNEL_FILES)
			break;
		client_files_take(ch);
	}
	if (box->close_count)
		client_files_close(ch);
	if (box->notice_down)
		client_take_notice(ch->client);
	return 0;
}

int client_channel_simple(struct client_channel *ch)
{
	int r = client_channel_request(ch);

	return r < 0 ? r : ch->box->result;
}

/* ---- whose it is ----------------------------------------------------------- */

/* Under client_lock.  The structure stays with its thread. */
static void release_resources(struct client_channel *ch)
{
	if (!ch->box)
		return;
	/* A forked child may hold duplicates: hanging up is not left to close(). */
	shutdown(ch->sock, SHUT_RDWR);
	close(ch->sock);
	close(ch->bell[0]);
	close(ch->bell[1]);
	close(ch->waker);
	munmap(ch->box, CHANNEL_SIZE);
	ch->box = NULL;
}

void client_channel_leave(struct client_channel *ch)
{
	int busy = CLIENT_BUSY;

	if (!ch->box) {
		pthread_mutex_lock(&client_lock);
		client_channel_free_locked(ch);
		pthread_mutex_unlock(&client_lock);
		return;
	}
	if (ch->in_used > KEEP_STAGED)
		madvise(client_in(ch), CHANNEL_IN_SIZE, MADV_REMOVE);
	if (ch->far_used > KEEP_READ) {
		madvise((char *)ch->box + CHANNEL_FAR_OFFSET, CHANNEL_FAR_SIZE, MADV_REMOVE);
		ch->far_used = 0;
	}
	if (__atomic_compare_exchange_n(&ch->use, &busy, CLIENT_IDLE, false, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE))
		return;
	pthread_mutex_lock(&client_lock);
	release_resources(ch);
	pthread_mutex_unlock(&client_lock);
}

static void unlink_locked(struct client_channel *ch)
{
	if (ch->prev)
		ch->prev->next = ch->next;
	else if (ch->client->channels == ch)
		ch->client->channels = ch->next;
	if (ch->next)
		ch->next->prev = ch->prev;
	ch->prev = NULL;
	ch->next = NULL;
}

void client_channel_close_locked(struct client_channel *ch)
{
	unlink_locked(ch);
	if (__atomic_exchange_n(&ch->use, CLIENT_CLOSED, __ATOMIC_ACQ_REL) == CLIENT_IDLE) {
		release_resources(ch);
		return;
	}
	/* Its thread is inside a call: this wakes it, and it releases the rest. */
	if (ch->box)
		shutdown(ch->sock, SHUT_RDWR);
}

void client_channel_free_locked(struct client_channel *ch)
{
	if (__atomic_load_n(&ch->use, __ATOMIC_ACQUIRE) != CLIENT_CLOSED)
		unlink_locked(ch);
	release_resources(ch);
	client_unref_locked(ch->client);
	free(ch->files);
	free(ch);
}
