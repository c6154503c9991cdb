/* SPDX-License-Identifier: MIT */
/*
 * totals.c: how often each method is called, how long it takes and how often it fails.
 *
 * A row is found by the names of target and method.  Names cost a look into the payload, so a
 * small table remembers the row of each node and code, until the interval's end:
 * by then the node may have a better name.
 */
#include "cli/watch/totals.h"

#include <stdlib.h>
#include <string.h>

#define REMEMBERED 4096

struct remembered {
	uint32_t node, code;
	struct total *row; /* NULL: none */
};

struct totals {
	struct total *row[TOTALS_MOST];
	size_t count;
	struct remembered remembered[REMEMBERED];
};

struct totals *totals_new(void)
{
	return calloc(1, sizeof(struct totals));
}

void totals_free(struct totals *totals)
{
	if (!totals)
		return;
	for (size_t i = 0; i < totals->count; i++) {
		free(totals->row[i]->target);
		free(totals->row[i]->method);
		free(totals->row[i]);
	}
	free(totals);
}

struct total *const *totals_rows(const struct totals *totals, size_t *count)
{
	*count = totals->count;
	return totals->row;
}

/* Takes both names.  NULL: no memory. */
static struct total *add(struct totals *totals, char *target, char *method)
{
	struct total *row = target && method ? calloc(1, sizeof(*row)) : NULL;

	if (!row) {
		free(target);
		free(method);
		return NULL;
	}
	row->target = target;
	row->method = method;
	totals->row[totals->count++] = row;
	return row;
}

/* Takes both names. */
static struct total *row_of(struct totals *totals, char *target, char *method)
{
	for (size_t i = 0; i < totals->count; i++) {
		struct total *row = totals->row[i];

		if (strcmp(row->target, target) == 0 && strcmp(row->method, method) == 0) {
			free(target);
			free(method);
			return row;
		}
	}
	if (totals->count < TOTALS_MOST - 1)
		return add(totals, target, method);
	free(target);
	free(method);
	if (totals->count == TOTALS_MOST)
		return totals->row[TOTALS_MOST - 1];
	return add(totals, strdup("(others)"), strdup(""));
}

/* Objects without a name come and go: all of one interface share a row. */
static void join_objects(char *target)
{
	char *number = strrchr(target, '#');

	if (number && number[1] && strspn(number + 1, "0123456789") == strlen(number + 1))
		*number = 0;
	else if (strncmp(target, "node ", 5) == 0 || strncmp(target, "handle ", 7) == 0)
		*strchr(target, ' ') = 0;
}

static struct total *find(struct totals *totals, const struct call_words *words,
			  const struct conversation *call)
{
	struct remembered *place = &totals->remembered[(call->node * 31 + call->code) % REMEMBERED];
	char *target, *method;

	if (place->row && place->node == call->node && place->code == call->code)
		return place->row;
	if (!call_name(words, call, &target, &method))
		return NULL;
	join_objects(target);
	*place = (struct remembered){ .node = call->node,
				      .code = call->code,
				      .row = row_of(totals, target, method) };
	/* A call that failed before it had a target has no node, and its handle is its caller's. */
	if (!call->node) {
		struct total *row = place->row;

		place->row = NULL;
		return row;
	}
	return place->row;
}

bool totals_take(struct totals *totals, const struct call_words *words,
		 const struct conversation *call)
{
	struct total *row = find(totals, words, call);

	if (!row)
		return false;
	row->calls++;
	row->bytes += call->request.size + call->reply.size;
	row->failed += conversation_has_failed(call);
	if (call->to_pid)
		row->pid = call->to_pid;
	if (call->sent_ns && call->ended_ns >= call->sent_ns)
		histogram_add(&row->time, call->ended_ns - call->sent_ns);
	return true;
}

void totals_mark(struct totals *totals, double seconds)
{
	for (size_t i = 0; i < totals->count; i++) {
		struct total *row = totals->row[i];

		row->calls_rate = (double)(row->calls - row->marked_calls) / seconds;
		row->bytes_rate = (double)(row->bytes - row->marked_bytes) / seconds;
		row->marked_calls = row->calls;
		row->marked_bytes = row->bytes;
	}
	memset(totals->remembered, 0, sizeof(totals->remembered));
}

void totals_clear(struct totals *totals)
{
	for (size_t i = 0; i < totals->count; i++) {
		struct total *row = totals->row[i];

		*row = (struct total){ .target = row->target,
				       .method = row->method,
				       .pid = row->pid };
	}
}
