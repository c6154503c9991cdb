/* SPDX-License-Identifier: MIT */
/*
 * modules.c: which modules with a Binder driver are loaded or installed,
 * whether they get in each other's way, and what DKMS has made of ours.
 *
 * Called by doctor.c.
 */
#include <dirent.h>
#include <limits.h>
#include <string.h>

#include "cli/doctor/doctor.h"

/* The names that people's programs look for. */
#define USUAL "binder,hwbinder,vndbinder"

static const char *const loads[MODULES] = {
	[MODULE_BINDER_ANY] = "sudo modprobe binder_any",
	[MODULE_BINDER_LINUX] = "sudo modprobe binder_linux devices=" USUAL,
	[MODULE_RUST_BINDER] = "sudo modprobe rust_binder rust_devices=" USUAL,
};

/* ---- reading ------------------------------------------------------------------------ */

static void read_loaded(struct machine *machine)
{
	FILE *file = machine_open(machine, "/proc/modules");
	char line[512];

	while (file && fgets(line, sizeof(line), file))
		for (int i = 0; i < MODULES; i++)
			if (!strncmp(line, machine_module[i], strlen(machine_module[i])) &&
			    line[strlen(machine_module[i])] == ' ')
				machine->loaded[i] = true;
	if (file)
		fclose(file);
}

/* A line is "kernel/drivers/android/binder_linux.ko.xz: what it needs". */
static void read_installed(struct machine *machine)
{
	FILE *file = machine_open(machine, "/lib/modules/%s/modules.dep", machine->release);
	char line[4096];

	while (file && fgets(line, sizeof(line), file)) {
		const char *name;

		line[strcspn(line, ":")] = '\0';
		name = strrchr(line, '/');
		name = name ? name + 1 : line;
		for (int i = 0; i < MODULES; i++) {
			if (strncmp(name, machine_module[i], strlen(machine_module[i])) ||
			    name[strlen(machine_module[i])] != '.')
				continue;
			machine->installed[i] = true;
			machine->foreign[i] = strncmp(line, "kernel/", strlen("kernel/")) != 0;
		}
	}
	if (file)
		fclose(file);
}

/* ---- what they are good for ------------------------------------------------------------ */

static void append(char *list, size_t size, const char *between, const char *word)
{
	size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used ? between : "", word);
}

static void name_modules(const bool which[MODULES], char *list, size_t size)
{
	*list = '\0';
	for (int i = 0; i < MODULES; i++)
		if (which[i])
			append(list, size, " and ", machine_module[i]);
}

/* With binderfs, a driver makes its devices there and nowhere else. */
static void choose(struct machine *machine, enum module module)
{
	bool mount = module != MODULE_BINDER_ANY && machine->binderfs > BUILT_NOT;

	snprintf(machine->command, sizeof(machine->command), "%s%s%s", loads[module],
		 mount ? " && " : "", mount ? DOCTOR_MOUNT : "");
	machine->at_hand = true;
}

/* Ours needs a signature that the machine trusts; the kernel's own has one. */
static void choose_installed(struct machine *machine)
{
	static const enum module signed_first[] = { MODULE_BINDER_LINUX, MODULE_RUST_BINDER,
						    MODULE_BINDER_ANY };
	static const enum module ours_first[] = { MODULE_BINDER_ANY, MODULE_BINDER_LINUX,
						  MODULE_RUST_BINDER };
	const enum module *order = machine->wants_signature ? signed_first : ours_first;

	for (int i = 0; i < MODULES; i++) {
		if (!machine->installed[order[i]])
			continue;
		choose(machine, order[i]);
		return;
	}
}

static bool any(const bool which[MODULES])
{
	return which[MODULE_BINDER_ANY] || which[MODULE_BINDER_LINUX] || which[MODULE_RUST_BINDER];
}

/* A second driver that has the same names. */
static void check_rivals(struct doctor *doctor)
{
	const struct machine *machine = &doctor->machine;
	const bool built_in = machine->c == BUILT_IN || machine->rust == BUILT_IN;
	const char *language = machine_is_rust(machine) ? "Rust" : "C";

	if (machine->loaded[MODULE_BINDER_ANY] &&
	    (built_in || machine->loaded[MODULE_BINDER_LINUX] ||
	     machine->loaded[MODULE_RUST_BINDER]))
		doctor_add(
			doctor, "drivers", FINDING_NOTE,
			"binder_any is loaded beside the kernel's own driver in %s: they share no "
			"service, and each device belongs to one of them (binderctl device list)",
			language);
	if (built_in && machine->installed[MODULE_BINDER_LINUX] &&
	    machine->foreign[MODULE_BINDER_LINUX])
		doctor_hint(
			doctor_add(doctor, "drivers", FINDING_NOTE,
				   "a binder_linux from elsewhere is installed beside the driver "
				   "in %s that is built in: it fails to load (EBUSY), or harms "
				   "the kernel",
				   language),
			"remove the package that brought binder_linux");
}

