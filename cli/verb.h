/* SPDX-License-Identifier: MIT */
/*
 * verb.h: what a verb of binderctl is, and what it is run with.
 *
 * verbs.c holds the one table of them; main.c runs a row, help.c prints it,
 * complete.c offers its words.
 */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/exit.h"

#define VERB_MAX_OPTIONS 12

/* The last one of an array has no name. */
struct option_spec {
	const char *name;  /* without the dashes */
	char letter;       /* 0: none */
	const char *value; /* what it takes, in capitals; NULL: nothing */
	const char *help;
};

struct invocation {
	const struct verb *verb;
	const char *device; /* --device; NULL: libbinder's search */
	bool json;
	int patience_ms;    /* from --timeout, else the verb's own; 0: none */
	long long deadline; /* when the verb has to be done, session_now(); -1: when it is done */
	int argc;           /* the words that are no options */
	char **argv;
	const char *option[VERB_MAX_OPTIONS]; /* by place in verb->options; "" for a switch */
	/* The same once more, each time that one was given, in that order; malloc()ed. */
	struct given_option {
		const struct option_spec *spec;
		const char *value;
	} * given;
	int given_count;
	FILE *candidates; /* where complete() writes */
};

struct verb {
	const char *name;
	const char *arguments; /* after the options, as the help shows them */
	const char *summary;   /* one line, no full stop */
	const char *details;   /* paragraphs of the longer help */
	const char *example;
	const struct option_spec *options;
	int patience_ms; /* without --timeout; 0: none */
	int min_words;
	int max_words;          /* -1: any number */
	bool words_end_options; /* what follows the first word is not ours to read */
	bool words_are_files;   /* ... that complete() need not know */
	bool json;              /* --json means something */
	bool hidden;
	/* An enum exit_status; failures have been reported.  check: are the words what they should
	 * be?  Before anybody is asked anything; NULL: only run() can tell. */
	int (*check)(const struct invocation *invocation);
	int (*run)(struct invocation *invocation);
	/* Writes candidates for word number index, one a line.  NULL: none; files, if the word is
	 * one. */
	void (*complete)(struct invocation *invocation, int index, const char *word);
};

/* The last one has no name. */
extern const struct verb verbs[];
extern const struct option_spec global_options[];

/* NULL: no such verb. */
const struct verb *verb_find(const char *name);
/* Names for people, one after the other; NULL behind the last.  Fits suggest(). */
const char *verb_name_at(int index);
/* The value of an option of this verb, "" for a switch, NULL when it was not given. */
const char *option_value(const struct invocation *invocation, const char *name);

/* For an option that may be given many times: the value after that one (NULL: the first),
 * in the order of the command line; NULL behind the last. */
const char *option_next(const struct invocation *invocation, const char *name, const char *after);

/*
 * Sorts argv[1...] of a verb into options and words; global ones are taken
 * here too.  Sets *help when --help was among them.  EXIT_OK or EXIT_USAGE.
 */
int options_parse(struct invocation *invocation, int argc, char **argv, bool *help);
/* Frees what that has noted. */
void options_free(struct invocation *invocation);

/* The option that a word is, or of "--option=value" begins with; own ones first.  NULL: none. */
const struct option_spec *options_find(const struct option_spec *options, const char *word);

/* Is the word after this one the value of it?  @options: whose; global ones in any case. */
bool options_take_next(const struct option_spec *options, const char *word);

/* Does the verb take these words?  An enum exit_status. */
int options_check_words(const struct invocation *invocation);

/* The candidate (the last one is NULL) that word was probably meant to be.  NULL: none is near. */
const char *suggest(const char *word, const char *(*candidate)(int index));
/* What others call by that word and we by another; NULL: nothing. */
const char *suggest_verb(const char *word);
const char *suggest_type(const char *word);

int help_print(FILE *out);
int help_print_verb(FILE *out, const struct verb *verb);

int call_check(const struct invocation *invocation);
int methods_check(const struct invocation *invocation);
int dump_check(const struct invocation *invocation);

int verb_doctor(struct invocation *invocation);
int verb_list(struct invocation *invocation);
int verb_call(struct invocation *invocation);
int verb_methods(struct invocation *invocation);
int verb_describe(struct invocation *invocation);
int verb_dump(struct invocation *invocation);
int verb_ping(struct invocation *invocation);
int verb_info(struct invocation *invocation);
int verb_wait(struct invocation *invocation);
int verb_run(struct invocation *invocation);
int verb_aidl(struct invocation *invocation);
int verb_serve(struct invocation *invocation);
int verb_test(struct invocation *invocation);
int verb_test_file(struct invocation *invocation);
int verb_completion(struct invocation *invocation);
int verb_up(struct invocation *invocation);
int verb_down(struct invocation *invocation);
int verb_sandbox(struct invocation *invocation);
int verb_state(struct invocation *invocation);
int verb_stats(struct invocation *invocation);
int verb_transactions(struct invocation *invocation);
int verb_log(struct invocation *invocation);
int verb_decode(struct invocation *invocation);
int verb_monitor(struct invocation *invocation);
int verb_explain(struct invocation *invocation);
int verb_help(struct invocation *invocation);
int verb_version(struct invocation *invocation);
int verb_complete(struct invocation *invocation);

/* What the last word may become. */
void complete_words(struct invocation *invocation, int count, char **words);
/* One candidate, if it goes on from what stands behind before in the word. */
void offer_candidate(const struct invocation *invocation, const char *candidate, const char *word,
		     const char *before, const char *after);
void complete_sandbox(struct invocation *invocation, int index, const char *word);
void complete_shell(struct invocation *invocation, int index, const char *word);
void complete_services(const struct invocation *invocation, const char *word, const char *before);
void complete_service(struct invocation *invocation, int index, const char *word);
void complete_call(struct invocation *invocation, int index, const char *word);
void complete_methods(struct invocation *invocation, int index, const char *word);
void complete_explain(struct invocation *invocation, int index, const char *word);
void complete_verb(struct invocation *invocation, int index, const char *word);

#endif
