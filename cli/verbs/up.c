/* SPDX-License-Identifier: MIT */
/*
 * up.c: `binderctl up` and `binderctl down`, a user's own driver daemon and
 * service manager in the background.
 *
 * What was started is written to NAME.pid in the runtime folder as pid and
 * start time, so that a pid that was given to another process since is never
 * taken for ours.  A lock keeps two of us from starting at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/peer.h"
#include "cli/verbs/spawn.h"
#include "cli/up_dir.h"

#define STOP_TIMEOUT_MS 5000

struct home {
	const struct arguments *arguments;
	char dir[PATH_MAX - 64]; /* room for the names of files in it */
	bool kernel;             /* the kernel's own driver is used: no daemon */
	bool daemon_is_new;      /* this command has started it, so it has no services yet */
	int lock;
};

/* ---- the folder ------------------------------------------------------------ */

/* One that can be used: a node may be left of a module, or be somebody else's. */
static bool is_device(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat info;
	bool is = fd >= 0 && fstat(fd, &info) == 0 && S_ISCHR(info.st_mode);

	if (fd >= 0)
		close(fd);
	return is;
}

static int choose_dir(struct home *home)
{
	const char *own = getenv("BINDER_DIR");

	switch (up_dir_find(home->dir, sizeof(home->dir))) {
	case UP_DIR_FOUND:
		break;
	case UP_DIR_NO_RUNTIME:
		return fail(home->arguments, EXIT_OTHER, up_dir_command(),
			    "no runtime folder: XDG_RUNTIME_DIR is not set and /run/user/%u is not "
			    "there",
			    (unsigned int)geteuid());
	case UP_DIR_NOT_HERE:
		return fail(home->arguments, EXIT_OTHER, "BINDER_DIR=/a/whole/path",
			    "BINDER_DIR=%s: the current folder is not there: %s", own,
			    strerror(errno));
	case UP_DIR_TOO_LONG:
		return fail(home->arguments, EXIT_OTHER, "BINDER_DIR=a shorter path",
			    "%s: too long for a socket's address", home->dir);
	}
	home->kernel = !(own && *own) &&
		       (is_device("/dev/binder") || is_device("/dev/binderfs/binder"));
	return EXIT_OK;
}

/* What a file could not be made or written for, with what mends that. */
__attribute__((format(printf, 3, 4))) static int fail_file(const struct home *home, int error,
							   const char *format, ...)
{
	const bool full = error == -ENOSPC || error == -EDQUOT;
	char what[2 * PATH_MAX], hint[PATH_MAX + 64] = "BINDER_DIR=a folder of yours";
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (full)
		snprintf(hint, sizeof(hint), "df %s; or BINDER_DIR=a folder on another disk",
			 home->dir);
	return fail(home->arguments, EXIT_OTHER, hint, "%s: %s%s%s", what,
		    full ? "the disk is full (" : "", strerror(-error), full ? ")" : "");
}

/* The folder must be ours, and nobody else's to write. */
static int enter_dir(struct home *home, bool create)
{
	char path[PATH_MAX];
	struct stat info;

	if (create && mkdir(home->dir, 0700) != 0 && errno != EEXIST)
		return fail_file(home, -errno, "%s: cannot make it", home->dir);
	if (lstat(home->dir, &info) != 0)
		return errno == ENOENT && !create ? EXIT_OK :
						    fail(home->arguments, EXIT_OTHER, NULL,
							 "%s: %s", home->dir, strerror(errno));
	if (!S_ISDIR(info.st_mode) || info.st_uid != geteuid() || (info.st_mode & 022))
		return fail(home->arguments, EXIT_OTHER, "BINDER_DIR=a folder of yours",
			    "%s: not a folder that only this user can write to", home->dir);
	snprintf(path, sizeof(path), "%s/lock", home->dir);
	home->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (home->lock < 0 || flock(home->lock, LOCK_EX) != 0)
		return fail_file(home, -errno, "%s: cannot lock it", path);
	return EXIT_OK;
}

static void leave_dir(struct home *home)
{
	if (home->lock >= 0)
		close(home->lock);
}

/* ---- pid files ------------------------------------------------------------- */

