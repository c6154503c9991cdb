/* SPDX-License-Identifier: MIT */
/*
 * policy.c: what an object asks of the driver: its callers' labels, and the scheduling of the
 * threads that serve it.
 *
 * Public functions.  The wishes are bits of the flat_binder_object with which the object is sent,
 * and a driver reads them when it first meets the object: later ones are refused.
 */
#include <android/binder_ibinder_platform.h>

#include <sched.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/export.h"
#include "local.h"

#define PRIORITY_MASK 0xffu
#define POLICY_SHIFT 9
#define POLICY_MASK (3u << POLICY_SHIFT)
#define INHERIT_RT (1u << 11)
#define REQUEST_LABEL (1u << 12)

/* Replaces the bits of @mask. */
static void set_flags(AIBinder *binder, uint32_t mask, uint32_t bits)
{
	struct local *local;
	uint32_t flags;

	if (!binder || binder_is_proxy(binder)) {
		error_set_words("only a local object can ask something of the driver");
		return;
	}
	local = local_of(binder);
	flags = atomic_load(&local->flags);
	if (((flags ^ bits) & mask) == 0)
		return;
	if (atomic_load(&local->sent)) {
		error_set_words("the object has been sent already: the driver knows it as it was");
		return;
	}
	atomic_store(&local->flags, (flags & ~mask) | bits);
}

EXPORT void AIBinder_setRequestingSid(AIBinder *binder, bool requestingSid)
{
	set_flags(binder, REQUEST_LABEL, requestingSid ? REQUEST_LABEL : 0);
}

EXPORT void AIBinder_setInheritRt(AIBinder *binder, bool inheritRt)
{
	set_flags(binder, INHERIT_RT, inheritRt ? INHERIT_RT : 0);
}

static bool is_valid(int policy, int priority)
{
	switch (policy) {
	case SCHED_OTHER:
	case SCHED_BATCH:
		return priority >= -20 && priority <= 19;
	case SCHED_FIFO:
	case SCHED_RR:
		return priority >= 1 && priority <= 99;
	default:
		return false;
	}
}

EXPORT void AIBinder_setMinSchedulerPolicy(AIBinder *binder, int policy, int priority)
{
	if (!is_valid(policy, priority)) {
		error_set_words("no scheduling policy %d with priority %d: SCHED_OTHER and "
				"SCHED_BATCH have -20 to 19, SCHED_FIFO and SCHED_RR 1 to 99",
				policy, priority);
		return;
	}
	set_flags(binder, POLICY_MASK | PRIORITY_MASK,
		  (uint32_t)policy << POLICY_SHIFT | ((uint32_t)priority & PRIORITY_MASK));
}
