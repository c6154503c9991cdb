/* SPDX-License-Identifier: MIT */
/*
 * complete.c: offers words to shells, from the verb table and from the world
 * that runs.  Silent about anything that fails: a prompt is no place for errors.
 */
#include <string.h>

#include "cli/complete/method.h"
#include "cli/complete/value.h"
#include "cli/value/types.h"
#include "cli/verb.h"
#include "cli/session.h"

void offer_candidate(const struct invocation *invocation, const char *candidate, const char *word,
		     const char *before, const char *after)
{
	if (!strncmp(candidate, word + strlen(before), strlen(word) - strlen(before)))
		fprintf(invocation->candidates, "%s%s%s\n", before, candidate, after);
}

/* Who has pressed a key does not wait for long. */
#define PROMPT_MS 1000

struct offered {
	const struct invocation *invocation;
	const char *word, *before;
};

static bool offer_name(const char *name, void *cookie)
{
	const struct offered *offered = cookie;

	offer_candidate(offered->invocation, name, offered->word, offered->before, "");
	return true;
}

void complete_services(const struct invocation *invocation, const char *word, const char *before)
{
	struct offered offered = { invocation, word, before };
	ABinderConnection *connection = NULL;

	if (ABinderConnection_openWithin(invocation->device, PROMPT_MS, &connection) != STATUS_OK)
		return;
	AServiceManager_listOn(connection, offer_name, &offered);
	ABinderConnection_close(connection);
}

void complete_service(struct invocation *invocation, int index, const char *word)
{
	if (index == 0)
		complete_services(invocation, word, "");
}

/* Is it the value of the option before it? */
static bool is_value(const struct verb *verb, char **words, int i)
{
	return i > 0 && options_take_next(verb->options, words[i - 1]);
}

/* Services, methods and arguments so far; most is the room for them.  Options are left out. */
static int words_before(const struct invocation *invocation, const char **ret, int most)
{
	const struct verb *verb = verb_find(invocation->argv[0]);
	int count = 0;

	for (int i = 1; i < invocation->argc - 1 && count < most; i++)
		if (invocation->argv[i][0] != '-' && !is_value(verb, invocation->argv, i))
			ret[count++] = invocation->argv[i];
	return count;
}

#define MOST_WORDS 64

/* TYPE:VALUE */
static void complete_typed(const struct invocation *invocation, const char *word)
{
	const size_t length = strcspn(word, ":");
	const char *name;
	char before[16];

	snprintf(before, sizeof(before), "%.*s:%s", (int)length, word,
		 word[length] && word[length + 1] == '@' ? "@" : "");
	if (!strcmp(before, "binder:"))
		complete_services(invocation, word, before);
	else if (!strcmp(before, "fd:") || !strcmp(before, "pfd:"))
		complete_files(invocation, word, before);
	else if (word[length] && word[length + 1] == '@' && value_type_has_file(word, length))
		complete_files(invocation, word, before);
	for (int i = 0; !word[length] && (name = value_type_name(i)); i++)
		offer_candidate(invocation, name, word, "", strcmp(name, "null") ? ":" : "");
}

void complete_call(struct invocation *invocation, int index, const char *word)
{
	const char *words[MOST_WORDS];
	int count;

	if (index == 0) {
		complete_services(invocation, word, "");
		return;
	}
	count = words_before(invocation, words, MOST_WORDS);
	if (!complete_method(invocation, words, count, word) && index > 1)
		complete_typed(invocation, word);
}

/* Files are what a command takes most. */
void complete_sandbox(struct invocation *invocation, int index, const char *word)
{
	if (index == 0)
		complete_programs(invocation, word, "");
	else
		complete_files(invocation, word, "");
}

void complete_verb(struct invocation *invocation, int index, const char *word)
{
	const char *name;

	for (int i = 0; index == 0 && (name = verb_name_at(i)); i++)
		offer_candidate(invocation, name, word, "", "");
}

static void offer_options(const struct invocation *invocation, const struct option_spec *options,
			  const char *word)
{
	for (; options->name; options++)
		offer_candidate(invocation, options->name, word, "--", "");
}

/* Number of the verb among the words, behind global options; count: there is none. */
static int find_verb(int count, char **words)
{
	int i = 0;

	while (i < count && words[i][0] == '-')
		i += options_take_next(global_options, words[i]) ? 2 : 1;
	return i < count ? i : count;
}

