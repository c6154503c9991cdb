/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * nice.c: a thread that handles a call is as nice as the caller: made so here.
 *
 * binderd cannot change another process's threads, so the mailbox says how nice
 * this one is to be, and channel.c calls while it waits for an answer.  attach.c
 * tells the daemon whether it is worth saying.  The rule is the real driver's:
 * a thread that may not be made less nice is left alone, up or down.
 */
#include "internal.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NICEST_LIMIT 20 /* RLIMIT_NICE is this less the niceness */
#define NICEST 19

/* The number of the first user namespace's file is the same everywhere. */
#define FIRST_USER_NAMESPACE UINT32_C(0xEFFFFFFD)

static long lowest_allowed(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NICE, &limit) < 0)
		return NICEST + 1;
	return limit.rlim_cur > 2 * NICEST_LIMIT ? -NICEST_LIMIT :
						   NICEST_LIMIT - (long)limit.rlim_cur;
}

/* CAP_SYS_NICE counts in the first user namespace alone. */
static bool is_capable(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	struct stat st;

	return syscall(SYS_capget, &header, data) == 0 &&
	       (data[0].effective & (1u << CAP_SYS_NICE)) && stat("/proc/self/ns/user", &st) == 0 &&
	       st.st_ino == FIRST_USER_NAMESPACE;
}

bool client_nice_possible(void)
{
	return lowest_allowed() <= NICEST || is_capable();
}

void client_nice_apply(struct client_channel *ch)
{
	uint32_t wanted = __atomic_exchange_n(&ch->box->nice, 0, __ATOMIC_ACQ_REL);
	long nice = (long)wanted - CHANNEL_NICE, lowest;
	int before = errno;

	if (!wanted)
		return;
	lowest = lowest_allowed();
	if (nice < lowest && !is_capable())
		nice = lowest;
	if (nice <= NICEST)
		setpriority(PRIO_PROCESS, 0, (int)nice);
	errno = before;
}
