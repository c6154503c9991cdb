/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * real.c: looks up the functions that this library stands in front of.
 */
#include "real.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
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
		{ &real.open, "open" },
		{ &real.openat, "openat" },
		{ &real.close, "close" },
		{ &real.close_range, "close_range" },
		{ &real.closefrom, "closefrom" },
		{ &real.ioctl, "ioctl" },
		{ &real.fcntl, "fcntl" },
		{ &real.dup, "dup" },
		{ &real.dup2, "dup2" },
		{ &real.dup3, "dup3" },
		{ &real.read, "read" },
		{ &real.write, "write" },
		{ &real.readv, "readv" },
		{ &real.writev, "writev" },
		{ &real.read_chk, "__read_chk" },
		{ &real.fopen, "fopen" },
		{ &real.access, "access" },
		{ &real.faccessat, "faccessat" },
		{ &real.stat, "stat" },
		{ &real.lstat, "lstat" },
		{ &real.fstatat, "fstatat" },
		{ &real.xstat, "__xstat" },
		{ &real.lxstat, "__lxstat" },
		{ &real.fxstatat, "__fxstatat" },
		{ &real.fstat, "fstat" },
		{ &real.fxstat, "__fxstat" },
		{ &real.readlink, "readlink" },
		{ &real.readlinkat, "readlinkat" },
		{ &real.realpath, "realpath" },
		{ &real.getxattr, "getxattr" },
		{ &real.lgetxattr, "lgetxattr" },
		{ &real.listxattr, "listxattr" },
		{ &real.llistxattr, "llistxattr" },
		{ &real.opendir, "opendir" },
		{ &real.fdopendir, "fdopendir" },
		{ &real.readdir, "readdir" },
		{ &real.readdir_r, "readdir_r" },
		{ &real.closedir, "closedir" },
		{ &real.dirfd, "dirfd" },
		{ &real.rewinddir, "rewinddir" },
		{ &real.seekdir, "seekdir" },
		{ &real.telldir, "telldir" },
		{ &real.scandir, "scandir" },
		{ &real.scandirat, "scandirat" },
		{ &real.poll, "poll" },
		{ &real.ppoll, "ppoll" },
		{ &real.select, "select" },
		{ &real.pselect, "pselect" },
		{ &real.epoll_ctl, "epoll_ctl" },
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

/* ---- system calls ----------------------------------------------------------- */

static long call(long number, const long a[6])
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = a[3];
	register long r8 __asm__("r8") = a[4];
	register long r9 __asm__("r9") = a[5];
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a[0];
	register long x1 __asm__("x1") = a[1];
	register long x2 __asm__("x2") = a[2];
	register long x3 __asm__("x3") = a[3];
	register long x4 __asm__("x4") = a[4];
	register long x5 __asm__("x5") = a[5];

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#elif defined(__riscv)
	register long a7 __asm__("a7") = number;
	register long a0 __asm__("a0") = a[0];
	register long a1 __asm__("a1") = a[1];
	register long a2 __asm__("a2") = a[2];
	register long a3 __asm__("a3") = a[3];
	register long a4 __asm__("a4") = a[4];
	register long a5 __asm__("a5") = a[5];

	__asm__ volatile("ecall"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
			 : "memory");
	return a0;
#else
	/* syscalls.c leaves syscall() alone there. */
	long ret = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);

	return ret < 0 ? -errno : ret;
#endif
}

long preload_real_syscall(long number, ...)
{
	long a[6], ret;
	va_list args;

	/* More than the call has do no harm, as in the C library. */
	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	ret = call(number, a);
	if (ret < 0 && ret > -4096) {
		errno = (int)-ret;
		return -1;
	}
	return ret;
}

void *preload_real_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t offset)
{
	return (void *)(uintptr_t)preload_real_syscall(SYS_mmap, addr, size, (long)prot,
						       (long)flags, (long)fd, offset);
}

int preload_real_munmap(void *addr, size_t size)
{
	return (int)preload_real_syscall(SYS_munmap, addr, size);
}
