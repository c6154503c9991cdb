/* SPDX-License-Identifier: MIT */
/*
 * beside.c: a value for the shell, on a descriptor of its own that it has named
 * in the environment.
 */
#include "cli/repl/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#define VARIABLE "BINDERCTL_VALUE_FD"

void beside_set(int fd)
{
	char number[16];

	/* It stays open in the program that this process becomes. */
	fcntl(fd, F_SETFD, 0);
	snprintf(number, sizeof(number), "%d", fd);
	setenv(VARIABLE, number, 1);
}

/* -1: none. */
static int descriptor(void)
{
	const char *text = getenv(VARIABLE);
	char *end;
	long fd;

	if (!text)
		return -1;
	errno = 0;
	fd = strtol(text, &end, 10);
	return end == text || *end || errno || fd <= 2 || fd > 1 << 20 ? -1 : (int)fd;
}

bool beside_wanted(void)
{
	return descriptor() >= 0;
}

void beside_write(json_t *value)
{
	/* A shell that has gone meanwhile does not miss it. */
	if (value)
		json_dumpfd(value, descriptor(), JSON_ENCODE_ANY);
	json_decref(value);
}
