/* SPDX-License-Identifier: MIT */
/*
 * child.c: runs a verb as a program of its own, for verb.c.
 *
 * It shares the terminal, so that Ctrl-C reaches it; what it prints is taken
 * where it is to become a value.  Services that the shell hosts go on meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/repl/beside.h"
#include "cli/errors.h"
#include "lua/module.h"
#include "cli/repl/repl.h"

struct child {
	struct repl *repl;
	pid_t pid;
	int output;  /* -1: not taken, or at its end */
	int process; /* readable when it has ended; -1: an old kernel's has none */
	FILE *text;
};

static void begin(const struct repl *repl, enum repl_take take, int argc, char **argv, int output)
{
	const char **words = calloc((size_t)argc + 5, sizeof(*words));
	int count = 0;
	sigset_t none;

	if (!words)
		_exit(EXIT_OTHER);
	words[count++] = "binderctl";
	if (repl->invocation->device) {
		words[count++] = "--device";
		words[count++] = repl->invocation->device;
	}
	if (take == REPL_TAKE_JSON)
		words[count++] = "--json";
	memcpy(words + count, argv, (size_t)argc * sizeof(*words));
	if (take == REPL_TAKE_JSON)
		dup2(output, STDOUT_FILENO);
	else if (take == REPL_TAKE_VALUE)
		beside_set(output);
	signal(SIGINT, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv("/proc/self/exe", (char *const *)words);
	_exit(EXIT_NOT_FOUND);
}

/* True: there may be more. */
static bool take_output(struct child *child)
{
	char buffer[4096];
	ssize_t size = read(child->output, buffer, sizeof(buffer));

	if (size > 0)
		fwrite(buffer, 1, (size_t)size, child->text);
	return size > 0 || (size < 0 && errno == EINTR);
}

static void attend(struct child *child)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = child->process, .events = POLLIN },
			{ .fd = child->output, .events = POLLIN },
			{ .fd = lb_queue_fd(child->repl->L), .events = POLLIN },
		};

		if (poll(fds, 3, repl_patience(child->repl)) < 0 && errno != EINTR)
			return;
		if (fds[1].revents && !take_output(child))
			child->output = -1;
		if (fds[2].revents || lb_queue_wait_ms(child->repl->L) == 0)
			repl_serve(child->repl);
		if (child->output < 0 && (fds[0].revents || child->process < 0))
			return;
	}
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

static int finish(struct child *child)
{
	int status = 0;

	attend(child);
	while (waitpid(child->pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_OTHER;
	/* A Ctrl-C meanwhile was meant for it. */
	atomic_store(&repl_interrupted, false);
	lb_interrupt_clear(child->repl->L);
	/* The terminal has written ^C, and the prompt is to come below it. */
	if (child->repl->terminal && status_of(status) == EXIT_SIGNAL + SIGINT)
		putchar('\n');
	return status_of(status);
}

int repl_child(struct repl *repl, enum repl_take take, int argc, char **argv, char **text_ret)
{
	struct child child = { .repl = repl, .output = -1, .process = -1 };
	int pipe_fds[2] = { -1, -1 }, status;
	size_t size = 0;

	if (take != REPL_TAKE_NOTHING) {
		child.text = open_memstream(text_ret, &size);
		if (!child.text || pipe2(pipe_fds, O_CLOEXEC) < 0) {
			if (child.text)
				fclose(child.text);
			return fail(NULL, EXIT_OTHER, NULL, "%s: %s", argv[0], strerror(errno));
		}
	}
	fflush(NULL);
	child.pid = fork();
	if (child.pid == 0)
		begin(repl, take, argc, argv, pipe_fds[1]);
	if (pipe_fds[1] >= 0)
		close(pipe_fds[1]);
	child.output = pipe_fds[0];
	if (child.pid < 0) {
		status = fail(NULL, EXIT_OTHER, NULL, "%s: %s", argv[0], strerror(errno));
	} else {
		child.process = (int)syscall(SYS_pidfd_open, child.pid, 0);
		status = finish(&child);
	}
	if (child.process >= 0)
		close(child.process);
	if (pipe_fds[0] >= 0)
		close(pipe_fds[0]);
	if (child.text)
		fclose(child.text);
	return status;
}
