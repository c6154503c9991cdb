/* SPDX-License-Identifier: MIT */
/*
 * threads.c: `binderctl threads`: what each thread of a process is doing.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/value/sink.h"
#include "cli/value/table.h"
#include "cli/verbs/state_words.h"

enum { PID, TID, POOL, STATE, CALL, PEER_PID, PEER, TIME, ELAPSED, DOES, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[PID] = { "pid", "PID", .number = true },
	[TID] = { "tid", "TID", .number = true },
	[POOL] = { "pool", "POOL" },
	[STATE] = { "state", "STATE", .hidden = true },
	[CALL] = { "call", "CALL", .hidden = true },
	[PEER_PID] = { "peer", "PEER", .number = true, .hidden = true },
	[PEER] = { "peer_program", "PROGRAM", .hidden = true },
	[TIME] = { "time", "TIME" },
	[ELAPSED] = { "elapsed_ms", "MS", .number = true, .hidden = true },
	[DOES] = { "does", "DOES" },
};

static const char *pool_word(const struct state_thread *thread)
{
	if (!state_serves(thread))
		return "no";
	return thread->looper & STATE_LOOPER_REGISTERED ? "asked for" : "entered";
}

/* What a thread does that neither serves a call nor waits for a reply. */
static void put_idle(struct table *table, const struct state_thread *thread)
{
	bool waits = thread->looper & STATE_LOOPER_WAITING;

	table_text(table, STATE, waits ? "free" : "elsewhere");
	table_text(table, DOES,
		   !waits               ? "runs code of its own" :
		   state_serves(thread) ? "waits for calls" :
					  "waits for work of its own");
}

static void put_call(struct table *table, struct words *words, int top)
{
	const struct state_transaction *call = &words->source->state->transaction[top];
	bool serves = call->kind == STATE_INCOMING;
	int peer = serves ? call->from_pid : call->to_pid;
	char *name = words_of_call(words, call), *process = words_of_process(words, peer);
	char time[32], program[64], *does = NULL;
	int64_t uid;

	table_text(table, STATE, serves ? "serves" : "waits");
	table_text(table, CALL, name);
	if (peer > 0) {
		source_program(words->source, peer, &uid, program, sizeof(program));
		table_number(table, PEER_PID, peer);
		table_text(table, PEER, *program ? program : NULL);
	}
	words_of_time(call->elapsed_ms, time);
	table_text(table, TIME, time);
	if (call->elapsed_ms != STATE_NONE)
		table_number(table, ELAPSED, call->elapsed_ms);
	if (name && process &&
	    (call->oneway ? asprintf(&does, "serves one-way %s", name) :
	     serves       ? asprintf(&does, "serves %s of %s", name, process) :
	     call->to_tid ? asprintf(&does, "waits for the reply to %s, thread %d of %s", name,
				     call->to_tid, process) :
			    asprintf(&does, "waits for the reply to %s of %s", name, process)) >= 0)
		table_text(table, DOES, does);
	free(does);
	free(name);
	free(process);
}

static void put_thread(struct table *table, struct words *words, int index)
{
	const struct state *state = words->source->state;
	const struct state_thread *thread = &state->thread[index];
	int top = state_top(state, thread);

	table_row(table);
	table_number(table, PID, state->process[thread->process].pid);
	table_number(table, TID, thread->tid);
	table_text(table, POOL, pool_word(thread));
	if (top == STATE_NONE)
		put_idle(table, thread);
	else
		put_call(table, words, top);
}

static int show(struct source *source, const struct arguments *arguments, struct sink *sink)
{
	const char *sort = option_value(arguments, "sort");
	struct state *state = source->state;
	bool *wanted = calloc((size_t)state->process_count + 1, 1);
	struct table *table = table_new(columns, COLUMNS);
	struct words words;
	int result = EXIT_OK;

	words_begin(&words, source);
	if (!table || !wanted)
		result = fail(arguments, EXIT_OTHER, NULL, "out of memory");
	if (result == EXIT_OK)
		result = source_find(source, arguments->argv[0], wanted);
	for (int i = 0; result == EXIT_OK && i < state->thread_count; i++)
		if (wanted[state->thread[i].process])
			put_thread(table, &words, i);
	if (result == EXIT_OK && sort)
		result = table_sort(table, arguments, sort);
	if (result == EXIT_OK)
		result = table_put(table, sink, "it has no thread that has used the device");
	words_end(&words);
	table_free(table);
	free(wanted);
	return result;
}

static int run_threads(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	struct source source;
	int result = source_open(&source, session, "state", false);

	if (result == EXIT_OK) {
		source_learn_nodes(&source, NULL);
		result = show(&source, arguments, sink);
	}
	source_close(&source);
	return result;
}

static const struct option_spec threads_options[] = {
	{ "sort", 0, "COLUMN", "by this column, as in elapsed_ms; -COLUMN: the other way round" },
	OPTION_FROM,
	OPTION_FIVE_SECONDS,
	{ 0 },
};

const struct verb verb_threads = {
	.name = "threads",
	.arguments = "SERVICE|PID|PROGRAM",
	.summary = "show what each thread of a process is doing",
	.details =
		"A thread waits for calls, serves one of another process, waits for the reply to its\n"
		"own, or runs code that the driver knows nothing of; TIME is since the call was sent.\n"
		"POOL: it has entered the pool, was asked for by the driver, or serves nobody.",
	.example = "binderctl threads media.player",
	.options = threads_options,
	.timeout_ms = 5000,
	.min_words = 1,
	.max_words = 1,
	.json = true,
	.run = run_threads,
	.complete = complete_service,
};
