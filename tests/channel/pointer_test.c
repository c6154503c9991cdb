/* SPDX-License-Identifier: MIT */
/*
 * pointer_test.c: addresses that are no good are answered as a device answers
 * them, and never touched by the client library.
 */
#include "suites.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct raw raw;
/* What lies before it can be used, the page behind it cannot be touched. */
static char *edge;
static size_t page;
/* Enough for all that the tests read before the edge, so that it is no neighbour's. */
#define ROOM ((size_t)64 << 10)
static char *read_only;

static void prepare(void)
{
	page = (size_t)sysconf(_SC_PAGESIZE);
	edge = mmap(NULL, ROOM + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	read_only = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(edge, MAP_FAILED);
	ck_assert_ptr_ne(read_only, MAP_FAILED);
	ck_assert_int_eq(mprotect(edge, ROOM, PROT_READ | PROT_WRITE), 0);
	edge += ROOM;
	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
	/* The first read of a thread does not wait. */
	ck_assert_int_eq(raw_exchange(&raw, true, false), 0);
}

static void setup(void)
{
	start_world();
	prepare();
}

static void setup_without_reading(void)
{
	start_world_without_reading();
	prepare();
}

static void teardown(void)
{
	raw_close(&raw);
	munmap(edge - ROOM, ROOM + page);
	munmap(read_only, page);
	stop_world();
}

static int write_read(void *bwr)
{
	return binder_client_ioctl(raw.client, BINDER_WRITE_READ, bwr, false, 0);
}

/* Writes @size bytes at @commands and reads into @in. */
static int exchange(const void *commands, size_t size, void *in, size_t room,
		    struct binder_write_read *bwr)
{
	*bwr = (struct binder_write_read){
		.write_buffer = (uintptr_t)commands,
		.write_size = size,
		.read_buffer = (uintptr_t)in,
		.read_size = room,
	};
	return write_read(bwr);
}

static uint32_t word_at(const char *in, size_t index)
{
	uint32_t word;

	memcpy(&word, in + index * sizeof(word), sizeof(word));
	return word;
}

static int32_t extended_error(void)
{
	struct binder_extended_error error = { 0 };

	ck_assert_int_eq(
		binder_client_ioctl(raw.client, BINDER_GET_EXTENDED_ERROR, &error, false, 0), 0);
	return error.param;
}

/* ---- the argument -------------------------------------------------------------- */

START_TEST(unreadable_argument_is_efault)
{
	char *const bad[] = { NULL,
			      (char *)8,
			      edge,
			      edge - sizeof(struct binder_write_read) + 4,
			      (char *)-1L,
			      (char *)(uintptr_t)0x7ffffffff000,
			      (char *)(uintptr_t)0xdeadbeefdeadbeef };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(write_read(bad[i]), -EFAULT);
	check_echo(&raw, 10);
}
END_TEST

START_TEST(argument_up_to_the_edge_is_good)
{
	struct binder_write_read *bwr = (void *)(edge - sizeof(*bwr));

	memset(bwr, 0, sizeof(*bwr));
	ck_assert_int_eq(write_read(bwr), 0);
}
END_TEST

/* What it says is done; only the answer cannot be told. */
START_TEST(unwritable_argument_is_carried_out_and_efault)
{
	struct {
		uint32_t command;
		struct binder_transaction_data tr;
	} __attribute__((packed)) call = { BC_TRANSACTION, { .flags = TF_ONE_WAY } };
	const struct binder_write_read bwr = {
		.write_buffer = (uintptr_t)&call,
		.write_size = sizeof(call),
	};
	char in[256];

	ck_assert_int_eq(mprotect(read_only, page, PROT_READ | PROT_WRITE), 0);
	memcpy(read_only, &bwr, sizeof(bwr));
	ck_assert_int_eq(mprotect(read_only, page, PROT_READ), 0);
	ck_assert_int_eq(write_read(read_only), -EFAULT);
	ck_assert_int_eq(exchange(NULL, 0, in, sizeof(in), &(struct binder_write_read){ 0 }), 0);
	ck_assert_uint_eq(word_at(in, 1), BR_TRANSACTION_COMPLETE);
}
END_TEST

static const struct {
	uint32_t cmd;
	int result;
} ioctls[] = {
	{ BINDER_VERSION, -EINVAL },
	{ BINDER_SET_MAX_THREADS, -EINVAL },
	{ BINDER_SET_CONTEXT_MGR_EXT, -EINVAL },
	{ BINDER_GET_NODE_DEBUG_INFO, -EFAULT },
	{ BINDER_GET_NODE_INFO_FOR_REF, -EFAULT },
	{ BINDER_FREEZE, -EFAULT },
	{ BINDER_GET_FROZEN_INFO, -EFAULT },
	{ BINDER_ENABLE_ONEWAY_SPAM_DETECTION, -EFAULT },
	{ BINDER_GET_EXTENDED_ERROR, -EFAULT },
	/* These do not look at it. */
	{ BINDER_SET_CONTEXT_MGR, -EBUSY },
	{ BINDER_THREAD_EXIT, 0 },
};

START_TEST(bad_addresses_of_other_ioctls_are_refused)
{
	char *const bad[] = { NULL, edge, edge - 2, (char *)(uintptr_t)0xdeadbeefdeadbeef };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(binder_client_ioctl(raw.client, ioctls[_i].cmd, bad[i], false, 0),
				 ioctls[_i].result);
	check_echo(&raw, 10);
}
END_TEST

START_TEST(answers_to_read_only_memory_are_refused)
{
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_VERSION, read_only, false, 0),
			 -EINVAL);
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_GET_NODE_DEBUG_INFO, read_only,
					     false, 0),
			 -EFAULT);
	ck_assert_int_eq(binder_client_ioctl(raw.client, BINDER_GET_EXTENDED_ERROR, read_only,
					     false, 0),
			 -EFAULT);
}
END_TEST

