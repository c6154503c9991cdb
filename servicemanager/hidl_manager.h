/* SPDX-License-Identifier: MIT */
/*
 * hidl_manager.h: what hidl.c (the object and its calls) and hidl_add.c (new
 * names) share.
 */
#ifndef SERVICEMANAGER_HIDL_MANAGER_H
#define SERVICEMANAGER_HIDL_MANAGER_H

#include <pthread.h>

#include "service.h"

#include "hidl/hidl.h"
#include "registry.h"

struct hidl_manager {
	struct registry *registry; /* lock */
	const struct access_rules *rules;
	const struct manifest *manifest;
	bool verbose;
	pthread_mutex_t *lock;
};

/* Of an interface or an instance; an empty one is, too. */
bool hidl_is_part_valid(const char *text);
/* "INTERFACE/NAME", malloc()ed; NULL: no memory. */
char *hidl_join(const char *interface, const char *name);
/* The reply of the calls that say bool. */
binder_status_t hidl_write_success(AParcel *out, bool success);

/* Handlers; without the lock. */
binder_status_t hidl_add(struct hidl_manager *manager, const AParcel *in, AParcel *out);
binder_status_t hidl_add_with_chain(struct hidl_manager *manager, const AParcel *in, AParcel *out);

#endif
