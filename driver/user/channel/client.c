/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * client.c: one connection to a device: HELLO, ATTACH, and its end.
 *
 * device.c accepts, loop.c calls when a message comes; thread.c gets the
 * channels that ATTACH asks for.  What breaks the rules here is dropped with
 * its connection: there is nothing to be made good.
 */
#include "client.h"
#include "channel.h"
#include "log.h"
#include "notice.h"
#include "status.h"
#include "thread.h"
#include "limits/closer.h"
#include "limits/trim.h"
#include "platform/watcher.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGES_PER_EVENT 16

/* What an open takes of memory before it does anything, all told. */
#define OPEN_COST 4096

static void log_drop(const struct port_proc *client, const char *reason)
{
	log_limited(LOG_WARNING, "%s: dropped pid %d, uid %u: %s", client->device_name,
		    client->identity.who.pid, client->identity.who.euid, reason);
}

void client_refuse(int fd, int result)
{
	const struct channel_hello_reply reply = { result, CHANNEL_MAGIC };

	send(fd, &reply, sizeof(reply), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* ---- messages ---------------------------------------------------------------- */

static int run_hello(struct port_proc *client, const struct channel_hello *hello)
{
	if (client->core) {
		log_drop(client, "a second HELLO");
		return -EPROTO;
	}
	if (hello->magic != CHANNEL_MAGIC) {
		log_drop(client, "speaks another version of the channel; update its libbinder");
		client_refuse(client->source.fd, -EPROTO);
		return -EPROTO;
	}
	client->core = binder_proc_open(client->device->context, &client->identity.who, client);
	if (!client->core) {
		log_drop(client, "out of memory");
		client_refuse(client->source.fd, -ENOMEM);
		return -ENOMEM;
	}
	client_refuse(client->source.fd, 0);
	log_debug("%s: opened by pid %d, uid %u", client->device_name, client->identity.who.pid,
		  client->identity.who.euid);
	return 0;
}

static int run_listen(struct port_proc *client, const struct channel_hello *listen)
{
	if (listen->magic != CHANNEL_MAGIC) {
		log_drop(client, "handed its connection to another version of the channel; update "
				 "its preload library");
		return -EPROTO;
	}
	return notice_listen(client);
}

struct message {
	union {
		u32 type;
		struct channel_hello hello;
		struct channel_attach attach;
		char room[64];
	} u;
	size_t size;         /* SIZE_MAX: more came with it than there may */
	struct ucred sender; /* whose thread sent it */
	int fds[CLOSER_MOST_IN_PACKET];
	u32 fd_count;
};

static void take_control(struct msghdr *header, struct message *message)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		size_t size = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_CREDENTIALS && size == sizeof(message->sender)) {
			memcpy(&message->sender, CMSG_DATA(c), size);
		} else if (c->cmsg_type == SCM_RIGHTS) {
			if (size > sizeof(message->fds))
				size = sizeof(message->fds);
			memcpy(message->fds, CMSG_DATA(c), size);
			message->fd_count = (u32)(size / sizeof(int));
		}
	}
}

/* 1: a message; 0: none; -errno: the connection is over. */
static int receive(struct port_proc *client, struct message *message)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(struct ucred)) +
			   CMSG_SPACE(CLOSER_MOST_IN_PACKET * sizeof(int))];
	} control;
	struct iovec data = { &message->u, sizeof(message->u) };
	struct msghdr header = { .msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control) };
	ssize_t n;

	memset(message, 0, sizeof(*message));
	n = recvmsg(client->source.fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	take_control(&header, message);
	message->size = header.msg_flags & MSG_CTRUNC ? SIZE_MAX : (size_t)n;
	/* An empty message looks like the end, and is nothing that we know in any case. */
	return n == 0 ? -EPIPE : 1;
}

