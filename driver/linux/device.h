/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * device.h: a device of ours, between main.c, which makes it, device.c and
 * debugfs.c.
 */
#ifndef BINDER_DEVICE_H
#define BINDER_DEVICE_H

#include <linux/miscdevice.h>

#include "core.h"

struct binder_device;

struct binder_device_view {
	struct binder_device *device;
	enum binder_view view;
};

struct binder_device {
	struct miscdevice misc;
	struct binder_context *context;
	struct list_head entry;
	struct dentry *debug;
	struct binder_device_view views[BINDER_VIEWS];
	char name[];
};

extern const struct file_operations binder_file_operations;

/* Nothing of main.c's can fail any more: what is open now stays. */
extern bool binder_devices_ready;

/* ---- debugfs.c: a kernel without debugfs goes without ------------------------------ */

void debugfs_module_init(void);
void debugfs_module_exit(void);
void debugfs_add(struct binder_device *device);
void debugfs_drop(struct binder_device *device);

#endif
