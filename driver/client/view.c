/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * view.c: reads from binderd what a kernel shows in debugfs.
 *
 * Called by libbinder; asks for one piece of text after the other, each a
 * request of its own.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A daemon that never comes to an end is not to take all of our memory. */
#define MOST_TEXT (1u << 30)

static const char *const names[] = {
	[CHANNEL_VIEW_STATE] = "state",
	[CHANNEL_VIEW_STATS] = "stats",
	[CHANNEL_VIEW_TRANSACTIONS] = "transactions",
	[CHANNEL_VIEW_LOG] = "transaction_log",
	[CHANNEL_VIEW_FAILED_LOG] = "failed_transaction_log",
};

int binder_client_view_pid(const char *name)
{
	const char *digits = name + strlen("proc/");
	char *end;
	long pid;

	if (strncmp(name, "proc/", strlen("proc/")) || *digits < '1' || *digits > '9')
		return 0;
	pid = strtol(digits, &end, 10);
	return !*end && pid <= INT_MAX ? (int)pid : 0;
}

/* What the channel calls it, with the pid above; -EINVAL: it has none of this name. */
static int64_t find_view(const char *name)
{
	int pid = binder_client_view_pid(name);

	if (pid)
		return CHANNEL_VIEW_PROC | (int64_t)pid << 32;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(name, names[i]))
			return (int64_t)i;
	}
	return -EINVAL;
}

/* The piece's size; it lies in the mailbox. */
static int ask(struct client_channel *ch, int64_t view, bool continued)
{
	int r;

	/*
	 * A signal ends it only while others go first; a file is read on all the same.  Not in a
	 * child that the signal's handler has forked: its channel is gone.
	 */
	do {
		client_channel_prepare(ch, CHANNEL_VIEW);
		ch->box->arg = (uint64_t)view;
		if (continued)
			ch->box->flags |= CHANNEL_CONTINUED;
		r = client_channel_simple(ch);
	} while (r == -EINTR && !ch->broken && !deadline_over(ch->deadline));
	if (r < 0)
		return r;
	return ch->box->size_reply <= CHANNEL_VIEW_SIZE ? (int)ch->box->size_reply : -EPROTO;
}

static int read_all(struct client_channel *ch, int64_t view, char **ret)
{
	size_t used = 0, room = CHANNEL_VIEW_SIZE + 1;
	char *text = malloc(room);
	int n = text ? ask(ch, view, false) : -ENOMEM;

	while (n > 0) {
		if (room - used <= (size_t)n) {
			char *larger = used < MOST_TEXT ? realloc(text, 2 * room) : NULL;

			n = larger ? n : -ENOMEM;
			text = larger ? larger : text;
			room *= 2;
			continue;
		}
		memcpy(text + used, (char *)ch->box + CHANNEL_VIEW_OFFSET, (size_t)n);
		used += (size_t)n;
		n = ask(ch, view, true);
	}
	if (n < 0) {
		free(text);
		return n;
	}
	text[used] = '\0';
	*ret = text;
	return 0;
}

int binder_client_view(struct binder_client *client, const char *name, uint64_t deadline,
		       char **ret)
{
	int64_t view = find_view(name);
	struct client_channel *ch;
	int r;

	if (view < 0)
		return (int)view;
	r = client_channel_enter(client, deadline, &ch);
	if (r < 0)
		return r;
	r = read_all(ch, view, ret);
	client_channel_leave(ch);
	/* One that knows no views of single processes. */
	return r == -EINVAL ? -ENOSYS : r;
}