void doctor_check_modules(struct doctor *doctor)
{
	struct machine *machine = &doctor->machine;
	struct finding *finding;
	char names[64];

	read_loaded(machine);
	read_installed(machine);
	if (any(machine->loaded)) {
		name_modules(machine->loaded, names, sizeof(names));
		doctor_add(doctor, "modules", FINDING_OK, "%s %s loaded", names,
			   strchr(names, ' ') ? "are" : "is");
		*machine->command = '\0'; /* of a kernel without Binder, where ours is loaded */
	} else if (machine->c == BUILT_IN || machine->rust == BUILT_IN) {
		doctor_add(doctor, "modules", FINDING_OK, "none is needed");
	} else if (any(machine->installed)) {
		name_modules(machine->installed, names, sizeof(names));
		choose_installed(machine);
		finding = doctor_add(doctor, "modules", FINDING_NOTE,
				     "%s: installed, but not loaded", names);
		doctor_hint(finding, "%s", machine->command);
	} else {
		finding = doctor_add(doctor, "modules", FINDING_NOTE,
				     "neither binder_linux nor binder_any is installed for this "
				     "kernel");
		doctor_hint(finding,
			    "for a real /dev/binder: sudo make dkms, see binder-module(4)");
		if (!*machine->command)
			snprintf(machine->command, sizeof(machine->command), "sudo make dkms");
	}
	check_rivals(doctor);
}

/* ---- DKMS --------------------------------------------------------------------------- */

#define DKMS "/var/lib/dkms/binder-any"

/* The version whose sources DKMS has; of several, the last one that the folder lists. */
static bool find_version(const struct machine *machine, char *version, size_t size)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *folder;

	snprintf(path, sizeof(path), "%s" DKMS, machine->root);
	folder = opendir(path);
	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9' ||
		    strlen(entry->d_name) >= size)
			continue;
		snprintf(version, size, "%s", entry->d_name);
		found = true;
	}
	if (folder)
		closedir(folder);
	return found;
}

static void hint_headers(const struct machine *machine, char *hint, size_t size)
{
	if (machine_has(machine, "/etc/debian_version"))
		snprintf(hint, size, "sudo apt-get install linux-headers-%s", machine->release);
	else
		snprintf(hint, size,
			 "install the headers of kernel %s, and sudo dkms autoinstall -k %s",
			 machine->release, machine->release);
}

void doctor_check_dkms(struct doctor *doctor)
{
	struct machine *machine = &doctor->machine;
	char version[64], hint[384];
	bool failed;

	if (!find_version(machine, version, sizeof(version)))
		return;
	if (machine_has(machine, DKMS "/%s/%s", version, machine->release)) {
		doctor_add(doctor, "dkms", FINDING_OK, "binder-any %s is built for this kernel",
			   version);
		return;
	}
	/* DKMS leaves its folder of a build behind when that has failed. */
	failed = machine_has(machine, DKMS "/%s/build/make.log", version);
	snprintf(hint, sizeof(hint), "sudo dkms install binder-any/%s -k %s", version,
		 machine->release);
	if (!machine_has(machine, "/lib/modules/%s/build", machine->release)) {
		hint_headers(machine, hint, sizeof(hint));
		doctor_hint(doctor_add(doctor, "dkms", FINDING_NOTE,
				       "binder-any %s is not built for this kernel, whose headers "
				       "are missing",
				       version),
			    "%s", hint);
	} else if (failed) {
		doctor_hint(doctor_add(doctor, "dkms", FINDING_NOTE,
				       "the build of binder-any %s for this kernel failed; " DKMS
				       "/%s/build/make.log says why",
				       version, version),
			    "%s", hint);
	} else {
		doctor_hint(doctor_add(doctor, "dkms", FINDING_NOTE,
				       "binder-any %s is not built for this kernel", version),
			    "%s", hint);
	}
	if (!any(machine->installed) && !any(machine->loaded) && machine->c != BUILT_IN &&
	    machine->rust != BUILT_IN)
		snprintf(machine->command, sizeof(machine->command), "%.255s", hint);
}