/* Time since boot at which a process began, 0 when it is gone (or a zombie). */
static unsigned long long start_time(pid_t pid)
{
	char path[64], line[1024], *after, state;
	unsigned long long began = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	/* Field 22; the second one, a name in parentheses, may hold anything. */
	if (!fgets(line, sizeof(line), file) || !(after = strrchr(line, ')')) ||
	    sscanf(after,
		   ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
		   "%*s %*s %llu",
		   &state, &began) != 2 ||
	    state == 'Z' || state == 'X')
		began = 0;
	fclose(file);
	return began;
}

static void pid_path(const struct home *home, const char *name, char path[static PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s.pid", home->dir, name);
}

/* What the last up wrote down; 0: nothing, or down has ended it. */
static pid_t recorded(const struct home *home, const char *name, unsigned long long *began)
{
	char path[PATH_MAX];
	FILE *file;
	int pid = 0;

	*began = 0;
	pid_path(home, name, path);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%d %llu", &pid, began) != 2)
		pid = 0;
	fclose(file);
	return pid > 0 ? pid : 0;
}

/* 0 when it does not run (any more). */
static pid_t running(const struct home *home, const char *name)
{
	char path[PATH_MAX];
	unsigned long long began;
	struct stat info;
	pid_t pid = recorded(home, name, &began);

	if (!pid || !began || start_time(pid) != began)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d", pid);
	return stat(path, &info) == 0 && info.st_uid == geteuid() ? pid : 0;
}

static int record(const struct home *home, const char *name, pid_t pid)
{
	char path[PATH_MAX];
	FILE *file;
	int result = 0;

	pid_path(home, name, path);
	unlink(path);
	file = fopen(path, "wxe");
	if (!file)
		return -errno;
	if (fprintf(file, "%d %llu\n", (int)pid, start_time(pid)) < 0)
		result = -errno;
	/* Only now does a full disk show. */
	if (fclose(file) != 0 && result == 0)
		result = -errno;
	if (result < 0)
		unlink(path);
	return result;
}

/* ---- up -------------------------------------------------------------------- */

static void show_end_of_log(const char *path)
{
	char text[1024];
	FILE *file = fopen(path, "re");
	size_t length;

	if (!file)
		return;
	if (fseek(file, -(long)sizeof(text), SEEK_END) != 0)
		rewind(file);
	length = fread(text, 1, sizeof(text), file);
	fwrite(text, 1, length, stderr);
	fclose(file);
}

static void say_started(const struct home *home, const char *name, pid_t pid, pid_t before,
			const char *log)
{
	if (!before) {
		printf("%s: started, pid %d, log %s\n", name, (int)pid, log);
		return;
	}
	printf("%s: restarted, pid %d, log %s; pid %d had ended\n", name, (int)pid, log,
	       (int)before);
	if (!strcmp(name, "servicemanager") && !home->daemon_is_new)
		printf("services of binderctl serve and of Lua scripts register again by themselves; "
		       "restart other services\n");
}

static int start(const struct home *home, const char *name, const char *option, const char *value)
{
	char program[PATH_MAX], log[PATH_MAX];
	const char *argv[] = { program, "--ready-fd", "3", option, value, NULL };
	struct spawn spawn = { .argv = argv, .log = log, .detach = true };
	pid_t pid = running(home, name), before;
	unsigned long long began;
	int result;

	if (pid) {
		printf("%s: runs already, pid %d%s\n", name, (int)pid,
		       peer_is_replaced(pid) ? "; its program was replaced since, and binderctl "
					       "down && binderctl up starts the new one" :
					       "");
		return EXIT_OK;
	}
	before = recorded(home, name, &began);
	snprintf(log, sizeof(log), "%s/%s.log", home->dir, name);
	/* One run, one log. */
	unlink(log);
	pid = spawn_find(name, program);
	if (pid == 0)
		pid = spawn_daemon(&spawn);
	if (pid < 0) {
		show_end_of_log(log);
		return fail(home->arguments, EXIT_OTHER, NULL, "cannot start %s: %s", name,
			    spawn_why(pid));
	}
	result = record(home, name, pid);
	if (result < 0) {
		spawn_stop(pid);
		return fail_file(home, result, "%s: cannot write down that %s runs", home->dir,
				 name);
	}
	say_started(home, name, pid, before, log);
	return EXIT_OK;
}

/* ---- what runs, but is not ours ----------------------------------------------- */

#define PATIENCE_MS 2000

static void device_path(const struct home *home, char path[static PATH_MAX])
{
	if (home->kernel)
		snprintf(path, PATH_MAX, "binder");
	else
		snprintf(path, PATH_MAX, "%s/binder", home->dir);
}

static bool find_foreign_daemon(const struct home *home, struct peer *ret)
{
	char device[PATH_MAX];

	device_path(home, device);
	return !home->kernel && peer_of_socket(device, ret) == 0;
}

/* STATUS_DEAD_OBJECT: no manager, or nothing that could have one. */
static binder_status_t find_foreign_manager(const struct home *home, struct peer *ret)
{
	ABinderConnection *connection = NULL;
	char device[PATH_MAX];
	binder_status_t status;

	device_path(home, device);
	status = ABinderConnection_openWithin(device, PATIENCE_MS, &connection);
	if (status == STATUS_OK)
		status = peer_of_manager(connection, PATIENCE_MS, ret);
	ABinderConnection_close(connection);
	return status == STATUS_NAME_NOT_FOUND ? STATUS_DEAD_OBJECT : status;
}

static void say_foreign(const char *name, const struct peer *peer)
{
	if (peer->pid > 0)
		printf("%s: runs already, pid %d; it was not started by binderctl up\n", name,
		       (int)peer->pid);
	else
		printf("%s: runs already; it was not started by binderctl up\n", name);
}

static int leave_foreign(const struct home *home, const char *name, const struct peer *peer)
{
	char hint[32];

	if (peer->pid <= 0)
		return fail(home->arguments, EXIT_OTHER, NULL,
			    "%s: one runs that was not started by binderctl up, and is left alone",
			    name);
	snprintf(hint, sizeof(hint), "kill %d", (int)peer->pid);
	return fail(home->arguments, EXIT_OTHER, hint,
		    "%s: pid %d of uid %lld was not started by binderctl up, and is left alone",
		    name, (int)peer->pid, (long long)peer->uid);
}

/* It runs; but does it serve?  A stopped one keeps its pid and its socket. */
static int check_stopped(const struct home *home, const char *name, pid_t pid)
{
	char hint[64];

	if (!peer_is_stopped(pid))
		return EXIT_OK;
	snprintf(hint, sizeof(hint), "kill -CONT %d", (int)pid);
	return fail(home->arguments, EXIT_OTHER, hint,
		    "%s: runs, pid %d, but is stopped by a signal and answers nobody", name,
		    (int)pid);
}

static int check_daemon(const struct home *home, pid_t pid)
{
	ABinderConnection *connection = NULL;
	char device[PATH_MAX];
	binder_status_t status;
	int result = check_stopped(home, "binderd", pid);

	if (result != EXIT_OK)
		return result;
	device_path(home, device);
	status = ABinderConnection_openWithin(device, PATIENCE_MS, &connection);
	ABinderConnection_close(connection);
	if (status == STATUS_OK)
		return EXIT_OK;
	return fail(home->arguments, status == STATUS_TIMED_OUT ? EXIT_TIMEOUT : EXIT_OTHER,
		    "binderctl down && binderctl up",
		    "binderd: runs, pid %d, but cannot be used: %s", (int)pid, ABinder_lastError());
}

/* Starts what does not run; EXIT_OK also when somebody else has. */
static int start_daemon(struct home *home)
{
	pid_t pid = running(home, "binderd");
	struct peer peer = { .pid = pid };
	bool foreign = !pid && find_foreign_daemon(home, &peer);
	int result = peer.pid > 0 ? check_daemon(home, peer.pid) : EXIT_OK;

	if (result != EXIT_OK)
		return result;
	if (foreign) {
		say_foreign("binderd", &peer);
		return EXIT_OK;
	}
	home->daemon_is_new = !pid;
	return start(home, "binderd", "--dir", home->dir);
}

static int start_manager(const struct home *home)
{
	pid_t pid = running(home, "servicemanager");
	char device[PATH_MAX];
	struct peer peer;
	binder_status_t status;

	if (pid && check_stopped(home, "servicemanager", pid) != EXIT_OK)
		return EXIT_OTHER;
	device_path(home, device);
	status = find_foreign_manager(home, &peer);
	if (pid && status != STATUS_TIMED_OUT)
		return start(home, "servicemanager", "--device", device);
	switch (status) {
	case STATUS_OK:
		say_foreign("servicemanager", &peer);
		return EXIT_OK;
	case STATUS_TIMED_OUT:
		if (pid)
			return fail(home->arguments, EXIT_TIMEOUT, "binderctl down && binderctl up",
				    "servicemanager: runs, pid %d, but does not answer: %s",
				    (int)pid, ABinder_lastError());
		return fail(home->arguments, EXIT_TIMEOUT, "binderctl doctor",
			    "servicemanager: whether one runs cannot be found out: %s",
			    ABinder_lastError());
	default:
		return start(home, "servicemanager", "--device", device);
	}
}

static int run_up(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct home home = { .arguments = arguments, .lock = -1 };
	int result = choose_dir(&home);

	if (result == EXIT_OK)
		result = enter_dir(&home, true);
	if (result == EXIT_OK && !home.kernel)
		result = start_daemon(&home);
	if (result == EXIT_OK)
		result = start_manager(&home);
	leave_dir(&home);
	return result;
}

const struct verb verb_up = {
	.name = "up",
	.arguments = "",
	.summary = "start the driver daemon and the service manager for this user",
	.details =
		"What runs already stays as it is; what has ended meanwhile is restarted.  When\n"
		"that is the service manager, services of binderctl serve and of Lua scripts\n"
		"register again by themselves.  Both stay in the background; their\n"
		"logs are in $BINDER_DIR, else $XDG_RUNTIME_DIR/binder (root: /run/binder).\n"
		"Where the kernel has Binder, only the service manager is started.",
	.example = "binderctl up",
	.is_program = true,
	.run = run_up,
};

/* ---- down ------------------------------------------------------------------ */

/* They are no children of ours: their end is seen in /proc. */
static bool await_end(pid_t pid, unsigned long long began)
{
	struct timespec pause = { .tv_nsec = 2000000 };

	for (int waited = 0; waited < STOP_TIMEOUT_MS; waited += 2) {
		if (start_time(pid) != began)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

static int stop(const struct home *home, const char *name)
{
	pid_t pid = running(home, name);
	char path[PATH_MAX];
	unsigned long long began;
	struct peer peer;

	pid_path(home, name, path);
	if (!pid) {
		unlink(path);
		if (!strcmp(name, "binderd") ? find_foreign_daemon(home, &peer) :
					       find_foreign_manager(home, &peer) == STATUS_OK)
			return leave_foreign(home, name, &peer);
		printf("%s: does not run\n", name);
		return EXIT_OK;
	}
	began = start_time(pid);
	if (kill(pid, SIGTERM) != 0 && errno != ESRCH)
		return fail(home->arguments, EXIT_OTHER, NULL, "%s: cannot stop pid %d: %s", name,
			    (int)pid, strerror(errno));
	/* A stopped one hears of it only when it goes on. */
	if (peer_is_stopped(pid))
		kill(pid, SIGCONT);
	if (!await_end(pid, began)) {
		kill(pid, SIGKILL);
		if (!await_end(pid, began))
			return fail(home->arguments, EXIT_OTHER, NULL, "%s: pid %d does not end",
				    name, (int)pid);
	}
	unlink(path);
	printf("%s: stopped, pid %d\n", name, (int)pid);
	return EXIT_OK;
}

static int run_down(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct home home = { .arguments = arguments, .lock = -1 };
	int result = choose_dir(&home), second;

	if (result == EXIT_OK)
		result = enter_dir(&home, false);
	if (result != EXIT_OK)
		return result;
	result = stop(&home, "servicemanager");
	second = stop(&home, "binderd");
	leave_dir(&home);
	return result == EXIT_OK ? second : result;
}

const struct verb verb_down = {
	.name = "down",
	.arguments = "",
	.summary = "stop the programs that up started",
	.details = "Nothing happens when nothing runs.",
	.example = "binderctl down",
	.is_program = true,
	.run = run_down,
};
