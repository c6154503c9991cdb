/* SPDX-License-Identifier: MIT */
/*
 * rows.c: what each line of a driver's text means, as a table.
 *
 * The text of every driver comes through here: a row fits the words of all
 * versions of the driver in C and of ours, or those of the driver in Rust.
 */
#include "cli/state/line.h"

#include <string.h>

#define TRANSACTION \
	"transaction {id:d}: [{object:p} ]from {from_pid:d}:{from_tid:d} to {to_pid:d}" \
	"[:{to_tid:d}] code {code:x} flags {flags:x}[ pri {priority:w}]" \
	"[ a{oneway:b} r{is_reply:b}]" \
	"[ r{need_reply:b}][ elapsed {elapsed_ms:d}ms][ node {node:d}]" \
	"[ size {data_size:d}:{offsets_size:d}][ offset {offset:x}][ data {data:p}]" \
	"[{freed:t} buffer free]"
#define NODE \
	"  node {id:d}: u{ptr:p} c{cookie:p}[ pri {priority:w}] hs {has_strong:b} hw {has_weak:b} " \
	"ls {local_strong:d} lw {local_weak:d} is {internal_strong:d} iw {internal_weak:d}" \
	"[ tr {tmp_refs:d}][ proc {holders:l}]"
#define RUST_NODE \
	"  node {id:d}: u{ptr:p} c{cookie:p} hs {has_strong:b} hw {has_weak:b} " \
	"cs {strong:d} cw {weak:d}[ proc {holders:l}]"
#define REF(dead) \
	"  ref {id:d}: desc {handle:d} " dead "node {node:d} s {strong:d} w {weak:d}[ d {death:n}]"
#define LOG(done) \
	"{id:d}: {kind:w} [ ]from {from_pid:d}:{from_tid:d} to {to_pid:d}:{to_tid:d} " \
	"[context {context:w} ]node {node:d} handle {handle:d} " \
	"size {data_size:d}:{offsets_size:d}[ ret {return:d}/{param:d}][ l={line:d}]" done

/* A piece of work in a thread's queue, or a one-way call's; in a process's. */
#define WORK(kind, words) \
	{ STATE_AT_ITEM_LIST, STATE_OTHER, "work", kind, "    " words }, \
	{ \
		STATE_AT_PROCESS_LIST, STATE_OTHER, "work", kind, "  " words \
	}

static const struct state_row rows[] = {
	{ STATE_AT_TITLE, STATE_OTHER, NULL, NULL, "binder {title:r}" },
	{ STATE_AT_DEAD_NODES, STATE_OTHER, NULL, NULL, "dead nodes:" },
	{ STATE_AT_NEW_PROCESS, STATE_OTHER, NULL, NULL, "proc {pid:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL, "context {context:r}" },

	{ STATE_AT_LIST, STATE_THREAD, "threads", NULL,
	  "  thread {tid:d}: l {looper:x}[ need_return {need_return:b}][ tr {tmp_refs:d}]" },
	{ STATE_AT_LIST, STATE_NODE, "nodes", NULL, NODE },
	{ STATE_AT_LIST, STATE_NODE, "nodes", NULL, RUST_NODE },
	{ STATE_AT_PROCESS_LIST, STATE_REF, "refs", NULL, REF("{dead:f}") },
	{ STATE_AT_PROCESS_LIST, STATE_REF, "refs", NULL, REF("dead {dead:t}") },
	{ STATE_AT_PROCESS_LIST, STATE_BUFFER, "buffers", NULL,
	  "  buffer {id:d}: {offset:p} size {data_size:d}:{offsets_size:d}[:{extra_size:d}] "
	  "{state:w}" },
	{ STATE_AT_PROCESS_LIST, STATE_BUFFER, "buffers", NULL,
	  "  buffer {id:d}: {offset:d} size {data_size:d} pid {sender:d} oneway {oneway:b} "
	  "{state:w}" },
	{ STATE_AT_PROCESS_LIST, STATE_BUFFER, "buffers", NULL,
	  "  buffer: {offset:d} size {data_size:d} pid {sender:d}[{oneway:t} oneway] {state:w}" },
	{ STATE_AT_ITEM_LIST, STATE_TRANSACTION, "transactions", "outgoing",
	  "    outgoing " TRANSACTION },
	{ STATE_AT_ITEM_LIST, STATE_TRANSACTION, "transactions", "incoming",
	  "    incoming " TRANSACTION },
	{ STATE_AT_ITEM_LIST, STATE_TRANSACTION, "transactions", "bad", "    bad " TRANSACTION },
	{ STATE_AT_ITEM_LIST, STATE_TRANSACTION, "transactions", "pending",
	  "    pending " TRANSACTION },
	{ STATE_AT_ITEM_LIST, STATE_TRANSACTION, "transactions", "pending async",
	  "    pending async " TRANSACTION },
	{ STATE_AT_PROCESS_LIST, STATE_TRANSACTION, "transactions", "pending",
	  "  pending " TRANSACTION },
	WORK("transaction complete", "transaction complete"),
	WORK("transaction error", "transaction error: {error:d}"),
	WORK("node work", "node work {node:d}: u{ptr:p} c{cookie:p}"),
	WORK("dead binder", "has dead binder"),
	WORK("cleared dead binder", "has cleared dead binder"),
	WORK("cleared death notification", "has cleared death notification"),
	WORK("frozen binder", "has frozen binder"),
	WORK("cleared freeze notification", "has cleared freeze notification"),
	WORK("delivered dead binder", "has delivered dead binder"),
	WORK("delivered freeze binder", "has delivered freeze binder"),

	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL, "  threads: {threads:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL,
	  "  requested threads: {requested_threads:d}+{started_threads:d}/{max_threads:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL, "  ready threads {ready_threads:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL, "  free async space {free_async_space:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL, "  free oneway space: {free_async_space:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL, "  nodes: {nodes:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL, "  refs: {refs:d}[ s {strong:d} w {weak:d}]" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL, "  buffers: {buffers:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL,
	  "  pages: {pages_active:d}:{pages_lru:d}:{pages_free:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL, "  pages high watermark: {pages_high:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL,
	  "  pending transactions: {pending_transactions:d}" },
	{ STATE_AT_PROCESS, STATE_OTHER, NULL, NULL,
	  "  outstanding transactions: {outstanding_transactions:d}" },
	{ STATE_AT_COUNT, STATE_OTHER, "commands", NULL, "[  ]BC_{name:w} {count:d}" },
	{ STATE_AT_COUNT, STATE_OTHER, "returns", NULL, "[  ]BR_{name:w} {count:d}" },
	{ STATE_AT_COUNT, STATE_OTHER, "objects", NULL,
	  "[  ]{name:w} active {active:d} total {total:d}" },

	{ STATE_AT_DOCUMENT_LIST, STATE_OTHER, "entries", NULL, LOG("{complete:t}") },
	{ STATE_AT_DOCUMENT_LIST, STATE_OTHER, "entries", NULL, LOG(" (incomplete){complete:f}") },
};

const struct state_row *state_read_line(const char *line, struct state_fields *ret)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (state_match(rows[i].pattern, line, ret))
			return &rows[i];
	return NULL;
}
