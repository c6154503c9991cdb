// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * transaction.c: calls, one-way calls and replies, from the sender's command to
 * the receiver's queue.
 *
 * Three phases.  reserve (locked): who is the target, space in its buffer.
 * fill (unlocked): copy the payload, check its objects.  commit (locked): does
 * the target still live, translate the objects, queue.  What ends a
 * transaction is in finish.c.
 */
#include "internal.h"

/* A BC_TRANSACTION or BC_REPLY that is being carried out. */
struct binder_sending {
	struct binder_thread *from;
	const struct binder_transaction_data *tr;
	bool reply, oneway;
	u64 sg_size;
	struct binder_transaction *t;    /* the new one */
	struct binder_transaction *call; /* a reply answers it: off our stack already */
	struct binder_proc *to;          /* referenced */
	struct binder_thread *to_thread; /* referenced; NULL: any */
	struct binder_node *node;        /* a call's target, held: in_flight */
	u32 node_id;                     /* of a reply: its call's */
	struct binder_buffer *buffer;
	struct binder_journal *journal;
	char *label;
	u32 label_size;
	s32 priority;
	u32 euid;
	u64 started; /* ms */
	u32 id, log_number;
	u32 reply_to; /* the call's id */
	bool spam;
	/* Why it failed. */
	u32 error; /* BR_ command for the sender; 0: it has not */
	s32 reason;
	u32 line;
};

static int fail_at(struct binder_sending *s, u32 error, s32 reason, u32 line)
{
	s->error = error;
	s->reason = reason;
	s->line = line;
	return -1;
}

/* The log tells which check it was by the line in this file. */
#define fail(s, error, reason) fail_at(s, error, reason, __LINE__)

static enum binder_trace_kind kind_of(const struct binder_sending *s)
{
	return s->reply ? BINDER_REPLY : s->oneway ? BINDER_ONEWAY : BINDER_CALL;
}

/* ---- the log; locked -------------------------------------------------------------- */

static struct binder_log_entry log_entry(const struct binder_sending *s)
{
	const struct binder_proc *proc = s->from->proc;

	return (struct binder_log_entry){
		.id = s->id,
		.done = s->error,
		.kind = kind_of(s),
		.from_pid = proc->pid,
		.from_tid = s->from->tid,
		.from_euid = proc->euid,
		.to_pid = s->to ? s->to->pid : 0,
		.to_tid = s->to_thread ? s->to_thread->tid : 0,
		.to_euid = s->to ? s->to->euid : 0,
		.node = s->node ? s->node->id : 0,
		.handle = s->tr->target.handle,
		.data_size = s->tr->data_size,
		.offsets_size = s->tr->offsets_size,
		.error = s->error,
		.reason = s->reason,
		.line = s->line,
	};
}

/* The target is known, or there is none. */
static void log_begin(struct binder_sending *s)
{
	struct binder_log_entry entry = log_entry(s);

	s->log_number = binder_log_add(&s->from->proc->ctx->log, &entry);
}

static void log_queued(const struct binder_sending *s)
{
	struct binder_log_entry *entry = binder_log_find(&s->from->proc->ctx->log, s->log_number);

	if (entry)
		entry->done = true;
}

static void log_failed(const struct binder_sending *s)
{
	struct binder_context *ctx = s->from->proc->ctx;
	struct binder_log_entry entry = log_entry(s);
	struct binder_log_entry *begun = binder_log_find(&ctx->log, s->log_number);

	if (begun)
		*begun = entry;
	binder_log_add(&ctx->failed, &entry);
}

/* ---- reserve: the target ---------------------------------------------------------- */

