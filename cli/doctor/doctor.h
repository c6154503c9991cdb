/* SPDX-License-Identifier: MIT */
/*
 * doctor.h: the checks of `binderctl doctor`.
 *
 * doctor.c runs them in their order and prints what they found.  Those of
 * machine.h read files of the machine, those of devices.c look at its device
 * nodes, those of binderd.c at what a daemon does, those of world.c use Binder
 * as any program would.
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <stdbool.h>

#include "cli/doctor/machine.h"
#include "cli/peer.h"
#include "cli/session.h"
#include "cli/value/sink.h"

enum finding_state {
	FINDING_OK,
	FINDING_NOTE,    /* something is not there, and may not be needed */
	FINDING_PROBLEM, /* calls do not work because of this */
};

struct finding {
	const char *name;
	enum finding_state state;
	int exit_status; /* of a problem */
	char text[768];
	char hint[512]; /* what to do; empty: nothing */
};

struct doctor {
	struct session *session;
	const struct arguments *arguments;
	struct finding finding[24];
	struct machine machine;
	bool only_files; /* --root: of a machine that does not run here */
	int count;
	bool no_folder;   /* BINDER_DIR names what cannot be one: nothing else can help */
	pid_t daemon;     /* who serves the socket; 0: nobody that is seen */
	char command[96]; /* the one to type, where Binder does not work; empty: none does it all */
	char other[80];   /* a kernel's device that has to be named; empty: none, or others too */
};

/* Adds one; its text is printf's. */
__attribute__((format(printf, 4, 5))) struct finding *doctor_add(struct doctor *doctor,
								 const char *name,
								 enum finding_state state,
								 const char *format, ...);
/* The device that was asked for: --device, else BINDER_DEVICE; NULL: nobody has. */
const char *doctor_named(const struct doctor *doctor);
/* What to do about it. */
__attribute__((format(printf, 2, 3))) void doctor_hint(struct finding *finding, const char *format,
						       ...);

/* A path that fits a line, in shown. */
#define DOCTOR_SHORT 512
const char *doctor_short(const char *path, char shown[static DOCTOR_SHORT]);
/* Adds to a finding whose file it is on the way to path, which permission is missing, and the
 * hint. */
void doctor_say_denied(const struct doctor *doctor, struct finding *finding, const char *path);
/* What to do about a device's node that no driver stands behind. */
void doctor_hint_dead(const struct doctor *doctor, struct finding *finding, const char *path,
		      size_t length);

void doctor_check_devices(struct doctor *doctor);
/* BINDER_DIR, where it counts. */
void doctor_check_folder(struct doctor *doctor);
void doctor_check_binderd(struct doctor *doctor);
/* The settings of binderd's configuration file; none without a file. */
void doctor_check_config(struct doctor *doctor);
/* A file for libgbinder, as the device's service manager needs it. */
int doctor_print_gbinder(struct session *session, struct sink *sink);
/* Opens the device, and asks who serves handle 0. */
void doctor_check_world(struct doctor *doctor);

#endif