/* ---- what is written ------------------------------------------------------------ */

START_TEST(unreadable_commands_are_efault)
{
	struct binder_write_read bwr;

	ck_assert_int_eq(exchange(edge, 8, NULL, 0, &bwr), -EFAULT);
	ck_assert_uint_eq(bwr.write_consumed, 0);
	ck_assert_int_eq(exchange(NULL, 8, NULL, 0, &bwr), -EFAULT);
	ck_assert_int_eq(exchange((void *)-16L, 64, NULL, 0, &bwr), -EFAULT);
	check_echo(&raw, 10);
}
END_TEST

START_TEST(commands_before_the_edge_are_carried_out)
{
	const uint32_t acquire[2] = { BC_ACQUIRE, 0 };
	struct binder_write_read bwr;

	/* Twice whole, then one whose handle lies beyond. */
	memcpy(edge - 20, acquire, 8);
	memcpy(edge - 12, acquire, 8);
	memcpy(edge - 4, acquire, 4);
	ck_assert_int_eq(exchange(edge - 20, 64, NULL, 0, &bwr), -EFAULT);
	ck_assert_uint_eq(bwr.write_consumed, 16);
	/* As before, but it ends at the edge. */
	ck_assert_int_eq(exchange(edge - 20, 16, NULL, 0, &bwr), 0);
	ck_assert_uint_eq(bwr.write_consumed, 16);
}
END_TEST

/* Only its beginning is held against the size. */
START_TEST(last_command_may_go_beyond_the_size)
{
	const uint32_t acquire[4] = { BC_ACQUIRE, 0, BC_ACQUIRE, 0 };
	struct binder_write_read bwr;

	ck_assert_int_eq(exchange(acquire, 9, NULL, 0, &bwr), 0);
	ck_assert_uint_eq(bwr.write_consumed, 16);
}
END_TEST

