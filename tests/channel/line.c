/* SPDX-License-Identifier: MIT */
/*
 * line.c: connects, attaches and rings as driver/client would, without its care.
 */
#include "line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

int line_connect(const char *device)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", device);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int line_send(int sock, const void *data, size_t size, const int *fds, size_t count)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(253 * sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(count * sizeof(int)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct iovec iov = { (void *)data, size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (count) {
		memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
	}
	return sendmsg(sock, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

int line_open(struct line *line, const char *device)
{
	const struct channel_hello hello = { CHANNEL_HELLO, CHANNEL_MAGIC };
	struct channel_hello_reply reply;

	memset(line, 0, sizeof(*line));
	line->sock = line->waker = line->bell[0] = line->bell[1] = -1;
	line->conn = line_connect(device);
	if (line->conn < 0)
		return -errno;
	if (line_send(line->conn, &hello, sizeof(hello), NULL, 0) < 0 ||
	    recv(line->conn, &reply, sizeof(reply), 0) != sizeof(reply))
		return -EPIPE;
	return reply.result;
}

int line_attach(struct line *line)
{
	struct channel_attach attach = {
		.message = CHANNEL_ATTACH,
		.tid = (int)syscall(SYS_gettid),
	};
	struct channel_attach_reply reply;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(3 * sizeof(int))];
	} control;
	struct iovec iov = { &reply, sizeof(reply) };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int ends[2], fds[3];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	if (pipe2(line->bell, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	fds[0] = ends[1];
	fds[1] = line->bell[0];
	line_send(line->conn, &attach, sizeof(attach), fds, 2);
	close(ends[1]);
	line->sock = ends[0];
	if (recvmsg(line->sock, &message, MSG_CMSG_CLOEXEC) != sizeof(reply))
		return -EPIPE;
	if (reply.result < 0)
		return reply.result;
	memcpy(fds, CMSG_DATA(&control.header), sizeof(fds));
	line->waker = fds[1];
	close(line->sock);
	line->sock = fds[2];
	line->mailbox = mmap(NULL, CHANNEL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fds[0], 0);
	close(fds[0]);
	if (line->mailbox == MAP_FAILED)
		return -errno;
	line->box = (struct channel_mailbox *)line->mailbox;
	return 0;
}

void line_close(struct line *line)
{
	if (line->box)
		munmap(line->mailbox, CHANNEL_SIZE);
	if (line->sock >= 0)
		close(line->sock);
	for (int i = 0; i < 2; i++) {
		if (line->bell[i] >= 0)
			close(line->bell[i]);
	}
	if (line->waker >= 0)
		close(line->waker);
	if (line->conn >= 0)
		close(line->conn);
}

void line_ring(const struct line *line)
{
	char bytes[65536];

	/* Full: what lies in it has been heard. */
	while (write(line->bell[1], "", 1) < 0) {
		if (read(line->bell[0], bytes, sizeof(bytes)) < 0)
			return;
	}
}

bool line_request(const struct line *line)
{
	struct epoll_event event;

	__atomic_store_n(&line->box->state, CHANNEL_REQUEST, __ATOMIC_SEQ_CST);
	line_ring(line);
	while (__atomic_load_n(&line->box->state, __ATOMIC_SEQ_CST) == CHANNEL_REQUEST) {
		if (epoll_wait(line->waker, &event, 1, 2000) == 0)
			return false;
	}
	return true;
}

void line_lay(const struct line *line, unsigned int slot, uint64_t addr, const void *data,
	      uint32_t size, uint32_t offset)
{
	line->box->range[slot] = (struct channel_range){ addr, size, CHANNEL_IN_OFFSET + offset };
	memcpy(line->mailbox + CHANNEL_IN_OFFSET + offset, data, size);
	if (line->box->range_count <= slot)
		line->box->range_count = slot + 1;
}

void line_prepare_call(const struct line *line, uint32_t flags, uint64_t data_size,
		       uint64_t offsets_size)
{
	struct {
		uint32_t command;
		struct binder_transaction_data tr;
	} __attribute__((packed)) call = { .command = BC_TRANSACTION };
	struct channel_mailbox *box = line->box;
	char data[256] = { 0 };

	memset(&box->op, 0, sizeof(*box) - offsetof(struct channel_mailbox, op));
	call.tr.flags = flags;
	call.tr.data_size = data_size;
	call.tr.offsets_size = offsets_size;
	call.tr.data.ptr.buffer = LINE_DATA;
	call.tr.data.ptr.offsets = LINE_OFFSETS;
	box->op = CHANNEL_IOCTL;
	box->cmd = BINDER_WRITE_READ;
	box->flags = CHANNEL_NONBLOCK;
	line_lay(line, 0, LINE_COMMANDS, &call, sizeof(call), 0);
	line_lay(line, 1, LINE_DATA, data, sizeof(data), 256);
	line_lay(line, 2, LINE_OFFSETS, data, sizeof(data), 1024);
	box->bwr = (struct binder_write_read){
		.write_buffer = LINE_COMMANDS,
		.write_size = sizeof(call),
		.read_buffer = LINE_OUT,
		.read_size = 4096,
	};
	box->out_addr = LINE_OUT;
	box->out_size = 4096;
}

uint32_t line_answer(const struct line *line, size_t index)
{
	uint32_t word;

	memcpy(&word, line->mailbox + channel_out_offset(line->box->out_size) + 4 * index,
	       sizeof(word));
	return word;
}
