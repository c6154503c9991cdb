/* SPDX-License-Identifier: MIT */
/*
 * model.h: the state of one or more devices in memory: processes, threads,
 * nodes, references, transactions.
 *
 * source.c fills it from drivers and saved files; the verbs that show who holds
 * whom and who waits for whom read it.  Things are in arrays and name one
 * another by index, as arrays move while they grow.  A process that has opened
 * a device more than once is one here.
 */
#ifndef CLI_STATE_MODEL_H
#define CLI_STATE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No index; no number. */
#define STATE_NONE (-1)

struct state_process {
	int pid;
	int context; /* of state.context */
	/* The driver's own counts; STATE_NONE: it has not told. */
	int64_t threads, requested_threads, started_threads, max_threads, ready_threads;
	int64_t nodes, refs, buffers, free_oneway;
	/* As far as the text has them. */
	int64_t thread_count, node_count, ref_count, buffer_count, buffer_bytes;
	bool has_threads; /* the text has all of them, and what they own: it is no list of calls */
	int first_thread, last_thread;
	int queue; /* calls that no thread has read */
	int oneway_queue;
	int view_of[6]; /* by enum state_what: the view that told of it; it is not told twice */
};

/* Of looper; 0x20 and 0x40 differ between the drivers in C and in Rust. */
enum {
	STATE_LOOPER_REGISTERED = 1,
	STATE_LOOPER_ENTERED = 2,
	STATE_LOOPER_EXITED = 4,
	STATE_LOOPER_WAITING = 16,
};

struct state_thread {
	int process, tid, next; /* the next one of the process */
	unsigned int looper;
	int first_transaction, last_transaction; /* the top of its stack first */
};

enum state_kind {
	STATE_OUTGOING,
	STATE_INCOMING,
	STATE_PENDING,
	STATE_PENDING_ONEWAY,
	STATE_BAD,
};

struct state_transaction {
	enum state_kind kind;
	int process, thread; /* thread: STATE_NONE in a queue of the process or of a node */
	int next;            /* below it on the thread's stack */
	int64_t id, node, elapsed_ms, size;     /* STATE_NONE: not told */
	int from_pid, from_tid, to_pid, to_tid; /* 0: not told; to_tid: nobody has read it yet */
	uint32_t code, flags;
	bool oneway;
};

struct state_node {
	int process; /* STATE_NONE: it is dead */
	int context;
	int64_t id;
	int64_t strong; /* references that hold it strongly; STATE_NONE: not told */
	int next_in_bucket;
};

struct state_ref {
	int process;
	int64_t node, handle, strong, weak;
	bool dead, death; /* death: a notification is asked for */
};

struct state {
	char **context;
	int context_count;
	struct state_process *process;
	struct state_thread *thread;
	struct state_transaction *transaction;
	struct state_node *node;
	struct state_ref *ref;
	int process_count, thread_count, transaction_count, node_count, ref_count;
	int *bucket, bucket_count; /* of state_find_node() */
	int views;                 /* read by now */
	/* Of the names: context, and the node, STATE_NONE where only the process is known. */
	struct state_name {
		int context;
		int pid;
		int64_t node;
		char *name;
	} * name;
	int name_count;
};

/* 0, or -ENOMEM. */
int state_new(struct state **ret);
void state_free(struct state *state);

/*
 * Adds what a driver's text says: of any version, one or several views, one behind another.
 * new_only: of contexts that are known already, nothing is taken.  0; -ENOENT: there is nothing
 * of a driver's in it; -ENOMEM.
 */
int state_read(struct state *state, const char *text, bool new_only);

/* STATE_NONE: there is none.  A pid may have a process in each context. */
int state_find_context(const struct state *state, const char *name);
int state_find_process(const struct state *state, int context, int pid);
int state_find_thread(const struct state *state, int process, int tid);
/* The first question sorts the nodes: nothing is read any more after it. */
int state_find_node(struct state *state, int context, int64_t id);

/* Adds the names of services; -ENOMEM. */
int state_add_name(struct state *state, int context, int pid, int64_t node, const char *name);
/* Borrowed; NULL: it has none. */
const char *state_name_of_node(const struct state *state, int context, int64_t node);

/* A thread that serves calls: it is in the pool. */
bool state_serves(const struct state_thread *thread);
/* The newest thing that the thread does, as it says on top of its stack; STATE_NONE: nothing. */
int state_top(const struct state *state, const struct state_thread *thread);

#endif
