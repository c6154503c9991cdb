/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * identity.h: who a client is, in its own namespaces and in ours.
 */
#ifndef BINDERD_IDENTITY_H
#define BINDERD_IDENTITY_H

#include "core.h"
#include "namespace.h"

struct identity {
	struct binder_identity who; /* as our own namespaces number them */
	struct namespaces spaces;   /* ... and as its containers do */
	char *label;                /* the security module's; NULL: there is none */
};

/* Of the process at the other end of a connection, as it was when it connected. */
int identity_of_peer(int socket, struct identity *ret);
/* Its uid alone; -1: not known. */
u32 identity_uid_of_peer(int socket);
void identity_forget(struct identity *identity);

#endif
