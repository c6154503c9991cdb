/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * deadline.c: how long the calling thread is ready to wait for the daemon.
 *
 * Set by libbinder around its calls; client.c, attach.c and channel.c ask how
 * much of it is left wherever they wait for the daemon.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

static __thread uint64_t deadline;

uint64_t client_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void binder_client_set_deadline(uint64_t ns)
{
	deadline = ns;
}

int client_milliseconds_until(uint64_t then)
{
	uint64_t now = client_now(), left = then > now ? (then - now + 999999) / 1000000 : 0;

	return left > INT_MAX ? INT_MAX : (int)left;
}

int client_timeout(void)
{
	return deadline ? client_milliseconds_until(deadline) : -1;
}

static int await_until(int fd, uint64_t then)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	int n;

	do {
		n = poll(&readable, 1, client_milliseconds_until(then));
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n == 0 ? -ETIMEDOUT : 0;
}

int client_await(int fd, uint32_t steps)
{
	int r = -ETIMEDOUT;

	if (!deadline)
		return 0;
	for (; r == -ETIMEDOUT && steps; steps--)
		r = await_until(fd, client_now() + CLIENT_ASK_MS * UINT64_C(1000000));
	return r == -ETIMEDOUT ? await_until(fd, deadline) : r;
}
