/* SPDX-License-Identifier: MIT */
/*
 * value.c: files, devices and other values for shells.
 *
 * Silent about anything that fails, as complete.c is.
 */
#include "cli/complete/value.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/value/types.h"

/* ---- what lies in a folder ------------------------------------------------------------ */

typedef bool file_wanted(const char *name, const struct stat *info);

/* Names in a folder that go on from base, each with before in front of it. */
static void offer_entries(const struct completion *completion, const char *folder, const char *base,
			  const char *before, file_wanted *wanted)
{
	DIR *dir = opendir(*folder ? folder : ".");
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		struct stat info;

		if (strncmp(entry->d_name, base, strlen(base)) != 0 ||
		    (entry->d_name[0] == '.' && *base != '.') || strchr(entry->d_name, '\n') ||
		    !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    fstatat(dirfd(dir), entry->d_name, &info, 0) != 0 ||
		    !wanted(entry->d_name, &info))
			continue;
		fprintf(completion->out, "%s%s%s\n", before, entry->d_name,
			S_ISDIR(info.st_mode) ? "/" : "");
	}
	if (dir)
		closedir(dir);
}

static bool is_anything(const char *name, const struct stat *info)
{
	return true;
}

static bool is_folder(const char *name, const struct stat *info)
{
	return S_ISDIR(info->st_mode);
}

/* The path so far is word behind before; folder and name are taken apart at its last slash. */
static void offer_paths(const struct completion *completion, const char *word, const char *before,
			file_wanted *wanted)
{
	const char *path = word + strlen(before), *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	char *folder = strndup(path, base - path), *front = strndup(word, base - word);

	if (folder && front)
		offer_entries(completion, folder, base, front, wanted);
	free(folder);
	free(front);
}

void complete_files(const struct completion *completion, const char *word, const char *before)
{
	offer_paths(completion, word, before, is_anything);
}

void complete_folders(const struct completion *completion, const char *word, const char *before)
{
	offer_paths(completion, word, before, is_folder);
}

/* ---- devices ---------------------------------------------------------------------------- */

static const char *const usual_devices[] = { "binder", "hwbinder", "vndbinder", NULL };

static void offer_all(const struct completion *completion, const char *const *names,
		      const char *word, const char *before)
{
	for (int i = 0; names[i]; i++)
		offer_candidate(completion, names[i], word, before, "");
}

/* Others than the usual ones, which are offered anyhow. */
static bool is_other_device(const char *name, const struct stat *info)
{
	for (int i = 0; usual_devices[i]; i++)
		if (!strcmp(usual_devices[i], name))
			return false;
	return strcmp(name, "binder-control") != 0 &&
	       (S_ISSOCK(info->st_mode) || S_ISCHR(info->st_mode));
}

void complete_devices(const struct completion *completion, const char *word, const char *before)
{
	const char *own = getenv("BINDER_DIR"), *runtime = getenv("XDG_RUNTIME_DIR");
	const char *name = word + strlen(before);
	char folder[PATH_MAX];

	if (strchr(name, '/')) {
		complete_files(completion, word, before);
		return;
	}
	offer_all(completion, usual_devices, word, before);
	if (own && *own) {
		offer_entries(completion, own, name, before, is_other_device);
		return;
	}
	offer_entries(completion, "/dev/binderfs", name, before, is_other_device);
	if (runtime && *runtime) {
		snprintf(folder, sizeof(folder), "%s/binder", runtime);
		offer_entries(completion, folder, name, before, is_other_device);
	}
}

/* ---- words ------------------------------------------------------------------------------ */

void complete_domains(const struct completion *completion, const char *word, const char *before)
{
	static const char *const domains[] = { "system", "vendor", NULL };

	offer_all(completion, domains, word, before);
}

void complete_languages(const struct completion *completion, const char *word, const char *before)
{
	static const char *const languages[] = { "c", "aidl", NULL };

	offer_all(completion, languages, word, before);
}

void complete_reply_types(const struct completion *completion, const char *word, const char *before)
{
	const char *comma = strrchr(word, ','), *name;
	char *front = comma ? strndup(word, comma + 1 - word) : strdup(before);

	for (int i = 0; front && (name = value_type_name(i)); i++) {
		if (!strcmp(name, "null"))
			continue;
		offer_candidate(completion, name, word, front, "");
		if (value_type_has_array(i))
			offer_candidate(completion, name, word, front, "[]");
	}
	free(front);
}

static bool is_program(const char *name, const struct stat *info)
{
	return S_ISREG(info->st_mode) && (info->st_mode & 0111);
}

void complete_programs(const struct completion *completion, const char *word, const char *before)
{
	const char *name = word + strlen(before), *path = getenv("PATH");
	char *folders = path ? strdup(path) : NULL, *rest = folders, *folder;

	if (strchr(name, '/'))
		complete_files(completion, word, before);
	while (!strchr(name, '/') && (folder = strsep(&rest, ":")))
		offer_entries(completion, folder, name, before, is_program);
	free(folders);
}
