/* SPDX-License-Identifier: MIT */
/* state.c: what a driver shows of itself, by way of binderctl (17.1 to 17.3). */
#include "scene.h"

#include <poll.h>
#include <stdio.h>

#include "views.h"

#define MANAGER_NODE "  node #: u0000000000000000 c0000000000000000 hs 1 hw 1 "

static void begin(void)
{
	need_views();
	scene();
	view_name(manager, "M");
	view_name(client, "C");
}

TEST("17.2", state_of_idle_processes)
{
	begin();
	view_expect("state", "proc C\n"
			     "context DEVICE\n"
			     "  thread C: l 02 need_return 0 tr 0\n"
			     "proc M\n"
			     "context DEVICE\n"
			     "  thread M: l 02 need_return 0 tr 0\n" MANAGER_NODE
			     "ls 1 lw 1 is 0 iw 0 tr 1\n");
	view_expect("transactions", "");
}

/* Shows the process, or fails: "state PID". */
static const char *state_of(const struct actor *actor)
{
	static char view[32];

	snprintf(view, sizeof(view), "state %d", actor->pid);
	return view;
}

TEST("17.1", state_of_one_process)
{
	begin();
	view_expect(state_of(client), "proc C\n"
				      "context DEVICE\n"
				      "  thread C: l 02 need_return 0 tr 0\n");
	view_expect(state_of(manager), "proc M\n"
				       "context DEVICE\n"
				       "  thread M: l 02 need_return 0 tr 0\n" MANAGER_NODE
				       "ls 1 lw 1 is 0 iw 0 tr 1\n");
}

TEST("17.1", state_of_a_process_that_opened_twice)
{
	struct actor *again;

	begin();
	again = open_new(client);
	view_name(again, "C2");
	view_expect(state_of(client), "proc C\n"
				      "context DEVICE\n"
				      "  thread C2: l 00 need_return 0 tr 0\n"
				      "proc C\n"
				      "context DEVICE\n"
				      "  thread C: l 02 need_return 0 tr 0\n");
	actor_unmap(again);
	actor_close(again, again->fd);
	await_release(0);
	view_expect(state_of(client), "proc C\n"
				      "context DEVICE\n"
				      "  thread C: l 02 need_return 0 tr 0\n");
}

TEST("17.1", state_of_a_process_goes_with_its_first_open)
{
	begin();
	open_new(client);
	actor_unmap(client);
	actor_close(client, client->fd);
	await_release(0);
	is(view_fails(state_of(client)), true);
}

TEST("17.1", state_of_a_process_that_ended_is_there_while_its_child_has_the_open)
{
	struct actor *child;

	begin();
	child = child_new(client);
	actor_outlive(child);
	actor_kill(client);
	is(view_has(state_of(client), "proc C"), true);
	actor_kill(child);
	await_release(client->pid);
	is(view_fails(state_of(client)), true);
}

TEST("17.2", state_of_threads)
{
	struct actor *second, *third;
	uint32_t most = 3;

	begin();
	is(actor_ioctl_value(client, BINDER_SET_MAX_THREADS, most), 0);
	second = thread_new(client);
	third = thread_new(client);
	view_name(second, "C2");
	view_name(third, "C3");
	expect_waits(client);
	bc(second, BC_EXIT_LOOPER);
	expect_write(second);
	bc(third, BC_REGISTER_LOOPER);
	expect_write(third);
	view_expect("state", "proc C\n"
			     "context DEVICE\n"
			     "  thread C: l 12 need_return 0 tr 0\n"
			     "  thread C2: l 04 need_return 0 tr 0\n"
			     "  thread C3: l 09 need_return 0 tr 0\n"
			     "proc M\n"
			     "context DEVICE\n"
			     "  thread M: l 02 need_return 0 tr 0\n" MANAGER_NODE
			     "ls 1 lw 1 is 0 iw 0 tr 1\n");
	view_expect("transactions", "");
}

TEST("17.2", thread_that_polls_is_marked)
{
	char line[32];

	begin();
	snprintf(line, sizeof(line), "  thread %d: l ", client->tid);
	is(actor_poll(client, POLLIN, 0), 0);
	is(view_total("state", line), 22);
}

TEST("17.2", call_that_nobody_has_read_is_pending)
{
	begin();
	bc_call(client, 0, 0x2a, TF_ACCEPT_FDS, payload_text("hello"));
	expect_write(client);
	view_expect(
		"transactions",
		"proc C\n"
		"context DEVICE\n"
		"  thread C: l 02 need_return 0 tr 0\n"
		"    outgoing transaction #: from C:C to M:0 code 2a flags 10 pri NICE a0 r0\n"
		"    transaction complete\n"
		"proc M\n"
		"context DEVICE\n"
		"  buffer #: size 6:0:0 active\n"
		"  pending transaction #: from C:C to M:0 code 2a flags 10 pri NICE a0 r0 node # "
		"size 6:0\n");
}