/* How many words of the verb's own stand before the last one. */
static int count_own(const struct verb *verb, char **words, int count)
{
	bool words_only = false;
	int own = 0;

	for (int i = 1; i < count - 1; i++) {
		if (!words_only && !strcmp(words[i], "--")) {
			words_only = true;
		} else if (words_only || (words[i][0] != '-' && !is_value(verb, words, i))) {
			own++;
			words_only |= verb->words_end_options;
		}
	}
	return own;
}

/* By the option's name; for the others only whoever types knows. */
static const struct {
	const char *option;
	void (*complete)(const struct invocation *invocation, const char *word, const char *before);
} option_values[] = {
	{ "device", complete_devices },  { "domain", complete_domains },
	{ "aidl", complete_folders },    { "reply", complete_reply_types },
	{ "include", complete_folders }, { "out", complete_folders },
	{ "lang", complete_languages },
};

/* The last word as the value of an option: the word before it, or its own beginning.  false: it is
 * none. */
static bool complete_option_value(const struct invocation *invocation,
				  const struct option_spec *options, int count, char **words)
{
	const char *last = words[count - 1], *equals = strchr(last, '=');
	const struct option_spec *spec = NULL;
	char before[32] = "";

	if (!strncmp(last, "--", 2) && equals) {
		snprintf(before, sizeof(before), "%.*s", (int)(equals + 1 - last), last);
		spec = options_find(options, last);
	} else if (last[0] == '-' && last[1] && last[1] != '-' && last[2] &&
		   (spec = options_find(options, last))) {
		snprintf(before, sizeof(before), "%.2s", last);
	} else if (count > 1 && options_take_next(options, words[count - 2])) {
		spec = options_find(options, words[count - 2]);
	}
	for (size_t i = 0; spec && i < sizeof(option_values) / sizeof(*option_values); i++)
		if (!strcmp(option_values[i].option, spec->name))
			option_values[i].complete(invocation, last, before);
	return spec != NULL;
}

/* Who completes behind --device wants the services that are there. */
static void take_device(struct invocation *invocation, int count, char **words)
{
	static const char name[] = "--device";

	for (int i = 0; i + 1 < count; i++) {
		if (!strncmp(words[i], name, strlen(name)) && words[i][strlen(name)] == '=')
			invocation->device = words[i] + strlen(name) + 1;
		else if (!strcmp(words[i], name) && i + 2 < count)
			invocation->device = words[i + 1];
	}
}

static void complete_global(struct invocation *invocation, int count, char **words)
{
	static const struct option_spec none[] = { { 0 } };
	const char *last = count ? words[count - 1] : "";

	if (count && complete_option_value(invocation, none, count, words))
		return;
	if (!strncmp(last, "--", 2))
		offer_options(invocation, global_options, last);
	else
		complete_verb(invocation, 0, last);
}

void complete_words(struct invocation *invocation, int count, char **words)
{
	const char *last = count ? words[count - 1] : "";
	int first = find_verb(count - 1, words), index;
	const struct verb *verb;

	take_device(invocation, count, words);
	if (first >= count - 1) {
		complete_global(invocation, count, words);
		return;
	}
	verb = verb_find(words[first]);
	if (!verb)
		return;
	/* From the verb on, as complete() wants them. */
	invocation->argv = words + first;
	invocation->argc = count - first;
	index = count_own(verb, invocation->argv, invocation->argc);
	if (index && verb->words_end_options) {
		/* The rest is somebody else's. */
		if (verb->complete)
			verb->complete(invocation, index, last);
		return;
	}
	if (complete_option_value(invocation, verb->options, invocation->argc, invocation->argv))
		return;
	if (!strncmp(last, "--", 2)) {
		offer_options(invocation, verb->options, last);
		offer_options(invocation, global_options, last);
	} else if (verb->complete) {
		verb->complete(invocation, index, last);
	}
}

int verb_complete(struct invocation *invocation)
{
	const struct verb *verb = invocation->argc > 1 ? verb_find(invocation->argv[0]) : NULL;

	invocation->candidates = stdout;
	if (verb && option_value(invocation, "hint")) {
		const char *before[MOST_WORDS];
		int count = words_before(invocation, before, MOST_WORDS);

		if (verb->run == verb_call)
			complete_hint(invocation, before, count,
				      invocation->argv[invocation->argc - 1]);
		return EXIT_OK;
	}
	complete_words(invocation, invocation->argc, invocation->argv);
	return EXIT_OK;
}

void complete_methods(struct invocation *invocation, int index, const char *word)
{
	complete_service(invocation, index, word);
}
