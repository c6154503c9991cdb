/* SPDX-License-Identifier: MIT */
/*
 * security_life.c: attacks on what lives for how long: threads that are woken,
 * queue entries, notices, files, identities.  The CVEs are listed in
 * tests/SECURITY.md.
 */
#include "suites.h"

static struct thread *server, *helper;
static u32 handle; /* the client's, of the server's object 0x1000 */

static void begin(void)
{
	server = looper_new(world, 302);
	handle = fetch_from(client, server, 0x1000);
	helper = thread_new(client->process, 203);
}

/* ---- threads that others wait with, or wake ------------------------------------------- */

static struct thread *woken;
static bool gone_too_soon;

static void end_woken(void)
{
	binder_thread_exit(woken->thread);
	gone_too_soon = woken->home->gone;
}

static void expect_wake_holds_its_thread(u32 flags)
{
	woken = thread_new(manager->process, 101);
	if (flags)
		ck_assert_uint_eq(binder_thread_poll(woken->thread), 0);
	else
		expect_read(woken, "");
	during(HOOK_WAKE, 1, end_woken);
	bc_call(client, 0, 1, 0, NULL);
	expect_write(client);
	ck_assert(during_ran());
	ck_assert(!gone_too_soon);
	ck_assert(woken->home->gone);
}

/* CVE-2019-2215, CVE-2020-0030: the waker still has the thread in its hands. */
START_TEST(thread_that_polls_may_end_while_it_is_woken)
{
	expect_wake_holds_its_thread(1);
	expect_read(manager, "NOOP TRANSACTION"); /* it was for any thread */
}
END_TEST

/* CVE-2019-2215 */
START_TEST(thread_that_waits_may_end_while_it_is_woken)
{
	expect_wake_holds_its_thread(0);
	expect_read(client, "NOOP TRANSACTION_COMPLETE DEAD_REPLY"); /* it had been given to it */
}
END_TEST

/* CVE-2024-26606: what a thread queues for itself makes its own poll ready. */
START_TEST(thread_that_polls_hears_of_its_own_work)
{
	unsigned wakes;

	begin();
	wakes = client->home->wakes;
	ck_assert_uint_eq(binder_thread_poll(client->thread), 0);
	bc_call(client, 999, 1, 0, NULL);
	ck_assert_int_eq(ioctl_write(client), 0);
	ck_assert_uint_eq(binder_thread_poll(client->thread), EPOLLIN);
	ck_assert_uint_gt(client->home->wakes, wakes);
	wakes = client->home->wakes;
	expect_read(client, "NOOP FAILED_REPLY");
	bc_handle_cookie(client, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, handle, 7);
	expect_write(client);
	ck_assert_uint_eq(binder_thread_poll(client->thread), EPOLLIN);
	ck_assert_uint_gt(client->home->wakes, wakes);
	wakes = client->home->wakes;
	expect_read(client, "NOOP FROZEN_BINDER");
	bc_handle_cookie(client, UAPI_BC_CLEAR_FREEZE_NOTIFICATION, handle, 7);
	expect_write(client);
	bc_u64(client, UAPI_BC_FREEZE_NOTIFICATION_DONE, 7);
	expect_write(client);
	ck_assert_uint_eq(binder_thread_poll(client->thread), EPOLLIN);
	ck_assert_uint_gt(client->home->wakes, wakes);
	wakes = client->home->wakes;
	expect_read(client, "NOOP CLEAR_FREEZE_NOTIFICATION_DONE");
	ck_assert_uint_eq(binder_thread_poll(client->thread), 0);
}
END_TEST

/* A nested call was to go to a thread that waits, and does so no more. */
START_TEST(waiting_thread_may_end_while_a_nested_call_is_made)
{
	struct payload text = { "hello", 6, NULL, 0 };
	u32 back = give_object(client, manager, 0x1000, NULL);

	woken = thread_new(client->process, 202);
	expect_call(woken, 0, 0, NULL, "");
	expect_read(manager, "NOOP TRANSACTION");
	during(HOOK_COPY, 1, end_woken);
	expect_call(manager, back, 0, &text, "NOOP DEAD_REPLY");
	ck_assert(during_ran());
	ck_assert(!gone_too_soon);
	reply_with(manager, 0, NULL);
}
END_TEST

/* ---- work that is being read -------------------------------------------------------------- */

static void end_client(void)
{
	process_close(client->process);
}

static void end_server(void)
{
	process_close(server->process);
}

