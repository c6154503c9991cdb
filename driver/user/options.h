/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * options.h: what binderd was told in its configuration file and on its command line.
 */
#ifndef BINDERD_OPTIONS_H
#define BINDERD_OPTIONS_H

#include "port.h"

#define OPTIONS_MAX_DEVICES 64

/* Whose memory the daemon reads with process_vm_readv(). */
enum direct_policy { DIRECT_SAME_USER, DIRECT_ALL, DIRECT_NONE };

struct options_limits {
	u32 opens_per_uid;
	u32 opens_per_process;
	u32 threads_per_open;
	u32 files_per_uid; /* descriptors that the daemon holds for them; 0: half of what the daemon may have itself; of its own user seven eighths */
	u32 files_per_process;  /* 0: half of what its user may have */
	u32 memory_per_uid;     /* MiB */
	u32 memory_per_process; /* MiB; 0: a quarter */
};

struct options {
	const char *dir; /* NULL: the default for this user */
	const char *devices[OPTIONS_MAX_DEVICES];
	u32 device_count;
	u32 mode;     /* of the sockets */
	int ready_fd; /* -1: none */
	enum direct_policy direct;
	bool any_manager;      /* anybody may become context manager ... */
	u32 manager_uid;       /* ... or this uid, besides root and our own; -1: none */
	const char *unlabeled; /* a client without a security label has this one; NULL: its
				* calls to objects that ask for labels fail */
	struct options_limits limits;
};

extern struct options options;

/* Fills in options.  0: go on; otherwise exit with *status. */
int options_parse(int argc, char **argv, int *status);
/* One more; -EINVAL: that cannot be its name.  The name stays the caller's. */
int options_add_device(const char *name);
/* The usual three, if none was named. */
void options_default_devices(void);
/* Is this one of our devices' addresses? */
bool options_has_device(const char *address);

#endif
