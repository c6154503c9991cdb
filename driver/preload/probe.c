/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * probe.c: what programs ask of a path before they open it, and of a descriptor.
 *
 * A device is reported as a character device with the rights of its socket; the directories and
 * files of binderfs can be read by everyone who may enter the daemon's folder.
 */
#include "preload.h"

#include "real.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#define MISC_MAJOR 10

PRELOAD_EXPORT int __xstat(int version, const char *path, struct stat *st);
PRELOAD_EXPORT int __xstat64(int version, const char *path, struct stat *st);
PRELOAD_EXPORT int __lxstat(int version, const char *path, struct stat *st);
PRELOAD_EXPORT int __lxstat64(int version, const char *path, struct stat *st);
PRELOAD_EXPORT int __fxstat(int version, int fd, struct stat *st);
PRELOAD_EXPORT int __fxstat64(int version, int fd, struct stat *st);
PRELOAD_EXPORT int __fxstatat(int version, int dir, const char *path, struct stat *st, int flags);
PRELOAD_EXPORT int __fxstatat64(int version, int dir, const char *path, struct stat *st, int flags);

static int fail(int r)
{
	if (r >= 0)
		return r;
	errno = -r;
	return -1;
}

/* ---- what there is to say ------------------------------------------------------ */

static int real_statx(int dir, const char *path, int flags, struct statx *ret)
{
	return preload_real_syscall(SYS_statx, (long)dir, path, (long)flags,
				    (long)STATX_BASIC_STATS, ret) < 0 ?
		       -errno :
		       0;
}

static void make_device(struct statx *stx)
{
	stx->stx_mode = (uint16_t)(S_IFCHR | (stx->stx_mode & 0666));
	stx->stx_nlink = 1;
	stx->stx_rdev_major = MISC_MAJOR;
	stx->stx_rdev_minor = 128 + (uint32_t)stx->stx_ino % 128;
}

static uint64_t number_of(const char *name)
{
	uint64_t hash = 14695981039346656037u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 1099511628211u;
	return hash >> 32;
}

int preload_stat(const struct preload_path *path, struct statx *ret)
{
	struct statx stx;
	char *text = NULL;
	int r = real_statx(AT_FDCWD, path->socket, 0, &stx);

	if (r == 0 && path->slash && path->kind != PRELOAD_DIRECTORY)
		r = -ENOTDIR;
	/* Of the files, those of processes come and go. */
	if (r == 0 && !strncmp(path->name, PRELOAD_PROC, strlen(PRELOAD_PROC)))
		r = preload_contents(path->name, &text);
	free(text);
	if (r < 0)
		return r;
	if (path->kind == PRELOAD_DEVICE) {
		make_device(&stx);
	} else {
		stx.stx_mode = path->kind == PRELOAD_DIRECTORY ? S_IFDIR | 0755 : S_IFREG | 0444;
		stx.stx_nlink = path->kind == PRELOAD_DIRECTORY ? 2 : 1;
		stx.stx_size = 0;
		stx.stx_blocks = 0;
		stx.stx_ino = number_of(path->name);
	}
	*ret = stx;
	return 0;
}

bool preload_stat_fd(int fd, struct statx *ret)
{
	struct preload_device *device = preload_get(fd);
	int r;

	if (!device)
		return false;
	preload_put(device);
	r = real_statx(fd, "", AT_EMPTY_PATH, ret);
	if (r < 0)
		return false;
	ret->stx_mode |= 0600;
	make_device(ret);
	return true;
}

void preload_stat_of(const struct statx *stx, struct stat *ret)
{
	*ret = (struct stat){
		.st_dev = makedev(stx->stx_dev_major, stx->stx_dev_minor),
		.st_ino = stx->stx_ino,
		.st_nlink = stx->stx_nlink,
		.st_mode = stx->stx_mode,
		.st_uid = stx->stx_uid,
		.st_gid = stx->stx_gid,
		.st_rdev = makedev(stx->stx_rdev_major, stx->stx_rdev_minor),
		.st_blksize = 4096,
		.st_atim.tv_sec = stx->stx_atime.tv_sec,
		.st_mtim.tv_sec = stx->stx_mtime.tv_sec,
		.st_ctim.tv_sec = stx->stx_ctime.tv_sec,
	};
}

