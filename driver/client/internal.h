/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * internal.h: what the files of driver/client share.
 *
 * client.c keeps clients, channel.c the per-thread channels, ioctl.c and
 * stage.c turn ioctls into requests, reach.c tells which addresses are good,
 * nice.c changes priorities, files.c moves descriptors, memory.c maps the receive
 * buffer.
 */
#ifndef BINDER_CLIENT_INTERNAL_H
#define BINDER_CLIENT_INTERNAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "channel.h"
#include "client.h"
#include "deadline.h"

/* Guards the list of clients, their channels and their mappings; held across fork(). */
extern pthread_mutex_t client_lock;

struct binder_client {
	int fd;
	int nonblock;     /* atomic */
	bool trusting;    /* addresses are not tried before they are used */
	int hung;         /* atomic: the daemon did not answer the question whether it lives */
	pid_t daemon_pid; /* in our pid namespace; 0: not visible */
	bool closed;      /* client_lock, as all below */
	bool ptracer_tried;
	uint32_t refs; /* its owner and each channel */
	struct client_channel *channels;
	void *map;
	size_t map_size;
	struct binder_client *next;
};

/* Who releases a channel's resources: whoever finds it idle. */
enum client_use {
	CLIENT_IDLE = 0,
	CLIENT_BUSY = 1,   /* its thread is inside a call */
	CLIENT_CLOSED = 2, /* the client was closed; the thread lets go when it sees this */
};

struct client_channel {
	struct binder_client *client; /* holds a reference */
	struct client_channel *next_of_thread;
	struct client_channel *prev, *next; /* client->channels, client_lock */
	int use;                            /* atomic, enum client_use */
	bool broken;                        /* the daemon hung up */
	bool can_read;
	int sock, waker;
	int bell[2];        /* a pipe, both ends */
	uint32_t rings;     /* bytes in it */
	bool cancelled;     /* in this request */
	uint64_t deadline;  /* of this call; 0: none */
	uint64_t ask_until; /* its deadline is over, and the daemon was asked; 0: not yet */
	uint32_t silences;  /* how often that time has passed without an answer */
	uint32_t ping;      /* the last question */
	struct channel_mailbox *box;
	uint32_t near_used, in_used; /* bytes of the two areas that this request uses */
	uint32_t ranges;             /* entries of box->range */
	uint32_t far_used;           /* bytes of the far out area that hold memory */
	/* Descriptors to send with the request; room for file_room. */
	int32_t *files;
	uint32_t file_count, file_room;
	uint64_t probe;
	uintptr_t stack_low, stack_high; /* its thread's; 0: not known */
};

static inline char *client_out(const struct client_channel *ch)
{
	return (char *)ch->box + channel_out_offset(ch->box->out_size);
}

static inline int32_t *client_files(const struct client_channel *ch)
{
	return (int32_t *)((char *)ch->box + CHANNEL_FILES_OFFSET);
}

static inline char *client_near(const struct client_channel *ch)
{
	return (char *)ch->box + CHANNEL_NEAR_OFFSET;
}

static inline char *client_in(const struct client_channel *ch)
{
	return (char *)ch->box + CHANNEL_IN_OFFSET;
}

/* ---- client.c ---- */
void client_unref_locked(struct binder_client *client);
void client_register_fork_handlers(void);
/* Takes a connected client into the list. */
void client_register(struct binder_client *client);

/* ---- channel.c ---- */
/*
 * How long the daemon has for an answer after a deadline, and how often in a row it may miss
 * that before it is taken to hang.  Counted in steps: on a machine that is so busy that we
 * ourselves hardly run, the daemon gets more time, too.
 */
#define CLIENT_ASK_MS 200
#define CLIENT_SILENCES 10
/* Until @fd is readable, but for so many steps at least; 0 at once when there is no deadline.
 * -ETIMEDOUT. */
int client_await(int fd, uint32_t steps, uint64_t deadline);
void client_channel_leave(struct client_channel *ch);
/* Starts a request with everything zero but op. */
void client_channel_prepare(struct client_channel *ch, uint32_t op);
/* Rings and waits: 0 when the answer lies in the mailbox, -EBADF, -ENODEV. */
int client_channel_request(struct client_channel *ch);
/* The same for a request without a payload; the answer's result. */
int client_channel_simple(struct client_channel *ch);
/* The client goes: a thread inside a call gets -EBADF.  The structure stays with its thread. */
void client_channel_close_locked(struct client_channel *ch);
void client_channel_free_locked(struct client_channel *ch);

/* ---- share.c ---- */
/* Receives the one packet that the answer told us to; see channel.h. */
void client_take_notice(const struct binder_client *client);

/* ---- attach.c ---- */
/* The calling thread's channel, ready for requests until the deadline; then leave.  0, -EBADF,
 * -ENODEV, ... */
int client_channel_enter(struct binder_client *client, uint64_t deadline,
			 struct client_channel **ret);
/* Frees what this thread still has of closed clients. */
void client_channel_purge_locked(void);
/* In a forked child: drops this thread's channels, then those of threads that are not here. */
void client_channel_forget_thread(void);
void client_channel_forget_others(struct binder_client *client);

/* ---- reach.c ---- */
/* How much of [addr, addr + size), from its beginning, can be read, or written. */
uint64_t client_readable_part(const struct client_channel *ch, uint64_t addr, uint64_t size);
/* @fresh: the first four bytes will be written in any case, so they may be spoilt. */
uint64_t client_writable_part(const struct client_channel *ch, uint64_t addr, uint64_t size,
			      bool fresh);
bool client_readable(const struct client_channel *ch, uint64_t addr, uint64_t size);
bool client_writable(const struct client_channel *ch, uint64_t addr, uint64_t size);
/* Notes where the calling thread has its stack. */
void client_learn_stack(struct client_channel *ch);

/* ---- nice.c ---- */
/* Can this thread be made nicer and less nice again? */
bool client_nice_possible(void);
/* Makes it as nice as the mailbox says. */
void client_nice_apply(struct client_channel *ch);

/* ---- stage.c ---- */
/* Lays [addr, addr + size) into the mailbox, as far as it can be read; false: no room. */
bool client_stage(struct client_channel *ch, uint64_t addr, uint64_t size);
/*
 * Lays out commands from bwr->write_consumed on, with their payloads, and
 * collects descriptors.  Returns where it stopped: write_size, or less when the
 * mailbox is full.
 */
uint64_t client_stage_write(struct client_channel *ch, const struct binder_write_read *bwr);

/* ---- files.c ---- */
int client_files_add(struct client_channel *ch, int32_t fd);
void client_files_send(struct client_channel *ch);
/* Answers CHANNEL_FILES. */
void client_files_take(struct client_channel *ch);
/* The next packet, with up to @max descriptors; their count or -errno. */
int client_files_receive(int sock, void *data, size_t size, int *fds, int max);
void client_files_close(struct client_channel *ch);

#endif
