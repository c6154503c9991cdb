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

int client_patience(void)
{
	return deadline ? client_milliseconds_until(deadline) : -1;
}

int client_await(int fd)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	uint64_t last = 0;
	int n;

	if (!deadline)
		return 0;
	/* A daemon that lives is given the time to say so, however late it is asked. */
	last = client_now() + CLIENT_GRACE_MS * UINT64_C(1000000);
	if (last < deadline)
		last = deadline;
	do {
		n = poll(&readable, 1, client_milliseconds_until(last));
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n == 0 ? -ETIMEDOUT : 0;
}
