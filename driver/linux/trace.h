/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * trace.h: the module's tracepoints, in /sys/kernel/tracing/events/binder_any.
 *
 * trace.c fires them with what the core tells.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM binder_any

#if !defined(BINDER_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define BINDER_TRACE_H

#include <linux/tracepoint.h>

/* clang-format off */

DECLARE_EVENT_CLASS(binder_any_transaction,
	TP_PROTO(const struct binder_trace *t),
	TP_ARGS(t),
	TP_STRUCT__entry(
		__field(u32, id)
		__field(u32, reply_to)
		__field(u32, kind)
		__field(s32, from_pid)
		__field(s32, from_tid)
		__field(s32, to_pid)
		__field(s32, to_tid)
		__field(u32, node)
		__field(u32, handle)
		__field(u32, code)
		__field(u32, flags)
		__field(u64, data_size)
		__field(u64, offsets_size)
		__field(u32, error)
		__field(s32, reason)
	),
	TP_fast_assign(
		__entry->id = t->id;
		__entry->reply_to = t->reply_to;
		__entry->kind = t->kind;
		__entry->from_pid = t->from_pid;
		__entry->from_tid = t->from_tid;
		__entry->to_pid = t->to_pid;
		__entry->to_tid = t->to_tid;
		__entry->node = t->node;
		__entry->handle = t->handle;
		__entry->code = t->code;
		__entry->flags = t->flags;
		__entry->data_size = t->data_size;
		__entry->offsets_size = t->offsets_size;
		__entry->error = t->error;
		__entry->reason = t->reason;
	),
	TP_printk("%s %u reply_to %u from %d:%d to %d:%d node %u handle %u code 0x%x flags 0x%x size %llu:%llu error %u reason %d",
		  __print_symbolic(__entry->kind, { BINDER_CALL, "call" },
				   { BINDER_ONEWAY, "oneway" }, { BINDER_REPLY, "reply" }),
		  __entry->id, __entry->reply_to, __entry->from_pid, __entry->from_tid,
		  __entry->to_pid, __entry->to_tid, __entry->node, __entry->handle, __entry->code, __entry->flags,
		  __entry->data_size, __entry->offsets_size, __entry->error & 0xff,
		  __entry->reason)
);

DEFINE_EVENT(binder_any_transaction, binder_any_sent,
	TP_PROTO(const struct binder_trace *t), TP_ARGS(t));
DEFINE_EVENT(binder_any_transaction, binder_any_failed,
	TP_PROTO(const struct binder_trace *t), TP_ARGS(t));
DEFINE_EVENT(binder_any_transaction, binder_any_delivered,
	TP_PROTO(const struct binder_trace *t), TP_ARGS(t));
DEFINE_EVENT(binder_any_transaction, binder_any_unanswered,
	TP_PROTO(const struct binder_trace *t), TP_ARGS(t));
DEFINE_EVENT(binder_any_transaction, binder_any_freed,
	TP_PROTO(const struct binder_trace *t), TP_ARGS(t));

DECLARE_EVENT_CLASS(binder_any_proc,
	TP_PROTO(const struct binder_trace *t),
	TP_ARGS(t),
	TP_STRUCT__entry(
		__field(s32, pid)
	),
	TP_fast_assign(
		__entry->pid = t->from_pid;
	),
	TP_printk("pid %d", __entry->pid)
);

DEFINE_EVENT(binder_any_proc, binder_any_proc_died,
	TP_PROTO(const struct binder_trace *t), TP_ARGS(t));
DEFINE_EVENT(binder_any_proc, binder_any_manager,
	TP_PROTO(const struct binder_trace *t), TP_ARGS(t));

#endif

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
