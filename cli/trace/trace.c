/* SPDX-License-Identifier: MIT */
/*
 * trace.c: the verb that shows what one program says to the driver, and what the driver answers.
 *
 * It preloads libbinder-trace.so into the program, which sends a message for each command to a
 * socket of ours; show.c makes lines of them.  It needs no rights and no watcher, so it works on every
 * driver.
 */
#include "cli/trace/trace.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/interface.h"
#include "cli/verbs/preload_check.h"
#include "cli/verbs/spawn.h"

#define LIBRARY "libbinder-trace.so"
#define USUAL_SIZE 4096
/* Processes of the program at one time. */
#define CONNECTIONS 512
#define FIRST 2 /* of polled: the signals and the socket */

struct trace {
	const struct arguments *arguments;
	struct call_words words;
	struct trace_view *view;
	FILE *out;
	long long size;
	char preload[2 * PATH_MAX];
	char dir[PATH_MAX - 16];
	struct sockaddr_un address;
	sigset_t original;
	pid_t program;
	int status;  /* as waitpid() gives it */
	bool ended;  /* the program */
	bool loaded; /* a message has come */
	int result;
	struct pollfd polled[FIRST + CONNECTIONS];
	nfds_t count;
	uint8_t buffer[sizeof(struct trace_record) + TRACE_MOST_COMMAND + TRACE_MOST_DATA +
		       TRACE_MOST_OFFSETS];
};

/* ---- what is needed ------------------------------------------------------------------------ */

static int find_library(struct trace *trace)
{
	const struct arguments *arguments = trace->arguments;
	const char *others = getenv("LD_PRELOAD"), *why = preload_check(arguments->argv[0]);
	char path[PATH_MAX];

	if (why)
		fprintf(stderr,
			"binderctl: trace: %s is %s: nothing will be seen of it, as the dynamic "
			"loader does not preload libraries into it\n"
			"try: binderctl monitor, which sees all programs on binderd\n",
			arguments->argv[0], why);
	if (spawn_find_library(LIBRARY, path) < 0)
		return fail(arguments, EXIT_OTHER, "make install",
			    LIBRARY " is not in ../lib from binderctl");
	if (strpbrk(path, " :"))
		return fail(arguments, EXIT_OTHER, NULL,
			    "the dynamic loader cannot take a path with a blank or colon in it: %s",
			    path);
	/* First, so that it stands before libbinder-preload.so. */
	snprintf(trace->preload, sizeof(trace->preload), "%s%s%.*s", path,
		 others && *others ? ":" : "", PATH_MAX - 2, others ? others : "");
	return EXIT_OK;
}

static int open_output(struct trace *trace)
{
	const char *name = option_value(trace->arguments, "output");

	trace->out = name ? fopen(name, "we") : stderr;
	if (!trace->out)
		return fail(trace->arguments, EXIT_OTHER, NULL, "%s: %s", name, strerror(errno));
	setvbuf(trace->out, NULL, _IOLBF, 0);
	return EXIT_OK;
}

/* A folder that only this user can enter. */
static int listen_here(struct trace *trace)
{
	const char *base = getenv("XDG_RUNTIME_DIR");
	int fd, length;

	if (!base || access(base, W_OK | X_OK) != 0)
		base = getenv("TMPDIR");
	if (!base || !*base)
		base = "/tmp";
	length = snprintf(trace->dir, sizeof(trace->dir), "%s/binder-trace.XXXXXX", base);
	trace->address.sun_family = AF_UNIX;
	if (length + sizeof("/socket") > sizeof(trace->address.sun_path) || !mkdtemp(trace->dir)) {
		*trace->dir = 0;
		return fail(trace->arguments, EXIT_OTHER, "set TMPDIR to another folder",
			    "no folder for a socket can be made in %s", base);
	}
	snprintf(trace->address.sun_path, sizeof(trace->address.sun_path), "%.90s/socket",
		 trace->dir);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&trace->address, sizeof(trace->address)) < 0 ||
	    listen(fd, SOMAXCONN) < 0) {
		if (fd >= 0)
			close(fd);
		return fail(trace->arguments, EXIT_OTHER, NULL, "no socket: %s", strerror(errno));
	}
	trace->polled[1] = (struct pollfd){ .fd = fd, .events = POLLIN };
	return EXIT_OK;
}

