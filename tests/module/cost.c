// SPDX-License-Identifier: MIT
/*
 * cost.c: what a call costs on a kernel driver's device; run in a virtual machine
 * whose clock counts instructions (tests/vm/vm.sh -i), for ours and for upstream's.
 *
 * cost DEVICE: for each size of payload one line, "bytes N instructions M": caller
 * and callee together, for a call and its empty reply.
 */
#include "uapi.h"

#include <fcntl.h>
#include <signal.h>
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

struct __attribute__((packed)) answer {
	__u32 free_command;
	binder_uintptr_t buffer;
	__u32 reply_command;
	struct binder_transaction_data tr;
};

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

static void serve(const char *path)
{
	struct answer answer = { BC_FREE_BUFFER, 0, BC_REPLY, { .flags = 0 } };
	struct binder_transaction_data tr;
	__u32 enter = BC_ENTER_LOOPER;
	int fd = connect_device(path);

	if (ioctl(fd, BINDER_SET_CONTEXT_MGR, 0) < 0)
		exit(1);
	exchange(fd, &enter, sizeof(enter), BR_TRANSACTION, &tr);
	for (;;) {
		answer.buffer = tr.data.ptr.buffer;
		exchange(fd, &answer, sizeof(answer), BR_TRANSACTION, &tr);
	}
}

/* BC_FREE_BUFFER of the last reply goes out with the next call, as libraries do it. */
static long call(int fd, size_t size, int times)
{
	struct answer call = { BC_FREE_BUFFER,
			       0,
			       BC_TRANSACTION,
			       { .data_size = size,
				 .data.ptr.buffer = (__u64)(unsigned long)payload } };
	struct binder_transaction_data tr;
	struct timespec from, to;

	for (int i = 0; i < times + 10; i++) {
		if (i == 10)
			clock_gettime(CLOCK_MONOTONIC, &from);
		exchange(fd, &call, sizeof(call), BR_REPLY, &tr);
		call.buffer = tr.data.ptr.buffer;
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	return ((to.tv_sec - from.tv_sec) * 1000000000l + to.tv_nsec - from.tv_nsec) / times;
}

int main(int argc, char **argv)
{
	static const struct {
		size_t size;
		int times;
	} rows[] = { { 0, 3000 }, { 4096, 2000 }, { 65536, 500 }, { 524288, 100 } };
	pid_t server;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: cost DEVICE\n");
		return 2;
	}
	memset(payload, 1, sizeof(payload));
	server = fork();
	if (server == 0)
		serve(argv[1]);
	usleep(200000);
	fd = connect_device(argv[1]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		printf("bytes %zu instructions %ld\n", rows[i].size,
		       call(fd, rows[i].size, rows[i].times));
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	return 0;
}
