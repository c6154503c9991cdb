// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * death.c: telling processes that an object's owner has died.
 *
 * A request belongs to a reference.  Once the message is on its way, clearing
 * has to wait for it: the order of BR_DEAD_BINDER, BC_DEAD_BINDER_DONE and
 * BR_CLEAR_DEATH_NOTIFICATION_DONE is what clients count references by.
 */
#include "internal.h"

void binder_death_request(struct binder_thread *thread, u32 handle, u64 cookie,
			  struct binder_death **spare, struct binder_effects *fx)
{
	struct binder_proc *proc = thread->proc;
	struct binder_ref *ref = binder_ref_by_handle(proc, handle, false);
	struct binder_death *death;

	if (!ref || ref->death)
		return;
	death = *spare;
	*spare = NULL;
	binder_notice_init(&death->notice, BINDER_WORK_DEAD_BINDER, cookie);
	ref->death = death;
	proc->made[BINDER_DEATHS]++;
	if (!ref->node->proc)
		binder_death_tell(ref, fx);
}

void binder_death_tell(struct binder_ref *ref, struct binder_effects *fx)
{
	if (!ref->death || ref->proc->dead)
		return;
	binder_proc_queue(ref->proc, &ref->death->notice.work, fx);
}

static void confirm_clear(struct binder_thread *thread, struct binder_notice *notice,
			  struct binder_effects *fx)
{
	notice->work.type = BINDER_WORK_CLEAR_DEATH_NOTIFICATION;
	binder_queue_to_looper(thread, &notice->work, fx);
}

void binder_death_clear(struct binder_thread *thread, u32 handle, u64 cookie,
			struct binder_effects *fx)
{
	struct binder_ref *ref = binder_ref_by_handle(thread->proc, handle, false);
	struct binder_notice *notice;

	if (!ref || !ref->death || ref->death->notice.cookie != cookie)
		return;
	notice = &ref->death->notice;
	ref->death = NULL;
	if (binder_notice_is_out(notice))
		notice->work.type = BINDER_WORK_DEAD_BINDER_AND_CLEAR;
	else
		confirm_clear(thread, notice, fx);
}

void binder_death_done(struct binder_thread *thread, u64 cookie, struct binder_effects *fx)
{
	struct binder_notice *notice =
		binder_notice_acknowledge(&thread->proc->delivered_deaths, cookie);

	if (notice && notice->work.type == BINDER_WORK_DEAD_BINDER_AND_CLEAR)
		confirm_clear(thread, notice, fx);
}

void binder_death_free(struct binder_work *work)
{
	binder_charged_free(container_of(work, struct binder_death, notice.work));
}

void binder_death_drop(struct binder_ref *ref)
{
	if (!ref->death)
		return;
	binder_notice_withdraw(&ref->proc->delivered_deaths, &ref->death->notice);
	binder_charged_free(ref->death);
	ref->death = NULL;
}
