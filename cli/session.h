/* SPDX-License-Identifier: MIT */
/*
 * session.h: from the words on the command line to a connection and a service.
 *
 * The verbs that talk to services start here.  Failures are reported; what is
 * returned is an enum exit_status.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdint.h>
#include <sys/types.h>

#include <binder/ext.h>

#include "cli/verb.h"

/* Sets the verb's deadline from --timeout, in seconds ("2", "0.5"), or from its patience. */
int session_start_clock(struct invocation *invocation);
/* What is left of it in milliseconds; -1: as long as it takes. */
int session_left(const struct invocation *invocation);
/* The same for reaching a driver and a service manager: those that live get a moment in any case. */
int session_reach(const struct invocation *invocation);
/* CLOCK_MONOTONIC in milliseconds. */
long long session_now(void);

/*
 * The device and all calls on it end with the verb's deadline.  A verb without
 * one gets one for reaching the device and the service; session_take_time() lifts
 * that for what comes then.
 */
int session_open(const struct invocation *invocation, ABinderConnection **ret);
void session_take_time(const struct invocation *invocation, ABinderConnection *connection);

/* The service registered under name; "manager" is handle 0 whoever is there. */
int session_find(const struct invocation *invocation, ABinderConnection *connection,
		 const char *name, AIBinder **ret);

/* Says what names are like on this device; connection NULL: on binder. */
int session_bad_name(const struct invocation *invocation, ABinderConnection *connection,
		     const char *name);

/* Opens the device and finds argv[0]; what was got is the caller's, also after a failure. */
int session_enter(const struct invocation *invocation, ABinderConnection **connection_ret,
		  AIBinder **binder_ret);

/*
 * The interface descriptor that a binder says it has, malloc()ed; "" when it
 * has none.  Not a verb's business to report: a status, *ret untouched on failure.
 */
binder_status_t session_descriptor(AIBinder *binder, int timeout_ms, char **ret);

/* How somebody comes to serve handle 0 of this device. */
void session_manager_hint(const struct invocation *invocation, ABinderConnection *connection,
			  char *hint, size_t size);
/* Says that nobody does, and gives that hint. */
int session_no_manager(const struct invocation *invocation, ABinderConnection *connection);

/*
 * Has the service manager refused a call since --android or BINDER_ANDROID names another dialect
 * than it speaks?  Says so, with both, and returns an enum exit_status; EXIT_OK: that is not it.
 */
int session_wrong_dialect(const struct invocation *invocation, ABinderConnection *connection,
			  binder_status_t status);

/* Is the driver gone, or given up, since the device was opened?  DEAD_OBJECT then means that. */
bool session_lost_driver(const ABinderConnection *connection);
/* Says so. */
int session_no_driver_any_more(const struct invocation *invocation, ABinderConnection *connection);

/* Does it answer?  Within so long; < 0: as long as the connection allows. */
binder_status_t session_ping(AIBinder *binder, int timeout_ms);

/* Who is behind a pid, from /proc: -1 and "" when it cannot be seen.  A script's name stands
 * for the interpreter that runs it. */
void session_process(pid_t pid, int64_t *uid_ret, char *name_ret, size_t size);

#define SESSION_CODE(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

#endif
