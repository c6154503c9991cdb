/* SPDX-License-Identifier: MIT */
/*
 * binderfs.c: the mounts of binderfs, and the devices in them.
 *
 * Called by the verb device.
 */
#include "cli/verbs/binderfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <mntent.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/android/binderfs.h>

#define CONTROL "binder-control"

/* ---- mounts ------------------------------------------------------------------------- */

void binderfs_each_mount(bool (*each)(const char *path, const char *options, void *cookie),
			 void *cookie)
{
	FILE *file = setmntent("/proc/self/mounts", "re");
	struct mntent *entry;

	while (file && (entry = getmntent(file)))
		if (!strcmp(entry->mnt_type, "binder") &&
		    !each(entry->mnt_dir, entry->mnt_opts, cookie))
			break;
	if (file)
		endmntent(file);
}

static bool prefer_usual(const char *path, const char *options, void *cookie)
{
	char *found = cookie;

	if (!*found || !strcmp(path, BINDERFS_USUAL))
		snprintf(found, PATH_MAX, "%s", path);
	return strcmp(path, BINDERFS_USUAL) != 0;
}

bool binderfs_find(char path[static PATH_MAX])
{
	*path = '\0';
	binderfs_each_mount(prefer_usual, path);
	return *path;
}

struct wanted {
	const char *path;
	bool found;
};

static bool compare(const char *path, const char *options, void *cookie)
{
	struct wanted *wanted = cookie;

	wanted->found |= !strcmp(path, wanted->path);
	return !wanted->found;
}

bool binderfs_is_mounted(const char *path)
{
	char real[PATH_MAX];
	struct wanted wanted = { .path = realpath(path, real) ? real : path };

	binderfs_each_mount(compare, &wanted);
	return wanted.found;
}

int binderfs_mount(const char *folder, unsigned int max, bool stats)
{
	char options[64] = "";

	if (max)
		snprintf(options, sizeof(options), "max=%u%s", max, stats ? "," : "");
	if (stats)
		strcat(options, "stats=global");
	return mount("binder", folder, "binder", MS_NOSUID | MS_NOEXEC, options) ? -errno : 0;
}

/* ---- devices ------------------------------------------------------------------------ */

void binderfs_each_device(const char *folder, void (*each)(const char *path, void *cookie),
			  void *cookie)
{
	struct dirent **names = NULL;
	char path[PATH_MAX];
	struct stat info;
	int count = scandir(folder, &names, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		int length = snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);

		if (length < (int)sizeof(path) && strcmp(names[i]->d_name, CONTROL) != 0 &&
		    lstat(path, &info) == 0 && (S_ISCHR(info.st_mode) || S_ISSOCK(info.st_mode)))
			each(path, cookie);
		free(names[i]);
	}
	free(names);
}

int binderfs_add(const char *mount, const char *name)
{
	struct binderfs_device device = { .major = 0 };
	char control[PATH_MAX + sizeof(CONTROL)];
	int fd, r;

	if (strlen(name) > BINDERFS_MAX_NAME)
		return -ENAMETOOLONG;
	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EINVAL;
	snprintf(control, sizeof(control), "%s/" CONTROL, mount);
	memcpy(device.name, name, strlen(name));
	fd = open(control, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = ioctl(fd, BINDER_CTL_ADD, &device) ? -errno : 0;
	close(fd);
	return r;
}

/* ---- who may use them ---------------------------------------------------------------- */

/* A name, or a number.  Empty: as it is. */
static int parse_user(const char *word, uid_t *ret)
{
	struct passwd *user = getpwnam(word);
	char *end;
	unsigned long number;

	if (!*word)
		return 0;
	errno = 0;
	number = strtoul(word, &end, 10);
	if (!user && (*end || errno || number >= (uid_t)-1))
		return -EINVAL;
	*ret = user ? user->pw_uid : (uid_t)number;
	return 0;
}

static int parse_group(const char *word, gid_t *ret)
{
	struct group *group = getgrnam(word);
	char *end;
	unsigned long number;

	if (!*word)
		return 0;
	errno = 0;
	number = strtoul(word, &end, 10);
	if (!group && (*end || errno || number >= (gid_t)-1))
		return -EINVAL;
	*ret = group ? group->gr_gid : (gid_t)number;
	return 0;
}

int access_parse(const char *mode, const char *owner, struct access *ret)
{
	struct access access = { .uid = (uid_t)-1, .gid = (gid_t)-1 };
	char user[64], *end = NULL;
	const char *colon = owner ? strchr(owner, ':') : NULL;
	unsigned long number = mode ? strtoul(mode, &end, 8) : 0;
	int r = 0;

	if (mode && (*end || !*mode || *mode == '-' || number > 0777))
		return -EINVAL;
	access.has_mode = mode;
	access.mode = (mode_t)number;
	if (owner) {
		int length = colon ? (int)(colon - owner) : (int)strlen(owner);

		if (length >= (int)sizeof(user))
			return -EINVAL;
		snprintf(user, sizeof(user), "%.*s", length, owner);
		r = parse_user(user, &access.uid);
	}
	if (!r && colon)
		r = parse_group(colon + 1, &access.gid);
	if (!r)
		*ret = access;
	return r;
}

int access_apply(const struct access *access, const char *path)
{
	if ((access->uid != (uid_t)-1 || access->gid != (gid_t)-1) &&
	    lchown(path, access->uid, access->gid))
		return -errno;
	return access->has_mode && chmod(path, access->mode) ? -errno : 0;
}
