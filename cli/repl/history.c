/* SPDX-License-Identifier: MIT */
/*
 * history.c: what was typed: kept in a file from one shell to the next, and
 * in memory for .save.
 *
 * Each entry goes to the file when it is made, so shells side by side and those
 * that are killed lose nothing.  Times between the entries tell readline where
 * one of several lines ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include "cli/repl/repl.h"

#define MOST 2000

static char path[PATH_MAX]; /* empty: none is kept */

/* Makes the folders of a path, for this user alone. */
static void make_folders(char *file)
{
	for (char *slash = strchr(file + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(file, 0700);
		*slash = '/';
	}
}

static bool choose_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int length;

	if (state && *state == '/')
		length = snprintf(path, sizeof(path), "%s/binder/history", state);
	else if (home && *home == '/')
		length = snprintf(path, sizeof(path), "%s/.local/state/binder/history", home);
	else
		return false;
	return length < (int)sizeof(path);
}

void repl_history_open(void)
{
	int fd;

	using_history();
	stifle_history(MOST);
	history_comment_char = '#';
	history_write_timestamps = 1;
	if (!choose_path()) {
		*path = 0;
		return;
	}
	make_folders(path);
	/* readline would make it for everybody to read. */
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		fprintf(stderr, "binderctl: %s: %s; what you type is not kept\n", path,
			strerror(errno));
		*path = 0;
		return;
	}
	fchmod(fd, 0600);
	close(fd);
	history_truncate_file(path, MOST * 2);
	read_history(path);
}

void repl_history_add(const char *entry)
{
	HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) :
						NULL;

	if (!*entry || (last && !strcmp(last->line, entry)))
		return;
	add_history(entry);
	if (*path)
		append_history(1, path);
}

void repl_history_print(void)
{
	HIST_ENTRY **list = history_list();

	for (int i = 0; list && list[i]; i++)
		printf("%5d  %s\n", i + history_base, list[i]->line);
}

/* ---- .save --------------------------------------------------------------------------- */

void repl_record_add(struct repl *repl, const char *text, bool failed)
{
	struct repl_record *grown =
		reallocarray(repl->record, repl->records + 1, sizeof(*repl->record));
	char *copy = strdup(text);

	if (grown)
		repl->record = grown;
	if (!grown || !copy) {
		free(copy);
		return;
	}
	repl->record[repl->records++] = (struct repl_record){ copy, failed };
}

/* Lines as they were typed.  The lines of one piece of Lua stay one piece. */
static void write_record(FILE *file, const struct repl_record *record)
{
	const char *text = record->text;
	const bool block = strchr(text, '\n') && *text != '=' && !record->failed;

	fputs(record->failed ? "-- failed: " : block ? "do\n" : "", file);
	for (; *text; text++) {
		fputc(*text, file);
		if (*text == '\n' && record->failed)
			fputs("-- ", file);
	}
	fputs(block ? "\nend\n" : "\n", file);
}

/* A session that serves or watches something has to stay. */
static bool is_host(const struct repl *repl)
{
	static const char *const words[] = { "binder.serve", "binder.watch", "binder.every",
					     "on_death", ".watch " };

	for (size_t i = 0; i < repl->records; i++)
		for (size_t j = 0; j < sizeof(words) / sizeof(*words); j++)
			if (!repl->record[i].failed && strstr(repl->record[i].text, words[j]))
				return true;
	return false;
}

static void write_script(const struct repl *repl, FILE *file)
{
	fputs("#!/usr/bin/env -S sh -c 'exec binderctl <\"$0\"'\n", file);
	for (size_t i = 0; i < repl->records; i++)
		write_record(file, &repl->record[i]);
	if (is_host(repl))
		fputs("binder.loop(\"TERM\", \"INT\")\n", file);
}

enum repl_result repl_save(struct repl *repl, const char *name)
{
	FILE *file = fopen(name, "wxe");
	char text[PATH_MAX + 80];
	bool good;

	if (!file) {
		snprintf(text, sizeof(text), ".save: %s: %s%s", name, strerror(errno),
			 errno == EEXIST ? ": nothing is written over, choose another name" : "");
		repl_complain(repl, text);
		return REPL_FAILED;
	}
	write_script(repl, file);
	fchmod(fileno(file), 0755);
	good = !ferror(file);
	if (fclose(file) != 0 || !good) {
		snprintf(text, sizeof(text), ".save: %s: %s", name, strerror(errno));
		repl_complain(repl, text);
		return REPL_FAILED;
	}
	printf("saved as %s; run it with: binderctl <%s\n", name, name);
	return REPL_DONE;
}
