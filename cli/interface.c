/* SPDX-License-Identifier: MIT */
/*
 * interface.c: finds an interface's AIDL, and says so when that fails.
 *
 * Called by the verbs that go by names; hands on to libbinder's front end.
 */
#include "cli/interface.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/value/text.h"
#include "cli/session.h"

#define FIRST_WITH_AIDL 30

int interface_ask(const struct session *session, AIBinder *service, bool oneway,
		  const char *try_this, char **ret)
{
	const char *name = session->arguments->argv[0];
	int limit = oneway ? session_reach(session) : session_left(session);
	binder_status_t status = session_descriptor(service, limit, ret);

	if (status == STATUS_OK)
		return EXIT_OK;
	if (status == STATUS_TIMED_OUT && !session_lost_driver(AIBinder_getConnection(service)))
		return fail(session->arguments, EXIT_TIMEOUT, try_this, "%s: %s (TIMED_OUT)", name,
			    ABinder_lastError());
	if (status == STATUS_DEAD_OBJECT || status == STATUS_TIMED_OUT)
		return failure_status(session, AIBinder_getConnection(service), status);
	return fail(session->arguments, EXIT_OTHER, try_this,
		    "%s does not say which interface it has (%s)", name,
		    ABinder_statusName(status));
}

static int out_of_memory(const struct arguments *arguments)
{
	return fail(arguments, EXIT_OTHER, NULL, "out of memory");
}

binder_status_t interface_usual_paths(struct aidl_library *library, ABinderConnection *connection)
{
	const char *words = connection ? ABinderConnection_getAndroidWords(connection) :
					 ABinder_getAndroidWords(getenv("BINDER_ANDROID"));
	binder_status_t status = words ? aidl_library_set_android(library, words) : STATUS_OK;

	return status == STATUS_OK ? aidl_library_add_usual_paths(library) : status;
}

int interface_library(const struct arguments *arguments, ABinderConnection *connection,
		      struct aidl_library **ret)
{
	struct aidl_library *library = aidl_library_new();
	binder_status_t status = library ? STATUS_OK : STATUS_NO_MEMORY;
	const char *folder = NULL;

	while (status == STATUS_OK && (folder = option_next(arguments, "aidl", folder)))
		status = aidl_library_add_path(library, folder);
	if (status == STATUS_OK)
		status = interface_usual_paths(library, connection);
	if (status != STATUS_OK) {
		aidl_library_free(library);
		return out_of_memory(arguments);
	}
	*ret = library;
	return EXIT_OK;
}

int interface_expect_aidl(const struct arguments *arguments, ABinderConnection *connection,
			  const char *descriptor)
{
	const char *android;
	int api = 0;

	if (strcmp(descriptor, "android.os.IServiceManager") != 0)
		return EXIT_OK;
	android = ABinderConnection_getAndroid(connection, &api);
	if (!android || api >= FIRST_WITH_AIDL)
		return EXIT_OK;
	return fail(arguments, EXIT_OTHER,
		    "binderctl list, info, wait; or a code: 1 getService, 2 checkService, "
		    "3 addService, 4 listServices",
		    "the service manager of %s has no AIDL", android);
}

typedef void error_printer(const struct aidl_error *error, FILE *out);

/* All in one write. */
static void print_all(const struct aidl_library *library, error_printer *print)
{
	const struct aidl_error *error = aidl_library_errors(library);
	struct message message;
	FILE *out;

	if (!error)
		return;
	out = message_begin(&message);
	for (; error; error = error->next)
		print(error, out);
	message_send(&message);
}

void interface_print_errors(const struct aidl_library *library)
{
	print_all(library, aidl_error_print);
}

bool interface_is_file(const char *name)
{
	const char *end = strrchr(name, '.');

	return end && !strcmp(end, ".aidl");
}

int interface_find(const struct arguments *arguments, struct aidl_library *library,
		   const char *name, const struct aidl_declaration **ret)
{
	const struct aidl_declaration *found = NULL;
	bool file = interface_is_file(name);
	binder_status_t status = file ? aidl_library_load(library, name, &found) :
					aidl_library_find(library, name, &found);

	if (status == STATUS_NO_MEMORY)
		return out_of_memory(arguments);
	if (status == STATUS_NAME_NOT_FOUND && !file && !aidl_library_errors(library))
		return EXIT_NO_SERVICE;
	/* A sound declaration can be used, even if another one, or one of its methods, cannot. */
	if (found && !found->broken) {
		print_all(library, aidl_warning_print);
		*ret = found;
		return EXIT_OK;
	}
	interface_print_errors(library);
	return fail(arguments, EXIT_OTHER, NULL, "%s: its AIDL cannot be used", name);
}

int interface_missing(const struct arguments *arguments, const struct aidl_library *library,
		      const char *name, const char *try_this, const char *near)
{
	char *searched = NULL, *path = NULL, hint[160];
	const char *folder;
	size_t size;
	FILE *out;
	int result;

	if (asprintf(&path, "%s.aidl", name) < 0)
		return out_of_memory(arguments);
	for (char *dot = path; (dot = strchr(dot, '.')) && strcmp(dot, ".aidl") != 0;)
		*dot = '/';
	out = open_memstream(&searched, &size);
	if (!out) {
		free(path);
		return out_of_memory(arguments);
	}
	for (size_t i = 0; (folder = aidl_library_path(library, i)); i++)
		fprintf(out, "%s%s", i ? ", " : "", folder);
	fclose(out);
	snprintf(hint, sizeof(hint), "--aidl DIR or $BINDER_AIDL_PATH; %s", try_this);
	result = fail(arguments, EXIT_OTHER, hint, "%s: there is no %s in %s%s%s%s", name, path,
		      searched && *searched ? searched : "any folder (none exists)",
		      near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	free(searched);
	free(path);
	return result;
}

/* ---- methods ------------------------------------------------------------------------ */

/* suggest() takes no context. */
static const struct aidl_declaration *suggested_from;

static const char *method_name_at(int index)
{
	const struct aidl_method *method = suggested_from->methods;

	while (method && index--)
		method = method->next;
	return method ? method->name : NULL;
}

const struct aidl_method *interface_method(const struct arguments *arguments,
					   const struct aidl_declaration *interface,
					   const char *name)
{
	const struct aidl_method *method = aidl_method_find(interface, name);
	const char *near;
	char *all = NULL;
	size_t size;
	FILE *out;

	if (method)
		return method;
	suggested_from = interface;
	near = suggest(name, method_name_at);
	out = open_memstream(&all, &size);
	for (const struct aidl_method *m = interface->methods; out && m; m = m->next)
		fprintf(out, "%s%s", m->name, m->next ? ", " : "");
	if (out)
		fclose(out);
	fail(arguments, EXIT_USAGE, all && *all ? all : NULL, "%s has no method '%s'%s%s%s",
	     interface->qualified, name, near ? " (did you mean " : "", near ? near : "",
	     near ? "?)" : "");
	free(all);
	return NULL;
}

char *interface_signature(const struct aidl_declaration *interface,
			  const struct aidl_method *method)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	aidl_method_print(method, interface, out);
	fclose(out);
	return text;
}

char *interface_type(const struct aidl_declaration *in, const struct aidl_type *type)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	aidl_type_print(type, in, out);
	fclose(out);
	return text;
}

bool interface_is_name(const char *word)
{
	if (!isalpha((unsigned char)*word) && *word != '_')
		return false;
	while (isalnum((unsigned char)*word) || *word == '_')
		word++;
	return !*word;
}
