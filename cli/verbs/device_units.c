/* SPDX-License-Identifier: MIT */
/*
 * device_units.c: `binderctl device print-units`: files that mount a binderfs
 * and set permissions at each start of the machine.
 *
 * Nothing is written: the text names each file, and the user decides.
 *
 * Called by device.c.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/errors.h"
#include "cli/verbs/binderfs.h"
#include "cli/verbs/device.h"

#define MOST_NAMES 32

struct units {
	const char *max, *mode, *owner;
	char user[64], group[64];
	const char *name[MOST_NAMES];
	int count;
	bool named; /* the user named them, so that they have to be added */
};

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("_-.", *text))
			return false;
	return true;
}

static int read_units(const struct arguments *arguments, struct units *units)
{
	static const char *const usual[] = { "binder", "hwbinder", "vndbinder" };
	struct access access;
	const char *colon;

	*units = (struct units){
		.max = option_value(arguments, "max"),
		.mode = option_value(arguments, "mode"),
		.owner = option_value(arguments, "owner"),
	};
	if (access_parse(units->mode, NULL, &access) != 0)
		return fail(arguments, EXIT_USAGE, "--mode 660", "--mode: '%s' is no mode",
			    units->mode);
	if (units->max && (!*units->max || units->max[strspn(units->max, "0123456789")]))
		return fail(arguments, EXIT_USAGE, "--max 16", "--max: '%s' is no number",
			    units->max);
	colon = units->owner ? strchr(units->owner, ':') : NULL;
	snprintf(units->user, sizeof(units->user), "%.*s",
		 !units->owner ? 0 :
		 colon         ? (int)(colon - units->owner) :
				 (int)strlen(units->owner),
		 units->owner ? units->owner : "");
	snprintf(units->group, sizeof(units->group), "%s", colon ? colon + 1 : "");
	if (!is_plain(units->user) || !is_plain(units->group))
		return fail(arguments, EXIT_USAGE, "--owner root:plugdev",
			    "--owner: '%s' is no name of a user", units->owner);
	units->named = arguments->argc > 1;
	if (arguments->argc - 1 > MOST_NAMES)
		return fail(arguments, EXIT_USAGE, NULL, "more than %d names", MOST_NAMES);
	units->count = units->named ? arguments->argc - 1 : (int)(sizeof(usual) / sizeof(*usual));
	for (int i = 0; i < units->count; i++) {
		units->name[i] = units->named ? arguments->argv[i + 1] : usual[i];
		if (!*units->name[i] || !is_plain(units->name[i]))
			return fail(arguments, EXIT_USAGE,
				    "binderctl device print-units anbox-binder",
				    "'%s' is no name for a device", units->name[i]);
	}
	return EXIT_OK;
}

static void put_names(const struct units *units, const char *between, struct sink *sink)
{
	for (int i = 0; i < units->count; i++)
		sink_print(sink, "%s%s", i ? between : "", units->name[i]);
}

static void put_mount_unit(const struct units *units, struct sink *sink)
{
	sink_print(sink,
		   "# /etc/systemd/system/dev-binderfs.mount\n"
		   "#   sudo systemctl enable --now dev-binderfs.mount\n"
		   "[Unit]\n"
		   "Description=Binder's devices\n"
		   "DefaultDependencies=no\n"
		   "After=systemd-modules-load.service\n"
		   "Before=sysinit.target systemd-tmpfiles-setup.service\n"
		   "\n"
		   "[Mount]\n"
		   "What=binder\n"
		   "Where=" BINDERFS_USUAL "\n"
		   "Type=binder\n"
		   "Options=nosuid,noexec,stats=global%s%s\n"
		   "\n"
		   "[Install]\n"
		   "WantedBy=sysinit.target\n",
		   units->max ? ",max=" : "", units->max ? units->max : "");
}

static void put_add_service(const struct units *units, struct sink *sink)
{
	sink_print(sink,
		   "\n"
		   "# /etc/systemd/system/binder-devices.service\n"
		   "#   sudo systemctl enable --now binder-devices.service\n"
		   "[Unit]\n"
		   "Description=Devices in " BINDERFS_USUAL "\n"
		   "RequiresMountsFor=" BINDERFS_USUAL "\n"
		   "BindsTo=dev-binderfs.mount\n"
		   "After=dev-binderfs.mount\n"
		   "\n"
		   "[Service]\n"
		   "Type=oneshot\n"
		   "RemainAfterExit=yes\n"
		   "ExecStart=binderctl device add --mount " BINDERFS_USUAL "%s%s%s%s ",
		   units->mode ? " --mode " : "", units->mode ? units->mode : "",
		   units->owner ? " --owner " : "", units->owner ? units->owner : "");
	put_names(units, " ", sink);
	sink_print(sink, "\n"
			 "\n"
			 "[Install]\n"
			 "WantedBy=multi-user.target\n");
}

static void put_modules(const struct units *units, struct sink *sink)
{
	sink_print(sink, "\n"
			 "# /etc/modules-load.d/binder.conf, where the driver is a module\n"
			 "binder_linux\n"
			 "\n"
			 "# /etc/modprobe.d/binder.conf, likewise\n"
			 "options binder_linux devices=");
	put_names(units, ",", sink);
	sink_print(sink, "\n");
}

static void put_permissions(const struct units *units, struct sink *sink)
{
	const char *mode = units->mode ? units->mode : "0660";
	const char *user = *units->user ? units->user : "root";
	const char *group = *units->group ? units->group : "root";

	sink_print(sink, "\n"
			 "# /etc/tmpfiles.d/binder.conf, for the devices in binderfs\n");
	for (int i = 0; i < units->count; i++)
		sink_print(sink, "z " BINDERFS_USUAL "/%s %s %s %s -\n", units->name[i], mode, user,
			   group);
	for (int i = 0; i < units->count; i++)
		sink_print(sink, "L /dev/%s - - - - " BINDERFS_USUAL "/%s\n", units->name[i],
			   units->name[i]);
	sink_print(sink,
		   "\n"
		   "# /etc/udev/rules.d/50-binder.rules, for devices in /dev without binderfs\n");
	for (int i = 0; i < units->count; i++)
		sink_print(sink,
			   "SUBSYSTEM==\"misc\", KERNEL==\"%s\", MODE=\"%s\", OWNER=\"%s\", "
			   "GROUP=\"%s\"\n",
			   units->name[i], mode, user, group);
}

static void units_text(const void *what, struct sink *sink)
{
	const struct units *units = what;

	put_mount_unit(units, sink);
	if (units->named)
		put_add_service(units, sink);
	put_modules(units, sink);
	put_permissions(units, sink);
}

/* One text, as it is for people: files are the user's to write. */
static json_t *units_json(const void *what)
{
	struct sink sink = { .width = 0 };
	char *text = NULL;
	size_t size = 0;
	json_t *object = NULL;

	sink.out = open_memstream(&text, &size);
	if (!sink.out)
		return NULL;
	units_text(what, &sink);
	if (fclose(sink.out) == 0)
		object = json_pack("{s:s}", "text", text);
	free(text);
	return object;
}

int device_print_units(struct session *session, struct sink *sink)
{
	struct units units;
	int result = read_units(session->arguments, &units);

	return result == EXIT_OK ? sink_put(sink, &units, units_json, units_text) : result;
}
