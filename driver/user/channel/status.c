/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * status.c: one line on what binderd serves and to how many, for `systemctl status`.
 *
 * Called by main.c at the start and the end, and by client.c for each connection.  However many
 * come and go, the line is sent at most once a second, and only to a supervisor that asked.
 */
#include "status.h"
#include "device.h"
#include "directory.h"
#include "loop.h"
#include "platform/port_proc.h"
#include "daemon/supervisor.h"

#include <stdio.h>

#define PAUSE_NS UINT64_C(1000000000)

static bool is_ready;

static void tell(const char *before)
{
	char names[256] = "", line[512];
	const struct device *device;
	const struct port_proc *client;
	u32 opens = 0;
	int length = 0;

	list_for_each_entry(device, &device_list, link) {
		if ((size_t)length < sizeof(names))
			length += snprintf(names + length, sizeof(names) - (size_t)length, "%s%s",
					   length ? ", " : "", device->name);
		list_for_each_entry(client, &device->clients, link)
			opens++;
	}
	snprintf(line, sizeof(line), "%sSTATUS=Serves %s in %s: %u open\n", before, names,
		 directory_path(), opens);
	supervisor_tell(line);
}

static void expired(struct loop_timer *timer)
{
	tell("");
}

static struct loop_timer timer = { .expired = expired };

void status_ready(void)
{
	is_ready = supervisor_listens();
	if (is_ready)
		tell("READY=1\n");
}

void status_stopping(void)
{
	if (is_ready)
		supervisor_tell("STOPPING=1\n");
	is_ready = false;
	loop_timer_cancel(&timer);
}

void status_changed(void)
{
	if (is_ready && !timer.armed)
		loop_timer_set(&timer, loop_now() + PAUSE_NS);
}
