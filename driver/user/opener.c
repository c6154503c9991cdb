/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * opener.c: one connection to a device: HELLO, ATTACH, and its end.
 *
 * device.c accepts, loop.c calls when a message comes; thread.c gets the
 * channels that ATTACH asks for.  What breaks the rules here is dropped with
 * its connection: there is nothing to be made good.
 */
#include "opener.h"
#include "channel.h"
#include "closer.h"
#include "log.h"
#include "notice.h"
#include "orphan.h"
#include "thread.h"
#include "trim.h"
#include "watcher.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGES_PER_EVENT 16

/* What an open takes of memory before it does anything, all told. */
#define OPEN_COST 4096

static void log_drop(const struct port_proc *opener, const char *reason)
{
	log_limited(LOG_WARNING, "%s: dropped pid %d, uid %u: %s", opener->device->name,
		    opener->identity.who.pid, opener->identity.who.euid, reason);
}

void opener_refuse(int fd, int result)
{
	const struct channel_hello_reply reply = { result, CHANNEL_MAGIC };

	send(fd, &reply, sizeof(reply), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* ---- messages ---------------------------------------------------------------- */

static int run_hello(struct port_proc *opener, const struct channel_hello *hello)
{
	if (opener->core) {
		log_drop(opener, "a second HELLO");
		return -EPROTO;
	}
	if (hello->magic != CHANNEL_MAGIC) {
		log_drop(opener, "speaks another version of the channel; update its libbinder");
		opener_refuse(opener->source.fd, -EPROTO);
		return -EPROTO;
	}
	opener->core = binder_proc_open(opener->device->context, &opener->identity.who, opener);
	if (!opener->core) {
		log_drop(opener, "out of memory");
		opener_refuse(opener->source.fd, -ENOMEM);
		return -ENOMEM;
	}
	opener_refuse(opener->source.fd, 0);
	log_debug("%s: opened by pid %d, uid %u", opener->device->name, opener->identity.who.pid,
		  opener->identity.who.euid);
	return 0;
}

static int run_listen(struct port_proc *opener, const struct channel_hello *listen)
{
	if (listen->magic != CHANNEL_MAGIC) {
		log_drop(opener, "handed its connection to another version of the channel; update "
				 "its preload library");
		return -EPROTO;
	}
	return notice_listen(opener);
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
static int receive(struct port_proc *opener, struct message *message)
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
	n = recvmsg(opener->source.fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	take_control(&header, message);
	message->size = header.msg_flags & MSG_CTRUNC ? SIZE_MAX : (size_t)n;
	/* An empty message looks like the end, and is nothing that we know in any case. */
	return n == 0 ? -EPIPE : 1;
}

static int run_message(struct port_proc *opener, struct message *m)
{
	if (m->size == sizeof(m->u.hello) && m->u.type == CHANNEL_HELLO)
		return run_hello(opener, &m->u.hello);
	if (m->size == sizeof(m->u.hello) && m->u.type == CHANNEL_LISTEN && opener->core)
		return run_listen(opener, &m->u.hello);
	if (m->size == sizeof(m->u.attach) && m->u.type == CHANNEL_ATTACH && opener->core &&
	    m->fd_count == 2) {
		thread_attach(opener, &m->u.attach, m->sender.pid, m->sender.uid, m->fds[0],
			      m->fds[1]);
		m->fd_count = 0;
		return 0;
	}
	log_drop(opener, "sent a message that makes no sense");
	return -EPROTO;
}

static void connection_ready(struct loop_source *source, u32 events)
{
	struct port_proc *opener = container_of(source, struct port_proc, source);
	struct message message;
	int r = 1;

	for (int i = 0; r > 0 && i < MESSAGES_PER_EVENT; i++) {
		r = receive(opener, &message);
		if (r > 0 && run_message(opener, &message) < 0)
			r = -EPROTO;
		for (u32 j = 0; j < message.fd_count; j++)
			closer_close(message.fds[j], opener->identity.who.euid, NULL);
	}
	if (r < 0)
		opener_close(opener);
}

/* ---- life ---------------------------------------------------------------------- */

static int charge(struct port_proc *opener)
{
	const struct binder_identity *who = &opener->identity.who;
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
	opener->account = account;
	opener->identity.who.account = quota_memory(account);
	return 0;
}

static void uncharge(struct port_proc *opener)
{
	port_uncharge(quota_memory(opener->account), OPEN_COST);
	quota_uncharge_files(opener->account, 1);
	quota_close(opener->account);
}

/* Also of one that was never let in. */
static void opener_free(struct port_proc *opener)
{
	if (opener->account) {
		pages_uncharge(&opener->pages, quota_memory(opener->account));
		uncharge(opener);
	}
	if (opener->buffer)
		munmap(opener->buffer, opener->buffer_size);
	identity_forget(&opener->identity);
	port_free(opener);
}

void opener_accept(struct device *device, int fd)
{
	struct port_proc *opener = port_alloc(sizeof(*opener));
	int r = -ENOMEM;

	if (opener) {
		opener->source.fd = fd;
		opener->source.ready = connection_ready;
		opener->device = device;
		INIT_LIST_HEAD(&opener->threads);
		INIT_LIST_HEAD(&opener->peers);
		r = identity_of_peer(fd, &opener->identity);
		if (r == 0)
			r = charge(opener);
		if (r == -EDQUOT && orphan_reclaim(opener->identity.who.euid))
			r = charge(opener);
		if (r == -EDQUOT)
			log_drop(opener, "has as many devices open as it may (--max-opens-per-uid, "
					 "--max-opens-per-process, --max-files-per-uid, "
					 "--max-memory-per-uid)");
	}
	if (r == 0)
		r = loop_add(&opener->source, EPOLLIN | EPOLLRDHUP);
	if (r < 0) {
		opener_refuse(fd, r);
		closer_refuse(fd, identity_uid_of_peer(fd));
		if (opener)
			opener_free(opener);
		return;
	}
	list_add_tail(&opener->link, &device->openers);
}

void opener_close(struct port_proc *opener)
{
	struct port_thread *thread, *next;

	log_debug("%s: closed by pid %d", opener->device->name, opener->identity.who.pid);
	notice_close(opener);
	watcher_close(opener->watcher);
	loop_remove(&opener->source);
	closer_hang_up(opener->source.fd, opener->identity.who.euid);
	opener->source.fd = -1;
	list_del_init(&opener->link);
	/* The core ends the threads with the process, so they only let go of their ends here. */
	list_for_each_entry_safe(thread, next, &opener->threads, link)
		thread_hang_up(thread);
	trim_note();
	if (opener->core)
		binder_proc_release(opener->core); /* port_proc_gone() ends it */
	else
		opener_free(opener);
}

void port_proc_gone(struct port_proc *opener)
{
	opener_free(opener);
}
