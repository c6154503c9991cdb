/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * quota.h: how much of binderd's descriptors and memory one user may tie up.
 */
#ifndef BINDERD_QUOTA_H
#define BINDERD_QUOTA_H

#include "channel.h"
#include "port.h"

/* How many descriptors we can have: by default half for a user, seven eighths for our own. */
void quota_set_capacity(u32 files);

/* What one process of one user has now; counts towards the user's. */
struct quota_account;

/* When a user has met a limit, @reclaim gives back what it can, soon after.  True: something. */
void quota_at_limit(bool (*reclaim)(u32 uid));
/* The same now, for a caller that can try again. */
bool quota_reclaim(u32 uid);

/* One more open of uid and pid.  0, -EDQUOT, -ENOMEM. */
int quota_open(u32 uid, s32 pid, struct quota_account **ret);
void quota_close(struct quota_account *account);

/* What the core, and the home's pages, are charged to; lasts until all is given back. */
struct port_account *quota_memory(struct quota_account *account);

/* Bytes that are charged to all users together. */
u64 quota_memory_used(void);

/* 0 or -EDQUOT.  Each charge keeps the account. */
int quota_charge_files(struct quota_account *account, u32 count);
/* One that is there whatever the limit says, and about to be closed.  NULL: no memory. */
struct quota_account *quota_charge_closing(u32 uid);
void quota_uncharge_files(struct quota_account *account, u32 count);

/* ---- pages of a shared memory object that the daemon has made real ---- */

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
