/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * share.c: a connection whose descriptor is the program's, to keep and to poll.
 *
 * Called by the preload library; channel.c takes the notice down when an
 * answer says so.  channel.h has the rules.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Out of the way of programs that count on low numbers, where the limit allows it. */
#define PRIVATE_FD 512

static int private_duplicate(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, PRIVATE_FD);

	if (copy < 0)
		copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return copy < 0 ? -errno : copy;
}

static int say_listen(int fd)
{
	const struct channel_hello listen = { CHANNEL_LISTEN, CHANNEL_MAGIC };
	ssize_t n;

	do {
		n = send(fd, &listen, sizeof(listen), MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n >= 0)
		return 0;
	return errno == EPIPE || errno == ECONNRESET ? -ENODEV : -errno;
}

static bool take_packet(int fd)
{
	char byte;
	ssize_t n;

	do {
		n = recv(fd, &byte, sizeof(byte), MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

void client_take_notice(const struct binder_client *client)
{
	take_packet(client->fd);
}

int binder_client_share(struct binder_client *client)
{
	int shared = client->fd, r;

	r = private_duplicate(shared);
	if (r < 0)
		return r;
	client->fd = r;
	r = say_listen(shared);
	if (r < 0) {
		close(client->fd);
		client->fd = shared;
		return r;
	}
	return shared;
}

int binder_client_adopt(int fd, struct binder_client **ret)
{
	struct binder_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	client->fd = private_duplicate(fd);
	r = client->fd < 0 ? client->fd : 0;
	if (r == 0) {
		while (take_packet(client->fd))
			;
		r = say_listen(client->fd);
	}
	if (r < 0) {
		if (client->fd >= 0)
			close(client->fd);
		free(client);
		return r;
	}
	client->nonblock = !!(fcntl(fd, F_GETFL) & O_NONBLOCK);
	client_register(client);
	*ret = client;
	return 0;
}
