// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * log.c: the last transactions of a context, and the last of those that failed.
 *
 * transaction.c writes, under the lock that it holds anyway; print.c calls to
 * show them.  A line is there from when its target is known, marked as
 * incomplete until the transaction is queued or has failed.
 */
#include "print.h"

u32 binder_log_add(struct binder_log *log, const struct binder_log_entry *entry)
{
	log->entry[log->count % BINDER_LOG_ENTRIES] = *entry;
	return log->count++;
}

struct binder_log_entry *binder_log_find(struct binder_log *log, u32 number)
{
	if (log->count - number > BINDER_LOG_ENTRIES)
		return NULL;
	return &log->entry[number % BINDER_LOG_ENTRIES];
}

/* ---- showing ---------------------------------------------------------------- */

static void print_entry(struct binder_printing *p, const struct binder_log_entry *entry)
{
	static const char *const kinds[] = {
		[BINDER_CALL] = "call ",
		[BINDER_ONEWAY] = "async",
		[BINDER_REPLY] = "reply",
	};

	binder_say(p, "%u: %s from %d:%d to %d:%d context %.255s node %u handle %u ", entry->id,
		   kinds[entry->kind], entry->from_pid, entry->from_tid, entry->to_pid,
		   entry->to_tid, p->ctx->name, entry->node, entry->handle);
	binder_say(p, "size %llu:%llu ret %u/%d l=%u%s\n", (unsigned long long)entry->data_size,
		   (unsigned long long)entry->offsets_size, entry->error, entry->reason,
		   entry->line, entry->done ? "" : " (incomplete)");
}

static bool print_log(struct binder_printing *p, const struct binder_log *log)
{
	u32 *number = &p->at->index;

	for (; binder_print_has_room(p); ++*number) {
		const struct binder_log_entry *entry = &log->entry[*number % BINDER_LOG_ENTRIES];

		/* Younger ones have come meanwhile; or this is the first line. */
		if (log->count - *number > BINDER_LOG_ENTRIES) {
			*number = log->count - BINDER_LOG_ENTRIES;
			entry = &log->entry[*number % BINDER_LOG_ENTRIES];
		}
		if (*number == log->count)
			return true;
		if (binder_print_sees(p, entry->from_euid) ||
		    (entry->to_pid && binder_print_sees(p, entry->to_euid)))
			print_entry(p, entry);
	}
	return false;
}

static bool step_log(struct binder_printing *p)
{
	return print_log(p, &p->ctx->log);
}

static bool step_failed_log(struct binder_printing *p)
{
	return print_log(p, &p->ctx->failed);
}

const struct binder_print_stage binder_log_stages[] = {
	{ .steps = { step_log } },
	{ .steps = { NULL } },
};

const struct binder_print_stage binder_failed_log_stages[] = {
	{ .steps = { step_failed_log } },
	{ .steps = { NULL } },
};
