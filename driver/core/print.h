/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * print.h: how a context is shown as text, and what the files that do it share.
 *
 * A view is a list of stages, a stage a list of steps.  A step prints some
 * items and moves the cursor on; print.c calls steps until the caller's memory
 * is full, and drops the lock every few steps.  So a cursor never points at
 * anything: it says what was printed last by process, by key, by place in a
 * queue, and what has gone meanwhile is passed over.
 *
 * The formats are those of the kernel's debugfs files, which programs parse: Linux 6.12's, and
 * where the home says so (PORT_MARKS_REPLIES) 6.18's;
 * where that prints an address of the kernel's, the object's number stands.
 */
#ifndef BINDER_PRINT_H
#define BINDER_PRINT_H

#include "internal.h"

/* The most that is printed between two looks at the room: a process's heading and a line. */
#define BINDER_PRINT_ROOM 1024
/* Entries of a queue that are printed, or passed over for counting, in one step. */
#define BINDER_PRINT_BATCH 256

/* One call of binder_context_print(). */
struct binder_printing {
	struct binder_context *ctx;
	struct binder_print *at;
	/* While the lock is held: the process of at->serial, NULL between two; the last one. */
	struct binder_proc *proc, *last;
	char *text;
	size_t size, used;
};

/* True: the step is done, and the next one begins with a fresh cursor. */
typedef bool (*binder_print_step)(struct binder_printing *p);

#define BINDER_PRINT_STEPS 10

/* The last stage of a view has no steps. */
struct binder_print_stage {
	bool each_proc;                              /* that the viewer sees, the latest first */
	binder_print_step steps[BINDER_PRINT_STEPS]; /* the last one is NULL */
};

extern const struct binder_print_stage binder_state_stages[];        /* state.c */
extern const struct binder_print_stage binder_proc_stages[];         /* state.c */
extern const struct binder_print_stage binder_transactions_stages[]; /* state.c */
extern const struct binder_print_stage binder_stats_stages[];        /* stats.c */
extern const struct binder_print_stage binder_log_stages[];          /* log.c */
extern const struct binder_print_stage binder_failed_log_stages[];   /* log.c */

/* ---- print.c ---------------------------------------------------------------- */

void binder_say(struct binder_printing *p, const char *format, ...) __printf(2, 3);

static inline bool binder_print_has_room(const struct binder_printing *p)
{
	return p->size - p->used >= BINDER_PRINT_ROOM;
}

static inline bool binder_print_sees(const struct binder_printing *p, u32 euid)
{
	return !p->at->viewer || p->at->viewer == euid;
}

/* The two lines before everything that is said of a process; once, when there is something. */
void binder_print_heading(struct binder_printing *p);

/* ---- cursors ------------------------------------------------------------------ */

/* The item with this key is done. */
static inline void binder_print_pass(struct binder_print *at, u64 key)
{
	at->exhausted = key == ~0ull;
	at->key = key + 1;
}

/*
 * The next thread, node, reference, taken buffer of the process by the cursor's key; NULL: that
 * were all.
 */
struct binder_thread *binder_print_thread(const struct binder_printing *p);
struct binder_node *binder_print_node(const struct binder_printing *p);
struct binder_ref *binder_print_ref(const struct binder_printing *p);
struct binder_buffer *binder_print_buffer(const struct binder_printing *p);
/* The next node without an owner; the key is its id. */
struct binder_node *binder_print_dead_node(const struct binder_printing *p);

/* Thread ids in the order of their keys. */
static inline u64 binder_print_tid_key(s32 tid)
{
	return (u32)tid ^ 0x80000000u;
}

#endif
