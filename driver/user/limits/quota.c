/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * quota.c: counts opens, descriptors and memory for each user and process.
 *
 * The shares, unless an option says otherwise:
 *
 *                 a user                                    a process
 *   opens         4096                                      1024
 *   descriptors   1/2 of the daemon's RLIMIT_NOFILE,        1/2 of its user's
 *                 7/8 for the daemon's own user
 *   memory        512 MiB                                   1/4 of its user's
 *
 * An object is charged where it is made (client.c, thread.c, files.c, buffer.c,
 * mailbox.c and the core), to its process and thereby to that process's user.  So
 * one user who takes without end meets his own limit before the daemon meets its
 * own, and one process meets its limit before its user does.  Memory objects are
 * sparse: each of their pages is charged when the daemon first touches it, and
 * refunded with the whole object.
 */
#include "quota.h"
#include "log.h"
#include "loop.h"
#include "options.h"

#include <unistd.h>

#define BUCKETS 256
#define NOBODY (-1)
/* Looking for what can be taken back takes a while, and a user at a limit can ask without end. */
#define RECLAIM_PAUSE_NS UINT64_C(50000000)
#define CLOSING (-2)

struct quota_account {
	struct quota_account *next;
	struct quota_account *user; /* NULL: this is one; valid while it has anything */
	u32 uid;
	s32 pid; /* of a user: NOBODY; of what is closed for it: CLOSING */
	u32 opens;
	u32 files;
	struct port_account memory; /* the core's too, which may give back late */
	/* Of a user: */
	struct loop_task reclaim;
	u64 reclaimed_at; /* ns */
};

static struct quota_account *buckets[BUCKETS];
static u32 capacity = UINT32_MAX;
static bool (*reclaim)(u32 uid);

void quota_set_capacity(u32 files)
{
	capacity = files;
}

void quota_at_limit(bool (*function)(u32 uid))
{
	reclaim = function;
}

/* ---- limits ------------------------------------------------------------------- */

static u32 files_of_user(u32 uid)
{
	if (options.limits.files_per_uid)
		return options.limits.files_per_uid;
	return uid == geteuid() ? capacity - capacity / 8 : capacity / 2;
}

static u32 files_allowed(const struct quota_account *account)
{
	if (!account->user)
		return files_of_user(account->uid);
	return options.limits.files_per_process ? options.limits.files_per_process :
						  files_of_user(account->uid) / 2;
}

static u32 opens_allowed(const struct quota_account *account)
{
	return account->user ? options.limits.opens_per_process : options.limits.opens_per_uid;
}

static u64 memory_allowed(const struct quota_account *account)
{
	u64 of_user = (u64)options.limits.memory_per_uid << 20;

	if (!account->user)
		return of_user;
	return options.limits.memory_per_process ? (u64)options.limits.memory_per_process << 20 :
						   of_user / 4;
}

/* ---- at a limit ----------------------------------------------------------------- */

/* Of a user.  The account may be gone afterwards. */
static bool reclaim_now(struct quota_account *user)
{
	u64 now = loop_now();

	if (now - user->reclaimed_at < RECLAIM_PAUSE_NS)
		return false;
	user->reclaimed_at = now;
	return reclaim(user->uid);
}

static void run_reclaim(struct loop_task *task)
{
	reclaim_now(container_of(task, struct quota_account, reclaim));
}

/* After the event that is being handled: the caller is in the middle of something. */
static void reclaim_soon(struct quota_account *account)
{
	loop_task_queue(account->user ? &account->user->reclaim : &account->reclaim);
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
	reclaim_soon(account);
}

/* ---- accounts ------------------------------------------------------------------ */

static struct quota_account **bucket_of(u32 uid, s32 pid)
{
	return &buckets[((uid + (u32)pid * 40503u) * 2654435761u) >> 16 & (BUCKETS - 1)];
}

static bool is_unused(const struct quota_account *account)
{
	return !account->opens && !account->files && !account->memory.used;
}

static struct quota_account *find_account(u32 uid, s32 pid)
{
	struct quota_account *account;

	for (account = *bucket_of(uid, pid); account; account = account->next) {
		if (account->uid == uid && account->pid == pid)
			return account;
	}
	return NULL;
}

static void drop_if_unused(struct quota_account *account)
{
	struct quota_account **link = bucket_of(account->uid, account->pid);

	if (!is_unused(account))
		return;
	while (*link != account)
		link = &(*link)->next;
	*link = account->next;
	loop_task_cancel(&account->reclaim);
	port_free(account);
}

