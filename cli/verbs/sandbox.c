/* SPDX-License-Identifier: MIT */
/*
 * sandbox.c: `binderctl sandbox`, a private Binder world for one command.
 *
 * Two processes watch each other.  The outer one is what the user started: it
 * passes signals on and ends with the command's status.  The keeper is its
 * child and the parent of driver, service manager and command; orphans of the
 * command come to it.  Whichever of the two is killed, the other cleans up.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/verbs/preload_check.h"
#include "cli/verbs/spawn.h"

#define ORPHAN_GRACE_MS 500

struct sandbox {
	const struct arguments *arguments;
	char dir[PATH_MAX];
	char device[PATH_MAX];
	char log[PATH_MAX];
	char preload[2 * PATH_MAX]; /* what LD_PRELOAD is to be; empty: as it is */
	pid_t daemon, manager, command;
	sigset_t signals; /* what is passed on, and SIGCHLD; blocked while we live */
	sigset_t original;
};

/* Whoever stops us means the command. */
static const int passed_on[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH };

/* ---- the folder ------------------------------------------------------------ */

static int make_dir(struct sandbox *sandbox)
{
	const char *base = getenv("XDG_RUNTIME_DIR");
	size_t length;

	if (!base || access(base, W_OK | X_OK) != 0)
		base = getenv("TMPDIR");
	if (!base || !*base)
		base = "/tmp";
	/* The socket's whole path has to fit into a sockaddr_un of 108 bytes. */
	length = snprintf(sandbox->dir, sizeof(sandbox->dir), "%s/binder-sandbox.XXXXXX", base);
	if (length > 90)
		snprintf(sandbox->dir, sizeof(sandbox->dir), "/tmp/binder-sandbox.XXXXXX");
	if (!mkdtemp(sandbox->dir))
		return fail(sandbox->arguments, EXIT_OTHER, "TMPDIR=... binderctl sandbox ...",
			    "cannot make a folder in %s: %s", base, strerror(errno));
	snprintf(sandbox->device, sizeof(sandbox->device), "%.*s/binder", PATH_MAX - 10,
		 sandbox->dir);
	snprintf(sandbox->log, sizeof(sandbox->log), "%.*s/log", PATH_MAX - 10, sandbox->dir);
	return EXIT_OK;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *ftw)
{
	remove(path);
	return 0;
}

static void remove_dir(const struct sandbox *sandbox)
{
	nftw(sandbox->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- the world inside ------------------------------------------------------ */

static void show_log(const struct sandbox *sandbox)
{
	FILE *file = fopen(sandbox->log, "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file))
		fputs(line, stderr);
	if (file)
		fclose(file);
}

static int start(struct sandbox *sandbox, const char *name, const char *const *arguments,
		 pid_t *ret)
{
	char path[PATH_MAX];
	const char *argv[8] = { path };
	struct spawn spawn = { .argv = argv, .log = sandbox->log, .mask = &sandbox->original };
	pid_t child = spawn_find(name, path);

	for (int i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	if (child == 0)
		child = spawn_daemon(&spawn);
	if (child < 0) {
		show_log(sandbox);
		return fail(sandbox->arguments, EXIT_OTHER, NULL, "cannot start %s: %s", name,
			    spawn_why(child));
	}
	*ret = child;
	return EXIT_OK;
}

static int start_world(struct sandbox *sandbox)
{
	const char *daemon[] = { "--dir", sandbox->dir, "--ready-fd", "3", NULL };
	const char *manager[] = { "--device", sandbox->device, "--ready-fd", "3", NULL };
	int result = start(sandbox, "binderd", daemon, &sandbox->daemon);

	if (result == EXIT_OK && !option_value(sandbox->arguments, "no-manager"))
		result = start(sandbox, "servicemanager", manager, &sandbox->manager);
	return result;
}

static int start_command(struct sandbox *sandbox)
{
	char **argv = sandbox->arguments->argv;
	pid_t keeper = getpid();
	int error;

	sandbox->command = fork();
	if (sandbox->command < 0)
		return fail(sandbox->arguments, EXIT_OTHER, NULL, "%s: cannot start it: %s",
			    argv[0], strerror(errno));
	if (sandbox->command > 0)
		return EXIT_OK;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != keeper)
		_exit(EXIT_OTHER);
	if (setenv("BINDER_DEVICE", sandbox->device, 1) != 0 ||
	    setenv("BINDER_DIR", sandbox->dir, 1) != 0 ||
	    (*sandbox->preload && setenv("LD_PRELOAD", sandbox->preload, 1) != 0))
		_exit(EXIT_OTHER);
	sigprocmask(SIG_SETMASK, &sandbox->original, NULL);
	execvp(argv[0], argv);
	error = errno;
	fail(sandbox->arguments, EXIT_OTHER, NULL, "%s: cannot run it: %s", argv[0],
	     strerror(error));
	_exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

/* ---- what the command left behind ------------------------------------------ */

/* Our children other than the two daemons; each is sent the signal. */
static int signal_orphans(const struct sandbox *sandbox, int signal_number)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = atoi(entry->d_name), parent = 0;
		char path[64], line[512], *after;
		FILE *file;

		if (pid <= 0 || pid == sandbox->daemon || pid == sandbox->manager)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
		file = fopen(path, "re");
		if (!file)
			continue;
		/* "pid (name) state ppid": the name may hold anything, so from its end. */
		if (fgets(line, sizeof(line), file) && (after = strrchr(line, ')')) &&
		    sscanf(after, ") %*c %d", &parent) == 1 && parent == getpid()) {
			count++;
			kill(pid, signal_number);
		}
		fclose(file);
	}
	if (proc)
		closedir(proc);
	return count;
}

static void reap(const struct sandbox *sandbox)
{
	siginfo_t info;

	/* Not the daemons and the command: others want to see them end. */
	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || !info.si_pid)
			return;
		if (info.si_pid == sandbox->daemon || info.si_pid == sandbox->manager ||
		    info.si_pid == sandbox->command)
			return;
		waitpid(info.si_pid, NULL, 0);
	}
}

