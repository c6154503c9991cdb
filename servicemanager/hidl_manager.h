/* SPDX-License-Identifier: MIT */
/*
 * hidl_manager.h: what hidl.c (the object and its calls), hidl_add.c (new names) and hidl_lazy.c
 * (services that stop when nobody uses them) share.
 */
#ifndef SERVICEMANAGER_HIDL_MANAGER_H
#define SERVICEMANAGER_HIDL_MANAGER_H

#include <pthread.h>

#include "service.h"

#include "clients.h"
#include "hidl/hidl.h"
#include "registry.h"

struct hidl_manager {
	struct registry *registry; /* lock */
	struct clients *clients;   /* lock */
	const struct access_rules *rules;
	const struct manifest *manifest;
	bool verbose;
	pthread_mutex_t *lock;
};

/* Of an interface or an instance; an empty one is, too. */
bool hidl_is_part_valid(const char *text);
/* "INTERFACE/NAME", malloc()ed; NULL: no memory. */
char *hidl_join(const char *interface, const char *name);

/* The two words that most calls begin with. */
struct hidl_pair {
	char *interface, *name;
};
binder_status_t hidl_read_pair(const AParcel *in, struct hidl_pair *ret);
void hidl_pair_free(struct hidl_pair *pair);
const struct registration *hidl_find(struct hidl_manager *manager, const struct hidl_pair *pair);

/* The reply of the calls that say bool. */
binder_status_t hidl_write_success(AParcel *out, bool success);

/* Handlers; without the lock. */
binder_status_t hidl_add(struct hidl_manager *manager, const AParcel *in, AParcel *out);
binder_status_t hidl_add_with_chain(struct hidl_manager *manager, const AParcel *in, AParcel *out);

extern const struct clients_kind hidl_lazy_kind;
/* Handlers; with the lock. */
binder_status_t hidl_register_client_callback(struct hidl_manager *manager, const AParcel *in,
					      AParcel *out);
binder_status_t hidl_unregister_client_callback(struct hidl_manager *manager, const AParcel *in,
						AParcel *out);
binder_status_t hidl_try_unregister(struct hidl_manager *manager, const AParcel *in, AParcel *out);

#endif