static int find_node(struct binder_sending *s)
{
	struct binder_proc *proc = s->from->proc;
	struct binder_node *node;

	if (s->tr->target.handle) {
		struct binder_ref *ref = binder_ref_by_handle(proc, s->tr->target.handle, true);

		if (!ref)
			return fail(s, BR_FAILED_REPLY, -EINVAL);
		node = ref->node;
	} else {
		node = proc->ctx->manager;
		if (!node)
			return fail(s, BR_DEAD_REPLY, -EINVAL);
		if (node->proc->pid == proc->pid)
			return fail(s, BR_FAILED_REPLY, -EINVAL);
	}
	if (!node->proc || node->proc->dead)
		return fail(s, BR_DEAD_REPLY, -EINVAL);
	if (node->proc == proc)
		return fail(s, BR_FAILED_REPLY, -EINVAL);

	s->node = node;
	s->node_id = node->id;
	node->in_flight++;
	binder_node_inc(node, true, false, NULL);
	s->to = node->proc;
	port_ref_get(&s->to->refs);
	return 0;
}

/*
 * A call into a process that waits for us, somewhere up the chain of calls,
 * goes to the thread that waits: it is the one that may hold its locks.
 */
static int find_thread(struct binder_sending *s)
{
	struct binder_thread *from = s->from;
	struct binder_transaction *t = from->stack;

	if (s->oneway)
		return 0;
	if (!list_empty(&from->todo) &&
	    list_first_entry(&from->todo, struct binder_work, entry)->type ==
		    BINDER_WORK_TRANSACTION)
		return fail(s, BR_FAILED_REPLY, -EPROTO);
	if (t && t->to_thread != from)
		return fail(s, BR_FAILED_REPLY, -EPROTO); /* waits for a reply already */
	if (t && t->depth >= BINDER_MAX_DEPTH)
		return fail(s, BR_FAILED_REPLY, -ELOOP);
	for (; t; t = t->from_parent) {
		if (t->from && t->from->proc == s->to) {
			s->to_thread = t->from;
			port_ref_get(&s->to_thread->refs);
			return 0;
		}
	}
	return 0;
}

/*
 * Takes the call that this replies to off our stack: from here on it ends, in
 * whichever way the reply does.
 */
static int find_caller(struct binder_sending *s)
{
	struct binder_transaction *call = s->from->stack;

	if (!call || call->to_thread != s->from)
		return fail(s, BR_FAILED_REPLY, -EPROTO);
	s->from->stack = call->to_parent;
	s->from->replying = call;
	s->call = call;
	s->reply_to = call->id;
	s->node_id = call->node_id;
	if (!call->from)
		return fail(s, BR_DEAD_REPLY, 0);
	if (call->from->stack != call)
		return fail(s, BR_FAILED_REPLY, -EPROTO);
	s->to_thread = call->from;
	port_ref_get(&s->to_thread->refs);
	s->to = call->from->proc;
	port_ref_get(&s->to->refs);
	return 0;
}

static int find_target(struct binder_sending *s)
{
	if (s->reply)
		return find_caller(s);
	return find_node(s) || find_thread(s) ? -1 : 0;
}

/* ---- reserve: the buffer -------------------------------------------------------------- */

static int reserve_buffer(struct binder_sending *s, struct binder_buffer **spare)
{
	struct binder_buffer_request request = {
		.data_size = s->tr->data_size,
		.offsets_size = s->tr->offsets_size,
		.extra_size = s->sg_size + ALIGN8((u64)s->label_size),
		.async = s->oneway,
		.sender_pid = s->from->proc->pid,
	};
	int err;

	if (request.extra_size < s->sg_size)
		return fail(s, BR_FAILED_REPLY, -EINVAL);
	err = binder_buffer_reserve(s->to, &request, spare, &s->buffer);
	if (err)
		return fail(s, err == -ESRCH ? BR_DEAD_REPLY : BR_FAILED_REPLY, err);
	s->buffer->id = s->t->id;
	s->buffer->sg_size = s->sg_size;
	s->buffer->clear_on_free = s->tr->flags & TF_CLEAR_BUF;
	s->buffer->target_node = s->node;
	s->spam = s->oneway && binder_buffer_spam(s->to, s->from->proc->pid);
	return 0;
}

