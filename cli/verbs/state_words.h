/* SPDX-License-Identifier: MIT */
/*
 * state_words.h: what people are told of a device's state: names of processes,
 * of calls and of what they are for.
 *
 * Called by the verbs that show who holds whom and who waits for whom.
 */
#ifndef CLI_STATE_WORDS_H
#define CLI_STATE_WORDS_H

#include <binder/aidl.h>

#include "cli/verbs/state_source.h"

struct words {
	struct source *source;
	struct aidl_library *library; /* NULL: not looked for yet, or there is none */
	bool no_library;
	/* Interfaces of services, as they have said; descriptor NULL: it did not. */
	struct words_interface {
		int context;
		char *name, *descriptor;
	} * interface;
	int interface_count;
};

void words_begin(struct words *words, struct source *source);
void words_end(struct words *words);

/* "media_player.lua 4711", or "4711"; of one whose pid the reader may not know, "another process".
 * Malloc()ed; NULL: no memory. */
char *words_of_process(const struct words *words, int pid);

/* The same call as the one whom it is for has it, which knows the node; else as it is. */
const struct state_transaction *words_target(const struct words *words,
					     const struct state_transaction *call);

/* "compute.add", "compute code 3", "db_server.lua 812 code 3".  Malloc()ed; NULL: no memory. */
char *words_of_call(struct words *words, const struct state_transaction *call);

/* The name of the method; NULL: not known. */
const char *words_method(struct words *words, int context, const char *service, uint32_t code);

/* The interface that a service says it has; a process without a free thread is not asked.
 * NULL: not known. */
const char *words_interface(struct words *words, int context, const char *service);

/* "1.5 s", "12 ms", "3 min 5 s"; "" for STATE_NONE. */
void words_of_time(int64_t ms, char text[static 32]);

/* "->" where the locale has no other one. */
const char *words_arrow(void);

/* Threads of a process that serve calls, and how many of them are free. */
struct words_pool {
	int busy, free, threads; /* of free ones it may have more than the text tells */
};
struct words_pool words_pool_of(const struct state *state, int process);

#endif
