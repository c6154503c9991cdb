// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * trace.c: what the core says happened, as tracepoints.
 */
#include "core.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

void port_trace(const struct binder_trace *trace)
{
	switch (trace->event) {
	case BINDER_TRACE_SENT:
		trace_binder_any_sent(trace);
		return;
	case BINDER_TRACE_FAILED:
		trace_binder_any_failed(trace);
		return;
	case BINDER_TRACE_DELIVERED:
		trace_binder_any_delivered(trace);
		return;
	case BINDER_TRACE_UNANSWERED:
		trace_binder_any_unanswered(trace);
		return;
	case BINDER_TRACE_FREED:
		trace_binder_any_freed(trace);
		return;
	case BINDER_TRACE_PROC_DIED:
		trace_binder_any_proc_died(trace);
		return;
	case BINDER_TRACE_MANAGER:
		trace_binder_any_manager(trace);
		return;
	}
}