static void export_again(void)
{
	struct thread *other = server->process->threads;
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	while (other == server)
		other = other->next;
	bc_call(other, 0, 1, TF_ONE_WAY, &payload);
	expect_write(other);
	expect_read(other, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	acknowledge(other, 0x1000);
}

/* CVE-2020-0423: the news are out of the queue and the node is gone; another one takes its place. */
START_TEST(node_may_go_while_its_news_are_told)
{
	server = looper_new(world, 302);
	thread_new(server->process, 303);
	handle = give_object(server, manager, 0x1000, NULL);
	bc_u32(manager, BC_RELEASE, handle);
	expect_write(manager);
	during(HOOK_WRITE, 2, export_again);
	expect_read(server, "NOOP RELEASE DECREFS");
	ck_assert(during_ran());
	ck_assert_uint_eq(server->node.cookie, 0x1001);
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(object_read(manager, 0)->handle, handle);
	free_buffer(manager);
	expect_read(server, "NOOP RELEASE DECREFS");
}
END_TEST

static void end_holder(void)
{
	process_close(manager->process);
}

/* CVE-2020-0423: the last hold goes between the telling and its acknowledgement. */
START_TEST(hold_may_go_while_it_is_told)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	bc_call(client, 0, 1, TF_ONE_WAY, &payload);
	expect_write(client);
	during(HOOK_WRITE, 2, end_holder);
	expect_read(client, "NOOP INCREFS ACQUIRE TRANSACTION_COMPLETE");
	ck_assert(during_ran());
	ck_assert_uint_eq(world_counts(world).nodes, 1); /* until it is acknowledged */
	acknowledge(client, 0x1000);
	expect_read(client, "NOOP RELEASE DECREFS");
	ck_assert_uint_eq(world_counts(world).nodes, 0);
}
END_TEST

static void drop_reference(void)
{
	bc_u32(helper, BC_RELEASE, handle);
	expect_write(helper);
}

/* CVE-2020-0423: so for a death, which belongs to the reference. */
START_TEST(death_may_be_dropped_while_it_is_told)
{
	begin();
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, 7);
	expect_write(client);
	process_close(server->process);
	during(HOOK_WRITE, 2, drop_reference);
	expect_read(client, "NOOP DEAD_BINDER");
	ck_assert(during_ran());
	ck_assert_uint_eq(client->cookie, 7);
	ck_assert_uint_eq(world_counts(world).deaths, 0);
	bc_u64(client, BC_DEAD_BINDER_DONE, 7);
	expect_write(client);
}
END_TEST

/* CVE-2025-68260: a queue is emptied while others take entries out of it. */
#define NOTICES 200
static unsigned confirmed;

static void take_news_of_others(void)
{
	const char *at;

	while (ioctl_read_sized(helper, 256) == 0)
		for (at = commands_read(helper); (at = strstr(at, "CLEAR_DEATH")); at++)
			confirmed++;
	during(HOOK_WAKE, 1, take_news_of_others);
}

START_TEST(queue_may_be_read_while_it_is_dropped)
{
	unsigned i;

	begin();
	for (i = 0; i < NOTICES; i++) {
		bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, i);
		bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, i);
		expect_write(client);
	}
	take_news_of_others(); /* there are none: it waits */
	confirmed = 0;
	thread_exit(client);
	during(HOOK_WAKE, 0, NULL);
	ck_assert_uint_eq(confirmed, NOTICES);
}
END_TEST

/* ---- freeze notices --------------------------------------------------------------------------- */

static void watch(struct thread *thread, u64 cookie)
{
	bc_handle_cookie(thread, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, handle, cookie);
	expect_write(thread);
	expect_read(thread, "NOOP FROZEN_BINDER");
	bc_u64(thread, UAPI_BC_FREEZE_NOTIFICATION_DONE, cookie);
	expect_write(thread);
}

static void freeze(void)
{
	struct binder_freeze_info info = { .pid = 302, .enable = 1 };

	ck_assert_int_eq(binder_thread_ioctl(manager->thread, BINDER_FREEZE, (uintptr_t)&info), 0);
}

/* CVE-2024-56554: the reference that asked for it goes while it is being told. */
START_TEST(freeze_notice_may_be_dropped_while_it_is_told)
{
	begin();
	watch(client, 7);
	freeze();
	during(HOOK_WRITE, 2, drop_reference);
	expect_read(client, "NOOP FROZEN_BINDER");
	ck_assert(during_ran());
	ck_assert_uint_eq(client->frozen.cookie, 7);
	bc_u64(client, UAPI_BC_FREEZE_NOTIFICATION_DONE, 7);
	ck_assert_int_eq(ioctl_write(client), -EINVAL); /* there is none any more */
}
END_TEST

/* CVE-2024-56555: the reference goes while the notice is queued. */
START_TEST(freeze_notice_leaves_its_queue_with_its_reference)
{
	begin();
	watch(client, 7);
	freeze();
	drop_reference();
	expect_nothing(client);
}
END_TEST

/* CVE-2024-56556: the walk over those who watch meets their end, and the end of the watched. */
START_TEST(watcher_may_end_while_the_freeze_is_told)
{
	begin();
	watch(client, 7);
	expect_read(client, "");
	during(HOOK_WAKE, 1, end_client);
	freeze();
	ck_assert(during_ran());
}
END_TEST

