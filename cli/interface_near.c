/* SPDX-License-Identifier: MIT */
/*
 * interface_near.c: which type of the AIDL files that there are was probably meant.
 *
 * Looks at the names of files alone, in all folders of a library.
 */
#include "cli/interface.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 12
#define MOST_FILES 4096
#define MOST_LOOKED_AT 20000 /* --aidl may be given the root of a whole Android */

/* suggest() takes no context: qualified names, and how many. */
static char **found;
static int found_count, looked_at;

static const char *last_part(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : name;
}

static const char *candidate(int index)
{
	return index < found_count ? last_part(found[index]) : NULL;
}

/* "com/example/IFoo.aidl" as "com.example.IFoo".  A folder whose name is no package's, such as
 * android-30, is one of the library's own: false. */
static bool name_of(char *path)
{
	char *end = strrchr(path, '.'), *part = path;

	*end = 0;
	for (char *slash; (slash = strchr(part, '/')); part = slash + 1) {
		*slash = 0;
		if (!interface_is_name(part))
			return false;
		*slash = '.';
	}
	return interface_is_name(part);
}

static size_t folder_length;

static int look_at(const char *path, const struct stat *info, int kind, struct FTW *where)
{
	char *name;

	if (++looked_at == MOST_LOOKED_AT)
		return 1;
	if (kind != FTW_F || where->level > DEEPEST || !interface_is_file(path))
		return 0;
	name = strdup(path + folder_length + strspn(path + folder_length, "/"));
	if (name && name_of(name))
		found[found_count++] = name;
	else
		free(name);
	return found_count == MOST_FILES;
}

char *interface_near(const struct aidl_library *library, const char *name)
{
	const char *folder, *near;
	char *result = NULL;

	found_count = looked_at = 0;
	found = calloc(MOST_FILES, sizeof(*found));
	for (size_t i = 0; found && (folder = aidl_library_path(library, i)); i++) {
		folder_length = strlen(folder);
		if (found_count < MOST_FILES && looked_at < MOST_LOOKED_AT)
			nftw(folder, look_at, 16, 0);
	}
	near = found ? suggest(last_part(name), candidate) : NULL;
	for (int i = 0; i < found_count; i++) {
		if (near && last_part(found[i]) == near)
			result = found[i];
		else
			free(found[i]);
	}
	free(found);
	found = NULL;
	return result;
}
