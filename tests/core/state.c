/* SPDX-License-Identifier: MIT */
/*
 * state.c: the views "state" and "transactions", to the letter, and who sees
 * what of them (17.2, 17.3).
 */
#include <stdio.h>

#include "suites.h"
#include "view.h"

static struct thread *server;
static u32 handle;

/* A server (pid 302, uid 2) whose object the client has as handle 1; its numbers are base + 1 ... */
static u32 begin(void)
{
	u32 base = view_base();

	server = looper_new(world, 302);
	handle = fetch_from(client, server, 0x1000);
	return base;
}

#define IDLE_MANAGER \
	"proc 100\ncontext test\n" \
	"  thread 100: l 02 need_return 0 tr 0\n"

START_TEST(process_shows_threads_nodes_and_references)
{
	u32 base = begin();

	expect_view(BINDER_VIEW_STATE, 0,
		    "binder state:\n"
		    "proc 302\ncontext test\n"
		    "  thread 302: l 02 need_return 0 tr 0\n"
		    "  node %u: u0000000000001000 c0000000000001001 hs 1 hw 1 ls 0 lw 0 is 2 iw 2 "
		    "tr 1 proc 201 100\n"
		    "proc 201\ncontext test\n"
		    "  thread 201: l 02 need_return 0 tr 0\n"
		    "  ref %u: desc 1 node %u s 1 w 0 d 0000000000000000\n" IDLE_MANAGER
		    "  node %u: u0000000000000000 c0000000000000000 hs 1 hw 1 ls 1 lw 1 is 0 iw 0 "
		    "tr 1\n"
		    "  ref %u: desc 1 node %u s 1 w 0 d 0000000000000000\n",
		    base + 3, base + 7, base + 3, base - 2, base + 4, base + 3);
}
END_TEST

START_TEST(call_is_shown_on_both_sides_with_its_age)
{
	u32 id, base = begin();
	u8 data[12] = { 0 };
	struct payload payload = { .data = data, .size = sizeof(data) };

	id = base + 8;
	test_now_ms = 5000;
	bc_call(client, handle, 0x2a, TF_ACCEPT_FDS, &payload);
	expect_write(client);
	test_now_ms = 6500;
	expect_view(
		BINDER_VIEW_TRANSACTIONS, 0,
		"binder transactions:\n"
		"proc 302\ncontext test\n"
		"  buffer %u: 0 size 12:0:0 active\n"
		"  pending transaction %u: %016x from 201:201 to 302:0 code 2a flags 10 pri 0 a0 r0 "
		"elapsed 1500ms node %u size 12:0 offset 0\n"
		"proc 201\ncontext test\n"
		"  thread 201: l 02 need_return 0 tr 0\n"
		"    outgoing transaction %u: %016x from 201:201 to 302:0 code 2a flags 10 pri 0 "
		"a0 r0 elapsed 1500ms\n"
		"    transaction complete\n",
		id, id, id, base + 3, id, id);
	expect_read(server, "NOOP TRANSACTION");
	expect_read(client, "");
	expect_view(
		BINDER_VIEW_TRANSACTIONS, 2,
		"binder transactions:\n"
		"proc 302\ncontext test\n"
		"  thread 302: l 02 need_return 0 tr 0\n"
		"    incoming transaction %u: %016x from 201:201 to 302:302 code 2a flags 10 pri 0 "
		"a0 r0 elapsed 1500ms node %u size 12:0 offset 0\n"
		"  buffer %u: 0 size 12:0:0 active\n",
		id, id, base + 3, id);
	free_buffer(server);
	ck_assert_ptr_nonnull(strstr(view_as(BINDER_VIEW_TRANSACTIONS, 2), "1500ms buffer free\n"));
}
END_TEST

START_TEST(reply_is_delivered_until_it_is_freed)
{
	u32 base = begin();

	bc_call(client, handle, 1, 0, NULL);
	expect_write(client);
	expect_read(server, "NOOP TRANSACTION");
	free_buffer(server);
	bc_reply(server, 0, NULL);
	expect_write(server);
	expect_read(server, "NOOP TRANSACTION_COMPLETE");
	ck_assert_ptr_nonnull(strstr(view_as(BINDER_VIEW_STATE, 1), "to 201:201 code 0 flags 0 "
								    "pri 0 a0 r1 "));
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	expect_view(BINDER_VIEW_TRANSACTIONS, 0,
		    "binder transactions:\nproc 201\ncontext test\n"
		    "  buffer %u: 0 size 0:0:0 delivered\n",
		    base + 9);
	free_buffer(client);
	expect_view(BINDER_VIEW_TRANSACTIONS, 0, "binder transactions:\n");
}
END_TEST

