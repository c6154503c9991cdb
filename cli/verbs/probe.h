/* SPDX-License-Identifier: MIT */
/*
 * probe.h: what can be learnt of a service whose AIDL is nowhere.
 *
 * Called by methods.c with a service and its descriptor; an enum exit_status.
 */
#ifndef CLI_PROBE_H
#define CLI_PROBE_H

#include <binder/ext.h>

#include "cli/session.h"
#include "cli/value/sink.h"

/* Is the value of --probe one?  Before anybody is asked; EXIT_OK or EXIT_USAGE. */
int probe_check(const struct arguments *arguments);

/* Shows descriptor, version and hash; with --probe tries the codes. */
int probe_service(struct session *session, struct sink *sink, AIBinder *service,
		  const char *descriptor);

#endif
