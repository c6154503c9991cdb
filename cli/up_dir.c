/* SPDX-License-Identifier: MIT */
/*
 * up_dir.c: finds the folder of `binderctl up`.
 */
#include "cli/up_dir.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A daemon works in the root folder, so a relative name has to be made a whole one here. */
static enum up_dir_result find_own(const char *own, char *ret, size_t size)
{
	char here[PATH_MAX] = "";

	if (*own != '/' && !getcwd(here, sizeof(here)))
		return UP_DIR_NOT_HERE;
	snprintf(ret, size, "%s%s%s", here, *here ? "/" : "",
		 *here && !strncmp(own, "./", 2) ? own + 2 : own);
	return UP_DIR_FOUND;
}

/* XDG_RUNTIME_DIR, or what a login would have set it to. */
static enum up_dir_result find_runtime(char *ret, size_t size)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char user[64];

	if (!runtime || !*runtime) {
		snprintf(user, sizeof(user), "/run/user/%u", (unsigned int)geteuid());
		runtime = user;
		if (access(user, W_OK | X_OK) != 0)
			return UP_DIR_NO_RUNTIME;
	}
	snprintf(ret, size, "%s/binder", runtime);
	return UP_DIR_FOUND;
}

enum up_dir_result up_dir_find(char *ret, size_t size)
{
	const char *own = getenv("BINDER_DIR");
	enum up_dir_result result = UP_DIR_FOUND;

	/* A folder that the user names is the one to use. */
	if (own && *own)
		result = find_own(own, ret, size);
	else if (geteuid() == 0)
		snprintf(ret, size, "/run/binder");
	else
		result = find_runtime(ret, size);
	if (result == UP_DIR_FOUND && strlen(ret) > UP_DIR_LONGEST)
		return UP_DIR_TOO_LONG;
	return result;
}

const char *up_dir_command(void)
{
	char dir[PATH_MAX];

	return up_dir_find(dir, sizeof(dir)) == UP_DIR_NO_RUNTIME ?
		       "export BINDER_DIR=$HOME/.binder; binderctl up" :
		       "binderctl up";
}
