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

/*
 * The object, listed in its own registry as "manager".  rules must outlive it.
 * NULL: no memory.  Release with service_manager_free().
 */
AIBinder *service_manager_new(const struct access_rules *rules, bool verbose);
void service_manager_free(AIBinder *manager);

#endif
