/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * quota.h: how much of binderd's descriptors and memory one user may tie up.
 */
#ifndef BINDERD_QUOTA_H
#define BINDERD_QUOTA_H

#include "port.h"

struct quota_limits {
	u32 opens_per_uid;
	u32 opens_per_process;
	u32 threads_per_open;
	u32 files_per_uid;      /* descriptors that the daemon holds for them; 0: see below */
	u32 files_per_process;  /* 0: half of what its user may have */
	u32 memory_per_uid;     /* MiB */
	u32 memory_per_process; /* MiB; 0: a quarter */
};

extern struct quota_limits quota_limits;

/* How many descriptors we can have: by default half for a user, seven eighths for our own. */
void quota_set_capacity(u32 files);

/* What one process of one user has now; counts towards the user's. */
struct quota_account;

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

#endif