/* CVE-2024-56556 */
START_TEST(watched_process_may_end_while_its_freeze_is_told)
{
	begin();
	watch(client, 7);
	expect_read(client, "");
	during(HOOK_WAKE, 1, end_server);
	freeze();
	ck_assert(during_ran());
	expect_read(client, "NOOP FROZEN_BINDER");
	bc_u64(client, UAPI_BC_FREEZE_NOTIFICATION_DONE, 7);
	expect_write(client);
}
END_TEST

/* ---- files ---------------------------------------------------------------------------------------- */

static struct port_file *file;

static void close_file(void)
{
	port_file_put(file);
}

/* CVE-2019-2000: the sender's descriptor is closed as soon as it was looked up. */
START_TEST(file_closed_by_its_sender_is_sent_all_the_same)
{
	struct flat_binder_object object = fd_object(5);
	struct payload payload = object_payload(&object);

	file = test_file(5);
	during(HOOK_FILE_GET, 1, close_file);
	expect_call(client, 0, 0, &payload, "");
	ck_assert(during_ran());
	ck_assert_int_eq(file->holds, 1); /* the core's own */
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_int_eq(file->holds, 0);
	ck_assert_uint_eq(object_read(manager, 0)->handle, 1000);
}
END_TEST

static u64 attacked;

static void free_attacked(void)
{
	free_at(helper, attacked);
}

/* CVE-2019-2000: a second BC_FREE_BUFFER comes while the first one closes the array. */
START_TEST(array_of_descriptors_is_closed_once)
{
	static u32 fds[] = { 5, 6 };
	static const u64 at[] = { 8, 8 + sizeof(struct binder_buffer_object) };
	struct {
		u64 first;
		struct binder_buffer_object ptr;
		struct binder_fd_array_object fda;
	} data = { .ptr = { .hdr.type = BINDER_TYPE_PTR, .buffer = (uintptr_t)fds, .length = 8 },
		   .fda = { .hdr.type = BINDER_TYPE_FDA, .num_fds = 2 } };
	struct binder_transaction_data tr = { .flags = TF_ONE_WAY,
					      .data_size = sizeof(data),
					      .offsets_size = sizeof(at),
					      .data.ptr.buffer = (uintptr_t)&data,
					      .data.ptr.offsets = (uintptr_t)at };

	test_file(5);
	test_file(6);
	bc_transaction_sg(client, BC_TRANSACTION_SG, &tr, 8);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	helper = thread_new(manager->process, 101);
	attacked = buffer_of(manager);
	/* The numbers are the core's own: what the bytes say now is not closed. */
	memset(manager->process->home->memory, 0, manager->process->home->size);
	during(HOOK_FD_CLOSE, 1, free_attacked);
	free_buffer(manager);
	ck_assert(during_ran());
	ck_assert_uint_eq(helper->home->closed_count, 0);
	ck_assert_uint_eq(manager->home->closed_count, 2);
	ck_assert_int_eq(manager->home->closed[0], 1000);
	ck_assert_int_eq(manager->home->closed[1], 1001);
}
END_TEST

/* ---- identity -------------------------------------------------------------------------------------- */

static void end_and_reuse_pid(void)
{
	process_close(client->process);
	client = looper_new(world, 200); /* as root, as it were, at the same place */
	client->process->home->pid = 201;
}

/* CVE-2021-39686: who sent it is settled, whoever the sender is by now. */
START_TEST(identity_is_that_of_the_opener)
{
	struct payload text = { "hello", 6, NULL, 0 };

	bc_call(client, 0, 1, 0, &text);
	expect_write(client);
	end_and_reuse_pid();
	expect_read(manager, "NOOP TRANSACTION");
	ck_assert_uint_eq(manager->tr.sender_euid, 1);
	ck_assert_int_eq(manager->tr.sender_pid, 0); /* the caller is no more */
}
END_TEST

SCENE_SUITE(security_life, waiting_thread_may_end_while_a_nested_call_is_made,
	    thread_that_polls_may_end_while_it_is_woken,
	    thread_that_waits_may_end_while_it_is_woken, thread_that_polls_hears_of_its_own_work,
	    node_may_go_while_its_news_are_told, hold_may_go_while_it_is_told,
	    death_may_be_dropped_while_it_is_told, queue_may_be_read_while_it_is_dropped,
	    freeze_notice_may_be_dropped_while_it_is_told,
	    freeze_notice_leaves_its_queue_with_its_reference,
	    watcher_may_end_while_the_freeze_is_told,
	    watched_process_may_end_while_its_freeze_is_told,
	    file_closed_by_its_sender_is_sent_all_the_same, array_of_descriptors_is_closed_once,
	    identity_is_that_of_the_opener)
