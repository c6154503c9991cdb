/* SPDX-License-Identifier: MIT */
/*
 * vintf.h: the names of services that a device declares to have.
 */
#ifndef CLI_VINTF_H
#define CLI_VINTF_H

#include <stdbool.h>

/* False: stop. */
typedef bool (*vintf_each)(const char *name, void *cookie);

/*
 * Each name of a VINTF manifest (XML), of HIDL too, or of a manifest of servicemanager(8), which
 * begins a line with it.  0; -EINVAL: it is neither; -ENOMEM; -ECANCELED: stopped.
 */
int vintf_names(const char *text, vintf_each each, void *cookie);

#endif
