/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * thread.h: one thread of a client and its channel: mailbox, doorbell, waker, socket.
 */
#ifndef BINDERD_THREAD_H
#define BINDERD_THREAD_H

#include "channel.h"
#include "files.h"
#include "opener.h"
#include "peer.h"

/* Where a request stands.  thread_* and request_* functions change it. */
enum request_step {
	REQUEST_NONE,     /* the mailbox is the client's */
	REQUEST_HELD,     /* not begun: others go first */
	REQUEST_WRITING,  /* commands left, on the loop's task list */
	REQUEST_READING,  /* waits for work */
	REQUEST_FILES,    /* the client is taking descriptors */
	REQUEST_POLLING,  /* waits for work or the time */
	REQUEST_FREEZING, /* waits for transactions to end, or the time */
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
	u64 deadline;                 /* ns, when there is a timeout */
	u32 range_count;
	struct channel_range range[CHANNEL_MAX_RANGES];
};

/* How nice it is, and is to be; see nice.c. */
struct thread_nice {
	s32 pid;    /* what to ask the kernel about; 0: it cannot be asked */
	bool can;   /* the client can change it, both ways */
	bool exact; /* it is asked anew for each request, not now and then */
	u32 age;    /* requests since it was asked for */
	bool known;
	s32 value;
	bool untold; /* changed, and the client may be asleep */
};

struct port_thread {
	struct port_proc *opener;
	struct list_head link; /* opener->threads, until it hung up */
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

/* Makes a channel for a thread of process @pid; takes the descriptors over, answers on @sock. */
void thread_attach(struct port_proc *opener, const struct channel_attach *attach, s32 pid, u32 uid,
		   int sock, int bell);
/* Lets go of the channel.  The core's side is the caller's; port_thread_gone() frees. */
void thread_hang_up(struct port_thread *thread);
/* Makes sure that there is a core thread.  0 or -ENOMEM. */
int thread_enter_core(struct port_thread *thread);
/* Gives the mailbox to the client. */
void thread_hand_over(struct port_thread *thread, enum channel_state state);
/* Lets the client look at its mailbox. */
void thread_nudge(struct port_thread *thread);

/* ---- request.c ---- */
/* The bell rang. */
void request_bell(struct port_thread *thread);
/* Something to do for a request that is parked. */
void request_task(struct loop_task *task);
void request_timeout(struct loop_timer *timer);

/* ---- nice.c ---- */
/* Thread @tid of process @pid, if there is such a one. */
void nice_attach(struct port_thread *thread, s32 pid, s32 tid, u32 flags);
/* A request begins: the thread may have changed itself. */
void nice_begin(struct port_thread *thread);
/* The client is going to sleep on: it has to hear of a change first. */
void nice_tell(struct port_thread *thread);

/* ---- view.c ---- */
/* CHANNEL_VIEW: puts the next piece into the mailbox.  0 or -errno. */
int view_read(struct port_thread *thread, u64 arg, bool continued, u64 *size_reply);

/* ---- memory.c ---- */
int memory_mmap(struct port_thread *thread, u64 size, u64 *size_reply);
int memory_mapped(struct port_thread *thread, u64 addr);
int memory_munmap(struct port_thread *thread);
/* Charges what is about to be touched, as far as it is not paid for.  0 or -EDQUOT. */
int memory_charge_mailbox(struct port_thread *thread, size_t offset, size_t size);
/* Reads the mailbox's table of ranges; those that lie wrong are left out. */
void memory_load_ranges(struct port_thread *thread, const struct channel_mailbox *box);

#endif
