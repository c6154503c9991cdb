/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * supervisor.h: what a daemon tells whoever supervises it, such as systemd.
 *
 * Called by binderd and servicemanager.  See sd_notify(3) for the words.
 */
#ifndef DAEMON_SUPERVISOR_H
#define DAEMON_SUPERVISOR_H

#include <stdbool.h>

/* Is there a supervisor that listens ($NOTIFY_SOCKET)? */
bool supervisor_listens(void);
/* Sends it lines such as "READY=1\nSTATUS=..."; nothing happens when nobody listens. */
void supervisor_tell(const char *lines);

#endif
