/* SPDX-License-Identifier: MIT */
/*
 * hold.h: events of calls that are not decided yet.
 *
 * A capture of chosen calls knows only at a call's end whether it is wanted.  Until then its events,
 * and those of its reply, are kept here.
 */
#ifndef CLI_WATCH_HOLD_H
#define CLI_WATCH_HOLD_H

#include <stdbool.h>

#include "cli/capture/event.h"

struct hold;

/* NULL: no memory. */
struct hold *hold_new(void);
void hold_free(struct hold *hold);

/* Keeps a copy, payload and all; of a reply only if its call is there.  false: no memory. */
bool hold_add(struct hold *hold, const ABinderEvent *event);

/* Gives the events of a call in their order, and forgets them.  false: the function said so. */
bool hold_release(struct hold *hold, uint32_t id,
		  bool (*give)(const ABinderEvent *event, void *cookie), void *cookie);
void hold_drop(struct hold *hold, uint32_t id);

#endif
