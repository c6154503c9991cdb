/* SPDX-License-Identifier: MIT */
/*
 * terminal.c: the shell at a terminal: reads keys, and serves the Lua loop
 * between them.
 *
 * readline is called for each key.  When a callback of the script has something
 * to do, the line that is being typed is taken from the screen, and put back
 * below what the callback has printed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>

#include <binder/ext.h>

#include "lua/module.h"
#include "cli/repl/repl.h"

static struct repl *shell; /* readline's handler has no room for it */
static bool leaving;

#define BOLD "\001\033[1m\002"
#define PLAIN "\001\033[0m\002"

static const char *prompt(void)
{
	if (shell->pending)
		return shell->colour ? BOLD "     >> " PLAIN : "     >> ";
	return shell->colour ? BOLD "binder> " PLAIN : "binder> ";
}

/* Lines of one piece of Lua are one entry. */
static void remember(const char *line)
{
	char *whole = NULL;

	if (shell->entry && asprintf(&whole, "%s\n%s", shell->entry, line) < 0)
		whole = NULL;
	if (!shell->entry)
		whole = strdup(line);
	free(shell->entry);
	shell->entry = whole;
}

static void end_entry(void)
{
	if (shell->entry)
		repl_history_add(shell->entry);
	free(shell->entry);
	shell->entry = NULL;
}

static void take_line(char *line);

/* Between lines the terminal is as the user had it, so that Ctrl-C is a signal. */
static void begin_line(void)
{
	repl_verb_clear();
	rl_callback_handler_install(prompt(), take_line);
	repl_signals_prompt(true);
}

static void take_line(char *line)
{
	enum repl_result result;

	rl_callback_handler_remove();
	repl_signals_prompt(false);
	if (!line) {
		putchar('\n');
		leaving = true;
		return;
	}
	remember(line);
	/* .history shows itself, and a line that kills the shell is not lost. */
	if (!shell->pending && *line == '.')
		end_entry();
	result = repl_line(shell, line);
	free(line);
	fflush(stdout);
	if (result != REPL_MORE)
		end_entry();
	if (result == REPL_LEAVE)
		leaving = true;
	repl_look_at_driver(shell);
	repl_meet_driver(shell);
	if (!leaving)
		begin_line();
}

void repl_go_to_end(void)
{
	rl_point = rl_end;
	rl_redisplay();
}

/* Ctrl-C while typing: a new line. */
static void drop_line(void)
{
	atomic_store(&repl_interrupted, false);
	lb_interrupt_clear(shell->L);
	repl_go_to_end();
	fputs("^C\n", stdout);
	rl_free_line_state();
	rl_callback_sigcleanup();
	rl_callback_handler_remove();
	rl_replace_line("", 0);
	free(shell->pending);
	shell->pending = NULL;
	end_entry();
	begin_line();
}

static void serve_above_line(void)
{
	rl_clear_visible_line();
	fflush(stdout);
	repl_signals_hold(false);
	repl_serve(shell);
	repl_signals_hold(true);
	fflush(stdout);
	rl_on_new_line();
	rl_forced_update_display();
}

static void wait_for_something(void)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = lb_queue_fd(shell->L), .events = POLLIN },
	};
	bool gone;

	if (repl_signals_poll(fds, 2, repl_wait_ms(shell)) < 0 && errno != EINTR) {
		leaving = true;
		return;
	}
	if (atomic_load(&repl_interrupted))
		drop_line();
	gone = shell->driver_seen && !ABinderConnection_isAlive(ABinderConnection_getDefault());
	if (fds[1].revents || gone || lb_queue_wait_ms(shell->L) == 0)
		serve_above_line();
	if (fds[0].revents)
		rl_callback_read_char();
}

void repl_terminal(struct repl *repl)
{
	shell = repl;
	rl_readline_name = "binderctl";
	repl_signals_open();
	repl_history_open();
	repl_complete_open(repl);
	/* A callback may end the process while the terminal is readline's. */
	atexit(rl_callback_handler_remove);
	printf("binderctl " BINDER_VERSION_STRING "; .help says more\n");
	repl_meet_driver(repl);
	if (!repl->driver_seen)
		repl_complain(repl,
			      "no Binder driver is there yet: `up` starts one, `doctor` says more");
	begin_line();
	while (!leaving)
		wait_for_something();
	end_entry();
}
