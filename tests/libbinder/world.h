/* SPDX-License-Identifier: MIT */
/*
 * world.h: a private binderd, processes in it, and a simple service.
 *
 * Used by the suites that need a driver.  A peer is a child process that
 * serves until the test ends or kills it: this program, run anew.
 */
#ifndef TESTS_LIBBINDER_WORLD_H
#define TESTS_LIBBINDER_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <binder/ext.h>

/* Starts binderd in a new directory and points BINDER_DIR at it.  The fixture of each case. */
void world_up(void);
void world_down(void);
/* False when the driver is a kernel's: see world.c. */
bool world_has_daemon(void);
/* Ends the daemon, as if it had crashed. */
void world_kill_daemon(void);
/* A stopped one must go on before the world's end. */
void world_stop_daemon(void);
void world_continue_daemon(void);

/*
 * Codes of the test service.  "Peer": the process that is context manager and
 * serves them; each takes and returns what stands behind it, after the token.
 */
#define TEST_DESCRIPTOR "test.IService"
enum test_code {
	TEST_ECHO = 1,  /* bytes -> the same bytes */
	TEST_ADD,       /* i32, i32 -> i32 */
	TEST_CALLER,    /* -> i32 pid, i32 uid, i32 flags */
	TEST_NEW,       /* -> binder, another object of this kind */
	TEST_KEEP,      /* binder: held until the next TEST_KEEP */
	TEST_KEPT,      /* -> binder, the one that is held */
	TEST_SAME,      /* binder -> i32: is it this object itself */
	TEST_CALL_BACK, /* binder, i32 depth: calls that one's TEST_CALL_BACK with
				 * depth - 1 and the object itself; -> i32 depth, i32 thread id */
	TEST_NOTE,      /* one-way: i32, appended to a list */
	TEST_NOTES,     /* -> i32[], the list */
	TEST_FD,        /* fd -> fd, after writing "hello" to it */
	TEST_SIZE,      /* i32 size -> that many bytes */
	TEST_SLEEP,     /* i32 ms -> nothing */
	TEST_DIE,       /* exits at once */
	TEST_COUNTS,    /* -> i32 locals, i32 proxies, i32 parcels */
	TEST_FAIL,      /* i32 status: is returned */
	TEST_HOLD,      /* one-way: fd, one byte is written to it; waits for TEST_GO */
	TEST_GO,
	TEST_IMPATIENT, /* binder: calls it for 30 ms; -> i32 status */
};

/* Runs this kind of service as context manager in a process of its own. */
pid_t peer_start(void);
/* The same, with a number of threads and a size of buffer of its own; 0: the usual. */
pid_t peer_start_with(uint32_t max_threads, size_t map_size);
void peer_kill(pid_t pid);
/* Until SIGCONT; when it returns, none of its threads runs any more. */
void peer_stop(pid_t pid);
/* What such a process does: threads, size, a descriptor to write to when ready. */
int peer_main(char **arguments);

/* The default connection's handle 0, with the class of the test service. */
AIBinder *peer_get(void);
const AIBinder_Class *test_class(void);

/* A request with the token; a call that must not fail. */
AParcel *request(AIBinder *binder);
AParcel *call(AIBinder *binder, uint32_t code, AParcel *in);
/* The int32 that comes back. */
int32_t call_int(AIBinder *binder, uint32_t code, AParcel *in);

/* Waits for a condition that another thread or process brings about. */
bool eventually(bool (*condition)(void *arg), void *arg);

#endif
