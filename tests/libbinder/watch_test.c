/* SPDX-License-Identifier: MIT */
/*
 * watch_test.c: events of a device, from binderd's ring.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <binder/watch.h>

#include "connection/driver.h"
#include "driver/watch.h"
#include "connection/connection.h"
#include "suites.h"
#include "world.h"

/* The ring is read by a connection of its own, so that the test's own calls are events like others. */
static ABinderConnection *watching;

static ABinderWatch *watch_with(const ABinderWatchFilter *filter)
{
	ABinderWatch *watch;

	ck_assert_int_eq(ABinderConnection_open(NULL, &watching), STATUS_OK);
	ck_assert_int_eq(ABinderWatch_open(watching, filter, &watch), STATUS_OK);
	return watch;
}

static void unwatch(ABinderWatch *watch)
{
	ABinderWatch_close(watch);
	ABinderConnection_close(watching);
	watching = NULL;
}

/* The next event; waits for it. */
static const ABinderEvent *next(ABinderWatch *watch)
{
	const ABinderEvent *event;

	for (;;) {
		ck_assert_int_eq(ABinderWatch_next(watch, &event), STATUS_OK);
		if (event)
			return event;
		ck_assert_int_eq(ABinderWatch_wait(watch, -1), STATUS_OK);
	}
}

/* The next one of this kind and transaction. */
static const ABinderEvent *next_of(ABinderWatch *watch, ABinderEventKind kind,
				   ABinderTransactionKind transaction)
{
	const ABinderEvent *event;

	do
		event = next(watch);
	while (event->kind != kind || event->transaction != transaction);
	return event;
}

static int32_t add(AIBinder *peer, int32_t a, int32_t b)
{
	AParcel *in = request(peer);

	AParcel_writeInt32(in, a);
	AParcel_writeInt32(in, b);
	return call_int(peer, TEST_ADD, in);
}

/* Known to the test's process, so that the first call of a test is the first event. */
static AIBinder *start_peer(pid_t *pid)
{
	AIBinder *peer;

	*pid = peer_start();
	peer = peer_get();
	add(peer, 0, 0);
	return peer;
}

START_TEST(call_has_events_from_sent_to_freed)
{
	const ABinderWatchFilter filter = { .snap = 4096 };
	const ABinderEvent *event;
	ABinderWatch *watch;
	uint32_t id, node;
	uint64_t sent_at;
	AIBinder *peer;
	pid_t pid;

	world_up();
	peer = start_peer(&pid);
	watch = watch_with(&filter);
	ck_assert_int_eq(add(peer, 40, 2), 42);

	event = next_of(watch, ABINDER_EVENT_SENT, ABINDER_TRANSACTION_CALL);
	ck_assert_uint_eq(event->code, TEST_ADD);
	ck_assert_int_eq(event->from_pid, getpid());
	ck_assert_int_eq(event->to_pid, pid);
	ck_assert_uint_eq(event->from_uid, geteuid());
	ck_assert_str_eq(event->from_program, "libbinder-tests");
	ck_assert_uint_eq(event->to_uid, geteuid());
	ck_assert_uint_eq(event->data_captured, 0);
	id = event->id;
	node = event->node;
	sent_at = event->time_ns;
	ck_assert_uint_ne(id, 0);
	ck_assert_uint_ne(node, 0);

	event = next_of(watch, ABINDER_EVENT_DELIVERED, ABINDER_TRANSACTION_CALL);
	ck_assert_uint_eq(event->id, id);
	ck_assert_uint_eq(event->node, node);
	ck_assert_int_ne(event->to_tid, 0);
	ck_assert_uint_ge(event->time_ns, sent_at);
	ck_assert_uint_eq(event->data_captured, event->data_size);
	/* Its two numbers stand behind the token. */
	ck_assert_mem_eq(event->data + event->data_size - 8, ((int32_t[]){ 40, 2 }), 8);

	event = next_of(watch, ABINDER_EVENT_SENT, ABINDER_TRANSACTION_REPLY);
	ck_assert_uint_eq(event->reply_to, id);
	ck_assert_uint_eq(event->node, node);
	ck_assert_int_eq(event->from_pid, pid);
	event = next_of(watch, ABINDER_EVENT_DELIVERED, ABINDER_TRANSACTION_REPLY);
	ck_assert_uint_eq(event->reply_to, id);
	ck_assert_mem_eq(event->data + event->data_size - 4, ((int32_t[]){ 42 }), 4);
	ck_assert_uint_eq(ABinderWatch_getLost(watch), 0);
	unwatch(watch);
	AIBinder_decStrong(peer);
	world_down();
}
END_TEST

