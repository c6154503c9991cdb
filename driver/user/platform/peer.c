/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * peer.c: process_vm_readv() from clients that it is safe to read from.
 *
 * thread.c attaches threads to peers, mailbox.c reads through them.  A page
 * whose owner handles its faults (userfaultfd, FUSE) can hold us up as long as
 * the owner likes; so by default only processes of our own user are read,
 * which could stop us with a signal just as well.
 */
#include "peer.h"
#include "log.h"
#include "options.h"

#include <poll.h>
#include <sys/pidfd.h>
#include <sys/uio.h>
#include <unistd.h>

static bool policy_allows(u32 uid)
{
	switch (options.direct) {
	case DIRECT_ALL:
		return true;
	case DIRECT_SAME_USER:
		return uid == geteuid();
	default:
		return false;
	}
}

struct peer *peer_get(struct list_head *peers, s32 pid, u32 uid)
{
	struct peer *peer;

	list_for_each_entry(peer, peers, link) {
		if (peer->pid == pid) {
			peer->refs++;
			return peer;
		}
	}
	peer = port_alloc(sizeof(*peer));
	if (!peer)
		return NULL;
	peer->pid = pid;
	peer->refs = 1;
	peer->pidfd = -1;
	peer->may_read = pid > 0 && policy_allows(uid);
	if (peer->may_read)
		peer->pidfd = pidfd_open(pid, 0);
	if (peer->pidfd < 0)
		peer->may_read = false;
	list_add_tail(&peer->link, peers);
	return peer;
}

void peer_put(struct peer *peer)
{
	if (!peer || --peer->refs)
		return;
	list_del(&peer->link);
	if (peer->pidfd >= 0)
		close(peer->pidfd);
	port_free(peer);
}

/* While it lives, nobody else can have its pid. */
static bool is_alive(const struct peer *peer)
{
	struct pollfd fd = { .fd = peer->pidfd, .events = POLLIN };

	return poll(&fd, 1, 0) == 0;
}

static int read_memory(const struct peer *peer, char *dst, u64 addr, size_t size)
{
	while (size) {
		struct iovec to = { dst, size };
		struct iovec from = { (void *)(uintptr_t)addr, size };
		ssize_t n = process_vm_readv(peer->pid, &to, 1, &from, 1, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EPERM ? -EPERM : -EFAULT;
		if (n == 0)
			return -EFAULT;
		dst += n;
		addr += (u64)n;
		size -= (size_t)n;
	}
	return is_alive(peer) ? 0 : -EFAULT;
}

bool peer_probe(struct peer *peer, u64 addr, u64 value)
{
	u64 found;

	if (peer->may_read && !peer->can_read)
		peer->can_read = read_memory(peer, (char *)&found, addr, sizeof(found)) == 0 &&
				 found == value;
	return peer->can_read;
}

int peer_read(const struct peer *peer, void *dst, u64 addr, size_t size)
{
	if (!peer->can_read || read_memory(peer, dst, addr, size) < 0)
		return -EFAULT;
	return 0;
}
