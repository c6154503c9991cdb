/* SPDX-License-Identifier: MIT */
/*
 * test.c: `binderctl test`: runs files of Lua tests, each in a process of its
 * own (`binderctl test-file`), in a private world if that is wanted, and counts.
 *
 * The processes print TAP (lua/test.lua); here it is read, and shown as a summary
 * or as one TAP of all files.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/value/text.h"
#include "cli/session.h"

#define FILE_MS 60000
/* A world takes a moment to be taken down. */
#define GRACE_MS 3000

struct counts {
	int passed, failed, skipped;
};

struct run {
	const struct arguments *arguments;
	bool tap, sandbox;
	int timeout_ms;
	char self[PATH_MAX];
	struct counts all;
	int number; /* of the test among all, for TAP */

	/* The file that is being run. */
	const char *path;
	struct counts file;
	int planned;    /* -1: not said yet */
	char *failures; /* what a summary shows below the file's line */
	FILE *failures_out;
	bool in_failure;
};

/* ---- which files --------------------------------------------------------------------- */

static struct {
	char **path;
	size_t count;
	bool failed; /* no memory */
} found;

static void add_file(const char *path)
{
	char **grown = reallocarray(found.path, found.count + 1, sizeof(*grown));

	if (grown) {
		found.path = grown;
		grown[found.count] = strdup(path);
	}
	if (!grown || !grown[found.count])
		found.failed = true;
	else
		found.count++;
}

