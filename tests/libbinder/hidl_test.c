/* SPDX-License-Identifier: MIT */
/*
 * hidl_test.c: HIDL's values as objects and buffers; its service manager among
 * clients that do not answer.
 */
#include <android/binder_manager.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/android/binder.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "suites.h"
#include "world.h"

static AParcel *p;

static void up(void)
{
	p = AParcel_create();
}

static void down(void)
{
	AParcel_delete(p);
}

/* ---- what is written ---------------------------------------------------------- */

#define PTR BINDER_TYPE_PTR
#define FDA BINDER_TYPE_FDA
#define NO_PARENT UINT64_MAX

/* An object in the list, and the bytes beside the parcel that it brings. */
struct golden {
	size_t offset;
	uint32_t type;
	uint64_t parent, parent_offset;
	size_t size; /* of a buffer; or how many descriptors */
	const char *bytes;
};

static void object_is(const uint8_t *data, const struct golden *golden)
{
	struct binder_buffer_object ptr;
	struct binder_fd_array_object fda;

	memcpy(&ptr, data + golden->offset, sizeof(ptr));
	memcpy(&fda, data + golden->offset, sizeof(fda));
	ck_assert_uint_eq(ptr.hdr.type, golden->type);
	if (golden->type == FDA) {
		ck_assert_uint_eq(fda.num_fds, golden->size);
		ck_assert_uint_eq(fda.parent, golden->parent);
		ck_assert_uint_eq(fda.parent_offset, golden->parent_offset);
		return;
	}
	ck_assert_uint_eq(ptr.flags,
			  golden->parent == NO_PARENT ? 0 : BINDER_BUFFER_FLAG_HAS_PARENT);
	ck_assert_uint_eq(ptr.parent, golden->parent == NO_PARENT ? 0 : golden->parent);
	ck_assert_uint_eq(ptr.parent_offset, golden->parent_offset);
	ck_assert_uint_eq(ptr.length, golden->size);
	ck_assert_mem_eq((const void *)(uintptr_t)ptr.buffer, golden->bytes, golden->size);
}

static void objects_are(size_t size, const struct golden *golden, size_t count)
{
	const uint64_t *offsets;
	const uint8_t *data;
	size_t have, listed;

	AParcel_getBytes(p, &data, &have);
	AParcel_getObjects(p, &offsets, &listed);
	ck_assert_uint_eq(have, size);
	ck_assert_uint_eq(listed, count);
	for (size_t i = 0; i < count; i++) {
		ck_assert_uint_eq(offsets[i], golden[i].offset);
		object_is(data, &golden[i]);
	}
	AParcel_setDataPosition(p, 0);
}

#define OBJECTS_ARE(size, ...) \
	do { \
		static const struct golden golden[] = { __VA_ARGS__ }; \
		objects_are(size, golden, sizeof(golden) / sizeof(golden[0])); \
	} while (0)

/* u64 pointer, u32 length or count, u8 owns, padding. */
#define SPAN(length) "\0\0\0\0\0\0\0\0" length "\0\0\0\1\0\0\0"

START_TEST(string_is_a_structure_and_its_bytes)
{
	char *text;

	ck_assert_int_eq(AParcel_writeHidlString(p, "abc"), STATUS_OK);
	OBJECTS_ARE(80, { 0, PTR, NO_PARENT, 0, 16, SPAN("\3") }, { 40, PTR, 0, 0, 4, "abc" });
	ck_assert_int_eq(AParcel_readHidlString(p, &text), STATUS_OK);
	ck_assert_str_eq(text, "abc");
	free(text);
}
END_TEST

