/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * directory.h: the folder of the devices' sockets.
 */
#ifndef BINDERD_DIRECTORY_H
#define BINDERD_DIRECTORY_H

#include "port.h"

/* Makes or checks the directory and takes its lock; says itself what is wrong. */
int directory_open(const char *path);
const char *directory_path(void);
/* A listening socket under @name, in place of a stale one; says itself what is wrong. */
int directory_listen(const char *name, u32 mode, int *ret);
void directory_unlink(const char *name);
void directory_close(void);

#endif
