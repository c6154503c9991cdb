/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * path.c: which paths are devices of ours, and where their sockets are.
 *
 * Called by open.c and probe.c for each path that a program names, so what is
 * not below /dev ends at once; by table.c for descriptors from elsewhere.
 */
#include "preload.h"

#include "real.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

/* The file's type, 0 when it is not there. */
static unsigned int type_of(const char *path)
{
	struct statx stx;

	if (syscall(SYS_statx, AT_FDCWD, path, 0, STATX_TYPE, &stx) < 0)
		return 0;
	return stx.stx_mode & S_IFMT;
}

/* What the kernel's binderfs would offer. */
static const char *const features[] = {
	"extended_error",
	"freeze_notification",
	"oneway_spam_detection",
};

#define FEATURES "/dev/binderfs/features/"
#define BINDERFS "/dev/binderfs/"

/* The name of the device at this path; NULL: not ours. */
static const char *device_name(const char *path)
{
	static const char *const fixed[] = { "binder", "hwbinder", "vndbinder" };

	if (!path || strncmp(path, "/dev/", 5) != 0)
		return NULL;
	if (strncmp(path, BINDERFS, strlen(BINDERFS)) == 0) {
		const char *name = path + strlen(BINDERFS);

		return *name && *name != '.' && !strchr(name, '/') ? name : NULL;
	}
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (strcmp(path + 5, fixed[i]) == 0)
			return path + 5;
	}
	return NULL;
}

/* The folders where a daemon may be, best first; false: no more of them. */
static bool place(unsigned int index, char *ret, size_t size)
{
	const char *own = secure_getenv("BINDER_DIR");
	const char *runtime = secure_getenv("XDG_RUNTIME_DIR");
	int n;

	/* Somebody who names a private world must never land in the system's. */
	if (own && *own) {
		n = snprintf(ret, size, "%s", index == 0 ? own : "");
		return n > 0 && (size_t)n < size;
	}
	if (geteuid() == 0)
		index++;
	switch (index) {
	case 0:
		if (runtime && *runtime)
			n = snprintf(ret, size, "%s/binder", runtime);
		else
			n = snprintf(ret, size, "/run/user/%u/binder", (unsigned int)geteuid());
		return n > 0 && (size_t)n < size;
	case 1:
		n = snprintf(ret, size, "/run/binder");
		return n > 0 && (size_t)n < size;
	default:
		return false;
	}
}

bool preload_find(const char *path, char *ret, size_t size)
{
	const char *name = device_name(path);
	char dir[4096];

	/* A kernel's own device is left alone, but not for somebody in a private world. */
	if (!name || (!secure_getenv("BINDER_DIR") && type_of(path) == S_IFCHR))
		return false;
	for (unsigned int i = 0; place(i, dir, sizeof(dir)); i++) {
		int n = snprintf(ret, size, "%s/%s", dir, name);

		if (n > 0 && (size_t)n < size && type_of(ret) == S_IFSOCK)
			return true;
	}
	return false;
}

bool preload_is_device_address(const char *address)
{
	const char *name = strrchr(address, '/');
	char dir[4096];

	if (!name || name == address)
		return false;
	/* How a daemon names a path that is too long for an address. */
	if (strncmp(address, "/proc/self/fd/", 14) == 0)
		return true;
	for (unsigned int i = 0; place(i, dir, sizeof(dir)); i++) {
		size_t length = strlen(dir);

		while (length > 1 && dir[length - 1] == '/')
			length--;
		if ((size_t)(name - address) >= length && strncmp(address, dir, length) == 0 &&
		    strspn(address + length, "/") == (size_t)(name - address) - length + 1)
			return true;
	}
	return false;
}

bool preload_is_feature(const char *path)
{
	char socket[4096];

	if (!path || strncmp(path, FEATURES, strlen(FEATURES)) != 0 || type_of(path))
		return false;
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		if (strcmp(path + strlen(FEATURES), features[i]) == 0)
			return preload_find("/dev/binder", socket, sizeof(socket));
	}
	return false;
}
