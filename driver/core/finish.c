// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * finish.c: how transactions and their buffers end, however they do.
 *
 * Called when a call is answered, when it fails, when a party dies, and for
 * BC_FREE_BUFFER.  There is one way to give a buffer back, and it works from
 * the journal: what was taken, not what the bytes say now.
 */
#include "internal.h"

void binder_transaction_put(struct binder_transaction *t, struct binder_effects *fx)
{
	if (--t->users)
		return;
	t->ctx->transactions--;
	t->from_parent = fx->transactions;
	fx->transactions = t;
}

void binder_transaction_finish(struct binder_transaction *t, struct binder_effects *fx)
{
	if (t->to_proc)
		binder_freeze_settle(t->to_proc, fx);
	t->to_proc = NULL;
	if (t->buffer)
		t->buffer->transaction = NULL;
	t->buffer = NULL;
	t->from = NULL;
	t->to_thread = NULL;
	binder_transaction_put(t, fx);
}

/* Takes a call off its caller's stack, wherever it lies in it. */
static void pop(struct binder_thread *caller, struct binder_transaction *t)
{
	struct binder_transaction **link = &caller->stack;

	while (*link && *link != t)
		link = (*link)->to_thread == caller ? &(*link)->to_parent : &(*link)->from_parent;
	if (*link)
		*link = t->from_parent;
	t->from = NULL;
}

void binder_send_failed_reply(struct binder_transaction *t, u32 command, struct binder_effects *fx)
{
	while (t) {
		struct binder_transaction *before = t->from_parent;
		struct binder_thread *caller = t->from;

		if (caller) {
			pop(caller, t);
			if (caller->reply_error.command == BR_OK) {
				caller->reply_error.id = t->id;
				caller->reply_error.node = t->node_id;
				binder_set_error(caller, &caller->reply_error, command);
				binder_wake(caller, fx);
			}
			binder_transaction_finish(t, fx);
			return;
		}
		/* Its caller died: the failure goes to who waited for that one. */
		binder_transaction_finish(t, fx);
		t = before;
	}
}

void binder_transaction_abandon(struct binder_transaction *t, u32 command,
				struct binder_effects *fx)
{
	struct binder_buffer *buffer = t->buffer;

	if (buffer) {
		t->buffer = NULL;
		buffer->transaction = NULL;
		binder_buffer_release(t->to_proc, buffer, fx);
	}
	if (t->is_reply || t->oneway)
		binder_transaction_finish(t, fx);
	else
		binder_send_failed_reply(t, command, fx);
}

/* The node's next one-way call may go. */
static void pass_turn(struct binder_node *node, struct binder_effects *fx)
{
	struct binder_transaction *t = binder_async_next(node);

	if (!t) {
		node->has_async = false;
		return;
	}
	t->buffer->has_turn = true;
	binder_proc_queue(node->proc, &t->work, fx);
}

/* Counts that the objects hold: a dead process holds none, its tables go whole. */
static void release_journal(struct binder_proc *proc, struct binder_journal *journal,
			    struct binder_effects *fx)
{
	if (!proc->dead) {
		journal->owner = proc;
		port_ref_get(&proc->refs);
	}
	journal->next = fx->journals;
	fx->journals = journal;
}

static void release_memory(struct binder_proc *proc, struct binder_buffer *buffer,
			   struct binder_effects *fx)
{
	if (!buffer->clear_on_free || proc->dead) {
		binder_buffer_free(proc, buffer);
		return;
	}
	buffer->state = BINDER_BUFFER_CLEARING;
	buffer->size = binder_buffer_chunk_size(proc, buffer);
	buffer->owner = proc;
	port_ref_get(&proc->refs);
	buffer->next = fx->clearing;
	fx->clearing = buffer;
}

void binder_buffer_release(struct binder_proc *proc, struct binder_buffer *buffer,
			   struct binder_effects *fx)
{
	struct binder_node *node = buffer->target_node;

	if (buffer->transaction) {
		buffer->transaction->buffer = NULL;
		buffer->transaction = NULL;
	}
	if (buffer->has_turn && node && node->proc)
		pass_turn(node, fx);
	if (buffer->journal)
		release_journal(proc, buffer->journal, fx);
	buffer->journal = NULL;
	buffer->target_node = NULL;
	release_memory(proc, buffer, fx);
	if (node)
		binder_node_dec(node, true, false, fx);
}
