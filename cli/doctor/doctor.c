/* SPDX-License-Identifier: MIT */
/*
 * doctor.c: `binderctl doctor`: does Binder work here, and if not, what to do?
 *
 * Runs the checks of the other files here and prints what they
 * found, for people or as JSON.
 */
#include "cli/doctor/doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "cli/errors.h"
#include "cli/value/text.h"

/* Of files alone, which may be another machine's. */
static void (*const machine_checks[])(struct doctor *doctor) = {
	doctor_check_kernel,  doctor_check_regressions, doctor_check_trust,
	doctor_check_modules, doctor_check_dkms,        doctor_check_binderfs,
};

static void (*const live_checks[])(struct doctor *doctor) = {
	doctor_check_devices, doctor_check_folder, doctor_check_binderd,
	doctor_check_config,  doctor_check_world,
};

struct finding *doctor_add(struct doctor *doctor, const char *name, enum finding_state state,
			   const char *format, ...)
{
	int last = (int)(sizeof(doctor->finding) / sizeof(*doctor->finding)) - 1;
	struct finding *finding = &doctor->finding[doctor->count];
	va_list args;

	doctor->count += doctor->count < last;
	*finding = (struct finding){ .name = name, .state = state };
	if (state == FINDING_PROBLEM)
		finding->exit_status = EXIT_OTHER;
	va_start(args, format);
	vsnprintf(finding->text, sizeof(finding->text), format, args);
	va_end(args);
	return finding;
}

void doctor_hint(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(finding->hint, sizeof(finding->hint), format, args);
	va_end(args);
}

const char *doctor_named(const struct doctor *doctor)
{
	const char *named = doctor->arguments->device ? doctor->arguments->device :
							getenv("BINDER_DEVICE");

	return named && *named ? named : NULL;
}

static const char *state_name(enum finding_state state)
{
	static const char *const names[] = {
		[FINDING_OK] = "ok",
		[FINDING_NOTE] = "note",
		[FINDING_PROBLEM] = "problem",
	};

	return names[state];
}

/* That of the first thing that keeps calls from working. */
static int verdict(const struct doctor *doctor)
{
	for (int i = 0; i < doctor->count; i++)
		if (doctor->finding[i].state == FINDING_PROBLEM)
			return doctor->finding[i].exit_status;
	return EXIT_OK;
}

static void print_findings(const struct doctor *doctor)
{
	for (int i = 0; i < doctor->count; i++) {
		const struct finding *finding = &doctor->finding[i];

		printf("%-8s %-15s ", state_name(finding->state), finding->name);
		text_print(stdout, finding->text, false);
		putchar('\n');
		if (*finding->hint) {
			printf("%*stry: ", 25, "");
			text_print(stdout, finding->hint, false);
			putchar('\n');
		}
	}
}

/* How it stands, and the one command to type. */
static void print_verdict(const struct doctor *doctor, int result)
{
	const struct machine *machine = &doctor->machine;

	if (doctor->only_files && !*machine->command)
		puts("\nNothing has to be typed there for a kernel's device.");
	else if (doctor->only_files)
		printf("\nFor a kernel's device there, type: %s\n", machine->command);
	else if (result == EXIT_OK)
		puts("\nBinder works here.");
	else
		puts("\nBinder does not work here yet.");
	if (doctor->only_files || result == EXIT_OK || !*doctor->command)
		return;
	printf("Type: %s\n", doctor->command);
	if (*machine->command)
		printf("For a kernel's device, which Waydroid needs: %s\n", machine->command);
}

static int print_json(const struct doctor *doctor, int result)
{
	const struct machine *machine = &doctor->machine;
	json_t *list = json_array(), *object;
	int failed = !list;

	for (int i = 0; i < doctor->count && !failed; i++) {
		const struct finding *finding = &doctor->finding[i];
		char *text = text_mended(finding->text, strlen(finding->text));

		failed = json_array_append_new(
			list, json_pack("{s:s, s:s, s:s?, s:s?}", "name", finding->name, "state",
					state_name(finding->state), "text", text, "try",
					*finding->hint ? finding->hint : NULL));
		free(text);
	}
	object = json_pack("{s:o, s:i, s:o, s:s?, s:s?}", "works",
			   doctor->only_files ? json_null() : json_boolean(result == EXIT_OK),
			   "exit_status", result, "checks", list, "command",
			   *doctor->command && result != EXIT_OK ? doctor->command : NULL,
			   "kernel_command", *machine->command ? machine->command : NULL);
	failed |= !object || json_dumpf(object, stdout, JSON_INDENT(2));
	json_decref(object);
	if (failed)
		return fail(doctor->arguments, EXIT_OTHER, NULL, "cannot make JSON of the checks");
	putchar('\n');
	return result;
}

static int not_there(const struct arguments *arguments, const char *root)
{
	struct stat info;

	if (stat(root, &info) != 0)
		return fail(arguments, EXIT_OTHER, NULL, "%s: %s", root, strerror(errno));
	if (strlen(root) >= sizeof(((struct machine *)NULL)->root))
		return fail(arguments, EXIT_OTHER, NULL, "%s: the path is too long", root);
	if (!S_ISDIR(info.st_mode))
		return fail(arguments, EXIT_OTHER, NULL, "%s is no folder", root);
	return EXIT_OK;
}

static int run_doctor(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	const char *root = option_value(arguments, "root");
	struct doctor *doctor;
	int result = root ? not_there(arguments, root) : EXIT_OK;

	if (result != EXIT_OK)
		return result;
	if (option_value(arguments, "gbinder"))
		return doctor_print_gbinder(session, sink);
	doctor = calloc(1, sizeof(*doctor));
	if (!doctor)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	doctor->session = session;
	doctor->arguments = arguments;
	doctor->only_files = root;
	machine_init(&doctor->machine, root);
	for (size_t i = 0; i < sizeof(machine_checks) / sizeof(*machine_checks); i++)
		machine_checks[i](doctor);
	for (size_t i = 0; !doctor->only_files && i < sizeof(live_checks) / sizeof(*live_checks);
	     i++)
		live_checks[i](doctor);
	result = verdict(doctor);
	if (arguments->json) {
		result = print_json(doctor, result);
	} else {
		print_findings(doctor);
		print_verdict(doctor, result);
	}
	free(doctor);
	return result;
}

static const struct option_spec options[] = {
	{ "root", 0, "FOLDER",
	  "read /proc, /sys, /boot and /lib/modules of a machine below FOLDER" },
	{ "gbinder", 0, NULL, "print a file for /etc/gbinder.d instead, for libgbinder" },
	OPTION_FIVE_SECONDS,
	{ 0 },
};

const struct verb verb_doctor = {
	.name = "doctor",
	.arguments = "",
	.summary = "check whether Binder works here, and say what to do",
	.details =
		"Checks the kernel, modules, devices, binderfs, permissions, binderd and the service\n"
		"manager; opens the device, asks for its version, maps it and pings handle 0.  Exit\n"
		"status 0: calls work.  Otherwise the status of the first problem: 3 no driver, 4 no\n"
		"service manager, 7 the driver or the service manager does not answer.\n"
		"\n"
		"With --root it reads the kernel, modules and binderfs of a machine whose files are in\n"
		"a folder, such as a mounted disk, and opens no device.\n"
		"\n"
		"With --gbinder it prints which ApiLevel libgbinder needs for the service manager:\n"
		"  binderctl doctor --gbinder | sudo tee /etc/gbinder.d/binder.conf",
	.example = "binderctl doctor",
	.options = options,
	.timeout_ms = 5000,
	.json = true,
	.run = run_doctor,
};
