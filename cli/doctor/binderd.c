/* SPDX-License-Identifier: MIT */
/*
 * binderd.c: the folder in which binderd has its devices, who serves
 * there, and whether this user may go there at all.
 *
 * Called by doctor.c; the words about permissions also by world.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "cli/value/text.h"
#include "cli/up_dir.h"

/* Paths longer than any socket's have their middle left out. */
#define LONG_PATH 120

const char *doctor_short(const char *path, char shown[static DOCTOR_SHORT])
{
	char *cut = strlen(path) > LONG_PATH ? text_shown(path, LONG_PATH) : NULL;

	snprintf(shown, DOCTOR_SHORT, "%s", cut ? cut : path);
	free(cut);
	return shown;
}

/* ---- permissions ----------------------------------------------------------------- */

struct denial {
	char path[PATH_MAX];
	struct stat info;
	const char *need, *letters;
};

static bool lacks(int mode, const char *path)
{
	return faccessat(AT_FDCWD, path, mode, AT_EACCESS) != 0 && errno == EACCES;
}

/* The first folder on the way that may not be entered, or what is at its end. */
static bool find_denial(const char *path, struct denial *ret)
{
	size_t length = strlen(path);

	if (length >= sizeof(ret->path))
		return false;
	for (size_t at = 1; at <= length; at++) {
		if (path[at] != '/' && path[at])
			continue;
		memcpy(ret->path, path, at);
		ret->path[at] = 0;
		if (stat(ret->path, &ret->info) != 0)
			return false;
		if (S_ISDIR(ret->info.st_mode) && lacks(X_OK, ret->path)) {
			ret->need = "to enter it";
			ret->letters = "x";
			return true;
		}
	}
	ret->need = "to read and write it";
	ret->letters = "rw";
	return lacks(R_OK | W_OK, ret->path);
}

void doctor_say_denied(const struct doctor *doctor, struct finding *finding, const char *path)
{
	size_t used = strlen(finding->text);
	char shown[DOCTOR_SHORT], owner[64];
	struct denial denial;
	struct passwd *user;

	if (!find_denial(path, &denial)) {
		snprintf(finding->text + used, sizeof(finding->text) - used,
			 "permission denied: %s", doctor_short(path, shown));
		doctor_hint(finding, "ask its owner for access, or root why it is refused");
		return;
	}
	doctor_short(denial.path, shown);
	user = getpwuid(denial.info.st_uid);
	snprintf(owner, sizeof(owner), "uid %u%s%.40s%s", (unsigned int)denial.info.st_uid,
		 user ? " (" : "", user ? user->pw_name : "", user ? ")" : "");
	snprintf(finding->text + used, sizeof(finding->text) - used,
		 "permission denied: %s belongs to %s, mode %04o, and uid %u has no permission %s",
		 shown, owner, (unsigned int)denial.info.st_mode & 07777, (unsigned int)geteuid(),
		 denial.need);
	if (denial.info.st_uid == geteuid())
		doctor_hint(finding, "chmod u+%s %s", denial.letters, shown);
	else
		doctor_hint(finding, "ask %s for access to %s%s", owner, shown,
			    doctor_named(doctor) ? "" :
						   ", or BINDER_DIR=$HOME/.binder binderctl up");
}

/* ---- BINDER_DIR -------------------------------------------------------------------- */

/* Of a device in there: the name that was asked for. */
static const char *device_name(const struct doctor *doctor)
{
	const char *named = doctor_named(doctor);

	return named ? named : "binder";
}

static bool is_too_long(const struct doctor *doctor, const char *folder)
{
	struct sockaddr_un address;
	char path[2 * PATH_MAX];
	struct stat info;
	bool there;

	snprintf(path, sizeof(path), "%s/%s", folder, device_name(doctor));
	there = stat(path, &info) == 0;
	/* A link to a kernel's device may be as long as it likes. */
	if (there && S_ISCHR(info.st_mode))
		return false;
	return strlen(path) >= sizeof(address.sun_path) ||
	       (!there && strlen(folder) > UP_DIR_LONGEST);
}

static void say_missing(struct doctor *doctor, const char *folder)
{
	struct finding *finding =
		doctor_add(doctor, "BINDER_DIR", FINDING_PROBLEM, "%s does not exist", folder);
	char parent[PATH_MAX], *slash;
	bool direct;

	finding->exit_status = EXIT_NO_DRIVER;
	snprintf(parent, sizeof(parent), "%s", folder);
	slash = strrchr(parent, '/');
	if (slash && slash != parent)
		*slash = 0;
	direct = !slash || slash == parent || access(parent, F_OK) == 0;
	if (direct)
		doctor_hint(finding, "binderctl up, which makes it, or correct BINDER_DIR");
	else
		doctor_hint(finding, "mkdir -p %s && binderctl up, or correct BINDER_DIR", parent);
}