static void call_fails_with(struct binder_transaction_data tr, int32_t error)
{
	char in[256];
	struct {
		uint32_t command;
		struct binder_transaction_data tr;
	} __attribute__((packed)) call = { BC_TRANSACTION, tr };
	struct binder_write_read bwr;

	ck_assert_int_eq(exchange(&call, sizeof(call), in, sizeof(in), &bwr), 0);
	ck_assert_uint_eq(bwr.write_consumed, sizeof(call));
	ck_assert_uint_eq(bwr.read_consumed, 8);
	ck_assert_uint_eq(word_at(in, 1), BR_FAILED_REPLY);
	ck_assert_int_eq(extended_error(), error);
}

START_TEST(unreadable_payload_fails_the_call)
{
	static const uint64_t sizes[] = { 1, 4096, 65536 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct binder_transaction_data tr = { .data_size = sizes[i] };

		tr.data.ptr.buffer = (uintptr_t)edge - sizes[i] / 2;
		call_fails_with(tr, -EFAULT);
		tr.data.ptr.buffer = 0;
		call_fails_with(tr, -EFAULT);
		tr.data.ptr.buffer = UINT64_C(0xdeadbeefdeadbeef);
		call_fails_with(tr, -EFAULT);
	}
	check_echo(&raw, 10);
}
END_TEST

START_TEST(unreadable_offsets_fail_the_call)
{
	char data[64] = "";
	struct binder_transaction_data tr = {
		.data_size = sizeof(data),
		.offsets_size = 16,
		.data.ptr.buffer = (uintptr_t)data,
		.data.ptr.offsets = (uintptr_t)edge - 8,
	};

	memset(edge - 8, 0, 8);
	call_fails_with(tr, -EFAULT);
	tr.data.ptr.offsets = 8;
	call_fails_with(tr, -EFAULT);
}
END_TEST

START_TEST(unreadable_objects_fail_the_call)
{
	const uint64_t offsets[2] = { 0, sizeof(struct flat_binder_object) };
	const struct flat_binder_object object = { .hdr.type = BINDER_TYPE_BINDER };
	struct binder_transaction_data tr = {
		.data_size = 2 * sizeof(struct flat_binder_object),
		.offsets_size = sizeof(offsets),
		.data.ptr.buffer = (uintptr_t)edge - sizeof(struct flat_binder_object),
		.data.ptr.offsets = (uintptr_t)offsets,
	};

	/* The first is good, the second is not there; then neither is. */
	memcpy(edge - sizeof(object), &object, sizeof(object));
	call_fails_with(tr, -EINVAL);
	tr.data.ptr.buffer = (uintptr_t)edge;
	call_fails_with(tr, -EINVAL);
}
END_TEST

static void piece_fails(uint64_t address, uint64_t size)
{
	struct binder_buffer_object object = {
		.hdr.type = BINDER_TYPE_PTR,
		.buffer = address,
		.length = size,
	};
	const uint64_t offset = 0;
	struct {
		uint32_t command;
		struct binder_transaction_data_sg sg;
	} __attribute__((packed)) call = { .command = BC_TRANSACTION_SG };
	struct binder_write_read bwr;
	char in[256];

	call.sg.transaction_data.data_size = sizeof(object);
	call.sg.transaction_data.offsets_size = sizeof(offset);
	call.sg.transaction_data.data.ptr.buffer = (uintptr_t)&object;
	call.sg.transaction_data.data.ptr.offsets = (uintptr_t)&offset;
	call.sg.buffers_size = size;
	ck_assert_int_eq(exchange(&call, sizeof(call), in, sizeof(in), &bwr), 0);
	ck_assert_uint_eq(word_at(in, 1), BR_FAILED_REPLY);
	ck_assert_int_eq(extended_error(), -EINVAL);
}

START_TEST(unreadable_pieces_fail_the_call)
{
	piece_fails((uintptr_t)edge, 16);
	piece_fails((uintptr_t)edge - 8, 16);
	piece_fails(16, 8192);
	check_echo(&raw, 10);
}
END_TEST

START_TEST(payload_up_to_the_edge_arrives)
{
	struct binder_transaction_data reply;
	uint32_t command;

	for (size_t size = 1; size <= page; size *= 2) {
		memset(edge - size, (int)size, size);
		ck_assert_int_eq(raw_call(&raw, 0, 1, edge - size, size, &command, &reply), 0);
		ck_assert_uint_eq(command, BR_REPLY);
		ck_assert_int_eq(
			memcmp((void *)(uintptr_t)reply.data.ptr.buffer, edge - size, size), 0);
		raw_put_free(&raw, reply.data.ptr.buffer);
	}
}
END_TEST

