/* SPDX-License-Identifier: MIT */
/*
 * state_test.c: JSON from the texts of drivers, of several versions and of none.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cli/state/state.h"
#include "model_test.h"

/* The JSON of a text is this one. */
static void expect_json(const char *view, const char *text, const char *expected)
{
	json_t *document = state_to_json(view, text);
	json_t *wanted = json_loads(expected, JSON_DECODE_ANY, NULL);
	char *got = json_dumps(document, JSON_INDENT(1));

	ck_assert_ptr_nonnull(document);
	ck_assert_ptr_nonnull(wanted);
	ck_assert_msg(json_equal(document, wanted), "got %s", got);
	free(got);
	json_decref(wanted);
	json_decref(document);
}

/* One line of a process's part in the state. */
static void expect_line(const char *line, const char *list, const char *expected)
{
	char text[512], whole[1024];

	snprintf(text, sizeof(text), "binder state:\nproc 5\ncontext binder\n%s\n", line);
	snprintf(whole, sizeof(whole),
		 "{\"view\":\"state\",\"processes\":[{\"pid\":5,\"context\":\"binder\","
		 "\"%s\":[%s]}]}",
		 list, expected);
	expect_json("state", text, whole);
}

START_TEST(empty_text_is_an_empty_list)
{
	expect_json("state", "binder state:\n", "{\"view\":\"state\",\"processes\":[]}");
	expect_json("transaction_log", "", "{\"view\":\"transaction_log\",\"entries\":[]}");
}
END_TEST

#define TRANSACTION_JSON(kind, more) \
	"{\"kind\":\"" kind "\",\"id\":7,\"object\":\"0xab\",\"from_pid\":1,\"from_tid\":2," \
	"\"to_pid\":3,\"to_tid\":0,\"code\":42,\"flags\":16" more "}"

START_TEST(transaction_of_every_version)
{
	/* 6.12; 6.1; 6.18; Android's. */
	expect_line("  pending transaction 7: 00000000000000ab from 1:2 to 3:0 code 2a flags 10 "
		    "pri 0 r1 elapsed 1500ms node 9 size 12:8 offset 80",
		    "transactions",
		    TRANSACTION_JSON("pending",
				     ",\"priority\":\"0\",\"need_reply\":true,\"elapsed_ms\":1500,"
				     "\"node\":9,\"data_size\":12,\"offsets_size\":8,"
				     "\"offset\":128,\"oneway\":false,\"is_reply\":false"));
	expect_line("  pending transaction 7: 00000000000000ab from 1:2 to 3:0 code 2a flags 10 "
		    "pri 0 r0 node 9 size 12:8 data 00000000cafe0000",
		    "transactions",
		    TRANSACTION_JSON("pending",
				     ",\"priority\":\"0\",\"need_reply\":false,\"node\":9,"
				     "\"data_size\":12,\"offsets_size\":8,"
				     "\"data\":\"0xcafe0000\",\"oneway\":false,"
				     "\"is_reply\":true"));
	expect_line("  pending transaction 7: 00000000000000ab from 1:2 to 3:0 code 2a flags 11 "
		    "pri 0 r0",
		    "transactions",
		    "{\"kind\":\"pending\",\"id\":7,\"object\":\"0xab\",\"from_pid\":1,"
		    "\"from_tid\":2,\"to_pid\":3,\"to_tid\":0,\"code\":42,\"flags\":17,"
		    "\"priority\":\"0\",\"need_reply\":false,\"oneway\":true,"
		    "\"is_reply\":false}");
	expect_line("  pending transaction 7: 00000000000000ab from 1:2 to 3:0 code 2a flags 10 "
		    "pri 0 a1 r0 elapsed 3ms buffer free",
		    "transactions",
		    TRANSACTION_JSON("pending",
				     ",\"priority\":\"0\",\"oneway\":true,\"is_reply\":false,"
				     "\"elapsed_ms\":3,\"freed\":true,\"need_reply\":false"));
	expect_line("  pending transaction 7: 00000000000000ab from 1:2 to 3:0 code 2a flags 10 "
		    "pri 0 a0 r1",
		    "transactions",
		    TRANSACTION_JSON("pending", ",\"priority\":\"0\",\"oneway\":false,"
						"\"is_reply\":true,\"need_reply\":false"));
	expect_line("  pending transaction 7: 00000000000000ab from 1:2 to 3:0 code 2a flags 10 "
		    "pri 0 a0 r0",
		    "transactions",
		    TRANSACTION_JSON("pending", ",\"priority\":\"0\",\"oneway\":false,"
						"\"is_reply\":false,\"need_reply\":true"));
	expect_line("  pending transaction 7: 00000000000000ab from 1:2 to 3:0 code 2a flags 10 "
		    "pri 0:120 r1",
		    "transactions",
		    TRANSACTION_JSON("pending", ",\"priority\":\"0:120\",\"need_reply\":true,"
						"\"oneway\":false,\"is_reply\":false"));
}
END_TEST

