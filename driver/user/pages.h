/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * pages.h: which pages of a shared memory object the daemon has made real.
 */
#ifndef BINDERD_PAGES_H
#define BINDERD_PAGES_H

#include "channel.h"
#include "port.h"

/* Of the smallest pages there are. */
#define PAGES_MAX (CHANNEL_SIZE / 4096 + 1)

struct pages {
	u64 real[PAGES_MAX / 64 + 1];
	u32 count;
};

/* Charges those of the range that are not real yet.  0 or -EDQUOT. */
int pages_charge(struct pages *pages, struct port_account *account, size_t offset, size_t size);
/* How much of the range, from its beginning, is in one page, and whether that is real. */
size_t pages_first(const struct pages *pages, size_t offset, size_t size, bool *real);
/* All of them; does not look at the account when there are none. */
void pages_uncharge(struct pages *pages, struct port_account *account);

#endif
