/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * hooks.c: what is left of core/hooks.h: telling, and time.
 *
 * The core calls.  Its other hooks are in buffer.c, mailbox.c, files.c, identity.c
 * and nice.c, and in thread.c and client.c of channel/.
 */
#include "core.h"
#include "log.h"
#include "watcher.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

static const char *const kinds[] = {
	[BINDER_CALL] = "call",
	[BINDER_ONEWAY] = "one-way call",
	[BINDER_REPLY] = "reply",
};

static void trace_failed(const struct binder_trace *t)
{
	log_line(LOG_DEBUG,
		 "%s: %s %u from %d:%d to %d:%d (handle %u, code %u, %llu bytes) "
		 "failed: %s",
		 t->context, kinds[t->kind], t->id, t->from_pid, t->from_tid, t->to_pid, t->to_tid,
		 t->handle, t->code, (unsigned long long)t->data_size,
		 t->reason ? strerror(-t->reason) : "the target is gone");
}

void port_trace(const struct binder_trace *t)
{
	watcher_trace(t);
	if (t->event == BINDER_TRACE_MANAGER)
		log_info("%s: pid %d is context manager", t->context, t->from_pid);
	if (log_level < LOG_DEBUG)
		return;
	switch (t->event) {
	case BINDER_TRACE_SENT:
	case BINDER_TRACE_DELIVERED:
		log_line(LOG_DEBUG,
			 "%s: %s %u from %d:%d to %d:%d %s: node %u, code %u, "
			 "%llu bytes",
			 t->context, kinds[t->kind], t->id, t->from_pid, t->from_tid, t->to_pid,
			 t->to_tid, t->event == BINDER_TRACE_SENT ? "sent" : "delivered", t->node,
			 t->code, (unsigned long long)t->data_size);
		return;
	case BINDER_TRACE_FAILED:
		trace_failed(t);
		return;
	case BINDER_TRACE_PROC_DIED:
		log_line(LOG_DEBUG, "%s: pid %d is gone", t->context, t->from_pid);
		return;
	case BINDER_TRACE_UNANSWERED:
	case BINDER_TRACE_FREED:
	case BINDER_TRACE_MANAGER:
		return;
	}
}

void port_broken(const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	log_error("internal inconsistency: %s", line);
}

u64 port_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}
