/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * activation.h: sockets that were made by whoever started us, such as systemd.
 */
#ifndef BINDERD_ACTIVATION_H
#define BINDERD_ACTIVATION_H

#include "port.h"

/*
 * Takes them over and makes their names devices; says itself what is wrong.  Without any, nothing
 * happens.  @dir: the folder that was asked for, or NULL.
 */
int activation_take(const char *dir);
/* Their folder; NULL: there are none. */
const char *activation_dir(void);
/* The listening socket of a device; -1: it was not given to us. */
int activation_socket(const char *device);

#endif
