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
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <jansson.h>

#include "cli/errors.h"
#include "cli/failure.h"
#include "cli/value/text.h"
#include "cli/waiting.h"
#include "cli/session.h"

struct dump {
	struct invocation *invocation;
	AIBinder *binder;
	int in, out; /* the pipe's ends */
	int done;    /* an eventfd: the call has ended */
	binder_status_t status;
	char *why; /* libbinder's words for it, of the other thread */
	FILE *copy;
	char *text; /* what copy wrote, where it is kept for JSON */
	size_t text_size;
	unsigned long long received;
	bool late;
	int write_error;
};

static void *call(void *cookie)
{
	struct dump *dump = cookie;
	char **argv = dump->invocation->argv;
	uint64_t one = 1;

	dump->status = AIBinder_dump(dump->binder, dump->out, (const char **)argv + 1,
				     dump->invocation->argc - 1);
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
	/* People watch it grow. */
	if (fwrite(buffer, 1, length, dump->copy) < (size_t)length || fflush(dump->copy) != 0) {
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
		int count = poll(fds, 2, session_left(dump->invocation));

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
	return failure_report(dump->invocation, AIBinder_getConnection(dump->binder), &failure);
}

int dump_check(const struct invocation *invocation)
{
	for (int i = 1; i < invocation->argc; i++)
		if (!text_is_utf8(invocation->argv[i], strlen(invocation->argv[i])))
			return fail(invocation, EXIT_USAGE, invocation->verb->example,
				    "argument %d '%s': expected text in UTF-8", i,
				    invocation->argv[i]);
	return EXIT_OK;
}

static int show_json(struct dump *dump, int result)
{
	char *text = text_mended(dump->text, dump->text_size);
	json_t *object = text ? json_pack("{s:s, s:b, s:I, s:s}", "name", dump->invocation->argv[0],
					  "complete", result == EXIT_OK, "size",
					  (json_int_t)dump->received, "text", text) :
				NULL;
	int failed = !object || json_dumpf(object, stdout, JSON_INDENT(2));

	json_decref(object);
	free(text);
	if (failed)
		return fail(dump->invocation, EXIT_OTHER, NULL, "cannot make JSON of the dump");
	putchar('\n');
	return result;
}

static int run(struct dump *dump)
{
	pthread_t thread;
	int ends[2];

	dump->done = eventfd(0, EFD_CLOEXEC);
	if (dump->done < 0 || pipe2(ends, O_CLOEXEC) != 0)
		return fail(dump->invocation, EXIT_OTHER, NULL, "no pipe for the dump: %s",
			    strerror(errno));
	dump->in = ends[0];
	dump->out = ends[1];
	fcntl(dump->in, F_SETFL, O_NONBLOCK);
	dump->copy = dump->invocation->json ? open_memstream(&dump->text, &dump->text_size) :
					      stdout;
	if (!dump->copy || pthread_create(&thread, NULL, call, dump) != 0)
		return fail(dump->invocation, EXIT_OTHER, NULL, "out of memory");
	receive(dump);
	close(dump->in);
	/* The service may take its time; with this process the call is given up. */
	if (dump->write_error) {
		pthread_detach(thread);
		_exit(fail(dump->invocation, EXIT_OTHER, NULL, "standard output: %s",
			   strerror(dump->write_error)));
	}
	pthread_join(thread, NULL);
	return report(dump);
}

int verb_dump(struct invocation *invocation)
{
	struct dump dump = { .invocation = invocation, .in = -1, .out = -1, .done = -1 };
	ABinderConnection *connection = NULL;
	int result = session_enter(invocation, &connection, &dump.binder);

	if (result == EXIT_OK) {
		result = run(&dump);
		if (invocation->json && dump.copy && fclose(dump.copy) == 0)
			result = show_json(&dump, result);
	}
	if (dump.done >= 0)
		close(dump.done);
	free(dump.text);
	free(dump.why);
	AIBinder_decStrong(dump.binder);
	ABinderConnection_close(connection);
	return result;
}