/* Unlocked: what may have to be waited for.  The target is known and held. */
static int provide(struct binder_sending *s, struct binder_buffer **spare)
{
	*spare = binder_buffer_alloc();
	if (!*spare)
		return -ENOMEM;
	if (!s->node || !s->node->wants_label)
		return 0;
	return port_security_label(s->from->home, &s->label, &s->label_size);
}

static int reserve(struct binder_sending *s)
{
	struct binder_context *ctx = s->from->proc->ctx;
	struct binder_buffer *spare = NULL;
	struct binder_effects fx;
	int err;

	s->t = binder_charged_alloc(s->from->proc->account, sizeof(*s->t), &err);
	binder_lock(ctx, &fx);
	s->from->extended_error = (struct binder_extended_error){ .id = s->id, .command = BR_OK };
	if (find_target(s))
		goto out;
	s->from->proc->made[BINDER_TRANSACTIONS]++;
	if (!s->t) {
		fail(s, BR_FAILED_REPLY, err);
		goto out;
	}
	s->t->id = s->id;
	if (!s->to->alloc.spare || (s->node && s->node->wants_label)) {
		binder_unlock(ctx, &fx);
		err = provide(s, &spare);
		binder_lock(ctx, &fx);
	}
	if (err)
		fail(s, BR_FAILED_REPLY, err);
	else
		reserve_buffer(s, &spare);
out:
	log_begin(s);
	binder_unlock(ctx, &fx);
	port_free(spare);
	if (s->call)
		port_set_nice(s->from->home, s->call->saved_priority);
	return s->error ? -1 : 0;
}

/* ---- fill --------------------------------------------------------------------------------- */

static int fill(struct binder_sending *s)
{
	struct binder_fill fill = {
		.from = s->from,
		.to = s->to,
		.buffer = s->buffer,
		.data_addr = s->tr->data.ptr.buffer,
		.offsets_addr = s->tr->data.ptr.offsets,
		.accepts_fds = s->reply ? s->call->flags & TF_ACCEPT_FDS : s->node->accepts_fds,
	};
	int err = s->sg_size % sizeof(u64) ? -EINVAL : binder_journal_fill(&fill, &s->journal);

	if (!err && s->journal)
		err = binder_journal_provide(s->journal, s->from->proc, s->to);
	if (!err && s->label) {
		size_t at = binder_buffer_extra_at(s->buffer) + ALIGN8(s->sg_size);

		err = port_buffer_prepare(s->to->home, at, s->label_size);
		if (!err)
			port_buffer_write(s->to->home, at, s->label, s->label_size);
		s->t->label_addr = s->to->alloc.user_addr + at;
		s->t->label_size = s->label_size;
	}
	s->priority = port_get_nice(s->from->home);
	s->euid = port_sender_euid(s->from->home, s->from->proc->euid);
	return err ? fail(s, BR_FAILED_REPLY, err) : 0;
}

/* ---- commit --------------------------------------------------------------------------------- */

static void describe(struct binder_sending *s)
{
	struct binder_transaction *t = s->t;
	struct binder_thread *from = s->from;

	t->ctx = from->proc->ctx;
	t->users = 2;
	t->oneway = s->oneway;
	t->is_reply = s->reply;
	t->reply_to = s->reply_to;
	t->node_id = s->node_id;
	t->from = s->reply || s->oneway ? NULL : from;
	t->from_pid = from->proc->pid;
	t->from_tid = from->tid;
	t->started = s->started;
	t->sender_euid = s->euid;
	t->code = s->tr->code;
	t->flags = s->tr->flags;
	t->priority = s->priority;
	t->to_proc = s->to;
	t->to_thread = s->to_thread;
	t->buffer = s->buffer;
	binder_work_init(&t->work, BINDER_WORK_TRANSACTION);
	binder_work_init(&t->complete, BINDER_WORK_TRANSACTION_COMPLETE);
	s->buffer->transaction = t;
	s->buffer->journal = s->journal;
	s->buffer->state = BINDER_BUFFER_QUEUED;
	t->ctx->transactions++;
	from->proc->completes++;
	s->to->outstanding++;
	if (s->node)
		s->node->in_flight--; /* its count is the buffer's now */
}