static int run_message(struct port_proc *client, struct message *m)
{
	if (m->size == sizeof(m->u.hello) && m->u.type == CHANNEL_HELLO)
		return run_hello(client, &m->u.hello);
	if (m->size == sizeof(m->u.hello) && m->u.type == CHANNEL_LISTEN && client->core)
		return run_listen(client, &m->u.hello);
	if (m->size == sizeof(m->u.attach) && m->u.type == CHANNEL_ATTACH && client->core &&
	    m->fd_count == 2) {
		thread_attach(client, &m->u.attach, m->sender.pid, m->sender.uid, m->fds[0],
			      m->fds[1]);
		m->fd_count = 0;
		return 0;
	}
	log_drop(client, "sent a message that makes no sense");
	return -EPROTO;
}

static void connection_ready(struct loop_source *source, u32 events)
{
	struct port_proc *client = container_of(source, struct port_proc, source);
	struct message message;
	int r = 1;

	for (int i = 0; r > 0 && i < MESSAGES_PER_EVENT; i++) {
		r = receive(client, &message);
		if (r > 0 && run_message(client, &message) < 0)
			r = -EPROTO;
		for (u32 j = 0; j < message.fd_count; j++)
			closer_close(message.fds[j], client->identity.who.euid, NULL);
	}
	if (r < 0)
		client_close(client);
}

/* ---- life ---------------------------------------------------------------------- */

static int charge(struct port_proc *client)
{
	const struct binder_identity *who = &client->identity.who;
	struct quota_account *account;
	int r = quota_open(who->euid, who->pid, &account);

	if (r < 0)
		return r;
	r = port_charge(quota_memory(account), OPEN_COST);
	if (r == 0) {
		r = quota_charge_files(account, 1);
		if (r < 0)
			port_uncharge(quota_memory(account), OPEN_COST);
	}
	if (r < 0) {
		quota_close(account);
		return r;
	}
	client->account = account;
	client->identity.who.account = quota_memory(account);
	return 0;
}

static void uncharge(struct port_proc *client)
{
	port_uncharge(quota_memory(client->account), OPEN_COST);
	quota_uncharge_files(client->account, 1);
	quota_close(client->account);
}

/* Also of one that was never let in. */
static void client_free(struct port_proc *client)
{
	if (client->account) {
		pages_uncharge(&client->pages, quota_memory(client->account));
		uncharge(client);
	}
	if (client->buffer)
		munmap(client->buffer, client->buffer_size);
	identity_forget(&client->identity);
	port_free(client);
}

void client_accept(struct device *device, int fd)
{
	struct port_proc *client = port_alloc(sizeof(*client));
	int r = -ENOMEM;

	if (client) {
		client->source.fd = fd;
		client->source.ready = connection_ready;
		client->device = device;
		client->device_name = device->name;
		INIT_LIST_HEAD(&client->threads);
		INIT_LIST_HEAD(&client->peers);
		throttle_init(&client->throttle);
		r = identity_of_peer(fd, &client->identity);
		if (r == 0)
			r = charge(client);
		if (r == -EDQUOT && quota_reclaim(client->identity.who.euid))
			r = charge(client);
		if (r == -EDQUOT)
			log_drop(client, "has as many devices open as it may (--max-opens-per-uid, "
					 "--max-opens-per-process, --max-files-per-uid, "
					 "--max-memory-per-uid)");
	}
	if (r == 0)
		r = loop_add(&client->source, EPOLLIN | EPOLLRDHUP);
	if (r < 0) {
		client_refuse(fd, r);
		closer_refuse(fd, identity_uid_of_peer(fd));
		if (client)
			client_free(client);
		return;
	}
	list_add_tail(&client->link, &device->clients);
	status_changed();
}

void client_close(struct port_proc *client)
{
	struct port_thread *thread, *next;

	log_debug("%s: closed by pid %d", client->device_name, client->identity.who.pid);
	notice_close(client);
	watcher_close(client->watcher);
	loop_remove(&client->source);
	closer_hang_up(client->source.fd, client->identity.who.euid);
	client->source.fd = -1;
	list_del_init(&client->link);
	status_changed();
	/* The core ends the threads with the process, so they only let go of their ends here. */
	list_for_each_entry_safe(thread, next, &client->threads, link)
		thread_hang_up(thread);
	trim_note();
	if (client->core)
		binder_proc_release(client->core); /* port_proc_gone() ends it */
	else
		client_free(client);
}

void port_proc_gone(struct port_proc *client)
{
	client_free(client);
}
