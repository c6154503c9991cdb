/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * open.c: the ways to open a path, in front of the C library.
 *
 * A device's path becomes a connection to its daemon, a file of binderfs one in memory with what
 * it holds now; table.c hears of the device's descriptor.
 */
#include "preload.h"

#include "real.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

PRELOAD_EXPORT int open64(const char *path, int flags, ...);
PRELOAD_EXPORT int openat64(int dir, const char *path, int flags, ...);
PRELOAD_EXPORT int __open_2(const char *path, int flags);
PRELOAD_EXPORT int __open64_2(const char *path, int flags);
PRELOAD_EXPORT int __openat_2(int dir, const char *path, int flags);
PRELOAD_EXPORT int __openat64_2(int dir, const char *path, int flags);

static int write_all(int fd, const char *text)
{
	size_t size = strlen(text);

	while (size) {
		ssize_t n = preload_real()->write(fd, text, size);

		if (n < 0)
			return -errno;
		text += n;
		size -= (size_t)n;
	}
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

static int open_file(const struct preload_path *path, int flags)
{
	char *text;
	int fd, r;

	if ((flags & O_ACCMODE) != O_RDONLY)
		return -EACCES;
	if ((flags & O_DIRECTORY) || path->slash)
		return -ENOTDIR;
	r = preload_contents(path->name, &text);
	if (r < 0)
		return r;
	fd = memfd_create("binderfs", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
	r = fd < 0 ? -errno : write_all(fd, text);
	free(text);
	if (r < 0 && fd >= 0)
		preload_real()->close(fd);
	return r < 0 ? r : fd;
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
	r = binder_client_open(socket, 0, &client);
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

static int open_found(const struct preload_path *path, int flags)
{
	switch (path->kind) {
	case PRELOAD_DEVICE:
		return path->slash ? -ENOTDIR : open_device(path->socket, flags);
	case PRELOAD_DIRECTORY:
		return preload_open_directory(path, flags);
	default:
		return open_file(path, flags);
	}
}

bool preload_open(int dir, const char *path, int flags, int *ret)
{
	struct preload_path found;
	int r;

	if ((flags & O_PATH) || !preload_resolve(dir, path, &found))
		return false;
	r = open_found(&found, flags);
	if (r < 0) {
		errno = -r;
		r = -1;
	}
	*ret = r;
	return true;
}

static int open_any(int dir, const char *path, int flags, mode_t mode)
{
	int r;

	if (preload_open(dir, path, flags, &r))
		return r;
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

/* The C library's streams open files without open(). */
PRELOAD_EXPORT FILE *fopen(const char *path, const char *mode)
{
	int flags = strchr(mode, '+') ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY, fd;
	FILE *file;

	if (!preload_open(AT_FDCWD, path, flags | (strchr(mode, 'e') ? O_CLOEXEC : 0), &fd))
		return preload_real()->fopen(path, mode);
	file = fd < 0 ? NULL : fdopen(fd, mode);
	if (!file && fd >= 0)
		close(fd);
	return file;
}

PRELOAD_EXPORT FILE *fopen64(const char *path, const char *mode) __attribute__((alias("fopen")));
