/* SPDX-License-Identifier: MIT */
/*
 * binderfs.h: the mounts of binderfs, and the devices in them.
 *
 * Each mount is an instance of its own: the devices of one are not those of
 * another, even if their names are the same.
 */
#ifndef CLI_BINDERFS_H
#define CLI_BINDERFS_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#define BINDERFS_USUAL "/dev/binderfs"

/* Calls each for every mount that this process sees; options as in /proc/mounts.  Ends early when
 * each returns false. */
void binderfs_each_mount(bool (*each)(const char *path, const char *options, void *cookie),
			 void *cookie);
/* Where devices are added: /dev/binderfs if one is mounted there, else the first mount. */
bool binderfs_find(char path[static PATH_MAX]);
bool binderfs_is_mounted(const char *path);

/* Calls each for every device in a folder, by name; binder-control is none. */
void binderfs_each_device(const char *folder, void (*each)(const char *path, void *cookie),
			  void *cookie);

/* 0 or -errno. */
int binderfs_add(const char *mount, const char *name);
/* stats: with stats=global, which only the first user namespace may ask for. */
int binderfs_mount(const char *folder, unsigned int max, bool stats);

/* "660" and "user:group", either may be NULL; -EINVAL: they are none. */
struct access {
	bool has_mode;
	mode_t mode;
	uid_t uid; /* -1: as it is */
	gid_t gid;
};
int access_parse(const char *mode, const char *owner, struct access *ret);
int access_apply(const struct access *access, const char *path);

#endif
