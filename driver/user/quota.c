/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * quota.c: counts opens and descriptors for each uid and pid.
 *
 * Charged where an object is made (opener.c, thread.c, files.c), so that one
 * user who opens without end meets his own limit before the daemon meets its.
 */
#include "quota.h"

#include <unistd.h>

#define BUCKETS 256

enum quota_kind { QUOTA_UID, QUOTA_PID };

struct quota_account {
	struct quota_account *next;
	enum quota_kind kind;
	u32 id;
	u32 opens;
	u32 files;
};

struct quota_limits quota_limits = {
	.opens_per_uid = 4096,
	.opens_per_process = 1024,
	.threads_per_open = 2048,
};

static struct quota_account *buckets[BUCKETS];
static u32 capacity = UINT32_MAX;

void quota_set_capacity(u32 files)
{
	capacity = files;
}

static u32 files_allowed(u32 uid)
{
	if (quota_limits.files_per_uid)
		return quota_limits.files_per_uid;
	return uid == geteuid() ? capacity - capacity / 8 : capacity / 2;
}

static struct quota_account **bucket_of(enum quota_kind kind, u32 id)
{
	return &buckets[(id * 2654435761u + kind * 40503u) >> 16 & (BUCKETS - 1)];
}

static struct quota_account *get_account(enum quota_kind kind, u32 id)
{
	struct quota_account **bucket = bucket_of(kind, id), *account;

	for (account = *bucket; account; account = account->next) {
		if (account->kind == kind && account->id == id)
			return account;
	}
	account = port_alloc(sizeof(*account));
	if (!account)
		return NULL;
	account->kind = kind;
	account->id = id;
	account->next = *bucket;
	*bucket = account;
	return account;
}

static void drop_if_unused(struct quota_account *account)
{
	struct quota_account **link;

	if (!account || account->opens || account->files)
		return;
	for (link = bucket_of(account->kind, account->id); *link; link = &(*link)->next) {
		if (*link == account) {
			*link = account->next;
			port_free(account);
			return;
		}
	}
}

int quota_open(u32 uid, s32 pid, struct quota_account **uid_ret, struct quota_account **pid_ret)
{
	struct quota_account *by_uid = get_account(QUOTA_UID, uid);
	struct quota_account *by_pid = get_account(QUOTA_PID, (u32)pid);
	int r = 0;

	if (!by_uid || !by_pid)
		r = -ENOMEM;
	else if (by_uid->opens >= quota_limits.opens_per_uid ||
		 by_pid->opens >= quota_limits.opens_per_process)
		r = -EDQUOT;
	if (r < 0) {
		drop_if_unused(by_uid);
		drop_if_unused(by_pid);
		return r;
	}
	by_uid->opens++;
	by_pid->opens++;
	*uid_ret = by_uid;
	*pid_ret = by_pid;
	return 0;
}

void quota_close(struct quota_account *by_uid, struct quota_account *by_pid)
{
	by_uid->opens--;
	by_pid->opens--;
	drop_if_unused(by_uid);
	drop_if_unused(by_pid);
}

int quota_charge_files(struct quota_account *by_uid, u32 count)
{
	u32 allowed = files_allowed(by_uid->id);

	if (by_uid->files > allowed || count > allowed - by_uid->files)
		return -EDQUOT;
	by_uid->files += count;
	return 0;
}

void quota_uncharge_files(struct quota_account *by_uid, u32 count)
{
	by_uid->files -= count;
	drop_if_unused(by_uid);
}
