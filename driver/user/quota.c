/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * quota.c: counts opens, descriptors and memory for each uid and pid.
 *
 * Charged where an object is made (opener.c, thread.c, files.c), so that one
 * user who opens without end meets his own limit before the daemon meets its.
 */
#include "quota.h"
#include "log.h"
#include "orphan.h"

#include <unistd.h>

#define BUCKETS 256

enum quota_kind { QUOTA_UID, QUOTA_PID };

struct quota_account {
	struct quota_account *next;
	enum quota_kind kind;
	u32 id;
	u32 opens;
	u32 files;
	struct port_account memory; /* the core's too, which may give back late */
};

struct quota_limits quota_limits = {
	.opens_per_uid = 4096,
	.opens_per_process = 1024,
	.threads_per_open = 2048,
	.memory_per_uid = 512,
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

static bool is_unused(const struct quota_account *account)
{
	return !account->opens && !account->files && !account->memory.used;
}

static void memory_refused(struct port_account *memory)
{
	struct quota_account *account = container_of(memory, struct quota_account, memory);

	log_limited(LOG_WARNING,
		    "uid %u uses all the memory that it may, %u MiB (--max-memory-per-uid): what "
		    "needs more fails",
		    account->id, quota_limits.memory_per_uid);
	orphan_reclaim_soon(account->id);
}

/* Drops those that the core emptied since. */
static struct quota_account *find_account(struct quota_account **bucket, enum quota_kind kind,
					  u32 id)
{
	while (*bucket) {
		struct quota_account *account = *bucket;

		if (account->kind == kind && account->id == id)
			return account;
		if (is_unused(account)) {
			*bucket = account->next;
			port_free(account);
		} else {
			bucket = &account->next;
		}
	}
	return NULL;
}

static struct quota_account *get_account(enum quota_kind kind, u32 id)
{
	struct quota_account **bucket = bucket_of(kind, id);
	struct quota_account *account = find_account(bucket, kind, id);

	if (account)
		return account;
	account = port_alloc(sizeof(*account));
	if (!account)
		return NULL;
	account->kind = kind;
	account->id = id;
	account->memory.limit = (u64)quota_limits.memory_per_uid << 20;
	account->memory.refused = memory_refused;
	account->next = *bucket;
	*bucket = account;
	return account;
}

static void drop_if_unused(struct quota_account *account)
{
	struct quota_account **link;

	if (!account || !is_unused(account))
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

struct port_account *quota_memory(struct quota_account *by_uid)
{
	return &by_uid->memory;
}

int quota_charge_files(struct quota_account *by_uid, u32 count)
{
	u32 allowed = files_allowed(by_uid->id);

	if (by_uid->files > allowed || count > allowed - by_uid->files) {
		orphan_reclaim_soon(by_uid->id);
		return -EDQUOT;
	}
	by_uid->files += count;
	return 0;
}

void quota_uncharge_files(struct quota_account *by_uid, u32 count)
{
	by_uid->files -= count;
	drop_if_unused(by_uid);
}
