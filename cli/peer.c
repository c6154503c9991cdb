/* SPDX-License-Identifier: MIT */
/*
 * peer.c: who serves here, whoever has started it: a socket's listener, and the
 * process behind handle 0.
 */
#include "cli/peer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/session.h"

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
		session_process(credentials.pid, &uid, ret->program, sizeof(ret->program));
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
		status = session_ping(manager, timeout_ms);
	if (status == STATUS_OK) {
		/* Only ours tells, and need not. */
		ABinderConnection_setDeadline(connection, timeout_ms);
		if (AIBinder_fetchDebugPid(manager, &pid) != STATUS_OK)
			pid = 0;
		ret->pid = pid;
		session_process(pid, &ret->uid, ret->program, sizeof(ret->program));
	}
	AIBinder_decStrong(manager);
	return status;
}

/* How long a driver that lives may take to show its transactions. */
#define VIEW_MS 100

int peer_that_owes(ABinderConnection *connection, struct peer *ret)
{
	char from[32], *text = NULL, *at, *to;
	unsigned int code = 0;
	int pid = 0;

	ABinderConnection_setDeadline(connection, VIEW_MS);
	if (ABinderConnection_readView(connection, "transactions", &text) != STATUS_OK)
		return -1;
	/* "... from 12:12 to 34:34 code ..." */
	snprintf(from, sizeof(from), " from %d:", (int)getpid());
	at = strstr(text, from);
	to = at ? strstr(at, " to ") : NULL;
	if (to && sscanf(to, " to %d:%*d code %x", &pid, &code) < 1)
		pid = 0;
	free(text);
	if (pid <= 0)
		return 0;
	ret->pid = pid;
	ret->code = code;
	session_process(pid, &ret->uid, ret->program, sizeof(ret->program));
	return 1;
}

bool peer_is_stopped(pid_t pid)
{
	char path[64], line[256];
	bool stopped = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file))
		stopped |= !strncmp(line, "State:\tT", strlen("State:\tT"));
	fclose(file);
	return stopped;
}

bool peer_is_replaced(pid_t pid)
{
	static const char mark[] = " (deleted)";
	char path[64], program[4096];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	length = readlink(path, program, sizeof(program));
	return length >= (ssize_t)strlen(mark) &&
	       !memcmp(program + length - strlen(mark), mark, strlen(mark));
}
