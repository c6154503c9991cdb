/* SPDX-License-Identifier: MIT */
/*
 * complete.c: what Tab offers at the shell.
 *
 * Verbs' words come from complete.c, as for other shells; Lua names from
 * names.lua; services, between quotes, from the service manager; files where the
 * verb takes them.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "cli/complete/complete.h"
#include "cli/repl/repl.h"
#include "cli/value/words.h"

static struct repl *shell; /* readline has no room for it */

/* ---- candidates: a list of lines -------------------------------------------------------- */

static char *candidates, *next_candidate;

static char *give_candidate(const char *word, int state)
{
	const size_t length = strlen(word);

	if (state == 0)
		next_candidate = candidates;
	while (next_candidate && *next_candidate) {
		char *line = next_candidate, *end = strchr(line, '\n');

		if (end)
			*end++ = 0;
		next_candidate = end;
		if (!strncmp(line, word, length))
			return strdup(line);
	}
	return NULL;
}

static char **matches(const char *word)
{
	char **list = candidates ? rl_completion_matches(word, give_candidate) : NULL;

	/* "i32:", "binder.", "name=" and "fd:/dev/" go on. */
	if (list && list[0] && !list[1] && *list[0] && strchr(":.=/", list[0][strlen(list[0]) - 1]))
		rl_completion_suppress_append = 1;
	free(candidates);
	candidates = NULL;
	return list;
}

static void offer_commands(FILE *out)
{
	const char *name;

	for (int i = 0; (name = repl_command_name(i)); i++)
		fprintf(out, "%s\n", name);
}

static void offer_names(FILE *out, const char *word)
{
	lua_State *L = shell->L;

	repl_push_part(L, "names", NULL);
	lua_pushstring(L, word);
	if (lua_pcall(L, 1, 1, 0) == LUA_OK) {
		for (lua_Integer i = 1; lua_rawgeti(L, -1, i) == LUA_TSTRING; i++, lua_pop(L, 1))
			fprintf(out, "%s\n", lua_tostring(L, -1));
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

static void offer_words(FILE *out, char **words, int count)
{
	struct completion completion = { .out = out, .device = shell->arguments->device };

	complete_words(&completion, count, words);
}

/* Is the line a verb or a .command? */
static bool is_words(void)
{
	return !shell->pending && (repl_is_verb(rl_line_buffer) ||
				   rl_line_buffer[strspn(rl_line_buffer, " \t")] == '.');
}

/* ---- where the cursor stands --------------------------------------------------------------- */

/* The words up to the cursor; the last may be empty. */
static bool words_before(int end, struct words *ret)
{
	char *line = strndup(rl_line_buffer, (size_t)end);
	int r = line ? words_split(line, ret) : -1;

	free(line);
	return r == 0;
}

static bool takes_files(const char *name)
{
	const struct verb *verb = verb_find(name);

	return verb ? verb->words_are_files : repl_command_takes_file(name);
}

static void offer_for_verb(FILE *out, int end)
{
	struct words words;
	char empty[] = "";
	char **list;

	if (!words_before(end, &words))
		return;
	list = calloc(words.count + 2, sizeof(*list));
	if (list) {
		memcpy(list, words.word, words.count * sizeof(*list));
		/* Behind a blank a new word begins. */
		if (words.blank)
			list[words.count] = empty;
		if (!strcmp(words.word[0], ".watch"))
			list[0] = (char *)"ping";
		rl_attempted_completion_over = !takes_files(words.word[0]);
		offer_words(out, list, words.count + words.blank);
	}
	free(list);
	words_free(&words);
}

static void offer_services(FILE *out, const char *word)
{
	char *words[] = { (char *)"ping", (char *)word, NULL };

	offer_words(out, words, 2);
}

/* Called by readline with the borders of the word at the cursor. */
static char **attempt(const char *word, int start, int end)
{
	int first = (int)strspn(rl_line_buffer, " \t");
	size_t size = 0;
	FILE *out = open_memstream(&candidates, &size);

	if (!out)
		return NULL;
	rl_attempted_completion_over = 1;
	/* A Lua name may go on in any way. */
	rl_completion_suppress_append = !is_words();
	if (!shell->pending && start <= first) {
		char *words[] = { (char *)word, NULL };

		offer_words(out, words, 1);
		offer_commands(out);
		offer_names(out, word);
	} else if (is_words()) {
		offer_for_verb(out, end);
	} else if (rl_completion_quote_character) {
		offer_services(out, word);
	} else {
		offer_names(out, word);
	}
	fclose(out);
	return matches(word);
}

/* A word of a verb may have colons and brackets, a Lua name colons and dots. */
static char *word_breaks(void)
{
	static char verb[] = " \t\n\"'", lua[] = " \t\n\"'\\`@$><=;|&{}()[]+-*/%^#~,";

	return is_words() ? verb : lua;
}

void repl_complete_open(struct repl *repl)
{
	shell = repl;
	rl_attempted_completion_function = attempt;
	rl_completion_word_break_hook = word_breaks;
	rl_completer_quote_characters = "\"'";
	rl_sort_completion_matches = 1;
}
