/* SPDX-License-Identifier: MIT */
/*
 * interface.h: which AIDL interface a service has, and where its file is.
 *
 * call_method.c, methods.c, describe.c and complete.c start here.  Failures are
 * reported; what is returned is an enum exit_status.
 */
#ifndef CLI_INTERFACE_H
#define CLI_INTERFACE_H

#include <binder/aidl.h>
#include <binder/ext.h>

#include "cli/session.h"

/*
 * Asks a service which interface it has: *ret is malloc()ed, "" when it has none.
 * try_this: what the caller may do instead, or NULL.  The question waits as long
 * as the verb may; before a one-way call, which waits for nobody, for a moment.
 */
int interface_ask(const struct session *session, AIBinder *service, bool oneway,
		  const char *try_this, char **ret);

/* A library with --aidl DIR... and the usual folders, first those of the Android that the
 * connection (or NULL) speaks; free it with aidl_library_free(). */
int interface_library(const struct arguments *arguments, ABinderConnection *connection,
		      struct aidl_library **ret);

/* The same without --aidl and without a report. */
binder_status_t interface_usual_paths(struct aidl_library *library, ABinderConnection *connection);

/* Android's first service managers have a descriptor and no AIDL: says so, and what there is. */
int interface_expect_aidl(const struct arguments *arguments, ABinderConnection *connection,
			  const char *descriptor);

/* Errors of its files, with their lines and carets. */
void interface_print_errors(const struct aidl_library *library);

/*
 * The declaration of that name, or of a file when it names one (*.aidl).
 * EXIT_NO_SERVICE without a report: there is none.  One that has errors is
 * reported, and is a failure.
 */
int interface_find(const struct arguments *arguments, struct aidl_library *library,
		   const char *name, const struct aidl_declaration **ret);

/* Does it name a file (*.aidl)? */
bool interface_is_file(const char *name);

/* Says that no folder has it, and which were searched.  try_this: what the caller may do beside
 * naming another folder; near: what was probably meant, or NULL. */
int interface_missing(const struct arguments *arguments, const struct aidl_library *library,
		      const char *name, const char *try_this, const char *near);

/* The type whose name is much like this one, malloc()ed; NULL: none is. */
char *interface_near(const struct aidl_library *library, const char *name);

/* The method, or a report with its likely name and all there are; NULL after it. */
const struct aidl_method *interface_method(const struct arguments *arguments,
					   const struct aidl_declaration *interface,
					   const char *name);

/* "int add(int a, int b)", malloc()ed; NULL: no memory. */
char *interface_signature(const struct aidl_declaration *interface,
			  const struct aidl_method *method);
char *interface_type(const struct aidl_declaration *in, const struct aidl_type *type);

/* Letters, digits and _, not beginning with a digit. */
bool interface_is_name(const char *word);

#endif
