/* SPDX-License-Identifier: MIT */
/*
 * session.h: what one verb runs in: a deadline, a connection, services.
 *
 * On the command line a session opens the device and closes it.  In the shell
 * it borrows the shell's connection, runs on a thread of its own, and the shell
 * may end it (Ctrl-C).  Failures are reported; what is returned is an enum
 * exit_status.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include <binder/ext.h>

#include "cli/verb.h"

struct session {
	const struct arguments *arguments; /* the verb's; messages name it */
	int timeout_ms;                    /* from --timeout, else the verb's own; 0: none */
	long long deadline;                /* session_now(); -1: none */
	/* In a shell. */
	bool interruptible;
	bool shares;               /* the process's default connection is to be used */
	bool is_open;              /* ... and is open, so that nothing has to be waited for */
	ABinderConnection *shared; /* that one, once it is used; NULL: the verb has its own */
	atomic_bool interrupted;
	pthread_mutex_t lock;
	ABinderConnection *connection; /* lock; the one that the verb waits on */
};

/* Sets the deadline from --timeout, in seconds ("2", "0.5"), or from the verb's own time. */
int session_begin(struct session *session, const struct arguments *arguments);

/* Ends what the session waits for in libbinder; session_interrupted() is true from now on. */
void session_interrupt(struct session *session);
/* The calling thread waits for this session: session_interrupt() ends that. */
void session_adopt(struct session *session);
bool session_interrupted(const struct session *session);

/* Milliseconds to the deadline; -1: there is none. */
int session_left(const struct session *session);
/* The same for reaching a driver and a service manager: at least a tenth of a second. */
int session_reach(const struct session *session);
/* CLOCK_MONOTONIC in milliseconds, in nanoseconds. */
long long session_now(void);
uint64_t session_now_ns(void);

/*
 * The device and all calls on it end with the verb's deadline.  A verb without
 * one gets one for reaching the device and the service; session_take_time() lifts
 * that for what comes then.
 */
int session_open(struct session *session, ABinderConnection **ret);
void session_take_time(const struct session *session, ABinderConnection *connection);
/* Names the connection that a verb has opened itself, or NULL, so that an interruption reaches
 * what waits on it. */
void session_watch(struct session *session, ABinderConnection *connection);
/* NULL is allowed. */
void session_close(struct session *session, ABinderConnection *connection);

/* The service registered under name; "manager" is handle 0, whether or not it answers. */
int session_find(struct session *session, ABinderConnection *connection, const char *name,
		 AIBinder **ret);

/* Reports the rule for names on this device; connection NULL: on binder. */
int session_bad_name(const struct session *session, ABinderConnection *connection,
		     const char *name);

/* Opens the device and finds argv[0]; what was got is the caller's, also after a failure. */
int session_enter(struct session *session, ABinderConnection **connection_ret,
		  AIBinder **binder_ret);

/*
 * The interface descriptor that a binder says it has, malloc()ed; "" when it
 * has none.  Reports nothing: a status, *ret untouched on failure.
 */
binder_status_t session_descriptor(AIBinder *binder, int timeout_ms, char **ret);

/* A command that serves handle 0 of this device. */
void session_manager_hint(const struct arguments *arguments, ABinderConnection *connection,
			  char *hint, size_t size);
/* Reports that nobody serves handle 0, and gives that hint. */
int session_no_manager(const struct session *session, ABinderConnection *connection);

/*
 * Has the service manager refused a call since --android or BINDER_ANDROID names another dialect
 * than it speaks?  Says so, with both, and returns an enum exit_status; EXIT_OK: that is not it.
 */
int session_wrong_dialect(const struct session *session, ABinderConnection *connection,
			  binder_status_t status);

/* Is the driver gone, or given up, since the device was opened?  DEAD_OBJECT then means that. */
bool session_lost_driver(const ABinderConnection *connection);
/* Says so. */
int session_no_driver_any_more(const struct session *session, ABinderConnection *connection);

/* Does it answer?  Within so long; < 0: as long as the connection allows. */
binder_status_t session_ping(AIBinder *binder, int timeout_ms);

/* The user and the name of a process, from /proc: -1 and "" when it cannot be seen.  A script's
 * name stands for its interpreter's. */
void session_process(pid_t pid, int64_t *uid_ret, char *name_ret, size_t size);

#define SESSION_CODE(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

#endif
