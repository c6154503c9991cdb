/* SPDX-License-Identifier: MIT */
/*
 * model_test.c: the model of a device's state, from the texts of drivers of several versions.
 */
#include "model_test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/state/line.h"
#include "cli/state/model.h"

static struct state *read_text(const char *text)
{
	struct state *state;

	ck_assert_int_eq(state_new(&state), 0);
	ck_assert_int_eq(state_read(state, text, false), 0);
	return state;
}

static const struct state_process *process_of(const struct state *state, int pid)
{
	int at = state_find_process(state, 0, pid);

	ck_assert_int_ne(at, STATE_NONE);
	return &state->process[at];
}

#define CALL "transaction 44: 0000000000000000 from 71:72 to 77:78 code 3 flags 10 pri 0 a0 r0"

static const char state_text[] = "binder state:\n"
				 "dead nodes:\n"
				 "  node 8: u01 c02 hs 1 hw 1 ls 0 lw 0 is 1 iw 1 tr 1 proc 71\n"
				 "proc 71\n"
				 "context binder\n"
				 "  thread 72: l 00 need_return 0 tr 0\n"
				 "    outgoing " CALL " elapsed 1500ms\n"
				 "  ref 5: desc 1 node 25 s 1 w 1 d 0000000000000005\n"
				 "  ref 6: desc 2 dead node 8 s 1 w 1 d 0\n"
				 "proc 77\n"
				 "context binder\n"
				 "  thread 78: l 11 need_return 0 tr 0\n"
				 "    incoming " CALL " elapsed 1500ms node 25 size 12:0 offset 0\n"
				 "  thread 79: l 12 need_return 0 tr 0\n"
				 "  node 25: u01 c02 hs 1 hw 1 ls 0 lw 0 is 1 iw 1 tr 1 proc 71\n"
				 "  buffer 44: 0 size 12:0:4 active\n"
				 "  pending " CALL " node 25 size 4:0 offset 20\n";

START_TEST(things_belong_to_their_process)
{
	struct state *state = read_text(state_text);
	const struct state_process *caller = process_of(state, 71), *server = process_of(state, 77);
	int thread = state_find_thread(state, state_find_process(state, 0, 77), 78);
	int node = state_find_node(state, 0, 25);

	ck_assert_int_eq(state->process_count, 2);
	ck_assert_int_eq(caller->ref_count, 2);
	ck_assert_int_eq(caller->node_count, 0);
	ck_assert_int_eq(server->thread_count, 2);
	ck_assert_int_eq(server->node_count, 1);
	ck_assert_int_eq(server->buffer_bytes, 16);
	ck_assert_int_eq(server->queue, 1);
	ck_assert_int_ne(node, STATE_NONE);
	ck_assert_int_eq(state->node[node].process, state_find_process(state, 0, 77));
	ck_assert(state->ref[0].death && !state->ref[1].death && state->ref[1].dead);
	ck_assert_int_ne(thread, STATE_NONE);
	ck_assert(state_serves(&state->thread[thread]));
	ck_assert_int_eq(state->transaction[state_top(state, &state->thread[thread])].kind,
			 STATE_INCOMING);
	state_free(state);
}
END_TEST

START_TEST(dead_nodes_belong_to_nobody)
{
	struct state *state = read_text(state_text);

	ck_assert_int_eq(state->node_count, 2);
	ck_assert_int_eq(state->node[0].process, STATE_NONE);
	state_free(state);
}
END_TEST

START_TEST(second_view_of_a_process_does_not_count_twice)
{
	struct state *state = read_text(state_text);

	ck_assert_int_eq(state_read(state, state_text, false), 0);
	ck_assert_int_eq(state->process_count, 2);
	ck_assert_int_eq(process_of(state, 77)->thread_count, 2);
	ck_assert_int_eq(process_of(state, 77)->node_count, 1);
	ck_assert_int_eq(process_of(state, 77)->buffer_bytes, 16);
	ck_assert_int_eq(process_of(state, 77)->queue, 1);
	ck_assert_int_eq(process_of(state, 71)->ref_count, 2);
	ck_assert_int_eq(state->transaction_count, 3);
	state_free(state);
}
END_TEST

START_TEST(known_devices_can_be_passed_over)
{
	struct state *state = read_text(state_text);

	ck_assert_int_eq(state_read(state,
				    "binder state:\nproc 5\ncontext binder\n  thread 5: l 00\n"
				    "proc 5\ncontext hwbinder\n  thread 5: l 00\n",
				    true),
			 0);
	ck_assert_int_eq(state->process_count, 3);
	ck_assert_int_eq(state_find_process(state, 0, 5), STATE_NONE);
	ck_assert_int_ne(state_find_process(state, state_find_context(state, "hwbinder"), 5),
			 STATE_NONE);
	state_free(state);
}
END_TEST

