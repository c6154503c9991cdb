/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * quota.c: counts opens, descriptors and memory for each user and process.
 *
 * Charged where an object is made (opener.c, thread.c, files.c, pages.c and the
 * core), so that one user who takes without end meets his own limit before the
 * daemon meets its, and one process before its user does.
 */
#include "quota.h"
#include "log.h"
#include "orphan.h"

#include <unistd.h>

#define BUCKETS 256
#define NOBODY (-1)

struct quota_account {
	struct quota_account *next;
	struct quota_account *user; /* NULL: this is one; valid while it has anything */
	u32 uid;
	s32 pid; /* of a user: NOBODY */
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

/* ---- limits ------------------------------------------------------------------- */

static u32 files_of_user(u32 uid)
{
	if (quota_limits.files_per_uid)
		return quota_limits.files_per_uid;
	return uid == geteuid() ? capacity - capacity / 8 : capacity / 2;
}

static u32 files_allowed(const struct quota_account *account)
{
	if (!account->user)
		return files_of_user(account->uid);
	return quota_limits.files_per_process ? quota_limits.files_per_process :
						files_of_user(account->uid) / 2;
}

static u32 opens_allowed(const struct quota_account *account)
{
	return account->user ? quota_limits.opens_per_process : quota_limits.opens_per_uid;
}

static u64 memory_allowed(const struct quota_account *account)
{
	u64 of_user = (u64)quota_limits.memory_per_uid << 20;

	if (!account->user)
		return of_user;
	return quota_limits.memory_per_process ? (u64)quota_limits.memory_per_process << 20 :
						 of_user / 4;
}

static void memory_refused(struct port_account *memory)
{
	struct quota_account *account = container_of(memory, struct quota_account, memory);
	u32 mib = (u32)(memory->limit >> 20);

	if (account->user)
		log_limited(LOG_WARNING,
			    "pid %d, uid %u: uses all the memory that a process may, %u MiB "
			    "(--max-memory-per-process): what needs more fails",
			    account->pid, account->uid, mib);
	else
		log_limited(LOG_WARNING,
			    "uid %u: its processes use all the memory that they may, %u MiB "
			    "(--max-memory-per-uid): what needs more fails",
			    account->uid, mib);
	orphan_reclaim_soon(account->uid);
}

/* ---- accounts ------------------------------------------------------------------ */

static struct quota_account **bucket_of(u32 uid, s32 pid)
{
	return &buckets[((uid + (u32)pid * 40503u) * 2654435761u) >> 16 & (BUCKETS - 1)];
}

/* A process's memory counts towards its user's, so a user is unused last. */
static bool is_unused(const struct quota_account *account)
{
	return !account->opens && !account->files && !account->memory.used;
}

/* Drops those that the core emptied since. */
static struct quota_account *find_account(struct quota_account **bucket, u32 uid, s32 pid)
{
	while (*bucket) {
		struct quota_account *account = *bucket;

		if (account->uid == uid && account->pid == pid)
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

static struct quota_account *get_account(u32 uid, s32 pid, struct quota_account *user)
{
	struct quota_account **bucket = bucket_of(uid, pid);
	struct quota_account *account = find_account(bucket, uid, pid);

	if (!account) {
		account = port_alloc(sizeof(*account));
		if (!account)
			return NULL;
		account->uid = uid;
		account->pid = pid;
		account->next = *bucket;
		*bucket = account;
	}
	/* One that was empty may be older than its user's. */
	account->user = user;
	account->memory.parent = user ? &user->memory : NULL;
	account->memory.limit = memory_allowed(account);
	account->memory.refused = memory_refused;
	return account;
}

int quota_open(u32 uid, s32 pid, struct quota_account **ret)
{
	struct quota_account *user = get_account(uid, NOBODY, NULL), *process;

	if (!user)
		return -ENOMEM;
	if (user->opens >= opens_allowed(user))
		return -EDQUOT;
	user->opens++; /* keeps it */
	process = get_account(uid, pid, user);
	if (!process || process->opens >= opens_allowed(process)) {
		user->opens--;
		return process ? -EDQUOT : -ENOMEM;
	}
	process->opens++;
	*ret = process;
	return 0;
}

void quota_close(struct quota_account *account)
{
	account->opens--;
	account->user->opens--;
}

/* ---- what is charged -------------------------------------------------------------- */

struct port_account *quota_memory(struct quota_account *account)
{
	return &account->memory;
}

static bool has_files_for(const struct quota_account *account, u32 count)
{
	u32 allowed = files_allowed(account);

	return account->files <= allowed && count <= allowed - account->files;
}

int quota_charge_files(struct quota_account *account, u32 count)
{
	if (!has_files_for(account, count) || !has_files_for(account->user, count)) {
		orphan_reclaim_soon(account->uid);
		return -EDQUOT;
	}
	account->files += count;
	account->user->files += count;
	return 0;
}

void quota_uncharge_files(struct quota_account *account, u32 count)
{
	account->files -= count;
	account->user->files -= count;
}
