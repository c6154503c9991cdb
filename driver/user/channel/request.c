/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * request.c: carries out what a client lays into its mailbox.
 *
 * A request is a state machine.  Its step says what it waits for, and four events move
 * it on:
 *
 *   bell     the client rang: a request lies in the mailbox, or its answer to CHANNEL_FILES
 *   wake     the loop's task list has come to it: the core called port_wake(), or the
 *            request queued itself
 *   timeout  its timer has run out
 *   cancel   the client rang, and has set cancel: it wants an answer now
 *
 * cells[] at the end of the file has the function for each step and event; every
 * other function here is called by one of those.  An empty cell is a decision: the
 * event means nothing in that step.
 *
 * Three things always hold:
 * - The mailbox is the daemon's in each step but NONE and FILES; complete() and
 *   mailbox_hand_over() give it to the client.
 * - Each step in which the mailbox is the daemon's has an answer to cancel, which does
 *   not wait for anything.  So a client that hears nothing may ask whether the daemon
 *   lives (the ping), and never has to guess.
 * - What is cancelled before it is begun has had no effect.  A write that is cancelled
 *   between two commands says in write_consumed how far it has come.
 */
#include "thread.h"
#include "log.h"
#include "notice.h"
#include "platform/buffer.h"
#include "platform/mailbox.h"
#include "platform/watcher.h"

/* Each field is read once: the client can change it at any time. */
#define ONCE(field) (*(const volatile __typeof__(field) *)&(field))

/* Commands of one turn; the rest waits behind other clients' events. */
#define WRITE_SLICE 4096
/* A call and the buffers it frees are shorter. */
#define LONG_WRITE 400

static void load(struct port_thread *thread)
{
	const struct channel_mailbox *box = thread_box(thread);
	struct request *rq = &thread->request;

	rq->op = ONCE(box->op);
	rq->flags = ONCE(box->flags);
	rq->cmd = ONCE(box->cmd);
	rq->timeout_ms = ONCE(box->timeout_ms);
	rq->arg = ONCE(box->arg);
	rq->size = ONCE(box->size);
	rq->out_addr = ONCE(box->out_addr);
	rq->out_size = ONCE(box->out_size);
	if (rq->out_size > CHANNEL_FAR_SIZE)
		rq->out_size = CHANNEL_FAR_SIZE;
	rq->out_used = 0;
	rq->file_packets = ONCE(box->file_packets);
	rq->bwr.write_size = ONCE(box->bwr.write_size);
	rq->bwr.write_consumed = ONCE(box->bwr.write_consumed);
	rq->bwr.write_buffer = ONCE(box->bwr.write_buffer);
	rq->bwr.read_size = ONCE(box->bwr.read_size);
	rq->bwr.read_consumed = ONCE(box->bwr.read_consumed);
	rq->bwr.read_buffer = ONCE(box->bwr.read_buffer);
	rq->read_done = rq->bwr.read_consumed;
	mailbox_load_ranges(thread, box);
}

static void complete(struct port_thread *thread, int result)
{
	struct channel_mailbox *box = thread_box(thread);
	struct request *rq = &thread->request;

	rq->step = REQUEST_NONE;
	loop_timer_cancel(&thread->timer);
	loop_task_cancel(&thread->task);
	if (rq->op == CHANNEL_IOCTL && thread->core &&
	    (result < 0 || !(rq->flags & CHANNEL_CONTINUED)))
		binder_thread_ioctl_done(thread->core);
	box->bwr.write_consumed = rq->bwr.write_consumed;
	box->bwr.read_consumed = rq->bwr.read_consumed;
	box->result = result;
	box->out_used = rq->out_used;
	box->close_count = files_finish(thread);
	box->notice_down = notice_settle(thread);
	mailbox_hand_over(thread, CHANNEL_DONE);
}

static bool is_cancelled(const struct port_thread *thread)
{
	return __atomic_load_n(&thread_box(thread)->cancel, __ATOMIC_ACQUIRE);
}

static void run_timer(struct port_thread *thread, u64 at)
{
	loop_timer_set(&thread->timer, at);
}

/* ---- BINDER_WRITE_READ ------------------------------------------------------------- */

