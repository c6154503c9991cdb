/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * orphan.h: opens of which no process is known any more.
 */
#ifndef BINDERD_ORPHAN_H
#define BINDERD_ORPHAN_H

#include "port.h"

/* Closes the orphans of this user.  True: there were some. */
bool orphan_reclaim(u32 uid);

#endif
