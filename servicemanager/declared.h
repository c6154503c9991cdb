/* SPDX-License-Identifier: MIT */
/*
 * declared.h: the handlers of declared.c, for the table in service.c.
 */
#ifndef SERVICEMANAGER_DECLARED_H
#define SERVICEMANAGER_DECLARED_H

#include "request.h"

binder_status_t is_declared(const struct request *request);
binder_status_t get_declared_instances(const struct request *request);
binder_status_t updatable_via_apex(const struct request *request);
binder_status_t get_updatable_names(const struct request *request);
binder_status_t get_connection_info(const struct request *request);

#endif