/* Before 4.14 there was one device, and no line of it. */
START_TEST(old_kernels_have_one_device)
{
	struct state *state = read_text(
		"binder state:\nproc 435\n  thread 435: l 12\n"
		"    outgoing transaction 5: ffffffc011112222 from 435:435 to 600:601 code 3 flags 10 "
		"pri -10 r1\n"
		"  ref 77: desc 3 node 9 s 1 w 1 d           (null)\n");

	ck_assert_int_eq(process_of(state, 435)->ref_count, 1);
	ck_assert_int_eq(state->transaction[0].to_tid, 601);
	ck_assert_int_eq(state->transaction[0].elapsed_ms, STATE_NONE);
	ck_assert(!state->ref[0].death);
	state_free(state);
}
END_TEST

/* The driver in Rust ends no line behind a reference. */
START_TEST(references_of_the_driver_in_rust_share_a_line)
{
	struct state *state = read_text(
		"binder state:\nproc 92\ncontext binder\n"
		"  thread 96: l 32 need_return false\n"
		"    outgoing transaction 44: from 90:90 to 77 code 5f4e5446 flags 10 elapsed 1425ms "
		"node 25 size 0:0\n"
		"  node 6: u0001 c0002 hs true hw true cs 1 cw 0 proc 92 71\n"
		"    pending async transaction 45: from 90:90 to 77 code 1 flags 1 elapsed 3ms node 6 "
		"size 0:0\n"
		"  ref 5: desc 1 node 4 s 1 w 0  ref 11: desc 2 dead node 10 s 1 w 0  "
		"pending transaction 16: from 73:73 to 75 code 1 flags 10 elapsed 6349ms node 8 "
		"size 132:8\n"
		"  buffer 0: 0 size 8 pid 90 oneway false reserved\n"
		"  buffer: 8 size 24 pid 90 oneway allocated\n\n");
	const struct state_process *process = process_of(state, 92);

	ck_assert_int_eq(process->ref_count, 2);
	ck_assert(state->ref[1].dead);
	ck_assert_int_eq(process->queue, 1);
	ck_assert_int_eq(process->oneway_queue, 1);
	ck_assert_int_eq(process->node_count, 1);
	ck_assert_int_eq(process->buffer_bytes, 32);
	ck_assert_int_eq(state->transaction[0].to_pid, 77);
	ck_assert_int_eq(state->transaction[0].to_tid, 0);
	state_free(state);
}
END_TEST

START_TEST(counts_of_both_drivers)
{
	struct state *state = read_text("binder stats:\nproc 5\ncontext binder\n  threads: 3\n"
					"  requested threads: 0+2/15\n  ready threads 1\n"
					"  free async space 520192\n  nodes: 7\n"
					"  refs: 8 s 8 w 8\n  buffers: 2\n"
					"proc 6\ncontext binder\n  threads: 4\n"
					"  requested threads: 1+0/3\n"
					"  free oneway space: 100\n  nodes: 1\n  refs: 2\n");

	ck_assert_int_eq(process_of(state, 5)->max_threads, 15);
	ck_assert_int_eq(process_of(state, 5)->ready_threads, 1);
	ck_assert_int_eq(process_of(state, 5)->free_oneway, 520192);
	ck_assert_int_eq(process_of(state, 5)->refs, 8);
	ck_assert_int_eq(process_of(state, 6)->free_oneway, 100);
	ck_assert_int_eq(process_of(state, 6)->ready_threads, STATE_NONE);
	ck_assert_int_eq(process_of(state, 6)->refs, 2);
	state_free(state);
}
END_TEST

START_TEST(text_without_a_state_is_refused)
{
	struct state *state;

	ck_assert_int_eq(state_new(&state), 0);
	ck_assert_int_eq(state_read(state, "root:x:0:0\n  ref 3: desc 1 node 1 s 1 w 1 d 0\n",
				    false),
			 -ENOENT);
	ck_assert_int_eq(state->ref_count, 0);
	state_free(state);
}
END_TEST

/* Every beginning of a text, as of a file that was cut. */
START_TEST(text_that_ends_early_harms_nobody_here)
{
	for (size_t size = 0; size < sizeof(state_text); size++) {
		char *part = strndup(state_text, size);
		struct state *state;

		ck_assert_int_eq(state_new(&state), 0);
		state_read(state, part, false);
		state_free(state);
		free(part);
	}
}
END_TEST

TCase *model_case(void)
{
	TCase *tc = tcase_create("model");

	tcase_add_test(tc, things_belong_to_their_process);
	tcase_add_test(tc, dead_nodes_belong_to_nobody);
	tcase_add_test(tc, second_view_of_a_process_does_not_count_twice);
	tcase_add_test(tc, known_devices_can_be_passed_over);
	tcase_add_test(tc, old_kernels_have_one_device);
	tcase_add_test(tc, references_of_the_driver_in_rust_share_a_line);
	tcase_add_test(tc, counts_of_both_drivers);
	tcase_add_test(tc, text_without_a_state_is_refused);
	tcase_add_test(tc, text_that_ends_early_harms_nobody_here);
	return tc;
}