static void queue_reply(struct binder_sending *s, struct binder_effects *fx)
{
	binder_thread_queue(s->from, &s->t->complete);
	s->to_thread->stack = s->call->from_parent;
	s->call->from = NULL;
	binder_thread_queue(s->to_thread, &s->t->work);
	binder_wake(s->to_thread, fx);
	fx->sync = true;
	s->from->replying = NULL;
	binder_transaction_finish(s->call, fx);
	s->call = NULL;
}

static void queue_call(struct binder_sending *s, struct binder_effects *fx)
{
	struct binder_transaction *t = s->t;
	struct binder_thread *thread = s->to_thread;

	/* Read together with the reply: alone it is not worth a return. */
	binder_thread_queue_deferred(s->from, &t->complete);
	t->from_parent = s->from->stack;
	t->depth = t->from_parent ? t->from_parent->depth + 1 : 1;
	s->from->stack = t;

	if (!thread)
		thread = binder_select_thread(s->to);
	if (thread) {
		binder_thread_queue(thread, &t->work);
		binder_wake(thread, fx);
	} else {
		binder_proc_queue(s->to, &t->work, fx);
	}
	fx->sync = true;
}

/* TF_UPDATE_TXN: a newer call takes the place of one that waits in vain. */
static void drop_outdated(struct binder_sending *s, struct binder_effects *fx)
{
	struct binder_transaction *older;

	if (!(s->t->flags & TF_UPDATE_TXN) || !s->to->frozen)
		return;
	older = binder_async_outdated(s->node, s->t);
	if (older)
		binder_transaction_abandon(older, BR_FAILED_REPLY, fx);
}

/* One at a time for each node: the rest waits until its buffer is freed. */
static void queue_oneway(struct binder_sending *s, struct binder_effects *fx)
{
	struct binder_transaction *t = s->t;
	struct binder_thread *thread;

	if (s->to->frozen) {
		s->to->async_received = true;
		t->complete.type = BINDER_WORK_TRANSACTION_PENDING;
	} else if (s->spam) {
		t->complete.type = BINDER_WORK_ONEWAY_SPAM_SUSPECT;
	}
	if (s->node->has_async) {
		drop_outdated(s, fx);
		binder_async_add(s->node, t);
	} else {
		s->node->has_async = true;
		s->buffer->has_turn = true;
		thread = binder_select_thread(s->to);
		if (thread) {
			binder_thread_queue(thread, &t->work);
			binder_wake(thread, fx);
		} else {
			binder_proc_queue(s->to, &t->work, fx);
		}
	}
	binder_thread_queue(s->from, &t->complete);
}

static bool target_is_gone(const struct binder_sending *s)
{
	if (s->reply)
		return !s->call->from;
	return s->to->dead || (s->to_thread && s->to_thread->dead);
}

/* 1: not all of it yet; drop the lock, make room for handles, go on. */
static int commit_locked(struct binder_sending *s, struct binder_effects *fx)
{
	int err;

	if (!s->reply && s->to->frozen && !s->oneway) {
		s->to->sync_received = true;
		return fail(s, BR_FROZEN_REPLY, 0);
	}
	if (target_is_gone(s))
		return fail(s, BR_DEAD_REPLY, 0);
	if (s->journal) {
		if (s->journal->handles && !binder_handles_fit(s->to, s->journal->handles))
			return 1;
		err = binder_journal_commit(s->journal, s->from, s->to, s->buffer);
		if (err > 0)
			return err;
		if (err)
			return fail(s, BR_FAILED_REPLY, err);
	}
	describe(s);
	if (s->reply)
		queue_reply(s, fx);
	else if (s->oneway)
		queue_oneway(s, fx);
	else
		queue_call(s, fx);
	binder_wake_own_poll(s->from, fx);
	log_queued(s);
	return 0;
}

