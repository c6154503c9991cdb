/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * orphan.h: opens of which no process is known any more.
 */
#ifndef BINDERD_ORPHAN_H
#define BINDERD_ORPHAN_H

#include "port.h"

/* A limit of this user's was met: closes its orphans.  True: there were some. */
bool orphan_reclaim(u32 uid);
/* The same after the event that is being handled, for callers in the middle of something. */
void orphan_reclaim_soon(u32 uid);

#endif
