/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * identity.h: who a client is, in its own pid namespace and in ours.
 */
#ifndef BINDERD_IDENTITY_H
#define BINDERD_IDENTITY_H

#include "core.h"

struct identity {
	struct binder_identity who; /* as our own namespaces number them */
	u64 pid_namespace;          /* 0: not known, taken for ours */
	s32 inner_pid;              /* its pid as it sees it itself */
	char *label;                /* the security module's; NULL: there is none */
};

/* Of the process at the other end of a connection, as it was when it connected. */
int identity_of_peer(int socket, struct identity *ret);
/* Its uid alone; -1: not known. */
u32 identity_uid_of_peer(int socket);
void identity_forget(struct identity *identity);

#endif
