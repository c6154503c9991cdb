// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * watch.c: asks binderd for the ring of a device's events.
 *
 * Called by libbinder, which reads the ring.
 */
#include "internal.h"
#include "watch.h"

#include <errno.h>
#include <unistd.h>

/* The two descriptors, which came ahead of the answer, in one packet. */
static int take_ends(struct client_channel *ch, int fds[2])
{
	uint32_t announced;
	int taken[2];
	int n = client_files_receive(ch->sock, &announced, sizeof(announced), taken, 2);

	if (n == 2) {
		fds[0] = taken[0];
		fds[1] = taken[1];
		return 0;
	}
	if (n == 1)
		close(taken[0]);
	return n < 0 ? n : -EMFILE;
}

int binder_client_watch(struct binder_client *client, const struct watch_filter *filter,
			uint64_t deadline, int fds[2])
{
	struct client_channel *ch;
	int r = client_channel_enter(client, deadline, &ch);

	if (r < 0)
		return r;
	client_channel_prepare(ch, CHANNEL_WATCH);
	client_stage(ch, (uintptr_t)filter, sizeof(*filter));
	ch->box->arg = (uintptr_t)filter;
	ch->box->size = sizeof(*filter);
	r = client_channel_simple(ch);
	if (r >= 0)
		r = take_ends(ch, fds);
	client_channel_leave(ch);
	return r;
}
