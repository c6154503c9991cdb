/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * waiting.c: poll, select and epoll, in front of the C library.
 *
 * The descriptor of a device is a socket here, and a socket can be written to.  A Binder device
 * never says so: it reports that it can be read, or an error.  So nobody is told, and nobody who
 * waits for that alone is woken.
 */
#include "preload.h"

#include "real.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WRITABLE (POLLOUT | POLLWRNORM | POLLWRBAND)
#define FEW 32

PRELOAD_EXPORT int __poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t room);
PRELOAD_EXPORT int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
			       const sigset_t *mask, size_t room);

static bool is_device(int fd)
{
	struct preload_device *device = fd < 0 ? NULL : preload_get(fd);

	if (device)
		preload_put(device);
	return device;
}

/* ---- poll -------------------------------------------------------------------- */

/*
 * What poll() is to be called with: the program's own array, or, if a device is to be written to,
 * a copy (in few, or malloc()ed) that does not ask for that.  NULL: no memory.
 */
static struct pollfd *questions(struct pollfd *fds, nfds_t count, struct pollfd few[FEW])
{
	struct pollfd *copy = NULL;

	for (nfds_t i = 0; i < count; i++) {
		if (!(fds[i].events & WRITABLE) || !is_device(fds[i].fd))
			continue;
		if (!copy) {
			copy = count <= FEW ? few : malloc(count * sizeof(*copy));
			if (!copy)
				return NULL;
			memcpy(copy, fds, count * sizeof(*copy));
		}
		copy[i].events &= (short)~WRITABLE;
	}
	return copy ? copy : fds;
}

static void take_answers(struct pollfd *fds, struct pollfd *asked, nfds_t count,
			 const struct pollfd *few)
{
	int error = errno;

	for (nfds_t i = 0; asked != fds && i < count; i++)
		fds[i].revents = asked[i].revents;
	if (asked != fds && asked != few)
		free(asked);
	errno = error;
}

PRELOAD_EXPORT int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	struct pollfd few[FEW], *asked = questions(fds, count, few);
	int r;

	if (!asked && count) {
		errno = ENOMEM;
		return -1;
	}
	r = preload_real()->poll(asked, count, timeout);
	take_answers(fds, asked, count, few);
	return r;
}

PRELOAD_EXPORT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
			 const sigset_t *mask)
{
	struct pollfd few[FEW], *asked = questions(fds, count, few);
	int r;

	if (!asked && count) {
		errno = ENOMEM;
		return -1;
	}
	r = preload_real()->ppoll(asked, count, timeout, mask);
	take_answers(fds, asked, count, few);
	return r;
}

int __poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t room)
{
	if (room / sizeof(*fds) < count)
		abort();
	return poll(fds, count, timeout);
}

int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
		const sigset_t *mask, size_t room)
{
	if (room / sizeof(*fds) < count)
		abort();
	return ppoll(fds, count, timeout, mask);
}

/* ---- select ------------------------------------------------------------------ */

static void leave_devices_out(int count, fd_set *out)
{
	for (int fd = 0; out && fd < count && fd < FD_SETSIZE; fd++)
		if (FD_ISSET(fd, out) && is_device(fd))
			FD_CLR(fd, out);
}

PRELOAD_EXPORT int select(int count, fd_set *in, fd_set *out, fd_set *except,
			  struct timeval *timeout)
{
	leave_devices_out(count, out);
	return preload_real()->select(count, in, out, except, timeout);
}

PRELOAD_EXPORT int pselect(int count, fd_set *in, fd_set *out, fd_set *except,
			   const struct timespec *timeout, const sigset_t *mask)
{
	leave_devices_out(count, out);
	return preload_real()->pselect(count, in, out, except, timeout, mask);
}

/* ---- epoll ------------------------------------------------------------------- */

PRELOAD_EXPORT int epoll_ctl(int set, int op, int fd, struct epoll_event *event)
{
	struct epoll_event asked;

	if (op == EPOLL_CTL_DEL || !event || !(event->events & WRITABLE) || !is_device(fd))
		return preload_real()->epoll_ctl(set, op, fd, event);
	asked = *event;
	asked.events &= ~(uint32_t)WRITABLE;
	return preload_real()->epoll_ctl(set, op, fd, &asked);
}
