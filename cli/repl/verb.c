/* SPDX-License-Identifier: MIT */
/*
 * verb.c: a verb's line at the shell.
 *
 * The line is parsed by the verb table as a command line is.  Verbs that talk to
 * services become Lua (verbs.lua) in the shell's own state: Ctrl-C ends them,
 * services that the shell hosts answer meanwhile, and the result is a value.
 * The others are run as a program of their own (child.c).
 */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "cli/errors.h"
#include "lua/module.h"
#include "cli/repl/repl.h"
#include "cli/value/types.h"
#include "cli/waiting.h"
#include "cli/value/words.h"
#include "cli/session.h"

/* One line of a verb while it is run. */
struct line {
	struct repl *repl;
	struct words words;
	struct invocation invocation;
	char **argv; /* a copy of the words; options_parse() moves them */
};

/* Their text is made here of the JSON that they print, which becomes a value. */
static bool speaks_json(const struct verb *verb)
{
	return verb->run == verb_list || verb->run == verb_info;
}

/* A method's name asks for AIDL, which the program reads. */
static bool has_lua(const struct invocation *invocation)
{
	const struct verb *verb = invocation->verb;

	if (verb->run == verb_call)
		return strspn(invocation->argv[1], "0123456789") ||
		       (*invocation->argv[1] == '_' && strlen(invocation->argv[1]) == 4);
	return verb->run == verb_ping || verb->run == verb_dump || verb->run == verb_wait;
}

/* ---- as Lua -------------------------------------------------------------------------- */

/* The verb's words, and its options by name. */
static void push_line(lua_State *L, const struct invocation *invocation)
{
	const struct option_spec *options = invocation->verb->options;

	lua_newtable(L);
	for (int i = 0; i < invocation->argc; i++) {
		lua_pushstring(L, invocation->argv[i]);
		lua_rawseti(L, -2, i + 1);
	}
	lua_newtable(L);
	for (int i = 0; options[i].name; i++) {
		if (!invocation->option[i])
			continue;
		lua_pushstring(L, invocation->option[i]);
		lua_setfield(L, -2, options[i].name);
	}
}

/* Pushes the expression and the statements that verbs.lua makes of it; false after a report. */
static bool translate(struct line *line)
{
	lua_State *L = line->repl->L;

	repl_push_part(L, "verbs", "translate");
	lua_pushstring(L, line->invocation.verb->name);
	push_line(L, &line->invocation);
	return repl_pcall(line->repl, 3, 2);
}

/* What .save writes for a verb without Lua. */
static void record_command(struct line *line, bool failed)
{
	lua_State *L = line->repl->L;

	repl_push_part(L, "verbs", "command");
	lua_newtable(L);
	for (int i = 0; i < line->words.count; i++) {
		lua_pushstring(L, line->words.word[i]);
		lua_rawseti(L, -2, i + 1);
	}
	if (!repl_pcall(line->repl, 1, 1))
		return;
	repl_record_add(line->repl, lua_tostring(L, -1), failed);
	lua_pop(L, 1);
}

/* Pops what translate() has pushed. */
static void record(struct repl *repl, bool failed)
{
	const char *expression = lua_tostring(repl->L, -2);
	char *lua;

	if (asprintf(&lua, "show(assert(%s))", expression) < 0)
		lua = NULL;
	if (lua)
		repl_record_add(repl, lua, failed);
	free(lua);
	lua_pop(repl->L, 2);
}

/* Files that cannot be opened: Lua would say so in other words. */
static int check_files(const struct invocation *invocation)
{
	int result = EXIT_OK;

	for (int i = 2; i < invocation->argc && result == EXIT_OK; i++) {
		struct value_place place = { .invocation = invocation,
					     .number = i - 1,
					     .word = invocation->argv[i] };

		result = value_check_file(&place, place.word);
	}
	return result;
}

static enum repl_result show(struct line *line, int count)
{
	struct repl *repl = line->repl;
	lua_State *L = repl->L;

	if (count == 0)
		return REPL_DONE;
	if (lua_isnil(L, -count)) {
		repl->status = repl_report(repl, &line->invocation, count);
		lua_pop(L, count);
		return REPL_FAILED;
	}
	lua_pushvalue(L, -count);
	repl_set_last(repl);
	if (lb_parcel_of(L, -count)) {
		repl->status = repl_print_reply(repl, &line->invocation, -count);
		lua_pop(L, count);
		return repl->status == EXIT_OK ? REPL_DONE : REPL_FAILED;
	} else {
		repl_print(repl, count);
	}
	return REPL_DONE;
}

static enum repl_result run_lua(struct line *line)
{
	struct repl *repl = line->repl;
	enum repl_result result = REPL_FAILED;
	int count;

