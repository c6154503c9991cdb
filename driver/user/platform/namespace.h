/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * namespace.h: how a client's containers number processes and users.
 */
#ifndef BINDERD_NAMESPACE_H
#define BINDERD_NAMESPACE_H

#include "port.h"

struct namespaces {
	/* The pid namespaces that it is in, innermost first, without ours, and what it is there. */
	struct namespace_pid {
		u64 space;
		s32 pid;
	} * pids;
	u32 pid_count;
	/* What its user namespace maps, by our numbers; not read while it is in ours. */
	struct namespace_uids {
		u32 inside, outside, count;
	} * uids;
	u32 uid_count;
	s32 mapped_pid; /* whose map is to be read, and could not be yet; 0: nobody's */
	bool maps_uids;
};

/* Of a process, by our number.  What cannot be found out is taken to be as with us. */
void namespaces_of(s32 pid, struct namespaces *ret);
void namespaces_forget(struct namespaces *spaces);

/* @pid, a process in @of, as a reader numbers it; 0: it is not seen there. */
s32 namespaces_pid(const struct namespaces *reader, const struct namespaces *of, s32 pid);
/* All ones: the reader has no number for it. */
u32 namespaces_uid(struct namespaces *reader, u32 uid);

#endif
