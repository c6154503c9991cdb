/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * thread.c: making, waking and ending the channel of a client's thread.
 *
 * client.c attaches, loop.c calls when the bell rings or the socket hangs up,
 * request.c carries out what lies in the mailbox.
 */
#include "thread.h"
#include "log.h"
#include "notice.h"
#include "options.h"
#include "limits/closer.h"
#include "platform/mailbox.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* Doorbell, waker and socket. */
#define FILES_PER_THREAD 3
/* Itself, the core's, its tables of descriptors, the near part of its mailbox. */
#define THREAD_COST (48 << 10)

static void log_thread(const struct port_thread *thread, const char *text, int error)
{
	log_limited(LOG_WARNING, "%s: pid %d, uid %u, thread %d: %s: %s",
		    thread->client->device_name, thread->client->identity.who.pid,
		    thread->client->identity.who.euid, thread->tid, text, strerror(-error));
}

/* ---- what it costs ----------------------------------------------------------------- */

static int charge(struct port_proc *client)
{
	int r;

	if (client->thread_count >= options.limits.threads_per_open)
		return -EDQUOT;
	r = quota_charge_files(client->account, FILES_PER_THREAD);
	if (r < 0)
		return r;
	r = port_charge(quota_memory(client->account), THREAD_COST);
	if (r < 0)
		quota_uncharge_files(client->account, FILES_PER_THREAD);
	return r;
}

static void uncharge(struct port_proc *client)
{
	port_uncharge(quota_memory(client->account), THREAD_COST);
	quota_uncharge_files(client->account, FILES_PER_THREAD);
}

/* ---- ending -------------------------------------------------------------------- */

static void thread_free(struct port_thread *thread)
{
	port_free(thread);
}

void thread_hang_up(struct port_thread *thread)
{
	thread->hung_up = true;
	thread->request.step = REQUEST_NONE;
	list_del_init(&thread->link);
	thread->client->thread_count--;
	loop_task_cancel(&thread->task);
	loop_timer_cancel(&thread->timer);
	loop_remove(&thread->bell);
	loop_remove(&thread->sock);
	closer_close(thread->bell.fd, thread->client->identity.who.euid, NULL);
	close(thread->wake);
	closer_hang_up(thread->sock.fd, thread->client->identity.who.euid);
	files_forget(thread);
	port_free(thread->print);
	thread->print = NULL;
	munmap(thread->mailbox, CHANNEL_SIZE);
	thread->mailbox = NULL;
	peer_put(thread->peer);
	thread->peer = NULL;
	pages_uncharge(&thread->pages, quota_memory(thread->client->account));
	uncharge(thread->client);
	if (!thread->core_holds)
		thread_free(thread);
}

static void thread_end(struct port_thread *thread)
{
	struct binder_thread *core = thread->core;

	thread->core = NULL;
	thread_hang_up(thread);
	if (core)
		binder_thread_exit(core);
}

void port_thread_gone(struct port_thread *thread)
{
	thread->core_holds--;
	if (thread->hung_up && !thread->core_holds)
		thread_free(thread);
}

static void sock_ready(struct loop_source *source, u32 events)
{
	struct port_thread *thread = container_of(source, struct port_thread, sock);

	if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		thread_end(thread);
}

static void bell_ready(struct loop_source *source, u32 events)
{
	request_bell(container_of(source, struct port_thread, bell));
}

/* ---- making -------------------------------------------------------------------- */

/* What the other side of the channel gets, in this order. */
struct ends {
	int memfd, waker, sock;
};

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static int make_mailbox(struct port_thread *thread, int *ret)
{
	int fd = memfd_create("binder-mailbox", MFD_CLOEXEC | MFD_ALLOW_SEALING), r = 0;
	void *mailbox;

	if (fd < 0)
		return -errno;
	/* A client that shrinks it would kill us with SIGBUS. */
	if (ftruncate(fd, CHANNEL_SIZE) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		r = -errno;
	mailbox = r < 0 ? MAP_FAILED :
			  mmap(NULL, CHANNEL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mailbox == MAP_FAILED) {
		r = r < 0 ? r : -errno;
		close(fd);
		return r;
	}
	thread->mailbox = mailbox;
	*ret = fd;
	return 0;
}

/* An epoll set for the client with an eventfd for us in it. */
static int make_waker(struct port_thread *thread, int *ret)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int set;

	thread->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (thread->wake < 0)
		return -errno;
	set = epoll_create1(EPOLL_CLOEXEC);
	if (set < 0)
		return -errno;
	if (epoll_ctl(set, EPOLL_CTL_ADD, thread->wake, &event) < 0) {
		int r = -errno;

		close(set);
		return r;
	}
	*ret = set;
	return 0;
}

/* Ours alone at this end: a client that had it too could lock us out of it. */
static int make_sock(struct port_thread *thread, int *ret)
{
	const int small = 1;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	/* Bounds what a client that never reads can keep in flight. */
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	thread->sock.fd = pair[0];
	*ret = pair[1];
	return 0;
}

