/* SPDX-License-Identifier: MIT */
/*
 * echo.h: what echo_service.c and echo_client.c say to each other.
 */
#ifndef TESTS_ECHO_H
#define TESTS_ECHO_H

#define ECHO_DESCRIPTOR "test.IEcho"

/* Shell tests use the numbers. */
enum echo_code {
	ECHO_BACK = 1,  /* anything -> the same */
	ECHO_SLEEP = 2, /* answers when ECHO_RELEASE comes */
	ECHO_RELEASE = 3,
	ECHO_SLEEPERS = 4,   /* -> i32: calls that sleep now */
	ECHO_THROW = 5,      /* i32 exception, str message, i32 error of the service's own */
	ECHO_COUNT = 6,      /* for one-way calls */
	ECHO_COUNTED = 7,    /* -> i32: how many ECHO_COUNT came */
	ECHO_NEW_BINDER = 8, /* -> binder: an object of its own */
	ECHO_OPEN_NULL = 9,  /* -> pfd of /dev/null */
	ECHO_FILL = 10,      /* i32 size -> byte[] of zeros */
	ECHO_ADD = 11,       /* i32, i32 -> i32 */
	ECHO_WHO = 12,       /* -> i32 pid, i32 uid of the caller */
	ECHO_DIE = 13,       /* the service ends in the middle of the call */
};

#endif
