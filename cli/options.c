/* SPDX-License-Identifier: MIT */
/*
 * options.c: reads a verb's command line by the verb's own table of options.
 *
 * Called by main.c, before the verb runs.
 */
#include "cli/verb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/errors.h"
#include "cli/value/text.h"

const struct option_spec global_options[] = {
	{ "device", 0, "NAME|PATH",
	  "the Binder device (default: $BINDER_DEVICE, else \"binder\")" },
	{ "android", 0, "VERSION",
	  "Android version of the wire format: 30, 11, 12L, 35.1 (default:\n"
	  "$BINDER_ANDROID, else the service manager's)" },
	{ "domain", 0, "NAME", "system or vendor (default: $BINDER_DOMAIN)" },
	{ "json", 0, NULL, "print JSON for programs" },
	{ "help", 'h', NULL, "show help" },
	{ "version", 0, NULL, "show the version" },
	{ 0 },
};

const struct option_spec options_five_seconds[] = { OPTION_FIVE_SECONDS, { 0 } };
const struct option_spec options_no_limit[] = { OPTION_NO_LIMIT, { 0 } };

const struct option_spec *options_of(const struct verb *verb)
{
	static const struct option_spec none[] = { { 0 } };

	return verb && verb->options ? verb->options : none;
}

const char *option_value(const struct arguments *arguments, const char *name)
{
	const struct option_spec *options = options_of(arguments->verb);

	for (int i = 0; options[i].name; i++)
		if (!strcmp(options[i].name, name))
			return arguments->option[i];
	return NULL;
}

int option_number(const struct arguments *arguments, const char *name, long long high,
		  long long *value)
{
	const char *text = option_value(arguments, name);
	char *end;
	long long number;

	if (!text)
		return EXIT_OK;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || end == text || *end || number < 0 || number > high)
		return fail(arguments, EXIT_USAGE, NULL,
			    "--%s takes a whole number from 0 to %lld, not '%s'", name, high, text);
	*value = number;
	return EXIT_OK;
}

const char *option_next(const struct arguments *arguments, const char *name, const char *after)
{
	bool passed = !after;

	for (int i = 0; i < arguments->given_count; i++) {
		if (strcmp(arguments->given[i].spec->name, name) != 0)
			continue;
		if (passed)
			return arguments->given[i].value;
		passed = arguments->given[i].value == after;
	}
	return NULL;
}

/* Kept in the order of the command line; the last one is what option_value() tells. */
static bool take_own(struct arguments *arguments, int own, const char *value)
{
	int count = arguments->given_count;
	struct given_option *given = arguments->given;

	/* Room for 8, 16, 32, ... of them. */
	if (!(count & (count - 1)) && (count == 0 || count >= 8)) {
		given = reallocarray(given, count ? 2 * (size_t)count : 8, sizeof(*given));
		if (!given)
			return false;
		arguments->given = given;
	}
	given[count].spec = &options_of(arguments->verb)[own];
	given[count].value = value;
	arguments->given_count++;
	arguments->option[own] = value;
	return true;
}

/* The length of the option's name in a word: what stands behind it is a value, attached. */
static size_t name_length(const char *word)
{
	return word[1] == '-' ? strcspn(word, "=") : 2;
}

/* "--include=DIR", "-IDIR"; also "-I=DIR".  NULL: no value is attached. */
static const char *attached(const char *word)
{
	const char *value = word + name_length(word);

	return *value ? value + (*value == '=') : NULL;
}

static int find(const struct option_spec *options, const char *word, size_t length)
{
	for (int i = 0; options[i].name; i++) {
		if (word[1] != '-' && length == 2 && options[i].letter == word[1] &&
		    (options[i].value || !word[2] || word[2] == '='))
			return i;
		if (word[1] == '-' && strlen(options[i].name) == length - 2 &&
		    !strncmp(options[i].name, word + 2, length - 2))
			return i;
	}
	return -1;
}

/* Names that suggest() may offer; it takes no context, so the verb stands here. */
static const struct option_spec *suggested_from;

static const char *option_candidate(int index)
{
	int own = 0;

	while (suggested_from[own].name)
		own++;
	return index < own ? suggested_from[index].name : global_options[index - own].name;
}

static int unknown(const struct arguments *arguments, const char *word, size_t length)
{
	const struct verb *verb = arguments->verb;
	char help[64], bare[32];
	const char *near;

	suggested_from = options_of(verb);
	snprintf(bare, sizeof(bare), "%.*s", (int)length, word);
	near = suggest(bare + strspn(bare, "-"), option_candidate);
	if (verb)
		snprintf(help, sizeof(help), "binderctl help %s", verb->name);
	else
		snprintf(help, sizeof(help), "binderctl help; a verb's own options stand after it");
	if (near)
		return fail(arguments, EXIT_USAGE, help,
			    "no such option: %.*s (did you mean --%s?)", (int)length, word, near);
	return fail(arguments, EXIT_USAGE, help, "no such option: %.*s", (int)length, word);
}

