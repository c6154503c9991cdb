/* SPDX-License-Identifier: MIT */
/*
 * registry.h: the names, who stands behind them, and who waits for them.
 *
 * service.c calls it for each request; it links to the death of every binder
 * that it keeps and forgets the dead by itself.  One caller at a time: see
 * registry_new().
 */
#ifndef SERVICEMANAGER_REGISTRY_H
#define SERVICEMANAGER_REGISTRY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <android/binder_ibinder.h>

/* What one uid may keep here: bounds the memory that a caller can take. */
#define REGISTRY_MAX_NAMES_PER_UID 1024
#define REGISTRY_MAX_WATCHES_PER_UID 512

/* What clients.c knows of a registration. */
struct client_state {
	bool is_watched;    /* a client callback is registered for the name */
	bool has_clients;   /* what the callbacks heard last */
	bool guaranteed;    /* handed out since the last look */
	unsigned int quiet; /* looks in a row without a client */
};

struct registration {
	char *name;
	AIBinder *binder; /* a strong reference */
	pid_t pid;
	uid_t uid;
	bool allow_isolated;
	int32_t dump_priority;
	uintptr_t id; /* cookie of the death link; never used twice */
	struct client_state clients;
};

struct registry;

/* Told of each registration, once for every watch of its name.  was_there: it is older than the
 * watch. */
typedef void (*registry_notify)(AIBinder *callback, const char *name, AIBinder *binder,
				bool was_there);

/* lock is held by all that call this; deaths take it.  NULL: no memory. */
struct registry *registry_new(registry_notify notify, pthread_mutex_t *lock, bool verbose);
void registry_free(struct registry *registry);

/*
 * Puts what wanted holds under wanted->name (copied, with a new strong
 * reference), in place of what was there, and tells the watches.  -EDQUOT: the
 * uid has its fill; -EINVAL: the binder is dead already; -ENOMEM.
 */
int registry_add(struct registry *registry, const struct registration *wanted);

/* The service manager's own object; errors as registry_add(). */
int registry_add_own(struct registry *registry, const char *name, AIBinder *binder);

/* Forgets a name; nothing when it is not there. */
void registry_remove(struct registry *registry, const char *name);

/* NULL: nobody.  Valid until the next call that may change the registry. */
const struct registration *registry_find(const struct registry *registry, const char *name);

/* The same registration's state for clients.c; NULL: nobody. */
struct client_state *registry_clients(struct registry *registry, const char *name);

/* Sorted by name. */
size_t registry_count(const struct registry *registry);
const struct registration *registry_at(const struct registry *registry, size_t index);

/* What a dump of a service manager says; takes the lock itself. */
void registry_dump(const struct registry *registry, int fd);

/* Tells callback of name now, if it is there, and from now on; of a name that ends in '*', of all
 * that begin with what is before it.  Errors as registry_add(). */
int registry_watch(struct registry *registry, const char *name, AIBinder *callback, uid_t uid);
/* -ENOENT: no such watch. */
int registry_unwatch(struct registry *registry, const char *name, AIBinder *callback);
/* Whether somebody waits for registrations of this name. */
bool registry_is_watched(const struct registry *registry, const char *name);

/* Links to the death of another process's object.  -EINVAL: it is dead, or this process's own;
 * -ENOMEM. */
int registry_link(AIBinder_DeathRecipient *recipient, AIBinder *binder, uintptr_t id);

#endif