START_TEST(empty_string_has_its_nul)
{
	char *text;

	ck_assert_int_eq(AParcel_writeHidlString(p, ""), STATUS_OK);
	OBJECTS_ARE(80, { 0, PTR, NO_PARENT, 0, 16, SPAN("\0") }, { 40, PTR, 0, 0, 1, "" });
	ck_assert_int_eq(AParcel_readHidlString(p, &text), STATUS_OK);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

START_TEST(vector_of_strings_is_three_levels)
{
	static const char *const texts[] = { "a", "bc" };
	char **read;
	size_t count;

	AParcel_writeInt32(p, 7);
	AParcel_writeInt32(p, 8);
	ck_assert_int_eq(AParcel_writeHidlStrings(p, texts, 2), STATUS_OK);
	OBJECTS_ARE(168, { 8, PTR, NO_PARENT, 0, 16, SPAN("\2") },
		    { 48, PTR, 0, 0, 32, SPAN("\1") SPAN("\2") }, { 88, PTR, 1, 0, 2, "a" },
		    { 128, PTR, 1, 16, 3, "bc" });
	AParcel_setDataPosition(p, 8);
	ck_assert_int_eq(AParcel_readHidlStrings(p, &read, &count), STATUS_OK);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(read[0], "a");
	ck_assert_str_eq(read[1], "bc");
	for (size_t i = 0; i < count; i++)
		free(read[i]);
	free(read);
}
END_TEST

START_TEST(vector_of_numbers_is_two_levels)
{
	static const int32_t numbers[] = { 1, 258 };
	const void *read;
	size_t count;

	ck_assert_int_eq(AParcel_writeHidlVec(p, numbers, 2, 4), STATUS_OK);
	OBJECTS_ARE(80, { 0, PTR, NO_PARENT, 0, 16, SPAN("\2") },
		    { 40, PTR, 0, 0, 8, "\1\0\0\0\2\1\0\0" });
	ck_assert_int_eq(AParcel_readHidlVec(p, 4, &read, &count), STATUS_OK);
	ck_assert_uint_eq(count, 2);
	ck_assert_mem_eq(read, numbers, sizeof(numbers));
}
END_TEST

/* An object that the driver never sees: it is in no list. */
START_TEST(empty_vector_has_a_null_pointer_for_its_items)
{
	static const uint8_t null[40] = { 0x85, '*', 't', 'p', 1 };
	const void *read;
	const uint8_t *data;
	size_t count, size;

	ck_assert_int_eq(AParcel_writeHidlVec(p, NULL, 0, 4), STATUS_OK);
	OBJECTS_ARE(80, { 0, PTR, NO_PARENT, 0, 16, SPAN("\0") });
	AParcel_getBytes(p, &data, &size);
	ck_assert_mem_eq(data + 40, null, sizeof(null));
	ck_assert_int_eq(AParcel_readHidlVec(p, 4, &read, &count), STATUS_OK);
	ck_assert_uint_eq(count, 0);
	ck_assert_int_eq(AParcel_getDataPosition(p), 80);
}
END_TEST

START_TEST(handle_is_its_size_its_words_and_where_descriptors_are)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	static const int32_t words[] = { 5, 6 };
	const ABinderHandle handle = { .fds = &fd, .fd_count = 1, .ints = words, .int_count = 2 };
	ABinderHandle read;
	uint64_t size;
	int32_t copy;
	char bytes[24];
	bool null = true;

	ck_assert_int_eq(AParcel_writeHidlHandle(p, &handle), STATUS_OK);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_eq(AParcel_readUint64(p, &size), STATUS_OK);
	ck_assert_uint_eq(size, 24);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_eq(AParcel_readHidlHandle(p, &read, &null), STATUS_OK);
	ck_assert(!null);
	ck_assert_uint_eq(read.fd_count, 1);
	ck_assert_uint_eq(read.int_count, 2);
	ck_assert_mem_eq(read.ints, words, sizeof(words));
	/* A duplicate. */
	copy = read.fds[0];
	ck_assert_int_ne(copy, fd);
	ck_assert_int_ge(fcntl(copy, F_GETFD), 0);
	memcpy(bytes, "\14\0\0\0\1\0\0\0\2\0\0\0----\5\0\0\0\6\0\0\0", 24);
	memcpy(bytes + 12, &copy, 4);
	{
		const struct golden golden[] = { { 8, PTR, NO_PARENT, 0, 24, bytes },
						 { 48, FDA, 0, 12, 1, NULL } };

		objects_are(80, golden, 2);
	}
	AParcel_reset(p);
	ck_assert_int_lt(fcntl(copy, F_GETFD), 0);
	close(fd);
}
END_TEST

