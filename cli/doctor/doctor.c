/* SPDX-License-Identifier: MIT */
/*
 * doctor.c: `binderctl doctor`: does Binder work here, and if not, what to do?
 *
 * Runs the checks of the other files here and prints what they
 * found, for people or as JSON.
 */
#include "cli/doctor/doctor.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/errors.h"
#include "cli/value/text.h"

static void (*const checks[])(struct doctor *doctor) = {
	doctor_check_kernel, doctor_check_modules, doctor_check_binderfs, doctor_check_devices,
	doctor_check_folder, doctor_check_binderd, doctor_check_world,
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

static void print_findings(const struct doctor *doctor, int result)
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
	puts(result == EXIT_OK ? "\nBinder works here." : "\nBinder does not work here yet.");
}

static int print_json(const struct doctor *doctor, int result)
{
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
	object = json_pack("{s:b, s:i, s:o}", "works", result == EXIT_OK, "exit_status", result,
			   "checks", list);
	failed |= !object || json_dumpf(object, stdout, JSON_INDENT(2));
	json_decref(object);
	if (failed)
		return fail(doctor->arguments, EXIT_OTHER, NULL, "cannot make JSON of the checks");
	putchar('\n');
	return result;
}

static int run_doctor(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	struct doctor *doctor = calloc(1, sizeof(*doctor));
	int result;

	if (!doctor)
		return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	doctor->session = session;
	doctor->arguments = arguments;
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		checks[i](doctor);
	result = verdict(doctor);
	if (arguments->json)
		result = print_json(doctor, result);
	else
		print_findings(doctor, result);
	free(doctor);
	return result;
}

const struct verb verb_doctor = {
	.name = "doctor",
	.arguments = "",
	.summary = "check whether Binder works here, and say what to do",
	.details =
		"Checks the kernel, modules, devices, binderfs, permissions, binderd and the service\n"
		"manager; opens the device, asks for its version, maps it and pings handle 0.  Exit\n"
		"status 0: calls work.  Otherwise the status of the first problem: 3 no driver, 4 no\n"
		"service manager, 7 the driver or the service manager does not answer.",
	.example = "binderctl doctor",
	.options = options_five_seconds,
	.timeout_ms = 5000,
	.json = true,
	.run = run_doctor,
};
