/* SPDX-License-Identifier: MIT */
/*
 * binderfs.c: is binderfs there, and where is it mounted?
 *
 * A driver with binderfs has its devices there and none in /dev, so that a
 * kernel with such a driver still needs a mount.
 *
 * Called by doctor.c, after the kernel and the modules.
 */
#include <string.h>

#include "cli/doctor/doctor.h"

struct mounts {
	char list[512];   /* paths, with commas between */
	char silent[256]; /* the first one without stats=global; empty: none */
	int count;
};

static void read_mounts(const struct machine *machine, struct mounts *mounts)
{
	FILE *file = machine_open(machine, "/proc/mounts");
	char line[4096], path[256], type[64], options[512];

	while (file && fgets(line, sizeof(line), file)) {
		size_t used = strlen(mounts->list);

		if (sscanf(line, "%*s %255s %63s %511s", path, type, options) != 3 ||
		    strcmp(type, "binder") != 0)
			continue;
		mounts->count++;
		if (!strstr(options, "stats=global") && !*mounts->silent)
			snprintf(mounts->silent, sizeof(mounts->silent), "%s", path);
		if (used + strlen(path) + 3 < sizeof(mounts->list))
			snprintf(mounts->list + used, sizeof(mounts->list) - used, "%s%s",
				 used ? ", " : "", path);
	}
	if (file)
		fclose(file);
}

static bool is_registered(const struct machine *machine)
{
	FILE *file = machine_open(machine, "/proc/filesystems");
	char line[128], type[64];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, "nodev %63s", type) == 1 && !strcmp(type, "binder");
	if (file)
		fclose(file);
	return found;
}

/* The driver was told no names, as in Arch Linux: a mount has binder-control alone. */
static bool has_no_names(const struct machine *machine)
{
	static const char *const in_c[] = { "/sys/module/binder_linux/parameters/devices",
					    "/sys/module/binder/parameters/devices" };
	const char *path = "/sys/module/rust_binder/parameters/rust_devices";
	char line[256] = "";

	if (!machine_is_rust(machine))
		path = machine_has(machine, "%s", in_c[0]) ? in_c[0] : in_c[1];
	return machine_has(machine, "%s", path) &&
	       (!machine_line(machine, line, sizeof(line), "%s", path) || !*line);
}

static void hint_mount(struct machine *machine, struct finding *finding)
{
	snprintf(machine->command, sizeof(machine->command), "%s%s", DOCTOR_MOUNT,
		 has_no_names(machine) ? " && sudo binderctl device add binder hwbinder vndbinder" :
					 "");
	machine->at_hand = true;
	doctor_hint(finding, "%s", machine->command);
}

/* The Rust driver has no other place to say what it holds. */
static void say_mounted(struct doctor *doctor, const struct mounts *mounts)
{
	struct finding *finding =
		doctor_add(doctor, "binderfs", FINDING_OK, "mounted at %s", mounts->list);

	if (!*mounts->silent || !machine_is_rust(&doctor->machine))
		return;
	finding->state = FINDING_NOTE;
	snprintf(finding->text, sizeof(finding->text),
		 "mounted at %s; without stats=global, as at %s, the driver in Rust shows no state",
		 mounts->list, mounts->silent);
	doctor_hint(finding, "sudo umount %s && sudo mount -t binder -o stats=global binder %s",
		    mounts->silent, mounts->silent);
}

void doctor_check_binderfs(struct doctor *doctor)
{
	struct machine *machine = &doctor->machine;
	struct mounts mounts = { .count = 0 };
	struct finding *finding;

	read_mounts(machine, &mounts);
	if (mounts.count) {
		say_mounted(doctor, &mounts);
	} else if (is_registered(machine)) {
		finding = doctor_add(doctor, "binderfs", FINDING_NOTE,
				     "the kernel has it, but it is not mounted");
		hint_mount(machine, finding);
	} else if (machine->binderfs > BUILT_NOT) {
		doctor_add(doctor, "binderfs", FINDING_NOTE,
			   "the kernel has it, once its module is loaded");
	} else {
		doctor_add(doctor, "binderfs", FINDING_NOTE, "the kernel does not have it");
	}
}
