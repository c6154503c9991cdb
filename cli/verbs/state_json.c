/* SPDX-License-Identifier: MIT */
/*
 * state_json.c: what each line of a driver's text means, as a table, and the
 * JSON that they make together.
 *
 * Called by state.c for --json.  The text of every driver comes through here:
 * a row fits the words of all versions that we know, and a line that fits none
 * is kept as it is.
 */
#include "cli/verbs/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/android/binder.h>

/* Where a line's object goes. */
enum place {
	AT_TITLE,         /* nowhere */
	AT_DEAD_NODES,    /* nowhere: the nodes that follow have no owner */
	AT_NEW_PROCESS,   /* a process, to which what follows belongs */
	AT_PROCESS,       /* more of it, or of the totals before the first one */
	AT_LIST,          /* a list of the process, and what follows belongs to it */
	AT_ITEM_LIST,     /* a list of that latest thread or node */
	AT_PROCESS_LIST,  /* a list of the process */
	AT_DOCUMENT_LIST, /* a list of the whole */
	AT_COUNT,         /* an object of numbers by name */
};

struct row {
	enum place place;
	const char *list; /* its name; of AT_COUNT: the object's */
	const char *kind; /* goes along as "kind"; NULL: none */
	const char *pattern;
};

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
#define REF(dead) \
	"  ref {id:d}: desc {handle:d} " dead "node {node:d} s {strong:d} w {weak:d} d {death:n}"
#define LOG(done) \
	"{id:d}: {kind:w} [ ]from {from_pid:d}:{from_tid:d} to {to_pid:d}:{to_tid:d} " \
	"[context {context:w} ]node {node:d} handle {handle:d} " \
	"size {data_size:d}:{offsets_size:d}[ ret {return:d}/{param:d}][ l={line:d}]" done

/* A piece of work in a thread's queue, or a one-way call's; in a process's. */
#define WORK(kind, words) \
	{ AT_ITEM_LIST, "work", kind, "    " words }, \
	{ \
		AT_PROCESS_LIST, "work", kind, "  " words \
	}

static const struct row rows[] = {
	{ AT_TITLE, NULL, NULL, "binder {title:r}" },
	{ AT_DEAD_NODES, NULL, NULL, "dead nodes:" },
	{ AT_NEW_PROCESS, NULL, NULL, "proc {pid:d}" },
	{ AT_PROCESS, NULL, NULL, "context {context:r}" },

	{ AT_LIST, "threads", NULL,
	  "  thread {tid:d}: l {looper:x}[ need_return {need_return:b}][ tr {tmp_refs:d}]" },
	{ AT_LIST, "nodes", NULL, NODE },
	{ AT_PROCESS_LIST, "refs", NULL, REF("{dead:f}") },
	{ AT_PROCESS_LIST, "refs", NULL, REF("dead {dead:t}") },
	{ AT_PROCESS_LIST, "buffers", NULL,
	  "  buffer {id:d}: {offset:p} size {data_size:d}:{offsets_size:d}[:{extra_size:d}] "
	  "{state:w}" },
	{ AT_ITEM_LIST, "transactions", "outgoing", "    outgoing " TRANSACTION },
	{ AT_ITEM_LIST, "transactions", "incoming", "    incoming " TRANSACTION },
	{ AT_ITEM_LIST, "transactions", "bad", "    bad " TRANSACTION },
	{ AT_ITEM_LIST, "transactions", "pending", "    pending " TRANSACTION },
	{ AT_ITEM_LIST, "transactions", "pending async", "    pending async " TRANSACTION },
	{ AT_PROCESS_LIST, "transactions", "pending", "  pending " TRANSACTION },
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

	{ AT_PROCESS, NULL, NULL, "  threads: {threads:d}" },
	{ AT_PROCESS, NULL, NULL,
	  "  requested threads: {requested_threads:d}+{started_threads:d}/{max_threads:d}" },
	{ AT_PROCESS, NULL, NULL, "  ready threads {ready_threads:d}" },
	{ AT_PROCESS, NULL, NULL, "  free async space {free_async_space:d}" },
	{ AT_PROCESS, NULL, NULL, "  nodes: {nodes:d}" },
	{ AT_PROCESS, NULL, NULL, "  refs: {refs:d} s {strong:d} w {weak:d}" },
	{ AT_PROCESS, NULL, NULL, "  buffers: {buffers:d}" },
	{ AT_PROCESS, NULL, NULL, "  pages: {pages_active:d}:{pages_lru:d}:{pages_free:d}" },
	{ AT_PROCESS, NULL, NULL, "  pages high watermark: {pages_high:d}" },
	{ AT_PROCESS, NULL, NULL, "  pending transactions: {pending_transactions:d}" },
	{ AT_COUNT, "commands", NULL, "[  ]BC_{name:w} {count:d}" },
	{ AT_COUNT, "returns", NULL, "[  ]BR_{name:w} {count:d}" },
	{ AT_COUNT, "objects", NULL, "[  ]{name:w} active {active:d} total {total:d}" },

	{ AT_DOCUMENT_LIST, "entries", NULL, LOG("{complete:t}") },
	{ AT_DOCUMENT_LIST, "entries", NULL, LOG(" (incomplete){complete:f}") },
};

