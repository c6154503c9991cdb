/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * conf.h: configuration files of lines "name = value", for binderd and servicemanager.
 */
#ifndef DAEMON_CONF_H
#define DAEMON_CONF_H

#include <stdbool.h>

/* One setting.  False: it is not known or not valid, after writing into why (200 bytes). */
typedef bool conf_set(const char *name, const char *value, const char *where, char *why);

/*
 * Reads a file, or $BINDER_CONF_DIR or else /etc/binder's file of that name when it has no
 * slash.  Only a file that was named with a slash has to exist.  Values stay allocated.
 * 0, or -1 after a line on standard error that begins with program and FILE:LINE.
 */
int conf_read(const char *program, const char *file, conf_set *set);

#define CONF_WHY 200

/* A copy that is never freed, or NULL. */
char *conf_keep(const char *text);

#endif
