/* SPDX-License-Identifier: MIT */
/*
 * channel.c: clients of binderd that send whatever the input says.
 *
 * The daemon's own objects are linked in, all but main.c, loop.c and
 * directory.c; sockets, memfds and eventfds are real.  Compiled by clang, every
 * load of the daemon's is told to us, and the input may change the mailbox just
 * before one: what is read twice is found out.
 */
#include "channel_fuzz.h"
#include "channel_loop.h"

#include "internal.h"
#include "log.h"
#include "options.h"
#include "channel/directory.h"
#include "channel/orphan.h"
#include "limits/trim.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define CONNECTIONS 3u
#define ENDS 3u

struct connection {
	int sock;                 /* -1: none */
	struct port_proc *client; /* NULL: the daemon has hung up */
	struct end ends[ENDS];
};

u8 client_memory[CLIENT_SIZE];
static struct connection connections[CONNECTIONS];
static int null_fd;
/* A connection went through itself: the daemon may hold the last of it, see orphan.c. */
static bool hidden;
static struct device device = { .name = "fuzz", .source.fd = -1 };

/* ---- what stands in for the system ---------------------------------------------- */

int directory_listen(const char *name, u32 mode, int *ret)
{
	return -EACCES;
}

void directory_unlink(const char *name) {}

const char *directory_path(void)
{
	return "/";
}

ssize_t fuzz_process_vm_readv(pid_t pid, const struct iovec *local, unsigned long locals,
			      const struct iovec *remote, unsigned long remotes,
			      unsigned long flags);

ssize_t fuzz_process_vm_readv(pid_t pid, const struct iovec *local, unsigned long locals,
			      const struct iovec *remote, unsigned long remotes,
			      unsigned long flags)
{
	u64 at = (uintptr_t)remote->iov_base - CLIENT_ADDR;
	size_t size = local->iov_len;

	if (at >= CLIENT_SIZE) {
		errno = EFAULT;
		return -1;
	}
	/* A part, as at the end of a mapping. */
	if (size > CLIENT_SIZE - at)
		size = CLIENT_SIZE - at;
	memcpy(local->iov_base, client_memory + at, size);
	return (ssize_t)size;
}

/* ---- changing what is being read -------------------------------------------------- */

static struct change {
	const char *mailbox; /* NULL: none is to come */
	u32 loads;           /* of the mailbox, until then */
	u32 offset, value;
} change;

static void loaded(const void *address)
{
	u64 at = (u64)((const char *)address - change.mailbox);

	if (!change.mailbox || at >= CHANNEL_IN_OFFSET + 4096 || change.loads--)
		return;
	/* Most often the very word that is about to be read. */
	if (change.offset & 1)
		change.offset = (u32)at;
	memcpy((char *)(uintptr_t)change.mailbox + (change.offset & ~3u), &change.value,
	       sizeof(change.value));
	change.mailbox = NULL;
}

void __sanitizer_cov_load1(uint8_t *address);
void __sanitizer_cov_load2(uint16_t *address);
void __sanitizer_cov_load4(uint32_t *address);
void __sanitizer_cov_load8(uint64_t *address);
void __sanitizer_cov_load16(void *address);

void __sanitizer_cov_load1(uint8_t *address)
{
	loaded(address);
}

void __sanitizer_cov_load2(uint16_t *address)
{
	loaded(address);
}

void __sanitizer_cov_load4(uint32_t *address)
{
	loaded(address);
}

void __sanitizer_cov_load8(uint64_t *address)
{
	loaded(address);
}

void __sanitizer_cov_load16(void *address)
{
	loaded(address);
}

static void plan_change(struct input *in, struct end *end)
{
	change.loads = input_u8(in) & 0x3f;
	change.offset = input_u16(in) % CHANNEL_IN_OFFSET;
	change.value = input_u32(in);
	change.mailbox = end->thread->mailbox;
}

