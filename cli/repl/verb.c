/* SPDX-License-Identifier: MIT */
/*
 * verb.c: runs a verb's line at the shell.
 *
 * The line is parsed by the verb table as a command line is.  The verb runs on a
 * thread of its own, so that this one, the Lua thread, serves the script's
 * services and callbacks meanwhile, and Ctrl-C reaches it.  Its answer becomes
 * the value _.  A verb that runs other programs is started as a process.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/repl/repl.h"
#include "cli/session.h"
#include "cli/value/sink.h"
#include "cli/value/words.h"
#include "cli/waiting.h"
#include "lua/module.h"

/* An interrupted verb ends at once, as a rule.  After this time it is left to itself. */
#define GRACE_MS 500

/* One line while it runs.  Two hold it: the shell, and the verb's thread. */
struct running {
	atomic_int holders;
	struct words words;
	char **argv; /* a copy of the words; options_parse() moves them */
	struct arguments arguments;
	struct session session;
	struct sink sink;
	int result;
	int done;                 /* an eventfd: the verb has ended */
	const char *shell_device; /* of the shell's own --device */
};

static atomic_bool interrupted; /* by Ctrl-C, since the line has begun */

void repl_verb_clear(void)
{
	atomic_store(&interrupted, false);
}

void repl_verb_interrupt(void)
{
	atomic_store(&interrupted, true);
}

static void put(struct running *running)
{
	if (atomic_fetch_sub(&running->holders, 1) != 1)
		return;
	sink_close(&running->sink);
	words_free(&running->words);
	options_free(&running->arguments);
	free(running->argv);
	if (running->done >= 0)
		close(running->done);
	free(running);
}

/* ---- on the verb's thread ---------------------------------------------------------------- */