START_TEST(reference_to_the_living_and_the_dead)
{
	expect_line("  ref 8: desc 1 node 7 s 1 w 2 d 0000000000000000", "refs",
		    "{\"id\":8,\"handle\":1,\"dead\":false,\"node\":7,\"strong\":1,\"weak\":2,"
		    "\"death\":false}");
	expect_line("  ref 8: desc 1 dead node 7 s 1 w 2 d 00000000deadbeef", "refs",
		    "{\"id\":8,\"handle\":1,\"dead\":true,\"node\":7,\"strong\":1,\"weak\":2,"
		    "\"death\":true}");
	expect_line("  ref 8: desc 1 node 7 s 1 w 2 d (____ptrval____)", "refs",
		    "{\"id\":8,\"handle\":1,\"dead\":false,\"node\":7,\"strong\":1,\"weak\":2,"
		    "\"death\":true}");
}
END_TEST

START_TEST(node_with_and_without_holders)
{
#define NODE_JSON(more) \
	"{\"id\":1,\"ptr\":\"0x10\",\"cookie\":\"0x20\",\"has_strong\":true,\"has_weak\":true," \
	"\"local_strong\":1,\"local_weak\":2,\"internal_strong\":3,\"internal_weak\":4," \
	"\"tmp_refs\":1" more "}"
	expect_line("  node 1: u0000000000000010 c0000000000000020 hs 1 hw 1 ls 1 lw 2 is 3 iw 4 "
		    "tr 1",
		    "nodes", NODE_JSON(""));
	expect_line("  node 1: u0000000000000010 c0000000000000020 hs 1 hw 1 ls 1 lw 2 is 3 iw 4 "
		    "tr 1 proc 12 13 14",
		    "nodes", NODE_JSON(",\"holders\":[12,13,14]"));
	expect_line("  node 1: u0000000000000010 c0000000000000020 pri 0:120 hs 1 hw 1 ls 1 lw 2 "
		    "is 3 iw 4 tr 1 proc 12",
		    "nodes", NODE_JSON(",\"priority\":\"0:120\",\"holders\":[12]"));
}
END_TEST

START_TEST(what_is_indented_belongs_to_what_is_above)
{
	expect_json("state",
		    "binder state:\n"
		    "dead nodes:\n"
		    "  node 9: u0 c0 hs 0 hw 0 ls 0 lw 0 is 0 iw 0 tr 0\n"
		    "proc 5\ncontext vnd binder\n"
		    "  thread 6: l 12 need_return 0 tr 0\n"
		    "    transaction error: 29189\n"
		    "    has dead binder\n"
		    "  has delivered dead binder\n"
		    "  buffer 3: 88 size 1:2:3 active\n"
		    "proc 7\ncontext binder\n",
		    "{\"view\":\"state\",\"dead_nodes\":[{\"id\":9,\"ptr\":\"0x0\",\"cookie\":"
		    "\"0x0\",\"has_strong\":false,\"has_weak\":false,\"local_strong\":0,"
		    "\"local_weak\":0,\"internal_strong\":0,\"internal_weak\":0,\"tmp_refs\":0}],"
		    "\"processes\":[{\"pid\":5,\"context\":\"vnd binder\",\"threads\":[{\"tid\":6,"
		    "\"looper\":18,\"need_return\":false,\"tmp_refs\":0,\"work\":[{\"kind\":"
		    "\"transaction error\",\"error\":29189},{\"kind\":\"dead binder\"}]}],"
		    "\"work\":[{\"kind\":\"delivered dead binder\"}],\"buffers\":[{\"id\":3,"
		    "\"offset\":\"0x88\",\"data_size\":1,\"offsets_size\":2,\"extra_size\":3,"
		    "\"state\":\"active\"}]},{\"pid\":7,\"context\":\"binder\"}]}");
}
END_TEST

START_TEST(counts_are_members_of_the_totals_or_of_a_process)
{
	expect_json(
		"stats",
		"binder stats:\nBC_TRANSACTION: 3\nBR_NOOP: 4\nproc: active 1 total 2\n"
		"proc 5\ncontext binder\n  threads: 2\n  requested threads: 0+1/15\n"
		"  ready threads 1\n  pages: 1:2:3\n  BC_REPLY: 9\n",
		"{\"view\":\"stats\",\"totals\":{\"commands\":{\"BC_TRANSACTION\":3},"
		"\"returns\":{\"BR_NOOP\":4},\"objects\":{\"proc\":{\"active\":1,\"total\":2}}},"
		"\"processes\":[{\"pid\":5,\"context\":\"binder\",\"threads\":2,"
		"\"requested_threads\":0,\"started_threads\":1,\"max_threads\":15,"
		"\"ready_threads\":1,\"pages_active\":1,\"pages_lru\":2,\"pages_free\":3,"
		"\"commands\":{\"BC_REPLY\":9}}]}");
}
END_TEST

