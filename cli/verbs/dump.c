/* SPDX-License-Identifier: MIT */
/*
 * dump.c: `binderctl dump`, a service's state in its own words.
 *
 * The service gets a pipe and not our standard output: one that stops in the
 * middle would keep that open for whoever reads from us.  One thread makes the
 * call, this one passes on what comes, until the call has ended and the pipe is
 * empty, or until the time is over.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/value/sink.h"
#include "cli/value/text.h"
#include "cli/waiting.h"
#include "cli/session.h"

struct dump {
	struct session *session;
	const struct arguments *arguments;
	struct sink *sink;
	AIBinder *binder;
	int in, out; /* the pipe's ends */
	int done;    /* an eventfd: the call has ended */
	binder_status_t status;
	char *why;  /* libbinder's words for it, of the other thread */
	FILE *copy; /* NULL: the text is not kept */
	char *text;
	size_t text_size;
	unsigned long long received;
	atomic_bool over; /* the call is to be given up */
	bool late;
	int write_error;
};

/* In a shell the connection has no deadline that would end the call. */
static bool goes_on(void *cookie)
{
	const struct dump *dump = cookie;

	return !atomic_load(&dump->over) && !session_interrupted(dump->session);
}

static void *call(void *cookie)
{
	struct dump *dump = cookie;
	char **argv = dump->arguments->argv;
	uint64_t one = 1;

	ABinder_setInterruptible(goes_on, dump);
	dump->status = AIBinder_dump(dump->binder, dump->out, (const char **)argv + 1,
				     dump->arguments->argc - 1);
	dump->why = dump->status ? strdup(ABinder_lastError()) : NULL;
	close(dump->out);
	if (write(dump->done, &one, sizeof(one)) < 0)
		abort();
	return NULL;
}

/* False: nothing more is there now, or ever. */
static bool pass_on(struct dump *dump)
{
	char buffer[65536];
	ssize_t length;

	do
		length = read(dump->in, buffer, sizeof(buffer));
	while (length < 0 && errno == EINTR);
	if (length <= 0)
		return false;
	dump->received += length;
	waiting_again();
	if (dump->copy)
		fwrite(buffer, 1, length, dump->copy);
	if (dump->sink->json)
		return true;
	/* People watch it grow. */
	if (fwrite(buffer, 1, length, dump->sink->out) < (size_t)length ||
	    fflush(dump->sink->out) != 0) {
		dump->write_error = errno ? errno : EIO;
		return false;
	}
	return true;
}

/* What lies in the pipe now; more may come as long as others have its end. */
static void drain(struct dump *dump)
{
	unsigned long long end;
	int left = 0;

	ioctl(dump->in, FIONREAD, &left);
	end = dump->received + left;
	while (!dump->write_error && dump->received < end && pass_on(dump))
		;
}

static void receive(struct dump *dump)
{
	struct pollfd fds[2] = { { .fd = dump->in, .events = POLLIN },
				 { .fd = dump->done, .events = POLLIN } };

	while (!dump->write_error) {
		int count = poll(fds, 2, session_left(dump->session));

		if (count < 0 && errno != EINTR)
			return;
		if (count == 0) {
			dump->late = true;
			return;
		}
		if (count > 0 && fds[0].revents && !pass_on(dump) && (fds[0].revents & POLLHUP))
			fds[0].fd = -1;
		/* All that a finished service has written is in the pipe by now. */
		if (count > 0 && fds[1].revents) {
			drain(dump);
			return;
		}
	}
}

/* When the call has ended. */
static int report(struct dump *dump)
{
	struct failure failure = { .status = dump->late ? STATUS_TIMED_OUT : dump->status,
				   .why = dump->why,
				   .received = (long long)dump->received };

	if (failure.status == STATUS_OK)
		return EXIT_OK;
	return failure_report(dump->session, AIBinder_getConnection(dump->binder), &failure);
}

struct outcome {
	const struct dump *dump;
	bool complete;
};

static json_t *to_json(const void *what)
{
	const struct outcome *outcome = what;
	const struct dump *dump = outcome->dump;
	char *text = text_mended(dump->text, dump->text_size);
	json_t *object = text ? json_pack("{s:s, s:b, s:I, s:s}", "name", dump->arguments->argv[0],
					  "complete", outcome->complete, "size",
					  (json_int_t)dump->received, "text", text) :
				NULL;

	free(text);
	return object;
}

/* The shell keeps the text alone. */
static int show(struct dump *dump, int result)
{
	struct outcome outcome = { dump, result == EXIT_OK };
	int shown;

	if (dump->sink->keeps)
		sink_keep(dump->sink, text_to_json(dump->text, dump->text_size));
	shown = sink_put(dump->sink, &outcome, to_json, NULL);
	return shown == EXIT_OK ? result : shown;
}

/* The call ends at once, or has ended. */
static void end_call(struct dump *dump, pthread_t thread)
{
	atomic_store(&dump->over, true);
	ABinderConnection_wakeWaiting(AIBinder_getConnection(dump->binder));
	pthread_join(thread, NULL);
}

static int run(struct dump *dump)
{
	pthread_t thread;
	int ends[2];

	dump->done = eventfd(0, EFD_CLOEXEC);
	if (dump->done < 0 || pipe2(ends, O_CLOEXEC) != 0)
		return fail(dump->arguments, EXIT_OTHER, NULL, "no pipe for the dump: %s",
			    strerror(errno));
	dump->in = ends[0];
	dump->out = ends[1];
	fcntl(dump->in, F_SETFL, O_NONBLOCK);
	if (dump->sink->json || dump->sink->keeps)
		dump->copy = open_memstream(&dump->text, &dump->text_size);
	if ((dump->sink->json && !dump->copy) || pthread_create(&thread, NULL, call, dump) != 0) {
		close(dump->out);
		return fail(dump->arguments, EXIT_OTHER, NULL, "out of memory");
	}
	receive(dump);
	end_call(dump, thread);
	if (dump->write_error)
		return fail(dump->arguments, EXIT_OTHER, NULL, "standard output: %s",
			    strerror(dump->write_error));
	return report(dump);
}

static int run_dump(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct dump dump = {
		.session = session,
		.arguments = arguments,
		.sink = sink,
		.in = -1,
		.done = -1,
	};
	ABinderConnection *connection = NULL;
	int result = session_enter(session, &connection, &dump.binder);

	if (result == EXIT_OK) {
		result = run(&dump);
		if (dump.copy && fclose(dump.copy) == 0)
			result = show(&dump, result);
	}
	if (dump.in >= 0)
		close(dump.in);
	if (dump.done >= 0)
		close(dump.done);
	free(dump.text);
	free(dump.why);
	AIBinder_decStrong(dump.binder);
	session_close(session, connection);
	return result;
}

const struct verb verb_dump = {
	.name = "dump",
	.failure = FAILURE_OF_DUMP,
	.arguments = "SERVICE [ARGUMENT]...",
	.summary = "ask a service to dump its state",
	.details =
		"The service writes what it likes.  Ends when the service is done, or when the time is\n"
		"over, and then says how much has come.  --timeout stands before SERVICE.",
	.example = "binderctl dump media.player",
	.options = options_no_limit,
	.min_words = 1,
	.max_words = -1,
	.words_end_options = true,
	.json = true,
	.check = options_check_texts,
	.run = run_dump,
	.complete = complete_service,
};
