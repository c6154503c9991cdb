/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * real.h: the functions that this library stands in front of.
 *
 * driver/client is compiled once more for the preload library with this
 * included first and PRELOAD_CLIENT set, so that its own calls do not come back here.
 */
#ifndef PRELOAD_REAL_H
#define PRELOAD_REAL_H

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct preload_real {
	int (*open)(const char *path, int flags, ...);
	int (*openat)(int dir, const char *path, int flags, ...);
	int (*close)(int fd);
	int (*close_range)(unsigned int first, unsigned int last, int flags);
	void (*closefrom)(int first);
	ssize_t (*read)(int fd, void *data, size_t size);
	ssize_t (*write)(int fd, const void *data, size_t size);
	ssize_t (*readv)(int fd, const struct iovec *pieces, int count);
	ssize_t (*writev)(int fd, const struct iovec *pieces, int count);
	ssize_t (*read_chk)(int fd, void *data, size_t size, size_t room);
	int (*ioctl)(int fd, unsigned long cmd, ...);
	int (*fcntl)(int fd, int cmd, ...);
	int (*dup)(int fd);
	int (*dup2)(int fd, int copy);
	int (*dup3)(int fd, int copy, int flags);
	FILE *(*fopen)(const char *path, const char *mode);
	int (*access)(const char *path, int mode);
	int (*faccessat)(int dir, const char *path, int mode, int flags);
	int (*stat)(const char *path, struct stat *st);
	int (*lstat)(const char *path, struct stat *st);
	int (*fstatat)(int dir, const char *path, struct stat *st, int flags);
	int (*xstat)(int version, const char *path, struct stat *st);
	int (*lxstat)(int version, const char *path, struct stat *st);
	int (*fxstatat)(int version, int dir, const char *path, struct stat *st, int flags);
	int (*fstat)(int fd, struct stat *st);
	int (*fxstat)(int version, int fd, struct stat *st);
	ssize_t (*readlink)(const char *path, char *text, size_t size);
	ssize_t (*readlinkat)(int dir, const char *path, char *text, size_t size);
	char *(*realpath)(const char *path, char *resolved);
	ssize_t (*getxattr)(const char *path, const char *name, void *value, size_t size);
	ssize_t (*lgetxattr)(const char *path, const char *name, void *value, size_t size);
	ssize_t (*listxattr)(const char *path, char *names, size_t size);
	ssize_t (*llistxattr)(const char *path, char *names, size_t size);
	DIR *(*opendir)(const char *path);
	DIR *(*fdopendir)(int fd);
	struct dirent *(*readdir)(DIR *dir);
	int (*readdir_r)(DIR *dir, struct dirent *entry, struct dirent **ret);
	int (*closedir)(DIR *dir);
	int (*dirfd)(DIR *dir);
	void (*rewinddir)(DIR *dir);
	void (*seekdir)(DIR *dir, long at);
	long (*telldir)(DIR *dir);
	int (*scandir)(const char *path, struct dirent ***ret, int (*pick)(const struct dirent *),
		       int (*order)(const struct dirent **, const struct dirent **));
	int (*scandirat)(int at, const char *path, struct dirent ***ret,
			 int (*pick)(const struct dirent *),
			 int (*order)(const struct dirent **, const struct dirent **));
	int (*poll)(struct pollfd *fds, nfds_t count, int timeout);
	int (*ppoll)(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
		     const sigset_t *mask);
	int (*select)(int count, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout);
	int (*pselect)(int count, fd_set *in, fd_set *out, fd_set *except,
		       const struct timespec *timeout, const sigset_t *mask);
	int (*epoll_ctl)(int set, int op, int fd, struct epoll_event *event);
};

/* Filled in at the first call, at the latest when the library is loaded. */
const struct preload_real *preload_real(void);

/*
 * As syscall(2), which this library stands in front of.  Needs nothing that has to be looked up:
 * memory allocators call mmap() before anything can be.
 */
long preload_real_syscall(long number, ...);
void *preload_real_mmap(void *addr, size_t size, int prot, int flags, int fd, off_t offset);
int preload_real_munmap(void *addr, size_t size);

#ifdef PRELOAD_CLIENT
#define open(...) preload_real()->open(__VA_ARGS__)
#define close(fd) preload_real()->close(fd)
#define read(...) preload_real()->read(__VA_ARGS__)
#define write(...) preload_real()->write(__VA_ARGS__)
#define fcntl(...) preload_real()->fcntl(__VA_ARGS__)
#define mmap preload_real_mmap
#define munmap preload_real_munmap
#define syscall preload_real_syscall
#endif

#endif