START_TEST(buffer_given_back_is_an_event)
{
	const ABinderWatchFilter filter = { .kinds = 1u << ABINDER_EVENT_DELIVERED |
						     1u << ABINDER_EVENT_FREED };
	ABinderWatch *watch;
	AIBinder *peer;
	uint32_t id;
	pid_t pid;

	world_up();
	peer = start_peer(&pid);
	watch = watch_with(&filter);
	add(peer, 1, 2);
	id = next_of(watch, ABINDER_EVENT_DELIVERED, ABINDER_TRANSACTION_CALL)->id;
	while (next_of(watch, ABINDER_EVENT_FREED, ABINDER_TRANSACTION_CALL)->id != id)
		;
	unwatch(watch);
	AIBinder_decStrong(peer);
	world_down();
}
END_TEST

START_TEST(payload_is_cut_at_the_snap_length)
{
	const ABinderWatchFilter filter = { .snap = 20, .kinds = 1u << ABINDER_EVENT_DELIVERED };
	const ABinderEvent *event;
	ABinderWatch *watch;
	AIBinder *peer;
	pid_t pid;

	world_up();
	peer = start_peer(&pid);
	watch = watch_with(&filter);
	add(peer, 1, 2);
	event = next_of(watch, ABINDER_EVENT_DELIVERED, ABINDER_TRANSACTION_CALL);
	ck_assert_uint_gt(event->data_size, 20);
	ck_assert_uint_eq(event->data_captured, 20);
	unwatch(watch);
	AIBinder_decStrong(peer);
	world_down();
}
END_TEST

START_TEST(objects_are_shown_as_their_receiver_sees_them)
{
	const ABinderWatchFilter filter = { .snap = 4096, .kinds = 1u << ABINDER_EVENT_DELIVERED };
	struct flat_binder_object object;
	const ABinderEvent *event;
	ABinderWatch *watch;
	AIBinder *peer, *mine;
	AParcel *in;
	pid_t pid;

	world_up();
	peer = start_peer(&pid);
	watch = watch_with(&filter);
	mine = AIBinder_new(test_class(), NULL);
	in = request(peer);
	AParcel_writeStrongBinder(in, mine);
	AParcel_delete(call(peer, TEST_KEEP, in));
	event = next_of(watch, ABINDER_EVENT_DELIVERED, ABINDER_TRANSACTION_CALL);
	ck_assert_uint_eq(event->offset_count, 1);
	memcpy(&object, event->data + event->offsets[0], sizeof(object));
	ck_assert_uint_eq(object.hdr.type, BINDER_TYPE_HANDLE);
	unwatch(watch);
	AIBinder_decStrong(mine);
	AIBinder_decStrong(peer);
	world_down();
}
END_TEST

START_TEST(sensitive_payload_is_never_shown)
{
	const ABinderWatchFilter filter = { .snap = 4096, .kinds = 1u << ABINDER_EVENT_DELIVERED };
	const ABinderEvent *event;
	AParcel *in, *out = NULL;
	ABinderWatch *watch;
	AIBinder *peer;
	pid_t pid;

	world_up();
	peer = start_peer(&pid);
	watch = watch_with(&filter);
	in = request(peer);
	AParcel_writeInt32(in, 1);
	AParcel_writeInt32(in, 2);
	ck_assert_int_eq(AIBinder_transactRaw(peer, TEST_ADD, &in, &out, TF_CLEAR_BUF, -1),
			 STATUS_OK);
	event = next_of(watch, ABINDER_EVENT_DELIVERED, ABINDER_TRANSACTION_CALL);
	ck_assert_uint_gt(event->data_size, 0);
	ck_assert_uint_eq(event->data_captured, 0);
	AParcel_delete(out);
	unwatch(watch);
	AIBinder_decStrong(peer);
	world_down();
}
END_TEST

