/* SPDX-License-Identifier: MIT */
/*
 * device_change.c: `binderctl device mount`, `add` and `remove`.
 *
 * Called by device.c; hands on to binderfs.c, whose errnos it words.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/kernel_driver.h"
#include "cli/verbs/binderfs.h"
#include "cli/verbs/device.h"
#include "cli/peer.h"

/* ---- common ---------------------------------------------------------------------------- */

/* In a user namespace root may mount a binderfs, but not with stats=global. */
static bool is_first_namespace(void)
{
	FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned long inside = 1, outside = 1, count = 0;
	bool read = file && fscanf(file, "%lu %lu %lu", &inside, &outside, &count) == 3;

	if (file)
		fclose(file);
	return !read || (inside == 0 && outside == 0 && count >= 4294967295UL);
}

static int read_access(const struct arguments *arguments, struct access *access)
{
	const char *mode = option_value(arguments, "mode"),
		   *owner = option_value(arguments, "owner");
	struct access one;

	if (access_parse(mode, NULL, &one) != 0)
		return fail(arguments, EXIT_USAGE, "--mode 660", "--mode: '%s' is no mode", mode);
	if (access_parse(mode, owner, access) != 0)
		return fail(arguments, EXIT_USAGE, "--owner root:plugdev",
			    "--owner: '%s' names no user or group of this machine", owner);
	return EXIT_OK;
}

/* The words before a colon, and what may help. */
static int not_changed(const struct arguments *arguments, const char *what, int r)
{
	switch (-r) {
	case EPERM:
	case EACCES:
		return fail(
			arguments, EXIT_OTHER,
			"the same as root (sudo)\n"
			"     unshare -Urm sh        a shell that may mount a binderfs of its own",
			"%s: it takes CAP_SYS_ADMIN or the owner of binder-control", what);
	case ENODEV:
		return fail(arguments, EXIT_NO_DRIVER,
			    "binderctl doctor       says which driver this kernel has\n"
			    "     sudo modprobe binder_linux   where the driver is a module",
			    "%s: this kernel has no binderfs", what);
	case EEXIST:
		return fail(arguments, EXIT_OTHER, "binderctl device list",
			    "%s: there is one of that name", what);
	case ENOSPC:
		return fail(
			arguments, EXIT_OTHER,
			"binderctl device remove NAME, or mount it again with a larger --max",
			"%s: the limit of devices is reached (max= of the mount, or 1048576 in all)",
			what);
	case EBUSY:
		return fail(arguments, EXIT_OTHER, "binderctl device list",
			    "%s: it is busy: something is mounted there, or in use", what);
	case EINVAL:
		return fail(arguments, EXIT_OTHER, NULL, "%s: it is no name of a device", what);
	default:
		return fail(arguments, EXIT_OTHER, NULL, "%s: %s", what, strerror(-r));
	}
}

static int find_mount(const struct arguments *arguments, char path[static PATH_MAX])
{
	const char *wanted = option_value(arguments, "mount");

	if (!wanted && binderfs_find(path))
		return EXIT_OK;
	if (!wanted)
		return fail(arguments, EXIT_NO_DRIVER, "sudo binderctl device mount",
			    "no binderfs is mounted");
	if (!binderfs_is_mounted(wanted)) {
		char hint[PATH_MAX + 64];

		snprintf(hint, sizeof(hint), "sudo binderctl device mount %s", wanted);
		return fail(arguments, EXIT_NO_DRIVER, hint, "%s is no binderfs", wanted);
	}
	snprintf(path, PATH_MAX, "%s", wanted);
	return EXIT_OK;
}

/* The answer of all three: the folder and its devices. */
struct change {
	const struct access *access;
	json_t *devices;
	const char *mount;
	int r;
	char failed[PATH_MAX];
};

static void finish_device(const char *path, void *cookie)
{
	struct change *change = cookie;
	int r = change->access ? access_apply(change->access, path) : 0;

	if (r && !change->r) {
		change->r = r;
		snprintf(change->failed, sizeof(change->failed), "%s", path);
	}
	if (change->devices)
		json_array_append_new(change->devices, json_string(path));
}

static json_t *change_json(const void *what)
{
	const struct change *change = what;

	return json_pack("{s:s, s:O}", "mount", change->mount, "devices", change->devices);
}

static void change_text(const void *what, struct sink *sink)
{
	const struct change *change = what;
	size_t i;
	json_t *device;

	json_array_foreach(change->devices, i, device)
		sink_print(sink, "%s\n", json_string_value(device));
}

/* ---- mount ------------------------------------------------------------------------------ */

static int read_max(const struct arguments *arguments, unsigned int *max)
{
	const char *text = option_value(arguments, "max");
	char *end;
	unsigned long number;

	*max = 0;
	if (!text)
		return EXIT_OK;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (*end || errno || *text == '-' || !number || number > 1048576)
		return fail(arguments, EXIT_USAGE, "--max 16",
			    "--max: '%s' is no number from 1 to 1048576", text);
	*max = (unsigned int)number;
	return EXIT_OK;
}

