/* SPDX-License-Identifier: MIT */
/*
 * complete.c: offers words to shells, from the verb table and from the world
 * that runs.  Silent about anything that fails: a prompt is no place for errors.
 */
#include <string.h>

#include "cli/complete/complete.h"
#include "cli/complete/method.h"
#include "cli/complete/value.h"
#include "cli/value/types.h"
#include "cli/value/sink.h"
#include "cli/session.h"

void offer_candidate(const struct completion *completion, const char *candidate, const char *word,
		     const char *before, const char *after)
{
	if (!strncmp(candidate, word + strlen(before), strlen(word) - strlen(before)))
		fprintf(completion->out, "%s%s%s\n", before, candidate, after);
}

/* Who has pressed a key does not wait for long. */
#define PROMPT_MS 1000

struct offered {
	const struct completion *completion;
	const char *word, *before;
};

static bool offer_name(const char *name, void *cookie)
{
	const struct offered *offered = cookie;

	offer_candidate(offered->completion, name, offered->word, offered->before, "");
	return true;
}

void complete_services(const struct completion *completion, const char *word, const char *before)
{
	struct offered offered = { completion, word, before };
	ABinderConnection *connection = NULL;

	if (ABinderConnection_openWithin(completion->device, PROMPT_MS, &connection) != STATUS_OK)
		return;
	AServiceManager_listOn(connection, offer_name, &offered);
	ABinderConnection_close(connection);
}

void complete_service(const struct completion *completion, int index, const char *word)
{
	if (index == 0)
		complete_services(completion, word, "");
}

/* Is it the value of the option before it? */
static bool is_value(const struct verb *verb, char **words, int i)
{
	return i > 0 && options_take_next(options_of(verb), words[i - 1]);
}

/* Services, methods and completion so far; most is the room for them.  Options are left out. */
static int words_before(const struct completion *completion, const char **ret, int most)
{
	const struct verb *verb = verb_find(completion->argv[0]);
	int count = 0;

	for (int i = 1; i < completion->argc - 1 && count < most; i++)
		if (completion->argv[i][0] != '-' && !is_value(verb, completion->argv, i))
			ret[count++] = completion->argv[i];
	return count;
}

#define MOST_WORDS 64

/* TYPE:VALUE */
static void complete_typed(const struct completion *completion, const char *word)
{
	const size_t length = strcspn(word, ":");
	const char *name;
	char before[16];

	snprintf(before, sizeof(before), "%.*s:%s", (int)length, word,
		 word[length] && word[length + 1] == '@' ? "@" : "");
	if (!strcmp(before, "binder:"))
		complete_services(completion, word, before);
	else if (!strcmp(before, "fd:") || !strcmp(before, "pfd:"))
		complete_files(completion, word, before);
	else if (word[length] && word[length + 1] == '@' && value_type_has_file(word, length))
		complete_files(completion, word, before);
	for (int i = 0; !word[length] && (name = value_type_name(i)); i++)
		offer_candidate(completion, name, word, "", strcmp(name, "null") ? ":" : "");
}

void complete_call(const struct completion *completion, int index, const char *word)
{
	const char *words[MOST_WORDS];
	int count;

	if (index == 0) {
		complete_services(completion, word, "");
		return;
	}
	count = words_before(completion, words, MOST_WORDS);
	if (!complete_method(completion, words, count, word) && index > 1)
		complete_typed(completion, word);
}

/* Files are what a command takes most. */
void complete_sandbox(const struct completion *completion, int index, const char *word)
{
	if (index == 0)
		complete_programs(completion, word, "");
	else
		complete_files(completion, word, "");
}

void complete_verb(const struct completion *completion, int index, const char *word)
{
	const char *name;

	for (int i = 0; index == 0 && (name = verb_name_at(i)); i++)
		offer_candidate(completion, name, word, "", "");
}

static void offer_options(const struct completion *completion, const struct option_spec *options,
			  const char *word)
{
	for (; options->name; options++)
		offer_candidate(completion, options->name, word, "--", "");
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
	void (*complete)(const struct completion *completion, const char *word, const char *before);
} option_values[] = {
	{ "device", complete_devices },  { "domain", complete_domains },
	{ "aidl", complete_folders },    { "reply", complete_reply_types },
	{ "include", complete_folders }, { "out", complete_folders },
	{ "lang", complete_languages },
};

/* The last word as the value of an option: the word before it, or its own beginning.  false: it is
 * none. */
static bool complete_option_value(const struct completion *completion,
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
			option_values[i].complete(completion, last, before);
	return spec != NULL;
}

/* Who completes behind --device wants the services that are there. */
static void take_device(struct completion *completion, int count, char **words)
{
	static const char name[] = "--device";

	for (int i = 0; i + 1 < count; i++) {
		if (!strncmp(words[i], name, strlen(name)) && words[i][strlen(name)] == '=')
			completion->device = words[i] + strlen(name) + 1;
		else if (!strcmp(words[i], name) && i + 2 < count)
			completion->device = words[i + 1];
	}
}

static void complete_global(const struct completion *completion, int count, char **words)
{
	static const struct option_spec none[] = { { 0 } };
	const char *last = count ? words[count - 1] : "";

	if (count && complete_option_value(completion, none, count, words))
		return;
	if (!strncmp(last, "--", 2))
		offer_options(completion, global_options, last);
	else
		complete_verb(completion, 0, last);
}

void complete_words(struct completion *completion, int count, char **words)
{
	const char *last = count ? words[count - 1] : "";
	int first = find_verb(count - 1, words), index;
	const struct verb *verb;

	take_device(completion, count, words);
	if (first >= count - 1) {
		complete_global(completion, count, words);
		return;
	}
	verb = verb_find(words[first]);
	if (!verb)
		return;
	/* From the verb on, as complete() wants them. */
	completion->argv = words + first;
	completion->argc = count - first;
	index = count_own(verb, completion->argv, completion->argc);
	if (index && verb->words_end_options) {
		/* The rest is somebody else's. */
		if (verb->complete)
			verb->complete(completion, index, last);
		return;
	}
	if (complete_option_value(completion, options_of(verb), completion->argc, completion->argv))
		return;
	if (!strncmp(last, "--", 2)) {
		offer_options(completion, options_of(verb), last);
		offer_options(completion, global_options, last);
	} else if (verb->complete) {
		verb->complete(completion, index, last);
	}
}

static int run_complete(struct session *session, const struct arguments *arguments,
			struct sink *sink)
{
	struct completion completion = {
		.out = sink->out,
		.device = arguments->device,
		.argc = arguments->argc,
		.argv = arguments->argv,
	};
	const struct verb *verb = arguments->argc > 1 ? verb_find(arguments->argv[0]) : NULL;

	if (verb && option_value(arguments, "hint")) {
		const char *before[MOST_WORDS];
		int count = words_before(&completion, before, MOST_WORDS);

		if (!strcmp(verb->name, "call"))
			complete_hint(&completion, before, count,
				      arguments->argv[arguments->argc - 1]);
		return EXIT_OK;
	}
	complete_words(&completion, arguments->argc, arguments->argv);
	return EXIT_OK;
}

static const struct option_spec complete_options[] = {
	{ "hint", 0, NULL, "say what the last word should be, instead" },
	{ 0 },
};

const struct verb verb_complete = {
	.name = "complete",
	.arguments = "[--] [WORD]...",
	.summary = "offer what the last word may become, one a line (for shells)",
	.example = "binderctl complete -- ping med",
	.options = complete_options,
	.max_words = -1,
	.words_end_options = true,
	.hidden = true,
	.run = run_complete,
};
