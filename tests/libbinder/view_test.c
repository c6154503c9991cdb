/* SPDX-License-Identifier: MIT */
/*
 * view_test.c: what a driver shows of its state, from binderd and from files.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suites.h"
#include "connection/view.h"
#include "world.h"

static char *read_view(const char *name)
{
	char *text = NULL;

	ck_assert_int_eq(ABinderConnection_readView(ABinderConnection_getDefault(), name, &text),
			 STATUS_OK);
	return text;
}

START_TEST(every_view_of_binderd_can_be_read)
{
	char line[64], *text;

	world_up();
	snprintf(line, sizeof(line), "\nproc %d\ncontext binder\n", (int)peer_start());
	text = read_view("state");
	ck_assert_ptr_nonnull(strstr(text, line));
	free(text);
	text = read_view("stats");
	ck_assert_ptr_nonnull(strstr(text, line));
	free(text);
	text = read_view("transactions");
	ck_assert_str_eq(text, "binder transactions:\n");
	free(text);
	AIBinder_decStrong(peer_get());
	text = read_view("transaction_log");
	free(text);
	text = read_view("failed_transaction_log");
	ck_assert_str_eq(text, "");
	free(text);
	world_down();
}
END_TEST

START_TEST(state_of_one_process)
{
	char name[32], line[64], *text;
	int peer;

	world_up();
	peer = (int)peer_start();
	snprintf(name, sizeof(name), "proc/%d", peer);
	snprintf(line, sizeof(line), "binder proc state:\nproc %d\ncontext binder\n", peer);
	text = read_view(name);
	ck_assert_int_eq(strncmp(text, line, strlen(line)), 0);
	ck_assert_ptr_null(strstr(text + strlen(line), "\nproc "));
	free(text);
	text = read_view("proc/1");
	ck_assert_str_eq(text, "binder proc state:\n");
	free(text);
	world_down();
}
END_TEST

START_TEST(view_is_longer_than_one_piece)
{
	AIBinder *peer;
	char *text;

	world_up();
	peer_start();
	peer = peer_get();
	for (int i = 0; i < 2000; i++) {
		AParcel *reply = call(peer, TEST_NEW, request(peer));
		AIBinder *binder;

		ck_assert_int_eq(AParcel_readStrongBinder(reply, &binder), STATUS_OK);
		AParcel_delete(reply); /* the binder stays */
	}
	text = read_view("state");
	ck_assert_uint_gt(strlen(text), 3 * 32 << 10);
	ck_assert_int_eq(text[strlen(text) - 1], '\n');
	free(text);
	world_down();
}
END_TEST

START_TEST(unknown_view_is_a_bad_value)
{
	static const char *const ways_out[] = {
		"../state", "proc/",    "proc/0",          "proc/-1",
		"proc/1x",  "proc/1/x", "proc/4294967296", "proc/../state",
	};
	char *text = NULL;

	world_up();
	ck_assert_int_eq(ABinderConnection_readView(ABinderConnection_getDefault(), "nothing",
						    &text),
			 STATUS_BAD_VALUE);
	for (size_t i = 0; i < sizeof(ways_out) / sizeof(ways_out[0]); i++)
		ck_assert_int_eq(ABinderConnection_readView(ABinderConnection_getDefault(),
							    ways_out[i], &text),
				 STATUS_BAD_VALUE);
	ck_assert_ptr_null(text);
	world_down();
}
END_TEST

/* Two folders; the second one has a file "state". */
struct folders {
	char path[2][64];
	const char *list[3];
};

static void make_folders(struct folders *f, size_t size)
{
	char name[96];
	FILE *file;

	for (int i = 0; i < 2; i++) {
		strcpy(f->path[i], "/tmp/binder-view.XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(f->path[i]));
		f->list[i] = f->path[i];
	}
	f->list[2] = NULL;
	snprintf(name, sizeof(name), "%s/state", f->path[1]);
	file = fopen(name, "w");
	while (size--)
		fputc('x', file);
	fclose(file);
}

static void remove_folders(struct folders *f)
{
	char name[96];

	snprintf(name, sizeof(name), "%s/state", f->path[1]);
	unlink(name);
	for (int i = 0; i < 2; i++)
		rmdir(f->path[i]);
}

START_TEST(first_folder_that_has_the_file_is_read_to_its_end)
{
	char failed[256], *text = NULL;
	struct folders f;

	make_folders(&f, 200000);
	ck_assert_int_eq(view_read_file(f.list, "state", &text, failed, sizeof(failed)), 0);
	ck_assert_uint_eq(strlen(text), 200000);
	free(text);
	remove_folders(&f);
}
END_TEST

/* As in a binderfs, whose processes are not those of the driver in debugfs. */
START_TEST(process_is_looked_for_where_its_device_is)
{
	char dir[] = "/tmp/binder-view.XXXXXX", path[64], failed[256], *text = NULL;
	const char *const made[] = { "/binder", "/binder_logs", "/binder_logs/stats" };

	ck_assert_ptr_nonnull(mkdtemp(dir));
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", dir, made[i]);
		if (i == 1)
			ck_assert_int_eq(mkdir(path, 0700), 0);
		else
			fclose(fopen(path, "w"));
	}
	snprintf(path, sizeof(path), "%s/binder", dir);
	ck_assert_int_eq(view_read_kernel(path, "proc/1", &text, failed, sizeof(failed)), -ENOENT);
	snprintf(path, sizeof(path), "%s/binder_logs/proc/1", dir);
	ck_assert_str_eq(failed, path);
	ck_assert_ptr_null(text);
	for (int i = 2; i >= 0; i--) {
		snprintf(path, sizeof(path), "%s%s", dir, made[i]);
		remove(path);
	}
	rmdir(dir);
}
END_TEST

START_TEST(file_that_may_not_be_read_is_what_failed)
{
	char failed[256], *text = NULL;
	struct folders f;

	make_folders(&f, 1);
	ck_assert_int_eq(view_read_file(f.list, "stats", &text, failed, sizeof(failed)), -ENOENT);
	ck_assert_ptr_nonnull(strstr(failed, f.path[0]));
	/* A folder in the place of the file: there, and not to be read. */
	ck_assert_int_eq(view_read_file(f.list, ".", &text, failed, sizeof(failed)), -EISDIR);
	ck_assert_ptr_null(text);
	remove_folders(&f);
}
END_TEST

Suite *view_suite(void)
{
	Suite *suite = suite_create("view");
	TCase *tc = tcase_create("view");

	tcase_add_test(tc, every_view_of_binderd_can_be_read);
	tcase_add_test(tc, state_of_one_process);
	tcase_add_test(tc, process_is_looked_for_where_its_device_is);
	tcase_add_test(tc, view_is_longer_than_one_piece);
	tcase_add_test(tc, unknown_view_is_a_bad_value);
	tcase_add_test(tc, first_folder_that_has_the_file_is_read_to_its_end);
	tcase_add_test(tc, file_that_may_not_be_read_is_what_failed);
	suite_add_tcase(suite, tc);
	return suite;
}
