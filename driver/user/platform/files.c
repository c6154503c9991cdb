/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * files.c: descriptors from a client, held for a transaction, to another client.
 *
 * The core calls the port_* functions; request.c the others.  A descriptor
 * comes over the sender's thread socket, waits here as a struct port_file,
 * charged to the sender's user, and goes over the reader's.
 */
#include "files.h"
#include "log.h"
#include "options.h"
#include "port_thread.h"
#include "limits/closer.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_PACKETS (CHANNEL_MAX_FILES / CHANNEL_PACKET_FILES + 1)

_Static_assert(PORT_MAX_FILES == CHANNEL_MAX_FILES, "what the core takes can be given");

struct port_file {
	int fd;
	u32 refs;
	u32 uid; /* the sender's */
	struct quota_account *account;
};

/* A number of the sender's and what it stands for. */
struct file_entry {
	s32 number;
	struct port_file *file;
};

union file_control {
	struct cmsghdr header;
	char space[CMSG_SPACE(CLOSER_MOST_IN_PACKET * sizeof(int))];
};

static void log_files(const struct port_thread *thread, const char *text)
{
	log_limited(LOG_WARNING, "%s: pid %d, uid %u: %s", thread->client->device_name,
		    thread->client->identity.who.pid, thread->client->identity.who.euid, text);
}

void port_file_put(struct port_file *file)
{
	if (!file || --file->refs)
		return;
	closer_close(file->fd, file->uid, file->account);
	port_free(file);
}

/* ---- from the client ------------------------------------------------------------- */

/*
 * The far end of one of our own connections: held by us, it would keep that
 * connection open for ever.  (No fstat(): that may ask a file system of the
 * client's own, which need not answer.)
 */
static bool is_our_connection(int fd)
{
	struct sockaddr_un address;
	socklen_t size = sizeof(int);
	int domain;

	/* Of others it is not asked: to say where it is connected to, TCP takes its lock. */
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0 || domain != AF_UNIX)
		return false;
	memset(&address, 0, sizeof(address));
	size = sizeof(address);
	if (getpeername(fd, (struct sockaddr *)&address, &size) < 0 ||
	    address.sun_family != AF_UNIX)
		return false;
	address.sun_path[sizeof(address.sun_path) - 1] = '\0';
	return options_has_device(address.sun_path);
}

/* Takes @fd over. */
static void keep(struct port_thread *thread, s32 number, int fd)
{
	struct thread_files *files = &thread->files;
	struct port_file *file;

	if (!files->received)
		files->received = port_alloc_array(CHANNEL_MAX_FILES, sizeof(*files->received));
	file = port_alloc(sizeof(*file));
	if (!files->received || !file || files->received_count == CHANNEL_MAX_FILES ||
	    is_our_connection(fd) || quota_charge_files(thread->client->account, 1) < 0) {
		log_files(thread, "a descriptor was not taken over: too many, or one that may not "
				  "be sent");
		port_free(file);
		closer_close(fd, thread->client->identity.who.euid, NULL);
		return;
	}
	file->fd = fd;
	file->refs = 1;
	file->uid = thread->client->identity.who.euid;
	file->account = thread->client->account;
	files->received[files->received_count++] = (struct file_entry){ number, file };
}

static bool receive_packet(struct port_thread *thread)
{
	s32 numbers[CHANNEL_PACKET_FILES];
	union file_control control;
	struct iovec data = { numbers, sizeof(numbers) };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(thread->sock.fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	size_t named, at = 0;

	if (n < 0)
		return false;
	named = (size_t)n / sizeof(numbers[0]);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (at < named)
				keep(thread, numbers[at++], fd);
			else
				closer_close(fd, thread->client->identity.who.euid, NULL);
		}
	}
	if (at < named)
		log_files(thread, "not all descriptors arrived; binderd may be out of them");
	return true;
}

static void drop_received(struct port_thread *thread)
{
	struct thread_files *files = &thread->files;

	while (files->received_count)
		port_file_put(files->received[--files->received_count].file);
}

void files_receive(struct port_thread *thread, u32 packets)
{
	struct thread_files *files = &thread->files;

	for (; files->stale_packets; files->stale_packets--) {
		if (!receive_packet(thread))
			files->stale_packets = 1;
		drop_received(thread);
	}
	for (u32 i = 0; i < packets && i < MAX_PACKETS; i++) {
		if (!receive_packet(thread))
			return;
	}
}

