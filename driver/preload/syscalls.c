/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * syscalls.c: syscall(2), as far as it is about files.
 *
 * Some programs make a call by its number, for a C library that does not know it yet.  Those that
 * may concern a device or its descriptor go to the function of this library that has their name.
 */
#include "preload.h"

#include "real.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/syscall.h>

#if defined(__x86_64__) || defined(__aarch64__) || defined(__riscv)

/* The head of struct open_how; programs may bring a longer one. */
struct how {
	uint64_t flags, mode, resolve;
};

static long call_openat2(const long a[6])
{
	const struct how *how = (const void *)a[2];
	int r;

	if (how && (size_t)a[3] >= sizeof(*how) &&
	    preload_open((int)a[0], (const char *)a[1], (int)how->flags, &r))
		return r;
	return preload_real_syscall(SYS_openat2, a[0], a[1], a[2], a[3], a[4], a[5]);
}

PRELOAD_EXPORT long syscall(long number, ...)
{
	long a[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	switch (number) {
#ifdef SYS_open
	case SYS_open:
		return open((const char *)a[0], (int)a[1], (mode_t)a[2]);
	case SYS_stat:
		return stat((const char *)a[0], (struct stat *)a[1]);
	case SYS_lstat:
		return lstat((const char *)a[0], (struct stat *)a[1]);
	case SYS_access:
		return access((const char *)a[0], (int)a[1]);
	case SYS_dup2:
		return dup2((int)a[0], (int)a[1]);
	case SYS_poll:
		return poll((struct pollfd *)a[0], (nfds_t)a[1], (int)a[2]);
	case SYS_readlink:
		return readlink((const char *)a[0], (char *)a[1], (size_t)a[2]);
#endif
#ifdef SYS_newfstatat
	case SYS_newfstatat:
		return fstatat((int)a[0], (const char *)a[1], (struct stat *)a[2], (int)a[3]);
#endif
	case SYS_openat:
		return openat((int)a[0], (const char *)a[1], (int)a[2], (mode_t)a[3]);
	case SYS_openat2:
		return call_openat2(a);
	case SYS_close:
		return close((int)a[0]);
#ifdef SYS_close_range
	case SYS_close_range:
		return close_range((unsigned int)a[0], (unsigned int)a[1], (int)a[2]);
#endif
	case SYS_ioctl:
		return ioctl((int)a[0], (unsigned long)a[1], (void *)a[2]);
	case SYS_mmap:
		return (long)mmap((void *)a[0], (size_t)a[1], (int)a[2], (int)a[3], (int)a[4],
				  (off_t)a[5]);
	case SYS_munmap:
		return munmap((void *)a[0], (size_t)a[1]);
	case SYS_dup:
		return dup((int)a[0]);
	case SYS_dup3:
		return dup3((int)a[0], (int)a[1], (int)a[2]);
	case SYS_fcntl:
		return fcntl((int)a[0], (int)a[1], a[2]);
	case SYS_read:
		return read((int)a[0], (void *)a[1], (size_t)a[2]);
	case SYS_write:
		return write((int)a[0], (const void *)a[1], (size_t)a[2]);
	case SYS_fstat:
		return fstat((int)a[0], (struct stat *)a[1]);
	case SYS_statx:
		return statx((int)a[0], (const char *)a[1], (int)a[2], (unsigned int)a[3],
			     (struct statx *)a[4]);
	case SYS_faccessat:
		return faccessat((int)a[0], (const char *)a[1], (int)a[2], 0);
#ifdef SYS_faccessat2
	case SYS_faccessat2:
		return faccessat((int)a[0], (const char *)a[1], (int)a[2], (int)a[3]);
#endif
	case SYS_readlinkat:
		return readlinkat((int)a[0], (const char *)a[1], (char *)a[2], (size_t)a[3]);
	case SYS_epoll_ctl:
		return epoll_ctl((int)a[0], (int)a[1], (int)a[2], (struct epoll_event *)a[3]);
	default:
		return preload_real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	}
}

#endif
