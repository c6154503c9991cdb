/* SPDX-License-Identifier: MIT */
/*
 * crowd.c: one process with many threads and many objects costs the others little:
 * what is done under the device's lock grows with the one or the other, not with both.
 */
#include "suites.h"

#include <time.h>

#define MANY 8000

static double seconds_of_processor(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* No invariants are checked between the steps: that would take longer than what is measured. */
static void write_all(struct thread *thread, const void *commands, size_t size)
{
	u64 consumed = 0;

	EXPECT(binder_thread_write(thread->thread, (uintptr_t)commands, size, &consumed) == 0);
	EXPECT(consumed == size);
	binder_thread_ioctl_done(thread->thread);
}

static bool read_some(struct thread *thread, u8 *in, size_t size, u64 *got)
{
	bool read;

	*got = 0;
	read = binder_thread_read(thread->thread, (uintptr_t)in, size, got, true) == 0;
	binder_thread_ioctl_done(thread->thread);
	return read;
}

/* Objects of the owner's, all in one message to handle 0. */
static void send_objects(struct thread *owner, unsigned count)
{
	struct flat_binder_object *objects = calloc(count, sizeof(*objects));
	u64 *offsets = calloc(count, sizeof(*offsets));
	struct __attribute__((packed)) {
		u32 command;
		struct binder_transaction_data tr;
	} message = { .command = BC_TRANSACTION };

	for (unsigned i = 0; i < count; i++) {
		objects[i] = local_object(BINDER_TYPE_BINDER, 0x1000 + i * 16ull, 1);
		offsets[i] = i * sizeof(*objects);
	}
	message.tr.flags = TF_ONE_WAY;
	message.tr.data_size = count * sizeof(*objects);
	message.tr.offsets_size = count * sizeof(*offsets);
	message.tr.data.ptr.buffer = (uintptr_t)objects;
	message.tr.data.ptr.offsets = (uintptr_t)offsets;
	write_all(owner, &message, sizeof(message));
	free(objects);
	free(offsets);
}

/* Handles 1 to count; each is told the state, and says that it has heard. */
static void watch_all(struct thread *watcher, unsigned count)
{
	struct __attribute__((packed)) {
		u32 command;
		struct binder_handle_cookie watched;
	} request = { .command = UAPI_BC_REQUEST_FREEZE_NOTIFICATION };
	struct __attribute__((packed)) {
		u32 command;
		u64 cookie;
	} done = { .command = UAPI_BC_FREEZE_NOTIFICATION_DONE };
	u8 in[256];
	u64 got;

	for (unsigned i = 1; i <= count; i++) {
		request.watched.handle = i;
		request.watched.cookie = done.cookie = i;
		write_all(watcher, &request, sizeof(request));
		EXPECT(read_some(watcher, in, sizeof(in), &got));
		write_all(watcher, &done, sizeof(done));
	}
}

/* Of other threads that once came with an ioctl and have polled. */
static struct port_thread *poll_as_others(struct thread *like, unsigned count)
{
	struct port_thread *homes = calloc(count, sizeof(*homes));

	for (unsigned i = 0; i < count; i++) {
		struct binder_thread *thread;

		homes[i].tid = (s32)(10000 + i);
		thread = binder_thread_get(like->process->proc, homes[i].tid, &homes[i]);
		EXPECT(thread);
		binder_thread_poll(thread);
		binder_thread_ioctl_done(thread);
	}
	return homes;
}

/* How long a freeze takes that so many hear of, in a process of so many threads. */
static double freeze_seconds(unsigned watches, unsigned threads)
{
	struct world *device = world_new();
	struct thread *owner = thread_new(process_open(device, 100, 4096), 100);
	struct process *hearer = process_open(device, 200, 4 << 20);
	struct thread *watcher = thread_new(hearer, 200), *judge;
	struct flat_binder_object plain = { 0 };
	struct binder_freeze_info info = { .pid = 100, .enable = 1 };
	struct port_thread *others;
	double began, took;
	u8 in[256];
	u64 got;

	judge = thread_new(process_open(device, 300, 0), 300);
	EXPECT(!binder_thread_ioctl(watcher->thread, BINDER_SET_CONTEXT_MGR_EXT,
				    (uintptr_t)&plain));
	binder_thread_ioctl_done(watcher->thread);
	send_objects(owner, watches);
	while (read_some(owner, in, sizeof(in), &got))
		;
	while (read_some(watcher, in, sizeof(in), &got))
		;
	watch_all(watcher, watches);
	others = poll_as_others(watcher, threads);
	began = seconds_of_processor();
	EXPECT(!binder_thread_ioctl(judge->thread, BINDER_FREEZE, (uintptr_t)&info));
	took = seconds_of_processor() - began;
	for (unsigned i = 0; i < threads; i++)
		EXPECT(others[i].wakes == 1);
	EXPECT(binder_context_check(device->ctx));
	world_free(device);
	free(others);
	return took;
}

START_TEST(notices_are_not_multiplied_by_threads)
{
	double notices = freeze_seconds(MANY, 1), threads = freeze_seconds(1, MANY);
	double both = freeze_seconds(MANY, MANY);

	ck_assert_double_lt(both, 10 * (notices + threads) + 0.01);
}
END_TEST

static void watch_object_of(struct thread *owner, u64 cookie)
{
	u32 handle = give_object(owner, manager, 0x1000, NULL);

	bc_handle_cookie(manager, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, handle, cookie);
	expect_write(manager);
	expect_read(manager, "NOOP FROZEN_BINDER");
	bc_u64(manager, UAPI_BC_FREEZE_NOTIFICATION_DONE, cookie);
	expect_write(manager);
}

/* Two freezes, one after the other, are two sections, and nothing else lies between. */
START_TEST(each_section_wakes_pollers_anew)
{
	struct thread *judge = thread_new(process_open(world, 900, 0), 900);
	struct thread *other = looper_new(world, 302);
	struct binder_freeze_info first = { .pid = 201, .enable = 1 };
	struct binder_freeze_info second = { .pid = 302, .enable = 1 };
	unsigned before;

	watch_object_of(client, 7);
	watch_object_of(other, 8);
	ck_assert_uint_eq(binder_thread_poll(manager->thread), 0);
	before = manager->home->wakes;
	ck_assert_int_eq(binder_thread_ioctl(judge->thread, BINDER_FREEZE, (uintptr_t)&first), 0);
	ck_assert_uint_eq(manager->home->wakes, before + 1);
	ck_assert_int_eq(binder_thread_ioctl(judge->thread, BINDER_FREEZE, (uintptr_t)&second), 0);
	ck_assert_uint_eq(manager->home->wakes, before + 2);
}
END_TEST

SCENE_SUITE(crowd, notices_are_not_multiplied_by_threads, each_section_wakes_pollers_anew)