static void stop_orphans(const struct sandbox *sandbox)
{
	struct timespec pause = { .tv_nsec = 2000000 };
	int left;

	reap(sandbox);
	left = signal_orphans(sandbox, SIGTERM);
	for (int waited = 0; left && waited < ORPHAN_GRACE_MS; waited += 2) {
		nanosleep(&pause, NULL);
		reap(sandbox);
		left = signal_orphans(sandbox, 0);
	}
	/* The children of what is killed come to us in turn. */
	while (left) {
		left = signal_orphans(sandbox, SIGKILL);
		nanosleep(&pause, NULL);
		reap(sandbox);
	}
}

/* ---- waiting --------------------------------------------------------------- */

static int status_of(int status)
{
	return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

/*
 * Waits for child, passing signals on to it.  The kernel's own (a terminal's
 * Ctrl-C) have reached it already, as it is in the same process group.  A
 * parent that is no longer there ends the waiting; 0: it does not matter.
 */
static int attend(struct sandbox *sandbox, pid_t child, pid_t parent, bool *orphaned)
{
	int status;

	for (;;) {
		siginfo_t info;
		int number = sigwaitinfo(&sandbox->signals, &info);

		if (number == SIGCHLD) {
			pid_t done;

			/* Orphans that end meanwhile must not stay as zombies. */
			while ((done = waitpid(child, &status, WNOHANG)) < 0 && errno == EINTR)
				;
			if (done == child) {
				sandbox->command = 0;
				return status_of(status);
			}
			if (done < 0)
				return EXIT_OTHER;
			reap(sandbox);
		} else if (number == SIGALRM && parent && getppid() != parent) {
			*orphaned = true;
			return EXIT_OTHER;
		} else if (number > 0 && info.si_code != SI_KERNEL) {
			kill(child, number);
		}
	}
}

/* The keeper: makes the world, runs the command in it, takes the world down. */
static int keep(struct sandbox *sandbox, pid_t outer)
{
	bool orphaned = false;
	int result;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	/* Told of the outer one's death by a signal that is on the list, so blocked. */
	prctl(PR_SET_PDEATHSIG, SIGALRM);
	if (getppid() != outer)
		orphaned = true;
	result = orphaned ? EXIT_OTHER : start_world(sandbox);
	if (result == EXIT_OK)
		result = start_command(sandbox);
	if (result == EXIT_OK)
		result = attend(sandbox, sandbox->command, outer, &orphaned);
	if (orphaned && sandbox->command > 0)
		kill(sandbox->command, SIGKILL);
	sandbox->command = 0;
	stop_orphans(sandbox);
	spawn_stop(sandbox->manager);
	spawn_stop(sandbox->daemon);
	remove_dir(sandbox);
	return result;
}

/*
 * Without a configuration, libgbinder speaks Android 8's dialect, and its tools look at hwbinder:
 * they then wait for a service manager without end.
 */
static void advise_libgbinder(const struct sandbox *sandbox)
{
	static const char *const tools[] = { "binder-bridge", "binder-call", "binder-list",
					     "binder-ping" };
	const char *command = sandbox->arguments->argv[0], *slash = strrchr(command, '/');
	const char *name = slash ? slash + 1 : command;
	struct message message;
	bool is_tool = false;

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		is_tool |= !strcmp(name, tools[i]);
	if (!is_tool || getenv("BINDER_ANDROID") || access("/etc/gbinder.conf", F_OK) == 0 ||
	    access("/etc/gbinder.d", F_OK) == 0)
		return;
	fprintf(message_begin(&message),
		"binderctl: sandbox: without /etc/gbinder.conf, %s speaks Android 8's dialect, and "
		"uses /dev/hwbinder\n"
		"try: BINDER_ANDROID=26 binderctl sandbox --preload -- %s -d /dev/binder\n",
		name, name);
	message_send(&message);
}

#define PRELOAD "libbinder-preload.so"

static int find_preload(struct sandbox *sandbox)
{
	const char *others = getenv("LD_PRELOAD"), *command = sandbox->arguments->argv[0], *why;
	struct message message;
	char path[PATH_MAX];

	if (!option_value(sandbox->arguments, "preload"))
		return EXIT_OK;
	why = preload_check(command);
	if (why) {
		fprintf(message_begin(&message),
			"binderctl: sandbox: %s is %s: it will not have /dev/binder, as the "
			"dynamic loader does not preload libraries into it\n",
			command, why);
		message_send(&message);
	}
	advise_libgbinder(sandbox);
	if (spawn_find_library(PRELOAD, path) < 0)
		return fail(sandbox->arguments, EXIT_OTHER, "make install",
			    "--preload: " PRELOAD " is not in ../lib/binder from binderctl");
	/* The list is separated by blanks and colons, and knows no way to quote them. */
	if (strpbrk(path, " :"))
		return fail(sandbox->arguments, EXIT_OTHER, NULL,
			    "--preload: the dynamic loader cannot take a path with a blank or "
			    "colon in it: %s",
			    path);
	snprintf(sandbox->preload, sizeof(sandbox->preload), "%s%s%.*s", path,
		 others && *others ? ":" : "", PATH_MAX - 2, others ? others : "");
	return EXIT_OK;
}

static int run_sandbox(struct session *session, const struct arguments *arguments,
		       struct sink *sink)
{
	struct sandbox sandbox = { .arguments = arguments };
	pid_t outer = getpid(), keeper;
	bool orphaned = false;
	int result = find_preload(&sandbox);

	if (result == EXIT_OK)
		result = make_dir(&sandbox);
	if (result != EXIT_OK)
		return result;
	sigemptyset(&sandbox.signals);
	sigaddset(&sandbox.signals, SIGCHLD);
	sigaddset(&sandbox.signals, SIGALRM);
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(*passed_on); i++)
		sigaddset(&sandbox.signals, passed_on[i]);
	sigprocmask(SIG_BLOCK, &sandbox.signals, &sandbox.original);
	fflush(NULL);
	keeper = fork();
	if (keeper < 0) {
		result = fail(arguments, EXIT_OTHER, NULL, "fork: %s", strerror(errno));
	} else if (keeper == 0) {
		result = keep(&sandbox, outer);
		fflush(NULL);
		_exit(result);
	} else {
		result = attend(&sandbox, keeper, 0, &orphaned);
	}
	/* Nothing is left of it, unless the keeper was killed. */
	remove_dir(&sandbox);
	sigprocmask(SIG_SETMASK, &sandbox.original, NULL);
	return result;
}

static const struct option_spec sandbox_options[] = {
	{ "preload", 0, NULL, "give COMMAND /dev/binder, for unmodified programs" },
	{ "no-manager", 0, NULL, "leave handle 0 free for another service manager" },
	{ 0 },
};

const struct verb verb_sandbox = {
	.name = "sandbox",
	.arguments = "[--] COMMAND [ARGUMENT]...",
	.summary = "run a command with a private driver and service manager",
	.details =
		"Starts a driver daemon and a service manager in a new folder that only this user can\n"
		"enter, sets BINDER_DEVICE and BINDER_DIR for the command, and exits with its status\n"
		"(128 + N if signal N ended it, 126 if it could not be run, 127 if it was not found).\n"
		"Afterwards it stops and removes everything, including processes left by the command.\n"
		"With --preload, dynamically linked programs find /dev/binder, /dev/hwbinder,\n"
		"/dev/vndbinder and /dev/binderfs.  With --no-manager, COMMAND can start a service\n"
		"manager of its own.",
	.example = "binderctl sandbox -- binderctl list",
	.options = sandbox_options,
	.min_words = 1,
	.max_words = -1,
	.words_end_options = true,
	.is_program = true,
	.run = run_sandbox,
	.complete = complete_sandbox,
};
