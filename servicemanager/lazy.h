/* SPDX-License-Identifier: MIT */
/*
 * lazy.h: the calls of android.os.IServiceManager for services that stop when nobody uses them.
 *
 * service.c makes the client callbacks with lazy_kind, and has the handlers in its table.
 */
#ifndef SERVICEMANAGER_LAZY_H
#define SERVICEMANAGER_LAZY_H

#include "clients.h"
#include "request.h"

extern const struct clients_kind lazy_kind;

binder_status_t register_client_callback(const struct request *request);
binder_status_t try_unregister_service(const struct request *request);

#endif
