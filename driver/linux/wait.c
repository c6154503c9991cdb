// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * wait.c: tasks as the core's threads: made, put to sleep, woken.
 *
 * device.c calls for each ioctl; the core says through port_wake() whom its
 * news concern.  The core never sleeps: all waiting is here.
 */
#include "home.h"

#include <linux/freezer.h>
#include <linux/jiffies.h>

/* ---- making ------------------------------------------------------------------------ */

struct port_thread *thread_current(struct port_proc *client)
{
	struct binder_thread *core = binder_thread_find(client->core, current->pid);
	struct port_thread *thread;

	if (core)
		return binder_thread_home(core);
	thread = kzalloc(sizeof(*thread), GFP_KERNEL_ACCOUNT);
	if (!thread)
		return NULL;
	thread->client = client;
	init_waitqueue_head(&thread->wait);
	/* Nobody but this task makes it. */
	thread->core = binder_thread_get(client->core, current->pid, thread);
	if (!thread->core) {
		kfree(thread);
		return NULL;
	}
	return thread;
}

void port_thread_gone(struct port_thread *thread)
{
	kfree(thread);
}

/* ---- waking ------------------------------------------------------------------------ */

void port_wake(struct port_thread *thread, bool sync)
{
	/*
	 * Before the sleeper's look at it: the queue's lock lies between.  And
	 * after the core's flag that says that this wake is still to come: who
	 * sees it done, looks, finds nothing and sleeps again, is woken anew for
	 * what is queued then.
	 */
	smp_store_release(&thread->woken, true);
	if (sync)
		wake_up_interruptible_sync(&thread->wait);
	else
		wake_up_interruptible(&thread->wait);
	/*
	 * The queue is the open's, not the thread's: who waits in epoll may go
	 * on doing so when the thread is gone.
	 */
	if (READ_ONCE(thread->polls))
		wake_up_interruptible_poll(&thread->client->poll, EPOLLIN);
}

/* The clock of the last tick: nobody asks for more. */
u64 port_now_ms(void)
{
	return jiffies64_to_msecs(get_jiffies_64());
}

/* ---- waiting ----------------------------------------------------------------------- */

int thread_read(struct port_thread *thread, u64 addr, u64 size, u64 *consumed, bool nonblock)
{
	int err;

	for (;;) {
		WRITE_ONCE(thread->woken, false);
		err = binder_thread_read(thread->core, addr, size, consumed, nonblock);
		if (err != -EAGAIN || nonblock)
			return err;
		if (wait_event_freezable(thread->wait, READ_ONCE(thread->woken))) {
			binder_thread_stop_waiting(thread->core);
			return -EINTR;
		}
	}
}

/* BINDER_FREEZE, and calls still under way: until they end or the time is up. */
static int wait_frozen(struct port_thread *thread, u32 cmd, unsigned long arg)
{
	unsigned long left = msecs_to_jiffies(binder_thread_freeze_timeout(thread->core));
	int err;

	do {
		long r = wait_event_interruptible_timeout(thread->wait, READ_ONCE(thread->woken),
							  left);

		if (r <= 0)
			return binder_thread_freeze_end(thread->core, r < 0);
		left = r;
		WRITE_ONCE(thread->woken, false);
		err = binder_thread_ioctl(thread->core, cmd, arg);
	} while (err == -EINPROGRESS);
	return err;
}

int thread_ioctl(struct port_thread *thread, u32 cmd, unsigned long arg)
{
	int err;

	WRITE_ONCE(thread->woken, false);
	err = binder_thread_ioctl(thread->core, cmd, arg);
	return err == -EINPROGRESS ? wait_frozen(thread, cmd, arg) : err;
}
