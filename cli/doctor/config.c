/* SPDX-License-Identifier: MIT */
/*
 * config.c: what binderd's configuration file sets, as binderd itself says.
 *
 * Called by doctor.c.  A binderd that runs already has the settings of its start.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "cli/verbs/spawn.h"

/* Both of its outputs go into text.  The exit status, or -1. */
static int print_config(const char *program, char *text, size_t size)
{
	int ends[2], status;
	size_t length = 0;
	ssize_t n = 1;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		execl(program, program, "--print-config", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	while (child > 0 && n > 0 && length < size - 1) {
		n = read(ends[0], text + length, size - 1 - length);
		length += n > 0 ? (size_t)n : 0;
	}
	close(ends[0]);
	text[length] = 0;
	while (length && text[length - 1] == '\n')
		text[--length] = 0;
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

void doctor_check_config(struct doctor *doctor)
{
	char program[PATH_MAX], text[600];
	struct finding *finding;
	int status;

	if (spawn_find("binderd", program) < 0)
		return;
	status = print_config(program, text, sizeof(text));
	/* An older binderd knows no such option. */
	if (status < 0 || status == 127 || !*text || (status != 0 && strstr(text, "no option")))
		return;
	for (char *line = strchr(text, '\n'); line; line = strchr(line, '\n'))
		*line = ';';
	if (status == 0) {
		doctor_add(doctor, "settings", FINDING_OK, "%s", text);
	} else {
		finding = doctor_add(doctor, "settings", FINDING_PROBLEM,
				     "binderd cannot start with its configuration: %s", text);
		doctor_hint(finding, "correct that line; man 5 binderd.conf");
	}
}
