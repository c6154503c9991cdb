/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * path.c: which paths are devices of ours, or belong to the binderfs that the kernel would have.
 *
 * The files that stand in front of the C library call preload_resolve() for each path that a
 * program names, so a path that is not below /dev costs one comparison; table.c asks for
 * descriptors from elsewhere.
 */
#include "preload.h"

#include "real.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#define BINDERFS "/dev/binderfs"

static const char *const devices[] = { "binder", "hwbinder", "vndbinder" };

static const struct {
	const char *name;
	enum preload_kind kind;
} fixed[] = {
	{ "", PRELOAD_DIRECTORY },
	{ "binder_logs", PRELOAD_DIRECTORY },
	{ "binder_logs/failed_transaction_log", PRELOAD_FILE },
	{ "binder_logs/proc", PRELOAD_DIRECTORY },
	{ "binder_logs/state", PRELOAD_FILE },
	{ "binder_logs/stats", PRELOAD_FILE },
	{ "binder_logs/transaction_log", PRELOAD_FILE },
	{ "binder_logs/transactions", PRELOAD_FILE },
	{ "features", PRELOAD_DIRECTORY },
	{ "features/extended_error", PRELOAD_FILE },
	{ "features/freeze_notification", PRELOAD_FILE },
	{ "features/oneway_spam_detection", PRELOAD_FILE },
};

const char *preload_fixed(size_t index)
{
	return index < sizeof(fixed) / sizeof(fixed[0]) ? fixed[index].name : NULL;
}

/* The file's type, 0 when it is not there. */
static unsigned int type_of(const char *path)
{
	struct statx stx;

	if (preload_real_syscall(SYS_statx, (long)AT_FDCWD, path, 0L, (long)STATX_TYPE, &stx) < 0)
		return 0;
	return stx.stx_mode & S_IFMT;
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

/* Whoever named a private world must not see the kernel's. */
static bool is_private(void)
{
	const char *own = secure_getenv("BINDER_DIR");

	return own && *own;
}

/* The socket of this name; false: no daemon has it. */
static bool find_socket(const char *name, char *ret, size_t size)
{
	char dir[PRELOAD_PATH_MAX];

	for (unsigned int i = 0; place(i, dir, sizeof(dir)); i++) {
		int n = snprintf(ret, size, "%s/%s", dir, name);

		if (n > 0 && (size_t)n < size && type_of(ret) == S_IFSOCK)
			return true;
	}
	return false;
}

/* A folder of a daemon that has at least one device. */
static bool find_folder(char *ret, size_t size)
{
	char socket[PRELOAD_PATH_MAX];

	for (unsigned int i = 0; place(i, ret, size); i++) {
		for (size_t k = 0; k < sizeof(devices) / sizeof(devices[0]); k++) {
			int n = snprintf(socket, sizeof(socket), "%s/%s", ret, devices[k]);

			if (n > 0 && (size_t)n < sizeof(socket) && type_of(socket) == S_IFSOCK)
				return true;
		}
	}
	return false;
}

static enum preload_kind kind_of(const char *name)
{
	const char *pid = name + strlen(PRELOAD_PROC);

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (!strcmp(name, fixed[i].name))
			return fixed[i].kind;
	if (!strchr(name, '/'))
		return PRELOAD_DEVICE;
	return !strncmp(name, PRELOAD_PROC, strlen(PRELOAD_PROC)) && *pid >= '1' && *pid <= '9' &&
			       pid[strspn(pid, "0123456789")] == '\0' ?
		       PRELOAD_FILE :
		       PRELOAD_ELSEWHERE;
}

/* Without slashes and dots that mean nothing.  False: it is too long, or has .. in it. */
static bool tidy(const char *path, char *ret, size_t size, bool *slash_ret)
{
	size_t used = 0;

	*ret = '\0';
	for (;;) {
		size_t length;

		path += strspn(path, "/");
		length = strcspn(path, "/");
		if (!length)
			break;
		*slash_ret = path[length] == '/';
		if (length == 2 && !strncmp(path, "..", 2))
			return false;
		if (length != 1 || *path != '.') {
			int n = snprintf(ret + used, size - used, "/%.*s", (int)length, path);

			if (n < 0 || (size_t)n >= size - used)
				return false;
			used += (size_t)n;
		}
		path += length;
	}
	return true;
}

/* Of a tidy path.  The kernel's own device or binderfs is left alone. */
static bool resolve(const char *tidied, struct preload_path *ret)
{
	const char *name = tidied + strlen(BINDERFS);

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		if (strcmp(tidied + strlen("/dev/"), devices[i]) != 0)
			continue;
		if (!is_private() && type_of(tidied) == S_IFCHR)
			return false;
		ret->kind = PRELOAD_DEVICE;
		ret->in_binderfs = false;
		snprintf(ret->name, sizeof(ret->name), "%s", devices[i]);
		return find_socket(devices[i], ret->socket, sizeof(ret->socket));
	}
	if (strncmp(tidied, BINDERFS, strlen(BINDERFS)) != 0 || (*name && *name != '/'))
		return false;
	if (!is_private() && type_of(BINDERFS "/binder-control") == S_IFCHR)
		return false;
	name += *name == '/';
	ret->kind = kind_of(name);
	ret->in_binderfs = true;
	if (ret->kind == PRELOAD_ELSEWHERE || strlen(name) >= sizeof(ret->name) || *name == '.')
		return false;
	strcpy(ret->name, name);
	return ret->kind == PRELOAD_DEVICE ? find_socket(name, ret->socket, sizeof(ret->socket)) :
					     find_folder(ret->socket, sizeof(ret->socket));
}

