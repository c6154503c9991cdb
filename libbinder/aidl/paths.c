/* SPDX-License-Identifier: MIT */
/*
 * paths.c: where .aidl files are looked for when nobody says where.
 *
 * Called by binderctl and the Lua module; hands each folder that exists on to
 * the library's list.
 */
#include "internal.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUBFOLDER "binder/aidl"

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static binder_status_t add_if_there(struct aidl_library *library, const char *path)
{
	return is_folder(path) ? aidl_library_add_path(library, path) : STATUS_OK;
}

/* android-N of the first word N that has such a folder. */
static binder_status_t add_version(struct aidl_library *library, const char *folder,
				   const char *words)
{
	char path[PATH_MAX];

	while (words && *words) {
		size_t length = strcspn(words, " ");

		snprintf(path, sizeof(path), "%s/android-%.*s", folder, (int)length, words);
		if (length && length < 8 && !memchr(words, '/', length) && is_folder(path))
			return aidl_library_add_path(library, path);
		words += length;
		words += strspn(words, " ");
	}
	return STATUS_OK;
}

/* A folder of data, and before it that of the Android version which was asked for: what differs
 * between versions stands there. */
static binder_status_t add_data(struct aidl_library *library, const char *base, size_t length)
{
	const char *words = library->android ? library->android : secure_getenv("BINDER_ANDROID");
	char path[PATH_MAX - 32];
	binder_status_t status;
	int size = snprintf(path, sizeof(path), "%.*s/" SUBFOLDER, (int)length, base);

	/* A relative one would mean something else in each folder. */
	if (base[0] != '/' || size < 0 || (size_t)size >= sizeof(path))
		return STATUS_OK;
	status = add_version(library, path, words);
	return status == STATUS_OK ? add_if_there(library, path) : status;
}

/* Each of a list of folders with colons between. */
static binder_status_t add_list(struct aidl_library *library, const char *list,
				binder_status_t (*add)(struct aidl_library *library,
						       const char *folder, size_t length))
{
	binder_status_t status = STATUS_OK;

	while (list && *list && status == STATUS_OK) {
		size_t length = strcspn(list, ":");

		if (length && length < PATH_MAX)
			status = add(library, list, length);
		list += length + (list[length] == ':');
	}
	return status;
}

static binder_status_t add_named(struct aidl_library *library, const char *folder, size_t length)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%.*s", (int)length, folder);
	return aidl_library_add_path(library, path);
}

static binder_status_t add_of_user(struct aidl_library *library)
{
	const char *data = secure_getenv("XDG_DATA_HOME"), *home = secure_getenv("HOME");
	char path[PATH_MAX];

	if (data && *data)
		return add_data(library, data, strlen(data));
	if (!home || snprintf(path, sizeof(path), "%s/.local/share", home) >= (int)sizeof(path))
		return STATUS_OK;
	return add_data(library, path, strlen(path));
}

/* bin/binderctl and lib/libbinder.so have share/binder/aidl beside their folder: installed, and in
 * the build tree. */
static binder_status_t add_beside(struct aidl_library *library, const char *file)
{
	char path[PATH_MAX], *slash;

	if (!realpath(file, path))
		return STATUS_OK;
	for (int i = 0; i < 2; i++) {
		slash = strrchr(path, '/');
		if (!slash)
			return STATUS_OK;
		*slash = '\0';
	}
	if (strlen(path) + sizeof("/share") > sizeof(path))
		return STATUS_OK;
	strcat(path, "/share");
	return add_data(library, path, strlen(path));
}

static binder_status_t add_own(struct aidl_library *library)
{
	binder_status_t status = add_beside(library, "/proc/self/exe");
	Dl_info self;

	if (status == STATUS_OK && dladdr((void *)(uintptr_t)aidl_library_new, &self) &&
	    self.dli_fname && strchr(self.dli_fname, '/'))
		status = add_beside(library, self.dli_fname);
	return status;
}

binder_status_t aidl_library_add_usual_paths(struct aidl_library *library)
{
	const char *system = secure_getenv("XDG_DATA_DIRS");
	binder_status_t status = add_list(library, secure_getenv("BINDER_AIDL_PATH"), add_named);

	if (status == STATUS_OK)
		status = add_of_user(library);
	if (status == STATUS_OK)
		status = add_own(library);
	if (status == STATUS_OK)
		status = add_list(library,
				  system && *system ? system : "/usr/local/share:/usr/share",
				  add_data);
	return status;
}

const char *aidl_library_path(const struct aidl_library *library, size_t index)
{
	const struct aidl_directory *directory = library->directories;

	while (directory && index--)
		directory = directory->next;
	return directory ? directory->path : NULL;
}
