/* SPDX-License-Identifier: MIT */
/*
 * device.h: the actions of `binderctl device`, a file each.
 */
#ifndef CLI_DEVICE_H
#define CLI_DEVICE_H

#include "cli/session.h"
#include "cli/value/sink.h"

/* Each returns an enum exit_status; failures have been reported. */
int device_list(struct session *session, struct sink *sink);
int device_add(struct session *session, struct sink *sink);
int device_remove(struct session *session, struct sink *sink);
int device_mount(struct session *session, struct sink *sink);
int device_print_units(struct session *session, struct sink *sink);

#endif
