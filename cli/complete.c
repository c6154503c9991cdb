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

static void offer(const char *candidate, const char *word, const char *before, const char *after)
{
	if (!strncmp(candidate, word + strlen(before), strlen(word) - strlen(before)))
		printf("%s%s%s\n", before, candidate, after);
}

/* Who has pressed a key does not wait for long. */
#define PROMPT_MS 1000

struct offered {
	const char *word, *before;
};

static bool offer_name(const char *name, void *cookie)
{
	const struct offered *offered = cookie;

	offer(name, offered->word, offered->before, "");
	return true;
}

static void offer_services(const struct invocation *invocation, const char *word,
			   const char *before)
{
	struct offered offered = { word, before };
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

static void offer_whole(const char *candidate, const char *word)
{
	offer(candidate, word, "", "");
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
	if (complete_method(invocation, words, count, word, offer_whole) || index == 1)
		return;
	if (!strncmp(word, "binder:", 7)) {
		offer_services(invocation, word, "binder:");
		return;
	}
	for (int i = 0; (name = value_type_name(i)); i++)
		offer(name, word, "", strcmp(name, "null") ? ":" : "");
}

void complete_verb(struct invocation *invocation, int index, const char *word)
{
	const char *name;

	for (int i = 0; index == 0 && (name = verb_name_at(i)); i++)
		offer(name, word, "", "");
}

static void offer_options(const struct option_spec *options, const char *word)
{
	for (; options->name; options++)
		offer(options->name, word, "--", "");
}

int verb_complete(struct invocation *invocation)
{
	const struct verb *verb;
	int words = invocation->argc;
	const char *last = words ? invocation->argv[words - 1] : "";

	if (words < 2) {
		if (!strncmp(last, "--", 2))
			offer_options(global_options, last);
		else
			complete_verb(invocation, 0, last);
		return EXIT_OK;
	}
	verb = verb_find(invocation->argv[0]);
	if (!verb)
		return EXIT_OK;
	if (option_value(invocation, "hint")) {
		const char *before[MOST_WORDS];
		int count = words_before(invocation, before, MOST_WORDS);

		if (verb->run == verb_call)
			complete_hint(invocation, before, count, last);
		return EXIT_OK;
	}
	if (!strncmp(last, "--", 2)) {
		offer_options(verb->options, last);
		offer_options(global_options, last);
	} else if (verb->complete) {
		int index = 0;

		/* Options before the word are not counted among a verb's words. */
		for (int i = 1; i < words - 1; i++)
			index += invocation->argv[i][0] != '-';
		verb->complete(invocation, index, last);
	}
	return EXIT_OK;
}

void complete_methods(struct invocation *invocation, int index, const char *word)
{
	complete_service(invocation, index, word);
}
