// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * freeze.c: processes that are frozen, who asks for it, and who wants to know.
 *
 * The ioctls name a process by its pid and mean every open that it has, on any
 * device.  Freezing waits for the calls under way without sleeping here: the
 * home calls again.  Notifications belong to a reference, like deaths, but
 * tell a state: while one is not acknowledged, only the latest counts.
 */
#include "internal.h"

/* ---- notifications ------------------------------------------------------------- */

static void send(struct binder_proc *proc, struct binder_freeze *freeze, struct binder_effects *fx)
{
	binder_proc_queue(proc, &freeze->notice.work, fx);
}

int binder_freeze_request(struct binder_thread *thread, u32 handle, u64 cookie,
			  struct binder_freeze **spare, struct binder_effects *fx)
{
	struct binder_proc *proc = thread->proc;
	struct binder_ref *ref = binder_ref_by_handle(proc, handle, false);
	struct binder_freeze *freeze;

	if (!ref || ref->freeze)
		return -EINVAL;
	freeze = *spare;
	*spare = NULL;
	binder_notice_init(&freeze->notice, BINDER_WORK_FROZEN_BINDER, cookie);
	INIT_LIST_HEAD(&freeze->watch);
	freeze->proc = proc;
	ref->freeze = freeze;
	proc->made[BINDER_FREEZES]++;
	if (!ref->node->proc || ref->node->proc->dead)
		return 0;
	list_add_tail(&freeze->watch, &ref->node->proc->watchers);
	freeze->is_frozen = ref->node->proc->frozen;
	send(proc, freeze, fx);
	return 0;
}

int binder_freeze_clear(struct binder_thread *thread, u32 handle, u64 cookie,
			struct binder_effects *fx)
{
	struct binder_ref *ref = binder_ref_by_handle(thread->proc, handle, false);
	struct binder_freeze *freeze;

	if (!ref || !ref->freeze || ref->freeze->notice.cookie != cookie)
		return -EINVAL;
	freeze = ref->freeze;
	ref->freeze = NULL;
	list_del_init(&freeze->watch);
	freeze->notice.work.type = BINDER_WORK_CLEAR_FREEZE_NOTIFICATION;
	if (freeze->notice.delivered)
		freeze->resend = true; /* goes out when the last one is acknowledged */
	else if (!binder_notice_is_out(&freeze->notice))
		send(thread->proc, freeze, fx);
	return 0; /* else it takes the place of the one in the queue */
}

int binder_freeze_done(struct binder_thread *thread, u64 cookie, struct binder_effects *fx)
{
	struct binder_notice *notice =
		binder_notice_acknowledge(&thread->proc->delivered_freezes, cookie);
	struct binder_freeze *freeze;

	if (!notice)
		return -EINVAL;
	freeze = container_of(notice, struct binder_freeze, notice);
	if (freeze->resend)
		send(thread->proc, freeze, fx);
	freeze->resend = false;
	return 0;
}

void binder_freeze_free(struct binder_work *work)
{
	binder_charged_free(container_of(work, struct binder_freeze, notice.work));
}

void binder_freeze_drop(struct binder_ref *ref)
{
	struct binder_freeze *freeze = ref->freeze;

	if (!freeze)
		return;
	list_del_init(&freeze->watch);
	binder_notice_withdraw(&ref->proc->delivered_freezes, &freeze->notice);
	binder_charged_free(freeze);
	ref->freeze = NULL;
}

static void tell_watchers(struct binder_proc *proc, struct binder_effects *fx)
{
	struct binder_freeze *freeze;

	list_for_each_entry(freeze, &proc->watchers, watch) {
		bool news = freeze->is_frozen != proc->frozen;

		freeze->is_frozen = proc->frozen;
		if (freeze->notice.delivered)
			freeze->resend |= news;
		else if (!binder_notice_is_out(&freeze->notice) && !freeze->proc->dead)
			send(freeze->proc, freeze, fx);
	}
}

/* ---- BINDER_FREEZE --------------------------------------------------------------- */

static void set_frozen(struct binder_proc *proc, bool frozen)
{
	proc->frozen = frozen;
	proc->sync_received = false;
	proc->async_received = false;
}

static bool has_pending(struct binder_proc *proc)
{
	struct rb_node *n;

	if (proc->outstanding)
		return true;
	for (n = rb_first(&proc->threads); n; n = rb_next(n))
		if (rb_entry(n, struct binder_thread, tree)->stack)
			return true;
	return false;
}

/* Threads that wait for calls to end are told once they have. */
static void wake_freezers(struct binder_proc *proc, struct binder_effects *fx)
{
	struct binder_thread *thread;

	list_for_each_entry(thread, &proc->freezers, freeze_entry)
		binder_wake_far(thread, fx);
}

void binder_freeze_settle(struct binder_proc *proc, struct binder_effects *fx)
{
	if (!--proc->outstanding)
		wake_freezers(proc, fx);
}

void binder_freeze_proc_ends(struct binder_proc *proc, struct binder_effects *fx)
{
	set_frozen(proc, false);
	wake_freezers(proc, fx);
	while (!list_empty(&proc->watchers))
		list_del_init(proc->watchers.next);
}

