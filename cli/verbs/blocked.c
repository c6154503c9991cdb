/* SPDX-License-Identifier: MIT */
/*
 * blocked.c: `binderctl blocked`: calls that wait, whom for, and which of them
 * wait for one another.
 *
 * state/waits.c knows who waits for whom; here it becomes words or JSON.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/errors.h"
#include "cli/state/waits.h"
#include "cli/value/sink.h"
#include "cli/value/text.h"
#include "cli/verbs/again.h"
#include "cli/verbs/state_words.h"

/* Calls that come and go are no news. */
#define USUAL_OVER_MS 100

struct blocked {
	struct source *source;
	const struct state *state;
	const struct state_waits *waits;
	struct words words;
	int64_t over_ms;
	int *root, root_count; /* tasks that wait and that nobody waits for; the longest first */
};

static int64_t waited(const struct blocked *b, int task)
{
	return b->state->transaction[b->waits->task[task].outgoing].elapsed_ms;
}

/* A kernel before 6.1 does not tell how long. */
static bool is_long(const struct blocked *b, int task)
{
	int64_t ms = waited(b, task);

	return ms == STATE_NONE || ms >= b->over_ms;
}

/* ---- JSON --------------------------------------------------------------------------- */

static json_t *text_or_null(const char *text)
{
	return text ? text_to_json(text, strlen(text)) : json_null();
}

static json_t *call_to_json(struct blocked *b, const struct state_task *task)
{
	const struct state_transaction *call = &b->state->transaction[task->outgoing];
	const struct state_transaction *target = words_target(&b->words, call);
	int context = b->state->process[call->process].context;
	const char *service = state_name_of_node(b->state, context, target->node);
	const char *method = words_method(&b->words, context, service, call->code);
	char program[64], callee[64];
	int64_t uid;

	source_program(b->source, task->pid, &uid, program, sizeof(program));
	source_program(b->source, call->to_pid, &uid, callee, sizeof(callee));
	return json_pack(
		"{s:i, s:i, s:o, s:s, s:I, s:o, s:I, s:o, s:o, s:o, s:o}", "pid", task->pid, "tid",
		task->tid, "program", text_or_null(*program ? program : NULL), "device",
		b->state->context[context], "transaction", (json_int_t)call->id, "service",
		text_or_null(service), "code", (json_int_t)call->code, "method",
		text_or_null(method), "to_pid",
		call->to_pid > 0 ? json_integer(call->to_pid) : json_null(), "to_program",
		text_or_null(*callee ? callee : NULL), "elapsed_ms",
		call->elapsed_ms == STATE_NONE ? json_null() : json_integer(call->elapsed_ms));
}

static const char *end_word(const struct blocked *b, int last)
{
	const struct state_task *task = &b->waits->task[last];

	if (task->deadlocked)
		return "deadlock";
	return task->queued_at != STATE_NONE ? "queued" :
	       task->callee == STATE_NONE    ? "unknown" :
					       "runs";
}

/* Calls from a task on, and what the last one waits for. */
static json_t *chain_to_json(struct blocked *b, int start, bool ring)
{
	json_t *calls = json_array(), *chain = json_pack("{s:o}", "calls", calls);
	char *seen = calloc((size_t)b->waits->count + 1, 1);
	int at = start, last = start;

	while (chain && seen && at != STATE_NONE && !seen[at] &&
	       b->waits->task[at].outgoing != STATE_NONE) {
		seen[at] = 1;
		last = at;
		json_array_append_new(calls, call_to_json(b, &b->waits->task[at]));
		at = state_waits_next(b->waits, at);
	}
	free(seen);
	if (!ring && chain)
		json_object_set_new(chain, "end", json_string(end_word(b, last)));
	if (!ring && chain && b->waits->task[last].queued_at != STATE_NONE) {
		int process = b->waits->task[last].queued_at;
		struct words_pool pool = words_pool_of(b->state, process);

		json_object_set_new(chain, "busy", json_integer(pool.busy));
		json_object_set_new(chain, "threads", json_integer(pool.threads));
		json_object_set_new(chain, "queue", json_integer(b->state->process[process].queue));
	}
	return chain;
}

