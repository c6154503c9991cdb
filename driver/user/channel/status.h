/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * status.h: what a supervisor such as systemd shows of a running binderd.
 */
#ifndef BINDERD_STATUS_H
#define BINDERD_STATUS_H

/* The devices can be opened; the end has begun. */
void status_ready(void);
void status_stopping(void);
/* A connection has come or gone: shown within a second. */
void status_changed(void);

#endif