	repl->status = line->invocation.verb->run == verb_call ? check_files(&line->invocation) :
								 EXIT_OK;
	if (repl->status != EXIT_OK)
		return REPL_FAILED;
	if (!translate(line))
		return REPL_FAILED;
	if (repl_lua_call(repl, lua_tostring(repl->L, -1), &count))
		result = show(line, count);
	record(repl, result == REPL_FAILED);
	return result;
}

/* ---- as a program ------------------------------------------------------------------------- */

static enum repl_result ended(struct line *line, int status)
{
	if (status == EXIT_OK)
		return REPL_DONE;
	line->repl->status = status;
	return REPL_FAILED;
}

static void show_json(struct line *line, const char *text)
{
	static const char *const few[] = { "name", "pid", "descriptor", NULL };
	static const char *const all[] = { "name",    "pid",        "uid", "handle",
					   "program", "descriptor", NULL };
	static const char *const fields[] = { "name",    "descriptor", "pid",   "uid",
					      "program", "handle",     "alive", NULL };
	const bool is_list = line->invocation.verb->run == verb_list;
	const bool is_long = is_list && option_value(&line->invocation, "long");
	json_t *json = json_loads(text, 0, NULL);
	lua_State *L = line->repl->L;

	if (!json)
		return;
	repl_push_json(L, json);
	json_decref(json);
	lua_pushvalue(L, -1);
	repl_set_last(line->repl);
	repl_print_table(line->repl, is_list ? "rows" : "fields",
			 is_long ? all :
			 is_list ? few :
				   fields);
}

static enum repl_result run_json(struct line *line)
{
	char *text = NULL;
	int status =
		repl_child(line->repl, REPL_TAKE_JSON, line->words.count, line->words.word, &text);

	if (status == EXIT_OK && text)
		show_json(line, text);
	free(text);
	if (translate(line))
		record(line->repl, status != EXIT_OK);
	return ended(line, status);
}

static enum repl_result run_child(struct line *line)
{
	int status = repl_child(line->repl, REPL_TAKE_NOTHING, line->words.count, line->words.word,
				NULL);

	record_command(line, status != EXIT_OK);
	return ended(line, status);
}

/* A call by name shows its reply itself; the value becomes _. */
static enum repl_result run_call(struct line *line)
{
	char *text = NULL;
	int status =
		repl_child(line->repl, REPL_TAKE_VALUE, line->words.count, line->words.word, &text);
	json_t *value = text ? json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL) : NULL;

	if (status == EXIT_OK && value) {
		repl_push_json(line->repl->L, value);
		repl_set_last(line->repl);
	}
	json_decref(value);
	free(text);
	record_command(line, status != EXIT_OK);
	return ended(line, status);
}

/* ---- the line ------------------------------------------------------------------------------- */

static enum repl_result run(struct line *line)
{
	struct invocation *invocation = &line->invocation;
	const struct verb *verb = invocation->verb;
	bool help = false;
	int result = options_parse(invocation, line->words.count - 1, line->argv + 1, &help);

	if (result == EXIT_OK && !help && invocation->verb == verb)
		result = options_check_words(invocation);
	if (result == EXIT_OK && !help)
		result = session_start_clock(invocation);
	if (result != EXIT_OK) {
		line->repl->status = result;
		return REPL_FAILED;
	}
	/* Whoever asks for something else than the text gets it from the program. */
	if (help || invocation->json || invocation->device != line->repl->invocation->device ||
	    invocation->verb != verb)
		return run_child(line);
	if (has_lua(invocation)) {
		enum repl_result lua;

		waiting_begin(invocation);
		lua = run_lua(line);
		waiting_end();
		return lua;
	}
	if (verb->run == verb_call)
		return run_call(line);
	return speaks_json(verb) ? run_json(line) : run_child(line);
}

enum repl_result repl_verb(struct repl *repl, const char *text)
{
	struct line line = { .repl = repl };
	enum repl_result result = REPL_FAILED;

	repl->status = EXIT_USAGE;
	if (words_split(text, &line.words) < 0)
		return REPL_FAILED;
	line.invocation = *repl->invocation;
	line.invocation.verb = verb_find(line.words.word[0]);
	line.argv = calloc(line.words.count + 1, sizeof(*line.argv));
	if (line.words.open) {
		repl_complain(repl, "the line ends inside of a quote");
	} else if (line.argv) {
		memcpy(line.argv, line.words.word, line.words.count * sizeof(*line.argv));
		result = run(&line);
	}
	options_free(&line.invocation);
	free(line.argv);
	words_free(&line.words);
	return result;
}
