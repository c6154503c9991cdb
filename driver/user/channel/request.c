/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * request.c: carries out what a client lays into its mailbox.
 *
 * thread.c calls when the bell rings; ioctls go to the core.  A request that
 * has to wait is parked with its step, and is gone on with from the loop's
 * task list when port_wake() or a timer says so.
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
#define RETRY_NS UINT64_C(2000000)

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
		fair_add(2 * (rq->read_done - before));
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
		if (done - start >= WRITE_SLICE || fair_is_enough())
			return false;
		/* A command that begins before the end is done whole: so this is one. */
		before = done;
		*result = binder_thread_write(thread->core, bwr->write_buffer, before + 1, &done);
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
		fair_watch_turn();
	if (!write_slice(thread, &r)) {
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

/* BINDER_FREEZE waits for transactions under way, as long as its argument says. */
static void run_freeze(struct port_thread *thread)
{
	struct request *rq = &thread->request;
	struct binder_freeze_info info;
	u64 now = loop_now();
	int r;

	if (rq->step != REQUEST_FREEZING) {
		if (port_read_client(thread, &info, rq->arg, sizeof(info)) < 0) {
			complete(thread, -EFAULT);
			return;
		}
		rq->deadline = now + (u64)info.timeout_ms * 1000000;
		rq->step = REQUEST_FREEZING;
	}
	r = binder_thread_ioctl(thread->core, rq->cmd, rq->arg);
	if (r == -EINPROGRESS && (is_cancelled(thread) || now >= rq->deadline))
		r = binder_thread_freeze_end(thread->core, is_cancelled(thread));
	if (r != -EINPROGRESS)
		complete(thread, r);
	else
		run_timer(thread, now + RETRY_NS < rq->deadline ? now + RETRY_NS : rq->deadline);
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

	load(thread);
	nice_begin(thread);
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

static void start(struct port_thread *thread)
{
	struct port_proc *client = thread->client;
	u64 until;

	if (fair_must_wait(&client->fair, &until)) {
		thread->request.step = REQUEST_HELD;
		run_timer(thread, until);
		return;
	}
	thread->request.step = REQUEST_NONE;
	fair_begin_turn();
	carry_out(thread);
	fair_end_turn(&client->fair);
}

/* ---- going on ------------------------------------------------------------------------- */

void request_bell(struct port_thread *thread)
{
	u32 state = __atomic_load_n(&thread_box(thread)->state, __ATOMIC_ACQUIRE);

	switch (thread->request.step) {
	case REQUEST_NONE:
		if (state == CHANNEL_REQUEST)
			start(thread);
		return;
	case REQUEST_FILES:
		if (state == CHANNEL_REQUEST && files_answered(thread))
			run_read(thread);
		return;
	case REQUEST_READING:
		if (is_cancelled(thread))
			give_up_read(thread, -EINTR);
		return;
	case REQUEST_POLLING:
		if (is_cancelled(thread))
			complete(thread, -EINTR);
		return;
	case REQUEST_FREEZING:
		if (is_cancelled(thread))
			run_freeze(thread); /* the core has to thaw it again */
		return;
	case REQUEST_WRITING:
	case REQUEST_HELD:
		return;
	}
}

/* What did not fit into a turn waits as long as another call of this client's would. */
static void go_on_writing(struct port_thread *thread)
{
	struct port_proc *client = thread->client;
	u64 until;

	if (fair_must_wait(&client->fair, &until)) {
		run_timer(thread, until);
		return;
	}
	fair_begin_turn();
	run_write(thread);
	fair_end_turn(&client->fair);
}

static void go_on_reading(struct port_thread *thread)
{
	struct port_proc *client = thread->client;

	fair_begin_turn();
	run_read(thread);
	fair_end_turn(&client->fair);
}

static void go_on(struct port_thread *thread)
{
	switch (thread->request.step) {
	case REQUEST_WRITING:
		go_on_writing(thread);
		return;
	case REQUEST_READING:
		go_on_reading(thread);
		return;
	case REQUEST_POLLING:
		run_poll(thread);
		return;
	case REQUEST_FREEZING:
		run_freeze(thread);
		return;
	case REQUEST_HELD:
		start(thread);
		return;
	case REQUEST_NONE:
	case REQUEST_FILES:
		return;
	}
}

void request_task(struct loop_task *task)
{
	go_on(container_of(task, struct port_thread, task));
}

void request_timeout(struct loop_timer *timer)
{
	struct port_thread *thread = container_of(timer, struct port_thread, timer);

	if (thread->request.step == REQUEST_POLLING)
		complete(thread, 0);
	else
		go_on(thread);
}
