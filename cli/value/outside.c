/* SPDX-License-Identifier: MIT */
/*
 * outside.c: opens and reads the files that words name.
 */
#include "cli/value/outside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* More than any receive buffer takes. */
#define LARGEST_FILE (16u << 20)

int outside_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 && (errno == EACCES || errno == EROFS || errno == EISDIR || errno == ETXTBSY))
		fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int outside_read(const char *path, struct aidl_data *ret)
{
	FILE *file = fopen(path, "re");
	char *bytes = file ? malloc(LARGEST_FILE + 1) : NULL;
	size_t size;
	int result = 0;

	if (!file)
		return -errno;
	if (!bytes) {
		fclose(file);
		return -ENOMEM;
	}
	size = fread(bytes, 1, LARGEST_FILE + 1, file);
	if (ferror(file))
		result = -errno;
	else if (size > LARGEST_FILE)
		result = -EFBIG;
	else if (!aidl_data_set_bytes(ret, bytes, size))
		result = -ENOMEM;
	fclose(file);
	free(bytes);
	return result;
}

void outside_path(int fd, char *path, size_t size)
{
	char link[40];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, size - 1);
	path[length < 0 ? 0 : length] = 0;
}