static int put_mounted(struct sink *sink, const char *folder, const struct access *access)
{
	struct change change = { .access = access, .devices = json_array(), .mount = folder };
	int result;

	binderfs_each_device(folder, finish_device, &change);
	if (change.r) {
		result = not_changed(sink->arguments, change.failed, change.r);
	} else {
		result = sink_put(sink, &change, change_json, change_text);
		if (result == EXIT_OK && !json_array_size(change.devices) && !sink->json)
			sink_print(sink,
				   "%s is mounted; the driver was told no names, so add them:\n"
				   "    sudo binderctl device add --mount %s binder hwbinder "
				   "vndbinder\n",
				   folder, folder);
	}
	json_decref(change.devices);
	return result;
}

int device_mount(struct session *session, struct sink *sink)
{
	const struct arguments *arguments = session->arguments;
	const char *folder = arguments->argc > 1 ? arguments->argv[1] : BINDERFS_USUAL;
	const bool stats = is_first_namespace();
	struct access access;
	unsigned int max;
	bool made;
	int result = read_access(arguments, &access), r;

	if (result == EXIT_OK)
		result = read_max(arguments, &max);
	if (result != EXIT_OK)
		return result;
	if (binderfs_is_mounted(folder))
		return fail(arguments, EXIT_OTHER, "binderctl device list",
			    "a binderfs is mounted at %s", folder);
	made = mkdir(folder, 0755) == 0;
	r = made || errno == EEXIST ? binderfs_mount(folder, max, stats) : -errno;
	if (r && made)
		rmdir(folder);
	if (r)
		return not_changed(arguments, folder, r);
	return put_mounted(sink, folder, &access);
}

/* ---- add ---------------------------------------------------------------------------------- */

int device_add(struct session *session, struct sink *sink)
{
	const struct arguments *arguments = session->arguments;
	char mount[PATH_MAX], path[PATH_MAX + NAME_MAX + 2];
	struct change change = { .mount = mount };
	struct access access;
	int result = read_access(arguments, &access);

	if (result == EXIT_OK)
		result = find_mount(arguments, mount);
	if (result != EXIT_OK)
		return result;
	change.devices = json_array();
	for (int i = 1; i < arguments->argc && result == EXIT_OK; i++) {
		int r = binderfs_add(mount, arguments->argv[i]);

		snprintf(path, sizeof(path), "%s/%s", mount, arguments->argv[i]);
		if (!r)
			r = access_apply(&access, path);
		if (r)
			result = not_changed(arguments, path, r);
		else
			json_array_append_new(change.devices, json_string(path));
	}
	if (result == EXIT_OK)
		result = sink_put(sink, &change, change_json, change_text);
	json_decref(change.devices);
	return result;
}

/* ---- remove -------------------------------------------------------------------------------- */

/* Who would lose it: a process that serves handle 0. */
static int refuse_busy(struct session *session, const char *path)
{
	ABinderConnection *connection = NULL;
	struct peer peer = { .pid = 0 };
	binder_status_t status;

	status = ABinderConnection_openWithin(path, session_reach(session), &connection);
	if (status == STATUS_OK)
		status = peer_of_manager(connection, session_reach(session), &peer);
	ABinderConnection_close(connection);
	if (status != STATUS_OK && status != STATUS_TIMED_OUT)
		return EXIT_OK;
	if (peer.pid > 0)
		return fail(session->arguments, EXIT_OTHER,
			    "stop it first, or --force: calls that are under way go on then",
			    "%s is busy: %s, pid %d, serves its handle 0", path, peer.program,
			    (int)peer.pid);
	return fail(session->arguments, EXIT_OTHER,
		    "stop it first, or --force: calls that are under way go on then",
		    "%s is busy: a process serves its handle 0", path);
}

static int remove_one(struct session *session, const char *path)
{
	struct stat info;
	int result = EXIT_OK;

	if (lstat(path, &info) != 0)
		return fail(session->arguments, EXIT_OTHER, "binderctl device list", "%s: %s", path,
			    strerror(errno));
	if (!S_ISCHR(info.st_mode))
		return fail(session->arguments, EXIT_OTHER, "binderctl device list",
			    "%s is no device", path);
	if (!option_value(session->arguments, "force"))
		result = refuse_busy(session, path);
	if (result == EXIT_OK && unlink(path) != 0)
		result = not_changed(session->arguments, path, -errno);
	return result;
}

int device_remove(struct session *session, struct sink *sink)
{
	const struct arguments *arguments = session->arguments;
	char mount[PATH_MAX], path[PATH_MAX + NAME_MAX + 2];
	struct change change = { .mount = mount };
	int result = find_mount(arguments, mount);

	if (result != EXIT_OK)
		return result;
	for (int i = 1; i < arguments->argc && result == EXIT_OK; i++) {
		if (strchr(arguments->argv[i], '/') || strlen(arguments->argv[i]) > NAME_MAX)
			return not_changed(arguments, arguments->argv[i], -EINVAL);
		snprintf(path, sizeof(path), "%s/%s", mount, arguments->argv[i]);
		result = remove_one(session, path);
	}
	if (result != EXIT_OK)
		return result;
	change.devices = json_array();
	binderfs_each_device(mount, finish_device, &change);
	result = sink_put(sink, &change, change_json, NULL);
	json_decref(change.devices);
	return result;
}
