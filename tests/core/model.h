/* SPDX-License-Identifier: MIT */
/*
 * model.h: a model of the core that is too simple to be wrong: tables of
 * counts, and arrays for queues.  random.c does the same to both.
 */
#ifndef TESTS_CORE_MODEL_H
#define TESTS_CORE_MODEL_H

#include "internal.h"
#include "scene.h"

#define PROCS 4  /* 0 is the manager */
#define PTRS 4   /* objects that each may have */
#define NODES 64 /* that ever were, reused once nothing knows them */
#define MAPPING 4096
#define CALLS 128

/* An object; what the owner was told of it is the core's own affair. */
struct m_node {
	bool used, dead;
	int owner, ptr;
	int turn; /* the call under way, or -1 */
	int queue[CALLS], queued;
};

struct m_object {
	int node;
	bool strong, home;   /* home: a count on the receiver's own object */
	unsigned generation; /* of the reference that it counted */
};

/* A one-way call, from its sending to the freeing of its buffer. */
struct m_call {
	bool used, delivered;
	int to, node;
	size_t size;
	u64 address; /* once delivered */
	struct m_object object[2];
	int objects;
};

struct m_ref {
	int strong, weak; /* both 0: no reference */
	u32 handle;
	unsigned generation;
};

struct m_proc {
	struct thread *thread;
	struct m_ref ref[NODES];
	int fifo[CALLS], pending;
	size_t async_used;
};

extern struct m_node node[NODES];
extern struct m_call call[CALLS];
extern struct m_proc proc[PROCS];

/* ---- the model ---- */
bool has_ref(int p, int n);
int node_by_handle(int p, u32 handle);
int find_node(int owner, int ptr);
bool is_manager(int n);
int new_node(int owner, int ptr);
void forget_unknown_nodes(void);
void count_up(int p, int n, bool strong);
void count_down(int p, int n, bool strong);
void model_send(int c);
void model_free(int c);
void model_end(int p);

/* ---- the core held against it ---- */
void compare(void);
struct holes { /* of a receive buffer, by size */
	size_t size[CALLS];
	int count;
};
struct holes holes_of(int p);
/* The smallest hole that is large enough becomes smaller; false: there is none. */
bool use_hole(struct holes *holes, size_t size);
bool same_holes(const struct holes *a, const struct holes *b);

#endif
