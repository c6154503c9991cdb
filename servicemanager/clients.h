/* SPDX-License-Identifier: MIT */
/*
 * clients.h: who wants to know whether a service has clients, and telling them.
 *
 * A service that may stop when nobody uses it registers an IClientCallback.
 * The driver counts the references to its object; a thread looks at the counts
 * now and then, and tells of each change.
 */
#ifndef SERVICEMANAGER_CLIENTS_H
#define SERVICEMANAGER_CLIENTS_H

#include "request.h"

/* The reference that is no client's: our own.  A call that brings the object adds none. */
#define CLIENTS_OURS 1

/* NULL: no memory.  lock is held by all that serves; the thread takes it while it looks. */
struct clients *clients_new(struct registry *registry, pthread_mutex_t *lock, bool verbose);
void clients_free(struct clients *clients);

/* Somebody has just been given the service: it has a client, although no count shows it yet. */
void clients_found(struct clients *clients, const char *name);
/* Whether a service has asked to be told: such a one is lazy. */
bool clients_are_told(const struct clients *clients, const char *name);

/* Handlers, for the table in service.c. */
binder_status_t register_client_callback(const struct request *request);
binder_status_t try_unregister_service(const struct request *request);

#endif
