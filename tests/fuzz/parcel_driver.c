/* SPDX-License-Identifier: MIT */
/*
 * parcel_driver.c: libbinder's driver for parcel.c: takes all, says nothing.
 *
 * In the place of libbinder/connection/driver.c.
 */
#include "connection/driver.h"
#include "parcel_fuzz.h"

#include <errno.h>

struct driver {
	int nothing;
};

static struct driver only;
uint8_t *driver_memory;

int driver_open(const char *device, uint64_t deadline, struct driver **ret, char **path_ret)
{
	*path_ret = strdup("fuzz");
	*ret = &only;
	return 0;
}

void driver_describe_search(const char *device, char *buf, size_t size)
{
	snprintf(buf, size, "nothing");
}

void driver_close(struct driver *driver) {}

void driver_flush(struct driver *driver) {}

void driver_shutdown(struct driver *driver) {}

void driver_abandon(struct driver *driver) {}

int driver_fd(const struct driver *driver)
{
	return -1;
}

bool driver_is_userspace(const struct driver *driver)
{
	return true;
}

int driver_write_read(struct driver *driver, struct binder_write_read *bwr, bool read_more,
		      uint64_t deadline)
{
	bwr->write_consumed = bwr->write_size;
	return bwr->read_size ? -EINTR : 0;
}

int driver_ioctl(struct driver *driver, unsigned long cmd, void *arg, uint64_t deadline)
{
	return -EINVAL;
}

int driver_mmap(struct driver *driver, size_t size, uint64_t deadline, void **ret)
{
	driver_memory = malloc(size);
	if (!driver_memory)
		return -ENOMEM;
	*ret = driver_memory;
	return 0;
}

void driver_munmap(struct driver *driver, void *addr, size_t size)
{
	free(addr);
}

int driver_poll(struct driver *driver, int timeout_ms, int wake, uint64_t deadline)
{
	return 0;
}

int driver_watch(struct driver *driver, const struct watch_filter *filter, uint64_t deadline,
		 int fds[2])
{
	return -ENOTTY;
}

int driver_view(struct driver *driver, const char *device, const char *name, uint64_t deadline,
		char **ret, char *failed, size_t failed_size)
{
	return -ENOSYS;
}
