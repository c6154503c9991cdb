/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * calls.c: what a program does with a descriptor, in front of the C library.
 *
 * Programs call; what is a device goes to driver/client, all else to real.c.
 */
#include "preload.h"

#include "real.h"
#include "uapi.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/uio.h>

#define BINDER_TYPE _IOC_TYPE(BINDER_WRITE_READ)

static int answer(int r)
{
	if (r >= 0)
		return r;
	errno = -r;
	return -1;
}

PRELOAD_EXPORT int ioctl(int fd, unsigned long request, ...)
{
	/* The kernel looks at 32 bits; programs pass it sign-extended, too. */
	uint32_t cmd = (uint32_t)request;
	struct preload_device *device = preload_get(fd);
	va_list args;
	void *arg;
	int r;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (!device && _IOC_TYPE(cmd) == BINDER_TYPE)
		device = preload_get_foreign(fd);
	if (!device)
		return preload_real()->ioctl(fd, request, arg);
	if (_IOC_TYPE(cmd) == BINDER_TYPE) {
		r = answer(binder_client_ioctl(device->client, cmd, arg, false, 0));
	} else {
		r = preload_real()->ioctl(fd, request, arg);
		if (r == 0 && cmd == FIONBIO)
			binder_client_set_nonblock(device->client, *(int *)arg);
	}
	preload_put(device);
	return r;
}

/* ---- a device is no stream ---- */

/* Costs other descriptors a look into a table. */
static bool refuses(int fd)
{
	struct preload_device *device = preload_get(fd);

	if (!device)
		return false;
	preload_put(device);
	errno = EINVAL;
	return true;
}

PRELOAD_EXPORT ssize_t read(int fd, void *data, size_t size)
{
	return refuses(fd) ? -1 : preload_real()->read(fd, data, size);
}

PRELOAD_EXPORT ssize_t write(int fd, const void *data, size_t size)
{
	return refuses(fd) ? -1 : preload_real()->write(fd, data, size);
}

PRELOAD_EXPORT ssize_t readv(int fd, const struct iovec *pieces, int count)
{
	return refuses(fd) ? -1 : preload_real()->readv(fd, pieces, count);
}

PRELOAD_EXPORT ssize_t writev(int fd, const struct iovec *pieces, int count)
{
	return refuses(fd) ? -1 : preload_real()->writev(fd, pieces, count);
}

PRELOAD_EXPORT ssize_t __read_chk(int fd, void *data, size_t size, size_t room);
ssize_t __read_chk(int fd, void *data, size_t size, size_t room)
{
	return refuses(fd) ? -1 : preload_real()->read_chk(fd, data, size, room);
}

/* ---- memory ------------------------------------------------------------------ */

static void *map_device(int fd, void *addr, size_t size, int prot, int flags, void **ret)
{
	struct preload_device *device = preload_get(fd);
	void *map = MAP_FAILED;

	if (!device)
		device = preload_get_foreign(fd);
	if (!device)
		return NULL;
	if (answer(binder_client_mmap(device->client, addr, size, prot, flags, 0, &map)) == 0)
		preload_set_map(device, map, size);
	preload_put(device);
	*ret = map;
	return ret;
}

PRELOAD_EXPORT void *mmap(void *addr, size_t size, int prot, int flags, int fd, off_t offset)
{
	void *map = preload_real_mmap(addr, size, prot, flags, fd, offset);

	/* A connection of ours cannot be mapped, so nothing that can be is held up. */
	if (map == MAP_FAILED && errno == ENODEV && fd >= 0 && !(flags & MAP_ANONYMOUS) &&
	    !map_device(fd, addr, size, prot, flags, &map))
		errno = ENODEV;
	return map;
}

PRELOAD_EXPORT void *mmap64(void *addr, size_t size, int prot, int flags, int fd, off_t offset)
	__attribute__((alias("mmap")));

PRELOAD_EXPORT int munmap(void *addr, size_t size)
{
	struct preload_device *device = preload_get_mapped(addr, size);
	int r;

	if (!device)
		return preload_real_munmap(addr, size);
	r = binder_client_munmap(device->client, addr, size);
	if (r == 0)
		preload_unmapped(device);
	preload_put(device);
	return answer(r);
}

/* ---- closing ------------------------------------------------------------------- */

PRELOAD_EXPORT int close(int fd)
{
	struct preload_device *device = preload_forget(fd);
	int r = preload_real()->close(fd), error = errno;

	preload_forgotten(device);
	preload_directory_closed((unsigned int)fd, (unsigned int)fd);
	errno = error;
	return r;
}

PRELOAD_EXPORT int close_range(unsigned int first, unsigned int last, int flags)
{
	if (!preload_real()->close_range) {
		errno = ENOSYS;
		return -1;
	}
	if (!(flags & CLOSE_RANGE_CLOEXEC)) {
		preload_forget_range(first, last);
		preload_directory_closed(first, last);
	}
	return preload_real()->close_range(first, last, flags);
}

PRELOAD_EXPORT void closefrom(int first)
{
	preload_forget_range(first < 0 ? 0 : (unsigned int)first, ~0u);
	preload_directory_closed(first < 0 ? 0 : (unsigned int)first, ~0u);
	if (preload_real()->closefrom)
		preload_real()->closefrom(first);
}

/* ---- duplicating ----------------------------------------------------------------- */

static int copied(int fd, int copy)
{
	if (copy >= 0) {
		preload_copied(fd, copy);
		preload_directory_copied(fd, copy);
	}
	return copy;
}

PRELOAD_EXPORT int dup(int fd)
{
	return copied(fd, preload_real()->dup(fd));
}

PRELOAD_EXPORT int dup2(int fd, int copy)
{
	return copied(fd, preload_real()->dup2(fd, copy));
}

PRELOAD_EXPORT int dup3(int fd, int copy, int flags)
{
	return copied(fd, preload_real()->dup3(fd, copy, flags));
}

static void flags_set(int fd, long flags)
{
	struct preload_device *device = preload_get(fd);

	if (!device)
		return;
	binder_client_set_nonblock(device->client, flags & O_NONBLOCK);
	preload_put(device);
}

PRELOAD_EXPORT int fcntl(int fd, int cmd, ...)
{
	va_list args;
	long arg;
	int r;

	va_start(args, cmd);
	arg = va_arg(args, long);
	va_end(args);
	r = preload_real()->fcntl(fd, cmd, arg);
	if (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC)
		return copied(fd, r);
	if (cmd == F_SETFL && r >= 0)
		flags_set(fd, arg);
	return r;
}

PRELOAD_EXPORT int fcntl64(int fd, int cmd, ...) __attribute__((alias("fcntl")));
