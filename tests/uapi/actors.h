/* SPDX-License-Identifier: MIT */
/*
 * actors.h: processes and threads that do what the test's script says.
 *
 * A test is written as one sequence of steps.  Each actor is a thread, of a
 * process of its own or of another actor's, that runs one function at a time
 * for the script: actor_do() waits for it, actor_start() does not.  Actors lie
 * in memory that all of them share at the same address, with what they write
 * and read, so the script builds commands and looks at results itself; only
 * the receive buffer is a process's own (actor_peek()).
 */
#ifndef UAPI_ACTORS_H
#define UAPI_ACTORS_H

#include "stream.h"

#define ACTOR_MAP (128 * 1024)

struct actor {
	uint32_t phase; /* atomic, enum phase; a futex */
	long (*function)(struct actor *self, const long *arguments);
	long arguments[6];
	long result;

	pid_t pid, tid;
	int pidfd; /* the script's */
	int fd;    /* its device */
	void *map;
	size_t map_size;

	struct stream out;
	size_t room; /* of the next read */
	char in[8192];
	struct binder_write_read bwr; /* of the last BINDER_WRITE_READ */
	struct news news;             /* of the last read */
};

/* Memory that all actors have; zeroed, aligned to 16, never given back. */
void *arena_alloc(size_t size);

/* ---- making them ---- */
/* A process that has opened and mapped the device; its thread is past its first ioctl. */
struct actor *process_new(void);
/* A process that has done nothing yet; fd is -1. */
struct actor *process_bare(void);
/* Opens and maps the device, and is past its first ioctl. */
void actor_open(struct actor *actor);
/* One more thread of the same process and open; past its first ioctl. */
struct actor *thread_new(struct actor *of);
/* The same, but the device has not seen it. */
struct actor *thread_bare(struct actor *of);
/* One more thread of the same process, with an open and a mapping of its own. */
struct actor *open_new(struct actor *of);
/* A forked child of an actor's process; has not used the device yet. */
struct actor *child_new(struct actor *of);
/* It does not end with its parent. */
void actor_outlive(struct actor *child);

/* ---- steering them ---- */
typedef long actor_function(struct actor *self, const long *arguments);

#define ARGUMENTS(...) ((const long[6]){ __VA_ARGS__ })
void actor_start_(struct actor *actor, actor_function *function, const long *arguments);
#define actor_start(actor, function, ...) actor_start_(actor, function, ARGUMENTS(__VA_ARGS__))
/* Waits for what was started; its result. */
long actor_join(struct actor *actor);
long actor_do_(struct actor *actor, actor_function *function, const long *arguments);
#define actor_do(actor, function, ...) actor_do_(actor, function, ARGUMENTS(__VA_ARGS__))
/* Has its process ended? */
bool actor_has_ended(struct actor *actor);
/* Does it end instead of finishing what was started? */
bool actor_await_end(struct actor *actor);
/* Is it asleep inside of what was started, and will stay so? */
bool actor_blocks(struct actor *actor);
/* A signal that a handler catches. */
void actor_interrupt(struct actor *actor);
/* SIGKILL to its process; returns when that has ended, with all its threads. */
void actor_kill(struct actor *actor);

/* ---- what they can do ---- */
/* As device.h; fd is the actor's own. */
long actor_ioctl(struct actor *actor, unsigned long cmd, void *shared);
#define actor_ioctl_value(actor, cmd, ...) \
	actor_ioctl(actor, cmd, \
		    memcpy(arena_alloc(sizeof(__VA_ARGS__)), &__VA_ARGS__, sizeof(__VA_ARGS__)))
/* Copies from its memory to the arena. */
void *actor_peek(struct actor *actor, uint64_t address, size_t size);
void actor_close(struct actor *actor, int fd);
/* The receive buffer that actor_open() mapped. */
void actor_unmap(struct actor *actor);
int actor_fcntl(struct actor *actor, int fd, int cmd, long argument);
/* poll(2): its revents, or -errno. */
long actor_poll(struct actor *actor, int events, int timeout_ms);
/* BINDER_WRITE_READ of out and of in, as bwr says. */
actor_function do_write_read;

#endif
