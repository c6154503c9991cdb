/* SPDX-License-Identifier: MIT */
/*
 * log.c: the last transactions and the last failures, to the letter, and who
 * sees them (17.2).
 */
#include <stdio.h>

#include "suites.h"
#include "view.h"

START_TEST(log_names_both_ends_and_the_sizes)
{
	u32 base = view_base();
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct payload payload = object_payload(&object);

	bc_call(client, 0, 5, 0, &payload);
	expect_write(client);
	expect_read(manager, "NOOP TRANSACTION");
	bc_reply(manager, 0, NULL);
	expect_write(manager);
	bc_call(client, 0, 6, TF_ONE_WAY, NULL);
	expect_write(client);
	expect_view(
		BINDER_VIEW_LOG, 0,
		"%u: call  from 201:201 to 100:0 context test node %u handle 0 size 24:8 ret 0/0 "
		"l=0\n"
		"%u: reply from 100:100 to 201:201 context test node 0 handle 0 size 0:0 ret 0/0 "
		"l=0\n"
		"%u: async from 201:201 to 100:0 context test node %u handle 0 size 0:0 ret 0/0 "
		"l=0\n",
		base + 1, base - 2, base + 4, base + 5, base - 2);
	ck_assert_str_eq(view_as(BINDER_VIEW_FAILED_LOG, 0), "");
}
END_TEST

START_TEST(failure_is_in_both_logs_with_its_reason_and_line)
{
	u32 id, line, base = view_base();
	const char *text;
	int end = 0;

	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	text = view_as(BINDER_VIEW_FAILED_LOG, 0);
	ck_assert_int_eq(sscanf(text,
				"%u: call  from 201:201 to 0:0 context test node 0 handle 77 size "
				"0:0 ret 29201/-22 l=%u\n%n",
				&id, &line, &end),
			 2);
	ck_assert_uint_eq(id, base + 1);
	ck_assert_uint_gt(line, 0);
	ck_assert_int_eq(text[end], '\0');
	ck_assert_ptr_nonnull(strstr(view_as(BINDER_VIEW_LOG, 0), "ret 29201/-22 l="));
}
END_TEST

static char while_copied[4096];

static void look(void)
{
	strcpy(while_copied, view_as(BINDER_VIEW_LOG, 0));
}

START_TEST(transaction_under_way_is_incomplete)
{
	struct payload payload = bytes(100);

	during(HOOK_COPY, 1, look);
	bc_call(client, 0, 5, 0, &payload);
	expect_write(client);
	ck_assert(during_ran());
	ck_assert_ptr_nonnull(strstr(while_copied, " size 100:0 ret 0/0 l=0 (incomplete)\n"));
	ck_assert_ptr_null(strstr(view_as(BINDER_VIEW_LOG, 0), "incomplete"));
}
END_TEST

static void fill_log(void)
{
	struct thread *other = thread_new(client->process, 202);

	for (int i = 0; i < 32; i++)
		expect_call(other, 77, 0, NULL, "NOOP FAILED_REPLY");
}

START_TEST(slow_transaction_does_not_disturb_younger_ones)
{
	struct payload payload = bytes(100);

	during(HOOK_COPY, 1, fill_log);
	bc_call(client, 0, 5, 0, &payload);
	expect_write(client);
	ck_assert(during_ran());
	ck_assert_ptr_null(strstr(view_as(BINDER_VIEW_LOG, 0), "size 100:0"));
}
END_TEST

START_TEST(slow_transaction_that_fails_is_in_the_log_of_failures)
{
	struct {
		struct flat_binder_object object;
		u8 more[76];
	} data = { .object = handle_object(BINDER_TYPE_HANDLE, 99) }; /* which it has not */
	u64 offset = 0;
	struct payload payload = { &data, 100, &offset, sizeof(offset) };

	during(HOOK_COPY, 1, fill_log);
	expect_call(client, 0, 0, &payload, "NOOP FAILED_REPLY");
	ck_assert(during_ran());
	ck_assert_ptr_nonnull(strstr(view_as(BINDER_VIEW_FAILED_LOG, 0), " size 100:8 ret 29201/"));
	ck_assert_ptr_null(strstr(view_as(BINDER_VIEW_LOG, 0), " size 100:8 "));
}
END_TEST

static int lines(const char *text)
{
	int count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

START_TEST(last_32_are_kept_the_oldest_first)
{
	u32 base = view_base(), first;

	for (int i = 0; i < 40; i++)
		expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	ck_assert_int_eq(lines(view_as(BINDER_VIEW_LOG, 0)), 32);
	ck_assert_int_eq(lines(view_as(BINDER_VIEW_FAILED_LOG, 0)), 32);
	ck_assert_int_eq(sscanf(view_as(BINDER_VIEW_FAILED_LOG, 0), "%u:", &first), 1);
	ck_assert_uint_eq(first, base + 9);
}
END_TEST

START_TEST(user_sees_what_that_user_sent_or_was_sent)
{
	struct thread *server = looper_new(world, 302);
	u32 handle = fetch_from(client, server, 0x1000);

	expect_call(client, handle, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	/* To the manager, which hands the object on to the client, which sends to the server. */
	ck_assert_int_eq(lines(view_as(BINDER_VIEW_LOG, 0)), 4);
	ck_assert_int_eq(lines(view_as(BINDER_VIEW_LOG, 1)), 3);
	ck_assert_int_eq(lines(view_as(BINDER_VIEW_LOG, 2)), 2);
	ck_assert_int_eq(lines(view_as(BINDER_VIEW_LOG, 7)), 0);
	expect_call(client, 77, 0, NULL, "NOOP FAILED_REPLY");
	ck_assert_int_eq(lines(view_as(BINDER_VIEW_FAILED_LOG, 1)), 1);
	ck_assert_int_eq(lines(view_as(BINDER_VIEW_FAILED_LOG, 2)), 0);
}
END_TEST

SCENE_SUITE(log, log_names_both_ends_and_the_sizes,
	    failure_is_in_both_logs_with_its_reason_and_line, transaction_under_way_is_incomplete,
	    slow_transaction_does_not_disturb_younger_ones,
	    slow_transaction_that_fails_is_in_the_log_of_failures,
	    last_32_are_kept_the_oldest_first, user_sees_what_that_user_sent_or_was_sent)