TEST("17.2", call_for_a_thread_that_waits_lies_with_it)
{
	begin();
	actor_kill(client); /* the scene's: only this one is to wait */
	client = looper_new();
	view_name(client, "D");
	expect_waits(manager);
	bc_call(client, 0, 1, 0, NULL);
	expect_write(client);
	expect_return(manager, "NOOP TRANSACTION");
	need(view_has("transactions",
		      "    incoming transaction #: from D:D to M:M code 1 flags 0 pri NICE a0 r0 "
		      "node # size 0:0"));
}

#define CALL_UNDER_WAY \
	"proc C\n" \
	"context DEVICE\n" \
	"  thread C: l 02 need_return 0 tr 0\n" \
	"    outgoing transaction #: from C:C to M:M code 1 flags 0 pri NICE a0 r0\n" \
	"    transaction complete\n" \
	"proc M\n" \
	"context DEVICE\n" \
	"  thread M: l 02 need_return 0 tr 0\n" \
	"    incoming transaction #: from C:C to M:M code 1 flags 0 pri NICE a0 r0 "

TEST("17.2", call_under_way_is_on_both_stacks)
{
	begin();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	view_expect("state",
		    CALL_UNDER_WAY "node # size 0:0\n" MANAGER_NODE "ls 2 lw 1 is 0 iw 0 tr 1\n"
				   "  buffer #: size 0:0:0 active\n");
	free_buffer(manager);
	view_expect("transactions", CALL_UNDER_WAY "buffer free\n");
}

TEST("17.2", reply_is_pending_and_then_a_delivered_buffer)
{
	begin();
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	bc_reply(manager, 0, payload_text("answer"));
	expect_write(manager);
	view_expect(
		"transactions",
		"proc C\n"
		"context DEVICE\n"
		"  thread C: l 02 need_return 0 tr 0\n"
		"    transaction complete\n"
		"    pending transaction #: from - to C:C code 0 flags 0 pri NICE a0 r1 size 7:0\n"
		"  buffer #: size 7:0:0 active\n"
		"proc M\n"
		"context DEVICE\n"
		"  thread M: l 02 need_return 0 tr 0\n"
		"    transaction complete\n");
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	view_expect("transactions", "proc C\n"
				    "context DEVICE\n"
				    "  buffer #: size 7:0:0 delivered\n"
				    "proc M\n"
				    "context DEVICE\n"
				    "  thread M: l 02 need_return 0 tr 0\n"
				    "    transaction complete\n");
}

TEST("17.2", nested_calls_are_a_stack)
{
	struct actor *server;
	uint32_t handle;

	begin();
	server = looper_new();
	view_name(server, "S");
	handle = fetch_from(client, server, 0x1000);
	send_call(client, handle, 0, NULL);
	expect_read(server, "NOOP TRANSACTION");
	send_call(server, 0, 0, NULL);
	need(view_has("transactions",
		      "    outgoing transaction #: from S:S to M:0 code 1 flags 0 pri NICE a0 r0"));
	need(view_has("transactions",
		      "    incoming transaction #: from C:C to S:S code 1 flags 0 pri NICE a0 r0 "
		      "node # size 0:0"));
}

TEST("17.2", oneways_that_wait_stand_below_their_node)
{
	begin();
	for (int i = 0; i < 3; i++)
		expect_oneway(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	view_expect(
		"transactions",
		"proc M\n"
		"context DEVICE\n" MANAGER_NODE "ls 4 lw 1 is 0 iw 0 tr 1\n"
		"    pending async transaction #: from - to M:0 code 1 flags 1 pri NICE a1 r0 node "
		"# size 0:0\n"
		"    pending async transaction #: from - to M:0 code 1 flags 1 pri NICE a1 r0 node "
		"# size 0:0\n"
		"  buffer #: size 0:0:0 delivered\n"
		"  buffer #: size 0:0:0 active\n"
		"  buffer #: size 0:0:0 active\n");
}

/* ---- objects ----------------------------------------------------------------------------- */

static struct actor *server;
static uint32_t handle;

static void begin_with_server(void)
{
	begin();
	server = looper_new();
	view_name(server, "S");
	handle = fetch_from(client, server, 0x1000);
}

TEST("17.2", object_and_its_references)
{
	begin_with_server();
	view_expect("state",
		    "proc S\n"
		    "context DEVICE\n"
		    "  thread S: l 02 need_return 0 tr 0\n"
		    "  node #: u0000000000001000 c0000000000001001 hs 1 hw 1 ls 0 lw 0 is 2 iw 2 "
		    "tr 1 proc C M\n"
		    "proc C\n"
		    "context DEVICE\n"
		    "  thread C: l 02 need_return 0 tr 0\n"
		    "  ref #: desc 1 node # s 1 w 0 d no\n"
		    "proc M\n"
		    "context DEVICE\n"
		    "  thread M: l 02 need_return 0 tr 0\n" MANAGER_NODE
		    "ls 1 lw 1 is 0 iw 0 tr 1\n"
		    "  ref #: desc 1 node # s 1 w 0 d no\n");
}

TEST("17.2", reference_to_the_manager_with_a_death_request)
{
	begin();
	bc_u32(client, BC_ACQUIRE, 0);
	bc_u32(client, BC_INCREFS, 0);
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, 0, 7);
	expect_write(client);
	need(view_has("state", "  ref #: desc 0 node # s 1 w 1 d yes"));
	need(view_has("state", MANAGER_NODE "ls 1 lw 1 is 1 iw 1 tr 1 proc C"));
}

