/* SPDX-License-Identifier: MIT */
/*
 * machine.c: the files of a machine, below its root folder.
 *
 * Called by the checks of kernel.c, modules.c, trust.c and binderfs.c.
 */
#include "cli/doctor/machine.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const machine_module[MODULES] = {
	[MODULE_BINDER_ANY] = "binder_any",
	[MODULE_BINDER_LINUX] = "binder_linux",
	[MODULE_RUST_BINDER] = "rust_binder",
};

/* False: it is too long. */
static bool put_path(const struct machine *machine, char path[static PATH_MAX], const char *format,
		     va_list args)
{
	int root = snprintf(path, PATH_MAX, "%s", machine->root);
	int rest = vsnprintf(path + root, PATH_MAX - (size_t)root, format, args);

	return rest >= 0 && rest < PATH_MAX - root;
}

FILE *machine_open(const struct machine *machine, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	bool fits;
	FILE *file;
	int fd;

	va_start(args, format);
	fits = put_path(machine, path, format, args);
	va_end(args);
	/* A FIFO in a saved tree does not make us wait. */
	fd = fits ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
	file = fd >= 0 ? fdopen(fd, "r") : NULL;
	if (!file && fd >= 0)
		close(fd);
	return file;
}

/* A link counts as there, wherever it points: saved ones point at this machine's files. */
bool machine_has(const struct machine *machine, const char *format, ...)
{
	char path[PATH_MAX];
	struct stat info;
	va_list args;
	bool fits;

	va_start(args, format);
	fits = put_path(machine, path, format, args);
	va_end(args);
	return fits && lstat(path, &info) == 0;
}

bool machine_line(const struct machine *machine, char *line, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	bool found;
	FILE *file;

	va_start(args, format);
	found = put_path(machine, path, format, args);
	va_end(args);
	file = found ? machine_open(machine, "%s", path + strlen(machine->root)) : NULL;
	found = file && fgets(line, (int)size, file);
	if (found)
		line[strcspn(line, "\n")] = '\0';
	if (file)
		fclose(file);
	return found;
}

void machine_init(struct machine *machine, const char *root)
{
	size_t length;

	*machine = (struct machine){ .c = BUILT_UNKNOWN };
	snprintf(machine->root, sizeof(machine->root), "%s", root ? root : "");
	for (length = strlen(machine->root); length && machine->root[length - 1] == '/'; length--)
		machine->root[length - 1] = '\0';
	machine_line(machine, machine->release, sizeof(machine->release),
		     "/proc/sys/kernel/osrelease");
}

bool machine_is_rust(const struct machine *machine)
{
	if (machine->impl)
		return machine->impl == 'r';
	if (machine->loaded[MODULE_BINDER_LINUX] || machine->c == BUILT_IN)
		return false;
	return machine->loaded[MODULE_RUST_BINDER] || machine->rust == BUILT_IN;
}
