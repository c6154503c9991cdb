/* SPDX-License-Identifier: MIT */
/*
 * stats.c: the view "stats", to the letter, and who is counted in it (17.2).
 */
#include <stdio.h>

#include "suites.h"
#include "view.h"

static bool has_line(const char *text, const char *line)
{
	size_t size = strlen(line);

	for (; text; text = strchr(text, '\n'), text = text ? text + 1 : NULL)
		if (!strncmp(text, line, size) && text[size] == '\n')
			return true;
	return false;
}

/* The part before the first process. */
static const char *totals(u32 euid)
{
	static char text[4096];
	const char *whole = view_as(BINDER_VIEW_STATS, euid);
	const char *end = strstr(whole, "\nproc ");

	snprintf(text, sizeof(text), "%.*s\n", end ? (int)(end - whole) : (int)strlen(whole),
		 whole);
	return text;
}

START_TEST(totals_and_processes_are_counted)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = fetch_from(client, server, 0x1000);

	bc_handle_cookie(client, BC_REQUEST_DEATH_NOTIFICATION, handle, 0x77);
	bc_call(client, handle, 1, 0, NULL);
	expect_write(client);
	expect_view(BINDER_VIEW_STATS, 0,
		    "binder stats:\n"
		    "BC_TRANSACTION: 3\nBC_REPLY: 1\nBC_FREE_BUFFER: 3\nBC_ACQUIRE: 2\n"
		    "BC_INCREFS_DONE: 1\nBC_ACQUIRE_DONE: 1\nBC_ENTER_LOOPER: 3\n"
		    "BC_REQUEST_DEATH_NOTIFICATION: 1\n"
		    "BR_TRANSACTION: 2\nBR_REPLY: 1\nBR_TRANSACTION_COMPLETE: 3\nBR_INCREFS: 1\n"
		    "BR_ACQUIRE: 1\n"
		    "proc: active 3 total 3\nthread: active 3 total 3\nnode: active 2 total 2\n"
		    "ref: active 2 total 2\ndeath: active 1 total 1\n"
		    "transaction: active 1 total 4\ntransaction_complete: active 1 total 4\n"
		    "proc 302\ncontext test\n"
		    "  threads: 1\n  requested threads: 0+0/0\n  ready threads 0\n"
		    "  free async space 65536\n  nodes: 1\n  refs: 0 s 0 w 0\n  buffers: 1\n"
		    "  pages: 1:0:31\n  pages high watermark: 1\n  pending transactions: 1\n"
		    "  BC_TRANSACTION: 1\n  BC_INCREFS_DONE: 1\n  BC_ACQUIRE_DONE: 1\n"
		    "  BC_ENTER_LOOPER: 1\n  BR_TRANSACTION_COMPLETE: 1\n  BR_INCREFS: 1\n"
		    "  BR_ACQUIRE: 1\n"
		    "proc 201\ncontext test\n"
		    "  threads: 1\n  requested threads: 0+0/0\n  ready threads 0\n"
		    "  free async space 65536\n  nodes: 0\n  refs: 1 s 1 w 0\n  buffers: 0\n"
		    "  pages: 0:1:31\n  pages high watermark: 1\n  pending transactions: 0\n"
		    "  BC_TRANSACTION: 2\n  BC_FREE_BUFFER: 1\n  BC_ACQUIRE: 1\n"
		    "  BC_ENTER_LOOPER: 1\n  BC_REQUEST_DEATH_NOTIFICATION: 1\n"
		    "  BR_REPLY: 1\n  BR_TRANSACTION_COMPLETE: 1\n"
		    "proc 100\ncontext test\n"
		    "  threads: 1\n  requested threads: 0+0/0\n  ready threads 0\n"
		    "  free async space 65536\n  nodes: 1\n  refs: 1 s 1 w 0\n  buffers: 0\n"
		    "  pages: 0:1:31\n  pages high watermark: 1\n  pending transactions: 0\n"
		    "  BC_REPLY: 1\n  BC_FREE_BUFFER: 2\n  BC_ACQUIRE: 1\n  BC_ENTER_LOOPER: 1\n"
		    "  BR_TRANSACTION: 2\n  BR_TRANSACTION_COMPLETE: 1\n");
}
END_TEST

