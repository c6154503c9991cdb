/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * files.c: descriptors between this process and binderd, over the thread socket.
 *
 * stage.c collects those that a transaction names, channel.c sends them before
 * it rings and answers the daemon when it has some for us.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	struct cmsghdr header;
	char space[CMSG_SPACE(CHANNEL_PACKET_FILES * sizeof(int))];
};

/* ---- outwards ------------------------------------------------------------- */

int client_files_add(struct client_channel *ch, int32_t fd)
{
	for (uint32_t i = 0; i < ch->file_count; i++) {
		if (ch->files[i] == fd)
			return 0;
	}
	/* What is left out the driver refuses as EBADF. */
	if (fd < 0 || ch->file_count == CHANNEL_MAX_FILES)
		return -EBADF;
	if (ch->file_count == ch->file_room) {
		uint32_t room = ch->file_room ? 2 * ch->file_room : 16;
		int32_t *files = reallocarray(ch->files, room, sizeof(*files));

		if (!files)
			return -ENOMEM;
		ch->files = files;
		ch->file_room = room;
	}
	ch->files[ch->file_count++] = fd;
	return 0;
}

static int send_packet(struct client_channel *ch, const int32_t *files, uint32_t count)
{
	union control control;
	struct iovec data = { (void *)files, count * sizeof(*files) };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = CMSG_SPACE(count * sizeof(int)) };

	memset(&control, 0, sizeof(control));
	control.header.cmsg_len = CMSG_LEN(count * sizeof(int));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.header), files, count * sizeof(int));
	return sendmsg(ch->sock, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* One bad descriptor fails a whole packet, so those are taken out first. */
static uint32_t drop_bad(int32_t *files, uint32_t count)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (fcntl(files[i], F_GETFD) >= 0)
			files[kept++] = files[i];
	}
	return kept;
}

void client_files_send(struct client_channel *ch)
{
	uint32_t done = 0, count, packets = 0;
	int r;

	ch->file_count = drop_bad(ch->files, ch->file_count);
	while (done < ch->file_count) {
		count = ch->file_count - done;
		if (count > CHANNEL_PACKET_FILES)
			count = CHANNEL_PACKET_FILES;
		r = send_packet(ch, ch->files + done, count);
		if (r == -EINTR)
			continue;
		if (r == 0)
			packets++;
		done += count;
	}
	ch->box->file_packets = packets;
	ch->file_count = 0;
}

/* ---- inwards ---------------------------------------------------------------- */

static void close_all(const int *fds, int count)
{
	for (int i = 0; i < count; i++)
		close(fds[i]);
}

/* All descriptors of a received message, even where more came than was asked for. */
static int take_descriptors(struct msghdr *message, int *fds, int max)
{
	int count = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		int n = c->cmsg_type == SCM_RIGHTS && c->cmsg_level == SOL_SOCKET ?
				(int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int)) :
				0;

		for (int i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + (size_t)i * sizeof(int), sizeof(fd));
			if (count < max)
				fds[count++] = fd;
			else
				close(fd);
		}
	}
	return count;
}

int client_files_receive(int sock, void *data, size_t size, int *fds, int max)
{
	union control control;
	struct iovec iov = { data, size };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	ssize_t n;
	int count;

	do {
		n = recvmsg(sock, &message, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ECONNRESET ? -ENODEV : -errno;
	if (n == 0)
		return -ENODEV;
	count = take_descriptors(&message, fds, max);
	if ((size_t)n == size)
		return count;
	close_all(fds, count);
	return -EPROTO;
}

static int take(struct client_channel *ch, int *fds, uint32_t count)
{
	uint32_t done = 0;
	bool short_of = false;

	while (done < count) {
		uint32_t expected = count - done, announced;
		int n;

		if (expected > CHANNEL_PACKET_FILES)
			expected = CHANNEL_PACKET_FILES;
		n = client_files_receive(ch->sock, &announced, sizeof(announced), fds + done,
					 (int)expected);
		if (n < 0) {
			close_all(fds, (int)done);
			return n;
		}
		/* Fewer came than were sent: our own limit.  The other packets must go, too. */
		if ((uint32_t)n != expected) {
			close_all(fds + done, n);
			short_of = true;
			for (int i = 0; i < (int)expected; i++)
				fds[done + (uint32_t)i] = -1;
		}
		done += expected;
	}
	if (!short_of)
		return 0;
	for (uint32_t i = 0; i < count; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	return -EMFILE;
}

void client_files_take(struct client_channel *ch)
{
	uint32_t count = ch->box->file_count;
	int fds[CHANNEL_MAX_FILES];
	int r = -EPROTO;

	if (count > 0 && count <= CHANNEL_MAX_FILES)
		r = take(ch, fds, count);
	if (r == 0)
		memcpy(client_files(ch), fds, count * sizeof(int));
	ch->box->file_result = r;
}

void client_files_close(struct client_channel *ch)
{
	uint32_t count = ch->box->close_count;

	if (count > CHANNEL_MAX_FILES)
		count = CHANNEL_MAX_FILES;
	for (uint32_t i = 0; i < count; i++) {
		if (client_files(ch)[i] >= 0)
			close(client_files(ch)[i]);
	}
}
