/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * peer.h: a process that uses an open device, and reading its memory.
 *
 * Usually the one that opened it; a forked child is another.
 */
#ifndef BINDERD_PEER_H
#define BINDERD_PEER_H

#include "port.h"

struct peer {
	struct list_head link; /* client->peers */
	s32 pid;               /* 0: not visible from our namespace */
	u32 refs;              /* its threads */
	int pidfd;             /* -1: its memory is not read */
	bool may_read;         /* policy */
	bool can_read;         /* and the kernel lets us */
};

/* Found or made in @peers.  NULL: no memory. */
struct peer *peer_get(struct list_head *peers, s32 pid, u32 uid);
void peer_put(struct peer *peer);
/* Tries whether memory can be read: the value must lie at the address. */
bool peer_probe(struct peer *peer, u64 addr, u64 value);
/* 0 or -EFAULT. */
int peer_read(const struct peer *peer, void *dst, u64 addr, size_t size);

#endif
