/* SPDX-License-Identifier: MIT */
/*
 * explain_log.c: a line of a driver's transaction log in words.
 *
 * The driver says what it answered and why, as in 29189/-22.  What that means
 * depends on more of the line: whether it was a reply, and for which handle.
 */
#include "cli/verbs/explain.h"

#include <ctype.h>
#include <errno.h>
#include <linux/android/binder.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/verbs/explain_pattern.h"

#define NO_REASON 1

struct log_line {
	char kind[8]; /* call, async, reply; empty: the kernel's own log, which says less */
	unsigned int id;
	int from_pid, from_tid, to_pid;
	unsigned int command;
	int reason;       /* NO_REASON: before 4.14 none is told */
	long long handle; /* -1: not told */
	bool incomplete;
};

/* ---- reading --------------------------------------------------------------------- */

/* Some word of it is COMMAND/REASON, as in "29189/-22", or ID/COMMAND/REASON. */
static bool find_numbers(const char *text, struct log_line *ret)
{
	for (; text; text = strchr(text, ' ')) {
		int end = 0;

		text += *text == ' ';
		if (sscanf(text, "%u/%u/%d%n", &ret->id, &ret->command, &ret->reason, &end) != 3 &&
		    sscanf(text, "%u/%d%n", &ret->command, &ret->reason, &end) != 2)
			continue;
		if (strchr(" ,", text[end]))
			return true;
	}
	return false;
}

/* Before 4.14 the command stood alone. */
static bool find_command(const char *text, struct log_line *ret)
{
	const char *at = strstr(text, "transaction failed ");
	int end = 0;

	if (!at || sscanf(at, "transaction failed %u, size%n", &ret->command, &end) != 1 || !end)
		return false;
	ret->reason = NO_REASON;
	return true;
}

/* The errno whose name stands in the text, and nothing else of it; 0: none does. */
static int errno_named_in(const char *text)
{
	for (int number = 1; number <= EXPLAIN_ERRNO_MOST; number++) {
		const char *name = strerrorname_np(number);
		const char *at = name ? strstr(text, name) : NULL;

		if (at && !isalnum((unsigned char)at[strlen(name)]))
			return -number;
	}
	return 0;
}

/* The driver in Rust writes names: "failed: BR_FAILED_REPLY { source: ENOSPC }". */
static bool find_names(const char *text, struct log_line *ret)
{
	static const struct {
		const char *name;
		unsigned int command;
	} commands[] = { { "BR_DEAD_REPLY", BR_DEAD_REPLY },
			 { "BR_FAILED_REPLY", BR_FAILED_REPLY },
			 { "BR_FROZEN_REPLY", BR_FROZEN_REPLY } };
	const char *at = strstr(text, " failed"), *in = strstr(text, "copy_transaction_data: ");

	at = at ? at : in;
	for (size_t i = 0; at && i < sizeof(commands) / sizeof(*commands); i++) {
		const char *name = strstr(at, commands[i].name);

		if (!name || name - at > 24)
			continue;
		ret->command = commands[i].command;
		ret->reason = errno_named_in(name + strlen(commands[i].name));
		/* It does not say why a target is dead. */
		if (!ret->reason)
			ret->reason = NO_REASON;
		return true;
	}
	return false;
}

/* The files of debugfs have one form, the kernel's log others: newer ones say more. */
static void find_ends(const char *text, struct log_line *ret)
{
	struct log_line line = *ret;

	if (sscanf(text, "%u: %7s from %d:%d to %d:", &line.id, line.kind, &line.from_pid,
		   &line.from_tid, &line.to_pid) == 5) {
		*ret = line;
		return;
	}
	ret->kind[0] = '\0';
	for (const char *at = text; *at; at++) {
		int end = 0, found;

		if (at != text && at[-1] != ' ')
			continue;
		line = *ret;
		found = sscanf(at, "%d:%d transaction %7s to %d:%n", &line.from_pid, &line.from_tid,
			       line.kind, &line.to_pid, &end);
		if (found == 4 && end) {
			*ret = line;
			return;
		}
		if (sscanf(at, "transaction %7s to %d:%n", line.kind, &line.to_pid, &end) == 2 &&
		    end) {
			*ret = line;
			return;
		}
		if (sscanf(at, "%d:%d reply to %d failed%n", &line.from_pid, &line.from_tid,
			   &line.to_pid, &end) == 3 &&
		    end) {
			*ret = line;
			strcpy(ret->kind, "reply");
			return;
		}
		if (sscanf(at, "%d:%d transaction failed%n", &ret->from_pid, &ret->from_tid,
			   &end) == 2 &&
		    end)
			return;
	}
}