START_TEST(call_without_reply_is_an_event)
{
	const ABinderEvent *event;
	AParcel *in, *out = NULL;
	ABinderWatch *watch;
	AIBinder *peer;
	uint32_t id;
	pid_t pid;

	world_up();
	peer = start_peer(&pid);
	watch = watch_with(NULL);
	in = request(peer);
	ck_assert_int_eq(AIBinder_transactRaw(peer, TEST_DIE, &in, &out, 0, -1),
			 STATUS_DEAD_OBJECT);
	id = next_of(watch, ABINDER_EVENT_SENT, ABINDER_TRANSACTION_CALL)->id;
	event = next_of(watch, ABINDER_EVENT_UNANSWERED, ABINDER_TRANSACTION_CALL);
	ck_assert_uint_eq(event->id, id);
	ck_assert_uint_eq(event->error, BR_DEAD_REPLY);
	ck_assert_int_eq(event->from_pid, getpid());
	unwatch(watch);
	AIBinder_decStrong(peer);
	world_down();
}
END_TEST

START_TEST(death_and_refused_call_are_events)
{
	const ABinderWatchFilter filter = { .kinds = 1u << ABINDER_EVENT_DIED |
						     1u << ABINDER_EVENT_FAILED };
	AParcel *in, *out = NULL;
	ABinderWatch *watch;
	AIBinder *peer;
	pid_t pid;

	world_up();
	peer = start_peer(&pid);
	watch = watch_with(&filter);
	peer_kill(pid);
	ck_assert_int_eq(next_of(watch, ABINDER_EVENT_DIED, ABINDER_TRANSACTION_CALL)->from_pid,
			 pid);
	in = request(peer);
	ck_assert_int_eq(AIBinder_transactRaw(peer, TEST_ADD, &in, &out, 0, -1),
			 STATUS_DEAD_OBJECT);
	ck_assert_uint_eq(next_of(watch, ABINDER_EVENT_FAILED, ABINDER_TRANSACTION_CALL)->error,
			  BR_DEAD_REPLY);
	unwatch(watch);
	AIBinder_decStrong(peer);
	world_down();
}
END_TEST

START_TEST(filter_leaves_out_what_it_does_not_name)
{
	const ABinderWatchFilter others = {
		.not_self = true, .kinds = 1u << ABINDER_EVENT_SENT | 1u << ABINDER_EVENT_DELIVERED
	};
	const ABinderEvent *event;
	ABinderWatch *watch;
	AIBinder *peer;
	pid_t pid;

	world_up();
	peer = start_peer(&pid);
	watch = watch_with(&others);
	add(peer, 1, 2);
	ck_assert_int_eq(ABinderWatch_next(watch, &event), STATUS_OK);
	ck_assert_ptr_null(event);
	unwatch(watch);
	AIBinder_decStrong(peer);
	world_down();
}
END_TEST

/* Reads to the end; the numbers of what is read and of what is lost add up. */
START_TEST(slow_watcher_loses_the_oldest_events_and_counts_them)
{
	const ABinderWatchFilter filter = { .ring_size = 64 << 10,
					    .snap = 4096,
					    .kinds = 1u << ABINDER_EVENT_SENT };
	const ABinderEvent *event;
	uint32_t seen = 0, last = 0;
	ABinderWatch *watch;
	AIBinder *peer;
	pid_t pid;

	world_up();
	peer = start_peer(&pid);
	watch = watch_with(&filter);
	for (int32_t i = 0; i < 2000; i++)
		ck_assert_int_eq(add(peer, i, 1), i + 1);
	for (;;) {
		ck_assert_int_eq(ABinderWatch_next(watch, &event), STATUS_OK);
		if (!event)
			break;
		ck_assert_uint_gt(event->id, last);
		last = event->id;
		seen++;
	}
	ck_assert_uint_gt(seen, 500);
	ck_assert_uint_gt(ABinderWatch_getLost(watch), 0);
	/* Each call and its reply. */
	ck_assert_uint_eq(seen + ABinderWatch_getLost(watch), 4000);
	unwatch(watch);
	AIBinder_decStrong(peer);
	world_down();
}
END_TEST

START_TEST(watcher_cannot_write_or_cut_the_ring)
{
	const struct watch_filter filter = { .size = WATCH_MIN_SIZE, .kinds = 1 };
	ABinderConnection *connection;
	int fds[2];

	world_up();
	ck_assert_int_eq(ABinderConnection_open(NULL, &connection), STATUS_OK);
	ck_assert_int_eq(driver_watch(connection->driver, &filter, 0, fds), 0);
	ck_assert_ptr_eq(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fds[0], 0),
			 MAP_FAILED);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(ftruncate(fds[0], 0), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(write(fds[0], "x", 1), -1);
	close(fds[0]);
	close(fds[1]);
	ABinderConnection_close(connection);
	world_down();
}
END_TEST