TEST("17.2", news_of_an_object_are_work_of_the_thread)
{
	begin();
	bc_call(client, 0, 1, TF_ONE_WAY, payload_object(local_object(BINDER_TYPE_BINDER, 16, 17)));
	expect_write(client);
	view_expect(
		"state",
		"proc C\n"
		"context DEVICE\n"
		"  thread C: l 02 need_return 0 tr 0\n"
		"    node work #: u0000000000000010 c0000000000000011\n"
		"    transaction complete\n"
		"  node #: u0000000000000010 c0000000000000011 hs 0 hw 0 ls 0 lw 0 is 1 iw 1 "
		"tr 1 proc M\n"
		"proc M\n"
		"context DEVICE\n"
		"  thread M: l 02 need_return 0 tr 0\n" MANAGER_NODE "ls 2 lw 1 is 0 iw 0 tr 1\n"
		"  ref #: desc 1 node # s 1 w 0 d no\n"
		"  buffer #: size 24:8:0 active\n"
		"  pending transaction #: from - to M:0 code 1 flags 1 pri NICE a1 r0 node # size "
		"24:8\n");
}

TEST("17.2", dead_object_and_what_is_told_of_it)
{
	begin_with_server();
	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, 7);
	bc_handle_cookie(manager, BC_REQUEST_DEATH_NOTIFICATION, 1, 8);
	expect_write(client);
	expect_write(manager);
	process_ends(server);
	expect_read(client, "NOOP DEAD_BINDER");
	view_expect("state",
		    "  node #: u0000000000001000 c0000000000001001 hs 1 hw 1 ls 0 lw 0 is 2 iw 2 "
		    "tr 1 proc C M\n"
		    "proc C\n"
		    "context DEVICE\n"
		    "  thread C: l 02 need_return 0 tr 0\n"
		    "  ref #: desc 1 dead node # s 1 w 0 d yes\n"
		    "  has delivered dead binder\n"
		    "proc M\n"
		    "context DEVICE\n"
		    "  thread M: l 02 need_return 0 tr 0\n" MANAGER_NODE
		    "ls 1 lw 1 is 0 iw 0 tr 1\n"
		    "  ref #: desc 1 dead node # s 1 w 0 d yes\n"
		    "  has dead binder\n");
	bc_handle_cookie(client, BC_CLEAR_DEATH_NOTIFICATION, handle, 7);
	bc_handle_cookie(manager, BC_CLEAR_DEATH_NOTIFICATION, 1, 8);
	expect_write(client);
	expect_write(manager);
	bc_u64(client, BC_DEAD_BINDER_DONE, 7);
	expect_write(client);
	view_expect("transactions", "proc C\n"
				    "context DEVICE\n"
				    "  thread C: l 02 need_return 0 tr 0\n"
				    "    has cleared death notification\n"
				    "proc M\n"
				    "context DEVICE\n"
				    "  has cleared dead binder\n");
}

TEST("17.2", frozen_object_and_what_is_told_of_it)
{
	begin_with_server();
	need_freeze_notifications();
	bc_handle_cookie(client, NEW_BC_REQUEST_FREEZE_NOTIFICATION, handle, 7);
	expect_write(client);
	need(view_has("transactions", "  has frozen binder"));
	expect_read(client, "NOOP FROZEN_BINDER");
	need(view_has("state", "  has delivered freeze binder"));
	bc_u64(client, NEW_BC_FREEZE_NOTIFICATION_DONE, 7);
	bc_handle_cookie(client, NEW_BC_CLEAR_FREEZE_NOTIFICATION, handle, 7);
	expect_write(client);
	view_expect("transactions", "proc C\n"
				    "context DEVICE\n"
				    "  has cleared freeze notification\n");
}

