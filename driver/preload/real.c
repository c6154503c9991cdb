/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * real.c: looks up the functions that this library stands in front of.
 */
#include "real.h"

#include <dlfcn.h>
#include <stdint.h>
#include <sys/syscall.h>

static struct preload_real real;
static int ready;

/* More than one thread may do this at once: all write the same. */
static void look_up(void)
{
	const struct {
		void *where;
		const char *name;
	} names[] = {
		{ &real.open, "open" },           { &real.openat, "openat" },
		{ &real.close, "close" },         { &real.close_range, "close_range" },
		{ &real.closefrom, "closefrom" }, { &real.ioctl, "ioctl" },
		{ &real.fcntl, "fcntl" },         { &real.dup, "dup" },
		{ &real.dup2, "dup2" },           { &real.dup3, "dup3" },
		{ &real.read, "read" },           { &real.write, "write" },
		{ &real.readv, "readv" },         { &real.writev, "writev" },
		{ &real.read_chk, "__read_chk" }, { &real.fopen, "fopen" },
		{ &real.access, "access" },       { &real.faccessat, "faccessat" },
		{ &real.stat, "stat" },           { &real.lstat, "lstat" },
		{ &real.fstatat, "fstatat" },     { &real.xstat, "__xstat" },
		{ &real.lxstat, "__lxstat" },     { &real.fxstatat, "__fxstatat" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		__atomic_store_n((void **)names[i].where, dlsym(RTLD_NEXT, names[i].name),
				 __ATOMIC_RELAXED);
	__atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
}

const struct preload_real *preload_real(void)
{
	if (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
		look_up();
	return &real;
}

/* So that it need not be done in a signal handler. */
__attribute__((constructor)) static void load(void)
{
	preload_real();
}

void *preload_real_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t offset)
{
	return (void *)(uintptr_t)syscall(SYS_mmap, addr, size, prot, flags, fd, offset);
}

int preload_real_munmap(void *addr, size_t size)
{
	return (int)syscall(SYS_munmap, addr, size);
}
