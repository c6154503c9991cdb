/* SPDX-License-Identifier: MIT */
/*
 * command.c: the shell's own commands, which begin with a dot.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/repl/repl.h"
#include "cli/value/words.h"

struct command {
	const char *name, *argument, *help;
	enum repl_result (*run)(struct repl *repl, const struct command *command, const char *word);
};

static const struct command commands[];

/* ---- one function for each ---------------------------------------------------------- */

static enum repl_result help(struct repl *repl, const struct command *unused, const char *word)
{
	fputs("A line is a verb, as on the command line:\n"
	      "  list; call media.player 1 i32:3; dump media.player (`help` lists them)\n"
	      "or Lua, with the module `binder` at hand; an expression shows its value:\n"
	      "  svc = binder.get \"media.player\"\n"
	      "  svc:ping()\n"
	      "`_` is the result of the last line.  `= name` is Lua also where name is a verb.\n\n",
	      stdout);
	for (const struct command *command = commands; command->name; command++) {
		char left[32];

		snprintf(left, sizeof(left), "%s %s", command->name,
			 command->argument ? command->argument : "");
		printf("  %-16s %s\n", left, command->help);
	}
	fputs("\nTab completes, Ctrl-C ends a call or drops a line, Ctrl-D leaves.\n", stdout);
	return REPL_DONE;
}

static enum repl_result history(struct repl *repl, const struct command *unused, const char *word)
{
	repl_history_print();
	return REPL_DONE;
}

static enum repl_result save(struct repl *repl, const struct command *unused, const char *word)
{
	return repl_save(repl, word);
}

/* Registrations and deaths. */
static enum repl_result watch(struct repl *repl, const struct command *unused, const char *word)
{
	static const char callback[] =
		"function(service, name)\n"
		"\tprint(name .. \" is registered\")\n"
		"\tservice:on_death(function() print(name .. \" has died\") end)\n"
		"end";
	char *code = NULL;
	int count;
	bool good;

	for (const char *c = word; *c; c++)
		if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ') {
			repl_complain(repl, ".watch: no service has such a name");
			return REPL_FAILED;
		}
	if (asprintf(&code, "return assert(binder.watch(\"%s\", %s))", word, callback) < 0)
		return REPL_FAILED;
	good = repl_lua_call(repl, code, &count);
	free(code);
	if (asprintf(&code, ".watch %s", word) >= 0) {
		repl_record_add(repl, code, !good);
		free(code);
	}
	if (!good)
		return REPL_FAILED;
	lua_settop(repl->L, -count - 1);
	return REPL_DONE;
}

/* A process has one default connection, for good: a new driver takes a new process. */
static enum repl_result restart(struct repl *repl, const struct command *unused, const char *word)
{
	const char *argv[] = { "binderctl", NULL, NULL, NULL };

	if (repl->arguments->device) {
		argv[1] = "--device";
		argv[2] = repl->arguments->device;
	}
	fflush(NULL);
	execv("/proc/self/exe", (char *const *)argv);
	repl_complain(repl, strerror(errno));
	return REPL_FAILED;
}

static enum repl_result leave(struct repl *repl, const struct command *unused, const char *word)
{
	return REPL_LEAVE;
}

static const struct command commands[] = {
	{ ".help", NULL, "this", help },
	{ ".history", NULL, "what was typed, also before", history },
	{ ".save", "FILE", "write the lines of this session, to be run by binderctl <FILE", save },
	{ ".watch", "NAME", "tell of each registration of a service and of its death", watch },
	{ ".restart", NULL, "begin anew, with the driver that is there now", restart },
	{ ".quit", NULL, "leave; so do Ctrl-D, exit and quit", leave },
	{ 0 },
};

/* ---- finding it ------------------------------------------------------------------------- */

const char *repl_command_name(int index)
{
	return commands[index].name;
}

bool repl_command_takes_file(const char *name)
{
	for (const struct command *command = commands; command->name; command++)
		if (!strcmp(command->name, name))
			return command->argument && !strcmp(command->argument, "FILE");
	return false;
}

static enum repl_result complain(struct repl *repl, const char *name, const char *what)
{
	char text[160];

	snprintf(text, sizeof(text), "%.60s: %s; .help lists what there is", name, what);
	repl_complain(repl, text);
	repl->status = EXIT_USAGE;
	return REPL_FAILED;
}

static enum repl_result run(struct repl *repl, const struct words *words)
{
	const char *name = words->word[0];

	for (const struct command *command = commands; command->name; command++) {
		if (strcmp(command->name, name) != 0)
			continue;
		if (words->count != (command->argument ? 2 : 1) || words->open)
			return complain(repl, name,
					command->argument ? "one argument expected" :
							    "no argument expected");
		return command->run(repl, command, words->word[1]);
	}
	return complain(repl, name, "no such command");
}

enum repl_result repl_command(struct repl *repl, const char *line)
{
	enum repl_result result;
	struct words words;

	if (words_split(line, &words) < 0)
		return REPL_FAILED;
	result = run(repl, &words);
	words_free(&words);
	return result;
}
