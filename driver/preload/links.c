/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * links.c: what else programs ask of a path: where a link leads, and extended attributes.
 *
 * Nothing of ours is a link or has an attribute.  ls -l asks for the latter, and calls a file
 * missing for which that fails in another way.
 */
#include "preload.h"

#include "real.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

PRELOAD_EXPORT ssize_t __readlink_chk(const char *path, char *text, size_t size, size_t room);
PRELOAD_EXPORT ssize_t __readlinkat_chk(int dir, const char *path, char *text, size_t size,
					size_t room);
PRELOAD_EXPORT char *__realpath_chk(const char *path, char *resolved, size_t room);

/* -1 with the error that there is no such thing here, or why there is no such file. */
static int none(const struct preload_path *path, int error)
{
	struct statx stx;
	int r = preload_stat(path, &stx);

	errno = r < 0 ? -r : error;
	return -1;
}

PRELOAD_EXPORT ssize_t readlink(const char *restrict path, char *restrict text, size_t size)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ? none(&found, EINVAL) :
							 preload_real()->readlink(path, text, size);
}

PRELOAD_EXPORT ssize_t readlinkat(int dir, const char *restrict path, char *restrict text,
				  size_t size)
{
	struct preload_path found;

	return preload_resolve(dir, path, &found) ?
		       none(&found, EINVAL) :
		       preload_real()->readlinkat(dir, path, text, size);
}

ssize_t __readlink_chk(const char *path, char *text, size_t size, size_t room)
{
	if (size > room)
		abort();
	return readlink(path, text, size);
}

ssize_t __readlinkat_chk(int dir, const char *path, char *text, size_t size, size_t room)
{
	if (size > room)
		abort();
	return readlinkat(dir, path, text, size);
}

static char *realpath_ours(const struct preload_path *path, char *resolved)
{
	bool is_alone = path->kind == PRELOAD_DEVICE && !path->in_binderfs;
	char whole[sizeof("/dev/binderfs/") + sizeof(path->name)];
	struct statx stx;
	int r = preload_stat(path, &stx);

	if (r < 0) {
		errno = -r;
		return NULL;
	}
	snprintf(whole, sizeof(whole), "/dev%s%s%s", is_alone ? "" : "/binderfs",
		 *path->name ? "/" : "", path->name);
	return resolved ? strcpy(resolved, whole) : strdup(whole);
}

PRELOAD_EXPORT char *realpath(const char *restrict path, char *restrict resolved)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ? realpath_ours(&found, resolved) :
							 preload_real()->realpath(path, resolved);
}

char *__realpath_chk(const char *path, char *resolved, size_t room)
{
	if (room < PATH_MAX)
		abort();
	return realpath(path, resolved);
}

PRELOAD_EXPORT char *canonicalize_file_name(const char *path)
{
	return realpath(path, NULL);
}

/* ---- extended attributes ----------------------------------------------------- */

PRELOAD_EXPORT ssize_t getxattr(const char *path, const char *name, void *value, size_t size)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ?
		       none(&found, ENODATA) :
		       preload_real()->getxattr(path, name, value, size);
}

PRELOAD_EXPORT ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ?
		       none(&found, ENODATA) :
		       preload_real()->lgetxattr(path, name, value, size);
}

static ssize_t no_names(const struct preload_path *path)
{
	return none(path, 0) && errno ? -1 : 0;
}

PRELOAD_EXPORT ssize_t listxattr(const char *path, char *names, size_t size)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ?
		       no_names(&found) :
		       preload_real()->listxattr(path, names, size);
}

PRELOAD_EXPORT ssize_t llistxattr(const char *path, char *names, size_t size)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ?
		       no_names(&found) :
		       preload_real()->llistxattr(path, names, size);
}