START_TEST(oneway_call_that_waits_is_shown_at_its_node)
{
	u32 base = begin();

	bc_call(client, handle, 7, TF_ONE_WAY, NULL);
	bc_call(client, handle, 8, TF_ONE_WAY, NULL);
	expect_write(client);
	expect_view(
		BINDER_VIEW_TRANSACTIONS, 2,
		"binder transactions:\n"
		"proc 302\ncontext test\n"
		"  node %u: u0000000000001000 c0000000000001001 hs 1 hw 1 ls 2 lw 0 is 2 iw 2 "
		"tr 1 proc 201 100\n"
		"    pending async transaction %u: %016x from 201:201 to 302:0 code 8 flags 1 "
		"pri 0 a1 r0 elapsed 0ms node %u size 0:0 offset 8\n"
		"  buffer %u: 0 size 0:0:0 active\n"
		"  buffer %u: 8 size 0:0:0 active\n"
		"  pending transaction %u: %016x from 201:201 to 302:0 code 7 flags 1 pri 0 a1 r0 "
		"elapsed 0ms node %u size 0:0 offset 0\n",
		base + 3, base + 9, base + 9, base + 3, base + 8, base + 9, base + 8, base + 8,
		base + 3);
}
END_TEST

START_TEST(news_in_queues_are_named)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x5000, 0x5001);
	struct payload payload = object_payload(&object);
	const char *text;

	begin();
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, 0x77);
	expect_write(client);
	ck_assert_ptr_null(strstr(view_as(BINDER_VIEW_STATE, 1), " d 0000000000000000"));
	process_close(server->process);
	ck_assert_ptr_nonnull(strstr(view_as(BINDER_VIEW_STATE, 1), "\n  has dead binder\n"));
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, 0x77);
	expect_write(client);
	ck_assert_ptr_nonnull(
		strstr(view_as(BINDER_VIEW_STATE, 1), "\n  has cleared dead binder\n"));
	expect_read(client, "NOOP DEAD_BINDER");
	ck_assert_ptr_nonnull(
		strstr(view_as(BINDER_VIEW_STATE, 1), "\n  has delivered dead binder\n"));
	bc_u64(client, BC_DEAD_BINDER_DONE, 0x77);
	bc_call(client, 0, 1, 0, &payload);
	bc_call(client, 0, 1, 0, NULL);
	ioctl_write(client);
	text = view_as(BINDER_VIEW_STATE, 1);
	ck_assert_ptr_nonnull(strstr(text, "\n    has cleared death notification\n"));
	ck_assert_ptr_nonnull(strstr(text, ": u0000000000005000 c0000000000005001\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n    node work "));
	ck_assert_ptr_nonnull(strstr(text, "\n    transaction complete\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n    transaction error: 29201\n"));
}
END_TEST

START_TEST(frozen_news_are_named)
{
	begin();
	bc_handle_cookie(client, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, handle, 7);
	expect_write(client);
	ck_assert_ptr_nonnull(strstr(view_as(BINDER_VIEW_STATE, 1), "\n  has frozen binder\n"));
	expect_read(client, "NOOP FROZEN_BINDER");
	ck_assert_ptr_nonnull(
		strstr(view_as(BINDER_VIEW_STATE, 1), "\n  has delivered freeze binder\n"));
	bc_u64(client, UAPI_BC_FREEZE_NOTIFICATION_DONE, 7);
	bc_handle_cookie(client, UAPI_BC_CLEAR_FREEZE_NOTIFICATION, handle, 7);
	expect_write(client);
	ck_assert_ptr_nonnull(
		strstr(view_as(BINDER_VIEW_STATE, 1), "\n  has cleared freeze notification\n"));
}
END_TEST

START_TEST(dead_nodes_stand_first_and_belong_to_their_owner)
{
	u32 base = begin();

	process_close(server->process);
	expect_view(BINDER_VIEW_STATE, 2,
		    "binder state:\ndead nodes:\n"
		    "  node %u: u0000000000001000 c0000000000001001 hs 1 hw 1 ls 0 lw 0 is 2 iw 2 "
		    "tr 1 proc 201 100\n",
		    base + 3);
	expect_view(BINDER_VIEW_STATE, 1,
		    "binder state:\nproc 201\ncontext test\n"
		    "  thread 201: l 02 need_return 0 tr 0\n"
		    "  ref %u: desc 1 dead node %u s 1 w 0 d 0000000000000000\n",
		    base + 7, base + 3);
}
END_TEST

START_TEST(user_sees_processes_of_that_user_only)
{
	const char *text;

	begin();
	text = view_as(BINDER_VIEW_STATE, 2);
	ck_assert_ptr_nonnull(strstr(text, "proc 302\n"));
	ck_assert_ptr_null(strstr(text, "proc 201\n"));
	ck_assert_ptr_null(strstr(text, "\nproc 100\n"));
	ck_assert_str_eq(view_as(BINDER_VIEW_STATE, 7), "binder state:\n");
	ck_assert_str_eq(view_as(BINDER_VIEW_TRANSACTIONS, 7), "binder transactions:\n");
}
END_TEST

