/* SPDX-License-Identifier: MIT */
/* device.c: system calls on a Binder device; see device.h. */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

int device_open(int flags)
{
	int fd = open(device_path, O_RDWR | O_CLOEXEC | flags);

	return fd < 0 ? -errno : fd;
}

int device_ioctl(int fd, unsigned long cmd, void *argument)
{
	return ioctl(fd, cmd, argument) < 0 ? -errno : 0;
}

int device_map(int fd, size_t size, int prot, int flags, void **ret)
{
	void *map = mmap(NULL, size, prot, flags, fd, 0);

	if (map == MAP_FAILED)
		return -errno;
	*ret = map;
	return 0;
}

void device_fence(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = device_open(0);
	for (int i = 0; i < 3; i++) {
		struct binder_frozen_status_info info = { .pid = (uint32_t)getpid() };

		/* Answered by the driver alone: it must look through everybody's opens. */
		device_ioctl(fd, BINDER_GET_FROZEN_INFO, &info);
	}
}