START_TEST(threads_that_wait_are_ready)
{
	expect_read(client, "");
	ck_assert(has_line(view_as(BINDER_VIEW_STATS, 1), "  ready threads 1"));
	give_up_waiting(client);
	ck_assert(has_line(view_as(BINDER_VIEW_STATS, 1), "  ready threads 0"));
}
END_TEST

START_TEST(threads_that_are_asked_for_are_shown)
{
	u32 max = 4;

	binder_thread_ioctl(client->thread, BINDER_SET_MAX_THREADS, (uintptr_t)&max);
	expect_call(client, 0, TF_ONE_WAY, NULL, "SPAWN_LOOPER TRANSACTION_COMPLETE");
	ck_assert(has_line(view_as(BINDER_VIEW_STATS, 1), "  requested threads: 1+0/4"));
	ck_assert(has_line(view_as(BINDER_VIEW_STATS, 1), "  BR_SPAWN_LOOPER: 1"));
}
END_TEST

START_TEST(threads_that_ended_are_counted_with_their_process)
{
	struct thread *second = thread_new(client->process, 202);

	expect_call(second, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	thread_exit(second);
	ck_assert(has_line(totals(1), "BC_TRANSACTION: 1"));
	ck_assert(has_line(totals(1), "thread: active 1 total 2"));
}
END_TEST

START_TEST(processes_that_ended_are_counted_for_root_alone)
{
	struct thread *server = looper_new(world, 302);

	expect_call(server, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	ck_assert(has_line(totals(2), "BC_TRANSACTION: 1"));
	process_close(server->process);
	ck_assert(has_line(totals(0), "BC_TRANSACTION: 1"));
	ck_assert(has_line(totals(0), "proc: active 2 total 3"));
	ck_assert_str_eq(totals(2), "binder stats:\n\n");
}
END_TEST

START_TEST(user_is_told_of_that_user_only)
{
	struct thread *server = looper_new(world, 302);

	fetch_from(client, server, 0x1000);
	ck_assert(has_line(totals(1), "proc: active 1 total 1"));
	ck_assert(has_line(totals(1), "ref: active 1 total 1"));
	ck_assert(!has_line(totals(1), "node: active 1 total 1"));
	ck_assert_ptr_null(strstr(view_as(BINDER_VIEW_STATS, 1), "proc 302"));
}
END_TEST

START_TEST(dead_nodes_are_active)
{
	struct thread *server = looper_new(world, 302);

	fetch_from(client, server, 0x1000);
	process_close(server->process);
	ck_assert(has_line(totals(0), "node: active 2 total 2"));
	ck_assert(has_line(totals(2), "node: active 1 total 0"));
}
END_TEST

static void nothing(void) {}

START_TEST(pieces_make_up_the_whole)
{
	struct thread *server = looper_new(world, 302);
	char *whole;

	for (u64 ptr = 0x2000; ptr < 0x2400; ptr += 16)
		fetch_from(client, server, ptr);
	for (s32 pid = 400; pid < 420; pid++)
		looper_new(world, pid);
	whole = strdup(view_as(BINDER_VIEW_STATS, 0));
	ck_assert_str_eq(view_in_pieces(BINDER_VIEW_STATS, 0, nothing), whole);
	free(whole);
}
END_TEST

SCENE_SUITE(stats, totals_and_processes_are_counted, threads_that_wait_are_ready,
	    threads_that_are_asked_for_are_shown, threads_that_ended_are_counted_with_their_process,
	    processes_that_ended_are_counted_for_root_alone, user_is_told_of_that_user_only,
	    dead_nodes_are_active, pieces_make_up_the_whole)