/* Ctrl-C goes to the program by itself, as it is in the same process group. */
static int take_signals(struct trace *trace)
{
	sigset_t signals;
	int fd;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGQUIT);
	sigprocmask(SIG_BLOCK, &signals, &trace->original);
	fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return fail(trace->arguments, EXIT_OTHER, NULL, "signalfd: %s", strerror(errno));
	trace->polled[0] = (struct pollfd){ .fd = fd, .events = POLLIN };
	trace->count = FIRST;
	return EXIT_OK;
}

static int64_t realtime_offset(void)
{
	struct timespec real, monotonic;

	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	return ((int64_t)real.tv_sec - monotonic.tv_sec) * 1000000000 + real.tv_nsec -
	       monotonic.tv_nsec;
}

static int prepare(struct trace *trace)
{
	const struct arguments *arguments = trace->arguments;
	int result = option_number(arguments, "size", TRACE_MOST_DATA, &trace->size);

	if (result == EXIT_OK)
		result = find_library(trace);
	if (result == EXIT_OK)
		result = interface_library(arguments, NULL, &trace->words.library);
	if (result == EXIT_OK)
		result = open_output(trace);
	if (result != EXIT_OK)
		return result;
	trace->words.names = names_new_offline();
	trace->words.android = arguments->android ? arguments->android : getenv("BINDER_ANDROID");
	trace->words.realtime_ns = realtime_offset();
	trace->view = trace_view_new(&trace->words, arguments->json, trace->out);
	if (!trace->words.names || !trace->view)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	result = listen_here(trace);
	return result == EXIT_OK ? take_signals(trace) : result;
}

/* ---- the program ------------------------------------------------------------------------- */

