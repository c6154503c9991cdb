/* SPDX-License-Identifier: MIT */
/*
 * main.c: runs the tests, each in a process group of its own with a time
 * limit, and prints TAP.
 *
 *   binder-uapi [--list] [--home NAME] [--differences FILE] [--seconds N]
 *               [--views COMMAND] [--linux VERSION] [--only TEXT] [DEVICE]
 *
 * DEVICE is /dev/binder or $BINDER_UAPI_DEVICE.  A difference that FILE lists
 * for the home NAME is expected: it is no failure, and its absence is one.
 * Each test may take N seconds, or 6 times TEST_SLOW.  COMMAND shows what the driver says
 * of itself: see views.h.  VERSION is the Linux whose driver's rules hold; the default is the
 * kernel that runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "../limit.h"
#include "device.h"
#include "scene.h"
#include "views.h"

enum verdict {
	VERDICT_NONE = 0, /* it ended before it could say */
	VERDICT_PASSED,
	VERDICT_FAILED,
	VERDICT_SKIPPED,
};

/* The test's process writes it, the runner reads it. */
static struct report {
	int verdict;
	const char *file; /* the step under way */
	int line;
	char text[2048];
} * report;

const char *device_path = "/dev/binder";
const char *linux_release;

static struct {
	struct test *tests;
	const char *home, *differences, *only;
	int seconds;
} run = { .home = "" };

/* ---- what check.h promises ------------------------------------------------------------- */

void check_register(struct test *test)
{
	test->next = run.tests;
	run.tests = test;
}

void step(const char *file, int line)
{
	report->file = file;
	report->line = line;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

_Noreturn static void finish(enum verdict verdict)
{
	report->verdict = verdict;
	fflush(stdout);
	_exit(0);
}

void check_failed(const char *file, int line, const char *format, ...)
{
	va_list arguments;
	int n = snprintf(report->text, sizeof(report->text), "%s:%d: ", base_name(file), line);

	va_start(arguments, format);
	n += vsnprintf(report->text + n, sizeof(report->text) - (size_t)n, format, arguments);
	va_end(arguments);
	if (report->file && n < (int)sizeof(report->text) - 100)
		snprintf(report->text + n, sizeof(report->text) - (size_t)n, " (last step: %s:%d)",
			 base_name(report->file), report->line);
	finish(VERDICT_FAILED);
}

void check_skip(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(report->text, sizeof(report->text), format, arguments);
	va_end(arguments);
	finish(VERDICT_SKIPPED);
}

void check_in_use(void)
{
	check_skip("device is in use: it has a context manager");
}

void check_is(const char *file, int line, const char *what, long long found, long long expected)
{
	char names[2][32] = { "", "" };
	long long both[2] = { found, expected };

	if (found == expected)
		return;
	for (int i = 0; i < 2; i++)
		if (both[i] < 0 && both[i] > -200)
			snprintf(names[i], sizeof(names[i]), " (%s)",
				 strerrorname_np((int)-both[i]));
	check_failed(file, line, "%s is %lld%s, expected %lld%s", what, found, names[0], expected,
		     names[1]);
}

void check_text(const char *file, int line, const char *found, const char *expected)
{
	if (strcmp(found, expected) != 0)
		check_failed(file, line, "text is \"%s\", expected \"%s\"", found, expected);
}

/* ---- listed differences ------------------------------------------------------------------- */

struct listed {
	const char *reason; /* NULL: it is not listed */
	bool at_times;      /* "HOME?": the difference shows in some runs */
};

/* Lines: item, name, home, reason, set off by blanks. */
static struct listed listed(const struct test *test)
{
	static char line[512];
	FILE *file;

	if (!run.differences)
		return (struct listed){ 0 };
	file = fopen(run.differences, "re");
	if (!file) {
		printf("Bail out! %s: %s\n", run.differences, strerror(errno));
		exit(1);
	}
	while (fgets(line, sizeof(line), file)) {
		char item[16], name[128], home[32];
		int reason = 0;
		bool at_times;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' ||
		    sscanf(line, "%15s %127s %31s %n", item, name, home, &reason) < 3 || !reason)
			continue;
		at_times = home[strlen(home) - 1] == '?';
		if (at_times)
			home[strlen(home) - 1] = '\0';
		if (strcmp(item, test->item) == 0 && strcmp(name, test->name) == 0 &&
		    strcmp(home, run.home) == 0) {
			fclose(file);
			return (struct listed){ line + reason, at_times };
		}
	}
	fclose(file);
	return (struct listed){ 0 };
}

/* ---- running --------------------------------------------------------------------------------- */

/* By section, item, and place in the file. */
static bool comes_before(const struct test *a, const struct test *b)
{
	int part[2][2] = { { 0 } };

	sscanf(a->item, "%d.%d", &part[0][0], &part[0][1]);
	sscanf(b->item, "%d.%d", &part[1][0], &part[1][1]);
	if (part[0][0] != part[1][0])
		return part[0][0] < part[1][0];
	if (part[0][1] != part[1][1])
		return part[0][1] < part[1][1];
	if (strcmp(a->file, b->file) != 0)
		return strcmp(a->file, b->file) < 0;
	return a->line < b->line;
}

static void sort(void)
{
	struct test *rest = run.tests, *sorted = NULL;

	while (rest) {
		struct test *test = rest, **link = &sorted;

		rest = test->next;
		while (*link && comes_before(*link, test))
			link = &(*link)->next;
		test->next = *link;
		*link = test;
	}
	run.tests = sorted;
}

