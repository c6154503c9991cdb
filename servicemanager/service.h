/* SPDX-License-Identifier: MIT */
/*
 * service.h: the object behind handle 0, android.os.IServiceManager.
 *
 * main.c makes one and hands it to the driver; requests arrive in service.c.
 */
#ifndef SERVICEMANAGER_SERVICE_H
#define SERVICEMANAGER_SERVICE_H

#include <stdbool.h>

#include <android/binder_ibinder.h>

#include "access.h"
#include "manifest.h"

struct profile;

/* All of it must outlive the object. */
struct service_options {
	const struct profile *profile; /* of which Android it is */
	const struct access_rules *rules;
	const struct manifest *manifest; /* NULL: nothing is declared */
	bool verbose;
};

/*
 * The object, listed in its own registry as "manager" where that version does.
 * NULL: no memory.  Release with service_manager_free().
 */
AIBinder *service_manager_new(const struct service_options *options);
void service_manager_free(AIBinder *manager);

/* The same for hwbinder: hidl.c.  So many threads have to serve it. */
#define HIDL_MANAGER_THREADS 16
AIBinder *hidl_manager_new(const struct service_options *options);
void hidl_manager_free(AIBinder *manager);

#endif
