/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * device.h: a device of ours, between main.c, which makes it, device.c and
 * debugfs.c.
 */
#ifndef BINDER_DEVICE_H
#define BINDER_DEVICE_H

#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include "core.h"

struct binder_device;

/* What a file of debugfs shows. */
struct binder_device_view {
	struct binder_device *device;
	enum binder_view view;
	s32 pid; /* of BINDER_VIEW_PROC */
};

struct binder_device_process;

struct binder_device {
	struct miscdevice misc;
	struct binder_context *context;
	struct list_head entry;
	struct dentry *debug, *debug_processes;
	struct binder_device_view views[BINDER_VIEWS];
	struct mutex processes_lock; /* making and removing their files */
	struct xarray processes;     /* struct binder_device_process by pid */
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
/* A process opens the device; what it closes later.  NULL: it has no file. */
struct binder_device_process *debugfs_opened(struct binder_device *device, s32 pid);
void debugfs_closed(struct binder_device_process *process);

#endif
