/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * identity.c: pids, uids and labels, from the kernel and never from a message.
 *
 * opener.c asks once for each connection; the core asks through the hooks what
 * one client may see of another.
 */
#include "identity.h"
#include "opener.h"
#include "options.h"
#include "thread.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static u64 pid_namespace_of(const char *process)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%s/ns/pid", process);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

static u64 own_pid_namespace(void)
{
	static u64 own;

	if (!own)
		own = pid_namespace_of("self");
	return own;
}

/* The last number of "NSpid:" in /proc/PID/status: the innermost namespace's. */
static s32 innermost_pid(s32 pid)
{
	char path[64], line[256];
	s32 found = pid;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		const char *last = strrchr(line, '\t');

		if (strncmp(line, "NSpid:", 6) == 0) {
			found = last ? atoi(last + 1) : pid;
			break;
		}
	}
	if (file)
		fclose(file);
	return found;
}

/* NULL: no security module gives one, or there is no memory for it. */
static char *label_of_peer(int socket)
{
	char label[4096] = "";
	socklen_t size = sizeof(label) - 1;
	char *copy = NULL;

	if (getsockopt(socket, SOL_SOCKET, SO_PEERSEC, label, &size) == 0 && label[0]) {
		size = (socklen_t)strnlen(label, size) + 1;
		copy = port_alloc(size);
	}
	if (copy)
		memcpy(copy, label, size - 1);
	return copy;
}

static s32 nice_of(s32 pid)
{
	int nice;

	errno = 0;
	nice = getpriority(PRIO_PROCESS, (id_t)pid);
	return nice == -1 && errno ? 0 : nice;
}

int identity_of_peer(int socket, struct identity *ret)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);
	char process[16];

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return -errno;
	ret->who.pid = peer.pid;
	ret->who.euid = peer.uid;
	ret->who.nice = peer.pid > 0 ? nice_of(peer.pid) : 0;
	snprintf(process, sizeof(process), "%d", peer.pid);
	ret->pid_namespace = peer.pid > 0 ? pid_namespace_of(process) : 0;
	ret->inner_pid = peer.pid;
	if (ret->pid_namespace && ret->pid_namespace != own_pid_namespace())
		ret->inner_pid = innermost_pid(peer.pid);
	ret->label = label_of_peer(socket);
	return 0;
}

u32 identity_uid_of_peer(int socket)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 ? (u32)-1 : peer.uid;
}

void identity_forget(struct identity *identity)
{
	port_free(identity->label);
	identity->label = NULL;
}

/* ---- hooks ------------------------------------------------------------------ */

/* A container sees its own processes; one outside of ours that it cannot see is 0. */
s32 port_visible_pid(struct port_thread *reader, struct port_proc *sender, s32 pid)
{
	const struct identity *to = &reader->opener->identity, *from = &sender->identity;

	if (!to->pid_namespace || to->pid_namespace == own_pid_namespace())
		return pid;
	return to->pid_namespace == from->pid_namespace ? from->inner_pid : 0;
}

u32 port_sender_euid(struct port_thread *from, u32 opener)
{
	return opener;
}

u32 port_manager_euid(struct port_thread *thread, u32 opener)
{
	return opener;
}

u32 port_visible_uid(struct port_thread *reader, u32 euid)
{
	return euid;
}

int port_may_become_manager(struct port_thread *thread)
{
	u32 euid = thread->opener->identity.who.euid;

	if (options.any_manager || euid == 0 || euid == geteuid() || euid == options.manager_uid)
		return 0;
	return -EPERM;
}

/*
 * A kernel without a security module fails every call to an object that asks
 * for labels, and Android's service managers ask; so a client without one gets
 * a placeholder here, unless binderd was told to be strict.
 */
int port_security_label(struct port_thread *from, char **ret, u32 *size)
{
	const char *label = from->opener->identity.label;
	size_t length;
	char *copy;

	if (!label)
		label = options.unlabeled;
	if (!label)
		return -EINVAL;
	length = strlen(label) + 1;
	copy = port_alloc(length);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, label, length);
	*ret = copy;
	*size = (u32)length;
	return 0;
}