/* Does what was read so far say only that something of the client's own went well? */
static bool read_only_noise(const struct port_thread *thread)
{
	const struct request *rq = &thread->request;
	const char *out = thread_out(thread);
	u32 command;

	if (rq->out_addr != rq->bwr.read_buffer || rq->read_done > rq->out_size)
		return false;
	for (u64 at = rq->bwr.read_consumed; at < rq->read_done; at += sizeof(command)) {
		if (rq->read_done - at < sizeof(command))
			return false;
		memcpy(&command, out + at, sizeof(command));
		if (command != BR_NOOP && command != BR_TRANSACTION_COMPLETE)
			return false;
	}
	return true;
}

static void complete_read(struct port_thread *thread)
{
	thread->request.bwr.read_consumed = thread->request.read_done;
	complete(thread, 0);
}

/* The wait ends without work.  What an earlier round of READ_MORE found still counts. */
static void give_up_read(struct port_thread *thread, int result)
{
	struct request *rq = &thread->request;

	binder_thread_stop_waiting(thread->core);
	if ((rq->flags & CHANNEL_READ_MORE) && rq->read_done > rq->bwr.read_consumed + sizeof(u32))
		complete_read(thread);
	else
		complete(thread, result);
}

static void run_read(struct port_thread *thread)
{
	struct request *rq = &thread->request;
	bool nonblock = rq->flags & CHANNEL_NONBLOCK;
	u64 before;
	int r;

	rq->step = REQUEST_READING;
	do {
		before = rq->read_done;
		r = binder_thread_read(thread->core, rq->bwr.read_buffer, rq->bwr.read_size,
				       &rq->read_done, nonblock);
		/* News of an object takes a look at it. */
		throttle_add(2 * (rq->read_done - before));
	} while (r == 0 && (rq->flags & CHANNEL_READ_MORE) && !nonblock && rq->read_done > before &&
		 read_only_noise(thread));

	if (r == 0) {
		complete_read(thread);
	} else if (r == -EINPROGRESS) {
		rq->step = REQUEST_FILES;
		mailbox_hand_over(thread, CHANNEL_FILES);
	} else if (r != -EAGAIN) {
		complete(thread, r);
	} else if (nonblock) {
		complete(thread, -EAGAIN);
	} else if (is_cancelled(thread)) {
		give_up_read(thread, -EINTR);
	} else {
		nice_tell(thread);
	}
}

/* What makes one turn.  True: all commands that will be carried out have been; *@result says how. */
static bool write_slice(struct port_thread *thread, int *result)
{
	struct binder_write_read *bwr = &thread->request.bwr;
	u64 size = bwr->write_size, start = bwr->write_consumed, done = start, before;

	*result = 0;
	while (done < size) {
		if (done - start >= WRITE_SLICE || throttle_slice_is_over())
			return false;
		before = done;
		*result = binder_thread_write_one(thread->core, bwr->write_buffer, &done);
		bwr->write_consumed = done;
		if (*result < 0 || done == before)
			return true;
	}
	return true;
}

static void run_write(struct port_thread *thread)
{
	struct request *rq = &thread->request;
	int r;

	rq->step = REQUEST_WRITING;
	if (rq->bwr.write_size >= LONG_WRITE)
		throttle_measure();
	if (!write_slice(thread, &r)) {
		if (is_cancelled(thread))
			complete(thread, -EINTR);
		else
			loop_task_queue(&thread->task);
		return;
	}
	if (r < 0) {
		rq->bwr.read_consumed = 0;
		complete(thread, r);
	} else if (rq->bwr.read_size) {
		run_read(thread);
	} else {
		complete(thread, 0);
	}
}

/* ---- the other requests --------------------------------------------------------------- */

static void run_poll(struct port_thread *thread)
{
	struct request *rq = &thread->request;
	u32 events = binder_thread_poll(thread->core);

	if (events || rq->timeout_ms == 0) {
		complete(thread, (int)events);
	} else if (is_cancelled(thread)) {
		complete(thread, -EINTR);
	} else if (rq->step != REQUEST_POLLING) {
		rq->step = REQUEST_POLLING;
		if (rq->timeout_ms > 0)
			run_timer(thread, loop_now() + (u64)rq->timeout_ms * 1000000);
	}
}

static void finish_freeze(struct port_thread *thread, bool cancelled)
{
	complete(thread, binder_thread_freeze_end(thread->core, cancelled));
}

