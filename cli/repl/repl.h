/* SPDX-License-Identifier: MIT */
/*
 * repl.h: the borders between the files of the shell.
 *
 * repl.c     begins and ends it          terminal.c  reads keys and serves the loop
 * line.c     what a line is: verb, .command, Lua     lua.c   compiles, calls
 * verb.c     runs verbs                  print.c     shows values
 * history.c  the lines so far, .save     complete.c  candidates for Tab
 * signals.c  Ctrl-Z, another size of the window
 */
#ifndef CLI_REPL_H
#define CLI_REPL_H

#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>
#include <lua.h>

#include "cli/verb.h"

enum repl_result {
	REPL_DONE,
	REPL_FAILED, /* has been reported */
	REPL_MORE,   /* Lua that goes on in the next line */
	REPL_LEAVE,
};

/* One line, or several that belong together, for .save. */
struct repl_record {
	char *text;
	bool failed;
};

struct repl {
	const struct arguments *arguments; /* global options */
	lua_State *L;
	bool terminal; /* somebody types; else a script comes through a pipe */
	bool colour;
	int status;    /* exit status of what failed last */
	char *pending; /* Lua that is not complete; NULL: none */
	char *entry;   /* the lines of it, for the history */
	struct repl_record *record;
	size_t records;
	bool driver_seen; /* the default connection is open and alive */
	bool driver_lost; /* ... was open, and is not alive any more */
};

/* Set by Ctrl-C; whatever runs ends. */
extern atomic_bool repl_interrupted;

int repl_run(struct arguments *arguments);

/* ---- terminal.c, repl.c ------------------------------------------------------ */

/* Until Ctrl-D. */
void repl_terminal(struct repl *repl);
/* Of the line that is being typed, so that something can be written behind it. */
void repl_go_to_end(void);
/* Runs callbacks and handlers that wait; errors of theirs are told. */
void repl_serve(struct repl *repl);
/* Is there a driver by now? */
void repl_meet_driver(struct repl *repl);
/* Says once that the driver has gone. */
void repl_look_at_driver(struct repl *repl);
/* A message of the shell's own, or of the script's. */
void repl_complain(const struct repl *repl, const char *text);
/* Milliseconds that poll() may take, so that timers and the driver are not forgotten. */
int repl_wait_ms(const struct repl *repl);

/* ---- signals.c ------------------------------------------------------------------- */

void repl_signals_open(void);
/* A prompt comes, or goes. */
void repl_signals_prompt(bool there);
/* At the prompt: the signals wait for repl_signals_poll(), or are taken meanwhile, so that what
 * a callback starts does not inherit that. */
void repl_signals_hold(bool hold);
/* As poll(), at the prompt. */
int repl_signals_poll(struct pollfd *fds, nfds_t count, int timeout_ms);

/* ---- line.c ----------------------------------------------------------------------- */

/* text may have several lines. */
enum repl_result repl_line(struct repl *repl, const char *text);
/* Does it begin like a verb's line? */
const struct verb *repl_is_verb(const char *line);

/* ---- lua.c ---------------------------------------------------------------------------- */

bool repl_lua_open(struct repl *repl);
enum repl_result repl_lua(struct repl *repl, const char *text);
/* Statements of ours; what they return is on the stack, *count_ret values.  False: has been
 * reported. */
bool repl_lua_call(struct repl *repl, const char *chunk, int *count_ret);
/* The function and its arguments on the stack, as lua_pcall(); reports an error. */
bool repl_pcall(struct repl *repl, int arguments, int results);
/* The value on top becomes _. */
void repl_set_last(struct repl *repl);

/* ---- verb.c, line.c --------------------------------------------------------------------------- */

enum repl_result repl_verb(struct repl *repl, const char *line);
/* Ctrl-C; async-signal-safe. */
void repl_verb_interrupt(void);
/* A new line begins: a Ctrl-C before it is over. */
void repl_verb_clear(void);
enum repl_result repl_command(struct repl *repl, const char *line);
/* The names of .commands; NULL behind the last. */
const char *repl_command_name(int index);
/* Does the command take a file? */
bool repl_command_takes_file(const char *name);

/* ---- print.c ---------------------------------------------------------------------------------- */

void repl_print_open(lua_State *L, struct repl *repl);
/* The results on top of the stack, which are popped. */
void repl_print(struct repl *repl, int count);
/* A function of cli/lua/, such as "show", "values"; name NULL: what the file returns. */
void repl_push_part(lua_State *L, const char *part, const char *name);
/* Raises when memory is short. */
void repl_push_json(lua_State *L, const json_t *value);

/* ---- history.c -------------------------------------------------------------------------------- */

void repl_history_open(void);
/* An entry may have several lines. */
void repl_history_add(const char *entry);
void repl_history_print(void);
void repl_record_add(struct repl *repl, const char *text, bool failed);
enum repl_result repl_save(struct repl *repl, const char *path);

/* ---- complete.c --------------------------------------------------------------------------------- */

void repl_complete_open(struct repl *repl);

#endif
