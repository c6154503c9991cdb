/* SPDX-License-Identifier: MIT */
/*
 * signals.c: Ctrl-Z, fg and a window of another size, while a line is typed.
 *
 * Called by terminal.c.  While there is a prompt the terminal is readline's, so
 * that whoever stops the shell must find it as it was before, and who goes on must
 * get it back, and the line with it.  The signals are taken in repl_signals_poll()
 * only, where readline is at rest.  While a line is carried out the terminal is the
 * user's, and they do what they always do.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <readline/readline.h>

#include "cli/repl/repl.h"

static volatile sig_atomic_t stop_wanted, continued, resized;
static sigset_t taken, outside; /* those signals; the mask without them */

static void on_signal(int number)
{
	if (number == SIGTSTP)
		stop_wanted = 1;
	else if (number == SIGCONT)
		continued = 1;
	else
		resized = 1;
}

static void handle(int number, void (*handler)(int number))
{
	const struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

	sigaction(number, &action, NULL);
}

void repl_signals_open(void)
{
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	sigemptyset(&taken);
	sigaddset(&taken, SIGTSTP);
	sigaddset(&taken, SIGCONT);
	sigaddset(&taken, SIGWINCH);
	sigprocmask(SIG_BLOCK, NULL, &outside);
	handle(SIGCONT, on_signal);
	handle(SIGWINCH, on_signal);
}

void repl_signals_hold(bool hold)
{
	sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &taken, NULL);
}

void repl_signals_prompt(bool there)
{
	handle(SIGTSTP, there ? on_signal : SIG_DFL);
	/* Nothing that was asked for before there was a prompt concerns it. */
	if (there)
		stop_wanted = continued = 0;
	repl_signals_hold(there);
}

/* ---- at the prompt ------------------------------------------------------------------ */

/* The terminal is as a shell has left it, the cursor at the beginning of a line. */
static void take_terminal_back(void)
{
	continued = resized = 0;
	rl_prep_terminal(1);
	rl_reset_screen_size();
	rl_on_new_line();
	rl_forced_update_display();
}

static void stop(void)
{
	const int point = rl_point;

	stop_wanted = 0;
	repl_go_to_end();
	rl_crlf();
	fflush(rl_outstream);
	rl_deprep_terminal();
	rl_point = point;
	handle(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	repl_signals_hold(false); /* it stops here */
	repl_signals_hold(true);
	handle(SIGTSTP, on_signal);
	take_terminal_back();
}

int repl_signals_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	const struct timespec timeout = { timeout_ms / 1000, timeout_ms % 1000 * 1000000L };
	const int ready = ppoll(fds, count, &timeout, &outside), error = errno;

	if (stop_wanted) {
		stop();
	} else if (continued) {
		/* Stopped by a signal that nobody can take. */
		rl_deprep_terminal();
		take_terminal_back();
	} else if (resized) {
		resized = 0;
		rl_resize_terminal();
	}
	errno = error;
	return ready;
}
