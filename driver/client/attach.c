/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * attach.c: which channel the calling thread has, and making one.
 *
 * A thread attaches at its first call; the end of the thread, of the client or
 * a fork() takes the channel away again.  Requests are channel.c's matter.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The channels of this thread, one for each client that it has used. */
static __thread struct client_channel *own_channels;
/* Only for its destructor: __thread variables have none. */
static pthread_key_t thread_end;
static pthread_once_t thread_end_once = PTHREAD_ONCE_INIT;

static void free_own(bool closed_only)
{
	struct client_channel **link = &own_channels;

	while (*link) {
		struct client_channel *ch = *link;
		int use = __atomic_load_n(&ch->use, __ATOMIC_ACQUIRE);

		if (closed_only && (use != CLIENT_CLOSED || ch->box)) {
			link = &ch->next_of_thread;
			continue;
		}
		*link = ch->next_of_thread;
		client_channel_free_locked(ch);
	}
}

static void on_thread_end(void *unused)
{
	pthread_mutex_lock(&client_lock);
	free_own(false);
	pthread_mutex_unlock(&client_lock);
}

static void make_key(void)
{
	if (pthread_key_create(&thread_end, on_thread_end) != 0)
		abort(); /* a process with more than 1024 of them cannot be helped */
}

void client_channel_purge_locked(void)
{
	free_own(true);
}

/* ---- fork ------------------------------------------------------------------- */

/* The mailbox is not mapped here (MADV_DONTFORK) and the sockets are the parent's to hang up. */
static void drop_mailbox(struct client_channel *ch)
{
	if (!ch->box)
		return;
	close(ch->sock);
	close(ch->bell[0]);
	close(ch->bell[1]);
	close(ch->waker);
	ch->box = NULL;
}

void client_channel_forget_thread(void)
{
	while (own_channels) {
		struct client_channel *ch = own_channels;

		/* In a handler, its call goes on here, finds no mailbox, and frees the rest. */
		bool inside = ch->box && __atomic_load_n(&ch->use, __ATOMIC_RELAXED) != CLIENT_IDLE;

		own_channels = ch->next_of_thread;
		drop_mailbox(ch);
		if (inside)
			client_channel_close_locked(ch);
		else
			client_channel_free_locked(ch);
	}
}

void client_channel_forget_others(struct binder_client *client)
{
	while (client->channels) {
		struct client_channel *ch = client->channels;

		drop_mailbox(ch);
		client_channel_free_locked(ch);
	}
}

/* ---- attaching ---------------------------------------------------------------- */

/* A program may have made the connection that it shares with us non-blocking. */
static bool wait_for_room(int fd)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };

	return poll(&room, 1, -1) >= 0 || errno == EINTR;
}

static int send_attach(struct binder_client *client, const struct client_channel *ch, int end)
{
	struct channel_attach attach = {
		.message = CHANNEL_ATTACH,
		.tid = (int32_t)syscall(SYS_gettid),
		.probe = (uintptr_t)&ch->probe,
		.probe_value = ch->probe,
		.flags = (client_nice_possible() ? CHANNEL_CAN_NICE : 0) |
			 (client->trusting ? 0 : CHANNEL_EXACT_NICE),
	};
	const int fds[2] = { end, ch->bell[0] };
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(fds))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(fds)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct iovec data = { &attach, sizeof(attach) };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	ssize_t n;

	memcpy(CMSG_DATA(&control.header), fds, sizeof(fds));
	do {
		n = sendmsg(client->fd, &message, MSG_NOSIGNAL);
	} while (n < 0 && (errno == EINTR || (errno == EAGAIN && wait_for_room(client->fd))));
	if (n >= 0)
		return 0;
	return errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN ? -ENODEV : -errno;
}

