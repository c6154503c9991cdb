// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * read.c: writes BR_ commands to a client from what is queued for it.
 *
 * The order and the grouping are part of the ABI: own work first, and work of
 * the process only for a thread that had nothing of its own; a transaction, a
 * reply or a death ends the read.
 */
#include "internal.h"

/* The largest answer: a read with less room than that takes nothing off the queue. */
#define READ_ROOM (sizeof(u32) + sizeof(struct binder_transaction_data_secctx))

struct binder_read {
	struct binder_thread *thread;
	u64 addr, size;
	u64 *consumed;
};

enum { READ_ON, READ_ENOUGH }; /* after an item; or a negative errno */

static int put(struct binder_read *r, const void *data, size_t size)
{
	int err = port_write_client(r->thread->home, r->addr + *r->consumed, data, size);

	if (!err)
		*r->consumed += size;
	return err;
}

static int put_command(struct binder_read *r, u32 command, const void *data, size_t size)
{
	char message[READ_ROOM];
	int err;

	memcpy(message, &command, sizeof(command));
	if (size)
		memcpy(message + sizeof(command), data, size);
	err = put(r, message, sizeof(command) + size);
	if (!err)
		port_tally(&r->thread->counters.br[_IOC_NR(command)]);
	return err;
}

/* ---- transactions ------------------------------------------------------------------ */

/* A callee is as nice as its caller, but no nicer than its object allows. */
static void inherit_priority(struct binder_thread *thread, struct binder_transaction *t,
			     u8 min_priority)
{
	s32 own = port_get_nice(thread->home);
	s32 limit = min_priority;

	t->saved_priority = own;
	if (!t->oneway && t->priority < limit)
		port_set_nice(thread->home, t->priority);
	else if (!t->oneway || own > limit)
		port_set_nice(thread->home, limit);
}

/* What the reader of a transaction is told. */
struct binder_delivery {
	struct binder_transaction_data_secctx out;
	u8 min_priority;
};

/* Locked. */
static void fill_transaction(struct binder_thread *thread, struct binder_transaction *t,
			     struct binder_delivery *delivery)
{
	struct binder_transaction_data *tr = &delivery->out.transaction_data;
	struct binder_buffer *buffer = t->buffer;
	struct binder_proc *proc = thread->proc;

	memset(delivery, 0, sizeof(*delivery));
	if (buffer->target_node) {
		tr->target.ptr = buffer->target_node->ptr;
		tr->cookie = buffer->target_node->cookie;
		delivery->min_priority = buffer->target_node->min_priority;
	}
	if (t->from)
		tr->sender_pid = port_visible_pid(thread->home, t->from->proc->home, t->from_pid);
	tr->sender_euid = port_visible_uid(thread->home, t->sender_euid);
	tr->code = t->code;
	tr->flags = t->flags;
	tr->data_size = buffer->data_size;
	tr->offsets_size = buffer->offsets_size;
	tr->data.ptr.buffer = proc->alloc.user_addr + buffer->offset;
	tr->data.ptr.offsets = proc->alloc.user_addr + binder_buffer_offsets_at(buffer);
	delivery->out.secctx = t->label_addr;
}

static int put_transaction(struct binder_read *r, struct binder_transaction *t,
			   const struct binder_delivery *delivery)
{
	const struct binder_transaction_data *tr = &delivery->out.transaction_data;

	if (t->is_reply)
		return put_command(r, BR_REPLY, tr, sizeof(*tr));
	inherit_priority(r->thread, t, delivery->min_priority);
	if (delivery->out.secctx)
		return put_command(r, BR_TRANSACTION_SEC_CTX, &delivery->out,
				   sizeof(delivery->out));
	return put_command(r, BR_TRANSACTION, tr, sizeof(*tr));
}

/* The receiver could not be given it: the sender hears so. */
static void return_to_sender(struct binder_thread *thread, struct binder_transaction *t)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	thread->delivering = NULL;
	binder_transaction_abandon(t, BR_FAILED_REPLY, &fx);
	binder_unlock(ctx, &fx);
}

static void hand_over(struct binder_thread *thread, struct binder_transaction *t)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	thread->delivering = NULL;
	t->buffer->state = BINDER_BUFFER_DELIVERED;
	if (t->is_reply || t->oneway) {
		binder_transaction_finish(t, &fx);
	} else {
		t->to_parent = thread->stack;
		t->to_thread = thread;
		thread->stack = t;
	}
	binder_unlock(ctx, &fx);
}