static int stat_ours(const struct preload_path *path, struct stat *st)
{
	struct statx stx;
	int r = preload_stat(path, &stx);

	if (r == 0)
		preload_stat_of(&stx, st);
	return fail(r);
}

/* ---- access ------------------------------------------------------------------ */

static int access_ours(const struct preload_path *path, int mode, int flags)
{
	struct statx stx;
	int r = preload_stat(path, &stx);

	if (r < 0)
		return fail(r);
	if (path->kind == PRELOAD_DEVICE && !(mode & X_OK))
		return preload_real()->faccessat(AT_FDCWD, path->socket, mode, flags);
	return fail((mode & W_OK) || ((mode & X_OK) && path->kind != PRELOAD_DIRECTORY) ? -EACCES :
											  0);
}

PRELOAD_EXPORT int access(const char *path, int mode)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ? access_ours(&found, mode, 0) :
							 preload_real()->access(path, mode);
}

PRELOAD_EXPORT int faccessat(int dir, const char *path, int mode, int flags)
{
	struct preload_path found;

	return preload_resolve(dir, path, &found) ?
		       access_ours(&found, mode, flags & AT_EACCESS) :
		       preload_real()->faccessat(dir, path, mode, flags);
}

/* ---- stat -------------------------------------------------------------------- */

PRELOAD_EXPORT int statx(int dir, const char *restrict path, int flags, unsigned int mask,
			 struct statx *restrict stx)
{
	struct preload_path found;

	if (preload_resolve(dir, path, &found))
		return fail(preload_stat(&found, stx));
	if ((flags & AT_EMPTY_PATH) && !*path && preload_stat_fd(dir, stx))
		return 0;
	return (int)preload_real_syscall(SYS_statx, (long)dir, path, (long)flags, (long)mask, stx);
}

static bool fstat_ours(int fd, struct stat *st)
{
	struct statx stx;

	if (!preload_stat_fd(fd, &stx))
		return false;
	preload_stat_of(&stx, st);
	return true;
}

PRELOAD_EXPORT int fstat(int fd, struct stat *st)
{
	return fstat_ours(fd, st) ? 0 : preload_real()->fstat(fd, st);
}

PRELOAD_EXPORT int stat(const char *path, struct stat *st)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ? stat_ours(&found, st) :
							 preload_real()->stat(path, st);
}

PRELOAD_EXPORT int lstat(const char *path, struct stat *st)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ? stat_ours(&found, st) :
							 preload_real()->lstat(path, st);
}

PRELOAD_EXPORT int fstatat(int dir, const char *path, struct stat *st, int flags)
{
	struct preload_path found;

	if (preload_resolve(dir, path, &found))
		return stat_ours(&found, st);
	if ((flags & AT_EMPTY_PATH) && !*path && fstat_ours(dir, st))
		return 0;
	return preload_real()->fstatat(dir, path, st, flags);
}

/* How programs built against an older C library ask. */
int __xstat(int version, const char *path, struct stat *st)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ? stat_ours(&found, st) :
							 preload_real()->xstat(version, path, st);
}

int __lxstat(int version, const char *path, struct stat *st)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ? stat_ours(&found, st) :
							 preload_real()->lxstat(version, path, st);
}

int __fxstat(int version, int fd, struct stat *st)
{
	return fstat_ours(fd, st) ? 0 : preload_real()->fxstat(version, fd, st);
}

int __fxstatat(int version, int dir, const char *path, struct stat *st, int flags)
{
	struct preload_path found;

	return preload_resolve(dir, path, &found) ?
		       stat_ours(&found, st) :
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

PRELOAD_EXPORT int fstat64(int fd, struct stat64 *st)
{
	return fstat(fd, (struct stat *)st);
}

PRELOAD_EXPORT int fstatat64(int dir, const char *path, struct stat64 *st, int flags)
{
	return fstatat(dir, path, (struct stat *)st, flags);
}

int __xstat64(int version, const char *path, struct stat *st) __attribute__((alias("__xstat")));
int __lxstat64(int version, const char *path, struct stat *st) __attribute__((alias("__lxstat")));
int __fxstat64(int version, int fd, struct stat *st) __attribute__((alias("__fxstat")));
int __fxstatat64(int version, int dir, const char *path, struct stat *st, int flags)
	__attribute__((alias("__fxstatat")));
