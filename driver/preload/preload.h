/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * preload.h: what the files of the preload library share.
 *
 * calls.c, open.c and probe.c are what programs call instead of the C library;
 * table.c knows which descriptors are devices; real.c is the C library.
 */
#ifndef PRELOAD_H
#define PRELOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
/* The socket that stands for a device's path.  False: it is not one of ours. */
bool preload_find(const char *path, char *ret, size_t size);
/* May a socket with this address be a device's? */
bool preload_is_device_address(const char *address);
bool preload_is_feature(const char *path);

#endif