/* @id: the call that this was the end of; @node: its target. */
static void trace_unanswered(const struct binder_thread *thread, u32 id, u32 node, u32 error)
{
	const struct binder_proc *proc = thread->proc;
	struct binder_trace trace = {
		.event = BINDER_TRACE_UNANSWERED,
		.kind = BINDER_CALL,
		.ctx = proc->ctx,
		.context = proc->ctx->name,
		.id = id,
		.node = node,
		.from_pid = proc->pid,
		.from_tid = thread->tid,
		.from_euid = proc->euid,
		.error = error,
	};

	port_trace(&trace);
}

static int deliver(struct binder_read *r, struct binder_transaction *t,
		   const struct binder_delivery *delivery)
{
	struct binder_thread *thread = r->thread;
	bool is_reply = t->is_reply;
	struct binder_trace trace = {
		.event = BINDER_TRACE_DELIVERED,
		.kind = is_reply  ? BINDER_REPLY :
			t->oneway ? BINDER_ONEWAY :
				    BINDER_CALL,
		.ctx = thread->proc->ctx,
		.context = thread->proc->ctx->name,
		.id = t->id,
		.reply_to = t->reply_to,
		.from_pid = t->from_pid,
		.from_tid = t->from_tid,
		.from_euid = t->sender_euid,
		.to_pid = thread->proc->pid,
		.to_tid = thread->tid,
		.to_euid = thread->proc->euid,
		.has_target = true,
		.node = t->node_id,
		.code = t->code,
		.flags = t->flags,
		.data_size = t->buffer->data_size,
		.offsets_size = t->buffer->offsets_size,
		.receiver = thread->proc->home,
		.data_at = t->buffer->offset,
		.offsets_at = binder_buffer_offsets_at(t->buffer),
	};
	int err = binder_journal_install(t->buffer->journal, thread);

	if (err == -EINPROGRESS)
		return err; /* thread->delivering brings us back here */
	if (err) {
		return_to_sender(thread, t);
		if (!is_reply)
			return READ_ON;
		trace_unanswered(thread, trace.reply_to, trace.node, BR_FAILED_REPLY);
		err = put_command(r, BR_FAILED_REPLY, NULL, 0);
		return err ? err : READ_ENOUGH;
	}
	err = put_transaction(r, t, delivery);
	if (err) {
		return_to_sender(thread, t);
		return err;
	}
	/* From hand_over() on, another thread of the receiver could free the payload. */
	port_trace(&trace);
	hand_over(thread, t);
	return READ_ENOUGH;
}

/* ---- the other items ------------------------------------------------------------------- */

static u32 completion_command(const struct binder_proc *proc, enum binder_work_type type)
{
	if (type == BINDER_WORK_TRANSACTION_PENDING)
		return UAPI_BR_TRANSACTION_PENDING_FROZEN;
	if (type == BINDER_WORK_ONEWAY_SPAM_SUSPECT && proc->oneway_spam_detection)
		return BR_ONEWAY_SPAM_SUSPECT;
	return BR_TRANSACTION_COMPLETE;
}

/* What one item of a queue says; the item is done with afterwards. */
struct binder_news {
	u32 command[4];
	u32 count;
	union {
		struct binder_ptr_cookie node;
		binder_uintptr_t cookie;
		struct binder_uapi_frozen_state frozen;
	} data;
	bool enough;
	u32 unanswered, node; /* the call that this says the end of, and its target; 0: none */
};

/* Locked. */
static void tell_death(struct binder_proc *proc, struct binder_work *work, struct binder_news *news)
{
	struct binder_notice *notice = container_of(work, struct binder_notice, work);

	news->data.cookie = notice->cookie;
	if (work->type == BINDER_WORK_CLEAR_DEATH_NOTIFICATION) {
		news->command[0] = BR_CLEAR_DEATH_NOTIFICATION_DONE;
		binder_death_free(work);
		return;
	}
	news->command[0] = BR_DEAD_BINDER;
	news->enough = true;
	binder_notice_delivered(&proc->delivered_deaths, notice);
}

/* Locked. */
static void tell_freeze(struct binder_proc *proc, struct binder_work *work,
			struct binder_news *news)
{
	struct binder_freeze *freeze = container_of(work, struct binder_freeze, notice.work);

