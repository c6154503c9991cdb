/* SPDX-License-Identifier: MIT */
/*
 * verb.h: a verb of binderctl: its name, options, help, and the functions that
 * check, run and complete it.
 *
 * Each row stands below its function, in cli/verbs/ as a rule; verbs.c lists
 * them.  main.c and the shell run a row, help.c prints it, cli/complete offers
 * its words.
 */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/exit.h"

#define VERB_MAX_OPTIONS 24

struct completion;
struct session;
struct sink;

/* The last one of an array has no name. */
struct option_spec {
	const char *name;  /* without the dashes */
	char letter;       /* 0: none */
	const char *value; /* the name of its value, in capitals; NULL: it takes none */
	const char *help;
};

/* A command line, sorted into options and words. */
struct arguments {
	const struct verb *verb;
	/* Of the global options; NULL: not given. */
	const char *device, *android, *domain;
	bool json;
	int argc; /* the words that are no options */
	char **argv;
	const char *option[VERB_MAX_OPTIONS]; /* by place in the verb's options; "" for a switch */
	/* All own options again, in the order of the command line; malloc()ed. */
	struct given_option {
		const struct option_spec *spec;
		const char *value;
	} * given;
	int given_count;
	/* Set by the shell's Ctrl-C: nothing is reported any more.  NULL: there is none. */
	const atomic_bool *interrupted;
};

/* What a failure of the verb is told as; failure.c. */
enum verb_failure { FAILURE_OF_CALL, FAILURE_OF_PING, FAILURE_OF_DUMP, FAILURE_OF_WAIT };

struct verb {
	const char *name;
	const char *arguments; /* after the options, as the help shows them */
	const char *summary;   /* one line, no full stop */
	const char *details;   /* paragraphs of the longer help; NULL: none */
	const char *example;
	const struct option_spec *options; /* NULL: none */
	int timeout_ms;                    /* without --timeout; 0: none */
	int min_words;
	int max_words;          /* -1: any number */
	bool words_end_options; /* options after the first word are not the verb's */
	bool words_are_files;   /* ... that complete() need not know */
	bool json;              /* the verb knows --json */
	bool is_program;        /* it runs or ends programs: the shell starts a process for it */
	bool hidden;
	enum verb_failure failure;
	/* Checks the words before anything is opened; NULL: only run() can.  An enum exit_status;
	 * failures have been reported. */
	int (*check)(const struct arguments *arguments);
	/* Likewise; what it finds goes to the sink. */
	int (*run)(struct session *session, const struct arguments *arguments, struct sink *sink);
	/* Offers candidates for word number index.  NULL: none; files, if the word is one. */
	void (*complete)(const struct completion *completion, int index, const char *word);
};

/* The table of verbs.c, in the order of the help; NULL behind the last. */
extern const struct verb *const all_verbs[];
/* The same, for the rooms below; main() sets it. */
extern const struct verb *const *verbs;
extern const struct verb verb_list, verb_call, verb_methods, verb_describe, verb_dump, verb_cmd,
	verb_ping, verb_info, verb_wait, verb_run, verb_aidl, verb_serve, verb_test, verb_up,
	verb_down, verb_sandbox, verb_doctor, verb_device, verb_state, verb_stats,
	verb_transactions, verb_log, verb_decode, verb_monitor, verb_top, verb_trace, verb_capture,
	verb_show, verb_explain, verb_help, verb_completion, verb_version, verb_test_file,
	verb_complete, verb_ps, verb_threads, verb_clients, verb_uses, verb_proxies, verb_blocked;

/* NULL: no such verb. */
const struct verb *verb_find(const char *name);
/* Names for people, one after the other; NULL behind the last.  Fits suggest(). */
const char *verb_name_at(int index);

/* ---- options.c ------------------------------------------------------------------ */

extern const struct option_spec global_options[];
/* Of verbs that have no others. */
extern const struct option_spec options_five_seconds[];
extern const struct option_spec options_no_limit[];

#define OPTION_FIVE_SECONDS \
	{ \
		"timeout", 0, "SECONDS", "give up after this long (default: 5)" \
	}
#define OPTION_NO_LIMIT \
	{ \
		"timeout", 0, "SECONDS", \
			"give up after this long (default: 5 to reach it, then never)" \
	}
#define OPTION_AIDL \
	{ \
		"aidl", 0, "DIR", "look for AIDL files here first; may be given many times" \
	}

/* The verb's own; verb NULL, or a verb without options: an empty array. */
const struct option_spec *options_of(const struct verb *verb);

/* The value of an option of this verb, "" for a switch, NULL when it was not given. */
const char *option_value(const struct arguments *arguments, const char *name);

/* A whole number from 0 to high in *value, which stays as it is without the option.  An enum
 * exit_status. */
int option_number(const struct arguments *arguments, const char *name, long long high,
		  long long *value);

/* For an option that may be given many times: the value after that one (NULL: the first),
 * in the order of the command line; NULL behind the last. */
const char *option_next(const struct arguments *arguments, const char *name, const char *after);

/*
 * Sorts argv[1...] of a verb into options and words; global ones are taken
 * here too.  Sets *help when --help was among them.  EXIT_OK or EXIT_USAGE.
 */
int options_parse(struct arguments *arguments, int argc, char **argv, bool *help);
/* Frees what that has noted. */
void options_free(struct arguments *arguments);

/* The option that a word is, or of "--option=value" begins with; own ones first.  NULL: none. */
const struct option_spec *options_find(const struct option_spec *options, const char *word);

/* Is the word after this one the value of it?  @options: whose; global ones in any case. */
bool options_take_next(const struct option_spec *options, const char *word);

/* Does the verb take these words?  An enum exit_status. */
int options_check_words(const struct arguments *arguments);
/* Are the words behind the first, which go to a service as strings, in UTF-8?  For verb.check. */
int options_check_texts(const struct arguments *arguments);

/* ---- suggest.c, verbs/help.c ------------------------------------------------------------ */

/* The candidate (the last one is NULL) that word was probably meant to be.  NULL: none is near. */
const char *suggest(const char *word, const char *(*candidate)(int index));
struct suggest_alias {
	const char *word, *ours;
};
/* Our name for what other tools call by that word, or a candidate that is near; NULL: neither.
 * The last alias has no word. */
const char *suggest_among(const struct suggest_alias *alias, const char *word,
			  const char *(*candidate)(int index));
const char *suggest_verb(const char *word);

int help_print(FILE *out);
int help_print_verb(FILE *out, const struct verb *verb);

#endif