/* The core gives back late: a call may outlive its caller. */
static void memory_emptied(struct port_account *memory)
{
	drop_if_unused(container_of(memory, struct quota_account, memory));
}

static struct quota_account *get_account(u32 uid, s32 pid, struct quota_account *user)
{
	struct quota_account **bucket = bucket_of(uid, pid);
	struct quota_account *account = find_account(uid, pid);

	if (account)
		return account;
	account = port_alloc(sizeof(*account));
	if (!account)
		return NULL;
	account->uid = uid;
	account->pid = pid;
	account->user = user;
	account->memory.parent = user ? &user->memory : NULL;
	account->memory.limit = memory_allowed(account);
	account->memory.refused = memory_refused;
	account->memory.emptied = memory_emptied;
	account->reclaim.run = run_reclaim;
	account->next = *bucket;
	*bucket = account;
	return account;
}

/* A user's goes last: all that its processes have counts there too. */
static void drop_unused(struct quota_account *account)
{
	struct quota_account *user = account->user;

	drop_if_unused(account);
	drop_if_unused(user);
}

int quota_open(u32 uid, s32 pid, struct quota_account **ret)
{
	struct quota_account *user = get_account(uid, NOBODY, NULL), *process;
	int r = 0;

	if (!user)
		return -ENOMEM;
	process = get_account(uid, pid, user);
	if (!process)
		r = -ENOMEM;
	else if (user->opens >= opens_allowed(user) || process->opens >= opens_allowed(process))
		r = -EDQUOT;
	if (r < 0) {
		if (process)
			drop_if_unused(process);
		drop_if_unused(user);
		return r;
	}
	user->opens++;
	process->opens++;
	*ret = process;
	return 0;
}

bool quota_reclaim(u32 uid)
{
	struct quota_account *user = find_account(uid, NOBODY);

	return user && reclaim_now(user);
}

void quota_close(struct quota_account *account)
{
	account->opens--;
	account->user->opens--;
	drop_unused(account);
}

/* ---- what is charged -------------------------------------------------------------- */

struct port_account *quota_memory(struct quota_account *account)
{
	return &account->memory;
}

u64 quota_memory_used(void)
{
	u64 used = 0;

	for (u32 i = 0; i < BUCKETS; i++) {
		for (struct quota_account *account = buckets[i]; account; account = account->next)
			used += account->user ? 0 : account->memory.used;
	}
	return used;
}

static bool has_files_for(const struct quota_account *account, u32 count)
{
	u32 allowed = files_allowed(account);

	return account->files <= allowed && count <= allowed - account->files;
}

int quota_charge_files(struct quota_account *account, u32 count)
{
	if (!has_files_for(account, count) || !has_files_for(account->user, count)) {
		reclaim_soon(account);
		return -EDQUOT;
	}
	account->files += count;
	account->user->files += count;
	return 0;
}

struct quota_account *quota_charge_closing(u32 uid)
{
	struct quota_account *user = get_account(uid, NOBODY, NULL), *closing;

	if (!user)
		return NULL;
	closing = get_account(uid, CLOSING, user);
	if (!closing) {
		drop_if_unused(user);
		return NULL;
	}
	closing->files++;
	user->files++;
	return closing;
}

void quota_uncharge_files(struct quota_account *account, u32 count)
{
	account->files -= count;
	account->user->files -= count;
	drop_unused(account);
}

/* ---- pages --------------------------------------------------------------------- */

static u32 page_shift(void)
{
	static u32 shift;

	if (!shift)
		shift = (u32)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE));
	return shift;
}

int pages_charge(struct pages *pages, struct port_account *account, size_t offset, size_t size)
{
	u32 shift = page_shift();
	size_t page = offset >> shift, last = (offset + size - 1) >> shift;

	for (; size && page <= last; page++) {
		u64 bit = 1ull << (page % 64);

		if (pages->real[page / 64] & bit)
			continue;
		if (port_charge(account, 1ull << shift))
			return -EDQUOT;
		pages->real[page / 64] |= bit;
		pages->count++;
	}
	return 0;
}

size_t pages_first(const struct pages *pages, size_t offset, size_t size, bool *real)
{
	size_t page = offset >> page_shift();
	size_t part = ((page + 1) << page_shift()) - offset;

	*real = pages->real[page / 64] >> (page % 64) & 1;
	return part < size ? part : size;
}

void pages_uncharge(struct pages *pages, struct port_account *account)
{
	if (pages->count)
		port_uncharge(account, (u64)pages->count << page_shift());
	memset(pages, 0, sizeof(*pages));
}
