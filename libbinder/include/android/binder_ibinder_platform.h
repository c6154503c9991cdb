/* SPDX-License-Identifier: MIT */
/*
 * android/binder_ibinder_platform.h: security labels of callers, scheduling of handlers, and
 * whether a remote process is frozen.
 *
 * The functions that set something are for local objects and belong before the first time that
 * the object is sent.  One that comes too late, or with a wrong value, changes nothing;
 * ABinder_lastError() says why.  Any thread.
 */
#ifndef ANDROID_BINDER_IBINDER_PLATFORM_H
#define ANDROID_BINDER_IBINDER_PLATFORM_H

#include <android/binder_ibinder.h>

#ifdef __cplusplus
extern "C" {
#endif

/* API 31.  Asks the driver for the security label of each caller. */
void AIBinder_setRequestingSid(AIBinder *binder, bool requestingSid);
/* API 31.  The label of the caller whose call this thread serves, valid until the handler returns.
 * NULL: no call is served, the object did not ask, or its caller is in this process. */
__attribute__((warn_unused_result)) const char *AIBinder_getCallingSid(void);

/* API 33.  The least favourable scheduling of handlers: SCHED_OTHER or SCHED_BATCH with a niceness
 * of -20 to 19, SCHED_FIFO or SCHED_RR with a priority of 1 to 99.  Mainline kernels, and binderd,
 * honour the niceness alone; they know no real-time policies. */
void AIBinder_setMinSchedulerPolicy(AIBinder *binder, int policy, int priority);
/* API 33.  Handlers take over a real-time priority of the caller.  Only Android's kernels do. */
void AIBinder_setInheritRt(AIBinder *binder, bool inheritRt);

/* API 37.  Called on a thread of the pool with whether the process of the object is frozen. */
typedef void (*AIBinder_FrozenStateChangeCallback_onFrozenStateChanged)(void *cookie, bool frozen);
/* Called once when a registration ends; no call for its cookie comes later. */
typedef void (*AIBinder_FrozenStateChangeCallback_onUnlinked)(void *cookie);
struct AIBinder_FrozenStateChangeCallback;
typedef struct AIBinder_FrozenStateChangeCallback AIBinder_FrozenStateChangeCallback;

/* API 37.  onUnlinked may be NULL.  NULL: onFrozenStateChanged is NULL, or no memory. */
__attribute__((warn_unused_result)) AIBinder_FrozenStateChangeCallback *
AIBinder_FrozenStateChangeCallback_new(
	AIBinder_FrozenStateChangeCallback_onFrozenStateChanged onFrozenStateChanged,
	AIBinder_FrozenStateChangeCallback_onUnlinked onUnlinked);
/* API 37.  Ends its registrations.  NULL is allowed. */
void AIBinder_FrozenStateChangeCallback_delete(AIBinder_FrozenStateChangeCallback *callback);
/* API 37.  The callback hears the present state, then each change, until it is removed or the
 * binder goes.  STATUS_INVALID_OPERATION: a local object, or a driver without freeze notifications
 * (Linux before 6.12).  STATUS_DEAD_OBJECT.  After a failure onUnlinked has been called. */
binder_status_t AIBinder_addFrozenStateChangeCallback(AIBinder *binder,
						      AIBinder_FrozenStateChangeCallback *callback,
						      void *cookie);
/* API 37.  STATUS_NAME_NOT_FOUND: not registered with this cookie. */
binder_status_t AIBinder_removeFrozenStateChangeCallback(
	AIBinder *binder, AIBinder_FrozenStateChangeCallback *callback, void *cookie);

#ifdef __cplusplus
}
#endif
#endif
