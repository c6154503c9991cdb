/* SPDX-License-Identifier: MIT */
/*
 * repl.c: binderctl alone: a shell for somebody who types, a script's lines from a pipe.
 *
 * main.c calls it when there is no verb.  At a terminal terminal.c goes on;
 * both hand lines to line.c.
 */
#include "cli/repl/repl.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <android/binder_process.h>
#include <binder/ext.h>
#include <lauxlib.h>

#include "cli/errors.h"
#include "lua/module.h"
#include "cli/value/text.h"

/* How often the driver is looked at: no message tells that it has gone. */
#define LOOK_MS 1000

atomic_bool repl_interrupted;

static void on_interrupt(int number)
{
	const int error = errno;

	atomic_store(&repl_interrupted, true);
	repl_verb_interrupt();
	lb_interrupt();
	errno = error;
}

/* ---- what all of it uses ------------------------------------------------------------ */

void repl_complain(const struct repl *repl, const char *text)
{
	struct message message;
	FILE *out = message_begin(&message);

	fputs(repl->colour ? "\033[31m" : "", out);
	text_print(out, text ? text : "out of memory", true);
	fputs(repl->colour ? "\033[0m\n" : "\n", out);
	message_send(&message);
}

int repl_wait_ms(const struct repl *repl)
{
	const int timer = lb_queue_wait_ms(repl->L);

	return timer >= 0 && timer < LOOK_MS ? timer : LOOK_MS;
}

void repl_serve(struct repl *repl)
{
	lua_State *L = repl->L;
	bool more = true;

	while (more) {
		lua_getglobal(L, "binder");
		if (lua_getfield(L, -1, "step") != LUA_TFUNCTION) {
			lua_pop(L, 2);
			break;
		}
		lua_remove(L, -2);
		lua_pushinteger(L, 0);
		if (repl_pcall(repl, 1, 1)) {
			more = lua_toboolean(L, -1);
			lua_pop(L, 1);
		}
	}
	repl_look_at_driver(repl);
}

void repl_look_at_driver(struct repl *repl)
{
	ABinderConnection *connection;

	if (!repl->driver_seen)
		return;
	connection = ABinderConnection_getDefault();
	if (connection && ABinderConnection_isAlive(connection))
		return;
	repl->driver_seen = false;
	repl->driver_lost = true;
	repl_complain(repl, "the driver has gone: services are out of reach, Lua goes on; "
			    ".restart begins anew when there is one again");
}

/* ---- beginning ------------------------------------------------------------------------ */

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

void repl_meet_driver(struct repl *repl)
{
	ABinderConnection *connection;

	if (repl->driver_seen)
		return;
	connection = ABinderConnection_getDefault();
	repl->driver_seen = connection && ABinderConnection_isAlive(connection);
	/* A thread that waits in the driver is told when that goes. */
	if (repl->driver_seen)
		ABinderProcess_startThreadPool();
}

/* ---- a script through a pipe ------------------------------------------------------------ */

static int pipe_failed(const struct repl *repl, size_t number)
{
	fflush(stdout);
	fprintf(stderr, "binderctl: standard input, line %zu: the script ends here\n", number);
	return repl->status ? repl->status : EXIT_OTHER;
}

static int run_pipe(struct repl *repl)
{
	enum repl_result result = REPL_DONE;
	size_t size = 0, number = 0;
	char *line = NULL;
	ssize_t length = 0;

	while ((result == REPL_DONE || result == REPL_MORE) &&
	       (length = getline(&line, &size, stdin)) >= 0) {
		number++;
		repl_verb_clear();
		if (length && line[length - 1] == '\n')
			line[length - 1] = 0;
		result = repl_line(repl, line);
		if (repl_is_verb(line))
			repl_meet_driver(repl);
		fflush(stdout);
		if (result != REPL_MORE)
			repl_serve(repl);
	}
	free(line);
	/* Ctrl-C while nothing ran: the pipe was waited for. */
	if (length < 0 && atomic_load(&repl_interrupted))
		return EXIT_SIGNAL + SIGINT;
	if (result == REPL_MORE) {
		repl_complain(repl, "the input ends in the middle of some Lua");
		result = REPL_FAILED;
	}
	return result == REPL_FAILED ? pipe_failed(repl, number) : EXIT_OK;
}

static void clean_up(struct repl *repl)
{
	for (size_t i = 0; i < repl->records; i++)
		free(repl->record[i].text);
	free(repl->record);
	free(repl->pending);
	free(repl->entry);
	if (repl->L)
		lua_close(repl->L);
}

int repl_run(struct arguments *arguments)
{
	struct repl repl = {
		.arguments = arguments,
		.terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO),
		.colour = wants_colour(),
	};
	struct sigaction interrupt = { .sa_handler = on_interrupt }, before;
	int status = EXIT_OK;

	if (arguments->device)
		ABinderConnection_setDefaultDevice(arguments->device);
	if (!repl_lua_open(&repl))
		return fail(NULL, EXIT_OTHER, NULL, "out of memory");
	sigaction(SIGINT, &interrupt, &before);
	lb_interrupt_enable(repl.L, true);
	if (repl.terminal)
		repl_terminal(&repl);
	else
		status = run_pipe(&repl);
	sigaction(SIGINT, &before, NULL);
	clean_up(&repl);
	return status;
}
