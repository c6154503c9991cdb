// SPDX-License-Identifier: MIT
/*
 * cost.c: what a call costs on a kernel driver's device, for ours and for upstream's;
 * run in a virtual machine by bench.sh.
 *
 * cost DEVICE: for each size of payload a line "bytes N cost M": caller and callee
 * together, for a call and its empty reply, in nanoseconds, which are instructions
 * where the machine's clock counts those.
 * cost DEVICE PAIRS: "pairs N cost M": so many callers, each with a callee of its
 * own, at once for a second; nanoseconds for each call that one of them made.
 */
#include "uapi.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char payload[512 << 10];

static int connect_device(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 || mmap(NULL, 2u << 20, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED) {
		perror(path);
		exit(1);
	}
	return fd;
}

/* What a call or a reply is written with; the first command only where it is wanted. */
struct __attribute__((packed)) message {
	__u32 acquire_command, handle;
	__u32 free_command;
	binder_uintptr_t buffer;
	__u32 command;
	struct binder_transaction_data tr;
};

static struct message message(__u32 command)
{
	return (struct message){ .acquire_command = BC_ACQUIRE,
				 .free_command = BC_FREE_BUFFER,
				 .command = command };
}

/* Writes, then reads until a command comes; its data, if it is a transaction or a reply. */
static void exchange(int fd, const void *out, size_t size, __u32 wanted,
		     struct binder_transaction_data *ret)
{
	char in[256];
	struct binder_write_read bwr = { .write_buffer = (__u64)(unsigned long)out,
					 .write_size = size,
					 .read_buffer = (__u64)(unsigned long)in,
					 .read_size = sizeof(in) };

	for (;;) {
		if (ioctl(fd, BINDER_WRITE_READ, &bwr) < 0)
			exit(1);
		for (size_t at = 0; at < bwr.read_consumed;) {
			__u32 command;

			memcpy(&command, in + at, sizeof(command));
			at += sizeof(command);
			if (command == wanted) {
				memcpy(ret, in + at, sizeof(*ret));
				return;
			}
			if (command == BR_FAILED_REPLY || command == BR_DEAD_REPLY)
				exit(1);
			at += _IOC_SIZE(command);
		}
		bwr.read_consumed = 0;
	}
}

/* Writes all but the first command, and waits as exchange() does. */
static void converse(int fd, const struct message *m, __u32 wanted,
		     struct binder_transaction_data *ret)
{
	const char *from = (const char *)m + offsetof(struct message, free_command);

	exchange(fd, from, sizeof(*m) - offsetof(struct message, free_command), wanted, ret);
}

/* ---- callees: the first is context manager, and knows the others ------------------------- */

enum { CODE_CALL, CODE_PUT, CODE_GET }; /* the last two: plus 3 for each pair before it */

#define PAIRS_MAX 8

static const binder_size_t no_offset;

static void carry_object(struct message *m, const struct flat_binder_object *object)
{
	m->tr.data_size = sizeof(*object);
	m->tr.data.ptr.buffer = (__u64)(unsigned long)object;
	m->tr.offsets_size = sizeof(no_offset);
	m->tr.data.ptr.offsets = (__u64)(unsigned long)&no_offset;
}

static __u32 handle_in(const struct binder_transaction_data *tr)
{
	return ((const struct flat_binder_object *)(unsigned long)tr->data.ptr.buffer)->handle;
}

/* Answers for ever. */
static void answer(int fd)
{
	struct flat_binder_object known[PAIRS_MAX] = { { .flags = 0 } };
	struct message reply = message(BC_REPLY);
	struct binder_transaction_data tr;
	__u32 enter = BC_ENTER_LOOPER;

	exchange(fd, &enter, sizeof(enter), BR_TRANSACTION, &tr);
	for (;;) {
		struct flat_binder_object *object = &known[tr.code / 3 % PAIRS_MAX];

		reply.buffer = tr.data.ptr.buffer;
		reply.tr = (struct binder_transaction_data){ .flags = 0 };
		if (tr.code % 3 == CODE_PUT) {
			object->hdr.type = BINDER_TYPE_HANDLE;
			object->handle = reply.handle = handle_in(&tr);
			exchange(fd, &reply, sizeof(reply), BR_TRANSACTION, &tr);
			continue;
		}
		if (tr.code % 3 == CODE_GET)
			carry_object(&reply, object);
		converse(fd, &reply, BR_TRANSACTION, &tr);
	}
}

/* Tells when somebody may call. */
static void serve(const char *path, unsigned int pair, int ready)
{
	int fd = connect_device(path);
	struct message put = message(BC_TRANSACTION);
	struct flat_binder_object object = { .hdr.type = BINDER_TYPE_BINDER, .binder = 1 };
	struct binder_transaction_data tr;

	if (pair) {
		carry_object(&put, &object);
		put.tr.code = pair * 3 + CODE_PUT;
		converse(fd, &put, BR_REPLY, &tr);
	} else if (ioctl(fd, BINDER_SET_CONTEXT_MGR, 0) < 0) {
		perror("BINDER_SET_CONTEXT_MGR");
		exit(1);
	}
	if (write(ready, "", 1) != 1)
		exit(1);
	answer(fd);
}