static bool wanted(const struct test *test)
{
	size_t length = run.only ? strlen(run.only) : 0;

	if (!length)
		return true;
	/* "7." is a section, "7.2" an item; anything else a part of the name. */
	if (run.only[length - 1] == '.')
		return strncmp(test->item, run.only, length) == 0;
	return strcmp(test->item, run.only) == 0 || strstr(test->name, run.only);
}

/* Ends every process that the test has left, and waits for that. */
static void end_group(pid_t group)
{
	kill(-group, SIGKILL);
	while (waitpid(-group, NULL, 0) > 0 || errno == EINTR)
		;
}

/* False: it took too long. */
static bool await_end(pid_t pid)
{
	struct timespec limit = { .tv_sec = run.seconds };
	sigset_t set;
	int status;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (;;) {
		/* A child of the test's that ends is told to us as well. */
		if (waitpid(pid, &status, WNOHANG) == pid) {
			if (report->verdict == VERDICT_NONE && WIFSIGNALED(status))
				snprintf(report->text, sizeof(report->text),
					 "the test died of signal %d", WTERMSIG(status));
			return true;
		}
		if (sigtimedwait(&set, NULL, &limit) < 0 && errno == EAGAIN)
			return false;
	}
}

static void run_in_child(const struct test *test)
{
	sigset_t set;

	setpgid(0, 0);
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	test->run();
	finish(VERDICT_PASSED);
}

/* Whether the test went as it had to. */
static bool run_test(const struct test *test, int number)
{
	const struct listed reason = listed(test);
	pid_t pid;
	bool passed;

	memset(report, 0, sizeof(*report));
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_in_child(test);
	setpgid(pid, pid);
	if (!await_end(pid)) {
		int n = snprintf(report->text, sizeof(report->text), "not done within %d seconds",
				 run.seconds);

		if (report->file)
			snprintf(report->text + n, sizeof(report->text) - (size_t)n,
				 " (last step: %s:%d)", base_name(report->file), report->line);
		report->verdict = VERDICT_FAILED;
	}
	end_group(pid);
	waitpid(pid, NULL, 0);
	passed = report->verdict == VERDICT_PASSED;
	if (report->verdict == VERDICT_SKIPPED) {
		printf("ok %d - %s %s # SKIP %s\n", number, test->item, test->name, report->text);
		return true;
	}
	if (reason.reason && !passed) {
		printf("not ok %d - %s %s # TODO listed difference: %s\n", number, test->item,
		       test->name, reason.reason);
		printf("#   %s\n", report->text);
		return true;
	}
	if (reason.reason)
		snprintf(report->text, sizeof(report->text),
			 "listed as different (%s), but there is no difference", reason.reason);
	if (passed && (!reason.reason || reason.at_times)) {
		printf("ok %d - %s %s\n", number, test->item, test->name);
		return true;
	}
	printf("not ok %d - %s %s\n#   %s\n", number, test->item, test->name, report->text);
	return false;
}

/* Somebody else's context manager stays; the last run's goes in a moment. */
static bool is_in_use(void)
{
	int fd = device_open(0), zero = 0, r = -EBUSY;

	for (int i = 0; i < limit_of(200) && r == -EBUSY; i++) {
		struct timespec often = { .tv_nsec = 10 * 1000 * 1000 };

		r = device_ioctl(fd, BINDER_SET_CONTEXT_MGR, &zero);
		if (r == -EBUSY)
			nanosleep(&often, NULL);
	}
	close(fd);
	return r == -EBUSY;
}

static int run_all(void)
{
	struct test *test;
	int number = 0, bad = 0;
	sigset_t set;
	int fd = device_open(0);

	if (fd < 0) {
		printf("Bail out! %s: %s\n", device_path, strerror(-fd));
		return 1;
	}
	close(fd);
	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (report == MAP_FAILED) {
		printf("Bail out! %s\n", strerror(errno));
		return 1;
	}
	if (is_in_use())
		setenv("BINDER_UAPI_IN_USE", "1", 1);
	/* What a test leaves becomes our child. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (test = run.tests; test; test = test->next)
		number += wanted(test);
	printf("1..%d\n", number);
	number = 0;
	for (test = run.tests; test; test = test->next)
		if (wanted(test))
			bad += !run_test(test, ++number);
	return bad ? 1 : 0;
}

static int usage(void)
{
	fputs("usage: binder-uapi [--list] [--home NAME] [--differences FILE] [--seconds N]\n"
	      "                   [--views COMMAND] [--linux VERSION] [--only TEXT] [DEVICE]\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const char *from_environment = getenv("BINDER_UAPI_DEVICE");
	static struct utsname kernel;
	bool list = false;

	run.seconds = limit_of(6);
	uname(&kernel);
	linux_release = kernel.release;
	if (from_environment && *from_environment)
		device_path = from_environment;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--list") == 0)
			list = true;
		else if (strcmp(argv[i], "--home") == 0 && i + 1 < argc)
			run.home = argv[++i];
		else if (strcmp(argv[i], "--differences") == 0 && i + 1 < argc)
			run.differences = argv[++i];
		else if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
			run.seconds = atoi(argv[++i]);
		else if (strcmp(argv[i], "--views") == 0 && i + 1 < argc)
			views_command = argv[++i];
		else if (strcmp(argv[i], "--linux") == 0 && i + 1 < argc)
			linux_release = argv[++i];
		else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
			run.only = argv[++i];
		else if (argv[i][0] != '-')
			device_path = argv[i];
		else
			return usage();
	}
	sort();
	if (!list)
		return run_all();
	for (struct test *test = run.tests; test; test = test->next)
		if (wanted(test))
			printf("%s %s\n", test->item, test->name);
	return 0;
}
