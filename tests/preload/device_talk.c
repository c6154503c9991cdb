/* SPDX-License-Identifier: MIT */
/*
 * device_talk.c: calls and answers over /dev/hwbinder by nothing but its system calls.
 */
#include "device_user.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int open_device(int flags)
{
	int fd = open(DEVICE, O_RDWR | flags);

	need(fd >= 0);
	return fd;
}

void *map(int fd)
{
	void *buffer = mmap(NULL, MAP, PROT_READ, MAP_PRIVATE | MAP_NORESERVE, fd, 0);

	need(buffer != MAP_FAILED);
	return buffer;
}

bool readable(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int n = poll(&pfd, 1, ms);

	need(n >= 0);
	need(n == 0 || pfd.revents == POLLIN);
	return n == 1;
}

int write_read(int fd, const void *out, size_t size, void *in, size_t room, size_t *got)
{
	struct binder_write_read bwr = {
		.write_buffer = (uintptr_t)out,
		.write_size = size,
		.read_buffer = (uintptr_t)in,
		.read_size = room,
	};
	int r = ioctl(fd, BINDER_WRITE_READ, &bwr);

	if (got)
		*got = bwr.read_consumed;
	return r;
}

void write_word(int fd, uint32_t word)
{
	need(write_read(fd, &word, sizeof(word), NULL, 0, NULL) == 0);
}

/* Reads once; does @command come, and its transaction? */
bool read_for(int fd, uint32_t command, struct binder_transaction_data *ret)
{
	char in[256], *at = in;
	size_t got;

	need(write_read(fd, NULL, 0, in, sizeof(in), &got) == 0);
	while (at < in + got) {
		uint32_t found;

		memcpy(&found, at, sizeof(found));
		at += sizeof(found);
		if (found == command) {
			if (ret)
				memcpy(ret, at, sizeof(*ret));
			return true;
		}
		at += _IOC_SIZE(found);
	}
	return false;
}

void send_call(int fd, uint32_t word, uint32_t code, uint32_t flags, const char *text)
{
	static uint64_t data[4];
	struct command command = { .word = word };

	memset(data, 0, sizeof(data));
	strncpy((char *)data, text, sizeof(data) - 1);
	command.tr.code = code;
	command.tr.flags = flags;
	command.tr.data_size = sizeof(data);
	command.tr.data.ptr.buffer = (uintptr_t)data;
	need(write_read(fd, &command, sizeof(command), NULL, 0, NULL) == 0);
}

void free_buffer(int fd, uint64_t buffer)
{
	struct {
		uint32_t word;
		uint64_t buffer;
	} __attribute__((packed)) command = { BC_FREE_BUFFER, buffer };

	need(write_read(fd, &command, sizeof(command), NULL, 0, NULL) == 0);
}

void *buffer_of_manager;

/* A manager that is ready to be called, in this thread. */
int manager(int flags)
{
	int fd = open_device(flags), zero = 0;

	buffer_of_manager = map(fd);
	need(ioctl(fd, BINDER_SET_CONTEXT_MGR, &zero) == 0);
	write_word(fd, BC_ENTER_LOOPER);
	return fd;
}

/* A child that runs function() with a device of its own, or with none. */
pid_t in_child(void (*function)(int), int argument)
{
	pid_t pid = fork();

	need(pid >= 0);
	if (pid == 0) {
		alarm((unsigned int)limit_of(20));
		function(argument);
		exit(0);
	}
	return pid;
}

void succeeds(pid_t pid)
{
	int status;

	need(waitpid(pid, &status, 0) == pid);
	need(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void call_oneway(int unused)
{
	int fd = open_device(0);

	map(fd);
	send_call(fd, BC_TRANSACTION, 7, TF_ONE_WAY, "hello");
	need(read_for(fd, BR_TRANSACTION_COMPLETE, NULL));
}

void call_and_wait(int unused)
{
	struct binder_transaction_data reply;
	int fd = open_device(O_NONBLOCK);

	map(fd);
	send_call(fd, BC_TRANSACTION, 8, 0, "question");
	/* The answer comes to the thread that polls for it. */
	need(readable(fd, WAIT_MS));
	while (!read_for(fd, BR_REPLY, &reply))
		need(readable(fd, WAIT_MS));
	need(strcmp((char *)(uintptr_t)reply.data.ptr.buffer, "answer") == 0);
	free_buffer(fd, reply.data.ptr.buffer);
	need(!readable(fd, 0));
}

void take_oneway(int fd)
{
	struct binder_transaction_data tr;

	while (!read_for(fd, BR_TRANSACTION, &tr))
		need(readable(fd, WAIT_MS));
	need(tr.code == 7);
	need(strcmp((char *)(uintptr_t)tr.data.ptr.buffer, "hello") == 0);
	free_buffer(fd, tr.data.ptr.buffer);
}