/* BINDER_FREEZE waits for transactions under way, as long as its argument says. */
static void run_freeze(struct port_thread *thread)
{
	struct request *rq = &thread->request;
	int r = binder_thread_ioctl(thread->core, rq->cmd, rq->arg);

	if (r != -EINPROGRESS) {
		complete(thread, r);
	} else if (is_cancelled(thread)) {
		finish_freeze(thread, true);
	} else if (rq->step != REQUEST_FREEZING) {
		rq->step = REQUEST_FREEZING;
		run_timer(thread,
			  loop_now() + (u64)binder_thread_freeze_timeout(thread->core) * 1000000);
	}
}

static void run_ioctl(struct port_thread *thread)
{
	struct request *rq = &thread->request;
	struct binder_thread *core = thread->core;

	switch (rq->cmd) {
	case BINDER_WRITE_READ:
		run_write(thread);
		return;
	case BINDER_THREAD_EXIT:
		thread->core = NULL;
		binder_thread_exit(core);
		complete(thread, 0);
		return;
	case BINDER_FREEZE:
		run_freeze(thread);
		return;
	default:
		complete(thread, binder_thread_ioctl(core, rq->cmd, rq->arg));
	}
}

static void carry_out(struct port_thread *thread)
{
	struct request *rq = &thread->request;
	u64 size_reply = 0;
	int r;

	if (rq->file_packets)
		files_receive(thread, rq->file_packets);
	switch (rq->op) {
	case CHANNEL_IOCTL:
	case CHANNEL_POLL:
		r = thread_enter_core(thread);
		if (r == 0 && thread->flushed)
			binder_thread_flush(thread->core);
		thread->flushed = false;
		if (r < 0)
			complete(thread, r);
		else if (rq->op == CHANNEL_IOCTL)
			run_ioctl(thread);
		else
			run_poll(thread);
		return;
	case CHANNEL_MMAP:
		r = buffer_mmap(thread, rq->size, &size_reply);
		thread_box(thread)->size_reply = size_reply;
		break;
	case CHANNEL_MAPPED:
		r = buffer_mapped(thread, rq->arg);
		break;
	case CHANNEL_MUNMAP:
		r = buffer_munmap(thread);
		break;
	case CHANNEL_FLUSH:
		binder_proc_flush(thread->client->core);
		notice_flushed(thread->client);
		r = 0;
		break;
	case CHANNEL_VIEW:
		r = view_read(thread, rq->arg, rq->flags & CHANNEL_CONTINUED, &size_reply);
		thread_box(thread)->size_reply = size_reply;
		break;
	case CHANNEL_WATCH:
		r = watcher_open(thread, thread->client->device->context, rq->arg, rq->size);
		break;
	case CHANNEL_PROBE:
		r = peer_probe(thread->peer, rq->arg, rq->size) ? 0 : -EPERM;
		break;
	default:
		log_limited(LOG_WARNING, "%s: pid %d, uid %u, thread %d: unknown request %u",
			    thread->client->device_name, thread->client->identity.who.pid,
			    thread->client->identity.who.euid, thread->tid, rq->op);
		r = -ENOSYS;
	}
	complete(thread, r);
}

/* ---- beginning ------------------------------------------------------------------------ */

/* Others take no time worth mentioning; ending a thread, above all, must not be put off. */
static bool may_be_expensive(const struct request *rq)
{
	return (rq->op == CHANNEL_IOCTL && rq->cmd == BINDER_WRITE_READ) ||
	       rq->op == CHANNEL_VIEW || rq->file_packets;
}

static void carry_out_turn(struct port_thread *thread)
{
	struct port_proc *client = thread->client;

	thread->request.step = REQUEST_NONE;
	throttle_begin_turn();
	carry_out(thread);
	throttle_end_turn(&client->throttle);
}

static void cancel_held(struct port_thread *thread)
{
	files_skip(thread, thread->request.file_packets);
	complete(thread, -EINTR);
}

static void begin(struct port_thread *thread)
{
	u64 until;

	load(thread);
	nice_begin(thread);
	if (!may_be_expensive(&thread->request) ||
	    !throttle_must_wait(&thread->client->throttle, &until)) {
		carry_out_turn(thread);
	} else if (is_cancelled(thread)) {
		cancel_held(thread);
	} else {
		thread->request.step = REQUEST_HELD;
		run_timer(thread, until);
	}
}

/* ---- going on ------------------------------------------------------------------------- */

static void go_on_held(struct port_thread *thread)
{
	u64 until;

	/* Another thread of the client's has had a turn meanwhile. */
	if (throttle_must_wait(&thread->client->throttle, &until))
		run_timer(thread, until);
	else
		carry_out_turn(thread);
}

