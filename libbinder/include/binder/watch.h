/* SPDX-License-Identifier: MIT */
/*
 * binder/watch.h: what happens between the processes of a device, as it happens.
 *
 * A watch gets an event for each step of each transaction that its filter lets
 * through: sent, delivered to a thread, refused, freed.  With a snap length it
 * also gets the payload, as the receiver sees it.  A watch never slows anybody
 * down: events that are not read in time are overwritten, and counted.
 *
 * Root sees everything; other users see transactions both of whose ends are
 * theirs.  Payloads that their sender marked as sensitive are never shown.
 *
 * Threads: one thread at a time may use a watch.  The source is binderd;
 * devices of a kernel answer STATUS_INVALID_OPERATION.
 */
#ifndef BINDER_WATCH_API_H
#define BINDER_WATCH_API_H

#include <binder/ext.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ABinderWatch ABinderWatch;

typedef enum {
	ABINDER_EVENT_SENT = 0,       /* queued for its target */
	ABINDER_EVENT_FAILED = 1,     /* refused by the driver: error, reason */
	ABINDER_EVENT_DELIVERED = 2,  /* a thread has read it; has the payload */
	ABINDER_EVENT_UNANSWERED = 3, /* the caller has read that no reply will come: error */
	ABINDER_EVENT_FREED = 4,      /* the receiver has given the buffer back */
	ABINDER_EVENT_DIED = 5,       /* a process has closed the device, or died: from_pid */
	ABINDER_EVENT_MANAGER = 6,    /* a process has become context manager: from_pid */
} ABinderEventKind;

typedef enum {
	ABINDER_TRANSACTION_CALL = 0,
	ABINDER_TRANSACTION_ONEWAY = 1,
	ABINDER_TRANSACTION_REPLY = 2,
} ABinderTransactionKind;

typedef struct ABinderEvent {
	ABinderEventKind kind;
	ABinderTransactionKind transaction;
	uint64_t time_ns;  /* CLOCK_MONOTONIC */
	uint32_t id;       /* of the transaction; the same in all its events */
	uint32_t reply_to; /* of a reply: the id of its call */
	pid_t from_pid, from_tid;
	pid_t to_pid, to_tid; /* 0: not known (yet) */
	uid_t from_uid, to_uid;
	uint32_t node;   /* the target, as the driver's state numbers it; of a reply: its call's */
	uint32_t handle; /* the sender's name for it; 0 for replies */
	uint32_t code, flags;
	uint64_t data_size, offsets_size; /* bytes, as sent */
	uint32_t error;                   /* the BR_ command that the sender reads; 0: none */
	int32_t reason;                   /* negative errno; 0: none */
	char from_program[16]; /* SENT, FAILED: the sender's name, "" where it is not known */
	/* What was captured of the payload; valid until the next call with this watch. */
	const uint8_t *data;
	size_t data_captured;
	const uint64_t *offsets;
	size_t offset_count;
} ABinderEvent;

typedef struct ABinderWatchFilter {
	size_t ring_size; /* bytes, a power of two from 64 KiB to 64 MiB; 0: 4 MiB */
	size_t snap;    /* bytes of a payload to capture, at most a quarter of the ring; 0: none */
	uint32_t kinds; /* bits 1 << ABinderEventKind; 0: all */
	bool by_uid;    /* one of the two ends is of uid */
	bool not_self;  /* neither end is this process */
	uid_t uid;
	pid_t pid;     /* one of the two ends is this process; 0: any */
	uint32_t node; /* the target; 0: any */
} ABinderWatchFilter;

/*
 * Starts to watch the connection's device.  filter NULL: everything, without payloads.
 * A connection has one watch; it ends with ABinderWatch_close(), and the daemon goes on
 * filling the ring until the connection is closed.
 * STATUS_INVALID_OPERATION: a kernel's device, or a binderd that is too old;
 * STATUS_ALREADY_EXISTS: the connection has a watch; STATUS_BAD_VALUE: a bad
 * filter; STATUS_NO_MEMORY: also when the user's share of binderd's memory is used up, or the
 * user watches 64 times already.
 */
binder_status_t ABinderWatch_open(ABinderConnection *connection, const ABinderWatchFilter *filter,
				  ABinderWatch **out);
/* The next event in *out, NULL when there is none now; valid until the next call. */
binder_status_t ABinderWatch_next(ABinderWatch *watch, const ABinderEvent **out);
/*
 * Waits until there may be an event.  Events come in batches, up to 20 ms after they happened.
 * STATUS_TIMED_OUT; STATUS_DEAD_OBJECT: the driver is gone; STATUS_INTERRUPTED: a signal came.
 */
binder_status_t ABinderWatch_wait(ABinderWatch *watch, int timeout_ms);
/* Readable when there may be an event; for a poll() loop.  Then call next until it gives NULL. */
int ABinderWatch_getFd(const ABinderWatch *watch);
/* How many events were overwritten before they were read. */
uint64_t ABinderWatch_getLost(const ABinderWatch *watch);
/* What is to be added to time_ns for CLOCK_REALTIME, as it was when the watch began. */
int64_t ABinderWatch_getRealtimeOffset(const ABinderWatch *watch);
/* NULL is allowed. */
void ABinderWatch_close(ABinderWatch *watch);

#ifdef __cplusplus
}
#endif
#endif
