/* SPDX-License-Identifier: MIT */
/*
 * line.c: what a line is: a verb, a .command or Lua, perhaps the next piece of some.
 *
 * Called with what was typed, or with the lines of a pipe; the same for both.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/repl/repl.h"

/* `list = 3`, `call (1)` and `log.x` are Lua although list, call and log are verbs. */
const struct verb *repl_is_verb(const char *line)
{
	const struct verb *verb;
	char name[32];
	size_t length;

	while (isspace((unsigned char)*line))
		line++;
	length = strcspn(line, " \t\n");
	if (!length || length >= sizeof(name))
		return NULL;
	memcpy(name, line, length);
	name[length] = 0;
	verb = verb_find(name);
	line += length;
	while (isspace((unsigned char)*line))
		line++;
	return verb && !(*line && strchr("=(,.[", *line)) ? verb : NULL;
}

static char *joined(const char *first, const char *second)
{
	char *whole;

	if (!first)
		return strdup(second);
	if (asprintf(&whole, "%s\n%s", first, second) < 0)
		return NULL;
	return whole;
}

static enum repl_result lua_line(struct repl *repl, const char *line)
{
	char *whole = joined(repl->pending, line);
	enum repl_result result;

	if (!whole)
		return REPL_FAILED;
	result = repl_lua(repl, whole);
	free(repl->pending);
	repl->pending = result == REPL_MORE ? whole : NULL;
	if (result != REPL_MORE)
		free(whole);
	return result;
}

/* `exit` and `quit` are what people type, and nil to Lua. */
static bool is_farewell(const struct repl *repl, const char *line)
{
	const size_t length = strcspn(line, " \t\n");
	bool free_name;

	if ((strncmp(line, "exit", length) != 0 && strncmp(line, "quit", length) != 0) ||
	    length != 4 || line[length + strspn(line + length, " \t\n")])
		return false;
	lua_getglobal(repl->L, *line == 'e' ? "exit" : "quit");
	free_name = lua_isnil(repl->L, -1);
	lua_pop(repl->L, 1);
	return free_name;
}

static enum repl_result one_line(struct repl *repl, const char *line)
{
	const char *start = line;

	if (repl->pending)
		return lua_line(repl, line);
	while (isspace((unsigned char)*start))
		start++;
	if (!*start || !strncmp(start, "#!", 2))
		return REPL_DONE;
	if (*start == '.' && isalpha((unsigned char)start[1]))
		return repl_command(repl, start);
	if (repl_is_verb(start))
		return repl_verb(repl, start);
	if (is_farewell(repl, start))
		return REPL_LEAVE;
	return lua_line(repl, start);
}

/* Pasted: one piece of Lua, or lines of whatever kind. */
static enum repl_result many_lines(struct repl *repl, const char *text)
{
	enum repl_result result = REPL_DONE;
	char *copy = strdup(text), *rest = copy, *line;

	while (copy && (line = strsep(&rest, "\n"))) {
		result = one_line(repl, line);
		if (result == REPL_FAILED || result == REPL_LEAVE)
			break;
	}
	free(copy);
	return result;
}

enum repl_result repl_line(struct repl *repl, const char *text)
{
	const bool begins_with_lua = !repl_is_verb(text) && *text != '.';

	if (strchr(text, '\n') && (repl->pending || !begins_with_lua))
		return many_lines(repl, text);
	return one_line(repl, text);
}