	if (work->type == BINDER_WORK_CLEAR_FREEZE_NOTIFICATION) {
		news->command[0] = UAPI_BR_CLEAR_FREEZE_NOTIFICATION_DONE;
		news->data.cookie = freeze->notice.cookie;
		binder_freeze_free(work);
		return;
	}
	news->command[0] = UAPI_BR_FROZEN_BINDER;
	news->data.frozen.cookie = freeze->notice.cookie;
	news->data.frozen.is_frozen = freeze->is_frozen;
	news->enough = true;
	binder_notice_delivered(&proc->delivered_freezes, &freeze->notice);
}

/* Locked. */
static void tell_node(struct binder_node *node, struct binder_news *news)
{
	struct binder_node_news told;

	binder_node_tell(node, &told);
	memcpy(news->command, told.command, sizeof(told.command));
	news->count = told.count;
	news->data.node.ptr = told.ptr;
	news->data.node.cookie = told.cookie;
}

/* Locked. */
static void tell(struct binder_thread *thread, struct binder_work *work, struct binder_news *news,
		 struct binder_effects *fx)
{
	struct binder_error *error;

	*news = (struct binder_news){ .count = 1 };
	switch (work->type) {
	case BINDER_WORK_RETURN_ERROR:
		error = container_of(work, struct binder_error, work);
		news->command[0] = error->command;
		if (error == &thread->reply_error) {
			news->unanswered = error->id;
			news->node = error->node;
		}
		error->command = BR_OK;
		break;
	case BINDER_WORK_TRANSACTION_COMPLETE:
	case BINDER_WORK_TRANSACTION_PENDING:
	case BINDER_WORK_ONEWAY_SPAM_SUSPECT:
		news->command[0] = completion_command(thread->proc, work->type);
		thread->proc->completes--;
		binder_transaction_put(container_of(work, struct binder_transaction, complete), fx);
		break;
	case BINDER_WORK_NODE:
		tell_node(container_of(work, struct binder_node, work), news);
		break;
	case BINDER_WORK_FROZEN_BINDER:
	case BINDER_WORK_CLEAR_FREEZE_NOTIFICATION:
		tell_freeze(thread->proc, work, news);
		break;
	default:
		tell_death(thread->proc, work, news);
		break;
	}
}

static int put_news(struct binder_read *r, const struct binder_news *news)
{
	u32 i;
	int err = 0;

	if (news->unanswered)
		trace_unanswered(r->thread, news->unanswered, news->node, news->command[0]);
	for (i = 0; !err && i < news->count; i++)
		err = put_command(r, news->command[i], &news->data, _IOC_SIZE(news->command[i]));
	if (err)
		return err;
	return news->enough ? READ_ENOUGH : READ_ON;
}

/* ---- the read -------------------------------------------------------------------------------- */

/* Locked.  The queue to take from; NULL: there is nothing for this thread. */
static struct list_head *choose_queue(struct binder_thread *thread, bool proc_work)
{
	if (!list_empty(&thread->todo))
		return &thread->todo;
	if (proc_work && !list_empty(&thread->proc->todo))
		return &thread->proc->todo;
	return NULL;
}

/* There is no room for an item: that ends the read only if there is one. */
static int full(struct binder_read *r, bool proc_work)
{
	struct binder_thread *thread = r->thread;
	struct binder_effects fx;
	bool any;

	binder_lock(thread->proc->ctx, &fx);
	any = thread->delivering || choose_queue(thread, proc_work);
	binder_unlock(thread->proc->ctx, &fx);
	return any ? READ_ENOUGH : -ENODATA;
}

/* Locked.  Takes the next item, a transaction to thread->delivering.  NULL: there is none. */
static struct binder_work *take_work(struct binder_thread *thread, bool proc_work)
{
	struct list_head *queue = choose_queue(thread, proc_work);
	struct binder_work *work;

	if (!queue)
		return NULL;
	work = list_first_entry(queue, struct binder_work, entry);
	binder_work_dequeue(work);
	if (list_empty(&thread->todo))
		thread->has_todo = false;
	if (work->type == BINDER_WORK_TRANSACTION) {
		thread->delivering = container_of(work, struct binder_transaction, work);
		thread->proc->todo_calls -= queue == &thread->proc->todo;
	}
	return work;
}

