/* SPDX-License-Identifier: MIT */
/*
 * load.c: how many threads of a process are busy, and what waits for them.
 *
 * Called by table.c for the rows that are shown.  The text is the driver's view of one process:
 *
 *	  thread 812: l 12 need_return 0 tr 0
 *	    incoming transaction 91: ...
 *	  pending transaction 92: ...
 */
#include "cli/top/top.h"

#include <stdlib.h>
#include <string.h>

/* Bits of "l": the thread was asked for by the driver, or serves by itself. */
#define LOOPER_REGISTERED 0x01
#define LOOPER_ENTERED 0x02

static bool begins(const char *line, const char *word)
{
	return strncmp(line, word, strlen(word)) == 0;
}

static void take_line(struct load *load, const char *line, bool *serves)
{
	unsigned looper;

	line += strspn(line, " ");
	if (sscanf(line, "thread %*d: l %x", &looper) == 1) {
		*serves = looper & (LOOPER_REGISTERED | LOOPER_ENTERED);
		load->threads += *serves;
	} else if (begins(line, "incoming transaction")) {
		/* A thread has one for each call that is nested in it. */
		load->busy += *serves;
		*serves = false;
	} else if (begins(line, "pending transaction")) {
		load->queued++;
	}
}

void load_read(ABinderConnection *connection, struct load *load)
{
	char view[32], *state;
	bool serves = false;

	snprintf(view, sizeof(view), "proc/%d", (int)load->pid);
	if (load->pid <= 0 || ABinderConnection_readView(connection, view, &state) != STATUS_OK)
		return;
	for (const char *line = state; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		take_line(load, line, &serves);
		load->known = load->known || begins(line, "proc ");
	}
	free(state);
}
