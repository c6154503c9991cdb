/* SPDX-License-Identifier: MIT */
/*
 * session.c: uses Binder as any program would: finds the driver, opens and
 * maps it, and asks handle 0.
 *
 * Called by doctor.c; hands on to libbinder, whose words it passes on.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/android/binder.h>

#include "cli/doctor/doctor.h"
#include "cli/peer.h"
#include "cli/value/text.h"
#include "cli/up_dir.h"
#include "cli/session.h"

/* ---- opening ------------------------------------------------------------------- */

/* More than that has its middle left out. */
#define LONG_TEXT 300

static void hint_silent_daemon(const struct doctor *doctor, struct finding *finding)
{
	if (doctor->daemon && peer_is_stopped(doctor->daemon))
		doctor_hint(finding, "kill -CONT %d, as it is stopped", (int)doctor->daemon);
	else if (doctor->daemon)
		doctor_hint(finding, "kill %d, and start it again", (int)doctor->daemon);
	else
		doctor_hint(finding, "end its binderd and type binderctl up");
}

/* Libbinder's facts in doctor's words, without the advice that stands in the sentence. */
static void put_facts(struct finding *finding, const char *path, int driver)
{
	switch (driver) {
	case -ENOENT:
	case -ENOTDIR:
		snprintf(finding->text, sizeof(finding->text),
			 "there is no Binder driver (tried %s)", path);
		break;
	case -ENXIO:
	case -ENODEV:
		snprintf(finding->text, sizeof(finding->text),
			 "%s: %s: a node that no driver stands behind", path, strerror(-driver));
		break;
	case -ESRCH:
		snprintf(finding->text, sizeof(finding->text),
			 "%s: %s: the driver in Rust refuses everybody", path, strerror(-driver));
		break;
	case -EACCES:
	case -EPERM:
		*finding->text = 0; /* doctor_say_denied() has all of it */
		break;
	}
}

static void say_not_opened(struct doctor *doctor, binder_status_t status)
{
	const struct ABinderError *error = ABinder_getError();
	const int driver = error->phase == ABINDER_PHASE_OPEN ? error->driver : 0;
	char *path = strdup(error->path ? error->path : "");
	const char *named = doctor_named(doctor);
	struct finding *finding =
		doctor_add(doctor, "open", FINDING_PROBLEM, "%s", ABinder_lastError());
	char shown[DOCTOR_SHORT], *cut;

	finding->exit_status = status == STATUS_TIMED_OUT ? EXIT_TIMEOUT : EXIT_NO_DRIVER;
	if (path)
		put_facts(finding, path, driver);
	if (status == STATUS_TIMED_OUT)
		hint_silent_daemon(doctor, finding);
	else if (path && (driver == -EACCES || driver == -EPERM))
		doctor_say_denied(doctor, finding, path);
	else if (path && (driver == -ENXIO || driver == -ENODEV))
		doctor_hint_dead(doctor, finding, path, strlen(path));
	else if (driver == -ESRCH)
		doctor_hint(finding,
			    "another build of the kernel: kernels made with bindgen 0.73.1 "
			    "fail so");
	else if (named)
		doctor_hint(finding, "correct --device or BINDER_DEVICE, which name %s",
			    doctor_short(named, shown));
	else if (*doctor->other)
		doctor_hint(finding, "BINDER_DEVICE=%s, or %s", doctor->other, up_dir_command());
	else if (doctor->machine.at_hand)
		doctor_hint(finding, "%s, or %s", up_dir_command(), doctor->machine.command);
	else
		doctor_hint(finding, "%s, or binderctl sandbox -- COMMAND", up_dir_command());
	if (!named && (driver == -ENOENT || driver == -ENOTDIR))
		snprintf(doctor->command, sizeof(doctor->command), "%s", up_dir_command());
	cut = strlen(finding->text) > LONG_TEXT ? text_shown(finding->text, LONG_TEXT) : NULL;
	if (cut)
		snprintf(finding->text, sizeof(finding->text), "%s", cut);
	free(cut);
	free(path);
}

