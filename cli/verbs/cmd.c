/* SPDX-License-Identifier: MIT */
/*
 * cmd.c: `binderctl cmd`, a service's shell command.
 *
 * The service gets our standard input, output and error, may have files opened
 * that the command names, and its result is our exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/session.h"
#include "cli/value/sink.h"
#include "cli/verbs/await.h"
#include "cli/waiting.h"

/* What a shell does not use for its own messages; sandbox and shells have 126, 127 and 128 + N. */
#define LARGEST_RESULT 125

/* ---- files --------------------------------------------------------------------- */

static int flags_of(const char *mode)
{
	static const struct {
		const char *mode;
		int flags;
	} modes[] = {
		{ "r", O_RDONLY },
		{ "r+", O_RDWR },
		{ "w", O_WRONLY | O_CREAT | O_TRUNC },
		{ "w+", O_RDWR | O_CREAT | O_TRUNC },
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (!strcmp(modes[i].mode, mode))
			return modes[i].flags;
	return -1;
}

/* Is it a word of the command, or a word's value, as in --out=FILE? */
static bool is_named(const struct arguments *arguments, const char *path)
{
	for (int i = 1; i < arguments->argc; i++) {
		const char *word = arguments->argv[i], *value = strchr(word, '=');

		if (!strcmp(word, path) || (value && !strcmp(value + 1, path)))
			return true;
	}
	return false;
}

/*
 * The service asks for this, and the file is opened with our rights, which may be more than the
 * service has.  So only what the user has named is opened.
 */
static int open_file(const char *path, const char *mode, void *cookie)
{
	const struct session *session = cookie;
	const struct arguments *arguments = session->arguments;
	int flags = flags_of(mode), fd;

	if (flags < 0) {
		fail(arguments, EXIT_OTHER, NULL, "%s: the service asks for the mode '%s'", path,
		     mode);
		return -1;
	}
	if (!is_named(arguments, path) && !option_value(arguments, "open-any")) {
		fail(arguments, EXIT_OTHER, "--open-any, if the service may open any file",
		     "%s: not opened for the service: the command does not name it", path);
		return -1;
	}
	fd = open(path, flags | O_CLOEXEC | O_NOCTTY, 0666);
	if (fd < 0)
		fail(arguments, EXIT_OTHER, NULL, "%s: %s", path, strerror(errno));
	return fd;
}

/* ---- the command ------------------------------------------------------------------ */

static int no_commands(const struct session *session, binder_status_t status)
{
	return fail(session->arguments, EXIT_OTHER, "binderctl methods shows what it answers",
		    "%s: it takes no shell commands (%s)", session->arguments->argv[0],
		    ABinder_statusName(status));
}

static int report_result(const struct session *session, int32_t result)
{
	const char *name = session->arguments->argv[0];

	if (result >= 0 && result <= LARGEST_RESULT)
		return result;
	if (result == STATUS_INVALID_OPERATION)
		return no_commands(session, result);
	if (result == STATUS_PERMISSION_DENIED)
		return fail(session->arguments, LARGEST_RESULT, NULL,
			    "%s: the command ended with -1: it failed, or the service refuses "
			    "commands of this user",
			    name);
	return fail(session->arguments, LARGEST_RESULT, NULL, "%s: the command ended with %d", name,
		    (int)result);
}

static int run_command(struct session *session, ABinderConnection *connection, AIBinder *binder)
{
	const struct arguments *arguments = session->arguments;
	const struct ABinderShellCommand command = {
		.in = STDIN_FILENO,
		.out = STDOUT_FILENO,
		.err = STDERR_FILENO,
		.args = (const char *const *)arguments->argv + 1,
		.count = (uint32_t)arguments->argc - 1,
		.on_open_file = open_file,
		.cookie = session,
		.timeout_ms = session_left(session),
	};
	binder_status_t status;
	int32_t result = 0;

	/* The command speaks for itself now. */
	waiting_end();
	status = AIBinder_shellCommand(binder, &command, &result);
	if (status == STATUS_OK)
		return report_result(session, result);
	if (status == STATUS_UNKNOWN_TRANSACTION || status == STATUS_INVALID_OPERATION)
		return no_commands(session, status);
	return failure_status(session, connection, status);
}

/* ---- the list ---------------------------------------------------------------------- */

struct names {
	char **name;
	size_t count;
	bool failed;
};

static bool keep_name(const char *name, void *cookie)
{
	struct names *names = cookie;
	char **more = reallocarray(names->name, names->count + 1, sizeof(*more));
	char *copy = more ? strdup(name) : NULL;

	if (more)
		names->name = more;
	if (copy)
		names->name[names->count++] = copy;
	names->failed |= !copy;
	return copy;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_services(struct session *session, struct sink *sink)
{
	ABinderConnection *connection = NULL;
	struct names names = { 0 };
	int result = session_open(session, &connection);
	binder_status_t status;

	if (result != EXIT_OK)
		return result;
	status = AServiceManager_listOn(connection, keep_name, &names);
	if (status == STATUS_DEAD_OBJECT && !session_lost_driver(connection))
		result = session_no_manager(session, connection);
	else if (status != STATUS_OK)
		result = fail_status(session->arguments, status, "the service manager");
	else if (names.failed)
		result = fail(session->arguments, EXIT_OTHER, NULL, "out of memory");
	if (names.count)
		qsort(names.name, names.count, sizeof(*names.name), by_name);
	for (size_t i = 0; i < names.count; i++) {
		if (result == EXIT_OK)
			sink_print(sink, "%s\n", names.name[i]);
		free(names.name[i]);
	}
	free(names.name);
	session_close(session, connection);
	return result;
}

/* ---- the verb ------------------------------------------------------------------------ */

static int cmd_check(const struct arguments *arguments)
{
	bool lists = option_value(arguments, "list");

	if (lists && arguments->argc)
		return fail(arguments, EXIT_USAGE, "binderctl cmd -l",
			    "--list: unexpected argument '%s'", arguments->argv[0]);
	if (!lists && !arguments->argc)
		return fail(arguments, EXIT_USAGE, arguments->verb->example, "expected %s",
			    arguments->verb->arguments);
	return options_check_texts(arguments);
}

static int run_cmd(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	ABinderConnection *connection = NULL;
	AIBinder *binder = NULL;
	int result;

	if (option_value(arguments, "list"))
		return list_services(session, sink);
	result = await_enter(session, &connection, &binder);
	if (result == EXIT_OK)
		result = run_command(session, connection, binder);
	AIBinder_decStrong(binder);
	session_close(session, connection);
	return result;
}

static const struct option_spec cmd_options[] = {
	{ "list", 'l', NULL, "list the services' names" },
	OPTION_WAIT,
	{ "open-any", 0, NULL, "let the service open files that the command does not name" },
	OPTION_NO_LIMIT,
	{ 0 },
};

const struct verb verb_cmd = {
	.name = "cmd",
	.arguments = "SERVICE [ARGUMENT]...",
	.summary = "run a service's shell command",
	.details =
		"The service gets standard input, output and error, and its result is the exit status;\n"
		"a negative one and one above 125 is printed, and the exit status is 125.\n"
		"Options stand before SERVICE.",
	.example = "binderctl cmd settings list",
	.options = cmd_options,
	.min_words = 0,
	.max_words = -1,
	.words_end_options = true,
	.is_program = true,
	.check = cmd_check,
	.run = run_cmd,
	.complete = complete_service,
};