static int send_reply(int sock, int result, u32 flags, const struct ends *ends)
{
	struct channel_attach_reply reply = { .result = result, .flags = flags };
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(struct ends))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(struct ends)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct iovec data = { &reply, sizeof(reply) };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

	if (ends) {
		memcpy(CMSG_DATA(&control.header), ends, sizeof(*ends));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	return sendmsg(sock, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

static int watch(struct port_thread *thread)
{
	int r = loop_add(&thread->bell, EPOLLIN | EPOLLET);

	if (r < 0)
		return r;
	r = loop_add(&thread->sock, EPOLLRDHUP);
	if (r < 0)
		loop_remove(&thread->bell);
	return r;
}

/*
 * The client claims a tid, and only its own affairs depend on it; but two
 * channels must not share a core thread.  A finished thread whose number was
 * given out again is ended first; a clash of namespaces gets a number that no
 * real thread has.
 */
static s32 settle_tid(struct port_proc *client, s32 claimed)
{
	struct port_thread *other;

	list_for_each_entry(other, &client->threads, link) {
		struct pollfd fd = { .fd = other->sock.fd, .events = POLLRDHUP };

		if (other->tid != claimed)
			continue;
		if (poll(&fd, 1, 0) == 1) {
			thread_end(other);
			return claimed;
		}
		return --client->spare_tid;
	}
	return claimed > 0 ? claimed : --client->spare_tid;
}

static int make_ends(struct port_thread *thread, struct ends *ends)
{
	int r = make_mailbox(thread, &ends->memfd);

	if (r == 0)
		r = make_waker(thread, &ends->waker);
	if (r == 0)
		r = make_sock(thread, &ends->sock);
	return r < 0 ? r : watch(thread);
}

/* Answers on @sock when all is there. */
static int build(struct port_thread *thread, const struct channel_attach *attach, s32 pid, u32 uid,
		 int sock)
{
	struct ends ends = { -1, -1, -1 };
	u32 flags = 0;
	int r;

	thread->peer = peer_get(&thread->client->peers, pid, uid);
	if (!thread->peer)
		return -ENOMEM;
	nice_attach(thread, pid, attach->tid, attach->flags);
	r = make_ends(thread, &ends);
	if (r == 0) {
		if (peer_probe(thread->peer, attach->probe, attach->probe_value))
			flags = CHANNEL_CAN_READ;
		else if (thread->peer->may_read)
			flags = CHANNEL_MIGHT_READ;
		r = send_reply(sock, 0, flags, &ends);
		if (r < 0) {
			loop_remove(&thread->bell);
			loop_remove(&thread->sock);
		}
	}
	close_fd(ends.memfd);
	close_fd(ends.waker);
	close_fd(ends.sock);
	return r;
}

/* By its name, which no path can have: asking the pipe itself may have to wait for its lock. */
static bool is_pipe(int fd)
{
	static const char name[] = "pipe:[";
	char path[32], found[sizeof(name)];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, found, sizeof(found)) == sizeof(found) &&
	       memcmp(found, name, strlen(name)) == 0;
}

/*
 * Only on sockets of this kind packets stay whole and hang-ups show; and only
 * of a pipe it is certain that polling it asks nobody else (as a file of a
 * client's own file system would).  None of the questions waits for anybody.
 */
static bool are_ends(int sock, int bell)
{
	int type, domain;
	socklen_t size = sizeof(int);

	return getsockopt(sock, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET &&
	       getsockopt(sock, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX &&
	       is_pipe(bell);
}

void thread_attach(struct port_proc *client, const struct channel_attach *attach, s32 pid, u32 uid,
		   int sock, int bell)
{
	struct port_thread *thread = port_alloc(sizeof(*thread));
	int r = -ENOMEM;

	if (!are_ends(sock, bell)) {
		port_free(thread);
		closer_close(sock, client->identity.who.euid, NULL);
		closer_close(bell, client->identity.who.euid, NULL);
		return;
	}
	if (!thread)
		goto out_refuse;
	thread->client = client;
	thread->tid = settle_tid(client, attach->tid);
	thread->sock.fd = -1;
	thread->sock.ready = sock_ready;
	thread->bell.fd = bell;
	thread->bell.ready = bell_ready;
	thread->wake = -1;
	thread->task.run = request_task;
	thread->timer.expired = request_timeout;
	r = charge(client);
	if (r < 0)
		goto out_log;
	r = build(thread, attach, pid, uid, sock);
	if (r == 0) {
		list_add(&thread->link, &client->threads);
		client->thread_count++;
		closer_close(sock, client->identity.who.euid, NULL);
		return;
	}

	uncharge(client);
	close_fd(thread->wake);
	close_fd(thread->sock.fd);
	if (thread->mailbox)
		munmap(thread->mailbox, CHANNEL_SIZE);
	peer_put(thread->peer);
out_log:
	log_thread(thread, "gets no channel", r);
out_refuse:
	send_reply(sock, r, 0, NULL);
	port_free(thread);
	closer_close(sock, client->identity.who.euid, NULL);
	closer_close(bell, client->identity.who.euid, NULL);
}

int thread_enter_core(struct port_thread *thread)
{
	if (thread->core)
		return 0;
	thread->core = binder_thread_get(thread->client->core, thread->tid, thread);
	if (!thread->core)
		return -ENOMEM;
	thread->core_holds++;
	return 0;
}

/* ---- waking --------------------------------------------------------------------- */

void port_wake(struct port_thread *thread, bool sync)
{
	switch (thread->request.step) {
	case REQUEST_READING:
	case REQUEST_POLLING:
	case REQUEST_FREEZING:
		loop_task_queue(&thread->task);
		return;
	default:
		notice_wake(thread); /* not waiting, or coming back in any case */
	}
}
