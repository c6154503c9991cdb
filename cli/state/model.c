/* SPDX-License-Identifier: MIT */
/*
 * model.c: builds the model of the lines that rows.c understands.
 *
 * Called by source.c with each text, and by the verbs that look things up.
 */
#include "cli/state/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/android/binder.h>

#include "cli/state/line.h"

int state_new(struct state **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? 0 : -ENOMEM;
}

void state_free(struct state *state)
{
	if (!state)
		return;
	for (int i = 0; i < state->context_count; i++)
		free(state->context[i]);
	for (int i = 0; i < state->name_count; i++)
		free(state->name[i].name);
	free(state->context);
	free(state->process);
	free(state->thread);
	free(state->transaction);
	free(state->node);
	free(state->ref);
	free(state->bucket);
	free(state->name);
	free(state);
}

/* Room for one more of an array of count: it doubles.  False: no memory. */
static bool grow(void *array, int count, size_t size)
{
	void *old, *larger;

	if (count && (count & (count - 1)))
		return true;
	memcpy(&old, array, sizeof(old));
	larger = reallocarray(old, count ? 2 * (size_t)count : 1, size);
	if (!larger)
		return false;
	memcpy(array, &larger, sizeof(larger));
	return true;
}

#define GROW(array, count) grow(&(array), (count), sizeof(*(array)))

/* ---- looking up --------------------------------------------------------------------- */

int state_find_context(const struct state *state, const char *name)
{
	for (int i = 0; i < state->context_count; i++)
		if (!strcmp(state->context[i], name))
			return i;
	return STATE_NONE;
}

int state_find_process(const struct state *state, int context, int pid)
{
	for (int i = 0; i < state->process_count; i++)
		if (state->process[i].pid == pid && state->process[i].context == context)
			return i;
	return STATE_NONE;
}

int state_find_thread(const struct state *state, int process, int tid)
{
	int at = process == STATE_NONE ? STATE_NONE : state->process[process].first_thread;

	while (at != STATE_NONE && state->thread[at].tid != tid)
		at = state->thread[at].next;
	return at;
}

static size_t bucket_of(const struct state *state, int context, int64_t id)
{
	return ((uint64_t)id * 31 + (uint64_t)context) % (uint64_t)state->bucket_count;
}

static bool sort_nodes(struct state *state)
{
	int count = state->node_count + 1;

	state->bucket = reallocarray(NULL, (size_t)count, sizeof(*state->bucket));
	if (!state->bucket)
		return false;
	state->bucket_count = count;
	for (int i = 0; i < count; i++)
		state->bucket[i] = STATE_NONE;
	for (int i = 0; i < state->node_count; i++) {
		struct state_node *node = &state->node[i];
		int *bucket = &state->bucket[bucket_of(state, node->context, node->id)];

		node->next_in_bucket = *bucket;
		*bucket = i;
	}
	return true;
}

int state_find_node(struct state *state, int context, int64_t id)
{
	int at;

	if (!state->bucket && !sort_nodes(state))
		return STATE_NONE;
	at = state->bucket[bucket_of(state, context, id)];
	while (at != STATE_NONE && (state->node[at].id != id || state->node[at].context != context))
		at = state->node[at].next_in_bucket;
	return at;
}

bool state_serves(const struct state_thread *thread)
{
	return (thread->looper & (STATE_LOOPER_REGISTERED | STATE_LOOPER_ENTERED)) &&
	       !(thread->looper & STATE_LOOPER_EXITED);
}

int state_top(const struct state *state, const struct state_thread *thread)
{
	int at = thread->first_transaction;

	while (at != STATE_NONE && state->transaction[at].kind != STATE_OUTGOING &&
	       state->transaction[at].kind != STATE_INCOMING)
		at = state->transaction[at].next;
	return at;
}

/* ---- names -------------------------------------------------------------------------- */

int state_add_name(struct state *state, int context, int pid, int64_t node, const char *name)
{
	char *copy = strdup(name);

	if (!copy || !GROW(state->name, state->name_count)) {
		free(copy);
		return -ENOMEM;
	}
	state->name[state->name_count++] =
		(struct state_name){ .context = context, .pid = pid, .node = node, .name = copy };
	return 0;
}