static pid_t start_callee(const char *path, unsigned int pair)
{
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe(ready) < 0 || (pid = fork()) < 0) {
		perror("callee");
		exit(1);
	}
	if (pid == 0)
		serve(path, pair, ready[1]);
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		exit(1);
	close(ready[0]);
	return pid;
}

/* ---- callers ------------------------------------------------------------------------------- */

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000l + t.tv_nsec;
}

/* BC_FREE_BUFFER of the last reply goes out with the next call, as libraries do it. */
static long call(int fd, size_t size, int times)
{
	struct message m = message(BC_TRANSACTION);
	struct binder_transaction_data tr;
	long from = 0;

	m.tr.data_size = size;
	m.tr.data.ptr.buffer = (__u64)(unsigned long)payload;
	for (int i = 0; i < times + 10; i++) {
		if (i == 10)
			from = now();
		converse(fd, &m, BR_REPLY, &tr);
		m.buffer = tr.data.ptr.buffer;
	}
	return (now() - from) / times;
}

/* The callee's handle, held. */
static __u32 find_callee(int fd, unsigned int pair)
{
	struct message get = message(BC_TRANSACTION);
	struct binder_transaction_data tr;
	struct binder_write_read bwr;

	if (!pair)
		return 0;
	get.tr.code = pair * 3 + CODE_GET;
	converse(fd, &get, BR_REPLY, &tr);
	get.handle = handle_in(&tr);
	bwr = (struct binder_write_read){ .write_buffer = (__u64)(unsigned long)&get,
					  .write_size = offsetof(struct message, free_command) };
	if (ioctl(fd, BINDER_WRITE_READ, &bwr) < 0)
		exit(1);
	return get.handle;
}

struct race { /* shared by the callers */
	bool go, stop;
	unsigned long calls;
};

static void run(const char *path, unsigned int pair, struct race *race)
{
	int fd = connect_device(path);
	struct message m = message(BC_TRANSACTION);
	struct binder_transaction_data tr;
	unsigned long calls = 0;

	m.tr.target.handle = find_callee(fd, pair);
	while (!__atomic_load_n(&race->stop, __ATOMIC_RELAXED)) {
		converse(fd, &m, BR_REPLY, &tr);
		m.buffer = tr.data.ptr.buffer;
		calls += __atomic_load_n(&race->go, __ATOMIC_RELAXED);
	}
	__atomic_add_fetch(&race->calls, calls, __ATOMIC_RELAXED);
	exit(0);
}

static void run_pairs(const char *path, unsigned int pairs)
{
	struct race *race = mmap(NULL, sizeof(*race), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t callees[PAIRS_MAX], callers[PAIRS_MAX];
	long from, took;

	if (race == MAP_FAILED)
		exit(1);
	for (unsigned int i = 0; i < pairs; i++)
		callees[i] = start_callee(path, i);
	for (unsigned int i = 0; i < pairs; i++) {
		callers[i] = fork();
		if (callers[i] == 0)
			run(path, i, race);
	}
	usleep(100000); /* until all are under way */
	from = now();
	__atomic_store_n(&race->go, true, __ATOMIC_RELAXED);
	sleep(1);
	__atomic_store_n(&race->stop, true, __ATOMIC_RELAXED);
	took = now() - from;
	for (unsigned int i = 0; i < pairs; i++)
		waitpid(callers[i], NULL, 0);
	printf("pairs %u cost %ld\n", pairs, race->calls ? took / (long)race->calls : 0);
	for (unsigned int i = 0; i < pairs; i++) {
		kill(callees[i], SIGKILL);
		waitpid(callees[i], NULL, 0);
	}
}

static void run_sizes(const char *path)
{
	static const struct {
		size_t size;
		int times;
	} rows[] = { { 0, 3000 }, { 4096, 2000 }, { 65536, 500 }, { 524288, 100 } };
	pid_t callee = start_callee(path, 0);
	int fd = connect_device(path);

	usleep(200000); /* the kernel may still be busy with those that were here before */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		printf("bytes %zu cost %ld\n", rows[i].size, call(fd, rows[i].size, rows[i].times));
	kill(callee, SIGKILL);
	waitpid(callee, NULL, 0);
}

int main(int argc, char **argv)
{
	long pairs = argc == 3 ? strtol(argv[2], NULL, 10) : 1;

	if (argc < 2 || argc > 3 || pairs < 1 || pairs > PAIRS_MAX) {
		fprintf(stderr, "usage: cost DEVICE [PAIRS]\n");
		return 2;
	}
	memset(payload, 1, sizeof(payload));
	setvbuf(stdout, NULL, _IOLBF, 0); /* nothing is left for children to print again */
	if (argc == 3)
		run_pairs(argv[1], (unsigned int)pairs);
	else
		run_sizes(argv[1]);
	return 0;
}