START_TEST(log_lines_complete_or_not)
{
#define LOG_JSON(kind, complete) \
	"{\"id\":4,\"kind\":\"" kind "\",\"from_pid\":1,\"from_tid\":2,\"to_pid\":3,\"to_tid\":0," \
	"\"context\":\"binder\",\"node\":5,\"handle\":6,\"data_size\":7,\"offsets_size\":8," \
	"\"return\":29201,\"param\":-28,\"line\":99,\"complete\":" complete "}"
	expect_json("transaction_log",
		    "4: call  from 1:2 to 3:0 context binder node 5 handle 6 size 7:8 ret "
		    "29201/-28 l=99\n"
		    "4: async from 1:2 to 3:0 context binder node 5 handle 6 size 7:8 ret "
		    "29201/-28 l=99 (incomplete)\n",
		    "{\"view\":\"transaction_log\",\"entries\":[" LOG_JSON(
			    "call", "true") "," LOG_JSON("async", "false") "]}");
}
END_TEST

START_TEST(unknown_lines_are_kept)
{
	expect_line("  a line of the future: 7", "other",
		    "{\"text\":\"  a line of the future: 7\"}");
	/* What only looks like a number, and what is none any more. */
	expect_line("  nodes: -", "other", "{\"text\":\"  nodes: -\"}");
	expect_line("  nodes: 99999999999999999999", "other",
		    "{\"text\":\"  nodes: 99999999999999999999\"}");
	expect_line("  threads: 1 ", "other", "{\"text\":\"  threads: 1 \"}");
	expect_json("state", "nonsense\n",
		    "{\"view\":\"state\",\"processes\":[],\"other\":[{\"text\":\"nonsense\"}]}");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_replaced)
{
	expect_line("  \xff\x01", "other", "{\"text\":\"  ??\"}");
}
END_TEST

START_TEST(line_that_ends_early_harms_nobody)
{
	static const char line[] =
		"  pending transaction 7: 00ab from 1:2 to 3:0 code 2a flags 10 pri 0 r1 elapsed "
		"1500ms node 9 size 12:8 offset 80";

	for (size_t size = 0; size < sizeof(line); size++) {
		char *part = strndup(line, size); /* for sanitizers: it really ends there */

		json_decref(state_to_json("state", part));
		free(part);
	}
}
END_TEST

START_TEST(lines_of_the_driver_in_rust)
{
	expect_json("state",
		    "binder state:\nproc 5\ncontext binder\n"
		    "  thread 6: l 32 need_return false\n"
		    "    outgoing transaction 7: from 5:6 to 77 code 1 flags 11 elapsed 3ms node 2 "
		    "size 0:0\n"
		    "  node 8: u0ab c0cd hs true hw false cs 1 cw 0 proc 92\n"
		    "  ref 5: desc 1 node 4 s 1 w 0  ref 11: desc 2 dead node 10 s 1 w 0\n"
		    "  buffer: 8 size 24 pid 90 oneway reserved\n\n",
		    "{\"view\":\"state\",\"processes\":[{\"pid\":5,\"context\":\"binder\","
		    "\"threads\":[{\"tid\":6,\"looper\":50,\"need_return\":false,"
		    "\"transactions\":[{\"kind\":\"outgoing\",\"id\":7,\"from_pid\":5,"
		    "\"from_tid\":6,\"to_pid\":77,\"code\":1,\"flags\":17,\"elapsed_ms\":3,"
		    "\"node\":2,\"data_size\":0,\"offsets_size\":0,\"oneway\":true}]}],"
		    "\"nodes\":[{\"id\":8,\"ptr\":\"0xab\",\"cookie\":\"0xcd\","
		    "\"has_strong\":true,\"has_weak\":false,\"strong\":1,\"weak\":0,"
		    "\"holders\":[92]}],"
		    "\"refs\":[{\"id\":5,\"handle\":1,\"dead\":false,\"node\":4,\"strong\":1,"
		    "\"weak\":0},{\"id\":11,\"handle\":2,\"dead\":true,\"node\":10,"
		    "\"strong\":1,\"weak\":0}],"
		    "\"buffers\":[{\"offset\":8,\"data_size\":24,\"sender\":90,"
		    "\"oneway\":true,\"state\":\"reserved\"}]}]}");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cli");
	TCase *tc = tcase_create("state");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tc, empty_text_is_an_empty_list);
	tcase_add_test(tc, transaction_of_every_version);
	tcase_add_test(tc, reference_to_the_living_and_the_dead);
	tcase_add_test(tc, node_with_and_without_holders);
	tcase_add_test(tc, what_is_indented_belongs_to_what_is_above);
	tcase_add_test(tc, counts_are_members_of_the_totals_or_of_a_process);
	tcase_add_test(tc, log_lines_complete_or_not);
	tcase_add_test(tc, unknown_lines_are_kept);
	tcase_add_test(tc, bytes_that_are_no_text_are_replaced);
	tcase_add_test(tc, line_that_ends_early_harms_nobody);
	tcase_add_test(tc, lines_of_the_driver_in_rust);
	suite_add_tcase(suite, tc);
	suite_add_tcase(suite, model_case());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
