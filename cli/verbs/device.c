/* SPDX-License-Identifier: MIT */
/*
 * device.c: `binderctl device`: the devices of this machine: which there are,
 * and making them in a binderfs.
 *
 * Called by the verb table; hands on to device_list.c, device_change.c and
 * device_units.c.
 */
#include "cli/verbs/device.h"

#include <string.h>

#include "cli/complete/complete.h"
#include "cli/errors.h"

static const struct action {
	const char *name;
	int least, most; /* words behind it; -1: any number */
	int (*run)(struct session *session, struct sink *sink);
} actions[] = {
	{ "list", 0, 0, device_list },
	{ "add", 1, -1, device_add },
	{ "remove", 1, -1, device_remove },
	{ "mount", 0, 1, device_mount },
	{ "print-units", 0, -1, device_print_units },
};

#define ACTIONS (sizeof(actions) / sizeof(*actions))

static const struct action *find_action(const char *name)
{
	for (size_t i = 0; i < ACTIONS; i++)
		if (!strcmp(actions[i].name, name))
			return &actions[i];
	return NULL;
}

static int check_device(const struct arguments *arguments)
{
	const struct action *action = find_action(arguments->argv[0]);
	int words = arguments->argc - 1;

	if (!action)
		return fail(arguments, EXIT_USAGE, "binderctl device list",
			    "'%s' is none of list, add, remove, mount, print-units",
			    arguments->argv[0]);
	if (words < action->least)
		return fail(arguments, EXIT_USAGE, "binderctl device add binder",
			    "%s takes the names of devices", action->name);
	if (action->most >= 0 && words > action->most)
		return fail(arguments, EXIT_USAGE, "binderctl help device", "%s takes %s",
			    action->name, action->most ? "one folder" : "no words");
	return EXIT_OK;
}

static int run_device(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	return find_action(arguments->argv[0])->run(session, sink);
}

static void complete_device(const struct completion *completion, int index, const char *word)
{
	for (size_t i = 0; index == 0 && i < ACTIONS; i++)
		offer_candidate(completion, actions[i].name, word, "", "");
}

static const struct option_spec options[] = {
	{ "mount", 0, "FOLDER",
	  "add, remove: the binderfs there (default: /dev/binderfs, else the first)" },
	{ "max", 0, "N", "mount, print-units: allow that many devices in it" },
	{ "mode", 0, "OCTAL", "add, mount, print-units: permissions of the devices, as 660" },
	{ "owner", 0, "USER[:GROUP]", "add, mount, print-units: owner of the devices" },
	{ "force", 0, NULL, "remove: also a device whose handle 0 a process serves" },
	OPTION_FIVE_SECONDS,
	{ 0 },
};

const struct verb verb_device = {
	.name = "device",
	.arguments = "list | add NAME... | remove NAME... | mount [FOLDER] | print-units [NAME...]",
	.summary = "list the devices of this machine, or make them in a binderfs",
	.details =
		"list shows every device in /dev, in each binderfs and of binderd: which driver it\n"
		"belongs to, its permissions, and the process that serves its handle 0.\n"
		"mount mounts a binderfs (default: /dev/binderfs) with the devices that the driver was\n"
		"told to make; add and remove change which devices it has.  All three need root, or\n"
		"root in a user namespace for a binderfs of its own: unshare -Urm.\n"
		"print-units prints files for systemd that do the same at each start.",
	.example = "sudo binderctl device mount",
	.options = options,
	.timeout_ms = 5000,
	.min_words = 1,
	.max_words = -1,
	.json = true,
	.check = check_device,
	.run = run_device,
	.complete = complete_device,
};