START_TEST(asker_can_be_left_out)
{
	struct binder_print print;
	char text[BINDER_PRINT_MIN + 1];

	begin();
	binder_print_start(&print, BINDER_VIEW_STATE, 2);
	binder_print_without(&print, server->process->proc);
	text[binder_context_print(world->ctx, &print, text, BINDER_PRINT_MIN)] = '\0';
	ck_assert_str_eq(text, "binder state:\n");
}
END_TEST

START_TEST(one_process_can_be_asked_for)
{
	struct binder_print print;
	char text[BINDER_PRINT_MIN + 1];

	begin();
	binder_print_start(&print, BINDER_VIEW_PROC, 0);
	binder_print_only(&print, 201);
	text[binder_context_print(world->ctx, &print, text, BINDER_PRINT_MIN)] = '\0';
	ck_assert_ptr_nonnull(strstr(text, "binder proc state:\nproc 201\ncontext test\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n  ref "));
	ck_assert_ptr_null(strstr(text + 20, "proc 302\n"));
	/* Another user's is as good as none. */
	binder_print_start(&print, BINDER_VIEW_PROC, 7);
	binder_print_only(&print, 201);
	text[binder_context_print(world->ctx, &print, text, BINDER_PRINT_MIN)] = '\0';
	ck_assert_str_eq(text, "binder proc state:\n");
}
END_TEST

static void nothing(void) {}

START_TEST(pieces_make_up_the_whole)
{
	char *whole;

	begin();
	for (u64 ptr = 0x2000; ptr < 0x2400; ptr += 16)
		fetch_from(client, server, ptr);
	for (int i = 0; i < 300; i++) {
		bc_call(client, handle, 1, TF_ONE_WAY, NULL);
		expect_write(client);
	}
	whole = strdup(view_as(BINDER_VIEW_STATE, 0));
	ck_assert_uint_gt(strlen(whole), 20 * BINDER_PRINT_MIN);
	ck_assert_str_eq(view_in_pieces(BINDER_VIEW_STATE, 0, nothing), whole);
	free(whole);
}
END_TEST

/* What others do between two pieces: the thing that is being printed goes, too. */
static void lose_something(void)
{
	static int step;

	switch (step++) {
	case 1:
		process_close(server->process);
		break;
	case 2:
		bc_u32(client, BC_RELEASE, handle);
		expect_write(client);
		break;
	case 3:
		thread_exit(client);
		break;
	case 4:
		process_close(manager->process);
		break;
	}
}

START_TEST(what_goes_between_two_pieces_is_passed_over)
{
	const char *text;

	begin();
	for (u64 ptr = 0x2000; ptr < 0x2400; ptr += 16)
		fetch_from(client, server, ptr);
	text = view_in_pieces(BINDER_VIEW_STATE, 0, lose_something);
	/* No line was left in its middle. */
	for (; *text; text = strchr(text, '\n') + 1)
		ck_assert_ptr_nonnull(strchr(text, '\n'));
}
END_TEST

/* The server ends while the list of those who have its object is half printed. */
static void end_server(void)
{
	static bool ended;

	if (!ended)
		process_close(server->process);
	ended = true;
}

START_TEST(line_that_is_half_printed_is_ended)
{
	const char *text;

	begin();
	for (s32 pid = 1005; pid < 5005; pid += 10) {
		struct thread *holder = thread_new(process_open(world, pid, 4096), pid);

		bc(holder, BC_ENTER_LOOPER);
		fetch_from(holder, server, 0x1000);
	}
	text = view_in_pieces(BINDER_VIEW_STATE, 2, end_server);
	ck_assert_ptr_nonnull(strstr(text, " iw 402 tr 1 proc 4995 4985 "));
	ck_assert_ptr_null(strstr(text, " 1005 "));
	ck_assert_int_eq(text[strlen(text) - 1], '\n');
}
END_TEST

SCENE_SUITE(state, process_shows_threads_nodes_and_references,
	    call_is_shown_on_both_sides_with_its_age, reply_is_delivered_until_it_is_freed,
	    oneway_call_that_waits_is_shown_at_its_node, news_in_queues_are_named,
	    frozen_news_are_named, dead_nodes_stand_first_and_belong_to_their_owner,
	    user_sees_processes_of_that_user_only, asker_can_be_left_out,
	    one_process_can_be_asked_for, pieces_make_up_the_whole,
	    what_goes_between_two_pieces_is_passed_over, line_that_is_half_printed_is_ended)
