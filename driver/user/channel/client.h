/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * client.h: accepts and ends the connections to a device.
 */
#ifndef BINDERD_CLIENT_H
#define BINDERD_CLIENT_H

#include "device.h"
#include "platform/port_proc.h"

/* Takes the descriptor over. */
void client_accept(struct device *device, int fd);
/* Tells a connection why it is not served; closing it is the caller's. */
void client_refuse(int fd, int result);
void client_close(struct port_proc *client);

#endif