/* ---- who is still there ------------------------------------------------------------ */

static bool is_open(const struct port_proc *client)
{
	struct port_proc *other;

	list_for_each_entry(other, &device.clients, link)
		if (other == client)
			return true;
	return false;
}

static bool has_thread(const struct port_proc *client, const struct port_thread *thread)
{
	struct port_thread *other;

	list_for_each_entry(other, &client->threads, link)
		if (other == thread)
			return true;
	return false;
}

static void close_end(struct end *end)
{
	if (end->sock >= 0)
		close(end->sock);
	*end = (struct end){ .sock = -1 };
}

/* Forgets what the daemon has let go of; checks the rest. */
static void look(void)
{
	struct port_proc *client;

	for (unsigned int i = 0; i < CONNECTIONS; i++) {
		struct connection *c = &connections[i];

		if (c->client && !is_open(c->client))
			c->client = NULL;
		for (unsigned int j = 0; j < ENDS; j++)
			if (!c->client ||
			    (c->ends[j].thread && !has_thread(c->client, c->ends[j].thread)))
				close_end(&c->ends[j]);
	}
	list_for_each_entry(client, &device.clients, link) {
		struct port_thread *thread;
		u32 count = 0;

		list_for_each_entry(thread, &client->threads, link) {
			FUZZ_EXPECT(!thread->hung_up, "a thread that hung up is listed");
			/* One that is held has not begun. */
			FUZZ_EXPECT(thread->core || thread->request.step == REQUEST_NONE ||
					    thread->request.step == REQUEST_HELD,
				    "a request without a thread");
			FUZZ_EXPECT(!thread->core || !thread->core->freezing.proc ||
					    thread->request.step == REQUEST_FREEZING,
				    "BINDER_FREEZE is over and goes on");
			count++;
		}
		FUZZ_EXPECT(count == client->thread_count, "%u threads, %u counted", count,
			    client->thread_count);
	}
	FUZZ_EXPECT(binder_context_check(device.context), "context");
}

/* ---- connections --------------------------------------------------------------------- */

static void connect_one(struct connection *c)
{
	int pair[2], on = 1;

	if (c->sock >= 0)
		return;
	FUZZ_EXPECT(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair),
		    "no socket: %s", strerror(errno));
	setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	c->sock = pair[1];
	client_accept(&device, pair[0]);
	c->client = list_empty(&device.clients) ?
			    NULL :
			    list_entry(device.clients.prev, struct port_proc, link);
	/* Refused for its quota; more than two are, with the limits below. */
	if (c->client && c->client->source.fd != pair[0])
		c->client = NULL;
	/* Another process than the next one, as far as the core can tell. */
	if (c->client)
		c->client->identity.who.pid = FIRST_PID + (s32)(c - connections);
}

static void disconnect(struct connection *c)
{
	if (c->sock >= 0)
		close(c->sock);
	c->sock = -1;
	if (c->client)
		channel_loop_ready(&c->client->source, EPOLLIN | EPOLLRDHUP | EPOLLHUP);
}