START_TEST(null_handle_is_a_zero)
{
	ABinderHandle read;
	bool null = false;

	ck_assert_int_eq(AParcel_writeHidlHandle(p, NULL), STATUS_OK);
	objects_are(8, NULL, 0);
	ck_assert_int_eq(AParcel_readHidlHandle(p, &read, &null), STATUS_OK);
	ck_assert(null);
	ck_assert_uint_eq(read.fd_count, 0);
}
END_TEST

START_TEST(handle_without_anything_is_not_null)
{
	const ABinderHandle handle = { .fd_count = 0 };
	ABinderHandle read;
	bool null = true;

	ck_assert_int_eq(AParcel_writeHidlHandle(p, &handle), STATUS_OK);
	OBJECTS_ARE(80, { 8, PTR, NO_PARENT, 0, 12, "\14\0\0\0\0\0\0\0\0\0\0\0" },
		    { 48, FDA, 0, 12, 0, NULL });
	ck_assert_int_eq(AParcel_readHidlHandle(p, &read, &null), STATUS_OK);
	ck_assert(!null);
}
END_TEST

/* What follows is one thing, and is read as another. */
START_TEST(values_are_not_taken_for_others)
{
	static const char *const texts[] = { "a" };
	ABinderHandle handle;
	const void *items;
	size_t count;
	char *text, **read;
	bool null;

	AParcel_writeHidlVec(p, "abcd", 4, 1);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_ne(AParcel_readHidlVec(p, 4, &items, &count), STATUS_OK);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_ne(AParcel_readHidlString(p, &text), STATUS_OK);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_ne(AParcel_readHidlStrings(p, &read, &count), STATUS_OK);
	AParcel_setDataPosition(p, 0);
	ck_assert_int_ne(AParcel_readHidlHandle(p, &handle, &null), STATUS_OK);
	AParcel_reset(p);
	AParcel_writeHidlStrings(p, texts, 1);
	AParcel_setDataPosition(p, 40);
	ck_assert_int_ne(AParcel_readHidlString(p, &text), STATUS_OK);
}
END_TEST

/* ---- the service manager --------------------------------------------------------- */

static pid_t manager, echo;