TEST("17.2", failed_call_is_an_error_of_the_thread)
{
	begin();
	bc_call(client, 9, 1, 0, NULL);
	expect_write(client);
	view_expect("transactions", "proc C\n"
				    "context DEVICE\n"
				    "  thread C: l 02 need_return 0 tr 0\n"
				    "    transaction error: 29201\n");
}

/* ---- stats ------------------------------------------------------------------------------------ */

TEST("17.2", stats_of_each_process)
{
	uint32_t most = 3;

	begin();
	bc_u32(client, BC_ACQUIRE, 0);
	bc_u32(client, BC_ACQUIRE, 0);
	bc_u32(client, BC_INCREFS, 0);
	expect_write(client);
	expect_oneway(client, 0, payload_bytes(5000));
	expect_oneway(client, 0, NULL);
	send_call(client, 0, 0, NULL);
	/* Not before: it would be asked for threads. */
	is(actor_ioctl_value(client, BINDER_SET_MAX_THREADS, most), 0);
	view_expect("stats", "proc C\n"
			     "context DEVICE\n"
			     "  requested threads: 0+0/3\n"
			     "  ready threads 0\n"
			     "  free async space 65536\n"
			     "  nodes: 0\n"
			     "  refs: 1 s 2 w 1\n"
			     "  buffers: 0\n"
			     "  pages: 0:0:32\n"
			     "  pages high watermark: 0\n"
			     "  pending transactions: 0\n"
			     "  BC_TRANSACTION: 3\n"
			     "  BC_INCREFS: 1\n"
			     "  BC_ACQUIRE: 2\n"
			     "  BC_ENTER_LOOPER: 1\n"
			     "  BR_TRANSACTION_COMPLETE: 2\n"
			     "proc M\n"
			     "context DEVICE\n"
			     "  requested threads: 0+0/0\n"
			     "  ready threads 0\n"
			     "  free async space 60528\n"
			     "  nodes: 1\n"
			     "  refs: 0 s 0 w 0\n"
			     "  buffers: 3\n"
			     "  pages: 2:0:30\n"
			     "  pages high watermark: 2\n"
			     "  pending transactions: 2\n"
			     "  BC_ENTER_LOOPER: 1\n");
}

TEST("17.2", pages_that_were_used_are_not_free)
{
	begin();
	expect_oneway(client, 0, payload_bytes(9000));
	expect_read(manager, "NOOP TRANSACTION");
	need(view_has("stats", "  pages: 3:0:29"));
	free_buffer(manager);
	need(view_has("stats", "  pages: 0:3:29"));
	need(view_has("stats", "  pages high watermark: 3"));
}

TEST("17.2", totals_count_the_calls_of_all)
{
	long calls, transactions;

	begin();
	calls = view_total("stats", "BC_TRANSACTION: ");
	transactions = view_total("stats", "transaction: active ");
	send_call(client, 0, 0, NULL);
	is(view_total("stats", "transaction: active "), transactions + 1);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	reply_with(manager, 0, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	is(view_total("stats", "BC_TRANSACTION: "), calls + 1);
	is(view_total("stats", "transaction: active "), transactions);
	need(view_total("stats", "proc: active ") >= 2);
	need(view_total("stats", "thread: active ") >= 2);
	need(view_total("stats", "node: active ") >= 1);
}

/* ---- logs --------------------------------------------------------------------------------------- */

TEST("17.2", log_of_calls_oneways_and_replies)
{
	begin();
	bc_call(client, 0, 1, 0, payload_text("hello"));
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	free_buffer(manager);
	reply_with(manager, 0, payload_text("to you too"));
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	expect_oneway(client, 0, NULL);
	view_expect("log",
		    "#: call from C:C to M:0 context DEVICE node # handle 0 size 6:0 ret 0/0 l=#\n"
		    "#: reply from M:M to C:C context DEVICE node # handle 0 size 11:0 ret 0/0 "
		    "l=#\n"
		    "#: async from C:C to M:0 context DEVICE node # handle 0 size 0:0 ret 0/0 "
		    "l=#\n");
	view_expect("log --failed", "");
}

TEST("17.2", log_of_what_failed)
{
	begin();
	expect_call(client, 9, 0, NULL, "NOOP FAILED_REPLY");
	expect_call(client, 0, 0, payload_bytes(256 * 1024), "NOOP FAILED_REPLY");
	view_expect("log --failed",
		    "#: call from C:C to 0:0 context DEVICE node # handle 9 size 0:0 ret "
		    "29201/-22 l=#\n"
		    "#: call from C:C to M:0 context DEVICE node # handle 0 size 262144:0 ret "
		    "29201/-28 l=#\n");
}
