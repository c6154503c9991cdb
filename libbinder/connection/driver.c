/* SPDX-License-Identifier: MIT */
/*
 * driver.c: finds a driver and makes its calls.
 *
 * Called by connection.c and thread.c; hands on to the kernel for a character
 * device and to driver/client for binderd's socket.
 */
#include "driver.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/client/client.h"
#include "driver/trace.h"
#include "view.h"

struct driver {
	int fd;                       /* of a character device, else -1 */
	struct binder_client *client; /* of a socket, else NULL */
	bool shut;                    /* the daemon has hung up: it waits for no word of ours */
	/* Of libbinder-trace.so, when that is preloaded; else NULL. */
	binder_trace_before_fn *trace_before;
	binder_trace_after_fn *trace_after;
};

static int check_version(struct driver *driver, uint64_t deadline)
{
	struct binder_version version = { 0 };
	int r = driver_ioctl(driver, BINDER_VERSION, &version, deadline);

	if (r < 0)
		return r;
	return version.protocol_version == BINDER_CURRENT_PROTOCOL_VERSION ? 0 : -EPROTO;
}

/* A device's ioctls pass the C library, where the tracer's own ioctl() stands. */
static void look_for_tracer(struct driver *driver)
{
	if (!secure_getenv(TRACE_SOCKET))
		return;
	driver->trace_before = (binder_trace_before_fn *)dlsym(RTLD_DEFAULT, TRACE_BEFORE);
	driver->trace_after = (binder_trace_after_fn *)dlsym(RTLD_DEFAULT, TRACE_AFTER);
}

static int client_ioctl(struct driver *driver, unsigned long cmd, void *arg, bool read_more,
			uint64_t deadline)
{
	uint64_t before;
	int r;

	if (!driver->trace_before || !driver->trace_after)
		return binder_client_ioctl(driver->client, cmd, arg, read_more, deadline);
	before = driver->trace_before(driver_fd(driver), (uint32_t)cmd, arg);
	r = binder_client_ioctl(driver->client, cmd, arg, read_more, deadline);
	driver->trace_after(driver_fd(driver), (uint32_t)cmd, arg, before, r);
	return r;
}