static pid_t start(const char *program, const char *option, const char *word)
{
	char self[PATH_MAX], path[PATH_MAX + 64];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	pid_t pid;

	ck_assert_int_gt(n, 0);
	self[n] = '\0';
	snprintf(path, sizeof(path), "%s/%s", dirname(self), program);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execl(path, program, option, word, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static bool has_echo(void *ret)
{
	AIBinder *binder = AServiceManager_checkService("test.IEcho/slot1");

	*(AIBinder **)ret = binder;
	return binder != NULL;
}

static bool has_no_echo(void *unused)
{
	AIBinder *binder = AServiceManager_checkService("test.IEcho/slot1");

	AIBinder_decStrong(binder);
	return !binder;
}

static bool manager_is_there(void *unused)
{
	AIBinder *binder = NULL;
	bool there;

	ABinderConnection_getContextManager(ABinderConnection_getDefault(), &binder);
	there = AIBinder_ping(binder) == STATUS_OK;
	AIBinder_decStrong(binder);
	return there;
}

static void manager_up(void)
{
	world_up();
	setenv("BINDER_DEVICE", "hwbinder", 1);
	manager = start("../bin/servicemanager", "--hwbinder", NULL);
	ck_assert(eventually(manager_is_there, NULL));
	echo = start("echo-service", "--name", "slot1");
}

static void manager_down(void)
{
	peer_kill(echo);
	peer_kill(manager);
	world_down();
}

/* Registers a service of another process, which is asked for its interfaces. */
static void *add(void *binder)
{
	return (void *)(intptr_t)AServiceManager_addService(binder, "slot2");
}

START_TEST(service_that_does_not_answer_holds_nobody_up)
{
	pthread_t threads[4];
	AIBinder *binder = NULL, *again = NULL;
	void *status;

	ck_assert(eventually(has_echo, &binder));
	peer_stop(echo);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, add, binder);
	ck_assert(eventually(has_echo, &again));
	AIBinder_decStrong(again);
	ck_assert(manager_is_there(NULL));
	/* Whoever waits hears of it when the service ends; only then is there room again. */
	peer_kill(echo);
	echo = -1;
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &status);
		ck_assert_int_ne((intptr_t)status, STATUS_OK);
	}
	ck_assert(eventually(has_no_echo, NULL));
	echo = start("echo-service", "--name", "slot1");
	AIBinder_decStrong(binder);
	ck_assert(eventually(has_echo, &binder));
	ck_assert_int_eq((intptr_t)add(binder), STATUS_OK);
	AIBinder_decStrong(binder);
}
END_TEST

/* ---- its newer calls ------------------------------------------------------------------ */

enum {
	REGISTER = 6,
	UNREGISTER = 9,
	REGISTER_CLIENT_CALLBACK = 10,
	UNREGISTER_CLIENT_CALLBACK = 11,
	ADD_WITH_CHAIN = 12,
	LIST_MANIFEST = 13,
	TRY_UNREGISTER = 14
};

static AIBinder *handle_0;

static void calls_up(void)
{
	world_up();
	setenv("BINDER_DEVICE", "hwbinder", 1);
	manager = start("../bin/servicemanager", "--hwbinder", NULL);
	echo = -1;
	ck_assert(eventually(manager_is_there, NULL));
	ABinderConnection_getContextManager(ABinderConnection_getDefault(), &handle_0);
}

static void calls_down(void)
{
	AIBinder_decStrong(handle_0);
	peer_kill(manager);
	world_down();
}

static AParcel *begin(const char *one, const char *two)
{
	AParcel *in;

	AIBinder_prepareRaw(handle_0, "android.hidl.manager@1.2::IServiceManager", &in);
	AParcel_writeHidlString(in, one);
	if (two)
		AParcel_writeHidlString(in, two);
	return in;
}

/* The reply of a call, behind its status. */
static AParcel *ask(uint32_t code, AParcel *in)
{
	AParcel *out = NULL;
	int32_t status = -1;

	ck_assert_int_eq(AIBinder_transactRaw(handle_0, code, &in, &out, 0, -1), STATUS_OK);
	ck_assert_int_eq(AParcel_readInt32(out, &status), STATUS_OK);
	ck_assert_int_eq(status, 0);
	return out;
}

static bool says(uint32_t code, AParcel *in)
{
	AParcel *out = ask(code, in);
	bool success = false;

	ck_assert_int_eq(AParcel_readBool(out, &success), STATUS_OK);
	AParcel_delete(out);
	return success;
}

static AIBinder *add_with_chain(const char *name)
{
	static const char *const chain[] = { "t@1.1::IFoo", "t@1.0::IFoo",
					     "android.hidl.base@1.0::IBase" };
	AIBinder *binder = AIBinder_new(test_class(), NULL);
	AParcel *in = begin(name, NULL);

	AParcel_writeStrongBinder(in, binder);
	AParcel_writeHidlStrings(in, chain, 3);
	ck_assert(says(ADD_WITH_CHAIN, in));
	return binder;
}