/* What a global option means, wherever it stands. */
static void take_global(struct arguments *arguments, const char *name, const char *value,
			bool *help)
{
	if (!strcmp(name, "device"))
		arguments->device = value;
	else if (!strcmp(name, "android"))
		arguments->android = value;
	else if (!strcmp(name, "domain"))
		arguments->domain = value;
	else if (!strcmp(name, "json"))
		arguments->json = true;
	else if (!strcmp(name, "help"))
		*help = true;
	else
		arguments->verb = verb_find("version");
}

/* "-32" is a number, not an option, and so are -inf and -Infinity; "-Info" is none. */
static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9') &&
	       strcasecmp(word, "-inf") != 0 && strcasecmp(word, "-infinity") != 0;
}

const struct option_spec *options_find(const struct option_spec *options, const char *word)
{
	size_t length;
	int own, global;

	if (word[0] != '-' || !word[1])
		return NULL;
	length = name_length(word);
	own = find(options, word, length);
	global = find(global_options, word, length);
	if (own >= 0)
		return &options[own];
	return global >= 0 ? &global_options[global] : NULL;
}

bool options_take_next(const struct option_spec *options, const char *word)
{
	const struct option_spec *spec = options_find(options, word);

	return spec && spec->value && !attached(word);
}

int options_parse(struct arguments *arguments, int argc, char **argv, bool *help)
{
	const struct verb *verb = arguments->verb;
	/* Before the verb, only the global ones are known. */
	const struct option_spec *options = options_of(verb);
	bool words_only = false;

	/* Words are moved to the front of argv, in their order. */
	arguments->argv = argv;
	arguments->argc = 0;
	for (int i = 0; i < argc; i++) {
		const struct option_spec *spec;
		char *word = argv[i];
		const char *value;
		size_t length;
		int own, global;

		if (words_only || !is_option(word)) {
			arguments->argv[arguments->argc++] = word;
			words_only |= verb && verb->words_end_options;
			continue;
		}
		if (!strcmp(word, "--")) {
			words_only = true;
			continue;
		}
		length = name_length(word);
		own = find(options, word, length);
		global = own < 0 ? find(global_options, word, length) : -1;
		if (own < 0 && global < 0)
			return unknown(arguments, word, strcspn(word, "="));
		spec = own >= 0 ? &options[own] : &global_options[global];
		value = attached(word);
		if (spec->value && !value) {
			if (i + 1 >= argc)
				return fail(arguments, EXIT_USAGE, verb ? verb->example : NULL,
					    "--%s: expected %s after it", spec->name, spec->value);
			value = argv[++i];
		} else if (!spec->value && value) {
			return fail(arguments, EXIT_USAGE, verb ? verb->example : NULL,
				    "--%s takes no value", spec->name);
		}
		if (own >= 0 && !take_own(arguments, own, value ? value : ""))
			return fail(arguments, EXIT_OTHER, NULL, "out of memory");
		if (own < 0)
			take_global(arguments, spec->name, value, help);
	}
	return EXIT_OK;
}

void options_free(struct arguments *arguments)
{
	free(arguments->given);
	arguments->given = NULL;
	arguments->given_count = 0;
}

int options_check_words(const struct arguments *arguments)
{
	const struct verb *verb = arguments->verb;

	if (arguments->json && !verb->json)
		return fail(arguments, EXIT_USAGE, verb->example,
			    "--json: this verb prints nothing for programs");
	if (arguments->argc < verb->min_words)
		return fail(arguments, EXIT_USAGE, verb->example, "expected %s", verb->arguments);
	if (verb->max_words >= 0 && arguments->argc > verb->max_words)
		return fail(arguments, EXIT_USAGE, verb->example, "unexpected argument '%s'",
			    arguments->argv[verb->max_words]);
	return verb->check ? verb->check(arguments) : EXIT_OK;
}

int options_check_texts(const struct arguments *arguments)
{
	for (int i = 1; i < arguments->argc; i++)
		if (!text_is_utf8(arguments->argv[i], strlen(arguments->argv[i])))
			return fail(arguments, EXIT_USAGE, arguments->verb->example,
				    "argument %d '%s': expected text in UTF-8", i,
				    arguments->argv[i]);
	return EXIT_OK;
}
