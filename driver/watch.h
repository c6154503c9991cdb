/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * watch.h: what a watcher of binderd asks for, and the ring of events that it reads.
 *
 * A watcher sends CHANNEL_WATCH with a struct watch_filter and gets two
 * descriptors: the ring, a memfd that only the daemon can write, and the bell,
 * which becomes readable when there is something new in the ring.
 *
 * The ring is a page with struct watch_ring, then data of ring->size bytes, a
 * power of two.  Records follow each other without gaps; a record at position p
 * begins at offset p % size and goes on at the beginning of the data when it
 * reaches the end, so whoever maps the data twice in a row reads each in one
 * piece.  The daemon never waits for a reader: it overwrites the oldest records.
 *
 * Reading: from position p (at first 0), while p differs from head.
 *   1. load head (acquire); p == head: nothing new.
 *   2. copy the record at p.
 *   3. after an acquire fence, load tail: if it is beyond p, the daemon was
 *      overwriting the record.  Drop the copy and go on at tail.
 * A gap in the records' numbers is the count of what was lost.
 *
 * The daemon rings the bell at most once in WATCH_DELAY_MS, or when a quarter of the
 * ring is new.  The bell is an edge-triggered epoll set: a reader reads the
 * ring to its end after each time that it becomes readable.
 */
#ifndef BINDER_WATCH_H
#define BINDER_WATCH_H

#include <stdint.h>

#define WATCH_MAGIC 0x42575232u /* "BWR2" */
#define WATCH_DELAY_MS 20
#define WATCH_MIN_SIZE (64u << 10)
#define WATCH_MAX_SIZE (64u << 20)
/* At most this much of a payload is in a record. */
#define WATCH_MAX_SNAP (1u << 20)
/* A user has no more watchers than this: each event is compared with the filter of each. */
#define WATCH_MAX_PER_UID 64

/* What happened.  The numbers are those of binder_trace_event in the driver's core. */
enum watch_kind {
	WATCH_SENT = 0,       /* a transaction is queued for its target */
	WATCH_FAILED = 1,     /* the driver refused it: error, reason */
	WATCH_DELIVERED = 2,  /* a thread has read it; has the payload */
	WATCH_UNANSWERED = 3, /* the caller has read that no reply will come: error */
	WATCH_FREED = 4,      /* the receiver has given the buffer back */
	WATCH_DIED = 5,       /* a process has closed the device, or died */
	WATCH_MANAGER = 6,    /* a process has become context manager */
};

enum watch_transaction { WATCH_CALL = 0, WATCH_ONEWAY = 1, WATCH_REPLY = 2 };

/* Which events go into the ring: all that every condition allows. */
struct watch_filter {
	uint32_t size;  /* of the ring's data: WATCH_MIN_SIZE to WATCH_MAX_SIZE, a power of two */
	uint32_t snap;  /* bytes of a payload, up to WATCH_MAX_SNAP; 0: no payload */
	uint32_t kinds; /* bits 1 << enum watch_kind */
	uint32_t flags;
#define WATCH_BY_UID 1u   /* one of the two ends is of this uid */
#define WATCH_NOT_SELF 2u /* neither end is the process that watches */
	uint32_t uid;
	int32_t pid;   /* one of the two ends is this process; 0: any */
	uint32_t node; /* a call to this node, or a reply to such a call; 0: any */
	uint32_t pad;
};

/* One event, followed by the payload and its offsets, each padded to 8 bytes. */
struct watch_record {
	uint32_t size;        /* of the record as a whole, a multiple of 8 */
	uint16_t kind;        /* enum watch_kind */
	uint16_t transaction; /* enum watch_transaction */
	uint64_t number;      /* 0, 1, 2 ... in this ring; a gap was lost */
	uint64_t time_ns;     /* CLOCK_MONOTONIC */
	uint32_t id;          /* of the transaction; never 0 where there is one */
	uint32_t reply_to;    /* of a reply: the id of its call */
	int32_t from_pid, from_tid;
	int32_t to_pid, to_tid; /* 0: not known (yet) */
	uint32_t from_uid, to_uid;
	uint32_t node, handle;
	uint32_t code, flags;
	uint64_t data_size, offsets_size;         /* of the payload as sent */
	uint32_t error;                           /* BR_ command that the sender reads; 0: none */
	int32_t reason;                           /* negative errno; 0: none */
	uint32_t data_captured, offsets_captured; /* bytes of each that follow */
	char from_program[16]; /* SENT, FAILED: the sender's name, with a NUL; else empty */
};

_Static_assert(sizeof(struct watch_record) == 120, "the record's layout");

/* The ring's first page.  The daemon writes, the watcher reads. */
struct watch_ring {
	uint32_t magic;
	uint32_t size;    /* of the data */
	uint32_t data_at; /* where the data begins: the size of a page */
	uint32_t pad;
	int64_t realtime_ns; /* to be added to time_ns for CLOCK_REALTIME, when it began */
	uint64_t head;       /* bytes ever written */
	uint64_t tail;       /* position of the oldest record that is whole */
};

#endif
