/* SPDX-License-Identifier: MIT */
/*
 * label_test.c: what a service that asks for security labels is told.
 */
#include "suites.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct raw raw;

/* A manager that asks for labels, and answers each call with the label it came with. */
static int serve_labels(void *context)
{
	struct flat_binder_object manager = { .flags = FLAT_BINDER_FLAG_TXN_SECURITY_CTX };
	struct binder_transaction_data_secctx tr;
	char payload[72];
	uint32_t command;
	struct raw mine;

	if (raw_open(&mine, world.device, 1 << 20) < 0 ||
	    binder_client_ioctl(mine.client, BINDER_SET_CONTEXT_MGR_EXT, &manager, false, 0) < 0)
		return 1;
	raw_put(&mine, BC_ENTER_LOOPER, NULL);
	say_ready();
	while (raw_next_work(&mine, &command, payload, true) == 0) {
		const char *label;

		if (command != BR_TRANSACTION_SEC_CTX)
			continue;
		memcpy(&tr, payload, sizeof(tr));
		label = (const char *)(uintptr_t)tr.secctx;
		raw_put_call(&mine, BC_REPLY, 0, 0, 0, label, strlen(label) + 1);
		raw_put_free(&mine, tr.transaction_data.data.ptr.buffer);
	}
	return 2;
}

static void start_labels(const char *option)
{
	const char *const args[] = { "--log-level", "error", option ? "--unlabeled" : NULL, option,
				     NULL };

	start_world_with(args);
	replace_echo(serve_labels, NULL);
	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
}

static void end_labels(void)
{
	raw_close(&raw);
	stop_world();
}

/* What the kernel tells of this process; false: no module labels it. */
static bool own_label(char *label, size_t size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	int listener = socket(AF_UNIX, SOCK_SEQPACKET, 0), end;
	socklen_t length = sizeof(sa_family_t);
	bool found;

	memset(label, 0, size);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, length), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	length = sizeof(address);
	getsockname(listener, (struct sockaddr *)&address, &length);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, length), 0);
	end = accept(listener, NULL, NULL);
	length = (socklen_t)size - 1;
	found = getsockopt(end, SOL_SOCKET, SO_PEERSEC, label, &length) == 0 && label[0];
	close(end);
	close(listener);
	close(fd);
	return found;
}

static void check_label(const char *if_unlabeled)
{
	struct binder_transaction_data reply;
	char own[4096];
	uint32_t command;
	const char *expected = own_label(own, sizeof(own)) ? own : if_unlabeled;

	ck_assert_int_eq(raw_call(&raw, 0, 1, "hello", 6, &command, &reply), 0);
	ck_assert_uint_eq(command, BR_REPLY);
	ck_assert_str_eq((const char *)(uintptr_t)reply.data.ptr.buffer, expected);
	raw_put_free(&raw, reply.data.ptr.buffer);
}

START_TEST(label_comes_with_the_call)
{
	start_labels(NULL);
	check_label("u:r:unlabeled:s0");
	end_labels();
}
END_TEST

START_TEST(label_of_the_unlabeled_may_be_chosen)
{
	start_labels("u:r:shell:s0");
	check_label("u:r:shell:s0");
	end_labels();
}
END_TEST

START_TEST(strict_daemon_refuses_the_unlabeled)
{
	struct binder_extended_error error = { 0 };
	struct binder_transaction_data reply;
	char own[4096];
	uint32_t command;

	start_labels("refuse");
	if (own_label(own, sizeof(own))) {
		check_label(NULL);
	} else {
		ck_assert_int_eq(raw_call(&raw, 0, 1, "hello", 6, &command, &reply), 0);
		ck_assert_uint_eq(command, BR_FAILED_REPLY);
		ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_GET_EXTENDED_ERROR, &error,
						     false, 0),
				 0);
		ck_assert_uint_eq(error.command, BR_FAILED_REPLY);
		ck_assert_int_eq(error.param, -EINVAL);
	}
	end_labels();
}
END_TEST

Suite *label_suite(void)
{
	Suite *suite = suite_create("label");
	TCase *tc = tcase_create("label");

	tcase_add_test(tc, label_comes_with_the_call);
	tcase_add_test(tc, label_of_the_unlabeled_may_be_chosen);
	tcase_add_test(tc, strict_daemon_refuses_the_unlabeled);
	suite_add_tcase(suite, tc);
	return suite;
}
