/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * nice.c: how nice threads are, and how nice a call makes them.
 *
 * The core asks for the caller's niceness and gives it to the callee for the
 * time of the call.  The kernel is asked, and not the client, who might say what
 * it likes; but only the client can change its own threads, so it is told to,
 * through its mailbox, if it said that it can.
 */
#include "nice.h"
#include "mailbox.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* Asking costs two hundredths of a call, so for most threads it is not done each time. */
#define REQUESTS_PER_QUESTION 16

void nice_attach(struct port_thread *thread, s32 pid, s32 tid, u32 flags)
{
	char path[64];

	/* A thread that numbers itself in another namespace is taken for its process. */
	snprintf(path, sizeof(path), "/proc/%d/task/%d", pid, tid);
	thread->nice.pid = pid > 0 && access(path, F_OK) == 0 ? tid : pid;
	thread->nice.can = flags & CHANNEL_CAN_NICE;
	thread->nice.exact = flags & CHANNEL_EXACT_NICE;
}

void nice_begin(struct port_thread *thread)
{
	struct thread_nice *nice = &thread->nice;

	if (nice->exact || ++nice->age >= REQUESTS_PER_QUESTION)
		nice->known = false;
	nice->untold = false;
}

void nice_tell(struct port_thread *thread)
{
	if (!thread->nice.untold)
		return;
	thread->nice.untold = false;
	mailbox_nudge(thread);
}

s32 port_get_nice(struct port_thread *thread)
{
	struct thread_nice *nice = &thread->nice;
	s32 at_open = thread->client->identity.who.nice;

	if (nice->known)
		return nice->value;
	/* What cannot be changed need not be known, unless it is passed on to another. */
	if (nice->pid <= 0 || (!nice->can && thread->request.step != REQUEST_WRITING))
		return at_open;
	errno = 0;
	nice->value = getpriority(PRIO_PROCESS, (id_t)nice->pid);
	if (nice->value == -1 && errno)
		nice->value = at_open;
	nice->known = true;
	nice->age = 0;
	return nice->value;
}

void port_set_nice(struct port_thread *thread, s32 value)
{
	struct thread_nice *nice = &thread->nice;

	/* Asking is a tenth of waking a thread for nothing. */
	if (!nice->can || thread->hung_up || port_get_nice(thread) == value)
		return;
	nice->known = true;
	nice->value = value;
	nice->untold = true;
	__atomic_store_n(&thread_box(thread)->nice, (u32)(CHANNEL_NICE + value), __ATOMIC_RELEASE);
}
