/* SPDX-License-Identifier: MIT */
/*
 * view.c: reads what a kernel's driver shows of its state, wherever that is.
 *
 * Called by driver.c for character devices; binderd is asked over its channel.
 */
#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEBUGFS "/sys/kernel/debug/"

/* Files of debugfs have no size: until the end. */
static int read_all(int fd, char **ret)
{
	size_t used = 0, room = 1 << 16;
	char *text = malloc(room);
	ssize_t n = 1;

	while (text && n > 0) {
		if (room - used < 2) {
			char *larger = realloc(text, room * 2);

			if (!larger)
				free(text);
			text = larger;
			room *= 2;
			continue;
		}
		do
			n = read(fd, text + used, room - used - 1);
		while (n < 0 && errno == EINTR);
		used += n > 0 ? (size_t)n : 0;
	}
	if (!text)
		return -ENOMEM;
	if (n < 0) {
		int r = -errno;

		free(text);
		return r;
	}
	text[used] = '\0';
	*ret = text;
	return 0;
}

static int read_path(const char *path, char **ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return -errno;
	r = read_all(fd, ret);
	close(fd);
	return r;
}

int view_read_file(const char *const *folders, const char *name, char **ret, char *failed,
		   size_t failed_size)
{
	int failure = 0;

	for (; *folders; folders++) {
		char path[PATH_MAX];
		int r = snprintf(path, sizeof(path), "%s/%s", *folders, name);

		r = r < (int)sizeof(path) ? read_path(path, ret) : -ENAMETOOLONG;
		if (r == 0)
			return 0;
		/* What is there but cannot be read is the better thing to complain about. */
		if (!failure || (failure == -ENOENT && r != -ENOENT)) {
			failure = r;
			snprintf(failed, failed_size, "%s", path);
		}
	}
	return failure ? failure : -ENOENT;
}

/*
 * A process's file is not there when it has not opened the device: then it must not be that of
 * another driver's.  So only the first folder counts that is a driver's at all.
 */
static void keep_first_driver(const char **folders)
{
	for (size_t i = 0; folders[i]; i++) {
		char path[PATH_MAX];
		int n = snprintf(path, sizeof(path), "%s/stats", folders[i]);

		if (n >= (int)sizeof(path) || access(path, F_OK) != 0)
			continue;
		folders[0] = folders[i];
		folders[1] = NULL;
		return;
	}
}

int view_read_kernel(const char *device, const char *name, char **ret, char *failed,
		     size_t failed_size)
{
	char real[PATH_MAX], logs[PATH_MAX + 16], module[PATH_MAX + 64];
	const char *folders[4] = { NULL };
	size_t count = 0;
	char *slash;

	if (realpath(device, real) && (slash = strrchr(real, '/'))) {
		*slash = '\0';
		/* /dev/binder is often a link into a binderfs, which can have logs of its own. */
		snprintf(logs, sizeof(logs), "%s/binder_logs", real);
		folders[count++] = logs;
		/* Our module's devices are in /dev itself, and have a folder each. */
		snprintf(module, sizeof(module), DEBUGFS "binder_any/%s", slash + 1);
		if (!strcmp(real, "/dev"))
			folders[count++] = module;
	}
	/* The kernel's own. */
	folders[count++] = DEBUGFS "binder";
	if (strchr(name, '/'))
		keep_first_driver(folders);
	return view_read_file(folders, name, ret, failed, failed_size);
}
