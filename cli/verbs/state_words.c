/* SPDX-License-Identifier: MIT */
/*
 * state_words.c: names of processes, calls and methods; see state_words.h.
 */
#include "cli/verbs/state_words.h"

#include <stdlib.h>
#include <string.h>

#include "cli/interface.h"

/* A service that does not tell its interface in this time is shown without. */
#define INTERFACE_MS 50
#define FIRST_META_CODE 0x01000000

void words_begin(struct words *words, struct source *source)
{
	*words = (struct words){ .source = source };
}

void words_end(struct words *words)
{
	for (int i = 0; i < words->interface_count; i++) {
		free(words->interface[i].name);
		free(words->interface[i].descriptor);
	}
	free(words->interface);
	aidl_library_free(words->library);
	*words = (struct words){ 0 };
}

char *words_of_process(const struct words *words, int pid)
{
	char program[64], *text = NULL;
	int64_t uid;

	if (pid <= 0)
		return strdup("another process");
	source_program(words->source, pid, &uid, program, sizeof(program));
	return asprintf(&text, "%s%s%d", program, *program ? " " : "", pid) < 0 ? NULL : text;
}

const struct state_transaction *words_target(const struct words *words,
					     const struct state_transaction *call)
{
	const struct state *state = words->source->state;
	int context = state->process[call->process].context;

	for (int i = 0; call->node <= 0 && i < state->transaction_count; i++) {
		const struct state_transaction *other = &state->transaction[i];

		if (other->id == call->id && other->node > 0 &&
		    state->process[other->process].context == context)
			return other;
	}
	return call;
}

struct words_pool words_pool_of(const struct state *state, int process)
{
	const struct state_process *p = &state->process[process];
	struct words_pool pool = { 0 };

	for (int at = p->first_thread; at != STATE_NONE; at = state->thread[at].next) {
		const struct state_thread *thread = &state->thread[at];

		if (!state_serves(thread))
			continue;
		if (state_top(state, thread) != STATE_NONE)
			pool.busy++;
		else
			pool.free += (thread->looper & STATE_LOOPER_WAITING) != 0;
		pool.threads++;
	}
	/* A list of calls has busy threads alone. */
	if (!p->has_threads && p->ready_threads > 0)
		pool.free = (int)p->ready_threads;
	if (pool.threads < pool.busy + pool.free)
		pool.threads = pool.busy + pool.free;
	return pool;
}

/* ---- interfaces and methods --------------------------------------------------------- */

static ABinderConnection *asker_of(const struct source *source, int context)
{
	for (int i = 0; i < source->device_count; i++)
		if (source->device[i].context == context)
			return source->device[i].asker;
	return NULL;
}

static int process_of(const struct state *state, int context, const char *service)
{
	for (int i = 0; i < state->name_count; i++)
		if (state->name[i].context == context && !strcmp(state->name[i].name, service))
			return state_find_process(state, context, state->name[i].pid);
	return STATE_NONE;
}

/* malloc()ed; NULL: it did not say. */
static char *ask(const struct words *words, int context, const char *service)
{
	const struct state *state = words->source->state;
	ABinderConnection *asker = asker_of(words->source, context);
	int process = process_of(state, context, service);
	AIBinder *binder = NULL;
	char *descriptor = NULL;

	if (!asker || process == STATE_NONE || !words_pool_of(state, process).free)
		return NULL;
	ABinderConnection_setDeadline(asker, 4 * INTERFACE_MS);
	if (AServiceManager_checkOn(asker, service, &binder) == STATUS_OK)
		session_descriptor(binder, INTERFACE_MS, &descriptor);
	AIBinder_decStrong(binder);
	return descriptor;
}

const char *words_interface(struct words *words, int context, const char *service)
{
	const char *slash = strchr(service, '/');
	struct words_interface *grown;
	int at = 0;

	for (; at < words->interface_count; at++)
		if (words->interface[at].context == context &&
		    !strcmp(words->interface[at].name, service))
			return words->interface[at].descriptor;
	grown = reallocarray(words->interface, (size_t)at + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	words->interface = grown;
	grown[at] = (struct words_interface){
		.context = context,
		.name = strdup(service),
		/* Declared services have it in their name. */
		.descriptor = slash ? strndup(service, (size_t)(slash - service)) :
				      ask(words, context, service),
	};
	if (!grown[at].name) {
		free(grown[at].descriptor);
		return NULL;
	}
	words->interface_count++;
	return grown[at].descriptor;
}

static struct aidl_library *library_of(struct words *words)
{
	if (!words->library && !words->no_library) {
		words->library = aidl_library_new();
		words->no_library = !words->library ||
				    interface_usual_paths(words->library,
							  words->source->connection) != STATUS_OK;
	}
	return words->no_library ? NULL : words->library;
}

static const char *meta_method(uint32_t code)
{
	switch (code) {
	case SESSION_CODE('_', 'P', 'N', 'G'):
		return "ping";
	case SESSION_CODE('_', 'N', 'T', 'F'):
		return "interface";
	case SESSION_CODE('_', 'D', 'M', 'P'):
		return "dump";
	case SESSION_CODE('_', 'C', 'M', 'D'):
		return "shell command";
	case SESSION_CODE('_', 'P', 'I', 'D'):
		return "debug pid";
	default:
		return NULL;
	}
}

const char *words_method(struct words *words, int context, const char *service, uint32_t code)
{
	const struct aidl_declaration *interface = NULL;
	const struct aidl_method *method;
	const char *descriptor;

	if (code >= FIRST_META_CODE)
		return meta_method(code);
	if (!words->source->connection || !service || !library_of(words))
		return NULL;
	descriptor = words_interface(words, context, service);
	if (!descriptor || !*descriptor ||
	    aidl_library_find(words->library, descriptor, &interface) != STATUS_OK)
		return NULL;
	method = aidl_method_by_code(interface, code);
	return method ? method->name : NULL;
}

char *words_of_call(struct words *words, const struct state_transaction *call)
{
	const struct state *state = words->source->state;
	const struct state_transaction *target = words_target(words, call);
	int context = state->process[call->process].context;
	const char *service = state_name_of_node(state, context, target->node);
	const char *method = words_method(words, context, service, call->code);
	char *process = service ? NULL : words_of_process(words, call->to_pid), *text = NULL;
	const char *name = service ? service : process;
	int size;

	if (!name)
		return NULL;
	if (!method)
		size = asprintf(&text, "%s code %u", name, call->code);
	else if (service)
		size = asprintf(&text, "%s.%s", name, method);
	else
		size = asprintf(&text, "%s %s", name, method);
	free(process);
	return size < 0 ? NULL : text;
}

/* ---- small things ------------------------------------------------------------------- */

void words_of_time(int64_t ms, char text[static 32])
{
	long long value = ms;

	if (ms < 0)
		*text = 0;
	else if (ms < 100)
		snprintf(text, 32, "%lld ms", value);
	else if (ms < 60000)
		snprintf(text, 32, "%lld.%lld s", value / 1000, value % 1000 / 100);
	else
		snprintf(text, 32, "%lld min %lld s", value / 60000, value % 60000 / 1000);
}

const char *words_arrow(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale = NULL;

	/* The first one that is set decides. */
	for (size_t i = 0; (!locale || !*locale) && i < sizeof(names) / sizeof(*names); i++)
		locale = getenv(names[i]);
	return locale && (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8")) ? "\u2192" :
										       "->";
}
