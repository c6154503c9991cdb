/* SPDX-License-Identifier: MIT */
/*
 * machine.c: what the system offers: the kernel's configuration, modules
 * and binderfs.  Nothing here is a problem by itself, as binderd needs none of it.
 *
 * Called by doctor.c.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "cli/session.h"

#define OPTION "CONFIG_ANDROID_BINDER_IPC"

const char *const doctor_modules[] = { "binder_any", "binder_linux" };

/* How each is loaded, so that all three devices are there. */
static const char *const commands[] = {
	"sudo modprobe binder_any",
	"sudo modprobe binder_linux devices=binder,hwbinder,vndbinder",
};

/* ---- the kernel's configuration ------------------------------------------------ */

/* 'y', 'm', or 'n' when the text says nothing of it. */
static char find_option(FILE *file)
{
	char line[512], value = 'n';

	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, OPTION "=", strlen(OPTION "=")))
			value = line[strlen(OPTION "=")];
	return value;
}

static bool read_config(const char *release, char *value_ret, char *where, size_t size)
{
	FILE *file;

	snprintf(where, size, "/proc/config.gz");
	if (access(where, R_OK) == 0) {
		/* gzip is everywhere; a library of its own is not worth one line. */
		file = popen("gzip -dc /proc/config.gz 2>/dev/null", "re");
		if (file) {
			*value_ret = find_option(file);
			if (pclose(file) == 0)
				return true;
		}
	}
	snprintf(where, size, "/boot/config-%s", release);
	file = fopen(where, "re");
	if (!file) {
		snprintf(where, size, "/lib/modules/%s/config", release);
		file = fopen(where, "re");
	}
	if (!file)
		return false;
	*value_ret = find_option(file);
	fclose(file);
	return true;
}

void doctor_check_kernel(struct doctor *doctor)
{
	struct utsname system;
	char where[128], value = 0;

	uname(&system);
	if (!read_config(system.release, &value, where, sizeof(where)))
		doctor_add(doctor, "kernel", FINDING_NOTE,
			   "%s; its configuration cannot be read here (no /proc/config.gz, no "
			   "/boot/config-%s)",
			   system.release, system.release);
	else if (value == 'y')
		doctor_add(doctor, "kernel", FINDING_OK, "%s has Binder built in (%s)",
			   system.release, where);
	else if (value == 'm')
		doctor_add(doctor, "kernel", FINDING_OK, "%s has Binder as a module (%s)",
			   system.release, where);
	else
		doctor_add(doctor, "kernel", FINDING_NOTE,
			   "%s was built without Binder (%s); binderd does not need it",
			   system.release, where);
	doctor->kernel = value;
}

/* ---- modules --------------------------------------------------------------------- */

static bool file_has(const char *path, const char *word, bool at_start)
{
	FILE *file = fopen(path, "re");
	char line[4096];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file)) {
		const char *at = strstr(line, word);

		/* Whole names only: a blank, or the suffix of a module's file behind it. */
		found = at && (!at_start || at == line) &&
			(at[strlen(word)] == ' ' || at[strlen(word)] == '.' ||
			 at[strlen(word)] == '\n');
	}
	if (file)
		fclose(file);
	return found;
}

/* Appends a word or a command to a list of them. */
static void append(char *list, size_t size, const char *between, const char *word)
{
	size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used ? between : "", word);
}

static bool find_loaded(struct doctor *doctor)
{
	for (size_t i = 0; i < DOCTOR_MODULES && !doctor->loaded; i++)
		if (file_has("/proc/modules", doctor_modules[i], true))
			doctor->loaded = doctor_modules[i];
	return doctor->loaded;
}

void doctor_check_modules(struct doctor *doctor)
{
	struct utsname system;
	char path[128], names[64] = "";
	struct finding *finding;

	uname(&system);
	if (find_loaded(doctor)) {
		doctor_add(doctor, "modules", FINDING_OK, "%s is loaded", doctor->loaded);
		return;
	}
	if (doctor->kernel == 'y') {
		doctor_add(doctor, "modules", FINDING_OK, "none is needed");
		return;
	}
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", system.release);
	for (size_t i = 0; i < DOCTOR_MODULES; i++) {
		if (!file_has(path, doctor_modules[i], false))
			continue;
		append(names, sizeof(names), " and ", doctor_modules[i]);
		append(doctor->modprobe, sizeof(doctor->modprobe), ", or ", commands[i]);
	}
	if (*names) {
		finding = doctor_add(doctor, "modules", FINDING_NOTE,
				     "%s: installed, but not loaded", names);
		doctor_hint(finding, "%s", doctor->modprobe);
	} else {
		finding = doctor_add(doctor, "modules", FINDING_NOTE,
				     "neither binder_linux nor binder_any is installed for this "
				     "kernel");
		doctor_hint(finding,
			    "for a real /dev/binder: sudo make dkms, see binder-module(4)");
	}
}

/* ---- binderfs ---------------------------------------------------------------------- */

/* Where one is mounted; false: nowhere. */
static bool find_mount(char *where, size_t size)
{
	FILE *file = fopen("/proc/mounts", "re");
	char line[4096], path[512], type[64];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file)) {
		found = sscanf(line, "%*s %511s %63s", path, type) == 2 && !strcmp(type, "binder");
		if (found)
			snprintf(where, size, "%s", path);
	}
	if (file)
		fclose(file);
	return found;
}

void doctor_check_binderfs(struct doctor *doctor)
{
	struct finding *finding;
	char where[512];

	if (find_mount(where, sizeof(where))) {
		doctor_add(doctor, "binderfs", FINDING_OK, "mounted at %s", where);
	} else if (file_has("/proc/filesystems", "binder", false)) {
		finding = doctor_add(doctor, "binderfs", FINDING_NOTE,
				     "the kernel has it, but it is not mounted");
		doctor_hint(finding, "sudo mkdir -p /dev/binderfs && sudo mount -t binder binder "
				     "/dev/binderfs");
	} else {
		doctor_add(doctor, "binderfs", FINDING_NOTE, "the kernel does not have it");
	}
}