static bool unregister(const char *interface, AIBinder *binder)
{
	AParcel *in = begin(interface, "one");

	AParcel_writeStrongBinder(in, binder);
	return says(TRY_UNREGISTER, in);
}

/* Nobody serves here: the object could not be asked. */
START_TEST(add_with_chain_asks_nobody)
{
	AIBinder *binder = add_with_chain("one"), *found;

	found = AServiceManager_checkService("t@1.0::IFoo/one");
	ck_assert_ptr_eq(found, binder);
	AIBinder_decStrong(found);
	ck_assert_ptr_null(AServiceManager_checkService("android.hidl.base@1.0::IBase/one"));
	AIBinder_decStrong(binder);
}
END_TEST

START_TEST(try_unregister_takes_all_names_of_an_object)
{
	AIBinder *binder = add_with_chain("one"), *other = add_with_chain("two");

	ck_assert(!unregister("t@1.0::IFoo", other));
	ck_assert(!unregister("t@1.0::IBar", binder));
	ck_assert(unregister("t@1.0::IFoo", binder));
	ck_assert_ptr_null(AServiceManager_checkService("t@1.0::IFoo/one"));
	ck_assert_ptr_null(AServiceManager_checkService("t@1.1::IFoo/one"));
	ck_assert(!unregister("t@1.0::IFoo", binder));
	AIBinder_decStrong(binder);
	AIBinder_decStrong(other);
}
END_TEST

static void *keep(void *args)
{
	return args;
}

static void drop(void *data) {}

static atomic_int told = -1, unregistered = -1;

static binder_status_t on_clients(AIBinder *binder, transaction_code_t code, const AParcel *in,
				  AParcel *out)
{
	AIBinder *service = NULL;
	char *token = NULL;
	bool has_clients;

	if (code != 1 || AParcel_readInterfaceToken(in, &token) ||
	    AParcel_readStrongBinder(in, &service) || AParcel_readBool(in, &has_clients))
		return STATUS_BAD_VALUE;
	told = has_clients;
	if (!has_clients)
		unregistered = unregister("t@1.0::IFoo", service);
	AIBinder_decStrong(service);
	free(token);
	return STATUS_OK;
}

static bool told_is(void *number)
{
	return told == *(int *)number;
}

static bool has_tried(void *unused)
{
	return unregistered >= 0;
}

static bool about_clients(uint32_t code, AIBinder *service, AIBinder *callback)
{
	AParcel *in;

	if (code == REGISTER_CLIENT_CALLBACK)
		in = begin("t@1.0::IFoo", "one");
	else
		AIBinder_prepareRaw(handle_0, "android.hidl.manager@1.2::IServiceManager", &in);
	AParcel_writeStrongBinder(in, service);
	AParcel_writeStrongBinder(in, callback);
	return says(code, in);
}