const char *state_name_of_node(const struct state *state, int context, int64_t node)
{
	for (int i = 0; node > 0 && i < state->name_count; i++)
		if (state->name[i].node == node && state->name[i].context == context)
			return state->name[i].name;
	return NULL;
}

/* ---- reading ------------------------------------------------------------------------ */

/* Where in a text the reading is. */
struct reading {
	struct state *state;
	int pid;             /* of the process whose context comes next; 0: none */
	int process, thread; /* what following lines belong to; STATE_NONE: nothing */
	int known_contexts;  /* with new_only: these are passed over */
	bool in_calls;       /* the text is a list of calls: idle threads are left out */
	bool in_dead_nodes, skips, found;
	bool no_memory;
};

static int add_context(struct state *state, const char *name)
{
	int at = state_find_context(state, name);
	char *copy;

	if (at != STATE_NONE)
		return at;
	copy = strdup(name);
	if (!copy || !GROW(state->context, state->context_count)) {
		free(copy);
		return STATE_NONE;
	}
	state->context[state->context_count] = copy;
	return state->context_count++;
}

static int add_process(struct state *state, int context, int pid)
{
	/* Texts have processes in the same order: what was found last has its match near. */
	int at = state_find_process(state, context, pid);

	if (at != STATE_NONE)
		return at;
	if (!GROW(state->process, state->process_count))
		return STATE_NONE;
	state->process[state->process_count] = (struct state_process){
		.pid = pid,
		.context = context,
		.threads = STATE_NONE,
		.requested_threads = STATE_NONE,
		.started_threads = STATE_NONE,
		.max_threads = STATE_NONE,
		.ready_threads = STATE_NONE,
		.nodes = STATE_NONE,
		.refs = STATE_NONE,
		.buffers = STATE_NONE,
		.free_oneway = STATE_NONE,
		.first_thread = STATE_NONE,
		.last_thread = STATE_NONE,
	};
	return state->process_count++;
}

static void enter_process(struct reading *r, const char *name)
{
	int context = add_context(r->state, name);

	r->skips = context != STATE_NONE && context < r->known_contexts;
	r->process = context == STATE_NONE || r->skips ? STATE_NONE :
							 add_process(r->state, context, r->pid);
	r->no_memory |= !r->skips && r->process == STATE_NONE;
	if (r->process != STATE_NONE && !r->in_calls)
		r->state->process[r->process].has_threads = true;
}

static void take_thread(struct reading *r, const struct state_fields *fields)
{
	struct state *state = r->state;
	struct state_process *process = &state->process[r->process];
	int tid = (int)state_number(fields, "tid", 0);
	int at = state_find_thread(state, r->process, tid);

	if (at == STATE_NONE && !GROW(state->thread, state->thread_count)) {
		r->no_memory = true;
		return;
	}
	if (at == STATE_NONE) {
		at = state->thread_count++;
		state->thread[at] = (struct state_thread){ .process = r->process,
							   .tid = tid,
							   .next = STATE_NONE,
							   .first_transaction = STATE_NONE,
							   .last_transaction = STATE_NONE };
		if (process->last_thread == STATE_NONE)
			process->first_thread = at;
		else
			state->thread[process->last_thread].next = at;
		process->last_thread = at;
		process->thread_count++;
	}
	state->thread[at].looper |= (unsigned int)state_number(fields, "looper", 0);
	r->thread = at;
}

static void take_node(struct reading *r, const struct state_fields *fields)
{
	struct state *state = r->state;
	int context = r->process == STATE_NONE ? STATE_NONE : state->process[r->process].context;

	if (!GROW(state->node, state->node_count)) {
		r->no_memory = true;
		return;
	}
	r->thread = STATE_NONE;
	state->node[state->node_count++] = (struct state_node){
		.process = r->process,
		.context = context,
		.id = state_number(fields, "id", 0),
		.strong = state_number(fields, "internal_strong", STATE_NONE),
	};
	if (r->process != STATE_NONE)
		state->process[r->process].node_count++;
}

