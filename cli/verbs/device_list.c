/* SPDX-License-Identifier: MIT */
/*
 * device_list.c: `binderctl device list`: every device that this user's
 * programs could open.
 *
 * Those of a kernel's driver in /dev and in each binderfs, and those of
 * binderd in the folders where libbinder looks for them.
 *
 * Called by device.c.
 */
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/kernel_driver.h"
#include "cli/value/text.h"
#include "cli/verbs/binderfs.h"
#include "cli/verbs/device.h"
#include "cli/peer.h"

struct list {
	struct session *session;
	json_t *mounts, *devices;
	const char *mount; /* the binderfs that is being read; NULL: it is a usual folder */
};

/* ---- one device -------------------------------------------------------------------------- */

static void put_owner(const struct stat *info, char *owner, size_t size)
{
	struct passwd *user = getpwuid(info->st_uid);
	struct group *group;
	int used;

	used = user ? snprintf(owner, size, "%.60s:", user->pw_name) :
		      snprintf(owner, size, "%u:", (unsigned int)info->st_uid);
	group = getgrgid(info->st_gid);
	if (group)
		snprintf(owner + used, size - (size_t)used, "%.60s", group->gr_name);
	else
		snprintf(owner + used, size - (size_t)used, "%u", (unsigned int)info->st_gid);
}

/* Who serves handle 0: "answers", "nobody", "silent", or why it cannot be asked. */
static const char *ask_manager(struct session *session, const char *path, struct peer *peer)
{
	ABinderConnection *connection = NULL;
	binder_status_t status =
		ABinderConnection_openWithin(path, session_reach(session), &connection);

	if (status != STATUS_OK)
		return status == STATUS_PERMISSION_DENIED ? "not permitted" :
		       status == STATUS_TIMED_OUT         ? "silent" :
							    "cannot be opened";
	status = peer_of_manager(connection, session_reach(session), peer);
	ABinderConnection_close(connection);
	return status == STATUS_OK          ? "answers" :
	       status == STATUS_DEAD_OBJECT ? "nobody" :
	       status == STATUS_TIMED_OUT   ? "silent" :
					      "cannot be asked";
}

static void add_device(const char *path, void *cookie)
{
	struct list *list = cookie;
	enum kernel_driver driver = kernel_driver_of(path);
	struct peer peer = { .pid = 0 };
	const char *manager;
	char owner[130], mode[8];
	struct stat info;
	json_t *device;
	char *shown;

	/* /dev has sockets and devices of others, too. */
	if (stat(path, &info) != 0 || (driver == DRIVER_UNKNOWN && !list->mount))
		return;
	put_owner(&info, owner, sizeof(owner));
	snprintf(mode, sizeof(mode), "%04o", (unsigned int)info.st_mode & 07777);
	manager = ask_manager(list->session, path, &peer);
	shown = text_mended(path, strlen(path));
	device = json_pack("{s:s, s:s, s:s, s:s, s:s}", "path", shown ? shown : "", "driver",
			   kernel_driver_name(driver), "mode", mode, "owner", owner, "manager",
			   manager);
	if (peer.pid > 0) {
		json_object_set_new(device, "program", json_string(peer.program));
		json_object_set_new(device, "pid", json_integer(peer.pid));
	}
	json_array_append_new(list->devices, device);
	free(shown);
}

/* ---- where they are ------------------------------------------------------------------------ */

static bool add_mount(const char *path, const char *options, void *cookie)
{
	struct list *list = cookie;

	json_array_append_new(list->mounts,
			      json_pack("{s:s, s:s}", "path", path, "options", options));
	list->mount = path;
	binderfs_each_device(path, add_device, list);
	list->mount = NULL;
	return true;
}

static void add_misc(const char *path, void *cookie)
{
	enum kernel_driver driver = kernel_driver_of(path);

	/* A node in /dev of a binderfs's device is a copy of it. */
	if (driver == DRIVER_C || driver == DRIVER_ANY || driver == DRIVER_RUST)
		add_device(path, cookie);
}

static void add_sockets(const char *path, void *cookie)
{
	if (kernel_driver_of(path) == DRIVER_BINDERD)
		add_device(path, cookie);
}

static void add_folders_of_binderd(struct list *list)
{
	const char *own = getenv("BINDER_DIR"), *runtime = getenv("XDG_RUNTIME_DIR");
	char path[PATH_MAX];

	if (own && *own) {
		binderfs_each_device(own, add_sockets, list);
		return;
	}
	if (runtime && *runtime)
		snprintf(path, sizeof(path), "%s/binder", runtime);
	else
		snprintf(path, sizeof(path), "/run/user/%u/binder", (unsigned int)geteuid());
	if (geteuid() != 0)
		binderfs_each_device(path, add_sockets, list);
	binderfs_each_device("/run/binder", add_sockets, list);
}

/* ---- in words -------------------------------------------------------------------------------- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static json_t *list_json(const void *what)
{
	const struct list *list = what;

	return json_pack("{s:O, s:O}", "mounts", list->mounts, "devices", list->devices);
}

static void put_manager(const json_t *device, struct sink *sink)
{
	const char *program = text_of(device, "program");

	if (*program)
		sink_print(sink, "%s, pid %lld\n", program,
			   (long long)json_integer_value(json_object_get(device, "pid")));
	else
		sink_print(sink, "%s\n", text_of(device, "manager"));
}

static void list_text(const void *what, struct sink *sink)
{
	const struct list *list = what;
	int width = (int)strlen("DEVICE");
	json_t *item;
	size_t i;

	json_array_foreach(list->devices, i, item) if ((int)strlen(text_of(item, "path")) > width)
		width = (int)strlen(text_of(item, "path"));
	if (json_array_size(list->devices))
		sink_print(sink, "%-*s  %-27s %-4s %-15s %s\n", width, "DEVICE", "DRIVER", "MODE",
			   "OWNER", "HANDLE 0");
	json_array_foreach(list->devices, i, item)
	{
		sink_print(sink, "%-*s  %-27s %-4s %-15s ", width, text_of(item, "path"),
			   text_of(item, "driver"), text_of(item, "mode"), text_of(item, "owner"));
		put_manager(item, sink);
	}
	json_array_foreach(list->mounts, i, item)
		sink_print(sink, "%sbinderfs at %s: %s\n",
			   i == 0 && json_array_size(list->devices) ? "\n" : "",
			   text_of(item, "path"), text_of(item, "options"));
}

int device_list(struct session *session, struct sink *sink)
{
	struct list list = {
		.session = session,
		.mounts = json_array(),
		.devices = json_array(),
	};
	int result;

	binderfs_each_device("/dev", add_misc, &list);
	binderfs_each_mount(add_mount, &list);
	add_folders_of_binderd(&list);
	if (!list.mounts || !list.devices)
		result = fail(session->arguments, EXIT_OTHER, NULL, "out of memory");
	else if (!json_array_size(list.mounts) && !json_array_size(list.devices))
		result = fail(session->arguments, EXIT_NO_DRIVER, "binderctl doctor",
			      "there is no device of Binder");
	else
		result = sink_put(sink, &list, list_json, list_text);
	json_decref(list.mounts);
	json_decref(list.devices);
	return result;
}