/* What did not fit into a turn waits as long as another call of this client's would. */
static void go_on_writing(struct port_thread *thread)
{
	struct port_proc *client = thread->client;
	u64 until;

	if (throttle_must_wait(&client->throttle, &until)) {
		run_timer(thread, until);
		return;
	}
	throttle_begin_turn();
	run_write(thread);
	throttle_end_turn(&client->throttle);
}

static void go_on_reading(struct port_thread *thread)
{
	struct port_proc *client = thread->client;

	throttle_begin_turn();
	run_read(thread);
	throttle_end_turn(&client->throttle);
}

static void take_file_numbers(struct port_thread *thread)
{
	files_answered(thread);
	run_read(thread);
}

static void cancel(struct port_thread *thread)
{
	complete(thread, -EINTR);
}

static void cancel_reading(struct port_thread *thread)
{
	give_up_read(thread, -EINTR);
}

static void cancel_freezing(struct port_thread *thread)
{
	finish_freeze(thread, true);
}

static void end_polling(struct port_thread *thread)
{
	complete(thread, 0);
}

static void end_freezing(struct port_thread *thread)
{
	finish_freeze(thread, false);
}

/* ---- the table ------------------------------------------------------------------------ */

enum request_event { EVENT_BELL, EVENT_WAKE, EVENT_TIMEOUT, EVENT_CANCEL, EVENTS };

static void (*const cells[REQUEST_STEPS][EVENTS])(struct port_thread *thread) = {
	/* A cancel that came along with its request: what would wait ends at once. */
	[REQUEST_NONE] = { [EVENT_BELL] = begin, [EVENT_CANCEL] = begin },
	/* The core does not know of it yet, so it wakes nobody. */
	[REQUEST_HELD] = { [EVENT_TIMEOUT] = go_on_held, [EVENT_CANCEL] = cancel_held },
	/* Waits for its next turn (wake), or until it may have one (timeout). */
	[REQUEST_WRITING] = { [EVENT_WAKE] = go_on_writing,
			      [EVENT_TIMEOUT] = go_on_writing,
			      [EVENT_CANCEL] = cancel },
	/* For ever, if nothing comes. */
	[REQUEST_READING] = { [EVENT_WAKE] = go_on_reading, [EVENT_CANCEL] = cancel_reading },
	/* The client's move.  It has been cancelled or not; a reply is not lost for that. */
	[REQUEST_FILES] = { [EVENT_BELL] = take_file_numbers, [EVENT_CANCEL] = take_file_numbers },
	[REQUEST_POLLING] = { [EVENT_WAKE] = run_poll,
			      [EVENT_TIMEOUT] = end_polling,
			      [EVENT_CANCEL] = cancel },
	[REQUEST_FREEZING] = { [EVENT_WAKE] = run_freeze,
			       [EVENT_TIMEOUT] = end_freezing,
			       [EVENT_CANCEL] = cancel_freezing },
};

static void dispatch(struct port_thread *thread, enum request_event event)
{
	void (*run)(struct port_thread * thread) = cells[thread->request.step][event];

	if (run)
		run(thread);
}

/* Only a client that has cancelled asks. */
static void answer_ping(struct port_thread *thread)
{
	struct channel_mailbox *box = thread_box(thread);
	u32 ping = __atomic_load_n(&box->ping, __ATOMIC_ACQUIRE);

	if (ping == thread->pinged)
		return;
	thread->pinged = ping;
	__atomic_store_n(&box->pong, ping, __ATOMIC_RELEASE);
	mailbox_nudge(thread);
}

void request_bell(struct port_thread *thread)
{
	bool cancelled = is_cancelled(thread);

	if (cancelled)
		answer_ping(thread);
	/* Otherwise it is not for us to do anything. */
	if (__atomic_load_n(&thread_box(thread)->state, __ATOMIC_ACQUIRE) == CHANNEL_REQUEST)
		dispatch(thread, cancelled ? EVENT_CANCEL : EVENT_BELL);
}

void request_task(struct loop_task *task)
{
	dispatch(container_of(task, struct port_thread, task), EVENT_WAKE);
}

void request_timeout(struct loop_timer *timer)
{
	dispatch(container_of(timer, struct port_thread, timer), EVENT_TIMEOUT);
}
