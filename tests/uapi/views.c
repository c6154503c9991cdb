/* SPDX-License-Identifier: MIT */
/* views.c: reads what a driver shows of itself, and masks it; see views.h. */
#include "views.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "check.h"
#include "scene.h"

#define NAMES_MAX 8

const char *views_command;

static struct {
	const struct actor *actor;
	const char *name;
} names[NAMES_MAX];

void need_views(void)
{
	if (!views_command)
		check_skip("needs --views COMMAND");
}

void view_name(const struct actor *actor, const char *name)
{
	size_t i = 0;

	while (names[i].actor)
		if (++i == NAMES_MAX - 1)
			fail("too many names");
	names[i].actor = actor;
	names[i].name = name;
}

static const char *name_of(long id)
{
	if (id == 0)
		return "0";
	for (size_t i = 0; names[i].actor; i++)
		if (names[i].actor->tid == id || names[i].actor->pid == id)
			return names[i].name;
	return "?";
}

/* ---- reading ----------------------------------------------------------------------- */

static char *output_of(const char *command)
{
	FILE *pipe = popen(command, "re");
	size_t size = 0;
	char *text = NULL;
	FILE *memory = open_memstream(&text, &size);
	int byte;

	if (!pipe || !memory)
		fail("%s: %m", command);
	while ((byte = getc(pipe)) != EOF)
		putc(byte, memory);
	fclose(memory);
	if (pclose(pipe) != 0)
		fail("%s failed", command);
	return text;
}

static char *read_view(const char *view, const char *option)
{
	char command[512];

	need_views();
	snprintf(command, sizeof(command), "%s%s %s", views_command, option, view);
	return output_of(command);
}

