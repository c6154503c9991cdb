/* SPDX-License-Identifier: MIT */
/*
 * devices.c: which devices of a kernel's driver are there, under which
 * names, and whether this user may open them.
 *
 * Called by doctor.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/android/binder.h>

#include "cli/doctor/doctor.h"

#define MAX_NAMES 32
#define MAX_NAME 64

struct devices {
	char name[MAX_NAMES][MAX_NAME]; /* to look for, in /dev and in binderfs */
	int count;
	char found[400], closed[400], dead[400]; /* paths, with commas between */
	bool usual; /* one of those found is called binder: nobody has to name it */
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Once each; not what could not be a device's. */
static void add_name(struct devices *devices, const char *name, size_t length)
{
	if (!length || length >= MAX_NAME || memchr(name, '/', length) ||
	    devices->count == MAX_NAMES)
		return;
	for (int i = 0; i < devices->count; i++)
		if (strlen(devices->name[i]) == length && !memcmp(devices->name[i], name, length))
			return;
	memcpy(devices->name[devices->count], name, length);
	devices->name[devices->count++][length] = 0;
}

/* The names that a loaded module was given. */
static void add_names_of(struct devices *devices, const struct machine *machine, const char *module,
			 const char *parameter)
{
	char line[1024];

	if (!machine_line(machine, line, sizeof(line), "/sys/module/%s/parameters/%s", module,
			  parameter))
		return;
	for (const char *at = line; *at; at += strspn(at, ",")) {
		size_t length = strcspn(at, ",");

		add_name(devices, at, length);
		at += length;
	}
}

static void append(char *list, size_t size, const char *path)
{
	size_t used = strlen(list);

	/* Whole paths only. */
	if (used + strlen(path) + 3 < size)
		snprintf(list + used, size - used, "%s%s", used ? ", " : "", path);
}

/* The one to be named where there is no "binder": whichever is the first of its kind. */
static void keep_other(struct doctor *doctor, const char *path)
{
	const char *own = getenv("BINDER_DIR"), *name = last_part(path);
	size_t length = strlen(name);

	if (*doctor->other || strstr(name, "hwbinder") || strstr(name, "vndbinder") ||
	    length < strlen("binder") || strcmp(name + length - strlen("binder"), "binder") != 0)
		return;
	/* Names are looked for in that folder alone. */
	snprintf(doctor->other, sizeof(doctor->other), "%s", own && *own ? path : name);
}

static void not_opened(struct doctor *doctor, struct devices *devices, const char *path, int err)
{
	switch (err) {
	case EACCES:
	case EPERM:
		append(devices->closed, sizeof(devices->closed), path);
		return;
	case ENODEV:
	case ENXIO:
		append(devices->dead, sizeof(devices->dead), path);
		return;
	default:
		doctor_add(doctor, "kernel devices", FINDING_NOTE, "%s: %s", path, strerror(err));
	}
}

static void look_at(struct doctor *doctor, struct devices *devices, const char *path)
{
	struct binder_version version;
	struct stat info;
	bool binder;
	int fd;

	if (stat(path, &info) != 0 || !S_ISCHR(info.st_mode))
		return;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		not_opened(doctor, devices, path, errno);
		return;
	}
	binder = ioctl(fd, BINDER_VERSION, &version) == 0;
	close(fd);
	if (!binder)
		return;
	append(devices->found, sizeof(devices->found), path);
	devices->usual |= !strcmp(last_part(path), "binder");
	keep_other(doctor, path);
}

static void look_everywhere(struct doctor *doctor, struct devices *devices)
{
	static const char *const usual[] = {
		"binder",       "hwbinder",       "vndbinder",
		"anbox-binder", "anbox-hwbinder", "anbox-vndbinder",
	};
	static const char *const folders[] = { "/dev", "/dev/binderfs" };
	const char *named = doctor_named(doctor);
	char path[MAX_NAME + 16];
	bool seen = !named || *named != '/';

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		add_name(devices, usual[i], strlen(usual[i]));
	add_names_of(devices, &doctor->machine, "binder_any", "devices");
	add_names_of(devices, &doctor->machine, "binder_linux", "devices");
	add_names_of(devices, &doctor->machine, "binder", "devices"); /* it is built in */
	add_names_of(devices, &doctor->machine, "rust_binder", "rust_devices");
	if (named)
		add_name(devices, named, strlen(named));
	for (size_t folder = 0; folder < sizeof(folders) / sizeof(*folders); folder++) {
		for (int i = 0; i < devices->count; i++) {
			snprintf(path, sizeof(path), "%s/%s", folders[folder], devices->name[i]);
			look_at(doctor, devices, path);
			seen |= named && !strcmp(named, path);
		}
	}
	if (!seen)
		look_at(doctor, devices, named);
}

void doctor_hint_dead(const struct doctor *doctor, struct finding *finding, const char *path,
		      size_t length)
{
	const struct machine *machine = &doctor->machine;

	for (int i = 0; i < MODULES; i++) {
		if (!machine->loaded[i])
			continue;
		doctor_hint(finding, "sudo rm %.*s: %s is loaded, and this is none of its devices",
			    (int)length, path, machine_module[i]);
		return;
	}
	if (machine->at_hand)
		doctor_hint(finding, "load the module: %s", machine->command);
	else
		doctor_hint(finding, "load the module: sudo modprobe binder_any (or binder_linux), "
				     "once it is installed");
}

void doctor_check_devices(struct doctor *doctor)
{
	struct devices *devices = calloc(1, sizeof(*devices));
	struct finding *finding;

	if (!devices)
		return;
	look_everywhere(doctor, devices);
	if (*devices->found) {
		finding = doctor_add(doctor, "kernel devices", FINDING_OK, "%s", devices->found);
		if (devices->usual || doctor_named(doctor))
			*doctor->other = 0;
		if (*doctor->other)
			doctor_hint(finding, "BINDER_DEVICE=%s, as none is called binder",
				    doctor->other);
	}
	if (*devices->closed) {
		finding = doctor_add(doctor, "kernel devices", FINDING_NOTE,
				     "not open to uid %u: %s", (unsigned int)geteuid(),
				     devices->closed);
		doctor_hint(finding, "a udev rule or group that gives you access, or binderctl "
				     "sandbox for a driver of your own");
	}
	if (*devices->dead) {
		finding = doctor_add(doctor, "kernel devices", FINDING_NOTE,
				     "%s: No such device: a node that no driver stands behind",
				     devices->dead);
		doctor_hint_dead(doctor, finding, devices->dead, strcspn(devices->dead, ","));
	}
	if (!*devices->found && !*devices->closed && !*devices->dead)
		doctor_add(doctor, "kernel devices", FINDING_NOTE, "none in /dev or /dev/binderfs");
	free(devices);
}