/* Takes and answers one item.  -ENODATA: there is none. */
static int read_item(struct binder_read *r, bool proc_work)
{
	struct binder_thread *thread = r->thread;
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_work *work = NULL;
	struct binder_delivery delivery;
	struct binder_effects fx;
	struct binder_news news;

	if (*r->consumed > r->size || r->size - *r->consumed < READ_ROOM)
		return full(r, proc_work);

	binder_lock(ctx, &fx);
	if (!thread->delivering)
		work = take_work(thread, proc_work);
	if (thread->delivering)
		fill_transaction(thread, thread->delivering, &delivery);
	else if (work)
		tell(thread, work, &news, &fx);
	binder_unlock(ctx, &fx);

	if (thread->delivering)
		return deliver(r, thread->delivering, &delivery);
	return work ? put_news(r, &news) : -ENODATA;
}

/* Locked.  Is there a reason not to wait?  If not, the thread counts as waiting. */
static bool may_read(struct binder_thread *thread, bool proc_work, bool nonblock)
{
	if (thread->delivering || binder_thread_has_work(thread, proc_work)) {
		thread->looper &= ~(u32)BINDER_LOOPER_WAITING;
		list_del_init(&thread->waiting);
		return true;
	}
	if (!nonblock) {
		thread->looper |= BINDER_LOOPER_WAITING;
		if (proc_work && list_empty(&thread->waiting))
			list_add(&thread->waiting, &thread->proc->waiting);
	}
	return false;
}

/* Locked.  All threads are busy: the last one to go in asks for another. */
static bool wants_thread(struct binder_thread *thread)
{
	struct binder_proc *proc = thread->proc;

	return !proc->requested_threads && list_empty(&proc->waiting) &&
	       proc->registered_threads < proc->max_threads &&
	       (thread->looper & (BINDER_LOOPER_REGISTERED | BINDER_LOOPER_ENTERED));
}

/* The thread will be busy, or back in the program: others may be needed for what is left. */
static int leave(struct binder_read *r, int err)
{
	struct binder_proc *proc = r->thread->proc;
	u32 command = BR_SPAWN_LOOPER;
	struct binder_effects fx;
	bool ask;

	binder_lock(proc->ctx, &fx);
	ask = !err && wants_thread(r->thread);
	if (ask)
		proc->requested_threads++;
	if (!list_empty(&proc->todo))
		binder_wake_proc(proc, &fx);
	binder_unlock(proc->ctx, &fx);
	if (!ask)
		return err;
	port_tally(&r->thread->counters.br[_IOC_NR(command)]);
	/* In the place of the BR_NOOP. */
	return port_write_client(r->thread->home, r->addr, &command, sizeof(command));
}

static int read_items(struct binder_read *r, bool nonblock)
{
	struct binder_thread *thread = r->thread;
	struct binder_context *ctx = thread->proc->ctx;
	bool proc_work, ready, again;
	struct binder_effects fx;
	int err;

	do {
		binder_lock(ctx, &fx);
		proc_work = binder_thread_is_free(thread);
		ready = may_read(thread, proc_work, nonblock);
		binder_unlock(ctx, &fx);
		if (proc_work && port_get_nice(thread->home) != thread->proc->default_priority)
			port_set_nice(thread->home, thread->proc->default_priority);
		if (!ready)
			return -EAGAIN;
		do
			err = read_item(r, proc_work);
		while (err == READ_ON);
		if (err != -ENODATA)
			return err < 0 ? err : 0;
		/* Nothing came of it: somebody else was quicker, or it went back. */
		binder_lock(ctx, &fx);
		again = *r->consumed == sizeof(u32) && !thread->need_return;
		binder_unlock(ctx, &fx);
	} while (again);
	return 0;
}

int binder_thread_read(struct binder_thread *thread, u64 addr, u64 size, u64 *consumed,
		       bool nonblock)
{
	struct binder_read r = {
		.thread = thread, .addr = addr, .size = size, .consumed = consumed
	};
	u64 before = *consumed;
	int err = 0;

	if (!*consumed) {
		const u32 noop = BR_NOOP; /* which nobody counts */

		err = put(&r, &noop, sizeof(noop));
	}
	if (!err)
		err = read_items(&r, nonblock);
	if (err != -EAGAIN)
		err = leave(&r, err);
	if (err && err != -EINPROGRESS)
		*consumed = before; /* as the real driver: an error has read nothing */
	return err;
}
