/* SPDX-License-Identifier: MIT */
/*
 * clients.h: client callbacks, which report whether a service has clients.
 *
 * A service that may stop while nobody uses it (a lazy service) registers a client callback for
 * its name.  The driver counts the strong references to each object; clients.c looks at the
 * counts and calls the callbacks when the answer changes.  lazy.c and hidl_lazy.c are the calls
 * that reach it, names.c and hidl*.c report look-ups and registrations.
 *
 * All functions expect the caller to hold the lock that was given to clients_new().
 */
#ifndef SERVICEMANAGER_CLIENTS_H
#define SERVICEMANAGER_CLIENTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <android/binder_ibinder.h>

#include "registry.h"

/*
 * References that are no client's, as in Android.  The service manager holds one.  While a service
 * is inside its callback, the one-way call that brought the object holds a second one, and a
 * service may unregister itself from there.
 */
#define CLIENTS_KNOWN_AT_A_LOOK 1
#define CLIENTS_KNOWN_IN_A_CALL 2

/* Limits on what callers can store here. */
#define CLIENTS_MAX_CALLBACKS_PER_NAME 16
#define CLIENTS_MAX_CALLBACKS_PER_UID 2048

/* What the two service managers do differently. */
struct clients_kind {
	/* The one-way call onClients(service, has_clients). */
	void (*notify)(AIBinder *callback, AIBinder *service, bool has_clients);
	/* So many looks in a row must find no client before a callback hears that. */
	unsigned int quiet_looks;
};

struct clients;

/* NULL: no memory. */
struct clients *clients_new(const struct clients_kind *kind, struct registry *registry,
			    pthread_mutex_t *lock, bool verbose);
/* Without the lock. */
void clients_free(struct clients *clients);

/*
 * Calls callback from now on when the name's service gets its first client or has lost its last
 * one.  A callback that is registered already stays registered once.  -ENOENT: no such service;
 * -EDQUOT: a limit is reached; -EINVAL: the callback is dead, or not another process's; -ENOMEM.
 */
int clients_add_callback(struct clients *clients, const char *name, AIBinder *callback, pid_t pid,
			 uid_t uid);
/* Removes a callback from every name of service, or from every name if service is NULL.  Whether
 * there was one. */
bool clients_remove_callback(struct clients *clients, AIBinder *service, AIBinder *callback);

/* The name's service has just been handed out: it has a client, although no count shows it yet. */
void clients_found(struct clients *clients, const char *name);
/* The name has been registered (again) by this process. */
void clients_registered(struct clients *clients, const char *name, pid_t pid);
/* Whether a callback is registered for the name: such a service is lazy. */
bool clients_are_watched(const struct clients *clients, const char *name);

/* Whether the callbacks of the name believe that it has clients, after a look at the count. */
bool clients_look(struct clients *clients, const char *name);
/* Whether more than known references to the object exist, or the driver does not count. */
bool clients_hold(AIBinder *service, uint32_t known);

#endif