/* It got our ping, and owes the answer. */
static void say_silent(struct doctor *doctor, ABinderConnection *connection)
{
	struct finding *finding;
	struct peer peer;
	char *words = strdup(ABinder_lastError());

	if (!words)
		return;
	if (doctor->daemon && peer_is_stopped(doctor->daemon)) {
		finding = doctor_add(doctor, "service manager", FINDING_PROBLEM,
				     "whether it answers cannot be seen: %s", words);
		hint_silent_daemon(doctor, finding);
	} else if (peer_that_owes(connection, &peer) <= 0) {
		finding = doctor_add(doctor, "service manager", FINDING_PROBLEM,
				     "it is there, but does not answer: %s", words);
		doctor_hint(finding, "end it and start it again");
	} else if (peer_is_stopped(peer.pid)) {
		finding = doctor_add(doctor, "service manager", FINDING_PROBLEM,
				     "it is there, but does not answer: %s, pid %d, is stopped",
				     peer.program, (int)peer.pid);
		doctor_hint(finding, "kill -CONT %d", (int)peer.pid);
	} else {
		finding = doctor_add(doctor, "service manager", FINDING_PROBLEM,
				     "it is there, but does not answer: %s, pid %d: %s",
				     peer.program, (int)peer.pid, words);
		doctor_hint(finding, "kill %d, and start it again", (int)peer.pid);
	}
	finding->exit_status = EXIT_TIMEOUT;
	free(words);
}

/* Does it answer? */
static bool check_manager(struct doctor *doctor, ABinderConnection *connection)
{
	const char *path = ABinderConnection_getDevice(connection);
	struct finding *finding;
	struct peer peer = { .pid = 0 };

	switch (peer_of_manager(connection, session_reach(doctor->session), &peer)) {
	case STATUS_OK:
		if (peer.pid > 0)
			doctor_add(doctor, "service manager", FINDING_OK,
				   "answers at handle 0: %s, pid %d", peer.program, (int)peer.pid);
		else
			doctor_add(doctor, "service manager", FINDING_OK, "answers at handle 0");
		return true;
	case STATUS_DEAD_OBJECT:
		finding = doctor_add(doctor, "service manager", FINDING_PROBLEM,
				     "nobody serves handle 0 of %s", path);
		finding->exit_status = EXIT_NO_SERVICE;
		session_manager_hint(doctor->arguments, connection, finding->hint,
				     sizeof(finding->hint));
		return false;
	case STATUS_TIMED_OUT:
		say_silent(doctor, connection);
		return false;
	default:
		doctor_add(doctor, "service manager", FINDING_PROBLEM,
			   "the ping of handle 0 failed: %s", ABinder_lastError());
		return false;
	}
}

/* Whose format calls have here, and what says so. */
static void say_dialect(struct doctor *doctor, ABinderConnection *connection)
{
	const char *said = getenv("BINDER_ANDROID");
	const char *android = ABinderConnection_getAndroid(connection, NULL);

	if (android)
		doctor_add(doctor, "dialect", FINDING_OK, "%s, as %s", android,
			   said && *said ? "was said" : "the service manager's answers show");
	else
		doctor_add(doctor, "dialect", FINDING_NOTE,
			   "the service manager does not show which Android it is of; calls are "
			   "made as in the newest (see --android)");
}

void doctor_check_world(struct doctor *doctor)
{
	ABinderConnection *connection = NULL;
	binder_status_t status;

	if (doctor->no_folder)
		return;
	status = ABinderConnection_openWithin(doctor->arguments->device,
					      session_reach(doctor->session), &connection);
	if (status != STATUS_OK) {
		say_not_opened(doctor, status);
		return;
	}
	session_watch(doctor->session, connection);
	/* The library opens nothing that fails at one of these. */
	doctor_add(doctor, "open", FINDING_OK,
		   "%s, which is %s: version %d of the protocol, receive buffer mapped",
		   ABinderConnection_getDevice(connection),
		   ABinderConnection_isUserspace(connection) ? "binderd's" : "the kernel's",
		   BINDER_CURRENT_PROTOCOL_VERSION);
	if (check_manager(doctor, connection))
		say_dialect(doctor, connection);
	session_watch(doctor->session, NULL);
	ABinderConnection_close(connection);
}
