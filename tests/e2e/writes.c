/* SPDX-License-Identifier: MIT */
/*
 * writes: runs a command and shows what each of its writes to standard error held.
 *
 * Standard error is a socket that keeps the borders between writes.  Each write is
 * printed as "N lines: TEXT", its newlines as "|".  The exit status is the command's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(const char *text, ssize_t length)
{
	int lines = 0;

	for (ssize_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	printf("%d lines: ", lines);
	for (ssize_t i = 0; i < length; i++)
		putchar(text[i] == '\n' ? '|' : text[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	static char text[65536];
	int ends[2], status;
	ssize_t length;
	pid_t child;

	if (argc < 2 || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
		return 2;
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	close(ends[1]);
	while ((length = read(ends[0], text, sizeof(text))) > 0)
		show(text, length);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
