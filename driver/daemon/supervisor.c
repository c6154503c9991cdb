/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * supervisor.c: a datagram to the socket that $NOTIFY_SOCKET names.
 *
 * Called by binderd and servicemanager.  A supervisor that does not take the datagram is
 * ignored: it has a time limit of its own.
 */
#include "supervisor.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool supervisor_listens(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	return path && (path[0] == '/' || path[0] == '@') && path[1];
}

void supervisor_tell(const char *lines)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t length;
	int fd;

	if (!supervisor_listens() || (length = strlen(path)) > sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, path, length);
	/* An abstract address has no file. */
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (sendto(fd, lines, strlen(lines), MSG_NOSIGNAL | MSG_DONTWAIT,
		   (struct sockaddr *)&address,
		   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0) {
		/* Nobody is left to tell. */
	}
	close(fd);
}
