/* SPDX-License-Identifier: MIT */
/*
 * device.h: the system calls on a Binder device, with 0 or -errno as the result.
 * Run inside of actors (actors.h); the only place that touches the device.
 */
#ifndef UAPI_DEVICE_H
#define UAPI_DEVICE_H

#include "uapi.h"

/* A descriptor, or -errno. */
int device_open(int flags);
int device_ioctl(int fd, unsigned long cmd, void *argument);
/* The receive buffer as libbinder maps it; *ret is untouched on failure. */
int device_map(int fd, size_t size, int prot, int flags, void **ret);
/* Something passed through the driver and back: whoever runs it has had its turn. */
void device_fence(void);

#endif