static void take_ref(struct reading *r, const struct state_fields *fields)
{
	struct state *state = r->state;

	if (!GROW(state->ref, state->ref_count)) {
		r->no_memory = true;
		return;
	}
	state->ref[state->ref_count++] = (struct state_ref){
		.process = r->process,
		.node = state_number(fields, "node", 0),
		.handle = state_number(fields, "handle", 0),
		.strong = state_number(fields, "strong", 0),
		.weak = state_number(fields, "weak", 0),
		.dead = state_number(fields, "dead", 0),
		.death = state_number(fields, "death", 0),
	};
	state->process[r->process].ref_count++;
}

static void take_buffer(struct reading *r, const struct state_fields *fields)
{
	struct state_process *process = &r->state->process[r->process];

	process->buffer_count++;
	process->buffer_bytes += state_number(fields, "data_size", 0) +
				 state_number(fields, "offsets_size", 0) +
				 state_number(fields, "extra_size", 0);
}

static enum state_kind kind_of(const char *word)
{
	if (!strcmp(word, "outgoing"))
		return STATE_OUTGOING;
	if (!strcmp(word, "incoming"))
		return STATE_INCOMING;
	if (!strcmp(word, "pending"))
		return STATE_PENDING;
	return strcmp(word, "bad") != 0 ? STATE_PENDING_ONEWAY : STATE_BAD;
}

static bool is_known(const struct reading *r, int64_t id, enum state_kind kind, int thread)
{
	const struct state *state = r->state;
	int at = thread == STATE_NONE ? STATE_NONE : state->thread[thread].first_transaction;

	for (; at != STATE_NONE; at = state->transaction[at].next)
		if (state->transaction[at].id == id && state->transaction[at].kind == kind)
			return true;
	return false;
}

static void take_transaction(struct reading *r, const struct state_row *row,
			     const struct state_fields *fields)
{
	struct state *state = r->state;
	enum state_kind kind = kind_of(row->kind);
	int thread = row->place == STATE_AT_ITEM_LIST ? r->thread : STATE_NONE;
	int64_t id = state_number(fields, "id", 0);
	uint32_t flags = (uint32_t)state_number(fields, "flags", 0);
	int at;

	if (is_known(r, id, kind, thread))
		return;
	if (!GROW(state->transaction, state->transaction_count)) {
		r->no_memory = true;
		return;
	}
	at = state->transaction_count++;
	state->transaction[at] = (struct state_transaction){
		.kind = kind,
		.process = r->process,
		.thread = thread,
		.next = STATE_NONE,
		.id = id,
		.node = state_number(fields, "node", STATE_NONE),
		.elapsed_ms = state_number(fields, "elapsed_ms", STATE_NONE),
		.size = state_number(fields, "data_size", STATE_NONE),
		.from_pid = (int)state_number(fields, "from_pid", 0),
		.from_tid = (int)state_number(fields, "from_tid", 0),
		.to_pid = (int)state_number(fields, "to_pid", 0),
		.to_tid = (int)state_number(fields, "to_tid", 0),
		.code = (uint32_t)state_number(fields, "code", 0),
		.flags = flags,
		.oneway = flags & TF_ONE_WAY,
	};
	if (thread != STATE_NONE) {
		struct state_thread *owner = &state->thread[thread];

		if (owner->last_transaction == STATE_NONE)
			owner->first_transaction = at;
		else
			state->transaction[owner->last_transaction].next = at;
		owner->last_transaction = at;
	} else if (kind == STATE_PENDING && !(flags & TF_ONE_WAY)) {
		state->process[r->process].queue++;
	} else if (kind == STATE_PENDING || kind == STATE_PENDING_ONEWAY) {
		state->process[r->process].oneway_queue++;
	}
}

