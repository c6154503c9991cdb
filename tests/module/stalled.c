/* SPDX-License-Identifier: MIT */
/*
 * stalled.c: somebody stops in the middle of a copy, and nobody else is held up by it.
 *
 * stalled DEVICE: run by tests/vm/inside.sh as root, on a device of the module's that nobody
 * has open.  A copy stops where memory is missing that userfaultfd was asked to bring, as it
 * does for any program that has its memory from a file system of its own.  TAP on stdout.
 */
#include "uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096
#define MAPPING (1u << 20)
#define PAYLOAD (16 * PAGE)
#define PATIENCE_MS 60000 /* in an emulator; what is held up is so for ever */

static const char *device;

_Noreturn static void give_up(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- memory that does not come ------------------------------------------------------ */

struct missing {
	int fd;
	char *memory; /* the last page of it is missing */
};

static struct missing missing_new(size_t size)
{
	struct missing m = { .fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK) };
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	m.memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m.fd < 0 || m.memory == MAP_FAILED || ioctl(m.fd, UFFDIO_API, &api) < 0)
		give_up("userfaultfd");
	memset(m.memory, 1, size - PAGE);
	area.range.start = (uintptr_t)m.memory + size - PAGE;
	area.range.len = PAGE;
	if (ioctl(m.fd, UFFDIO_REGISTER, &area) < 0)
		give_up("UFFDIO_REGISTER");
	return m;
}

/* Somebody waits for it. */
static bool missing_is_wanted(const struct missing *m)
{
	struct pollfd pfd = { .fd = m->fd, .events = POLLIN };

	return poll(&pfd, 1, PATIENCE_MS) == 1;
}

/* It is ordinary memory from now on. */
static void missing_comes(struct missing *m)
{
	close(m->fd);
}

/* ---- threads: a child would not have the missing memory ------------------------------- */

static pthread_t begin(void *(*function)(void *data), void *data)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, function, data))
		give_up("pthread_create");
	return thread;
}

static bool joins_in_time(pthread_t thread)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_MS / 1000;
	return pthread_timedjoin_np(thread, NULL, &until) == 0;
}

/* ---- processes ------------------------------------------------------------------------ */

/* A child that does this and ends. */
static pid_t start(void (*function)(void *data), void *data)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		function(data);
		_exit(0);
	}
	return pid;
}

static bool ends_in_time(pid_t pid)
{
	struct pollfd pfd = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	int r = poll(&pfd, 1, PATIENCE_MS);

	close(pfd.fd);
	return r == 1;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int open_device(void)
{
	int fd = open(device, O_RDWR | O_CLOEXEC);

	if (fd < 0 || mmap(NULL, MAPPING, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		give_up(device);
	return fd;
}

/* A context manager that never answers; says when it is one. */
static void be_manager(void *data)
{
	int fd = open_device(), *ready = data;

	if (ioctl(fd, BINDER_SET_CONTEXT_MGR, 0) < 0)
		give_up("BINDER_SET_CONTEXT_MGR");
	if (write(*ready, "", 1) == 1)
		pause();
}

static pid_t start_manager(void)
{
	int ends[2];
	char byte;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		give_up("pipe");
	pid = start(be_manager, &ends[1]);
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		give_up("the context manager");
	close(ends[0]);
	return pid;
}

/* Calls the manager and reads on until the call has ended. */
static void *call(void *payload)
{
	struct __attribute__((packed)) {
		__u32 command;
		struct binder_transaction_data tr;
	} out = { .command = BC_TRANSACTION };
	char in[256];
	struct binder_write_read bwr = {
		.write_buffer = (uintptr_t)&out,
		.write_size = sizeof(out),
		.read_buffer = (uintptr_t)in,
		.read_size = sizeof(in),
	};

	out.tr.data.ptr.buffer = (uintptr_t)payload;
	out.tr.data_size = payload ? PAYLOAD : 0;
	ioctl(open_device(), BINDER_WRITE_READ, &bwr);
	return NULL;
}

static void shrink(void *data)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "2", 1) != 1)
		give_up("/proc/sys/vm/drop_caches");
}

/* ---- rules ---------------------------------------------------------------------------- */

/* The pages of a process that ended are there while somebody fills them, and cannot be taken. */
static bool shrinker_ends_when_no_page_can_be_had(void)
{
	struct missing m = missing_new(PAYLOAD);
	pid_t manager = start_manager(), shrinker;
	pthread_t caller = begin(call, m.memory);
	bool stalled, shrunk;

	stalled = missing_is_wanted(&m);
	end(manager);
	shrinker = start(shrink, NULL);
	shrunk = ends_in_time(shrinker);
	missing_comes(&m);
	kill(shrinker, SIGKILL);
	return joins_in_time(caller) && stalled && shrunk && ends_in_time(shrinker);
}

struct reader {
	pid_t of;
	char *into;
};

static void *read_process(void *data)
{
	const struct reader *reader = data;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/binder_any/%s/proc/%d",
		 strrchr(device, '/') + 1, reader->of);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, reader->into, PAGE) < 0)
		give_up(path);
	close(fd);
	return NULL;
}

static void open_and_close(void *data)
{
	open_device();
}

static bool reader_holds_up_nobodys_open_nor_death(void)
{
	struct missing m = missing_new(PAGE);
	pid_t manager = start_manager(), client;
	struct reader view = { .of = manager, .into = m.memory };
	pthread_t caller = begin(call, NULL), reader = begin(read_process, &view);
	bool stalled, opened, heard;

	stalled = missing_is_wanted(&m);
	kill(manager, SIGKILL);
	heard = joins_in_time(caller);
	client = start(open_and_close, NULL);
	opened = ends_in_time(client);
	missing_comes(&m);
	end(manager);
	end(client);
	return joins_in_time(reader) && stalled && heard && opened;
}

static int number;

static int check(bool passed, const char *name)
{
	printf("%sok %d - %s\n", passed ? "" : "not ", ++number, name);
	return !passed;
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc != 2 || argv[1][0] != '/') {
		fprintf(stderr, "usage: stalled DEVICE\n");
		return 2;
	}
	device = argv[1];
	setvbuf(stdout, NULL, _IOLBF, 0);
	failed += check(shrinker_ends_when_no_page_can_be_had(),
			"shrinker_ends_when_no_page_can_be_had");
	failed += check(reader_holds_up_nobodys_open_nor_death(),
			"reader_holds_up_nobodys_open_nor_death");
	printf("1..%d\n", number);
	return failed > 0;
}