static void send_message(int sock, const void *data, size_t size, const int *fds, size_t count)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(8 * sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(count * sizeof(int)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct iovec io = { (void *)(uintptr_t)data, size };
	struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1 };

	if (count) {
		memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
	}
	sendmsg(sock, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Everything that the daemon has sent there. */
static void drain(int sock)
{
	for (int most = 0; most < 64; most++) {
		union {
			struct cmsghdr header;
			char space[CMSG_SPACE(CHANNEL_PACKET_FILES * sizeof(int))];
		} control;
		char data[256];
		struct iovec io = { data, sizeof(data) };
		struct msghdr message = { .msg_iov = &io,
					  .msg_iovlen = 1,
					  .msg_control = &control,
					  .msg_controllen = sizeof(control) };
		struct cmsghdr *c;

		if (recvmsg(sock, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0)
			return;
		for (c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
			size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			int fd;

			for (size_t i = 0; c->cmsg_type == SCM_RIGHTS && i < count; i++) {
				memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
				close(fd);
			}
		}
	}
}

/* The thread socket's end, from the answer; -1: there is none. */
static int take_sock(int answers)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(3 * sizeof(int))];
	} control;
	struct channel_attach_reply reply;
	struct iovec io = { &reply, sizeof(reply) };
	struct msghdr message = { .msg_iov = &io,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int fds[3];

	if (recvmsg(answers, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0 ||
	    !CMSG_FIRSTHDR(&message))
		return -1;
	memcpy(fds, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fds));
	close(fds[0]);
	close(fds[1]);
	return fds[2];
}

static void attach(struct input *in, struct connection *c)
{
	struct channel_attach message = { .message = CHANNEL_ATTACH, .probe = CLIENT_ADDR };
	u8 how = input_u8(in);
	int pair[2], bell[2], sock, type = how & 0x40 ? SOCK_STREAM : SOCK_SEQPACKET;
	struct end *end = &c->ends[how % ENDS];

	if (socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair))
		return;
	message.tid = (how >> 2 & 7) - 1;
	/* The wrong value: its memory is not read. */
	memcpy(&message.probe_value, client_memory, sizeof(message.probe_value));
	message.probe_value += how >> 5 & 1;
	FUZZ_EXPECT(!pipe2(bell, O_NONBLOCK | O_CLOEXEC), "no pipe: %s", strerror(errno));
	send_message(c->sock, &message, sizeof(message), (int[]){ pair[0], bell[0], null_fd },
		     how & 0x80 ? 1 + 2 * (how & 1) : 2);
	close(pair[0]);
	/* It is rung by hand: see ring(). */
	close(bell[0]);
	close(bell[1]);
	if (c->client)
		channel_loop_ready(&c->client->source, EPOLLIN);
	look();
	sock = take_sock(pair[1]);
	close(pair[1]);
	if (!c->client || list_empty(&c->client->threads) || end->thread || sock < 0) {
		if (sock >= 0)
			close(sock);
		return;
	}
	end->thread = list_first_entry(&c->client->threads, struct port_thread, link);
	end->thread->peer->pid = c->client->identity.who.pid;
	end->sock = sock;
	end->buffer = BUFFER_ADDR;
	/* It was refused, and this is an older one's. */
	for (unsigned int i = 0; i < ENDS; i++)
		if (&c->ends[i] != end && c->ends[i].thread == end->thread)
			close_end(end);
}

static void message(struct input *in, struct connection *c)
{
	struct channel_hello hello = { CHANNEL_HELLO, CHANNEL_MAGIC };
	u8 how = input_u8(in);
	char raw[80];

	if (c->sock < 0)
		return;
	if (how % 4 == 0) {
		input_bytes(in, raw, sizeof(raw));
		send_message(c->sock, raw, how >> 2, (int[]){ c->sock, c->sock, c->sock },
			     input_u8(in) & 3);
	} else if (how % 4 == 1) {
		send_message(c->sock, &hello, sizeof(hello), NULL, 0);
	} else {
		attach(in, c);
		return;
	}
	if (c->client)
		channel_loop_ready(&c->client->source, EPOLLIN);
}

/* ---- threads ----------------------------------------------------------------------------- */

static void ring(struct end *end)
{
	channel_loop_ready(&end->thread->bell, EPOLLIN);
}

static void set_state(struct end *end, enum channel_state state)
{
	__atomic_store_n(&thread_box(end->thread)->state, (u32)state, __ATOMIC_SEQ_CST);
}