static int look_at(const char *path, const struct stat *info, int kind, struct FTW *ftw)
{
	const char *name = path + ftw->base;
	size_t length = strlen(name);

	if (kind == FTW_F && length > 4 && !strcmp(name + length - 4, ".lua") &&
	    (!strncmp(name, "test_", 5) || (length > 9 && !strcmp(name + length - 9, "_test.lua"))))
		add_file(path);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int find_files(const struct arguments *arguments)
{
	for (int i = 0; i < arguments->argc; i++) {
		const char *word = arguments->argv[i];
		size_t before = found.count;
		struct stat info;

		if (stat(word, &info) != 0)
			return fail(arguments, EXIT_USAGE, NULL, "%s: %s", word, strerror(errno));
		if (!S_ISDIR(info.st_mode)) {
			add_file(word);
			continue;
		}
		nftw(word, look_at, 16, FTW_PHYS);
		if (found.count > before)
			qsort(found.path + before, found.count - before, sizeof(*found.path),
			      by_name);
		else
			return fail(arguments, EXIT_OTHER, "name a file",
				    "%s: no *_test.lua and no test_*.lua in it", word);
	}
	return found.failed ? fail(arguments, EXIT_OTHER, NULL, "out of memory") : EXIT_OK;
}

/* ---- what a file says -------------------------------------------------------------------- */

static void show_result(struct run *run, bool good, const char *text)
{
	run->number++;
	run->in_failure = !good;
	if (run->tap) {
		printf("%sok %d - %s: ", good ? "" : "not ", run->number, run->path);
		text_print(stdout, text, false);
		putchar('\n');
	} else if (!good) {
		fputs("  failed: ", run->failures_out);
		text_print(run->failures_out, text, false);
		fputc('\n', run->failures_out);
	}
}

static void take_result(struct run *run, bool good, const char *line)
{
	const char *text = line + strspn(line, " 0123456789");

	if (!strncmp(text, "- ", 2))
		text += 2;
	if (!good)
		run->file.failed++;
	else if (strstr(text, "# SKIP"))
		run->file.skipped++;
	else
		run->file.passed++;
	show_result(run, good, text);
}

static void take_line(struct run *run, char *line)
{
	line[strcspn(line, "\n")] = 0;
	if (!strncmp(line, "ok ", 3)) {
		take_result(run, true, line + 3);
	} else if (!strncmp(line, "not ok ", 7)) {
		take_result(run, false, line + 7);
	} else if (sscanf(line, "1..%d", &run->planned) == 1) {
		run->in_failure = false;
	} else if (run->tap) {
		/* What a test prints is no result. */
		fputs(*line == '#' ? "" : "# ", stdout);
		text_print(stdout, line, true);
		putchar('\n');
	} else if (*line == '#' && run->in_failure) {
		fputs("    ", run->failures_out);
		text_print(run->failures_out, line + (line[1] == ' ' ? 2 : 1), true);
		fputc('\n', run->failures_out);
	} else {
		text_print(stdout, line, true);
		putchar('\n');
	}
}

static void fail_file(struct run *run, const char *why)
{
	run->file.failed++;
	show_result(run, false, why);
}

/* ---- its process ---------------------------------------------------------------------------- */

static void begin(const struct run *run, int output)
{
	const char *argv[10];
	int count = 0;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	setpgid(0, 0);
	dup2(output, STDOUT_FILENO);
	argv[count++] = run->self;
	if (run->sandbox) {
		argv[count++] = "sandbox";
		argv[count++] = "--";
		argv[count++] = run->self;
	} else if (run->arguments->device) {
		argv[count++] = "--device";
		argv[count++] = run->arguments->device;
	}
	argv[count++] = "test-file";
	argv[count++] = run->path;
	argv[count] = NULL;
	execv(run->self, (char *const *)argv);
	_exit(EXIT_NOT_FOUND);
}

struct reading {
	int fd;
	char *line; /* what has come of the next one */
	size_t size;
};

static bool take_bytes(struct run *run, struct reading *reading)
{
	char buffer[4096], *grown, *end;
	ssize_t got = read(reading->fd, buffer, sizeof(buffer));

	if (got <= 0)
		return got < 0 && errno == EINTR;
	grown = realloc(reading->line, reading->size + (size_t)got + 1);
	if (!grown)
		return false;
	reading->line = grown;
	memcpy(grown + reading->size, buffer, (size_t)got);
	reading->size += (size_t)got;
	while ((end = memchr(reading->line, '\n', reading->size))) {
		size_t length = (size_t)(end - reading->line) + 1;

		*end = 0;
		take_line(run, reading->line);
		reading->size -= length;
		memmove(reading->line, reading->line + length, reading->size);
	}
	return true;
}

/* Until the end of its output; false: it takes too long. */
static bool read_output(struct run *run, struct reading *reading)
{
	const long long until = session_now() + run->timeout_ms;

	for (;;) {
		struct pollfd fd = { .fd = reading->fd, .events = POLLIN };
		long long left = until - session_now();

		if (left <= 0)
			return false;
		if (poll(&fd, 1, left > INT_MAX ? INT_MAX : (int)left) <= 0)
			continue;
		if (!take_bytes(run, reading))
			return true;
	}
}

/* TERM to what was started, with time to take a world down, then KILL to all of it. */
static void end_process(struct run *run, pid_t pid, struct reading *reading)
{
	run->timeout_ms = GRACE_MS;
	kill(pid, SIGTERM);
	if (!run->sandbox)
		kill(-pid, SIGTERM);
	if (!read_output(run, reading))
		kill(-pid, SIGKILL);
}

static void judge(struct run *run, int status, bool in_time, int timeout_ms)
{
	const int count = run->file.passed + run->file.failed + run->file.skipped;
	char why[120];

	if (!in_time)
		snprintf(why, sizeof(why), "not done within %g seconds", timeout_ms / 1000.0);
	else if (WIFSIGNALED(status))
		snprintf(why, sizeof(why), "ended by signal %d", WTERMSIG(status));
	else if (run->planned != count)
		snprintf(why, sizeof(why), "ended early, with exit status %d", WEXITSTATUS(status));
	else if (WEXITSTATUS(status) && !run->file.failed)
		snprintf(why, sizeof(why), "exit status %d", WEXITSTATUS(status));
	else
		return;
	fail_file(run, why);
}

static int run_process(struct run *run)
{
	const int timeout_ms = run->timeout_ms;
	struct reading reading = { 0 };
	int fds[2], status = 0;
	bool in_time;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return fail(run->arguments, EXIT_OTHER, NULL, "pipe: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		begin(run, fds[1]);
	close(fds[1]);
	if (pid < 0) {
		close(fds[0]);
		return fail(run->arguments, EXIT_OTHER, NULL, "fork: %s", strerror(errno));
	}
	setpgid(pid, pid);
	reading.fd = fds[0];
	in_time = read_output(run, &reading);
	if (!in_time)
		end_process(run, pid, &reading);
	run->timeout_ms = timeout_ms;
	close(fds[0]);
	free(reading.line);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	judge(run, status, in_time, timeout_ms);
	return EXIT_OK;
}

/* ---- all of them ------------------------------------------------------------------------------ */

static void print_counts(const struct counts *counts)
{
	printf("%d passed, %d failed", counts->passed, counts->failed);
	if (counts->skipped)
		printf(", %d skipped", counts->skipped);
	putchar('\n');
}

static int run_file(struct run *run, const char *path)
{
	size_t size = 0;
	int result;

	run->path = path;
	run->file = (struct counts){ 0 };
	run->planned = -1;
	run->failures = NULL;
	run->failures_out = open_memstream(&run->failures, &size);
	if (!run->failures_out)
		return fail(run->arguments, EXIT_OTHER, NULL, "out of memory");
	result = run_process(run);
	fclose(run->failures_out);
	if (result == EXIT_OK && !run->tap) {
		text_print(stdout, path, false);
		fputs(": ", stdout);
		print_counts(&run->file);
		fputs(run->failures ? run->failures : "", stdout);
	}
	free(run->failures);
	run->all.passed += run->file.passed;
	run->all.failed += run->file.failed;
	run->all.skipped += run->file.skipped;
	return result;
}

static int run_all(struct run *run)
{
	int result = EXIT_OK;

	for (size_t i = 0; i < found.count && result == EXIT_OK; i++) {
		result = run_file(run, found.path[i]);
		fflush(stdout);
	}
	if (result != EXIT_OK)
		return result;
	if (run->tap)
		printf("1..%d\n", run->number);
	else if (found.count > 1)
		print_counts(&run->all);
	return run->all.failed || !run->number ? EXIT_OTHER : EXIT_OK;
}

static int run_test(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct run run = {
		.arguments = arguments,
		.tap = option_value(arguments, "tap"),
		.sandbox = option_value(arguments, "sandbox"),
		/* --timeout is for each file, not for the verb. */
		.timeout_ms = option_value(arguments, "timeout") ? session->timeout_ms : FILE_MS,
	};
	ssize_t length = readlink("/proc/self/exe", run.self, sizeof(run.self) - 1);
	int result;

	if (length < 0)
		return fail(arguments, EXIT_OTHER, NULL, "/proc/self/exe: %s", strerror(errno));
	run.self[length] = 0;
	result = find_files(arguments);
	if (result == EXIT_OK)
		result = run_all(&run);
	while (found.count)
		free(found.path[--found.count]);
	free(found.path);
	return result;
}

static const struct option_spec test_options[] = {
	{ "sandbox", 0, NULL, "give each file a private Binder world" },
	{ "tap", 0, NULL, "print TAP instead of a summary" },
	{ "timeout", 0, "SECONDS", "end a file that takes longer (default: 60)" },
	{ 0 },
};

const struct verb verb_test = {
	.name = "test",
	.arguments = "FILE|FOLDER...",
	.summary = "run Lua test files and report the results",
	.details =
		"Each file is run in a process of its own, with require \"binder.test\" at hand; of a\n"
		"folder, all files *_test.lua and test_*.lua in it and below.  What failed is shown with\n"
		"its line and both values.  Exit status 0: there were tests and all passed; else 1.",
	.example = "binderctl test --sandbox tests/",
	.options = test_options,
	.min_words = 1,
	.max_words = -1,
	.words_are_files = true,
	.is_program = true,
	.run = run_test,
};
