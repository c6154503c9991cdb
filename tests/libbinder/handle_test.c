/* SPDX-License-Identifier: MIT */
/*
 * handle_test.c: HIDL's handles on their way over a driver, and whose descriptors
 * they are.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <binder/ext.h>

#include "suites.h"
#include "world.h"

static pid_t server;

/* handle -> handle: the same descriptors, after a byte for each of them. */
static binder_status_t on_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				   AParcel *out)
{
	ABinderHandle handle = { NULL };
	char *descriptor;
	bool is_null;

	if (AParcel_readInterfaceToken(in, &descriptor) != STATUS_OK)
		return STATUS_BAD_TYPE;
	free(descriptor);
	if (AParcel_readHidlHandle(in, &handle, &is_null) != STATUS_OK)
		return STATUS_BAD_VALUE;
	for (size_t i = 0; !is_null && i < handle.fd_count; i++)
		if (write(handle.fds[i], "x", 1) != 1)
			return STATUS_UNKNOWN_ERROR;
	return AParcel_writeHidlHandle(out, is_null ? NULL : &handle);
}

static binder_status_t on_dump(AIBinder *binder, int fd, const char **args, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		dprintf(fd, "%s.", args[i]);
	return STATUS_OK;
}

static void *on_create(void *args)
{
	return args;
}

static void on_destroy(void *data) {}

static int serve(int ready)
{
	AIBinder_Class *clazz =
		AIBinder_Class_define("test@1.0::IHandle", on_create, on_destroy, on_transact);
	ABinderConnection *conn;

	AIBinder_Class_disableInterfaceTokenHeader(clazz);
	AIBinder_Class_setOnDump(clazz, on_dump);
	if (ABinderConnection_open("hwbinder", &conn) ||
	    ABinderConnection_becomeContextManager(conn, AIBinder_new(clazz, NULL)) ||
	    write(ready, "r", 1) != 1)
		return 1;
	ABinderConnection_joinThreadPool(conn);
	return 0;
}

static void up(void)
{
	int ready[2];
	char byte;

	world_up();
	ck_assert_int_eq(pipe(ready), 0);
	server = fork();
	if (server == 0) {
		prctl(PR_SET_PDEATHSIG, 9);
		_exit(serve(ready[1]));
	}
	ck_assert_int_ge(server, 0);
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

static void down(void)
{
	peer_kill(server);
	world_down();
}

static AIBinder *open_server(void)
{
	ABinderConnection *conn;
	AIBinder *binder;

	ck_assert_int_eq(ABinderConnection_open("hwbinder", &conn), STATUS_OK);
	ck_assert_int_eq(ABinderConnection_getContextManager(conn, &binder), STATUS_OK);
	return binder;
}

/* The reply to a handle with one descriptor and one int. */
static AParcel *send_handle(AIBinder *binder, int fd, int32_t number)
{
	const ABinderHandle handle = { &fd, &number, 1, 1 };
	AParcel *in, *out;

	ck_assert_int_eq(AIBinder_prepareRaw(binder, "test@1.0::IHandle", &in), STATUS_OK);
	ck_assert_int_eq(AParcel_writeHidlHandle(in, fd < 0 ? NULL : &handle), STATUS_OK);
	ck_assert_int_eq(AIBinder_transactRaw(binder, 1, &in, &out, 0, -1), STATUS_OK);
	return out;
}

START_TEST(handle_goes_over_the_driver_and_back)
{
	AIBinder *binder = open_server();
	ABinderHandle handle;
	char byte = 0;
	bool is_null;
	AParcel *out;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	out = send_handle(binder, ends[1], 12345);
	close(ends[1]);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	ck_assert_int_eq(byte, 'x');
	ck_assert_int_eq(AParcel_readHidlHandle(out, &handle, &is_null), STATUS_OK);
	ck_assert(!is_null);
	ck_assert_uint_eq(handle.fd_count, 1);
	ck_assert_uint_eq(handle.int_count, 1);
	ck_assert_int_eq(handle.ints[0], 12345);
	ck_assert_int_eq(write(handle.fds[0], "y", 1), 1);
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	ck_assert_int_eq(byte, 'y');
	AParcel_delete(out);
	AParcel_delete(send_handle(binder, -1, 0));
	/* Nobody has the other end now: not we, not the server, not the driver. */
	ck_assert_int_eq(read(ends[0], &byte, 1), 0);
	AIBinder_decStrong(binder);
}
END_TEST

static int closed_in_vain;
static int (*next_close)(int fd);

__attribute__((constructor)) static void find_next_close(void)
{
	next_close = (int (*)(int))dlsym(RTLD_NEXT, "close");
}

/*
 * In front of the C library's: who closes a number twice may close another's the second
 * time.  A sanitizer that stands between has to hear of each.
 */
int close(int fd)
{
	int r = next_close ? next_close(fd) : (int)syscall(SYS_close, fd);

	if (r < 0 && errno == EBADF)
		closed_in_vain++;
	return r;
}

/* The driver closes an array's descriptors with the buffer, and nobody else does. */
START_TEST(descriptors_of_a_handle_are_closed_once)
{
	AIBinder *binder = open_server();
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC), before;

	ck_assert_int_ge(null, 0);
	AParcel_delete(send_handle(binder, -1, 1));
	before = dup(null);
	close(before);
	closed_in_vain = 0;
	for (int i = 0; i < 3; i++)
		AParcel_delete(send_handle(binder, null, 1));
	ck_assert_int_eq(closed_in_vain, 0);
	/* And they are closed: the lowest number is free again. */
	ck_assert_int_eq(dup(null), before);
	AIBinder_decStrong(binder);
}
END_TEST

START_TEST(dump_is_a_call_of_ibase)
{
	AIBinder *binder = open_server();
	const char *args[] = { "one", "two" };
	char text[16] = "";
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(AIBinder_dump(binder, ends[1], args, 2), STATUS_OK);
	ck_assert_int_eq(read(ends[0], text, sizeof(text) - 1), 8);
	ck_assert_str_eq(text, "one.two.");
	args[1] = NULL;
	ck_assert_int_eq(AIBinder_dump(binder, ends[1], args, 2), STATUS_UNEXPECTED_NULL);
	AIBinder_decStrong(binder);
}
END_TEST

Suite *handle_suite(void)
{
	Suite *suite = suite_create("handle");
	TCase *tc = tcase_create("handle");

	tcase_add_checked_fixture(tc, up, down);
	tcase_add_test(tc, handle_goes_over_the_driver_and_back);
	tcase_add_test(tc, descriptors_of_a_handle_are_closed_once);
	tcase_add_test(tc, dump_is_a_call_of_ibase);
	suite_add_tcase(suite, tc);
	return suite;
}