static int start(struct trace *trace)
{
	char **argv = trace->arguments->argv;
	char size[16];
	int error;

	fflush(NULL);
	snprintf(size, sizeof(size), "%lld", trace->size);
	trace->program = fork();
	if (trace->program < 0)
		return fail(trace->arguments, EXIT_OTHER, NULL, "%s: cannot start it: %s", argv[0],
			    strerror(errno));
	if (trace->program > 0)
		return EXIT_OK;
	if (setenv("LD_PRELOAD", trace->preload, 1) != 0 ||
	    setenv(TRACE_SOCKET, trace->address.sun_path, 1) != 0 ||
	    setenv(TRACE_SIZE, size, 1) != 0)
		_exit(EXIT_OTHER);
	sigprocmask(SIG_SETMASK, &trace->original, NULL);
	execvp(argv[0], argv);
	error = errno;
	fail(trace->arguments, EXIT_OTHER, NULL, "%s: cannot run it: %s", argv[0], strerror(error));
	_exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

static void take_signal(struct trace *trace)
{
	struct signalfd_siginfo info;

	while (read(trace->polled[0].fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP)
			kill(trace->program, (int)info.ssi_signo);
		else if (info.ssi_signo == SIGCHLD &&
			 waitpid(trace->program, &trace->status, WNOHANG) == trace->program)
			trace->ended = true;
	}
}

/* ---- messages ---------------------------------------------------------------------------- */

static void take_connections(struct trace *trace)
{
	int fd;

	while (trace->count < FIRST + CONNECTIONS &&
	       (fd = accept4(trace->polled[1].fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
		trace->polled[trace->count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	/* More processes than that wait for a place. */
	trace->polled[1].events = trace->count < FIRST + CONNECTIONS ? POLLIN : 0;
}

/* Whoever sent it, it is no longer than the buffer; its parts must be as long as it says. */
static bool is_good(const struct trace *trace, size_t size, struct trace_message *message)
{
	const struct trace_record *record = &message->record;

	if (size < sizeof(*record))
		return false;
	memcpy(&message->record, trace->buffer, sizeof(*record));
	if (record->magic != TRACE_MAGIC || record->command_size > TRACE_MOST_COMMAND ||
	    record->data_captured > TRACE_MOST_DATA || record->data_captured > record->data_size ||
	    record->offsets_captured > TRACE_MOST_OFFSETS || record->result < -4095 ||
	    size != sizeof(*record) + record->command_size + record->data_captured +
			    record->offsets_captured)
		return false;
	message->command = trace->buffer + sizeof(*record);
	message->data = message->command + record->command_size;
	message->offsets = message->data + record->data_captured;
	return true;
}

/* Takes what is there; false: the connection has ended, or has sent something else. */
static bool take_messages(struct trace *trace, int fd)
{
	struct trace_message message;
	ssize_t size;

	/* Others have their turn, too. */
	for (int i = 0; i < 64; i++) {
		size = recv(fd, trace->buffer, sizeof(trace->buffer), MSG_DONTWAIT | MSG_TRUNC);
		if (size < 0)
			return errno == EAGAIN || errno == EINTR;
		if (size == 0 || (size_t)size > sizeof(trace->buffer) ||
		    !is_good(trace, (size_t)size, &message))
			return false;
		trace->loaded = true;
		if (message.record.kind != TRACE_HELLO && !trace_view_show(trace->view, &message)) {
			trace->result = fail(trace->arguments, EXIT_OTHER, NULL, "out of memory");
			return false;
		}
	}
	return true;
}

/* The events of poll() to the connections; true: one had something. */
static bool take_all(struct trace *trace)
{
	bool some = false;

	for (nfds_t i = FIRST; i < trace->count;) {
		struct pollfd *polled = &trace->polled[i];

		if (!polled->revents) {
			i++;
			continue;
		}
		some = true;
		if (take_messages(trace, polled->fd)) {
			i++;
			continue;
		}
		close(polled->fd);
		*polled = trace->polled[--trace->count];
	}
	return some;
}

/* Until the program has ended and all that it sent is shown; what it left behind is not waited
 * for. */
static int follow(struct trace *trace)
{
	bool some = true;

	while (trace->result == EXIT_OK && (!trace->ended || some)) {
		if (poll(trace->polled, trace->count, trace->ended ? 0 : -1) < 0 && errno != EINTR)
			return fail(trace->arguments, EXIT_OTHER, NULL, "poll: %s",
				    strerror(errno));
		some = take_all(trace);
		if (trace->polled[0].revents)
			take_signal(trace);
		if (trace->polled[1].revents) {
			take_connections(trace);
			some = true;
		}
		/* It may have sent something between poll() and its end. */
		some = some || trace->polled[0].revents;
	}
	return trace->result;
}

/* ---- the verb ---------------------------------------------------------------------------- */

static void end(struct trace *trace)
{
	for (nfds_t i = 0; i < trace->count; i++)
		close(trace->polled[i].fd);
	if (*trace->address.sun_path)
		unlink(trace->address.sun_path);
	if (*trace->dir)
		rmdir(trace->dir);
	trace_view_free(trace->view);
	names_free(trace->words.names);
	aidl_library_free(trace->words.library);
	if (trace->out && trace->out != stderr && fclose(trace->out) != 0)
		trace->result = fail(trace->arguments, EXIT_OTHER, NULL, "%s: %s",
				     option_value(trace->arguments, "output"), strerror(errno));
	free(trace);
}

static int run_trace(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	int result;

	if (!trace)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	trace->arguments = arguments;
	trace->size = USUAL_SIZE;
	result = prepare(trace);
	if (result == EXIT_OK)
		result = start(trace);
	if (result == EXIT_OK)
		result = follow(trace);
	if (result == EXIT_OK) {
		result = WIFSIGNALED(trace->status) ? EXIT_SIGNAL + WTERMSIG(trace->status) :
						      WEXITSTATUS(trace->status);
		if (!trace->loaded && result != EXIT_NOT_FOUND && result != EXIT_NOT_EXECUTABLE)
			fprintf(stderr, "binderctl: trace: " LIBRARY " was not loaded into %s\n",
				arguments->argv[0]);
	}
	end(trace);
	return result;
}

static const struct option_spec trace_options[] = {
	{ "output", 'o', "FILE", "write there, not to standard error" },
	{ "size", 0, "BYTES", "how much of each payload is read (default: 4096)" },
	OPTION_AIDL,
	{ 0 },
};

const struct verb verb_trace = {
	.name = "trace",
	.arguments = "[--] PROGRAM [ARGUMENT]...",
	.summary = "run a program and show what it says to the driver",
	.details =
		"A line for each command of the program and of its children: BC_ as it is sent, BR_ as\n"
		"it comes back, and other ioctls; calls with names and values where the AIDL is known.\n"
		"It needs no root and works with every driver, as it only looks at the program's ioctls.\n"
		"The exit status is the program's.  Of statically linked programs, and of those that run\n"
		"as another user, nothing is seen.",
	.example = "binderctl trace -- binderctl ping manager",
	.options = trace_options,
	.min_words = 1,
	.max_words = -1,
	.words_end_options = true,
	.words_are_files = true,
	.json = true,
	.is_program = true,
	.run = run_trace,
};
