/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * trace.h: what libbinder-trace.so tells `binderctl trace` of a program's ioctls.
 *
 * The library connects to the socket that TRACE_SOCKET names, of type SOCK_SEQPACKET, and
 * sends a message for each command: a struct trace_record, the command's
 * structure, then what was captured of its payload and of its offsets.  The program is whoever
 * it is, so `binderctl trace` checks each size.
 */
#ifndef BINDER_TRACE_H
#define BINDER_TRACE_H

#include <stdint.h>

#define TRACE_SOCKET "BINDER_TRACE_SOCKET"
#define TRACE_SIZE "BINDER_TRACE_SIZE" /* bytes of each payload */
#define TRACE_MAGIC 0x31435254u        /* "TRC1" */
/* At most this much of a payload, and of its offsets, and of a command's structure. */
#define TRACE_MOST_DATA 65536
#define TRACE_MOST_OFFSETS 8192
#define TRACE_MOST_COMMAND 256

enum trace_kind {
	TRACE_HELLO, /* the library is in the process */
	TRACE_WRITE, /* a BC_ command, before the ioctl that carries it out */
	TRACE_READ,  /* a BR_ command, after the ioctl that brought it */
	TRACE_IOCTL, /* another ioctl, after it; or BINDER_WRITE_READ when it failed: result */
};

struct trace_record {
	uint32_t magic, kind;
	uint32_t command; /* BC_, BR_ or the ioctl */
	int32_t result;   /* of an ioctl: what it returned, or a negative errno */
	int32_t pid, tid, fd;
	uint32_t command_size;                    /* of the structure that follows */
	uint64_t time_ns;                         /* CLOCK_MONOTONIC */
	uint64_t data_size, offsets_size;         /* of the payload, as it is */
	uint32_t data_captured, offsets_captured; /* bytes of each that follow */
};

/*
 * What the library exports, and libbinder looks up: an ioctl on binderd passes no ioctl() of the
 * C library.  The first one gives what the second one takes.
 */
#define TRACE_BEFORE "binder_trace_before"
#define TRACE_AFTER "binder_trace_after"
typedef uint64_t binder_trace_before_fn(int fd, uint32_t command, const void *argument);
typedef void binder_trace_after_fn(int fd, uint32_t command, const void *argument, uint64_t before,
				   int result);

#endif