static bool parse(const char *text, struct log_line *ret)
{
	const char *handle = strstr(text, " handle ");

	if (!find_numbers(text, ret) && !find_command(text, ret) && !find_names(text, ret))
		return false;
	find_ends(text, ret);
	if (!handle || sscanf(handle, " handle %lld", &ret->handle) != 1)
		ret->handle = -1;
	ret->incomplete = strstr(text, "(incomplete)");
	return true;
}

/* ---- what led to it ------------------------------------------------------------------ */

enum which { ANY, MANAGER, OTHER, REPLY, UNTOLD };

#define NOBODY \
	"nobody serves handle 0 of this device (no service manager is running), or the target's " \
	"process has ended"
#define WAITS_FOR_MANAGER \
	"an empty call, code 1599098439 (_PNG), again and again is a program that waits for the " \
	"service manager: start one, or Android's container (`binderctl doctor`); else look the " \
	"service up again"

/* The first row that fits counts. */
static const struct {
	unsigned int command;
	int reason;
	enum which which;
	const char *meaning, *cause;
} outcomes[] = {
	{ BR_DEAD_REPLY, -EINVAL, MANAGER, "nobody serves handle 0",
	  "no service manager runs on this device: `binderctl doctor`" },
	{ BR_DEAD_REPLY, -EINVAL, UNTOLD, NOBODY, WAITS_FOR_MANAGER },
	{ BR_DEAD_REPLY, NO_REASON, UNTOLD, NOBODY, WAITS_FOR_MANAGER },
	{ BR_DEAD_REPLY, NO_REASON, ANY,
	  "the target's process has ended, before the call or during it",
	  "its own log, or dmesg, says why; look the service up again" },
	{ BR_DEAD_REPLY, -EINVAL, ANY, "the object's process is gone",
	  "the handle is of a service that has ended: look it up again" },
	{ BR_DEAD_REPLY, -ESRCH, REPLY, "the caller has no receive buffer",
	  "it never mapped the device, or has unmapped it" },
	{ BR_DEAD_REPLY, -ESRCH, ANY, "the receiver has no receive buffer",
	  "it opened the device and never mapped it, or has unmapped it" },
	{ BR_DEAD_REPLY, 0, REPLY, "the caller was gone when the reply came",
	  "it was killed, or its thread ended, while it waited" },
	{ BR_DEAD_REPLY, 0, ANY, "the receiver died while the call was being sent",
	  "its own log, or dmesg, says why" },
	{ BR_FROZEN_REPLY, 0, ANY, "the receiver's process is frozen",
	  "Android freezes background apps; one-way calls wait until it thaws" },
	{ BR_FAILED_REPLY, NO_REASON, ANY,
	  "the driver refused it: usually there is no room in the receiver's buffer, else a handle, "
	  "object or descriptor in it is bad",
	  "this driver does not say why; the line before it may" },
	{ BR_FROZEN_REPLY, NO_REASON, ANY, "the receiver's process is frozen",
	  "Android freezes background apps; one-way calls wait until it thaws" },
	{ BR_FAILED_REPLY, -ENOSPC, ANY, "no room in the receiver's buffer",
	  "the payload is too large, or others fill the buffer: the receiver is slow, or does not "
	  "free what it has read; one-way calls may use half of the buffer" },
	{ BR_FAILED_REPLY, -EPERM, ANY,
	  "the receiver takes no file descriptors, a policy refuses, or a descriptor is a Binder "
	  "device's",
	  "a reply may hold descriptors only if the call allowed them (FLAG_ACCEPT_FDS), a call "
	  "only if the object was made so" },
	{ BR_FAILED_REPLY, -EBADF, ANY, "a descriptor in the payload is not open in the sender",
	  "it was closed before the call was sent" },
	{ BR_FAILED_REPLY, -EFAULT, ANY,
	  "the sender's memory could not be read, or objects overlap",
	  "a wrong pointer or size; offsets have to rise, with a whole object between them" },
	{ BR_FAILED_REPLY, -EPROTO, REPLY, "there is no call that this thread could answer",
	  "it replied twice, to a one-way call, or on another thread than the call came to" },
	{ BR_FAILED_REPLY, -EPROTO, ANY,
	  "the thread waits for a reply already, or has a call to read",
	  "one thread used by two callers" },
	{ BR_FAILED_REPLY, -ELOOP, ANY, "a thousand calls within calls",
	  "two services that call each other without end" },
	{ BR_FAILED_REPLY, -ENOMEM, ANY, "the driver had no memory, or the user reached a limit",
	  NULL },
	{ BR_FAILED_REPLY, -EINVAL, MANAGER,
	  "handle 0 called by its own process, or an object in the payload is not valid", NULL },
	{ BR_FAILED_REPLY, -EINVAL, OTHER,
	  "the sender does not hold that handle, or an object in the payload is not valid",
	  "a handle of another process or another open, one that was released, or a payload "
	  "written by hand whose offsets or objects are wrong" },
	{ BR_FAILED_REPLY, -EINVAL, ANY, "an object in the payload is not valid",
	  "offsets that are odd or out of range, an unknown type, a handle that the sender does "
	  "not hold" },
};