void files_skip(struct port_thread *thread, u32 packets)
{
	struct thread_files *files = &thread->files;
	u32 stale = packets < MAX_PACKETS ? packets : MAX_PACKETS;

	if (files->stale_packets <= U32_MAX - stale)
		files->stale_packets += stale;
}

int port_file_get(struct port_thread *from, s32 fd, struct port_file **ret)
{
	const struct thread_files *files = &from->files;

	/* About what it takes to find one. */
	throttle_add(100 + files->received_count / 2);
	for (u32 i = 0; i < files->received_count; i++) {
		if (files->received[i].number == fd) {
			files->received[i].file->refs++;
			*ret = files->received[i].file;
			return 0;
		}
	}
	return -EBADF;
}

/* ---- to the client ----------------------------------------------------------------- */

static int send_packet(struct port_thread *thread, const int *fds, u32 count)
{
	union file_control control;
	struct iovec data = { &count, sizeof(count) };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = CMSG_SPACE(count * sizeof(int)) };

	memset(&control, 0, message.msg_controllen);
	control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
	if (sendmsg(thread->sock.fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return errno == EAGAIN ? -ENOBUFS : -errno;
	return 0;
}

int files_send(struct port_thread *thread, const int *fds, u32 count)
{
	u32 done, part;
	int r;

	for (done = 0; done < count; done += part) {
		part = count - done < CHANNEL_PACKET_FILES ? count - done : CHANNEL_PACKET_FILES;
		r = send_packet(thread, fds + done, part);
		if (r < 0) {
			log_files(thread, "descriptors could not be sent to it; it does not read");
			/* Half of them are there, and nobody would know which: end the channel. */
			if (done)
				shutdown(thread->sock.fd, SHUT_RDWR);
			return r;
		}
	}
	return 0;
}

static int offer(struct port_thread *to, struct port_file **list, u32 count)
{
	int fds[CHANNEL_MAX_FILES];
	int r;

	if (!to->files.numbers)
		to->files.numbers = port_alloc_array(CHANNEL_MAX_FILES, sizeof(s32));
	if (!to->files.numbers)
		return -ENOMEM;
	for (u32 i = 0; i < count; i++)
		fds[i] = list[i]->fd;
	r = files_send(to, fds, count);
	if (r < 0)
		return r;
	thread_box(to)->file_count = count;
	to->files.offered = true;
	to->files.answered = false;
	to->files.offered_count = count;
	return -EINPROGRESS;
}

int port_files_install(struct port_thread *to, struct port_file **list, s32 *fds, u32 count)
{
	struct thread_files *files = &to->files;

	if (to->hung_up)
		return -ESRCH;
	if (!files->offered)
		return offer(to, list, count);
	if (!files->answered)
		return -EINPROGRESS;
	files->offered = false;
	if (files->result < 0)
		return files->result;
	if (count != files->offered_count)
		return -EINVAL;
	memcpy(fds, files->numbers, count * sizeof(*fds));
	return 0;
}

void files_answered(struct port_thread *thread)
{
	struct thread_files *files = &thread->files;
	s32 result = *(volatile s32 *)&thread_box(thread)->file_result;

	memcpy(files->numbers, thread->mailbox + CHANNEL_FILES_OFFSET,
	       files->offered_count * sizeof(s32));
	for (u32 i = 0; result == 0 && i < files->offered_count; i++) {
		if (files->numbers[i] < 0)
			result = -EBADF;
	}
	files->result = result < 0 && result > -4096 ? result : result ? -EINVAL : 0;
	files->answered = true;
}

/* ---- what the client has to close --------------------------------------------------- */

void port_fd_close(struct port_thread *thread, s32 fd)
{
	struct thread_files *files = &thread->files;

	if (!files->closes)
		files->closes = port_alloc_array(CHANNEL_MAX_FILES, sizeof(s32));
	if (files->closes && files->close_count < CHANNEL_MAX_FILES)
		files->closes[files->close_count++] = fd;
	else
		log_files(thread, "more descriptors to close than an answer holds; they stay open");
}

u32 files_finish(struct port_thread *thread)
{
	struct thread_files *files = &thread->files;
	u32 count = files->close_count;

	drop_received(thread);
	if (count)
		memcpy(thread->mailbox + CHANNEL_FILES_OFFSET, files->closes, count * sizeof(s32));
	files->close_count = 0;
	files->offered = false;
	return count;
}

void files_forget(struct port_thread *thread)
{
	struct thread_files *files = &thread->files;

	drop_received(thread);
	port_free(files->received);
	port_free(files->numbers);
	port_free(files->closes);
	memset(files, 0, sizeof(*files));
}
