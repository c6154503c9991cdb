/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * channel.h: what driver/client and binderd say to each other.
 *
 * A device is a Unix socket (SOCK_SEQPACKET); one connection is one open(2) of
 * the device.  Three messages travel on it: HELLO, LISTEN and ATTACH.  ATTACH
 * gives a thread its own channel:
 *
 *   mailbox    a memfd made by the daemon, mapped by both: one request at a
 *              time, its payload, its answer
 *   doorbell   a pipe of the client's, which writes a byte when a request lies
 *              in the mailbox.  The daemon polls it edge-triggered and never
 *              reads it; the client empties it now and then.  A pipe and not
 *              an eventfd, since its wake-up tells the scheduler that the
 *              writer is about to sleep: the daemon then runs on the same core
 *   waker      an epoll set that holds, edge-triggered, an eventfd that the
 *              daemon writes when the mailbox is the client's again.  The
 *              client gets the set and not the eventfd: with that, it could
 *              fill the counter and make the daemon's write block
 *   thread     a socket pair of the daemon's: descriptors in both directions;
 *   socket     its hang-up means that the other side is gone.  The client adds
 *              its end to the waker, so one wait tells both.  It never has the
 *              daemon's end: who has that can hold its lock for ever, in a
 *              receive into memory that does not come
 *
 * A request is an ioctl as the program made it, addresses and all.  What the
 * daemon would have to read from the client's memory, the client lays into the
 * mailbox beforehand and says so in a table of ranges (address, size, where);
 * an address outside of every range is read with process_vm_readv(), if the
 * daemon said at ATTACH that it can.  What the driver writes goes to the out
 * area, which stands for one range of the client's memory.
 *
 * After LISTEN the descriptor of the connection can itself be polled.  While
 * there is work to be read, one packet of the daemon's, the notice, lies on it:
 * the descriptor is readable, level-triggered, for whoever polls it, in as many
 * threads and processes as hold it.  The daemon sends a notice when there is
 * work and none is up, and takes it down with the answer to a request of any
 * thread after which nothing is left: the answer says notice_down, and whoever
 * gets it receives exactly one packet from the connection, unseen, before the
 * program hears of the answer.  From this answer on the daemon counts the notice
 * as down and may put up the next.  So the packets on the way are always those
 * that answers ask for, plus the one that is up; packets are all alike, and it
 * does not matter who takes which.  Work that comes meanwhile is never missed:
 * at worst a poll sees the old notice for as long as its taker needs.
 *
 * "Work" is what poll(2) would report to a fresh thread, and, for threads that
 * are not in a request, their own: of loopers, and of a process's only thread.
 * (The device asks for the calling thread's; a descriptor cannot know it.)
 *
 * A client that takes more than it was told to misses events, one that takes
 * less keeps its descriptor readable: both are its own loss.  Packets that it
 * lets lie count against the daemon's small send buffer; when that is full the
 * descriptor is readable in any case, and nothing more is sent.
 *
 * Whoever takes over a connection that it did not make (after execve(), with
 * an inherited descriptor) empties it and sends LISTEN again; the daemon then
 * asks the socket (SIOCOUTQ) whether a notice is still up.
 *
 * A client that has waited long enough sets cancel and rings.  The daemon answers at
 * once, whatever it waits for itself: with -EINTR, or with what was ready before.  If no answer
 * comes, the client asks whether the daemon lives: it changes ping and rings, and the
 * daemon copies the number to pong and wakes it.
 *
 * Both sides can write the mailbox at any time, so the daemon reads each field
 * once, into memory of its own, and only then looks at it.
 */
#ifndef BINDER_CHANNEL_H
#define BINDER_CHANNEL_H

#include <stdint.h>
#include "uapi.h"

/* "BDC5": raise the digit with any change that the other side could misunderstand.  A new
 * channel_op is none: a daemon that does not know it answers -ENOSYS. */
#define CHANNEL_MAGIC 0x42444335u

/* ---- on the device's socket -------------------------------------------- */

enum channel_message {
	CHANNEL_HELLO = 1,  /* answered on the same socket with struct channel_hello_reply */
	CHANNEL_ATTACH = 2, /* carries one end of a socket pair, for the answer alone, and the
				 * doorbell's end for reading */
	CHANNEL_LISTEN = 3, /* struct channel_hello; not answered */
};

struct channel_hello {
	uint32_t message;
	uint32_t magic;
};

/*
 * May come unasked, before HELLO was read, when the daemon refuses; it then
 * hangs up, and the client's first receive may say ECONNRESET before this.
 */
struct channel_hello_reply {
	int32_t result; /* 0, -EPROTO: other version, -EDQUOT: too many opens, -EMFILE,
				 * -ENOMEM: the daemon has no room */
	uint32_t magic;
};

struct channel_attach {
	uint32_t message;
	int32_t tid;          /* the calling thread, as its own pid namespace numbers it */
	uint64_t probe;       /* address of a uint64_t holding probe_value ... */
	uint64_t probe_value; /* ... which the daemon tries to read */
	uint32_t flags;
#define CHANNEL_CAN_NICE 1u   /* the thread can be made less nice, so it may be made nicer */
#define CHANNEL_EXACT_NICE 2u /* it may change itself, and that is to count at once */
	uint32_t pad;
};

/* With descriptors: mailbox memfd, waker, thread socket.  Without any when result is not 0. */
struct channel_attach_reply {
	int32_t result; /* 0, -EDQUOT: too many threads, -EMFILE, -ENOMEM */
	uint32_t flags;
#define CHANNEL_CAN_READ 1u /* process_vm_readv works: payloads need not be laid out */
#define CHANNEL_MIGHT_READ \
	2u /* it would be used, but the system refuses: name the
					 * daemon with PR_SET_PTRACER and send CHANNEL_PROBE */
};

/* ---- in the mailbox ---------------------------------------------------- */

/* Who owns the mailbox: each value has one side that may change it. */
enum channel_state {
	CHANNEL_IDLE = 0,    /* client: fill in a request */
	CHANNEL_REQUEST = 1, /* daemon: request lies here, or is waiting for work */
	CHANNEL_FILES = 2,   /* client: take file_count descriptors from the thread socket,
				 * write their numbers to the files area and 0 or -errno to
				 * file_result, set REQUEST, ring */
	CHANNEL_DONE = 3,    /* client: the answer lies here */
};

#define CHANNEL_NICE 100 /* so that no niceness is 0 */

enum channel_op {
	CHANNEL_IOCTL = 1,  /* cmd, arg; BINDER_WRITE_READ uses bwr instead of arg */
	CHANNEL_MMAP = 2,   /* size -> the buffer's memfd on the thread socket, size_reply */
	CHANNEL_MAPPED = 3, /* arg: the address that it was mapped at; 0: it failed */
	CHANNEL_MUNMAP = 4, /* the mapping, or a part of it, is gone */
	CHANNEL_POLL = 5,   /* timeout_ms -> result: poll events, 0 when time ran out */
	CHANNEL_FLUSH = 6,  /* a descriptor of the device was closed (flush) */
	CHANNEL_PROBE = 7,  /* arg: address of a uint64_t, size: its value -> 0 or -EPERM */
	/*
	 * arg: enum channel_view, and for that of a process its pid from bit 32
	 * on -> size_reply bytes of text at
	 * CHANNEL_VIEW_OFFSET, from its beginning, or, with CHANNEL_CONTINUED,
	 * from where the thread's last request of this kind ended (-EINVAL: there
	 * is none under way); 0 bytes: that was all.  The text is what the
	 * connection's user may see.
	 */
	CHANNEL_VIEW = 8,
	/*
	 * arg: address of a struct watch_filter (watch.h), size: its size -> two descriptors on
	 * the thread socket: the ring of events and the bell.  One for each connection; it ends
	 * with the connection.  -EINVAL: an unusable filter, -EBUSY: there is one, -EDQUOT: too many
	 * of this user, or no memory.
	 */
	CHANNEL_WATCH = 9,
};

enum channel_flags {
	CHANNEL_NONBLOCK = 1u << 0, /* O_NONBLOCK: -EAGAIN instead of waiting */
	/*
	 * A read that finds nothing but BR_NOOP and BR_TRANSACTION_COMPLETE
	 * goes on waiting and appends, as a second ioctl with read_consumed
	 * left as it is would.  Saves a looper one round trip for each reply.
	 */
	CHANNEL_READ_MORE = 1u << 1,
	/* The program's ioctl goes on in the next request: it had too much for one mailbox. */
	CHANNEL_CONTINUED = 1u << 2,
};

/* The files of a kernel's debugfs, of which these are the contents. */
enum channel_view {
	CHANNEL_VIEW_STATE = 0,        /* state */
	CHANNEL_VIEW_STATS = 1,        /* stats */
	CHANNEL_VIEW_TRANSACTIONS = 2, /* transactions */
	CHANNEL_VIEW_LOG = 3,          /* transaction_log */
	CHANNEL_VIEW_FAILED_LOG = 4,   /* failed_transaction_log */
	CHANNEL_VIEW_PROC = 5,         /* proc/PID */
};

struct channel_range {
	uint64_t addr; /* in the client's memory */
	uint32_t size;
	uint32_t offset; /* in the mailbox, near or in area */
};

#define CHANNEL_MAX_RANGES 64
#define CHANNEL_PACKET_FILES 250 /* descriptors in one packet, either way */
#define CHANNEL_MAX_FILES 1024   /* descriptors for one request or answer */

struct channel_mailbox {
	/* Written by both while a request is under way. */
	uint32_t state;      /* enum channel_state */
	uint32_t nice;       /* daemon: CHANNEL_NICE and how nice the thread is to be;
				 * client: 0 when it has seen to it, at the latest before the
				 * program hears of the answer */
	uint32_t cancel;     /* client: a signal came, or its time is over; answer -EINTR if
				 * still waiting */
	int32_t file_result; /* client's answer to CHANNEL_FILES */
	uint32_t ping;       /* client, after cancel: another number; are you alive? */
	uint32_t pong;       /* daemon: the same number */

	/* The request: client to daemon. */
	uint32_t op;
	uint32_t flags;
	uint32_t cmd;
	int32_t timeout_ms; /* CHANNEL_POLL: < 0 waits for ever */
	uint64_t arg;
	uint64_t size;
	uint64_t out_addr; /* what the out area stands for */
	uint32_t out_size;
	uint32_t file_packets;        /* packets sent on the thread socket before the bell; each:
					 * int32_t numbers[n], n descriptors */
	struct binder_write_read bwr; /* in and out */

	/* The answer: daemon to client. */
	int32_t result;       /* >= 0 or -errno */
	uint32_t out_used;    /* bytes of the out area that are to be copied out */
	uint64_t size_reply;  /* CHANNEL_MMAP: what the buffer holds */
	uint32_t file_count;  /* CHANNEL_FILES: how many, in packets of up to
					 * CHANNEL_PACKET_FILES after one uint32_t each */
	uint32_t close_count; /* descriptors to close, numbers in the files area */
	uint32_t notice_down; /* 1: take one notice off the connection */

	uint32_t range_count; /* request again */
	struct channel_range range[CHANNEL_MAX_RANGES];
};

/*
 * The memfd: the struct, a little room for ranges, the out area, the files
 * area, a lot of room for ranges, and a far out area, which is used for an
 * out_size that the near one cannot hold.  An ordinary request and its answer
 * stay in the first page.  All of it is sparse: only what is touched takes memory.
 */
#define CHANNEL_NEAR_OFFSET 1280u
#define CHANNEL_NEAR_SIZE (CHANNEL_OUT_OFFSET - CHANNEL_NEAR_OFFSET)
#define CHANNEL_OUT_OFFSET 3072u
#define CHANNEL_OUT_SIZE 4096u
#define CHANNEL_FILES_OFFSET 8192u /* int32_t[CHANNEL_MAX_FILES] */
#define CHANNEL_IN_OFFSET 12288u
#define CHANNEL_INLINE_MAX \
	4096u /* a payload up to this rides along; a larger one is read
					 * from the client, if CHANNEL_CAN_READ */
#define CHANNEL_VIEW_OFFSET CHANNEL_IN_OFFSET
#define CHANNEL_VIEW_SIZE (32u << 10)
#define CHANNEL_IN_SIZE (BINDER_MAX_MAPPING + (256u << 10))
#define CHANNEL_FAR_OFFSET (CHANNEL_IN_OFFSET + CHANNEL_IN_SIZE)
#define CHANNEL_FAR_SIZE (256u << 10)
#define CHANNEL_SIZE (CHANNEL_FAR_OFFSET + CHANNEL_FAR_SIZE)

static inline uint32_t channel_out_offset(uint32_t out_size)
{
	return out_size > CHANNEL_OUT_SIZE ? CHANNEL_FAR_OFFSET : CHANNEL_OUT_OFFSET;
}

_Static_assert(sizeof(struct channel_mailbox) <= CHANNEL_NEAR_OFFSET, "head");
_Static_assert(CHANNEL_OUT_OFFSET + CHANNEL_OUT_SIZE <= CHANNEL_FILES_OFFSET, "out area");
_Static_assert(CHANNEL_MAX_FILES * sizeof(int32_t) <= CHANNEL_IN_OFFSET - CHANNEL_FILES_OFFSET,
	       "files area");

#endif
