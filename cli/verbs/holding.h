/* SPDX-License-Identifier: MIT */
/*
 * holding.h: references put together: which process holds how many objects of
 * which service or process.
 *
 * Called by clients.c, uses.c and proxies.c.
 */
#ifndef CLI_HOLDING_H
#define CLI_HOLDING_H

#include "cli/verbs/state_source.h"

struct holding {
	int holder;       /* the process */
	int owner;        /* STATE_NONE: dead, or one that may not be looked at */
	const char *name; /* of the service; NULL: objects without a name.  Borrowed */
	bool dead;
	int64_t objects, strong, weak, deaths;
};

struct holdings {
	struct holding *item;
	int count;
};

/* Of all holders.  0, or -ENOMEM; holdings_free() in either case. */
int holdings_read(struct source *source, struct holdings *ret);
void holdings_free(struct holdings *holdings);

/* An object with several names goes by one of them: which, for a service.  After
 * holdings_read(). */
const char *holdings_name(const struct state *state, const char *service);

/* "dead" or "not visible" stand for an owner that has no process. */
const char *holding_no_owner(const struct holding *holding);

#endif