/* binderctl WORDS as a process that shares the terminal, so that Ctrl-C reaches it. */
static int run_program(struct running *running)
{
	const char **argv = calloc((size_t)running->words.count + 4, sizeof(*argv));
	const char *device = running->shell_device;
	int count = 0, status = 0, error;
	posix_spawnattr_t attributes;
	sigset_t none;
	pid_t pid;

	if (!argv)
		return fail(&running->arguments, EXIT_OTHER, NULL, "out of memory");
	argv[count++] = "binderctl";
	if (device) {
		argv[count++] = "--device";
		argv[count++] = device;
	}
	memcpy(argv + count, running->words.word, (size_t)running->words.count * sizeof(*argv));
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	error = posix_spawn(&pid, "/proc/self/exe", NULL, &attributes, (char *const *)argv,
			    environ);
	posix_spawnattr_destroy(&attributes);
	free(argv);
	if (error)
		return fail(&running->arguments, EXIT_OTHER, NULL, "%s", strerror(error));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_OTHER;
	return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

static void *run(void *cookie)
{
	struct running *running = cookie;
	const struct arguments *arguments = &running->arguments;
	const uint64_t one = 1;

	session_adopt(&running->session);
	if (arguments->verb->is_program)
		running->result = run_program(running);
	else
		running->result =
			arguments->verb->run(&running->session, arguments, &running->sink);
	waiting_end();
	if (write(running->done, &one, sizeof(one)) < 0)
		abort();
	put(running);
	return NULL;
}

/* ---- on the Lua thread, meanwhile ----------------------------------------------------------- */

/* Ctrl-C; *deadline is set to the moment until which the verb has to end. */
static void look_for_interrupt(struct running *running, long long *deadline)
{
	if (!atomic_exchange(&interrupted, false))
		return;
	/* A program has got the signal, too, and ends when it likes. */
	if (running->arguments.verb->is_program)
		return;
	session_interrupt(&running->session);
	*deadline = session_now() + GRACE_MS;
}

/* False: it has been interrupted and goes on nevertheless. */
static bool attend(struct repl *repl, struct running *running)
{
	long long deadline = -1;

	for (;;) {
		struct pollfd fds[] = {
			{ .fd = running->done, .events = POLLIN },
			{ .fd = lb_queue_fd(repl->L), .events = POLLIN },
		};
		int wait_ms = repl_wait_ms(repl);
		long long left = deadline - session_now();

		if (deadline >= 0 && left < wait_ms)
			wait_ms = left < 0 ? 0 : (int)left;
		if (poll(fds, 2, wait_ms) < 0 && errno != EINTR)
			return false;
		if (fds[0].revents)
			return true;
		look_for_interrupt(running, &deadline);
		if (deadline >= 0 && session_now() >= deadline)
			return false;
		if (fds[1].revents || lb_queue_wait_ms(repl->L) == 0)
			repl_serve(repl);
	}
}

/* ---- the answer as a value -------------------------------------------------------------------- */

static int take_value(lua_State *L)
{
	struct running *running = lua_touserdata(L, 1);
	struct sink *sink = &running->sink;

	if (sink->parcel)
		lb_push_parcel(L, &sink->parcel);
	else if (sink->binder)
		lb_push_service(L, &sink->binder, running->arguments.argv[0]);
	else if (sink->value)
		repl_push_json(L, sink->value);
	else
		return 0;
	lua_setglobal(L, "_");
	return 0;
}

static void keep_value(struct repl *repl, struct running *running)
{
	lua_pushcfunction(repl->L, take_value);
	lua_pushlightuserdata(repl->L, running);
	repl_pcall(repl, 1, 0);
}

/* ---- the line ----------------------------------------------------------------------------------- */

static bool start(struct running *running, pthread_t *thread)
{
	sigset_t all, before;
	int error;

	/* Signals are for the Lua thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	atomic_store(&running->holders, 2);
	error = pthread_create(thread, NULL, run, running);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		atomic_store(&running->holders, 1);
	return !error;
}

static enum repl_result ended(struct repl *repl, struct running *running, int result)
{
	/* A Ctrl-C meanwhile was meant for the verb. */
	atomic_store(&repl_interrupted, false);
	lb_interrupt_clear(repl->L);
	repl->status = result;
	if (session_interrupted(&running->session)) {
		repl_complain(repl, "interrupted");
		clearerr(stdout); /* a write that was cut short is no failure of the shell's */
	} else if (repl->terminal && result == EXIT_SIGNAL + SIGINT)
		putchar('\n'); /* the terminal has written ^C */
	if (result == EXIT_OK)
		keep_value(repl, running);
	return result == EXIT_OK ? REPL_DONE : REPL_FAILED;
}

static enum repl_result run_verb(struct repl *repl, struct running *running)
{
	int result = EXIT_SIGNAL + SIGINT;
	pthread_t thread;

	sink_open(&running->sink, &running->arguments, stdout);
	running->sink.keeps = true;
	fflush(NULL);
	if (!start(running, &thread)) {
		repl_complain(repl, "no thread for the verb");
		return REPL_FAILED;
	}
	if (attend(repl, running)) {
		pthread_join(thread, NULL);
		result = running->result;
	} else {
		pthread_detach(thread);
	}
	return ended(repl, running, result);
}

static enum repl_result parse_and_run(struct repl *repl, struct running *running)
{
	struct arguments *arguments = &running->arguments;
	struct session *session = &running->session;
	const struct verb *verb = arguments->verb;
	bool help = false;

	repl->status = options_parse(arguments, running->words.count - 1, running->argv + 1, &help);
	if (repl->status == EXIT_OK && help) {
		help_print_verb(stdout, verb);
		return REPL_DONE;
	}
	/* --version has changed it. */
	if (repl->status == EXIT_OK && arguments->verb == verb)
		repl->status = options_check_words(arguments);
	if (repl->status == EXIT_OK)
		repl->status = session_begin(session, arguments);
	if (repl->status != EXIT_OK)
		return REPL_FAILED;
	arguments->interrupted = &session->interrupted;
	session->interruptible = true;
	session->shares = arguments->device == repl->arguments->device && !arguments->android &&
			  !arguments->domain && !repl->driver_lost;
	session->is_open = repl->driver_seen;
	return run_verb(repl, running);
}

static enum repl_result run_words(struct repl *repl, struct running *running)
{
	if (running->words.open) {
		repl_complain(repl, "the line ends inside of a quote");
		return REPL_FAILED;
	}
	memcpy(running->argv, running->words.word, running->words.count * sizeof(*running->argv));
	running->shell_device = repl->arguments->device;
	running->arguments = *repl->arguments;
	running->arguments.given = NULL;
	running->arguments.given_count = 0;
	running->arguments.android = running->arguments.domain = NULL;
	running->arguments.verb = verb_find(running->words.word[0]);
	return parse_and_run(repl, running);
}

enum repl_result repl_verb(struct repl *repl, const char *text)
{
	struct running *running = calloc(1, sizeof(*running));
	enum repl_result result = REPL_FAILED;

	repl->status = EXIT_USAGE;
	if (!running)
		return REPL_FAILED;
	atomic_store(&running->holders, 1);
	running->done = eventfd(0, EFD_CLOEXEC);
	if (running->done >= 0 && words_split(text, &running->words) == 0)
		running->argv = calloc(running->words.count + 1, sizeof(*running->argv));
	if (running->argv)
		result = run_words(repl, running);
	repl_record_add(repl, text, result == REPL_FAILED);
	put(running);
	return result;
}
