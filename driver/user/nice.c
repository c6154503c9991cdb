/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * nice.c: how nice threads are, and how nice a call makes them.
 *
 * The core asks for the caller's niceness and gives it to the callee for the
 * time of the call.  The kernel is asked, and not the client, who might say what
 * it likes; but only the client can change its own threads, so it is told to,
 * through its mailbox, if it said that it can.
 */
#include "thread.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

void nice_attach(struct port_thread *thread, s32 pid, s32 tid, bool can)
{
	char path[64];

	/* A thread that numbers itself in another namespace is taken for its process. */
	snprintf(path, sizeof(path), "/proc/%d/task/%d", pid, tid);
	thread->nice.pid = pid > 0 && access(path, F_OK) == 0 ? tid : pid;
	thread->nice.can = can;
}

void nice_begin(struct port_thread *thread)
{
	thread->nice.known = false;
	thread->nice.untold = false;
}

void nice_tell(struct port_thread *thread)
{
	if (!thread->nice.untold)
		return;
	thread->nice.untold = false;
	thread_nudge(thread);
}

s32 port_get_nice(struct port_thread *thread)
{
	struct thread_nice *nice = &thread->nice;

	if (nice->known)
		return nice->value;
	nice->value = thread->opener->identity.who.nice;
	/* What cannot be changed need not be known, unless it is passed on to another. */
	if (nice->pid > 0 && (nice->can || thread->request.step == REQUEST_WRITING)) {
		errno = 0;
		nice->value = getpriority(PRIO_PROCESS, (id_t)nice->pid);
		if (nice->value == -1 && errno)
			nice->value = thread->opener->identity.who.nice;
	}
	nice->known = nice->can;
	return nice->value;
}

void port_set_nice(struct port_thread *thread, s32 value)
{
	struct thread_nice *nice = &thread->nice;

	if (!nice->can || thread->hung_up || (nice->known && nice->value == value))
		return;
	nice->known = true;
	nice->value = value;
	nice->untold = true;
	__atomic_store_n(&thread_box(thread)->nice, (u32)(CHANNEL_NICE + value), __ATOMIC_RELEASE);
}
