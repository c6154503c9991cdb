/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * view.c: lets a client read the state of its device, piece by piece.
 *
 * request.c calls for CHANNEL_VIEW; the core writes the text, for the eyes of
 * the user that opened the connection.  The client asks for each piece, so a
 * large world keeps nobody else waiting and takes no memory here.
 */
#include "thread.h"
#include "platform/mailbox.h"

_Static_assert(CHANNEL_VIEW_SIZE >= BINDER_PRINT_MIN, "room for a line");
_Static_assert((int)CHANNEL_VIEW_STATE == (int)BINDER_VIEW_STATE &&
		       (int)CHANNEL_VIEW_STATS == (int)BINDER_VIEW_STATS &&
		       (int)CHANNEL_VIEW_TRANSACTIONS == (int)BINDER_VIEW_TRANSACTIONS &&
		       (int)CHANNEL_VIEW_LOG == (int)BINDER_VIEW_LOG &&
		       (int)CHANNEL_VIEW_FAILED_LOG == (int)BINDER_VIEW_FAILED_LOG &&
		       (int)CHANNEL_VIEW_PROC == (int)BINDER_VIEW_PROC,
	       "the channel's numbers are the core's");

int view_read(struct port_thread *thread, u64 arg, bool continued, u64 *size_reply)
{
	/* Not in the mailbox itself: the client could change it under the formatter's hands. */
	static char text[CHANNEL_VIEW_SIZE];
	const struct port_proc *client = thread->client;
	struct binder_print *print = thread->print;
	const u32 view = (u32)arg, pid = (u32)(arg >> 32);
	size_t size;

	/* Going on with nothing would go on for nobody in particular, and so for root. */
	if (view >= BINDER_VIEWS || (view == BINDER_VIEW_PROC) != (pid != 0) ||
	    (continued && !print))
		return -EINVAL;
	if (!print)
		print = port_alloc(sizeof(*print));
	if (!print)
		return -ENOMEM;
	thread->print = print;
	if (!continued) {
		binder_print_start(print, (enum binder_view)view, client->identity.who.euid);
		binder_print_without(print, client->core);
		binder_print_only(print, (s32)pid);
	}
	size = binder_context_print(client->device->context, print, text, sizeof(text));
	if (mailbox_charge(thread, CHANNEL_VIEW_OFFSET, size))
		return -EDQUOT;
	memcpy(thread->mailbox + CHANNEL_VIEW_OFFSET, text, size);
	*size_reply = size;
	if (!size) {
		port_free(print);
		thread->print = NULL;
	}
	return 0;
}
