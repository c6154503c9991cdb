/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * ioctl.c: Binder's ioctls as requests to binderd.
 *
 * Called by libbinder and the preload library; stage.c lays out what a
 * BINDER_WRITE_READ writes, the daemon's answer is copied back here.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

/* What the driver wrote stands at the head of the out area. */
static int copy_out(struct client_channel *ch, void *to, uint32_t room)
{
	uint32_t used = ch->box->out_used;

	if (used > room)
		return -EPROTO;
	memcpy(to, client_out(ch), used);
	if (ch->box->out_size > CHANNEL_OUT_SIZE && used > ch->far_used)
		ch->far_used = used;
	return 0;
}

/* ---- BINDER_WRITE_READ -------------------------------------------------------- */

static void request_read(struct client_channel *ch, const struct binder_write_read *bwr,
			 bool read_more)
{
	struct channel_mailbox *box = ch->box;
	uint64_t size = bwr->read_size < CHANNEL_FAR_SIZE ? bwr->read_size : CHANNEL_FAR_SIZE;

	box->bwr.read_size = size;
	if (read_more)
		box->flags |= CHANNEL_READ_MORE;
	/* BR_NOOP is written whether there is room for it or not. */
	if (size < sizeof(uint32_t))
		size = sizeof(uint32_t);
	size = client_writable_part(ch, bwr->read_buffer, size, bwr->read_consumed == 0);
	box->out_addr = bwr->read_buffer;
	box->out_size = (uint32_t)size;
	/* The driver may also rewrite the head of what an earlier ioctl left there. */
	if (bwr->read_consumed && bwr->read_consumed <= size)
		memcpy(client_out(ch), (void *)(uintptr_t)bwr->read_buffer, bwr->read_consumed);
}

/* The answer's bwr, and what was read.  The driver's result. */
static int take_answer(struct client_channel *ch, struct binder_write_read *bwr)
{
	const struct channel_mailbox *box = ch->box;

	bwr->write_consumed = box->bwr.write_consumed;
	bwr->read_consumed = box->bwr.read_consumed;
	if (box->out_size && copy_out(ch, (void *)(uintptr_t)bwr->read_buffer, box->out_size) < 0)
		return -EPROTO;
	return box->result;
}

static int write_read(struct client_channel *ch, struct binder_write_read *user, bool read_more)
{
	struct binder_write_read bwr;
	bool last, stopped = false, writable;
	int r;

	writable = client_writable(ch, (uintptr_t)user, sizeof(*user));
	if (!writable && !client_readable(ch, (uintptr_t)user, sizeof(*user)))
		return -EFAULT;
	bwr = *user;
	/* Mostly one round: more only when the mailbox cannot hold all that is written. */
	do {
		uint64_t end = bwr.write_consumed;

		client_channel_prepare(ch, CHANNEL_IOCTL);
		ch->box->cmd = BINDER_WRITE_READ;
		ch->box->bwr = bwr;
		if (!stopped)
			end = client_stage_write(ch, &bwr);
		last = stopped || end >= bwr.write_size;
		ch->box->bwr.write_size = end;
		ch->box->bwr.read_size = 0;
		if (!last)
			ch->box->flags |= CHANNEL_CONTINUED;
		else if (bwr.read_size)
			request_read(ch, &bwr, read_more);
		r = client_channel_request(ch);
		if (r < 0)
			return r;
		r = take_answer(ch, &bwr);
		/* A transaction failed: the driver takes no more before this is read. */
		stopped = bwr.write_consumed < end;
	} while (r == 0 && !last);
	/* All the same it was carried out. */
	if (!writable)
		return -EFAULT;
	user->write_consumed = bwr.write_consumed;
	user->read_consumed = bwr.read_consumed;
	return r;
}

/* ---- the others ------------------------------------------------------------------ */

/* _IOC_READ | _IOC_WRITE as the driver really uses the argument. */
static unsigned int direction_of(unsigned long cmd)
{
	switch (cmd) {
	case BINDER_SET_MAX_THREADS:
	case BINDER_SET_CONTEXT_MGR_EXT:
	case BINDER_FREEZE:
	case BINDER_ENABLE_ONEWAY_SPAM_DETECTION:
		return _IOC_WRITE;
	case BINDER_VERSION:
	case BINDER_GET_EXTENDED_ERROR:
		return _IOC_READ;
	case BINDER_GET_NODE_DEBUG_INFO:
	case BINDER_GET_NODE_INFO_FOR_REF:
	case BINDER_GET_FROZEN_INFO:
		return _IOC_READ | _IOC_WRITE;
	default:
		return _IOC_NONE; /* unknown, or the argument is not looked at */
	}
}

static int plain(struct client_channel *ch, uint32_t cmd, void *arg)
{
	unsigned int direction = direction_of(cmd);
	uint32_t size = _IOC_SIZE(cmd);
	int r;

	client_channel_prepare(ch, CHANNEL_IOCTL);
	ch->box->cmd = cmd;
	ch->box->arg = (uintptr_t)arg;
	if (direction & _IOC_WRITE)
		client_stage(ch, (uintptr_t)arg, size);
	if ((direction & _IOC_READ) && client_writable(ch, (uintptr_t)arg, size)) {
		ch->box->out_addr = (uintptr_t)arg;
		ch->box->out_size = size;
	}
	r = client_channel_simple(ch);
	if (!ch->broken && ch->box->out_size && copy_out(ch, arg, size) < 0)
		return -EPROTO;
	return r;
}

int binder_client_ioctl(struct binder_client *client, unsigned long cmd, void *arg, bool read_more,
			uint64_t deadline)
{
	struct client_channel *ch;
	int r;

	if (cmd != (uint32_t)cmd)
		return -EINVAL;
	r = client_channel_enter(client, deadline, &ch);
	if (r < 0)
		return r;
	if (cmd == BINDER_WRITE_READ)
		r = write_read(ch, arg, read_more);
	else
		r = plain(ch, (uint32_t)cmd, arg);
	client_channel_leave(ch);
	return r;
}
