/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * preload.h: what the files of the preload library share.
 *
 * Programs call calls.c (descriptors), open.c, probe.c and links.c (paths), directory.c,
 * waiting.c (poll and its kin) and syscalls.c instead of the C library.  table.c knows which
 * descriptors are devices, path.c which paths, contents.c what is in the files of binderfs; real.c
 * is the C library.
 */
#ifndef PRELOAD_H
#define PRELOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "client/client.h"

#define PRELOAD_EXPORT __attribute__((visibility("default")))

/* One open of a device, by whatever descriptors.  Never freed: used again. */
struct preload_device {
	int refs; /* atomic: one for all descriptors and the mapping, one for each call */
	struct binder_client *client; /* changes while refs is 0 only */
	unsigned long socket;         /* inode: tells whose a descriptor is */
	unsigned int fds;             /* table's lock, as below */
	void *map;
	size_t map_size;
	struct preload_device *next;
};

/* ---- table.c ---- */
/* NULL: not ours.  preload_put() afterwards.  Takes no lock. */
struct preload_device *preload_get(int fd);
void preload_put(struct preload_device *device);
/* A descriptor that this program got from elsewhere, if it is a device's. */
struct preload_device *preload_get_foreign(int fd);
/* @fd stands for a client that was just opened.  0 or -ENOMEM; the client is the caller's then. */
int preload_add(int fd, struct binder_client *client);
/* @copy is a duplicate of @fd now, or of something that is no device. */
void preload_copied(int fd, int copy);
/* @fd is closed; call before and after the closing. */
struct preload_device *preload_forget(int fd);
void preload_forgotten(struct preload_device *device);
void preload_forget_range(unsigned int first, unsigned int last);
void preload_set_map(struct preload_device *device, void *map, size_t size);
/* Does [addr, addr + size) touch a receive buffer?  preload_put() afterwards, and before
 * that preload_unmapped(), if it has none any more. */
struct preload_device *preload_get_mapped(const void *addr, size_t size);
void preload_unmapped(struct preload_device *device);

/* ---- path.c ---- */
#define PRELOAD_PATH_MAX 4096
#define PRELOAD_PROC "binder_logs/proc/"

enum preload_kind {
	PRELOAD_ELSEWHERE, /* nothing of ours */
	PRELOAD_DEVICE,
	PRELOAD_DIRECTORY, /* of binderfs */
	PRELOAD_FILE,      /* a feature or a log of binderfs; proc/PID may turn out to be missing */
};

struct preload_path {
	enum preload_kind kind;
	bool slash; /* a slash follows */
	bool in_binderfs;
	char name[64];                 /* below /dev/binderfs */
	char socket[PRELOAD_PATH_MAX]; /* a device's; else the daemon's folder */
};

/* True: the path, relative to dir as for openat(), is ours.  errno stays as it is. */
bool preload_resolve(int dir, const char *path, struct preload_path *ret);
/* Files and directories of binderfs that are always there, sorted; NULL: no more. */
const char *preload_fixed(size_t index);
void preload_each_device(bool (*each)(const char *name, const char *socket, void *cookie),
			 void *cookie);
/* May a socket with this address be a device's? */
bool preload_is_device_address(const char *address);

/* ---- contents.c ---- */
/* What a file of binderfs holds, malloc()ed.  0 or -errno; -ENOENT: there is no such process. */
int preload_contents(const char *name, char **ret);
void preload_each_process(bool (*each)(int pid, void *cookie), void *cookie);

/* ---- directory.c: open directories of binderfs ---- */
bool preload_has_directories(void);
/* Its name below /dev/binderfs; NULL: it is none. */
const char *preload_directory_name(int fd);
/* The daemon's folder stands for it. */
int preload_open_directory(const struct preload_path *path, int flags);
void preload_directory_copied(int fd, int copy);
void preload_directory_closed(unsigned int first, unsigned int last);

/* ---- open.c ---- */
/* True: the path is ours, and *ret what open(2) returns. */
bool preload_open(int dir, const char *path, int flags, int *ret);

/* ---- probe.c ---- */
/* What stat(2) says of a path of ours, or of a device's descriptor.  0 or -errno. */
int preload_stat(const struct preload_path *path, struct statx *ret);
bool preload_stat_fd(int fd, struct statx *ret);
void preload_stat_of(const struct statx *stx, struct stat *ret);

#endif
