/* SPDX-License-Identifier: MIT */
/*
 * scene.h: what most tests of the core begin with: one device, its context
 * manager (pid 100, uid 0) and a client (pid 201, uid 1), each with one thread.
 */
#ifndef TESTS_CORE_SCENE_H
#define TESTS_CORE_SCENE_H

#include "world.h"

extern struct world *world;
extern struct thread *manager, *client;

/* A suite of tests that each get a scene of their own. */
Suite *scene_suite(const char *name, const TTest **tests, size_t count);
#define SCENE_SUITE(name_, ...) \
	Suite *name_##_suite(void) \
	{ \
		const TTest *tests[] = { __VA_ARGS__ }; \
\
		return scene_suite(#name_, tests, ARRAY_SIZE(tests)); \
	}

/* A blocking read that must wait, and is given up: the thread has nothing to read. */
#define expect_nothing(thread) \
	do { \
		expect_read(thread, ""); \
		give_up_waiting(thread); \
	} while (0)

/* A call that fails, or a one-way call: what the sender reads of it. */
#define expect_call(thread, handle, flags, payload, words) \
	do { \
		bc_call(thread, handle, 1, flags, payload); \
		ck_assert_int_eq(ioctl_write(thread), 0); \
		expect_read(thread, words); \
	} while (0)

/* The callee of the last BR_TRANSACTION replies, and reads that it did. */
void reply_with(struct thread *callee, u32 flags, const struct payload *payload);
/* client calls handle, callee answers with nothing; both free what they got. */
void round_trip(struct thread *caller, u32 handle, struct thread *callee);
/*
 * client calls the manager, which answers with this object.  The handle that it
 * becomes is held (BC_ACQUIRE, or BC_INCREFS for a weak one); the buffer is freed.
 */
u32 fetch(struct thread *from, struct flat_binder_object object);
/* A handle of @from's to an object (ptr, ptr + 1) of @owner's, by way of the manager, which
 * keeps its own. */
u32 fetch_from(struct thread *from, struct thread *owner, u64 ptr);
/* The owner has read BR_INCREFS and BR_ACQUIRE: acknowledges both. */
void acknowledge(struct thread *owner, u64 ptr);
/* A payload of this many bytes. */
struct payload bytes(size_t size);
u64 buffer_of(struct thread *thread);
void free_at(struct thread *thread, u64 buffer);

#endif