/* Learns which buffer came, to give it back. */
static void learn(struct end *end)
{
	const char *out = end->thread->mailbox + CHANNEL_OUT_OFFSET;
	struct binder_transaction_data tr;
	u32 command, at = 0;

	while (at + sizeof(command) + sizeof(tr) <= 1024) {
		memcpy(&command, out + at, sizeof(command));
		memcpy(&tr, out + at + sizeof(command), sizeof(tr));
		if (command == BR_TRANSACTION || command == BR_REPLY)
			end->buffer = tr.data.ptr.buffer;
		if (_IOC_TYPE(command) != 'r')
			return;
		at += (u32)sizeof(command) + _IOC_SIZE(command);
	}
}

static void answer_files(struct input *in, struct end *end)
{
	u8 how = input_u8(in);
	s32 *numbers = (s32 *)(void *)(end->thread->mailbox + CHANNEL_FILES_OFFSET);

	for (int i = 0; i < 8; i++)
		numbers[i] = how & 1 ? (s32)input_u32(in) : 100 + i;
	thread_box(end->thread)->file_result = how & 2 ? (s32)input_u32(in) : 0;
	drain(end->sock);
	set_state(end, CHANNEL_REQUEST);
	ring(end);
}

static void send_files(struct input *in, struct end *end)
{
	s32 numbers[8] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	int fds[8];
	u8 how = input_u8(in);
	size_t count = how & 7;

	/* A connection of ours would keep itself open, if it were taken over. */
	for (size_t i = 0; i < count; i++) {
		fds[i] = how & 0x80 && connections[0].sock >= 0 ? connections[0].sock : null_fd;
		hidden = hidden || fds[i] != null_fd;
	}
	send_message(end->sock, numbers, 4u * (how >> 3 & 7), fds, count);
}

static void scribble(struct input *in, struct end *end)
{
	size_t at = input_u16(in) % CHANNEL_IN_OFFSET;
	size_t size = input_u8(in);

	input_bytes(in, end->thread->mailbox + at, size);
}

static void thread_step(struct input *in, struct end *end, u8 step)
{
	struct channel_mailbox *box = thread_box(end->thread);

	switch (step) {
	case 0:
	case 1:
	case 2:
		/* Only its own mistakes let a client write while the daemon owns the mailbox. */
		if (box->state == CHANNEL_FILES) {
			answer_files(in, end);
			break;
		}
		request_lay(in, end);
		if (step == 2)
			plan_change(in, end);
		set_state(end, CHANNEL_REQUEST);
		ring(end);
		change.mailbox = NULL;
		break;
	case 3:
		scribble(in, end);
		break;
	case 4:
		ring(end);
		break;
	case 5:
		box->cancel = 1;
		ring(end);
		break;
	case 6:
		send_files(in, end);
		break;
	case 7:
		drain(end->sock);
		break;
	case 8:
		channel_loop_ready(&end->thread->sock, EPOLLRDHUP);
		break;
	default:
		answer_files(in, end);
	}
	look();
	if (end->thread)
		learn(end);
}

/* ---- one run ------------------------------------------------------------------------------ */

static void do_step(struct input *in)
{
	u8 step = input_u8(in) % 16, who = input_u8(in);
	struct connection *c = &connections[who % CONNECTIONS];
	struct end *end = &c->ends[who / CONNECTIONS % ENDS];

	switch (step) {
	case 10:
		connect_one(c);
		break;
	case 11:
		message(in, c);
		break;
	case 12:
		disconnect(c);
		break;
	case 13:
		channel_loop_pass(1000000ull * input_u8(in));
		break;
	case 14:
		input_bytes(in, client_memory + (who & 0x7f), 64);
		break;
	case 15:
		channel_loop_tasks();
		break;
	default:
		if (end->thread)
			thread_step(in, end, step);
	}
	if (who & 0x80)
		channel_loop_tasks();
	look();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	log_level = LOG_ERROR;
	options.direct = DIRECT_SAME_USER;
	options.any_manager = true;
	quota_at_limit(orphan_reclaim);
	options.limits.opens_per_uid = 2;
	options.limits.opens_per_process = 2;
	options.limits.threads_per_open = 3;
	options.limits.files_per_uid = 24;
	options.limits.files_per_process = 24;
	INIT_LIST_HEAD(&device.clients);
	return 0;
}