static bool applies(enum which which, const struct log_line *line)
{
	bool reply = !strcmp(line->kind, "reply");

	switch (which) {
	case REPLY:
		return reply;
	case MANAGER:
		return *line->kind && !reply && line->handle == 0;
	case UNTOLD:
		return !reply && line->handle < 0 && !line->to_pid;
	case OTHER:
		return *line->kind && !reply && line->handle > 0;
	case ANY:
		break;
	}
	return true;
}

static void find_outcome(const struct log_line *line, struct fact *fact)
{
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++) {
		if (outcomes[i].command != line->command || outcomes[i].reason != line->reason ||
		    !applies(outcomes[i].which, line))
			continue;
		fact->meaning = outcomes[i].meaning;
		fact->cause = outcomes[i].cause;
		return;
	}
}

static bool has_failed(const struct log_line *line)
{
	return line->command == BR_DEAD_REPLY || line->command == BR_FAILED_REPLY ||
	       line->command == BR_FROZEN_REPLY || line->reason < 0;
}

/* ---- telling --------------------------------------------------------------------------- */

static const char *result_of(const struct log_line *line)
{
	if (line->incomplete)
		return "is not queued yet";
	return has_failed(line) ? "failed" : "went through";
}

static void print_line(const struct log_line *line, const struct fact *fact)
{
	const bool oneway = !strcmp(line->kind, "async");

	printf("A %s", oneway ? "one-way call" : *line->kind ? line->kind : "transaction");
	if (line->from_pid) {
		fputs(" from ", stdout);
		pattern_print_process(stdout, line->from_pid);
		printf(" (thread %d)", line->from_tid);
	}
	if (line->to_pid) {
		fputs(" to ", stdout);
		pattern_print_process(stdout, line->to_pid);
	} else if (*line->kind) {
		fputs(" to nobody", stdout);
	}
	printf(" %s%s%s.\n", result_of(line), fact->meaning ? ": " : "",
	       fact->meaning ? fact->meaning : "");
	if (fact->cause)
		printf("    usually: %s\n", fact->cause);
	if (has_failed(line))
		putchar('\n');
}

int explain_log(const char *text, json_t *list)
{
	struct log_line line = { 0 };
	struct fact fact = { .kind = "line of a log" };
	char number[16];

	if (!parse(text, &line))
		return 0;
	find_outcome(&line, &fact);
	if (list) {
		fact.name = *line.kind ? line.kind : "transaction";
		fact.number = line.id;
		if (!fact.meaning)
			fact.meaning = result_of(&line);
		explain_fact(&fact, list);
	} else {
		print_line(&line, &fact);
	}
	if (!has_failed(&line))
		return 1;
	snprintf(number, sizeof(number), "%u", line.command);
	explain_word(number, list);
	snprintf(number, sizeof(number), "%d", line.reason);
	if (line.reason < 0)
		explain_errno(number, list);
	return 1;
}
