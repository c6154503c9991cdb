/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * open.c: the ways to open a path, in front of the C library.
 *
 * A device's path becomes a connection to its daemon, a feature of binderfs a
 * file in memory; table.c hears of the device's descriptor.
 */
#include "preload.h"

#include "real.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

PRELOAD_EXPORT int open64(const char *path, int flags, ...);
PRELOAD_EXPORT int openat64(int dir, const char *path, int flags, ...);
PRELOAD_EXPORT int __open_2(const char *path, int flags);
PRELOAD_EXPORT int __open64_2(const char *path, int flags);
PRELOAD_EXPORT int __openat_2(int dir, const char *path, int flags);
PRELOAD_EXPORT int __openat64_2(int dir, const char *path, int flags);

static int open_feature(int flags)
{
	int fd = memfd_create("binder-feature", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);

	if (fd < 0)
		return -errno;
	if (write(fd, "1\n", 2) != 2 || lseek(fd, 0, SEEK_SET) < 0) {
		int r = -errno;

		preload_real()->close(fd);
		return r;
	}
	return fd;
}

static int apply_flags(int fd, struct binder_client *client, int flags)
{
	const struct preload_real *real = preload_real();

	/* A connection begins with FD_CLOEXEC. */
	if (!(flags & O_CLOEXEC) && real->fcntl(fd, F_SETFD, 0) < 0)
		return -errno;
	if (!(flags & O_NONBLOCK))
		return 0;
	binder_client_set_nonblock(client, true);
	return real->fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK) < 0 ? -errno : 0;
}

static int open_device(const char *socket, int flags)
{
	struct binder_client *client;
	int fd, r;

	if (flags & O_DIRECTORY)
		return -ENOTDIR;
	r = binder_client_open(socket, &client);
	if (r < 0)
		return r == -ECONNREFUSED ? -ENXIO : r == -EDQUOT ? -EMFILE : r;
	fd = binder_client_share(client);
	if (fd < 0) {
		binder_client_close(client);
		return fd;
	}
	r = apply_flags(fd, client, flags);
	if (r == 0)
		r = preload_add(fd, client);
	if (r < 0) {
		binder_client_close(client);
		preload_real()->close(fd);
		return r;
	}
	return fd;
}

/* True: the path is ours, and *ret what open(2) returns. */
static bool open_ours(const char *path, int flags, int *ret)
{
	char socket[4096];
	int r;

	if (flags & O_PATH)
		return false;
	if (preload_is_feature(path))
		r = open_feature(flags);
	else if (preload_find(path, socket, sizeof(socket)))
		r = open_device(socket, flags);
	else
		return false;
	if (r < 0) {
		errno = -r;
		r = -1;
	}
	*ret = r;
	return true;
}

/* What does not begin so costs one comparison. */
static bool is_candidate(const char *path)
{
	return path && path[0] == '/' && path[1] == 'd' && path[2] == 'e' && path[3] == 'v' &&
	       path[4] == '/';
}

static int open_any(int dir, const char *path, int flags, mode_t mode)
{
	int before = errno, r;

	if (is_candidate(path) && open_ours(path, flags, &r))
		return r;
	errno = before;
	return preload_real()->openat(dir, path, flags, mode);
}

static bool has_mode(int flags)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

PRELOAD_EXPORT int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	if (has_mode(flags)) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	return open_any(AT_FDCWD, path, flags, mode);
}

PRELOAD_EXPORT int openat(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	if (has_mode(flags)) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	return open_any(dir, path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));
int openat64(int dir, const char *path, int flags, ...) __attribute__((alias("openat")));

int __open_2(const char *path, int flags)
{
	return open_any(AT_FDCWD, path, flags, 0);
}

int __openat_2(int dir, const char *path, int flags)
{
	return open_any(dir, path, flags, 0);
}

int __open64_2(const char *path, int flags) __attribute__((alias("__open_2")));
int __openat64_2(int dir, const char *path, int flags) __attribute__((alias("__openat_2")));

/* Features are read by streams, whose own open() does not come here. */
PRELOAD_EXPORT FILE *fopen(const char *path, const char *mode)
{
	FILE *file;
	int fd;

	if (!is_candidate(path) || !preload_is_feature(path))
		return preload_real()->fopen(path, mode);
	fd = open_feature(strchr(mode, 'e') ? O_CLOEXEC : 0);
	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	file = fdopen(fd, "r");
	if (!file)
		preload_real()->close(fd);
	return file;
}

PRELOAD_EXPORT FILE *fopen64(const char *path, const char *mode) __attribute__((alias("fopen")));
