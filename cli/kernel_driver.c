/* SPDX-License-Identifier: MIT */
/*
 * kernel_driver.c: which of the drivers a device belongs to.
 *
 * Devices in /dev are misc devices, of our module or of upstream's driver in
 * C.  Those in a binderfs have a major number of their own, and the name that
 * /proc/devices has for it is "binder" for the driver in C, "rust_binder" for
 * the one in Rust.
 *
 * Called by the verbs state, log and device.
 */
#include "cli/kernel_driver.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define MISC_MAJOR 10

/* Is the name one of "binder,hwbinder,..."? */
static bool lists(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = list; *at; at += strspn(at, ",\n")) {
		size_t word = strcspn(at, ",\n");

		if (word == length && !memcmp(at, name, length))
			return true;
		at += word;
	}
	return false;
}

/* The name that the driver gave a misc device, whatever its node is called. */
static bool read_misc_name(unsigned int minor_number, char *name, size_t size)
{
	char path[64], line[256];
	FILE *file;
	bool found = false;

	snprintf(path, sizeof(path), "/sys/dev/char/%d:%u/uevent", MISC_MAJOR, minor_number);
	file = fopen(path, "re");
	while (file && !found && fgets(line, sizeof(line), file)) {
		found = !strncmp(line, "DEVNAME=", strlen("DEVNAME="));
		if (found) {
			line[strcspn(line, "\n")] = '\0';
			snprintf(name, size, "%s", line + strlen("DEVNAME="));
		}
	}
	if (file)
		fclose(file);
	return found;
}

static enum kernel_driver driver_of_misc(unsigned int minor_number)
{
	char name[256], list[1024] = "";
	FILE *file;

	if (!read_misc_name(minor_number, name, sizeof(name)))
		return DRIVER_UNKNOWN;
	file = fopen("/sys/module/binder_any/parameters/devices", "re");
	if (file && !fgets(list, sizeof(list), file))
		*list = '\0';
	if (file)
		fclose(file);
	return lists(list, name) ? DRIVER_ANY : DRIVER_C;
}

/* Lines of /proc/devices are "511 binder"; those of block devices follow the others. */
static enum kernel_driver driver_of_major(unsigned int major_number)
{
	enum kernel_driver driver = DRIVER_UNKNOWN;
	FILE *file = fopen("/proc/devices", "re");
	char line[256], name[128];
	unsigned int number;

	while (file && fgets(line, sizeof(line), file) && strncmp(line, "Block", 5) != 0) {
		if (sscanf(line, "%u %127s", &number, name) != 2 || number != major_number)
			continue;
		if (!strcmp(name, "rust_binder"))
			driver = DRIVER_RUST;
		else if (!strcmp(name, "binder"))
			driver = access("/sys/module/rust_binder", F_OK) == 0 &&
						 access("/sys/module/binder", F_OK) != 0 &&
						 access("/sys/module/binder_linux", F_OK) != 0 ?
					 DRIVER_RUST :
					 DRIVER_C;
	}
	if (file)
		fclose(file);
	return driver;
}

enum kernel_driver kernel_driver_of(const char *path)
{
	struct stat info;

	if (!path || stat(path, &info) != 0)
		return DRIVER_UNKNOWN;
	if (S_ISSOCK(info.st_mode))
		return DRIVER_BINDERD;
	if (!S_ISCHR(info.st_mode))
		return DRIVER_UNKNOWN;
	return major(info.st_rdev) == MISC_MAJOR ? driver_of_misc(minor(info.st_rdev)) :
						   driver_of_major(major(info.st_rdev));
}

const char *kernel_driver_name(enum kernel_driver driver)
{
	static const char *const names[] = {
		[DRIVER_UNKNOWN] = "no driver",
		[DRIVER_BINDERD] = "binderd",
		[DRIVER_C] = "the kernel's driver in C",
		[DRIVER_RUST] = "the kernel's driver in Rust",
		[DRIVER_ANY] = "binder_any",
	};

	return names[driver];
}