/* The driver's counts; a process that has opened the device twice has them twice. */
static void take_counts(struct reading *r, const struct state_fields *fields)
{
	struct state_process *p = &r->state->process[r->process];
	const struct {
		const char *name;
		int64_t *number;
	} counts[] = {
		{ "threads", &p->threads },
		{ "requested_threads", &p->requested_threads },
		{ "started_threads", &p->started_threads },
		{ "max_threads", &p->max_threads },
		{ "ready_threads", &p->ready_threads },
		{ "free_async_space", &p->free_oneway },
		{ "nodes", &p->nodes },
		{ "refs", &p->refs },
		{ "buffers", &p->buffers },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		int64_t number = state_number(fields, counts[i].name, STATE_NONE);

		if (number != STATE_NONE)
			*counts[i].number =
				number + (*counts[i].number == STATE_NONE ? 0 : *counts[i].number);
	}
}

static void take_title(struct reading *r, const struct state_fields *fields)
{
	const struct state_field *title = state_field(fields, "title");

	r->process = r->thread = STATE_NONE;
	r->in_dead_nodes = false;
	r->in_calls = title && title->size >= strlen("transactions") &&
		      !strncmp(title->text, "transactions", strlen("transactions"));
	r->found = true;
	r->state->views++;
}

/* A file may have several views of one process. */
static bool is_told(const struct reading *r, enum state_what what)
{
	int *view = &r->state->process[r->process].view_of[what];

	if (!*view)
		*view = r->state->views;
	return *view != r->state->views;
}

static void take_part(struct reading *r, const struct state_row *row,
		      const struct state_fields *fields)
{
	bool stacked = row->what == STATE_THREAD ||
		       (row->what == STATE_TRANSACTION && row->place == STATE_AT_ITEM_LIST &&
			r->thread != STATE_NONE);

	if (row->what == STATE_OTHER ||
	    (r->process == STATE_NONE ? row->what != STATE_NODE :
					!stacked && is_told(r, row->what)))
		return;
	if (row->what == STATE_THREAD)
		take_thread(r, fields);
	else if (row->what == STATE_NODE)
		take_node(r, fields);
	else if (row->what == STATE_REF)
		take_ref(r, fields);
	else if (row->what == STATE_BUFFER)
		take_buffer(r, fields);
	else
		take_transaction(r, row, fields);
}

static void take_line(struct reading *r, const char *line)
{
	struct state_fields fields;
	const struct state_row *row = state_read_line(line, &fields);

	if (!row)
		return;
	switch (row->place) {
	case STATE_AT_TITLE:
		take_title(r, &fields);
		return;
	case STATE_AT_DEAD_NODES:
		r->in_dead_nodes = true;
		r->process = STATE_NONE;
		return;
	case STATE_AT_NEW_PROCESS:
		r->pid = (int)state_number(&fields, "pid", 0);
		r->process = r->thread = STATE_NONE;
		r->in_dead_nodes = r->skips = false;
		/* Before 3.19 there was one context, and no line of it. */
		r->found = true;
		return;
	default:
		break;
	}
	if (state_field(&fields, "context") && row->place == STATE_AT_PROCESS) {
		enter_process(r, state_field(&fields, "context")->text);
		return;
	}
	if (r->skips && r->process == STATE_NONE && !r->in_dead_nodes)
		return;
	if (r->process == STATE_NONE && !r->in_dead_nodes) {
		if (!r->pid)
			return;
		enter_process(r, "binder");
		if (r->process == STATE_NONE)
			return;
	}
	if (r->process != STATE_NONE && row->place == STATE_AT_PROCESS) {
		take_counts(r, &fields);
		return;
	}
	take_part(r, row, &fields);
}

int state_read(struct state *state, const char *text, bool new_only)
{
	struct reading r = { .state = state, .process = STATE_NONE, .thread = STATE_NONE };
	char *copy = state_copy(text), *rest = copy, *line;

	if (!copy)
		return -ENOMEM;
	state->views++;
	r.known_contexts = new_only ? state->context_count : 0;
	while (!r.no_memory && (line = state_next_line(&rest)))
		if (*line)
			take_line(&r, line);
	free(copy);
	if (r.no_memory)
		return -ENOMEM;
	return r.found ? 0 : -ENOENT;
}
