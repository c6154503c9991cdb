/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * conf.c: reads a configuration file line by line and hands each setting on.
 *
 * Called by binderd and servicemanager, which have the tables of names.  # and ; at the start of a
 * line begin a comment; a value may have double quotes around it.
 */
#include "conf.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef BINDER_CONF_DIR
#define BINDER_CONF_DIR "/etc/binder"
#endif

#define LONGEST_LINE 4096
#define BLANKS " \t\r\n"

/* Without the blanks around it. */
static char *trim(char *text)
{
	size_t length;

	text += strspn(text, BLANKS);
	length = strlen(text);
	while (length && strchr(BLANKS, text[length - 1]))
		text[--length] = '\0';
	return text;
}

static char *unquote(char *value)
{
	size_t length = strlen(value);

	if (length < 2 || value[0] != '"' || value[length - 1] != '"')
		return value;
	value[length - 1] = '\0';
	return value + 1;
}

/* Values and places stay for the process's life, in sight of leak checkers. */
struct kept {
	struct kept *next;
	char text[];
};
static struct kept *volatile all_kept;

char *conf_keep(const char *text)
{
	size_t size = strlen(text) + 1;
	struct kept *kept = malloc(sizeof(*kept) + size);

	if (!kept)
		return NULL;
	memcpy(kept->text, text, size);
	kept->next = all_kept;
	all_kept = kept;
	return kept->text;
}

/* False after writing into why. */
static bool run_line(char *line, const char *where, conf_set *set, char *why)
{
	char *name = trim(line), *equals = strchr(name, '='), *value;

	if (!*name || *name == '#' || *name == ';')
		return true;
	if (!equals) {
		snprintf(why, CONF_WHY, "'%.80s' is no line \"name = value\"", name);
		return false;
	}
	*equals = '\0';
	value = conf_keep(unquote(trim(equals + 1)));
	if (!value) {
		snprintf(why, CONF_WHY, "out of memory");
		return false;
	}
	return set(trim(name), value, where, why);
}

static int run_file(const char *program, const char *path, FILE *file, conf_set *set)
{
	char line[LONGEST_LINE], where[PATH_MAX + 16], why[CONF_WHY];

	for (int number = 1; fgets(line, sizeof(line), file); number++) {
		snprintf(where, sizeof(where), "%s:%d", path, number);
		why[0] = '\0';
		if (strlen(line) == sizeof(line) - 1 && !strchr(line, '\n'))
			snprintf(why, sizeof(why), "the line has more than %d bytes",
				 LONGEST_LINE - 2);
		else if (run_line(line, where, set, why))
			continue;
		fprintf(stderr, "%s: %s: %s\n", program, where, why);
		return -1;
	}
	if (!ferror(file))
		return 0;
	fprintf(stderr, "%s: %s: cannot be read: %s\n", program, path, strerror(errno));
	return -1;
}

int conf_read(const char *program, const char *name, conf_set *set)
{
	const char *folder = getenv("BINDER_CONF_DIR");
	bool named = strchr(name, '/');
	char path[PATH_MAX];
	FILE *file;
	int result;

	snprintf(path, sizeof(path), "%s%s%s",
		 named             ? "" :
		 folder && *folder ? folder :
				     BINDER_CONF_DIR,
		 named ? "" : "/", name);
	file = fopen(path, "re");
	if (!file && !named && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!file) {
		fprintf(stderr, "%s: %s: cannot be opened: %s\n", program, path, strerror(errno));
		return -1;
	}
	result = run_file(program, path, file, set);
	fclose(file);
	return result;
}
