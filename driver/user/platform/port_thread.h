/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * port_thread.h: one thread of a client and its channel: mailbox, doorbell, waker, socket.
 *
 * The core keeps a pointer to it and passes it to the hooks of this folder.
 */
#ifndef BINDERD_PORT_THREAD_H
#define BINDERD_PORT_THREAD_H

#include "channel.h"
#include "files.h"
#include "nice.h"
#include "peer.h"
#include "port_proc.h"

/* Where a request stands; request.c has what each event does in each step, and changes it. */
enum request_step {
	REQUEST_NONE,     /* the mailbox is the client's */
	REQUEST_HELD,     /* not begun: others go first */
	REQUEST_WRITING,  /* commands left, on the loop's task list */
	REQUEST_READING,  /* waits for work */
	REQUEST_FILES,    /* the client is taking descriptors */
	REQUEST_POLLING,  /* waits for work or the time */
	REQUEST_FREEZING, /* waits for transactions to end, or the time */
	REQUEST_STEPS,
};

/* The daemon's own copy of a request: nothing is read from the mailbox twice. */
struct request {
	enum request_step step;
	u32 op, flags, cmd;
	s32 timeout_ms;
	u64 arg, size;
	u64 out_addr;
	u32 out_size, out_used;
	u32 file_packets;
	struct binder_write_read bwr; /* write_consumed grows */
	u64 read_done;                /* what read_consumed will be */
	u32 range_count;
	struct channel_range range[CHANNEL_MAX_RANGES];
};

struct port_thread {
	struct port_proc *client;
	struct list_head link; /* client->threads, until it hung up */
	struct peer *peer;
	s32 tid;
	bool hung_up;
	bool flushed;               /* its next read returns; the core is told then */
	struct binder_thread *core; /* NULL before the first ioctl and after a thread exit */
	u32 core_holds;             /* core threads that still know us */
	char *mailbox;              /* CHANNEL_SIZE bytes */
	struct pages pages;         /* of the mailbox, beyond its near part */
	struct loop_source bell, sock;
	int wake; /* eventfd in the client's waker */
	struct thread_nice nice;
	struct loop_task task; /* goes on with the request */
	struct loop_timer timer;
	struct request request;
	u32 pinged; /* the last question that was answered */
	struct thread_files files;
	struct binder_print *print; /* a view that is being read; NULL: none */
};

/* Where in the mailbox the request wants what is written to it. */
static inline char *thread_out(const struct port_thread *thread)
{
	return thread->mailbox + channel_out_offset(thread->request.out_size);
}

static inline struct channel_mailbox *thread_box(const struct port_thread *thread)
{
	return (struct channel_mailbox *)thread->mailbox;
}

#endif
