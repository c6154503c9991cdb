/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * device.h: one Binder device: its socket, its context, who has it open.
 */
#ifndef BINDERD_DEVICE_H
#define BINDERD_DEVICE_H

#include "core.h"
#include "loop.h"

struct device {
	struct loop_source source;
	struct list_head link; /* device_list */
	const char *name;
	struct binder_context *context;
	struct list_head clients; /* struct port_proc */
	bool paused;              /* no descriptor for another connection */
	struct loop_timer resume;
};

extern struct list_head device_list;

int device_open(const char *name, struct device **ret);
void device_close(struct device *device);
/* One log line with what exists. */
void device_log_counts(const struct device *device);

#endif
