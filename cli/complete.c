/* SPDX-License-Identifier: MIT */
/*
 * complete.c: offers words to shells, from the verb table and from the world
 * that runs.  Silent about anything that fails: a prompt is no place for errors.
 */
#include <string.h>

#include "complete_method.h"
#include "types.h"
#include "verb.h"
#include "world.h"

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

static void offer_services(const struct invocation *invocation, const char *word,
			   const char *before)
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
		offer_services(invocation, word, "");
}

/* Services, methods and arguments so far; most is the room for them.  Options are left out. */
static int words_before(const struct invocation *invocation, const char **ret, int most)
{
	int count = 0;

	for (int i = 1; i < invocation->argc - 1 && count < most; i++)
		if (invocation->argv[i][0] != '-')
			ret[count++] = invocation->argv[i];
	return count;
}

#define MOST_WORDS 64

/* complete_method() has no room for it. */
static const struct invocation *offering;

static void offer_whole(const char *candidate, const char *word)
{
	offer_candidate(offering, candidate, word, "", "");
}

void complete_call(struct invocation *invocation, int index, const char *word)
{
	const char *words[MOST_WORDS], *name;
	int count;

	if (index == 0) {
		offer_services(invocation, word, "");
		return;
	}
	count = words_before(invocation, words, MOST_WORDS);
	offering = invocation;
	if (complete_method(invocation, words, count, word, offer_whole) || index == 1)
		return;
	if (!strncmp(word, "binder:", 7)) {
		offer_services(invocation, word, "binder:");
		return;
	}
	for (int i = 0; (name = value_type_name(i)); i++)
		offer_candidate(invocation, name, word, "", strcmp(name, "null") ? ":" : "");
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

void complete_words(struct invocation *invocation, int count, char **words)
{
	const char *last = count ? words[count - 1] : "";
	int first = find_verb(count - 1, words), index = 0;
	const struct verb *verb;

	if (first >= count - 1) {
		if (!strncmp(last, "--", 2))
			offer_options(invocation, global_options, last);
		else
			complete_verb(invocation, 0, last);
		return;
	}
	verb = verb_find(words[first]);
	if (!verb)
		return;
	/* Options before the word, and their values, are not counted among a verb's words. */
	for (int i = first + 1; i < count - 1; i++)
		index += words[i][0] != '-' && !options_take_next(verb->options, words[i - 1]);
	if (!strncmp(last, "--", 2) && !(index && verb->words_end_options)) {
		offer_options(invocation, verb->options, last);
		offer_options(invocation, global_options, last);
	} else if (verb->complete && !options_take_next(verb->options, words[count - 2])) {
		/* From the verb on, as complete() wants them. */
		invocation->argv = words + first;
		invocation->argc = count - first;
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
