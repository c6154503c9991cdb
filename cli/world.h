/* SPDX-License-Identifier: MIT */
/*
 * world.h: from the words on the command line to a connection and a service.
 *
 * The verbs that talk to services start here.  Failures are reported; what is
 * returned is an enum exit_status.
 */
#ifndef CLI_WORLD_H
#define CLI_WORLD_H

#include <stdint.h>
#include <sys/types.h>

#include <binder/ext.h>

#include "verb.h"

int world_open(const struct invocation *invocation, ABinderConnection **ret);

/* The service registered under name; "manager" is handle 0 whoever is there. */
int world_find(const struct invocation *invocation, ABinderConnection *connection, const char *name,
	       AIBinder **ret);

/*
 * The interface descriptor that a binder says it has, malloc()ed; "" when it
 * has none.  Not a verb's business to report: a status, *ret untouched on failure.
 */
binder_status_t world_descriptor(AIBinder *binder, int timeout_ms, char **ret);

/* Seconds ("2", "0.5") as milliseconds from option --timeout; -1 when it was not given. */
int world_timeout(const struct invocation *invocation, int *ret);

/* Who is behind a pid, from /proc: -1 and "" when it cannot be seen. */
void world_process(pid_t pid, int64_t *uid_ret, char *name_ret, size_t size);

#define WORLD_CODE(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

#endif
