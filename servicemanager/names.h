/* SPDX-License-Identifier: MIT */
/*
 * names.h: the handlers of names.c, for the table in service.c.
 */
#ifndef SERVICEMANAGER_NAMES_H
#define SERVICEMANAGER_NAMES_H

#include "request.h"

binder_status_t get_service(const struct request *request);
binder_status_t get_service2(const struct request *request);
binder_status_t check_service(const struct request *request);
binder_status_t list_services(const struct request *request);
binder_status_t get_service_debug_info(const struct request *request);
binder_status_t add_service(const struct request *request);
binder_status_t register_for_notifications(const struct request *request);
binder_status_t unregister_for_notifications(const struct request *request);

#endif
