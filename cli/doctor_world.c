/* SPDX-License-Identifier: MIT */
/*
 * doctor_world.c: uses Binder as any program would: finds the driver, opens and
 * maps it, and asks handle 0.
 *
 * Called by doctor.c; hands on to libbinder, whose words it passes on.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/android/binder.h>

#include "doctor.h"
#include "peer.h"
#include "world.h"

/* ---- binderd ------------------------------------------------------------------ */

/* Where binderd of this user puts its devices, or the system's. */
static bool default_folder(char *path, size_t size)
{
	const char *own = getenv("BINDER_DIR"), *runtime = getenv("XDG_RUNTIME_DIR");
	struct stat info;

	if (own && *own) {
		snprintf(path, size, "%s", own);
		return true;
	}
	if (geteuid() != 0) {
		if (runtime && *runtime)
			snprintf(path, size, "%s/binder", runtime);
		else
			snprintf(path, size, "/run/user/%u/binder", (unsigned int)geteuid());
		if (stat(path, &info) == 0)
			return true;
	}
	snprintf(path, size, "/run/binder");
	return stat(path, &info) == 0;
}

/* The device that was asked for when it is a path, else the usual one in that folder. */
static bool socket_path(const struct invocation *invocation, char *path, size_t size)
{
	const char *named = invocation->device ? invocation->device : getenv("BINDER_DEVICE");
	char folder[PATH_MAX];

	if (named && strchr(named, '/')) {
		snprintf(path, size, "%s", named);
		return true;
	}
	if (!default_folder(folder, sizeof(folder)))
		return false;
	return snprintf(path, size, "%s/%s", folder, named && *named ? named : "binder") <
	       (int)size;
}

void doctor_check_binderd(struct doctor *doctor)
{
	char path[2 * PATH_MAX];
	struct finding *finding;
	struct peer peer;
	struct stat info;
	int r;

	if (!socket_path(doctor->invocation, path, sizeof(path)) || stat(path, &info) != 0) {
		doctor_add(doctor, "binderd", FINDING_NOTE, "does not run for this user");
		return;
	}
	if (!S_ISSOCK(info.st_mode)) {
		doctor_add(doctor, "binderd", FINDING_NOTE, "%s is no socket of it", path);
		return;
	}
	r = peer_of_socket(path, &peer);
	if (r == 0) {
		doctor_add(doctor, "binderd", FINDING_OK, "%s, pid %d of uid %lld, serves %s",
			   *peer.program ? peer.program : "a process", (int)peer.pid,
			   (long long)peer.uid, path);
	} else if (r == -ECONNREFUSED) {
		finding = doctor_add(doctor, "binderd", FINDING_NOTE,
				     "%s is a dead socket: whoever made it has ended", path);
		doctor_hint(finding, "binderctl up, which replaces it");
	} else {
		doctor_add(doctor, "binderd", FINDING_NOTE, "%s: %s", path, strerror(-r));
	}
}

/* ---- opening ------------------------------------------------------------------- */

/* Libbinder's words for it; its advice follows them. */
#define DEAD_NODE "a node that no driver stands behind"

static void say_not_opened(struct doctor *doctor, binder_status_t status)
{
	const char *named = doctor_named(doctor), *advice;
	struct finding *finding =
		doctor_add(doctor, "open", FINDING_PROBLEM, "%s", ABinder_lastError());

	finding->exit_status = status == STATUS_TIMED_OUT ? EXIT_TIMEOUT : EXIT_NO_DRIVER;
	/* Advice follows what was tried, and ours knows more. */
	if (strstr(finding->text, "(tried ") && strstr(finding->text, "): "))
		strstr(finding->text, "): ")[1] = 0;
	advice = strstr(finding->text, DEAD_NODE);
	if (advice)
		finding->text[advice - finding->text + strlen(DEAD_NODE)] = 0;
	if (status == STATUS_TIMED_OUT)
		doctor_hint(finding, "kill -CONT its binderd, or end it and type binderctl up");
	else if (advice)
		doctor_hint_dead(doctor, finding, finding->text, strcspn(finding->text, ":"));
	else if (named)
		doctor_hint(finding, "correct --device or BINDER_DEVICE, which name %s", named);
	else if (status == STATUS_PERMISSION_DENIED)
		doctor_hint(finding, "ask its owner, or BINDER_DIR=$HOME/.binder binderctl up");
	else if (*doctor->other)
		doctor_hint(finding, "BINDER_DEVICE=%s, or binderctl up", doctor->other);
	else if (*doctor->modprobe)
		doctor_hint(finding, "binderctl up, or %s", doctor->modprobe);
	else
		doctor_hint(finding, "binderctl up, or binderctl sandbox -- COMMAND");
}

/* Does it answer? */
static bool check_manager(struct doctor *doctor, ABinderConnection *connection)
{
	const char *path = ABinderConnection_getDevice(connection);
	struct finding *finding;
	struct peer peer = { .pid = 0 };
	int left = world_left(doctor->invocation);

	switch (peer_of_manager(connection, left, &peer)) {
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
		world_manager_hint(doctor->invocation, connection, finding->hint,
				   sizeof(finding->hint));
		return false;
	case STATUS_TIMED_OUT:
		finding = doctor_add(doctor, "service manager", FINDING_PROBLEM,
				     "it is there, but does not answer: %s", ABinder_lastError());
		finding->exit_status = EXIT_TIMEOUT;
		doctor_hint(finding, "kill -CONT the servicemanager, or start it again");
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
	binder_status_t status = ABinderConnection_openWithin(
		doctor->invocation->device, world_left(doctor->invocation), &connection);

	if (status != STATUS_OK) {
		say_not_opened(doctor, status);
		return;
	}
	/* The library opens nothing that fails at one of these. */
	doctor_add(doctor, "open", FINDING_OK,
		   "%s, which is %s: version %d of the protocol, receive buffer mapped",
		   ABinderConnection_getDevice(connection),
		   ABinderConnection_isUserspace(connection) ? "binderd's" : "the kernel's",
		   BINDER_CURRENT_PROTOCOL_VERSION);
	if (check_manager(doctor, connection))
		say_dialect(doctor, connection);
	ABinderConnection_close(connection);
}
