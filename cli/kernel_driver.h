/* SPDX-License-Identifier: MIT */
/*
 * kernel_driver.h: which of the drivers a device belongs to.
 *
 * They show different files of themselves, so that advice depends on it.
 */
#ifndef CLI_KERNEL_DRIVER_H
#define CLI_KERNEL_DRIVER_H

enum kernel_driver {
	DRIVER_UNKNOWN, /* the path is no device, or has no driver */
	DRIVER_BINDERD, /* it is a socket */
	DRIVER_C,       /* upstream's */
	DRIVER_RUST,    /* upstream's, since Linux 6.18: binderfs only, no debugfs, no log */
	DRIVER_ANY,     /* our module */
};

enum kernel_driver kernel_driver_of(const char *path);
/* "binderd", "the kernel's driver in C" and so on. */
const char *kernel_driver_name(enum kernel_driver driver);

#endif
