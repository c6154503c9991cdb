/* SPDX-License-Identifier: MIT */
/*
 * memory_test.c: memory that the daemon makes real for a client is charged to it.
 *
 * Mailboxes and receive buffers are sparse: whoever touches a page first has it
 * made, and a page that the daemon touches is the daemon's memory.
 */
#include "line.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIECE (256u << 10)
/* Their channels alone are far below a MiB; with a piece each they are above. */
#define LINES 6

static struct line lines[LINES];

static void setup(void)
{
	static const char *const args[] = { "--log-level", "error", "--max-memory-per-process", "1",
					    NULL };

	start_world_with(args);
	for (int i = 0; i < LINES; i++) {
		ck_assert_int_eq(line_open(&lines[i], world.device), 0);
		ck_assert_int_eq(line_attach(&lines[i]), 0);
	}
}

static void teardown(void)
{
	for (int i = 0; i < LINES; i++)
		line_close(&lines[i]);
	stop_world();
}

/* Row: where the payload lies.  Nothing that we wrote, so all of it is holes. */
static const uint32_t places[] = { CHANNEL_IN_OFFSET + 4096, CHANNEL_NEAR_OFFSET };

START_TEST(holes_that_are_read_are_charged)
{
	int failed = 0;

	for (int i = 0; i < LINES; i++) {
		line_prepare_call(&lines[i], TF_ONE_WAY, PIECE, 0);
		lines[i].box->range[1] = (struct channel_range){ LINE_DATA, PIECE, places[_i] };
		ck_assert(line_request(&lines[i]));
		/* At the limit not even the commands can be read. */
		failed += lines[i].box->result < 0 ||
			  line_answer(&lines[i], 1) != BR_TRANSACTION_COMPLETE;
	}
	ck_assert_int_ge(failed, LINES - 3);
	ck_assert_int_lt(failed, LINES);
}
END_TEST

/* An answer goes to wherever read_consumed says: a word for each page. */
START_TEST(holes_that_are_written_are_charged)
{
	int failed = 0;

	for (int i = 0; i < LINES; i++) {
		for (uint32_t at = 0; at < CHANNEL_FAR_SIZE; at += 4096) {
			line_prepare_call(&lines[i], 0, UINT64_MAX, 0);
			lines[i].box->out_size = CHANNEL_FAR_SIZE;
			lines[i].box->bwr.read_consumed = at + 4;
			lines[i].box->bwr.read_size = CHANNEL_FAR_SIZE;
			ck_assert(line_request(&lines[i]));
			failed += lines[i].box->result < 0;
		}
	}
	ck_assert_int_ge(failed, (LINES - 3) * (int)(CHANNEL_FAR_SIZE / 4096));
}
END_TEST

/* ---- clearing ---- */

static int told[2];

/* Takes space, fails before a byte was copied, and has the space cleared. */
static int fail_clearly(void *context)
{
	struct line line;

	if (line_open(&line, world.device) < 0 || line_attach(&line) < 0)
		return 1;
	line_prepare_call(&line, TF_CLEAR_BUF, PIECE / 2, 4);
	return line_request(&line) && line_answer(&line, 1) == BR_FAILED_REPLY ? 0 : 2;
}

static int count_pages(void *context)
{
	unsigned char resident[PIECE / 4096];
	struct raw raw;
	int pages = 0;

	if (raw_open(&raw, world.device, PIECE) < 0 || raw_become_manager(&raw) < 0)
		return 1;
	say_ready();
	if (read(told[0], resident, 1) != 1 || mincore(raw.map, PIECE, resident) < 0)
		return 2;
	for (size_t i = 0; i < sizeof(resident); i++)
		pages += resident[i] & 1;
	return pages ? 3 : 0;
}

START_TEST(clearing_makes_no_memory)
{
	ck_assert_int_eq(pipe(told), 0);
	replace_echo(count_pages, NULL);
	ck_assert_int_eq(wait_child(start_child(fail_clearly, NULL)), 0);
	ck_assert_int_eq(write(told[1], "", 1), 1);
	ck_assert_int_eq(wait_child(echo), 0);
	echo = start_child(fail_clearly, NULL); /* for stop_world() */
}
END_TEST

Suite *memory_suite(void)
{
	Suite *suite = suite_create("memory");
	TCase *tc = tcase_create("memory");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 20);
	tcase_add_loop_test(tc, holes_that_are_read_are_charged, 0, 2);
	tcase_add_test(tc, holes_that_are_written_are_charged);
	tcase_add_test(tc, clearing_makes_no_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
