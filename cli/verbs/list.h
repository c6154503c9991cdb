/* SPDX-License-Identifier: MIT */
/*
 * list.h: the rows of `binderctl list`, and the ways to show them that are not the
 * usual one.
 *
 * list.c fills the rows in; list_columns.c shows columns, a tree, or what is missing.  Failures
 * are reported; what is returned is an enum exit_status.
 */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/session.h"
#include "cli/value/sink.h"

struct list_row {
	char *name;
	pid_t registered; /* whose name it is, as the service manager knows; <= 0: it does not */
	pid_t pid;
	int64_t uid;
	int64_t handle; /* -1: unknown */
	char process[64];
	AIBinder *binder;       /* keeps the handle; NULL: there is none */
	char *descriptor;       /* NULL: no answer */
	binder_status_t status; /* why */
	bool asked;
	atomic_int put_off; /* to that round: another service of its process did not answer */
	/* Of the driver, when they are wanted; -1: unknown. */
	int64_t clients, busy, threads;
	int declared;
};

struct list_rows {
	struct list_row *row;
	size_t count;
	bool out_of_memory;
	bool details;
	bool processes;      /* programs and users are wanted */
	const char *dialect; /* of the connection, for the details; NULL: not known */
};

/* Is it one of the columns of -o, or that of --sort? */
bool list_wants(const struct arguments *arguments, const char *column);
/* Who holds the services, and how busy they are: needs the driver's state. */
int list_ask_driver(struct session *session, struct list_rows *rows);
/* Which of them a manifest of the service manager's names. */
void list_ask_declared(struct list_rows *rows);

int list_put_columns(const struct list_rows *rows, const struct arguments *arguments,
		     struct sink *sink);
int list_put_tree(struct list_rows *rows, struct sink *sink);

/* Names of the manifest of --missing that are not registered.  EXIT_NO_SERVICE: there are some. */
int list_missing(struct session *session, struct sink *sink);

#endif
