/* SPDX-License-Identifier: MIT */
/*
 * state_source.h: where the verbs that show who holds whom get a device's state
 * from: a driver and its service manager, or files saved elsewhere.
 *
 * Failures are reported; what is returned is an enum exit_status.
 */
#ifndef CLI_STATE_SOURCE_H
#define CLI_STATE_SOURCE_H

#include "cli/session.h"
#include "cli/state/model.h"

#define SOURCE_MAX_DEVICES 16

struct source {
	struct session *session;
	struct state *state;
	ABinderConnection *connection; /* NULL: it is a file */
	/* The device of the session first, then the others of its folder. */
	struct source_device {
		ABinderConnection *viewer; /* the first one's is connection */
		ABinderConnection *asker;  /* calls the service manager; NULL: not yet */
		int context;               /* of the state; STATE_NONE: nobody has it open */
		bool in_other; /* its text was that of another one, too: a kernel's has all */
	} device[SOURCE_MAX_DEVICES];
	int device_count;
	int self;      /* our own pid */
	bool no_names; /* a service manager did not answer */
};

/*
 * Reads the view, or the files of --from.  all_devices: those beside the session's, too.
 * source_close() after it in every case.
 */
int source_open(struct source *source, struct session *session, const char *view, bool all_devices);
void source_close(struct source *source);

/* Adds one more view of every device; of files, nothing. */
int source_read_more(struct source *source, const char *view);

/* Reports why a device's driver does not show a view, and what to try. */
int source_not_shown(const struct arguments *arguments, const char *device, binder_status_t status);

/* Learns which process has which services: one question to each service manager.  A manager
 * that does not answer costs the names. */
void source_learn_processes(struct source *source);
/*
 * Learns which node is which service: of those of the processes that are wanted (by index; NULL:
 * all), a question for each.  Wants the view "state" where a manager does not tell the pids.
 */
void source_learn_nodes(struct source *source, const bool *wanted);

/* Of a process: its program and user, from /proc; "" and -1 for one of a file. */
void source_program(const struct source *source, int pid, int64_t *uid, char *name, size_t size);

/* Our own process, which is there to look only. */
bool source_is_self(const struct source *source, int pid);

/* The processes that a word means: a pid, a service, or a program; marks them in wanted, which
 * has one for each process.  EXIT_NO_SERVICE and a report: none. */
int source_find(struct source *source, const char *word, bool *wanted);

#define OPTION_FROM \
	{ \
		"from", 0, "FILE", \
			"read saved state, transactions or stats instead of a driver; may be given many\n" \
			"times; - is standard input" \
	}

#endif