static int first_of_cycle(const struct blocked *b, int cycle)
{
	int at = 0;

	while (b->waits->task[at].cycle != cycle)
		at++;
	return at;
}

static json_t *to_json(const void *what)
{
	struct blocked *b = (struct blocked *)what;
	json_t *chains = json_array(), *deadlocks = json_array();

	for (int i = 0; chains && i < b->root_count; i++)
		json_array_append_new(chains, chain_to_json(b, b->root[i], false));
	for (int i = 0; deadlocks && i < b->waits->cycles; i++)
		json_array_append_new(deadlocks, chain_to_json(b, first_of_cycle(b, i), true));
	return json_pack("{s:o, s:o}", "chains", chains, "deadlocks", deadlocks);
}

/* ---- text --------------------------------------------------------------------------- */

static void print_text(struct sink *sink, char *text)
{
	if (text)
		text_print(sink->out, text, false);
	free(text);
}

/* " -> compute.add 1.5 s" */
static void print_call(struct blocked *b, const struct state_task *task, struct sink *sink)
{
	const struct state_transaction *call = &b->state->transaction[task->outgoing];
	char time[32];

	words_of_time(call->elapsed_ms, time);
	sink_print(sink, " %s ", words_arrow());
	print_text(sink, words_of_call(&b->words, call));
	if (*time)
		sink_print(sink, " %s", time);
}

static void print_end(struct blocked *b, int last, bool closed, struct sink *sink)
{
	const struct state_task *task = &b->waits->task[last];

	if (task->queued_at != STATE_NONE) {
		struct words_pool pool = words_pool_of(b->state, task->queued_at);
		int queue = b->state->process[task->queued_at].queue;

		if (pool.threads)
			sink_print(sink, " (%d of %d threads busy, queue %d)", pool.busy,
				   pool.threads, queue);
		else
			sink_print(sink, " (no thread serves, queue %d)", queue);
	} else if (task->callee != STATE_NONE && !task->deadlocked) {
		sink_print(sink, " (runs)");
	}
	if (closed)
		sink_print(sink, ": deadlock");
	sink_print(sink, "\n");
}

static void print_chain(struct blocked *b, int start, struct sink *sink)
{
	char *seen = calloc((size_t)b->waits->count + 1, 1);
	int at = start, last = start;

	print_text(sink, words_of_process(&b->words, b->waits->task[start].pid));
	while (seen && at != STATE_NONE && !seen[at] && b->waits->task[at].outgoing != STATE_NONE) {
		seen[at] = 1;
		last = at;
		print_call(b, &b->waits->task[at], sink);
		at = state_waits_next(b->waits, at);
	}
	print_end(b, last, at != STATE_NONE && seen && seen[at], sink);
	free(seen);
}

/* "deadlock: a 1 -> b 2 -> a 1" */
static void print_cycle(struct blocked *b, int cycle, struct sink *sink)
{
	int start = first_of_cycle(b, cycle), at = start;

	sink_print(sink, "deadlock: ");
	do {
		print_text(sink, words_of_process(&b->words, b->waits->task[at].pid));
		print_call(b, &b->waits->task[at], sink);
		sink_print(sink, " %s ", words_arrow());
		at = state_waits_next(b->waits, at);
	} while (at != start);
	print_text(sink, words_of_process(&b->words, b->waits->task[start].pid));
	sink_print(sink, "\n");
}

static void to_text(const void *what, struct sink *sink)
{
	struct blocked *b = (struct blocked *)what;

	for (int i = 0; i < b->waits->cycles; i++)
		print_cycle(b, i, sink);
	for (int i = 0; i < b->root_count; i++)
		print_chain(b, b->root[i], sink);
	if (!b->waits->cycles && !b->root_count)
		sink_print(sink, "no call waits\n");
	if (b->source->no_names)
		fprintf(stderr, "binderctl: blocked: the service manager does not answer: "
				"services have no names here\n");
}

/* ---- what is shown ------------------------------------------------------------------ */

static int longest_first(const void *a, const void *b, void *cookie)
{
	int64_t left = waited(cookie, *(const int *)a), right = waited(cookie, *(const int *)b);

	return (left < right) - (left > right);
}

