/* SPDX-License-Identifier: MIT */
/*
 * peer.c: who serves here, whoever has started it: a socket's listener, and the
 * process behind handle 0.
 */
#include "peer.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "world.h"

int peer_of_socket(const char *path, struct peer *ret)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct ucred credentials;
	socklen_t size = sizeof(credentials);
	int64_t uid;
	int fd, r = 0;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
		r = -errno;
	close(fd);
	if (r == 0) {
		ret->pid = credentials.pid;
		world_process(credentials.pid, &uid, ret->program, sizeof(ret->program));
		ret->uid = credentials.uid;
	}
	return r;
}

binder_status_t peer_of_manager(ABinderConnection *connection, int timeout_ms, struct peer *ret)
{
	AIBinder *manager = NULL;
	binder_status_t status = ABinderConnection_getContextManager(connection, &manager);
	pid_t pid = 0;

	if (status == STATUS_OK)
		status = world_ping(manager, timeout_ms);
	if (status == STATUS_OK) {
		/* Only ours tells, and need not. */
		ABinderConnection_setDeadline(connection, timeout_ms);
		if (AIBinder_fetchDebugPid(manager, &pid) != STATUS_OK)
			pid = 0;
		ret->pid = pid;
		world_process(pid, &ret->uid, ret->program, sizeof(ret->program));
	}
	AIBinder_decStrong(manager);
	return status;
}