/* The lowest descriptor that is free: the same before and after, if none is left open. */
static int lowest_fd(void)
{
	int fd = dup(0);

	FUZZ_EXPECT(fd >= 0, "standard input is needed");
	close(fd);
	return fd;
}

static u32 events_of(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN | POLLRDHUP };

	return poll(&poll_fd, 1, 0) > 0 ? (u32)poll_fd.revents : 0;
}

/* Tells the daemon of every descriptor that has something, until nothing is new. */
static void hang_up_all(void)
{
	struct port_proc *client, *next;
	bool news = true;

	for (unsigned int i = 0; i < CONNECTIONS; i++) {
		if (connections[i].sock >= 0)
			close(connections[i].sock);
		for (unsigned int j = 0; j < ENDS; j++)
			close_end(&connections[i].ends[j]);
	}
	for (int most = 0; news && most < 16; most++) {
		news = false;
		list_for_each_entry_safe(client, next, &device.clients, link) {
			u32 events = events_of(client->source.fd);

			if (!events && !list_empty(&client->threads)) {
				struct port_thread *thread = list_first_entry(
					&client->threads, struct port_thread, link);

				channel_loop_ready(&thread->sock, events_of(thread->sock.fd));
				news = true;
			} else if (events) {
				channel_loop_ready(&client->source, events);
				news = true;
			}
			FUZZ_EXPECT(binder_context_check(device.context), "context");
		}
	}
}

/* As the daemon does when their user is at a limit. */
static void close_orphans(void)
{
	struct port_proc *client, *next;

	list_for_each_entry_safe(client, next, &device.clients, link) {
		FUZZ_EXPECT(!events_of(client->source.fd), "an client is not heard");
		client_close(client);
	}
}

/* Two connections with a thread each; the first is context manager and has a buffer. */
/* clang-format off */
static const u8 introduction[] = {
	10, 0, 11, 0, 1, 11, 0, 2, 8,
	10, 1, 11, 1, 1, 11, 1, 2, 8,
	0, 6, 3, 0, 2,			/* end 2 of connection 0: BINDER_SET_CONTEXT_MGR */
	0, 6, 4, 4, 7, 6, 0, 6, 5, 1,	/* a buffer of 16 KiB, mapped */
	0, 7, 4, 4, 7, 7, 0, 7, 5, 1,
};
/* clang-format on */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input start = { introduction, sizeof(introduction) };
	struct input in = { data, size };
	struct binder_counts counts;
	int lowest = lowest_fd();

	hidden = false;
	memset(client_memory, 0, sizeof(client_memory));
	for (unsigned int i = 0; i < CONNECTIONS; i++) {
		connections[i] = (struct connection){ .sock = -1 };
		for (unsigned int j = 0; j < ENDS; j++)
			connections[i].ends[j].sock = -1;
	}
	device.context = binder_context_new("fuzz");
	while (!input_empty(&start))
		do_step(&start);
	FUZZ_EXPECT(connections[0].ends[2].thread && connections[1].ends[2].thread,
		    "somebody's quota was not given back");
	while (!input_empty(&in))
		do_step(&in);
	hang_up_all();
	if (hidden)
		close_orphans();
	trim_end();
	FUZZ_EXPECT(list_empty(&device.clients), "an client is left");
	channel_loop_tasks();
	FUZZ_EXPECT(channel_loop_is_empty(), "a task, a timer or a source is left");
	binder_context_counts(device.context, &counts);
	FUZZ_EXPECT(!counts.procs && !counts.nodes && !counts.transactions && !counts.refs,
		    "something is left in the core");
	binder_context_free(device.context);
	FUZZ_EXPECT(lowest_fd() == lowest, "descriptor %d is left open", lowest);
	return 0;
}