/* ---- what is read ---------------------------------------------------------------- */

START_TEST(read_into_bad_memory_is_efault)
{
	char *const bad[] = { NULL, edge, edge - 2, read_only, (char *)-64L };
	struct binder_write_read bwr;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(exchange(NULL, 0, bad[i], 256, &bwr), -EFAULT);
		ck_assert_uint_eq(bwr.read_consumed, 0);
	}
	check_echo(&raw, 10);
}
END_TEST

/* The call is not lost: it fails for its caller, who reads that next. */
START_TEST(reply_that_cannot_be_written_is_a_failed_call)
{
	struct {
		uint32_t command;
		struct binder_transaction_data tr;
	} __attribute__((packed)) call = { BC_TRANSACTION, { .code = 1 } };
	struct binder_write_read bwr;

	/* Room for BR_NOOP and BR_TRANSACTION_COMPLETE; the reply goes over the edge. */
	ck_assert_int_eq(exchange(&call, sizeof(call), edge - 16, 256, &bwr), -EFAULT);
	ck_assert_uint_eq(bwr.write_consumed, sizeof(call));
	ck_assert_uint_eq(bwr.read_consumed, 0);
	ck_assert_uint_eq(word_at(edge - 16, 0), BR_NOOP);
	check_echo(&raw, 10);
}
END_TEST

START_TEST(buffer_may_be_larger_than_what_is_there)
{
	struct binder_write_read bwr;
	struct {
		uint32_t command;
		struct binder_transaction_data tr;
	} __attribute__((packed)) call = { BC_TRANSACTION, { .code = 1 } };
	uint64_t buffer;

	ck_assert_int_eq(exchange(&call, sizeof(call), edge - 80, 1 << 20, &bwr), 0);
	ck_assert_uint_eq(bwr.read_consumed, 76);
	ck_assert_uint_eq(word_at(edge - 80, 2), BR_REPLY);
	memcpy(&buffer, edge - 80 + 12 + offsetof(struct binder_transaction_data, data.ptr.buffer),
	       8);
	raw_put_free(&raw, buffer);
	check_echo(&raw, 10);
}
END_TEST

static TCase *pointer_case(const char *name, void (*start)(void))
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, start, teardown);
	tcase_add_test(tc, unreadable_argument_is_efault);
	tcase_add_test(tc, argument_up_to_the_edge_is_good);
	tcase_add_test(tc, unwritable_argument_is_carried_out_and_efault);
	tcase_add_loop_test(tc, bad_addresses_of_other_ioctls_are_refused, 0,
			    sizeof(ioctls) / sizeof(ioctls[0]));
	tcase_add_test(tc, answers_to_read_only_memory_are_refused);
	tcase_add_test(tc, unreadable_commands_are_efault);
	tcase_add_test(tc, commands_before_the_edge_are_carried_out);
	tcase_add_test(tc, last_command_may_go_beyond_the_size);
	tcase_add_test(tc, unreadable_payload_fails_the_call);
	tcase_add_test(tc, unreadable_offsets_fail_the_call);
	tcase_add_test(tc, unreadable_objects_fail_the_call);
	tcase_add_test(tc, unreadable_pieces_fail_the_call);
	tcase_add_test(tc, payload_up_to_the_edge_arrives);
	tcase_add_test(tc, read_into_bad_memory_is_efault);
	tcase_add_test(tc, reply_that_cannot_be_written_is_a_failed_call);
	tcase_add_test(tc, buffer_may_be_larger_than_what_is_there);
	return tc;
}

Suite *pointer_suite(void)
{
	Suite *suite = suite_create("pointer");

	suite_add_tcase(suite, pointer_case("read from memory", setup));
	suite_add_tcase(suite, pointer_case("laid out", setup_without_reading));
	return suite;
}