/* What lines are put into; borrowed from the document. */
struct reading {
	json_t *document;
	json_t *process; /* before the first: the totals, or the document */
	json_t *item;    /* the latest thread or node; NULL: none */
	bool in_dead_nodes;
};

static bool append(json_t *to, const char *list_name, json_t *object)
{
	json_t *list = json_object_get(to, list_name);

	if (!list) {
		list = json_array();
		if (json_object_set_new(to, list_name, list) < 0)
			return false;
	}
	return json_array_append(list, object) == 0;
}

/* "BC_TRANSACTION": 3, or "proc": {"active": 1, "total": 2}. */
static bool add_count(json_t *to, const struct row *row, json_t *object)
{
	const char *words = json_string_value(json_object_get(object, "name"));
	size_t size = strlen(words);
	json_t *counts = json_object_get(to, row->list), *count;
	char name[64];

	if (!counts) {
		counts = json_object();
		if (json_object_set_new(to, row->list, counts) < 0)
			return false;
	}
	/* The name came with its colon, and without its first letters. */
	if (words[size - 1] == ':')
		size--;
	snprintf(name, sizeof(name), "%.3s%.*s",
		 strcmp(row->list, "objects") ? strstr(row->pattern, "B") : "", (int)size, words);
	count = json_object_get(object, "count");
	if (count)
		return json_object_set(counts, name, count) == 0;
	json_object_del(object, "name");
	return json_object_set(counts, name, object) == 0;
}

static bool place(struct reading *r, const struct row *row, json_t *object)
{
	switch (row->place) {
	case AT_TITLE:
		return true;
	case AT_DEAD_NODES:
		r->in_dead_nodes = true;
		return true;
	case AT_NEW_PROCESS:
		r->process = object;
		r->item = NULL;
		r->in_dead_nodes = false;
		return append(r->document, "processes", object);
	case AT_PROCESS:
		return json_object_update(r->process, object) == 0;
	case AT_LIST:
		r->item = object;
		if (r->in_dead_nodes)
			return append(r->document, "dead_nodes", object);
		return append(r->process, row->list, object);
	case AT_ITEM_LIST:
		return append(r->item ? r->item : r->process, row->list, object);
	case AT_PROCESS_LIST:
		return append(r->process, row->list, object);
	case AT_DOCUMENT_LIST:
		return append(r->document, row->list, object);
	case AT_COUNT:
		return add_count(r->process, row, object);
	}
	return false;
}

/*
 * Since 6.18 a transaction says whether it is one-way and whether it is a reply, before whether
 * it wants one: with the flags, each follows from the other.
 */
static void complete_transaction(json_t *object)
{
	json_int_t flags = json_integer_value(json_object_get(object, "flags"));
	json_t *need_reply = json_object_get(object, "need_reply");
	bool oneway = json_is_true(json_object_get(object, "oneway"));

	if (need_reply) {
		oneway = flags & TF_ONE_WAY;
		json_object_set_new(object, "oneway", json_boolean(oneway));
		json_object_set_new(object, "is_reply",
				    json_boolean(!oneway && !json_is_true(need_reply)));
	} else {
		bool reply = json_is_true(json_object_get(object, "is_reply"));

		json_object_set_new(object, "need_reply", json_boolean(!oneway && !reply));
	}
}

static bool keep_text(struct reading *r, json_t *object, const char *line)
{
	json_object_set_new(object, "text", state_string(line, strlen(line)));
	return append(r->process, "other", object);
}

/* False: no memory. */
static bool read_line(struct reading *r, const char *line)
{
	json_t *object = json_object();
	bool done = false, found = false;

	for (size_t i = 0; object && !found && i < sizeof(rows) / sizeof(*rows); i++) {
		found = state_match(rows[i].pattern, line, object);
		if (!found)
			continue;
		if (rows[i].kind)
			json_object_set_new(object, "kind", json_string(rows[i].kind));
		if (rows[i].list && !strcmp(rows[i].list, "transactions"))
			complete_transaction(object);
		done = place(r, &rows[i], object);
	}
	if (object && !found)
		done = keep_text(r, object, line);
	json_decref(object);
	return done;
}

static bool read_text(struct reading *r, char *text)
{
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		if (*line && !read_line(r, line))
			return false;
	}
	return true;
}

json_t *state_to_json(const char *view, const char *text)
{
	json_t *document = json_pack("{s:s}", "view", view), *totals = json_object();
	bool log = strstr(view, "log"), stats = !strcmp(view, "stats");
	struct reading r = { .document = document, .process = stats ? totals : document };
	char *copy = strdup(text);
	bool done = document && totals && copy;

	/* An empty list is there, too. */
	if (done)
		done = json_object_set_new(document, log ? "entries" : "processes", json_array()) ==
		       0;
	if (done)
		done = read_text(&r, copy);
	if (done && stats)
		done = json_object_set(document, "totals", totals) == 0;
	free(copy);
	json_decref(totals);
	if (done)
		return document;
	json_decref(document);
	return NULL;
}