/* A process that holds the service until it is killed. */
static pid_t holder(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (AServiceManager_checkService("t@1.0::IFoo/one") && write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static AIBinder *new_callback(void)
{
	static AIBinder_Class *clazz;

	if (!clazz) {
		clazz = AIBinder_Class_define("android.hidl.manager@1.2::IClientCallback", keep,
					      drop, on_clients);
		AIBinder_Class_disableInterfaceTokenHeader(clazz);
	}
	return AIBinder_new(clazz, NULL);
}

START_TEST(service_unregisters_itself_inside_its_client_callback)
{
	AIBinder *binder = add_with_chain("one"), *callback = new_callback();
	int yes = 1;
	pid_t pid;

	ABinderConnection_startThreadPool(ABinderConnection_getDefault(), 2);
	ck_assert(about_clients(REGISTER_CLIENT_CALLBACK, binder, callback));
	pid = holder();
	ck_assert(eventually(told_is, &yes));
	peer_kill(pid);
	/* At the second look that finds no client: in ten seconds. */
	while (!eventually(has_tried, NULL))
		;
	ck_assert_int_eq(unregistered, 1);
	ck_assert_ptr_null(AServiceManager_checkService("t@1.1::IFoo/one"));
	AIBinder_decStrong(callback);
	AIBinder_decStrong(binder);
}
END_TEST

START_TEST(client_callback_ends_once)
{
	AIBinder *binder = add_with_chain("one"), *other = add_with_chain("two");
	AIBinder *callback = new_callback();

	ck_assert(!about_clients(REGISTER_CLIENT_CALLBACK, other, callback));
	ck_assert(about_clients(REGISTER_CLIENT_CALLBACK, binder, callback));
	ck_assert(!about_clients(UNREGISTER_CLIENT_CALLBACK, other, callback));
	ck_assert(about_clients(UNREGISTER_CLIENT_CALLBACK, binder, callback));
	ck_assert(!about_clients(UNREGISTER_CLIENT_CALLBACK, NULL, callback));
	AIBinder_decStrong(callback);
	AIBinder_decStrong(binder);
	AIBinder_decStrong(other);
}
END_TEST

START_TEST(watch_ends_once)
{
	AIBinder *callback = AIBinder_new(test_class(), NULL);

	for (int i = 0; i < 2; i++) {
		AParcel *in = begin("t@1.0::IFoo", i ? "" : "one");

		AParcel_writeStrongBinder(in, callback);
		ck_assert(says(REGISTER, in));
	}
	for (int i = 0; i < 3; i++) {
		AParcel *in = begin("t@1.0::IFoo", i == 1 ? "" : "one");

		AParcel_writeStrongBinder(in, callback);
		ck_assert_int_eq(says(UNREGISTER, in), i < 2);
	}
	AIBinder_decStrong(callback);
}
END_TEST

START_TEST(nothing_is_declared_without_a_manifest)
{
	AParcel *out = ask(LIST_MANIFEST, begin("t@1.0::IFoo", NULL));
	char **names;
	size_t count = 1;

	ck_assert_int_eq(AParcel_readHidlStrings(out, &names, &count), STATUS_OK);
	ck_assert_uint_eq(count, 0);
	free(names);
	AParcel_delete(out);
}
END_TEST

Suite *hidl_suite(void)
{
	Suite *suite = suite_create("hidl");
	TCase *values = tcase_create("values"), *live = tcase_create("manager");
	TCase *calls = tcase_create("calls");

	tcase_add_checked_fixture(values, up, down);
	tcase_add_test(values, string_is_a_structure_and_its_bytes);
	tcase_add_test(values, empty_string_has_its_nul);
	tcase_add_test(values, vector_of_strings_is_three_levels);
	tcase_add_test(values, vector_of_numbers_is_two_levels);
	tcase_add_test(values, empty_vector_has_a_null_pointer_for_its_items);
	tcase_add_test(values, handle_is_its_size_its_words_and_where_descriptors_are);
	tcase_add_test(values, null_handle_is_a_zero);
	tcase_add_test(values, handle_without_anything_is_not_null);
	tcase_add_test(values, values_are_not_taken_for_others);
	suite_add_tcase(suite, values);
	tcase_add_checked_fixture(live, manager_up, manager_down);
	tcase_set_timeout(live, 20);
	tcase_add_test(live, service_that_does_not_answer_holds_nobody_up);
	suite_add_tcase(suite, live);
	tcase_add_checked_fixture(calls, calls_up, calls_down);
	tcase_add_test(calls, add_with_chain_asks_nobody);
	tcase_add_test(calls, try_unregister_takes_all_names_of_an_object);
	tcase_add_test(calls, service_unregisters_itself_inside_its_client_callback);
	tcase_add_test(calls, client_callback_ends_once);
	tcase_set_timeout(calls, 60);
	tcase_add_test(calls, watch_ends_once);
	tcase_add_test(calls, nothing_is_declared_without_a_manifest);
	suite_add_tcase(suite, calls);
	return suite;
}