static int commit(struct binder_sending *s)
{
	struct binder_context *ctx = s->from->proc->ctx;
	struct binder_effects fx;
	int r;

	for (;;) {
		binder_lock(ctx, &fx);
		r = commit_locked(s, &fx);
		binder_unlock(ctx, &fx);
		if (r <= 0)
			return r;
		r = binder_handles_grow(s->to, s->journal->handles);
		if (r)
			return fail(s, BR_FAILED_REPLY, r);
	}
}

/* ---- failure --------------------------------------------------------------------------------- */

static void set_extended_error(struct binder_thread *thread, u32 id, u32 command, s32 param)
{
	thread->extended_error.id = id;
	thread->extended_error.command = command;
	thread->extended_error.param = param;
}

/* Gives back what the reservation took, and tells who is to hear of it. */
static void give_up(struct binder_sending *s)
{
	struct binder_thread *from = s->from;
	struct binder_effects fx;

	if (s->journal) {
		s->journal->owner = s->to;
		port_ref_get(&s->to->refs);
		binder_journal_end(s->journal);
	}
	binder_lock(from->proc->ctx, &fx);
	log_failed(s);
	if (s->buffer) {
		s->buffer->target_node = NULL; /* released below */
		binder_buffer_release(s->to, s->buffer, &fx);
	}
	if (s->node) {
		s->node->in_flight--;
		binder_node_dec(s->node, true, false, &fx);
	}
	if (s->call) {
		/* The call is over for its caller; for us it counts as answered. */
		struct binder_thread *caller = s->call->from;

		if (caller && caller->extended_error.command == BR_OK)
			set_extended_error(caller, s->id, s->error, s->reason);
		from->replying = NULL;
		binder_set_error(from, &from->return_error, BR_TRANSACTION_COMPLETE);
		binder_send_failed_reply(s->call, s->error, &fx);
	} else {
		set_extended_error(from, s->id, s->error, s->reason);
		binder_set_error(from, &from->return_error, s->error);
	}
	binder_wake_own_poll(from, &fx);
	binder_unlock(from->proc->ctx, &fx);
	binder_charged_free(s->t);
}

void binder_transact(struct binder_thread *thread, const struct binder_transaction_data *tr,
		     bool reply, u64 sg_size)
{
	struct binder_sending s = {
		.from = thread,
		.tr = tr,
		.reply = reply,
		.oneway = !reply && (tr->flags & TF_ONE_WAY),
		.sg_size = sg_size,
		.id = binder_next_id(),
		.started = port_now_ms(),
	};
	struct binder_trace trace = {
		.event = BINDER_TRACE_SENT,
		.kind = kind_of(&s),
		.ctx = thread->proc->ctx,
		.context = thread->proc->ctx->name,
		.from_pid = thread->proc->pid,
		.from_tid = thread->tid,
		.from_euid = thread->proc->euid,
		.sender = thread->proc->home,
		.handle = reply ? 0 : tr->target.handle,
		.code = tr->code,
		.flags = tr->flags,
		.data_size = tr->data_size,
		.offsets_size = tr->offsets_size,
	};

	if (reserve(&s) || fill(&s) || commit(&s)) {
		trace.event = BINDER_TRACE_FAILED;
		trace.error = s.error;
		trace.reason = s.reason;
		give_up(&s);
	}
	trace.id = s.id;
	trace.reply_to = s.reply_to;
	trace.node = s.node_id;
	trace.has_target = s.to;
	trace.to_pid = s.to ? s.to->pid : 0;
	trace.to_euid = s.to ? s.to->euid : 0;
	trace.to_tid = s.to_thread ? s.to_thread->tid : 0;
	port_trace(&trace);
	port_free(s.label);
	binder_thread_put(s.to_thread);
	binder_proc_put(s.to);
}
