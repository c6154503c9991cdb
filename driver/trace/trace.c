/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * trace.c: the library that `binderctl trace` preloads: it tells of each Binder ioctl.
 *
 * It stands in front of the C library's ioctl(); libbinder calls it for ioctls on
 * binderd.  It only looks: addresses that are wild stay the driver's business, so the program's memory
 * is read by system calls, which refuse a bad address instead of crashing.  It takes
 * no locks and allocates nothing, because ioctl() may be called in a signal handler.
 */
#include "trace.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "uapi.h"

#define TRACE_EXPORT __attribute__((visibility("default")))
/* Programs close the low descriptors that they do not know. */
#define LOWEST_FD 700
#define USUAL_SIZE 4096

typedef int ioctl_fn(int fd, unsigned long request, ...);

static ioctl_fn *real_ioctl; /* atomic */
static struct sockaddr_un address;
static uint32_t snap = USUAL_SIZE;
static int connection = -1; /* atomic, as what follows; -1: none */
static uint64_t connection_inode;
static int is_over; /* the tracer has gone */

/* ---- sending --------------------------------------------------------------------------- */

/* The program may have closed our descriptor, and have opened another of that number. */
static bool is_ours(int fd)
{
	struct stat info;

	return fd >= 0 && fstat(fd, &info) == 0 &&
	       info.st_ino == __atomic_load_n(&connection_inode, __ATOMIC_ACQUIRE);
}

static int connect_anew(void)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), high;
	struct stat info;

	if (fd < 0)
		return -1;
	high = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_FD);
	if (high >= 0) {
		close(fd);
		fd = high;
	}
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
	    fstat(fd, &info) < 0) {
		close(fd);
		return -1;
	}
	__atomic_store_n(&connection_inode, info.st_ino, __ATOMIC_RELEASE);
	__atomic_store_n(&connection, fd, __ATOMIC_RELEASE);
	return fd;
}

static int get_connection(void)
{
	int fd = __atomic_load_n(&connection, __ATOMIC_ACQUIRE);

	if (__atomic_load_n(&is_over, __ATOMIC_RELAXED))
		return -1;
	if (is_ours(fd))
		return fd;
	fd = connect_anew();
	if (fd < 0)
		__atomic_store_n(&is_over, 1, __ATOMIC_RELAXED);
	return fd;
}

static ssize_t send_pieces(int fd, struct iovec *pieces, size_t count)
{
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = count };
	ssize_t r;

	do
		r = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	return r;
}

/* A payload that cannot be read is left out. */
static void send_record(struct trace_record *record, const void *command, const void *data,
			const void *offsets)
{
	int fd = get_connection();
	struct iovec pieces[4] = { { record, sizeof(*record) },
				   { (void *)command, record->command_size },
				   { (void *)data, record->data_captured },
				   { (void *)offsets, record->offsets_captured } };
	struct timespec now;

	if (fd < 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	record->magic = TRACE_MAGIC;
	record->pid = getpid();
	record->tid = (int)syscall(SYS_gettid);
	record->time_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	if (send_pieces(fd, pieces, 4) >= 0)
		return;
	if (errno == EFAULT) {
		record->data_captured = record->offsets_captured = 0;
		if (send_pieces(fd, pieces, 2) >= 0)
			return;
	}
	__atomic_store_n(&is_over, 1, __ATOMIC_RELAXED);
}

/* ---- looking ---------------------------------------------------------------------------- */

static bool look(void *to, uint64_t from, size_t size)
{
	struct iovec here = { to, size }, there = { (void *)(uintptr_t)from, size };

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)size;
}

static bool has_payload(uint32_t command)
{
	return command == BC_TRANSACTION || command == BC_REPLY || command == BC_TRANSACTION_SG ||
	       command == BC_REPLY_SG || command == BR_TRANSACTION ||
	       command == BR_TRANSACTION_SEC_CTX || command == BR_REPLY;
}

static uint32_t at_most(uint64_t size, uint32_t most)
{
	return size < most ? (uint32_t)size : most;
}

/* The structures of all these begin with a binder_transaction_data. */
static void tell_command(int fd, enum trace_kind kind, uint32_t command, const void *structure)
{
	struct binder_transaction_data transaction = { 0 };
	struct trace_record record = {
		.kind = kind, .command = command, .fd = fd, .command_size = _IOC_SIZE(command)
	};

	if (has_payload(command)) {
		memcpy(&transaction, structure, sizeof(transaction));
		record.data_size = transaction.data_size;
		record.offsets_size = transaction.offsets_size;
		record.data_captured = at_most(transaction.data_size, snap);
		record.offsets_captured = at_most(transaction.offsets_size, TRACE_MOST_OFFSETS);
	}
	send_record(&record, structure, (const void *)(uintptr_t)transaction.data.ptr.buffer,
		    (const void *)(uintptr_t)transaction.data.ptr.offsets);
}