static bool is_root(const struct blocked *b, int at)
{
	const struct state_task *task = &b->waits->task[at];

	return task->outgoing != STATE_NONE && !task->is_called && task->cycle == STATE_NONE &&
	       !source_is_self(b->source, task->pid) && is_long(b, at);
}

/* Processes whose services are asked for: those that calls are for. */
static bool *called_processes(const struct state *state)
{
	bool *wanted = calloc((size_t)state->process_count + 1, 1);

	for (int i = 0; wanted && i < state->transaction_count; i++) {
		const struct state_transaction *call = &state->transaction[i];
		int to = state_find_process(state, state->process[call->process].context,
					    call->to_pid);

		if (to != STATE_NONE)
			wanted[to] = true;
	}
	return wanted;
}

static int show(struct blocked *b, struct sink *sink)
{
	const struct arguments *arguments = sink->arguments;
	struct state_waits *waits = NULL;
	int result;

	if (state_waits_new(b->state, &waits) < 0)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	b->waits = waits;
	b->root = calloc((size_t)waits->count + 1, sizeof(*b->root));
	for (int i = 0; b->root && i < waits->count; i++)
		if (is_root(b, i))
			b->root[b->root_count++] = i;
	if (b->root)
		qsort_r(b->root, (size_t)b->root_count, sizeof(*b->root), longest_first, b);
	result = b->root ? sink_put(sink, b, to_json, to_text) :
			   fail(arguments, EXIT_OTHER, NULL, "out of memory");
	if (result == EXIT_OK)
		result = waits->cycles ? EXIT_DEADLOCK : b->root_count ? EXIT_BLOCKED : EXIT_OK;
	free(b->root);
	state_waits_free(waits);
	return result;
}

static int read_over(const struct arguments *arguments, int64_t *ret)
{
	const char *text = option_value(arguments, "over");
	double seconds;
	char *end;

	*ret = USUAL_OVER_MS;
	if (!text)
		return EXIT_OK;
	seconds = strtod(text, &end);
	if (end == text || *end || !(seconds >= 0) || seconds > 1e9)
		return fail(arguments, EXIT_USAGE, "--over 2.5",
			    "--over: '%s' is no number of seconds", text);
	*ret = (int64_t)ceil(seconds * 1000);
	return EXIT_OK;
}

static int once(struct session *session, struct sink *sink, void *cookie)
{
	struct source source;
	struct blocked b = { .source = &source, .over_ms = *(const int64_t *)cookie };
	int result = source_open(&source, session, "transactions", true);

	/* Where nobody waits, no pool is busy. */
	if (result == EXIT_OK && source.state->transaction_count)
		result = source_read_more(&source, "stats");
	if (result == EXIT_OK) {
		bool *wanted = called_processes(source.state);

		/* Where nobody waits, nobody's name is asked for. */
		if (wanted && source.state->transaction_count)
			source_learn_nodes(&source, wanted);
		free(wanted);
		b.state = source.state;
		words_begin(&b.words, &source);
		result = show(&b, sink);
		words_end(&b.words);
	}
	source_close(&source);
	return result;
}

static int run_blocked(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	int64_t over_ms;
	int result = read_over(arguments, &over_ms);

	return result == EXIT_OK ? again_run(session, sink, once, &over_ms) : result;
}

static const struct option_spec blocked_options[] = {
	{ "over", 0, "SECONDS", "only calls that wait so long (default: 0.1)" },
	OPTION_WATCH,
	OPTION_FROM,
	OPTION_FIVE_SECONDS,
	{ 0 },
};

const struct verb verb_blocked = {
	.name = "blocked",
	.arguments = "",
	.summary = "show chains of calls that wait, and deadlocks",
	.details =
		"Each line begins with a process that nobody waits for, and follows its call through\n"
		"all devices in the folder to the one that runs or whose pool is busy.  Calls that wait\n"
		"for one another are a deadlock, as are those in a queue all of whose threads are part\n"
		"of one.\n"
		"Exit status: 0 no call waits, 8 calls wait, 9 a deadlock.",
	.example = "binderctl blocked --over 1",
	.options = blocked_options,
	.timeout_ms = 5000,
	.json = true,
	.run = run_blocked,
};
