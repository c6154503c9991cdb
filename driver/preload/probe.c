/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * probe.c: what programs ask of a device's path before they open it.
 *
 * A device is reported as a character device with the rights of its socket.
 */
#include "preload.h"

#include "real.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#define MISC_MAJOR 10

PRELOAD_EXPORT int __xstat(int version, const char *path, struct stat *st);
PRELOAD_EXPORT int __xstat64(int version, const char *path, struct stat *st);
PRELOAD_EXPORT int __lxstat(int version, const char *path, struct stat *st);
PRELOAD_EXPORT int __lxstat64(int version, const char *path, struct stat *st);
PRELOAD_EXPORT int __fxstatat(int version, int dir, const char *path, struct stat *st, int flags);
PRELOAD_EXPORT int __fxstatat64(int version, int dir, const char *path, struct stat *st, int flags);

static bool find(const char *path, char *ret, size_t size)
{
	int before = errno;
	bool found = path && strncmp(path, "/dev/", 5) == 0 && preload_find(path, ret, size);

	errno = before;
	return found;
}

/* ---- access ------------------------------------------------------------------ */

static int access_ours(const char *socket, int dir, int mode, int flags)
{
	if (mode & X_OK) {
		errno = EACCES;
		return -1;
	}
	return preload_real()->faccessat(dir, socket, mode, flags);
}

PRELOAD_EXPORT int access(const char *path, int mode)
{
	char socket[4096];

	if (find(path, socket, sizeof(socket)))
		return access_ours(socket, AT_FDCWD, mode, 0);
	if (preload_is_feature(path))
		return 0;
	return preload_real()->access(path, mode);
}

PRELOAD_EXPORT int faccessat(int dir, const char *path, int mode, int flags)
{
	char socket[4096];

	if (find(path, socket, sizeof(socket)))
		return access_ours(socket, AT_FDCWD, mode, flags);
	if (preload_is_feature(path))
		return 0;
	return preload_real()->faccessat(dir, path, mode, flags);
}

/* ---- stat -------------------------------------------------------------------- */

static int statx_ours(const char *socket, struct statx *stx)
{
	if (syscall(SYS_statx, AT_FDCWD, socket, 0, STATX_BASIC_STATS, stx) < 0)
		return -1;
	stx->stx_mode = (uint16_t)(S_IFCHR | (stx->stx_mode & 0666));
	stx->stx_rdev_major = MISC_MAJOR;
	stx->stx_rdev_minor = 128 + (uint32_t)stx->stx_ino % 128;
	return 0;
}

PRELOAD_EXPORT int statx(int dir, const char *restrict path, int flags, unsigned int mask,
			 struct statx *restrict stx)
{
	char socket[4096];

	return find(path, socket, sizeof(socket)) ?
		       statx_ours(socket, stx) :
		       (int)syscall(SYS_statx, dir, path, flags, mask, stx);
}

static int stat_ours(const char *socket, struct stat *st)
{
	struct statx stx;

	if (statx_ours(socket, &stx) < 0)
		return -1;
	memset(st, 0, sizeof(*st));
	st->st_dev = makedev(stx.stx_dev_major, stx.stx_dev_minor);
	st->st_ino = stx.stx_ino;
	st->st_nlink = 1;
	st->st_mode = stx.stx_mode;
	st->st_uid = stx.stx_uid;
	st->st_gid = stx.stx_gid;
	st->st_rdev = makedev(stx.stx_rdev_major, stx.stx_rdev_minor);
	st->st_blksize = 4096;
	st->st_atim.tv_sec = stx.stx_atime.tv_sec;
	st->st_mtim.tv_sec = stx.stx_mtime.tv_sec;
	st->st_ctim.tv_sec = stx.stx_ctime.tv_sec;
	return 0;
}

PRELOAD_EXPORT int stat(const char *path, struct stat *st)
{
	char socket[4096];

	return find(path, socket, sizeof(socket)) ? stat_ours(socket, st) :
						    preload_real()->stat(path, st);
}

PRELOAD_EXPORT int lstat(const char *path, struct stat *st)
{
	char socket[4096];

	return find(path, socket, sizeof(socket)) ? stat_ours(socket, st) :
						    preload_real()->lstat(path, st);
}

PRELOAD_EXPORT int fstatat(int dir, const char *path, struct stat *st, int flags)
{
	char socket[4096];

	return find(path, socket, sizeof(socket)) ? stat_ours(socket, st) :
						    preload_real()->fstatat(dir, path, st, flags);
}

/* How programs built against an older C library ask. */
int __xstat(int version, const char *path, struct stat *st)
{
	char socket[4096];

	return find(path, socket, sizeof(socket)) ? stat_ours(socket, st) :
						    preload_real()->xstat(version, path, st);
}

int __lxstat(int version, const char *path, struct stat *st)
{
	char socket[4096];

	return find(path, socket, sizeof(socket)) ? stat_ours(socket, st) :
						    preload_real()->lxstat(version, path, st);
}

int __fxstatat(int version, int dir, const char *path, struct stat *st, int flags)
{
	char socket[4096];

	return find(path, socket, sizeof(socket)) ?
		       stat_ours(socket, st) :
		       preload_real()->fxstatat(version, dir, path, st, flags);
}

/* The same structure on all machines that this runs on. */
_Static_assert(sizeof(struct stat) == sizeof(struct stat64), "stat64");

PRELOAD_EXPORT int stat64(const char *path, struct stat64 *st)
{
	return stat(path, (struct stat *)st);
}

PRELOAD_EXPORT int lstat64(const char *path, struct stat64 *st)
{
	return lstat(path, (struct stat *)st);
}

PRELOAD_EXPORT int fstatat64(int dir, const char *path, struct stat64 *st, int flags)
{
	return fstatat(dir, path, (struct stat *)st, flags);
}

int __xstat64(int version, const char *path, struct stat *st) __attribute__((alias("__xstat")));
int __lxstat64(int version, const char *path, struct stat *st) __attribute__((alias("__lxstat")));
int __fxstatat64(int version, int dir, const char *path, struct stat *st, int flags)
	__attribute__((alias("__fxstatat")));