/* Locked.  It has waited long enough: frozen for good, or not at all. */
static int decide(struct binder_proc *proc, struct binder_effects *fx)
{
	if (has_pending(proc)) {
		proc->frozen = false;
		return -EAGAIN;
	}
	tell_watchers(proc, fx);
	return 0;
}

/*
 * The opens of a process come in the order of their contexts, and in each the oldest first.
 * So the thread's place in that order tells which ones this BINDER_FREEZE has dealt with,
 * whatever another one does meanwhile.
 */
static bool has_passed(const struct binder_thread *thread, const struct binder_proc *proc)
{
	u32 context = thread->freezing.context;

	return proc->ctx->number < context ||
	       (proc->ctx->number == context && proc->serial <= thread->freezing.serial);
}

static int freeze_one(struct binder_proc *proc, void *data, struct binder_effects *fx)
{
	struct binder_thread *thread = data;

	if (has_passed(thread, proc))
		return 0;
	thread->freezing.context = proc->ctx->number;
	thread->freezing.serial = proc->serial;
	set_frozen(proc, true);
	if (!thread->freezing.info.timeout_ms || !proc->outstanding)
		return decide(proc, fx);
	port_ref_get(&proc->refs);
	thread->freezing.proc = proc;
	list_add_tail(&thread->freeze_entry, &proc->freezers);
	return -EINPROGRESS;
}

static int freeze_rest(struct binder_thread *thread)
{
	int err = binder_for_each_of_pid((s32)thread->freezing.info.pid, freeze_one, thread);

	if (err)
		return err;
	return thread->freezing.serial ? 0 : -EINVAL;
}

enum freeze_wait { FREEZE_GO_ON, FREEZE_TIME_IS_OVER, FREEZE_CANCEL };

/* The process that the thread waits for: -EINPROGRESS if it goes on waiting. */
static int end_wait(struct binder_thread *thread, enum freeze_wait wait)
{
	struct binder_proc *proc = thread->freezing.proc;
	struct binder_effects fx;
	int err = 0;

	binder_lock(proc->ctx, &fx);
	if (proc->dead) {
		err = 0;
	} else if (wait == FREEZE_CANCEL) {
		proc->frozen = false;
		err = -EINTR;
	} else if (wait == FREEZE_GO_ON && proc->outstanding) {
		err = -EINPROGRESS;
	} else {
		err = decide(proc, &fx);
	}
	if (err != -EINPROGRESS)
		list_del_init(&thread->freeze_entry);
	binder_unlock(proc->ctx, &fx);
	if (err != -EINPROGRESS) {
		thread->freezing.proc = NULL;
		binder_proc_put(proc);
	}
	return err;
}

static int thaw_one(struct binder_proc *proc, void *data, struct binder_effects *fx)
{
	bool *found = data;

	*found = true;
	set_frozen(proc, false);
	tell_watchers(proc, fx);
	return 0;
}

int binder_freeze_ioctl(struct binder_thread *thread, u64 arg)
{
	struct binder_freeze_info info;
	bool found = false;
	int err;

	if (thread->freezing.proc) {
		err = end_wait(thread, FREEZE_GO_ON);
		return err ? err : freeze_rest(thread);
	}
	if (port_read_client(thread->home, &info, arg, sizeof(info)))
		return -EFAULT;
	if (!info.enable) {
		binder_for_each_of_pid((s32)info.pid, thaw_one, &found);
		return found ? 0 : -EINVAL;
	}
	thread->freezing.info = info;
	thread->freezing.context = 0;
	thread->freezing.serial = 0;
	return freeze_rest(thread);
}

u32 binder_thread_freeze_timeout(const struct binder_thread *thread)
{
	return thread->freezing.info.timeout_ms;
}

int binder_thread_freeze_end(struct binder_thread *thread, bool cancelled)
{
	int err;

	if (!thread->freezing.proc)
		return -EINVAL;
	thread->freezing.info.timeout_ms = 0;
	err = end_wait(thread, cancelled ? FREEZE_CANCEL : FREEZE_TIME_IS_OVER);
	return err ? err : freeze_rest(thread);
}

void binder_freeze_abort(struct binder_thread *thread)
{
	if (thread->freezing.proc)
		end_wait(thread, FREEZE_CANCEL);
}

/* ---- BINDER_GET_FROZEN_INFO -------------------------------------------------------- */

struct frozen_info {
	struct binder_frozen_status_info out;
	bool found;
};

static int add_info(struct binder_proc *proc, void *data, struct binder_effects *fx)
{
	struct frozen_info *info = data;

	info->found = true;
	info->out.sync_recv |= (u32)proc->sync_received | (has_pending(proc) ? 2u : 0u);
	info->out.async_recv |= proc->async_received;
	return 0;
}

int binder_frozen_info_ioctl(struct binder_thread *thread, u64 arg)
{
	struct frozen_info info = { .found = false };

	if (port_read_client(thread->home, &info.out, arg, sizeof(info.out)))
		return -EFAULT;
	info.out.sync_recv = 0;
	info.out.async_recv = 0;
	binder_for_each_of_pid((s32)info.out.pid, add_info, &info);
	if (!info.found)
		return -EINVAL;
	return port_write_client(thread->home, arg, &info.out, sizeof(info.out));
}
