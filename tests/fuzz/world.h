/* SPDX-License-Identifier: MIT */
/*
 * world.h: processes and threads that a fuzzer moves, one step at a time.
 *
 * Shared by core_stream.c and core_live.c.  A process's memory is an arena of
 * its own, at ARENA_ADDR in its address space, with a hole; every other address
 * is invalid.  world.c keeps the rules that a home must keep (one call for a
 * thread at a time, a waiting read is gone on with or given up), everything
 * else is the input's choice.  port_fuzz.c has the hooks.
 */
#ifndef TESTS_FUZZ_WORLD_H
#define TESTS_FUZZ_WORLD_H

#include "internal.h"
#include "input.h"

#define WORLD_CONTEXTS 2
#define WORLD_CLIENTS 5
#define WORLD_THREADS 3

#define ARENA_ADDR 0x10000ull
#define ARENA_SIZE 0x4000u
#define ARENA_HOLE 0x3000u /* [HOLE, HOLE + 256) is not mapped */
#define ARENA_HOLE_SIZE 0x100u
#define MAP_ADDR 0x40000000ull /* where receive buffers are seen */

enum thread_state {
	THREAD_NONE,
	THREAD_IDLE,    /* in its own program */
	THREAD_READING, /* waits in a read */
	THREAD_FILES,   /* its read waits for descriptors */
	THREAD_POLLING,
	THREAD_FREEZING, /* waits in BINDER_FREEZE */
};

struct port_thread {
	struct client *client;
	enum thread_state state;
	struct binder_thread *core;
	bool gone;  /* the core will not use it again */
	bool woken; /* since it began to wait */
	u64 read_addr, read_size, read_done, read_before;
	u8 early[2048]; /* what was read before it had to wait for descriptors */
	u64 early_size;
	u32 freeze_cmd;
	u64 freeze_arg;
	s32 nice;
	s32 next_fd;
	u8 install_answer; /* see port_files_install() */
	bool install_waits;
};

struct port_proc {
	struct client *client;
	u8 *memory;  /* the receive buffer */
	u8 *written; /* for each byte: BYTE_ flags */
	size_t size;
	bool gone;
	struct port_proc *next; /* released, and somebody still waits for it */
};

#define BYTE_PREPARED 1u /* the home has memory there */
#define BYTE_FRESH 2u    /* written since it was last delivered */

struct client {
	unsigned int index;
	struct binder_proc *core; /* NULL: not open */
	struct port_proc *home;
	struct port_thread *threads[WORLD_THREADS];
	u8 arena[ARENA_SIZE];
};

/* A view that is being read. */
struct world_view {
	struct binder_print print;
	bool under_way;
	u32 turn;
};

struct world {
	struct binder_context *ctx[WORLD_CONTEXTS];
	struct port_account account; /* everybody's */
	struct client clients[WORLD_CLIENTS];
	struct world_view views[WORLD_CONTEXTS];
	struct port_proc *leaving;
	/* What goes wrong next; counts down to 0: that one fails. */
	u32 alloc_fails_in, prepare_fails_in, copy_fails_in;
	bool strict_label, refuse_manager;
	bool unchecked; /* world_check() does nothing */
};

extern struct world *world;
/* FUZZ_VERBOSE: each step is told on standard error, to understand a finding. */
extern bool world_verbose;
#define WORLD_SAY(...) (world_verbose ? (void)fprintf(stderr, __VA_ARGS__) : (void)0)

void world_begin(void);
/* Ends every process, in this order; nothing may be left. */
void world_end(const u8 order[WORLD_CLIENTS]);
/* Lets go of released processes that nobody waits for any more; all: of every one. */
void world_bury(bool all);
/* Every invariant, and that nobody sleeps over work. */
void world_check(void);
/* world_view.c: a piece of what the core shows of each context; part of world_check(). */
void world_look(void);

/* ---- processes and threads -------------------------------------------------------- */

void client_open(struct client *client, unsigned int context, s32 pid, u32 euid);
void client_release(struct client *client);
/* 0 or what the core said. */
int client_mmap(struct client *client, u64 size);
void client_munmap(struct client *client);
void client_flush(struct client *client);

/* Found or made; NULL: the process is not open, or there was no memory. */
struct port_thread *client_thread(struct client *client, unsigned int index);
void thread_exit(struct port_thread *thread);

/* Where an address of the client's lies in the arena; NULL: nowhere. */
u8 *client_memory(struct client *client, u64 addr, u64 size);
/* Bytes of the receive buffer; NULL: not there. */
const u8 *client_received(const struct client *client, u64 addr, u64 size);

/* ---- ioctls: only for THREAD_IDLE ones; thread_go_on() for the others ---------------- */

/* BINDER_WRITE_READ.  0: it came back, and *read_end tells how much was read. */
int thread_write_read(struct port_thread *thread, u64 write_addr, u64 write_size, u64 read_addr,
		      u64 read_size, u64 read_consumed, bool nonblock, u64 *write_done);
int thread_ioctl(struct port_thread *thread, u32 cmd, u64 arg);
void thread_poll(struct port_thread *thread);
/* As a home would when it is woken; also without being woken. */
int thread_go_on(struct port_thread *thread);
/* A signal: gives up whatever wait there is. */
void thread_give_up(struct port_thread *thread);

/* Called by world.c with each command that a read brought; set by core_live.c. */
extern void (*world_on_command)(struct port_thread *thread, u32 command, const void *data);

/* ---- port_fuzz.c -------------------------------------------------------------------- */

extern unsigned int port_live_files;
extern long port_live_allocations;

#endif