static int open_path(const char *path, uint64_t deadline, struct driver **ret)
{
	struct driver *driver;
	struct stat st;
	int r;

	if (stat(path, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISCHR(st.st_mode) && !S_ISSOCK(st.st_mode))
		return -ENOTTY;
	driver = calloc(1, sizeof(*driver));
	if (!driver)
		return -ENOMEM;
	driver->fd = -1;
	if (S_ISSOCK(st.st_mode)) {
		r = binder_client_open(path, deadline, &driver->client);
		if (r == 0)
			binder_client_trust(driver->client);
		look_for_tracer(driver);
	} else {
		driver->fd = open(path, O_RDWR | O_CLOEXEC);
		r = driver->fd < 0 ? -errno : 0;
	}
	if (r >= 0)
		r = check_version(driver, deadline);
	if (r < 0) {
		driver_close(driver);
		return r;
	}
	*ret = driver;
	return 0;
}

/* Where a bare name may be: a folder each, in the order of search. */
struct places {
	char *dir[6];
	unsigned int count;
};

static int places_add(struct places *places, const char *dir, const char *sub)
{
	char *path;

	if (asprintf(&path, "%s%s", dir, sub) < 0)
		return -ENOMEM;
	places->dir[places->count++] = path;
	return 0;
}

static int places_find(struct places *places)
{
	const char *own = getenv("BINDER_DIR"), *runtime = getenv("XDG_RUNTIME_DIR");
	char user[64] = "";
	int r;

	/* Somebody who names a private world must never land in the system's. */
	if (own && *own)
		return places_add(places, own, "");
	if (!runtime || !*runtime) {
		snprintf(user, sizeof(user), "/run/user/%u", (unsigned int)geteuid());
		runtime = user;
	}
	r = places_add(places, "/dev", "");
	if (!r)
		r = places_add(places, "/dev/binderfs", "");
	if (!r && geteuid() != 0)
		r = places_add(places, runtime, "/binder");
	if (!r)
		r = places_add(places, "/run/binder", "");
	return r;
}

static void places_free(struct places *places)
{
	for (unsigned int i = 0; i < places->count; i++)
		free(places->dir[i]);
}

/* How much a failure tells: nothing is here; nobody serves what is here; here is one, but. */
static int weight(int err)
{
	switch (err) {
	case -ENOENT:
	case -ENOTDIR:
		return 0;
	case -ENXIO:
	case -ENODEV:
	case -EISDIR:
	case -ECONNREFUSED:
		return 1;
	default:
		return 2;
	}
}

static int open_name(const char *name, uint64_t deadline, struct driver **ret, char **path_ret)
{
	struct places places = { .count = 0 };
	char *failed = NULL;
	int failure = -ENOENT;
	int r = places_find(&places);

	for (unsigned int i = 0; !r && i < places.count; i++) {
		char *path;

		if (asprintf(&path, "%s/%s", places.dir[i], name) < 0) {
			r = -ENOMEM;
			break;
		}
		r = open_path(path, deadline, ret);
		if (r == 0) {
			free(failed);
			*path_ret = path;
			places_free(&places);
			return 0;
		}
		/* The next one would be another driver than with more memory. */
		if (r == -ENOMEM) {
			free(path);
			break;
		}
		/* What is there but cannot be used is the better thing to complain about. */
		if (!failed || weight(failure) < weight(r)) {
			free(failed);
			failed = path;
			failure = r;
		} else {
			free(path);
		}
		r = 0;
	}
	places_free(&places);
	if (r) {
		free(failed);
		failed = NULL;
		failure = r;
	}
	*path_ret = failed;
	return failure;
}

int driver_open(const char *device, uint64_t deadline, struct driver **ret, char **path_ret)
{
	int r;

	if (!device || !*device)
		device = getenv("BINDER_DEVICE");
	if (!device || !*device)
		device = "binder";
	if (!strchr(device, '/'))
		return open_name(device, deadline, ret, path_ret);
	*path_ret = strdup(device);
	if (!*path_ret)
		return -ENOMEM;
	r = open_path(device, deadline, ret);
	return r;
}

void driver_describe_search(const char *device, char *buf, size_t size)
{
	struct places places = { .count = 0 };
	size_t used = 0;

	if (!device || !*device)
		device = getenv("BINDER_DEVICE");
	if (!device || !*device)
		device = "binder";
	buf[0] = '\0';
	if (strchr(device, '/')) {
		snprintf(buf, size, "%s", device);
		return;
	}
	places_find(&places);
	for (unsigned int i = 0; i < places.count && used < size; i++)
		used += snprintf(buf + used, size - used, "%s%s/%s", i ? ", " : "", places.dir[i],
				 device);
	places_free(&places);
}

void driver_close(struct driver *driver)
{
	if (!driver)
		return;
	binder_client_close(driver->client);
	if (driver->fd >= 0)
		close(driver->fd);
	free(driver);
}

void driver_flush(struct driver *driver)
{
	int fd;

	if (driver->client) {
		binder_client_flush(driver->client);
		return;
	}
	/* Any close of a descriptor of the device makes every blocked read return. */
	fd = fcntl(driver->fd, F_DUPFD_CLOEXEC, 0);
	if (fd >= 0)
		close(fd);
}

void driver_shutdown(struct driver *driver)
{
	if (!driver->client) {
		driver_flush(driver);
		return;
	}
	driver->shut = true;
	shutdown(binder_client_fd(driver->client), SHUT_RDWR);
}

void driver_abandon(struct driver *driver)
{
	int fd = driver_fd(driver);

	if (fd >= 0)
		close(fd);
}

int driver_fd(const struct driver *driver)
{
	return driver->client ? binder_client_fd(driver->client) : driver->fd;
}

bool driver_is_userspace(const struct driver *driver)
{
	return driver->client != NULL;
}

int driver_write_read(struct driver *driver, struct binder_write_read *bwr, bool read_more,
		      uint64_t deadline)
{
	if (driver->client)
		return client_ioctl(driver, BINDER_WRITE_READ, bwr, read_more, deadline);
	return ioctl(driver->fd, BINDER_WRITE_READ, bwr) < 0 ? -errno : 0;
}

int driver_ioctl(struct driver *driver, unsigned long cmd, void *arg, uint64_t deadline)
{
	int r;

	if (driver->client)
		return client_ioctl(driver, cmd, arg, false, deadline);
	r = ioctl(driver->fd, cmd, arg);
	return r < 0 ? -errno : r;
}

int driver_mmap(struct driver *driver, size_t size, uint64_t deadline, void **ret)
{
	int flags = MAP_PRIVATE | MAP_NORESERVE;
	void *map;

	if (driver->client)
		return binder_client_mmap(driver->client, NULL, size, PROT_READ, flags, deadline,
					  ret);
	map = mmap(NULL, size, PROT_READ, flags, driver->fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	*ret = map;
	return 0;
}

void driver_munmap(struct driver *driver, void *addr, size_t size)
{
	if (driver->client && !driver->shut)
		binder_client_munmap(driver->client, addr, size);
	else
		munmap(addr, size);
}

int driver_poll(struct driver *driver, int timeout_ms, int wake, uint64_t deadline)
{
	struct pollfd fds[] = {
		{ .fd = driver->fd, .events = POLLIN },
		{ .fd = wake, .events = POLLIN },
	};
	eventfd_t count;
	int r;

	if (driver->client)
		return binder_client_poll(driver->client, timeout_ms, deadline);
	r = poll(fds, 2, timeout_ms);
	if (r > 0 && fds[1].revents)
		eventfd_read(wake, &count);
	return r < 0 ? -errno : fds[0].revents ? fds[0].revents : r > 0 ? -EINTR : 0;
}

int driver_watch(struct driver *driver, const struct watch_filter *filter, uint64_t deadline,
		 int fds[2])
{
	return driver->client ? binder_client_watch(driver->client, filter, deadline, fds) :
				-ENOTTY;
}

int driver_view(struct driver *driver, const char *device, const char *name, uint64_t deadline,
		char **ret, char *failed, size_t failed_size)
{
	snprintf(failed, failed_size, "%s", device);
	/* A kernel's are files: no way to others leads through a name. */
	if (strchr(name, '/') && !binder_client_view_pid(name))
		return -EINVAL;
	if (!driver->client)
		return view_read_kernel(device, name, ret, failed, failed_size);
	return binder_client_view(driver->client, name, deadline, ret);
}