static bool resolve_any(int dir, const char *path, struct preload_path *ret)
{
	char whole[PRELOAD_PATH_MAX], tidied[sizeof(BINDERFS) + sizeof(ret->name)];
	const char *below;
	bool slash = false;

	if (*path != '/') {
		below = preload_directory_name(dir);
		if (!below || snprintf(whole, sizeof(whole), BINDERFS "/%s/%s", below, path) >=
				      (int)sizeof(whole))
			return false;
		path = whole;
	}
	if (!tidy(path, tidied, sizeof(tidied), &slash) ||
	    strncmp(tidied, "/dev/", strlen("/dev/")) != 0 || !resolve(tidied, ret))
		return false;
	ret->slash = slash;
	return true;
}

bool preload_resolve(int dir, const char *path, struct preload_path *ret)
{
	int before = errno;
	bool found;

	/* The first letters tell most paths from ours. */
	if (!path || !*path ||
	    (*path == '/' ? path[1] != 'd' && path[1] != '/' && path[1] != '.' :
			    !preload_has_directories()))
		return false;
	found = resolve_any(dir, path, ret);
	errno = before;
	return found;
}

void preload_each_device(bool (*each)(const char *name, const char *socket, void *cookie),
			 void *cookie)
{
	char dir[PRELOAD_PATH_MAX], socket[PRELOAD_PATH_MAX], first[PRELOAD_PATH_MAX];

	for (unsigned int i = 0; place(i, dir, sizeof(dir)); i++) {
		DIR *folder = preload_real()->opendir(dir);
		struct dirent *entry;
		bool more = true;

		while (folder && more && (entry = preload_real()->readdir(folder))) {
			int n = snprintf(socket, sizeof(socket), "%s/%s", dir, entry->d_name);

			/* Of two of a name, programs get the first. */
			if (entry->d_name[0] != '.' && n > 0 && (size_t)n < sizeof(socket) &&
			    type_of(socket) == S_IFSOCK &&
			    find_socket(entry->d_name, first, sizeof(first)) &&
			    !strcmp(first, socket))
				more = each(entry->d_name, socket, cookie);
		}
		if (folder)
			preload_real()->closedir(folder);
		if (!more)
			return;
	}
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