static int map_mailbox(struct client_channel *ch, int fd)
{
	struct stat st;
	void *box;

	if (fstat(fd, &st) < 0 || st.st_size < (off_t)CHANNEL_SIZE)
		return -EPROTO;
	box = mmap(NULL, CHANNEL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (box == MAP_FAILED)
		return -errno;
	if (madvise(box, CHANNEL_SIZE, MADV_DONTFORK) < 0) {
		int r = -errno;

		munmap(box, CHANNEL_SIZE);
		return r;
	}
	ch->box = box;
	return 0;
}

/* The waker also tells when the daemon hangs up, or when client.c does. */
static int watch_socket(int sock, int waker)
{
	struct epoll_event event = { .events = EPOLLRDHUP };

	return epoll_ctl(waker, EPOLL_CTL_ADD, sock, &event) < 0 ? -errno : 0;
}

static int receive_attach(struct client_channel *ch, uint32_t *flags)
{
	struct channel_attach_reply reply;
	int fds[3], count, r;

	r = client_await(ch->sock, CLIENT_SILENCES, ch->deadline);
	if (r < 0)
		return r;
	count = client_files_receive(ch->sock, &reply, sizeof(reply), fds, 3);
	if (count < 0)
		return count;
	r = reply.result;
	if (r == 0)
		r = count == 3 ? watch_socket(fds[2], fds[1]) : -EMFILE;
	if (r == 0)
		r = map_mailbox(ch, fds[0]);
	if (r == 0) {
		close(fds[0]);
		close(ch->sock); /* it has served its turn */
		ch->sock = fds[2];
		ch->waker = fds[1];
		*flags = reply.flags;
		return 0;
	}
	for (int i = 0; i < count; i++)
		close(fds[i]);
	return r;
}

/*
 * Yama lets only a parent or a named tracer read our memory: name the daemon,
 * once for the process.  If that does not help either, all is laid out.
 */
static bool name_as_tracer(struct client_channel *ch)
{
	if (__atomic_exchange_n(&ch->client->ptracer_tried, true, __ATOMIC_RELAXED) ||
	    ch->client->daemon_pid <= 0 || prctl(PR_SET_PTRACER, ch->client->daemon_pid) < 0)
		return false;
	client_channel_prepare(ch, CHANNEL_PROBE);
	ch->box->arg = (uintptr_t)&ch->probe;
	ch->box->size = ch->probe;
	return client_channel_simple(ch) == 0;
}

static int attach_over(struct client_channel *ch, uint32_t *flags)
{
	int ends[2], r;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	ch->sock = ends[0];
	r = send_attach(ch->client, ch, ends[1]);
	close(ends[1]);
	if (r == 0)
		r = receive_attach(ch, flags);
	if (r < 0)
		close(ch->sock);
	return r;
}

static int attach(struct client_channel *ch)
{
	uint32_t flags = 0;
	int r;

	if (pipe2(ch->bell, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	/* It needs little room, and there is a limit for all pipes of a user. */
	fcntl(ch->bell[1], F_SETPIPE_SZ, 4096);
	ch->probe = ((uint64_t)(uintptr_t)ch << 16) ^ (uint64_t)getpid() ^
		    UINT64_C(0x5bd1e995a7c34f2d);
	r = attach_over(ch, &flags);
	if (r < 0) {
		close(ch->bell[0]);
		close(ch->bell[1]);
		return r;
	}
	ch->can_read = (flags & CHANNEL_CAN_READ) ||
		       ((flags & CHANNEL_MIGHT_READ) && name_as_tracer(ch));
	return 0;
}

static int make_channel(struct binder_client *client, uint64_t deadline,
			struct client_channel **ret)
{
	struct client_channel *ch = calloc(1, sizeof(*ch));
	int r;

	if (!ch)
		return -ENOMEM;
	ch->client = client;
	ch->deadline = deadline;
	client_learn_stack(ch);
	r = attach(ch);
	if (r < 0) {
		free(ch);
		return r;
	}

	pthread_once(&thread_end_once, make_key);
	pthread_setspecific(thread_end, ch);
	pthread_mutex_lock(&client_lock);
	client_channel_purge_locked();
	client->refs++;
	ch->next_of_thread = own_channels;
	own_channels = ch;
	ch->next = client->channels;
	if (ch->next)
		ch->next->prev = ch;
	client->channels = ch;
	if (client->closed)
		client_channel_close_locked(ch);
	pthread_mutex_unlock(&client_lock);
	*ret = ch;
	return 0;
}

int client_channel_enter(struct binder_client *client, uint64_t deadline,
			 struct client_channel **ret)
{
	struct client_channel *ch = own_channels;
	int use = CLIENT_IDLE, r;

	if (__atomic_load_n(&client->hung, __ATOMIC_RELAXED))
		return -ETIMEDOUT;
	while (ch && ch->client != client)
		ch = ch->next_of_thread;
	if (!ch) {
		r = make_channel(client, deadline, &ch);
		if (r == -ETIMEDOUT)
			__atomic_store_n(&client->hung, 1, __ATOMIC_RELAXED);
		if (r < 0)
			return r;
	}
	if (!__atomic_compare_exchange_n(&ch->use, &use, CLIENT_BUSY, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		return use == CLIENT_BUSY ? -EDEADLK : -EBADF;
	if (ch->broken) {
		client_channel_leave(ch);
		return -ENODEV;
	}
	ch->deadline = deadline;
	*ret = ch;
	return 0;
}