START_TEST(unusable_filters_are_refused)
{
	const ABinderWatchFilter odd = { .ring_size = 100000 }, small = { .ring_size = 4096 },
				 large = { .ring_size = (size_t)1 << 33 },
				 greedy = { .ring_size = 64 << 10, .snap = 32 << 10 };
	const ABinderWatchFilter *const bad[] = { &odd, &small, &large, &greedy };
	ABinderWatch *watch = NULL;
	ABinderConnection *connection;

	world_up();
	ck_assert_int_eq(ABinderConnection_open(NULL, &connection), STATUS_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(ABinderWatch_open(connection, bad[i], &watch), STATUS_BAD_VALUE);
		ck_assert_ptr_null(watch);
	}
	ck_assert_int_eq(ABinderWatch_open(connection, NULL, &watch), STATUS_OK);
	ABinderWatch_close(watch);
	ck_assert_int_eq(ABinderWatch_open(connection, NULL, &watch), STATUS_ALREADY_EXISTS);
	ABinderConnection_close(connection);
	world_down();
}
END_TEST

START_TEST(user_has_no_more_watches_than_allowed)
{
	const ABinderWatchFilter filter = { .ring_size = WATCH_MIN_SIZE };
	ABinderConnection *connections[WATCH_MAX_PER_UID + 1];
	ABinderWatch *watches[WATCH_MAX_PER_UID + 1];
	binder_status_t status;

	world_up();
	for (size_t i = 0; i <= WATCH_MAX_PER_UID; i++) {
		ck_assert_int_eq(ABinderConnection_open(NULL, &connections[i]), STATUS_OK);
		status = ABinderWatch_open(connections[i], &filter, &watches[i]);
		ck_assert_int_eq(status, i < WATCH_MAX_PER_UID ? STATUS_OK : STATUS_NO_MEMORY);
	}
	/* There is room for another as soon as the daemon sees that one has ended. */
	ABinderWatch_close(watches[0]);
	ABinderConnection_close(connections[0]);
	do
		status = ABinderWatch_open(connections[WATCH_MAX_PER_UID], &filter,
					   &watches[WATCH_MAX_PER_UID]);
	while (status == STATUS_NO_MEMORY);
	ck_assert_int_eq(status, STATUS_OK);
	for (size_t i = 1; i <= WATCH_MAX_PER_UID; i++) {
		ABinderWatch_close(watches[i]);
		ABinderConnection_close(connections[i]);
	}
	world_down();
}
END_TEST

START_TEST(end_of_the_driver_is_told_after_its_last_events)
{
	ABinderWatch *watch;
	const ABinderEvent *event;
	AIBinder *peer;
	pid_t pid;
	int status;

	world_up();
	peer = start_peer(&pid);
	watch = watch_with(NULL);
	add(peer, 1, 2);
	world_kill_daemon();
	do {
		status = ABinderWatch_wait(watch, -1);
		do
			ck_assert_int_eq(ABinderWatch_next(watch, &event), STATUS_OK);
		while (event);
	} while (status == STATUS_OK);
	ck_assert_int_eq(status, STATUS_DEAD_OBJECT);
	unwatch(watch);
	AIBinder_decStrong(peer);
	world_down();
}
END_TEST

Suite *watch_suite(void)
{
	Suite *suite = suite_create("watch");
	TCase *events = tcase_create("events"), *ring = tcase_create("ring");

	tcase_add_test(events, call_has_events_from_sent_to_freed);
	tcase_add_test(events, buffer_given_back_is_an_event);
	tcase_add_test(events, payload_is_cut_at_the_snap_length);
	tcase_add_test(events, objects_are_shown_as_their_receiver_sees_them);
	tcase_add_test(events, sensitive_payload_is_never_shown);
	tcase_add_test(events, call_without_reply_is_an_event);
	tcase_add_test(events, death_and_refused_call_are_events);
	tcase_add_test(events, filter_leaves_out_what_it_does_not_name);
	suite_add_tcase(suite, events);
	tcase_add_test(ring, slow_watcher_loses_the_oldest_events_and_counts_them);
	tcase_add_test(ring, watcher_cannot_write_or_cut_the_ring);
	tcase_add_test(ring, unusable_filters_are_refused);
	tcase_add_test(ring, user_has_no_more_watches_than_allowed);
	tcase_add_test(ring, end_of_the_driver_is_told_after_its_last_events);
	suite_add_tcase(suite, ring);
	return suite;
}
