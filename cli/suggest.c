/* SPDX-License-Identifier: MIT */
/*
 * suggest.c: "did you mean ...?"
 *
 * Called where a word from a small table was expected and another one came:
 * verbs, options, argument types, services.
 */
#include "cli/verb.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define LONGEST 24

static int smallest(int a, int b, int c)
{
	int least = a < b ? a : b;

	return least < c ? least : c;
}

static bool is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Letters to insert, drop or change to make one word of the other; two swapped count once, and
 * capitals are as small letters. */
static int distance(const char *a, const char *b)
{
	int table[LONGEST + 1][LONGEST + 1];
	int rows = strlen(a), columns = strlen(b);

	if (rows > LONGEST || columns > LONGEST)
		return LONGEST;
	for (int i = 0; i <= rows; i++)
		table[i][0] = i;
	for (int j = 0; j <= columns; j++)
		table[0][j] = j;
	for (int i = 1; i <= rows; i++) {
		for (int j = 1; j <= columns; j++) {
			int same = is_same(a[i - 1], b[j - 1]);

			table[i][j] = smallest(table[i - 1][j] + 1, table[i][j - 1] + 1,
					       table[i - 1][j - 1] + !same);
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
			    is_same(a[i - 2], b[j - 1]) && table[i - 2][j - 2] + 1 < table[i][j])
				table[i][j] = table[i - 2][j - 2] + 1;
		}
	}
	return table[rows][columns];
}

const char *suggest(const char *word, const char *(*candidate)(int index))
{
	const char *best = NULL, *name;
	int length = strlen(word), nearest = length < 4 ? 2 : 3;

	for (int i = 0; (name = candidate(i)); i++) {
		int away = strcasecmp(word, name) ? distance(word, name) : 0;

		/* A beginning is as good as a typing error. */
		if (length >= 2 && away > 1 && !strncasecmp(word, name, length))
			away = 1;
		if (away < nearest) {
			nearest = away;
			best = name;
		}
	}
	return best;
}

/* ---- words of other tools ------------------------------------------------------ */

static const struct suggest_alias verb_aliases[] = {
	{ "ls", "list" },
	{ "services", "list" },
	{ "names", "list" },
	{ "status", "info" },
	{ "pcap", "capture" },
	{ "interface", "methods" },
	{ "check", "ping" },
	{ "alive", "ping" },
	{ "invoke", "call" },
	{ "transact", "call" },
	{ "send", "call" },
	{ "dumpsys", "dump" },
	{ "wait-for", "wait" },
	{ "start", "up" },
	{ "stop", "down" },
	{ "exec", "sandbox" },
	{ "lua", "run" },
	{ "script", "run" },
	{ "host", "serve" },
	{ "diagnose", "doctor" },
	{ "errno", "explain" },
	{ "watch", "monitor" },
	{ "tcpdump", "capture" },
	{ "strace", "trace" },
	{ 0 },
};

const char *suggest_among(const struct suggest_alias *alias, const char *word,
			  const char *(*candidate)(int index))
{
	for (; alias->word; alias++)
		if (!strcasecmp(alias->word, word))
			return alias->ours;
	return suggest(word, candidate);
}

const char *suggest_verb(const char *word)
{
	return suggest_among(verb_aliases, word, verb_name_at);
}