static const char *device_name(void)
{
	static char path[PATH_MAX];
	const char *slash;

	if (!realpath(device_path, path))
		snprintf(path, sizeof(path), "%s", device_path);
	slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* ---- masking ------------------------------------------------------------------------ */

/* Words of a line, and what became of those before. */
struct masking {
	FILE *out;
	char last[32]; /* the word before */
	bool pids;     /* to the end of the line */
	bool oneway;
	bool no_reply; /* a transaction that wants none */
	bool kind;     /* what comes is "aN" or "rN" */
	bool first;
};

static void put_word(struct masking *m, const char *word)
{
	if (!m->first)
		putc(' ', m->out);
	m->first = false;
	fputs(word, m->out);
}

static void put_pair(struct masking *m, const char *word)
{
	char text[64];
	long pid = 0, tid = 0;

	sscanf(word, "%ld:%ld", &pid, &tid);
	snprintf(text, sizeof(text), "%s:%s", name_of(pid), name_of(tid));
	put_word(m, text);
}

static bool after(const struct masking *m, const char *word)
{
	return strcmp(m->last, word) == 0;
}

/* "aN rN" as it is, since 6.18; the "rN" of before in these words. */
static void put_kind(struct masking *m, const char *word)
{
	if (linux_since(6, 18))
		put_word(m, word);
	else if (strcmp(word, "r1") == 0)
		put_word(m, "a0 r0");
	else if (strcmp(word, "r0") == 0)
		put_word(m, m->oneway ? "a1 r0" : "a0 r1");
	else
		put_word(m, "(none of its version)");
}

static bool is_id_of(const char *word)
{
	return strcmp(word, "transaction") == 0 || strcmp(word, "node") == 0 ||
	       strcmp(word, "ref") == 0 || strcmp(word, "buffer") == 0 || strcmp(word, "work") == 0;
}

/* An address, as each version and each driver has its own. */
static bool is_address(const char *word)
{
	return strspn(word, "0123456789abcdef") == strlen(word) || word[0] == '(';
}

static void mask_word(struct masking *m, const char *word)
{
	const char *colon = strchr(word, ':');
	char text[64];

	if (m->pids) {
		put_word(m, name_of(atol(word)));
	} else if (m->kind) {
		put_kind(m, word);
	} else if (m->no_reply && after(m, "from")) {
		put_word(m, "-");
	} else if (after(m, "pri") && atoi(word) == getpriority(PRIO_PROCESS, 0)) {
		put_word(m, "NICE");
	} else if (after(m, "from") || after(m, "to")) {
		put_pair(m, word);
	} else if (after(m, "thread") || after(m, "proc")) {
		snprintf(text, sizeof(text), "%s%s", name_of(atol(word)), colon ? ":" : "");
		put_word(m, text);
		m->pids = after(m, "proc");
	} else if (is_id_of(m->last) && isdigit((unsigned char)*word)) {
		put_word(m, colon ? "#:" : "#");
		snprintf(m->last, sizeof(m->last), "%s", colon ? "#:" : "#");
		return;
	} else if (after(m, "#:") && is_address(word)) {
		/* left out */
	} else if (after(m, "l")) {
		snprintf(text, sizeof(text), "%02lx", strtol(word, NULL, 16) & ~0x20);
		put_word(m, text);
	} else if (after(m, "d")) {
		put_word(m, word[0] == '(' || strspn(word, "0") < strlen(word) ? "yes" : "no");
	} else if (strcmp(word, "elapsed") == 0 || strcmp(word, "offset") == 0 ||
		   strcmp(word, "data") == 0 || after(m, "elapsed") || after(m, "offset") ||
		   after(m, "data")) {
		/* left out */
	} else if (after(m, "context") && strcmp(word, device_name()) == 0) {
		put_word(m, "DEVICE");
	} else if (strncmp(word, "l=", 2) == 0) {
		put_word(m, "l=#");
	} else {
		put_word(m, word);
	}
	m->kind = after(m, "pri");
	snprintf(m->last, sizeof(m->last), "%s", word);
}

static void mask_line(const char *line, FILE *out)
{
	struct masking m = { .out = out, .first = true };
	const char *flags = strstr(line, " flags ");
	size_t indent = strspn(line, " ");
	char *copy = strdup(line + indent), *rest = copy, *word;
	bool log = isdigit((unsigned char)*copy); /* "7: call  from" */

	if (flags) {
		m.oneway = strtol(flags + strlen(" flags "), NULL, 16) & TF_ONE_WAY;
		m.no_reply = m.oneway || strstr(line, linux_since(6, 18) ? " r1" : " r0");
	}
	fprintf(out, "%.*s", (int)indent, line);
	while ((word = strsep(&rest, " "))) {
		if (log)
			put_word(&m, "#:");
		else if (*word)
			mask_word(&m, word);
		log = false;
	}
	putc('\n', out);
	free(copy);
}

/* ---- what concerns the test ------------------------------------------------------------ */

/* Upstream's proc/PID has one for each open. */
static bool is_title(const char *line)
{
	return strncmp(line, "binder ", 7) == 0;
}

static bool is_ours(const char *line)
{
	const char *list = strstr(line, " proc ");
	long from, to, pid;

	if (is_title(line))
		return false;
	/* A line of a log. */
	if (sscanf(line, "%*d: %*s from %ld:%*d to %ld:", &from, &to) == 2)
		return strcmp(name_of(from), "?") != 0;
	/* A dead node: of those who hold it one has a name. */
	for (list = list ? list + 6 : NULL; list && *list;) {
		pid = strtol(list, (char **)&list, 10);
		if (strcmp(name_of(pid), "?") != 0)
			return true;
	}
	return false;
}

/* The lines that concern the test, masked.  In memory that malloc() gave. */
static char *masked(const char *view)
{
	char *whole = read_view(view, ""), *rest = whole, *line, *text = NULL;
	bool in_proc = false, keep = false, thread = true;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	while ((line = strsep(&rest, "\n"))) {
		long pid;

		if (sscanf(line, "proc %ld", &pid) == 1) {
			in_proc = true;
			keep = strcmp(name_of(pid), "?") != 0;
		}
		if (sscanf(line, "  thread %ld", &pid) == 1)
			thread = strcmp(name_of(pid), "?") != 0;
		else if (strncmp(line, "    ", 4) != 0)
			thread = true;
		if (in_proc ? !keep || !thread || is_title(line) : !is_ours(line))
			continue;
		if (*line && strncmp(line, "  threads: ", 11) != 0)
			mask_line(line, out);
	}
	fclose(out);
	free(whole);
	return text;
}

static void check_json(const char *view)
{
	char *json = read_view(view, " --json"), *other = strstr(json, "\"other\"");

	if (json[0] != '{')
		fail("JSON of %s begins with \"%.20s\"", view, json);
	if (other)
		fail("JSON of %s has lines that are not understood: %.200s", view, other);
	free(json);
}

/* ---- what tests call ------------------------------------------------------------------------ */

void view_expect_(const char *view, const char *expected)
{
	char *text = masked(view);
	size_t same = 0, line = 0, i;

	if (strcmp(text, expected) != 0) {
		while (text[same] && text[same] == expected[same])
			same++;
		for (i = 0; i < same; i++)
			if (text[i] == '\n')
				line = i + 1;
		fail("%s shows \"%.*s\", expected \"%.*s\"; all: %.1200s", view,
		     (int)strcspn(text + line, "\n"), text + line,
		     (int)strcspn(expected + line, "\n"), expected + line, text);
	}
	check_json(view);
	free(text);
}

bool view_has(const char *view, const char *line)
{
	char *text = masked(view), *rest = text, *next;
	bool found = false;

	while (!found && (next = strsep(&rest, "\n")))
		found = strcmp(next, line) == 0;
	check_json(view);
	free(text);
	return found;
}

bool view_fails(const char *view)
{
	char command[512];

	need_views();
	snprintf(command, sizeof(command), "%s %s >/dev/null 2>&1", views_command, view);
	return system(command) != 0;
}

long view_total(const char *view, const char *words)
{
	char *text = read_view(view, ""), *rest = text, *line;
	size_t length = strlen(words);
	long total = 0;

	while ((line = strsep(&rest, "\n")))
		if (strncmp(line, words, length) == 0) {
			total = atol(line + length);
			break;
		}
	free(text);
	return total;
}