/* Commands lie one behind the other, without gaps. */
static void tell_commands(int fd, enum trace_kind kind, uint64_t buffer, uint64_t from, uint64_t to)
{
	char structure[TRACE_MOST_COMMAND];
	uint32_t command;

	while (from + sizeof(command) <= to && look(&command, buffer + from, sizeof(command))) {
		size_t size = _IOC_SIZE(command);

		from += sizeof(command);
		if (size > sizeof(structure) || size > to - from ||
		    (size && !look(structure, buffer + from, size)))
			return;
		tell_command(fd, kind, command, structure);
		from += size;
	}
}

static bool is_binder(uint32_t command)
{
	return command == BINDER_WRITE_READ || command == BINDER_SET_IDLE_TIMEOUT ||
	       command == BINDER_SET_MAX_THREADS || command == BINDER_SET_IDLE_PRIORITY ||
	       command == BINDER_SET_CONTEXT_MGR || command == BINDER_THREAD_EXIT ||
	       command == BINDER_VERSION || command == BINDER_GET_NODE_DEBUG_INFO ||
	       command == BINDER_GET_NODE_INFO_FOR_REF || command == BINDER_SET_CONTEXT_MGR_EXT ||
	       command == BINDER_FREEZE || command == BINDER_GET_FROZEN_INFO ||
	       command == BINDER_ENABLE_ONEWAY_SPAM_DETECTION ||
	       command == BINDER_GET_EXTENDED_ERROR;
}

TRACE_EXPORT binder_trace_before_fn binder_trace_before;
uint64_t binder_trace_before(int fd, uint32_t command, const void *argument)
{
	struct binder_write_read bwr;
	int error = errno;

	if (command != BINDER_WRITE_READ || __atomic_load_n(&is_over, __ATOMIC_RELAXED) ||
	    !look(&bwr, (uintptr_t)argument, sizeof(bwr))) {
		errno = error;
		return 0;
	}
	tell_commands(fd, TRACE_WRITE, bwr.write_buffer, bwr.write_consumed, bwr.write_size);
	errno = error;
	return bwr.read_consumed;
}

/* Nothing was there, or a signal came: that is said a thousand times a second, or to nobody. */
static bool is_failure(int result)
{
	return result < 0 && result != -EAGAIN && result != -EINTR;
}

TRACE_EXPORT binder_trace_after_fn binder_trace_after;
void binder_trace_after(int fd, uint32_t command, const void *argument, uint64_t before, int result)
{
	struct trace_record record = {
		.kind = TRACE_IOCTL, .command = command, .fd = fd, .result = result
	};
	char structure[TRACE_MOST_COMMAND];
	struct binder_write_read bwr;
	size_t size = _IOC_SIZE(command);
	int error = errno;

	if (__atomic_load_n(&is_over, __ATOMIC_RELAXED))
		return;
	if (command == BINDER_WRITE_READ) {
		if (look(&bwr, (uintptr_t)argument, sizeof(bwr)))
			tell_commands(fd, TRACE_READ, bwr.read_buffer, before, bwr.read_consumed);
		if (is_failure(result))
			send_record(&record, NULL, NULL, NULL);
	} else {
		if (size <= sizeof(structure) && look(structure, (uintptr_t)argument, size))
			record.command_size = (uint32_t)size;
		send_record(&record, structure, NULL, NULL);
	}
	errno = error;
}

TRACE_EXPORT int ioctl(int fd, unsigned long request, ...)
{
	/* The kernel looks at 32 bits; programs pass it sign-extended, too. */
	const uint32_t command = (uint32_t)request;
	ioctl_fn *real = __atomic_load_n(&real_ioctl, __ATOMIC_RELAXED);
	uint64_t before;
	va_list args;
	void *argument;
	int r;

	va_start(args, request);
	argument = va_arg(args, void *);
	va_end(args);
	if (!real) {
		real = (ioctl_fn *)dlsym(RTLD_NEXT, "ioctl");
		__atomic_store_n(&real_ioctl, real, __ATOMIC_RELAXED);
	}
	if (!is_binder(command))
		return real(fd, request, argument);
	before = binder_trace_before(fd, command, argument);
	r = real(fd, request, argument);
	binder_trace_after(fd, command, argument, before, r < 0 ? -errno : r);
	return r;
}

/* ---- loading ---------------------------------------------------------------------------- */

__attribute__((constructor)) static void load(void)
{
	const char *path = secure_getenv(TRACE_SOCKET), *size = secure_getenv(TRACE_SIZE);
	struct trace_record hello = { .kind = TRACE_HELLO };

	__atomic_store_n(&real_ioctl, (ioctl_fn *)dlsym(RTLD_NEXT, "ioctl"), __ATOMIC_RELAXED);
	if (!path || strlen(path) >= sizeof(address.sun_path)) {
		is_over = 1;
		return;
	}
	address.sun_family = AF_UNIX;
	strcpy(address.sun_path, path);
	if (size)
		snap = at_most(strtoull(size, NULL, 10), TRACE_MOST_DATA);
	send_record(&hello, NULL, NULL, NULL);
}