void doctor_check_folder(struct doctor *doctor)
{
	const char *folder = getenv("BINDER_DIR"), *named = doctor_named(doctor);
	struct finding *finding = NULL;
	char shown[DOCTOR_SHORT];
	struct stat info;

	if (!folder || !*folder || (named && strchr(named, '/')))
		return;
	doctor_short(folder, shown);
	if (is_too_long(doctor, folder)) {
		finding = doctor_add(doctor, "BINDER_DIR", FINDING_PROBLEM,
				     "%s: its %zu bytes are too long for a socket's address", shown,
				     strlen(folder));
		doctor_hint(finding, "BINDER_DIR=a path of at most %d bytes", UP_DIR_LONGEST);
	} else if (stat(folder, &info) == 0) {
		if (S_ISDIR(info.st_mode))
			return;
		finding =
			doctor_add(doctor, "BINDER_DIR", FINDING_PROBLEM, "%s is no folder", shown);
		doctor_hint(finding, "BINDER_DIR=a folder of yours, or unset BINDER_DIR");
	} else if (errno == ENOENT) {
		say_missing(doctor, folder);
		return;
	} else if (errno == EACCES) {
		return; /* said of the device in it */
	} else {
		finding = doctor_add(doctor, "BINDER_DIR", FINDING_PROBLEM, "%s: %s", shown,
				     strerror(errno));
		doctor_hint(finding, "BINDER_DIR=a folder of yours, or unset BINDER_DIR");
	}
	finding->exit_status = EXIT_NO_DRIVER;
	doctor->no_folder = true;
}

/* ---- binderd ------------------------------------------------------------------------ */

static void say_served(struct doctor *doctor, const char *path, const struct peer *peer)
{
	bool stopped = peer_is_stopped(peer->pid), old = peer_is_replaced(peer->pid);
	struct finding *finding;

	finding = doctor_add(doctor, "binderd", stopped || old ? FINDING_NOTE : FINDING_OK,
			     "%s, pid %d of uid %lld, serves %s%s%s",
			     *peer->program ? peer->program : "a process", (int)peer->pid,
			     (long long)peer->uid, path, stopped ? ", but is stopped" : "",
			     old ? "; its program was replaced since it started" : "");
	if (old)
		doctor_hint(finding, "start it again, when its clients can do without: binderctl "
				     "down && binderctl up");
	doctor->daemon = peer->pid;
}

/* True: something is there, and a line says what. */
static bool look_at(struct doctor *doctor, const char *path)
{
	struct peer peer = { .pid = 0 };
	char shown[DOCTOR_SHORT];
	struct finding *finding;
	struct stat info;
	int r = stat(path, &info) == 0 ? 0 : -errno;

	if (r == -ENOENT || r == -ENOTDIR)
		return false;
	doctor_short(path, shown);
	if (r == 0 && !S_ISSOCK(info.st_mode)) {
		doctor_add(doctor, "binderd", FINDING_NOTE, "%s is no socket of it", shown);
		return true;
	}
	if (r == 0)
		r = peer_of_socket(path, &peer);
	if (r == 0) {
		say_served(doctor, path, &peer);
	} else if (r == -ECONNREFUSED) {
		finding = doctor_add(doctor, "binderd", FINDING_NOTE,
				     "%s is a dead socket: whoever made it has ended", shown);
		doctor_hint(finding, "binderctl up, which replaces it");
	} else if (r == -EACCES) {
		finding = doctor_add(doctor, "binderd", FINDING_NOTE, "may run or not: ");
		doctor_say_denied(doctor, finding, path);
	} else {
		doctor_add(doctor, "binderd", FINDING_NOTE, "%s: %s", shown, strerror(-r));
	}
	return true;
}

/* The places of libbinder's search. */
void doctor_check_binderd(struct doctor *doctor)
{
	const char *own = getenv("BINDER_DIR"), *runtime = getenv("XDG_RUNTIME_DIR");
	const char *named = doctor_named(doctor), *name = device_name(doctor);
	char path[2 * PATH_MAX];
	bool found = false;

	if (doctor->no_folder)
		return;
	if (named && strchr(named, '/')) {
		found = look_at(doctor, named);
	} else if (own && *own) {
		snprintf(path, sizeof(path), "%s/%s", own, name);
		found = look_at(doctor, path);
	} else {
		if (runtime && *runtime)
			snprintf(path, sizeof(path), "%s/binder/%s", runtime, name);
		else
			snprintf(path, sizeof(path), "/run/user/%u/binder/%s",
				 (unsigned int)geteuid(), name);
		if (geteuid() != 0)
			found = look_at(doctor, path);
		snprintf(path, sizeof(path), "/run/binder/%s", name);
		if (!doctor->daemon)
			found |= look_at(doctor, path);
	}
	if (!found)
		doctor_add(doctor, "binderd", FINDING_NOTE, "does not run for this user");
}
