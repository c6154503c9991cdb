/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * client.c: opening and closing a device that binderd serves, and fork().
 *
 * Called by libbinder; connects, says HELLO, and keeps the list of clients.
 * Everything that a thread does with a client goes through its channel.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

pthread_mutex_t client_lock = PTHREAD_MUTEX_INITIALIZER;

static struct binder_client *clients;

static void fork_prepare(void)
{
	pthread_mutex_lock(&client_lock);
}

static void fork_parent(void)
{
	pthread_mutex_unlock(&client_lock);
}

/* Only the forking thread lives on; it must not share mailboxes with its parent. */
static void fork_child(void)
{
	client_channel_forget_thread();
	for (struct binder_client *client = clients; client; client = client->next) {
		client_channel_forget_others(client);
		client->map = NULL;
		client->ptracer_tried = false;
	}
	pthread_mutex_unlock(&client_lock);
}

static void register_once(void)
{
	pthread_atfork(fork_prepare, fork_parent, fork_child);
}

void client_register_fork_handlers(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, register_once);
}

/* Before anybody else's if that can be had: handlers of the program then run while client_lock is
 * free, before fork() takes it and after the child has put things right.  They may use a device, or
 * close it, as those of Android's libbinder do. */
__attribute__((constructor(101))) static void register_early(void)
{
	client_register_fork_handlers();
}

/* A path too long for an address is reached through its directory's descriptor. */
static int socket_address(const char *path, struct sockaddr_un *ret, int *dir_ret)
{
	const char *name = strrchr(path, '/');
	size_t dir_length = name ? (size_t)(name - path) : 0;
	char *dir;
	int fd, n;

	memset(ret, 0, sizeof(*ret));
	ret->sun_family = AF_UNIX;
	*dir_ret = -1;
	if (strlen(path) < sizeof(ret->sun_path)) {
		strcpy(ret->sun_path, path);
		return 0;
	}
	if (!dir_length)
		return -ENAMETOOLONG;
	dir = strndup(path, dir_length);
	if (!dir)
		return -ENOMEM;
	fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0)
		return -errno;
	n = snprintf(ret->sun_path, sizeof(ret->sun_path), "/proc/self/fd/%d%s", fd, name);
	if (n < 0 || (size_t)n >= sizeof(ret->sun_path)) {
		close(fd);
		return -ENAMETOOLONG;
	}
	*dir_ret = fd;
	return 0;
}

/* For connect(), which waits while more callers than the daemon's backlog stand before us. */
static void limit_sending(int fd, int ms)
{
	const struct timeval limit = { ms / 1000, ms % 1000 * 1000 };

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

static int connect_to(int fd, const char *path, uint64_t deadline)
{
	struct sockaddr_un address;
	int timeout = deadline_left(deadline), dir, r;

	r = socket_address(path, &address, &dir);
	if (r < 0)
		return r;
	if (timeout >= 0)
		limit_sending(fd, timeout + 1);
	do {
		r = connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
	} while (r == -EINTR);
	if (dir >= 0)
		close(dir);
	if (timeout >= 0)
		limit_sending(fd, 0);
	if (r == -EAGAIN)
		return -ETIMEDOUT;
	/* -EPROTOTYPE: a socket, but nothing of ours. */
	return r == -ENOTSOCK ? -ENODEV : r;
}

static int say_hello(int fd, uint64_t deadline)
{
	const struct channel_hello hello = { CHANNEL_HELLO, CHANNEL_MAGIC };
	struct channel_hello_reply reply;
	int tries = 2, r;
	ssize_t n;

	/* A daemon that refuses may have hung up before this; its reply lies ready all the same. */
	do {
		n = send(fd, &hello, sizeof(hello), MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	r = client_await(fd, 1, deadline);
	if (r < 0)
		return r;
	do {
		n = recv(fd, &reply, sizeof(reply), 0);
	} while (n < 0 && (errno == EINTR || (errno == ECONNRESET && --tries > 0)));
	if (n < 0)
		return -errno;
	if (n == 0)
		return -ECONNRESET;
	if ((size_t)n != sizeof(reply) || reply.magic != CHANNEL_MAGIC)
		return -EPROTO;
	return reply.result;
}

void client_register(struct binder_client *client)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	client_register_fork_handlers();
	client->refs = 1;
	if (getsockopt(client->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
		client->daemon_pid = peer.pid;
	pthread_mutex_lock(&client_lock);
	client->next = clients;
	clients = client;
	pthread_mutex_unlock(&client_lock);
}

int binder_client_open(const char *path, uint64_t deadline, struct binder_client **ret)
{
	struct binder_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	client->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	r = client->fd < 0 ? -errno : connect_to(client->fd, path, deadline);
	if (r == 0)
		r = say_hello(client->fd, deadline);
	if (r < 0) {
		if (client->fd >= 0)
			close(client->fd);
		free(client);
		return r;
	}
	client_register(client);
	*ret = client;
	return 0;
}

void client_unref_locked(struct binder_client *client)
{
	if (--client->refs == 0)
		free(client);
}

void binder_client_close(struct binder_client *client)
{
	if (!client)
		return;
	pthread_mutex_lock(&client_lock);
	client->closed = true;
	for (struct binder_client **p = &clients; *p; p = &(*p)->next) {
		if (*p == client) {
			*p = client->next;
			break;
		}
	}
	while (client->channels)
		client_channel_close_locked(client->channels);
	close(client->fd);
	client_unref_locked(client);
	client_channel_purge_locked();
	pthread_mutex_unlock(&client_lock);
}

int binder_client_fd(const struct binder_client *client)
{
	return client->fd;
}

int binder_client_set_nonblock(struct binder_client *client, bool nonblock)
{
	__atomic_store_n(&client->nonblock, nonblock, __ATOMIC_RELAXED);
	return 0;
}

void binder_client_trust(struct binder_client *client)
{
	client->trusting = true;
}

int binder_client_poll(struct binder_client *client, int timeout_ms, uint64_t deadline)
{
	struct client_channel *ch;
	int r = client_channel_enter(client, deadline, &ch);

	if (r < 0)
		return r;
	client_channel_prepare(ch, CHANNEL_POLL);
	ch->box->timeout_ms = timeout_ms;
	r = client_channel_simple(ch);
	client_channel_leave(ch);
	return r;
}

int binder_client_flush(struct binder_client *client)
{
	struct client_channel *ch;
	int r = client_channel_enter(client, 0, &ch);

	if (r < 0)
		return r;
	client_channel_prepare(ch, CHANNEL_FLUSH);
	r = client_channel_simple(ch);
	client_channel_leave(ch);
	return r;
}
