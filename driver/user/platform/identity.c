/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * identity.c: pids, uids and labels, from the kernel and never from a message.
 *
 * client.c asks once for each connection; the core asks through the hooks what
 * one client may see of another.
 */
#include "identity.h"
#include "options.h"
#include "port_thread.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

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

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return -errno;
	ret->who.pid = peer.pid;
	ret->who.euid = peer.uid;
	ret->who.nice = peer.pid > 0 ? nice_of(peer.pid) : 0;
	namespaces_of(peer.pid, &ret->spaces);
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
	namespaces_forget(&identity->spaces);
}

/* ---- hooks ------------------------------------------------------------------ */

s32 port_visible_pid(struct port_thread *reader, struct port_proc *sender, s32 pid)
{
	return namespaces_pid(&reader->client->identity.spaces, &sender->identity.spaces, pid);
}

u32 port_sender_euid(struct port_thread *from, u32 euid)
{
	return euid;
}

u32 port_manager_euid(struct port_thread *thread, u32 euid)
{
	return euid;
}

u32 port_visible_uid(struct port_thread *reader, u32 euid)
{
	return namespaces_uid(&reader->client->identity.spaces, euid);
}

int port_may_become_manager(struct port_thread *thread)
{
	u32 euid = thread->client->identity.who.euid;

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
	const char *label = from->client->identity.label;
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
