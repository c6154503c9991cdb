/* SPDX-License-Identifier: MIT */
/*
 * clients.c: client callbacks; see clients.h.
 *
 * The counts are the driver's (BINDER_GET_NODE_INFO_FOR_REF).  With a driver that does not count,
 * every service has clients: it then never stops, which is safe.
 *
 * Callbacks hear at once that a service has a client, and at the next look of the thread that it
 * has none: a service that stops and is started again for every call helps nobody.  What the
 * callbacks heard last is part of the registration (struct client_state).  A callback stays until
 * its process dies, even when its name is unregistered: Android's lazy services unregister all
 * their names, and register them again if one of them turns out to be in use.
 */
#include "clients.h"
#include "say.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <binder/ext.h>

/* How often the thread looks at the counts; as in Android. */
#define INTERVAL_S 5

struct client_callback {
	char *name;
	AIBinder *callback; /* a strong reference */
	pid_t pid;          /* of the process that registered it */
	uid_t uid;
	uintptr_t id; /* cookie of the death link; never used twice */
};

struct clients {
	const struct clients_kind *kind;
	struct registry *registry;
	pthread_mutex_t *lock;
	AIBinder_DeathRecipient *recipient;
	pthread_t thread;
	pthread_cond_t stop;
	bool started, stopping, verbose;
	struct client_callback *entry;
	size_t count;
	uintptr_t last_id;
};

/* The death recipient's cookie only identifies an entry.  A process has one service manager. */
static struct clients *the_clients;

/* ---- the table ----------------------------------------------------------- */

static void update_watched(struct clients *clients, const char *name)
{
	struct client_state *state = registry_clients(clients->registry, name);

	if (!state)
		return;
	state->is_watched = false;
	for (size_t i = 0; i < clients->count; i++)
		state->is_watched |= !strcmp(clients->entry[i].name, name);
}

static void remove_entry(struct clients *clients, size_t index)
{
	struct client_callback gone = clients->entry[index];

	clients->entry[index] = clients->entry[--clients->count];
	update_watched(clients, gone.name);
	AIBinder_unlinkToDeath(gone.callback, clients->recipient, (void *)gone.id);
	AIBinder_decStrong(gone.callback);
	free(gone.name);
}

static void on_death(void *cookie)
{
	struct clients *clients = the_clients;

	if (!clients)
		return;
	pthread_mutex_lock(clients->lock);
	for (size_t i = 0; i < clients->count; i++) {
		if (clients->entry[i].id == (uintptr_t)cookie) {
			remove_entry(clients, i);
			break;
		}
	}
	pthread_mutex_unlock(clients->lock);
}

struct clients *clients_new(const struct clients_kind *kind, struct registry *registry,
			    pthread_mutex_t *lock, bool verbose)
{
	struct clients *clients = calloc(1, sizeof(*clients));
	pthread_condattr_t attr;

	if (!clients)
		return NULL;
	clients->recipient = AIBinder_DeathRecipient_new(on_death);
	if (!clients->recipient) {
		free(clients);
		return NULL;
	}
	clients->kind = kind;
	clients->registry = registry;
	clients->lock = lock;
	clients->verbose = verbose;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&clients->stop, &attr);
	pthread_condattr_destroy(&attr);
	the_clients = clients;
	return clients;
}

void clients_free(struct clients *clients)
{
	if (!clients)
		return;
	if (clients->started) {
		pthread_mutex_lock(clients->lock);
		clients->stopping = true;
		pthread_cond_signal(&clients->stop);
		pthread_mutex_unlock(clients->lock);
		pthread_join(clients->thread, NULL);
	}
	the_clients = NULL;
	while (clients->count)
		remove_entry(clients, clients->count - 1);
	AIBinder_DeathRecipient_delete(clients->recipient);
	pthread_cond_destroy(&clients->stop);
	free(clients->entry);
	free(clients);
}

/* ---- notifying ----------------------------------------------------------- */

bool clients_hold(AIBinder *service, uint32_t known)
{
	uint32_t count;

	return AIBinder_countClients(service, &count) != STATUS_OK || count > known;
}

static void notify_all(struct clients *clients, const struct registration *found,
		       struct client_state *state, bool has_clients)
{
	if (clients->verbose)
		say("servicemanager: %s has %s\n", found->name,
		    has_clients ? "clients" : "no clients");
	for (size_t i = 0; i < clients->count; i++)
		if (!strcmp(clients->entry[i].name, found->name))
			clients->kind->notify(clients->entry[i].callback, found->binder,
					      has_clients);
	state->has_clients = has_clients;
	state->quiet = 0;
}

/* A guarantee lasts until the next look: until then the client can take its reference. */
static bool look(struct clients *clients, const char *name, uint32_t known, bool may_end)
{
	const struct registration *found = registry_find(clients->registry, name);
	struct client_state *state = registry_clients(clients->registry, name);
	bool held;

	if (!found || !state->is_watched)
		return true;
	held = clients_hold(found->binder, known);
	if (!state->has_clients && (held || state->guaranteed))
		notify_all(clients, found, state, true);
	state->guaranteed = false;
	if (held || !state->has_clients)
		state->quiet = 0;
	else if (may_end && ++state->quiet >= clients->kind->quiet_looks)
		notify_all(clients, found, state, false);
	return state->has_clients;
}

static void look_at_all(struct clients *clients)
{
	for (size_t i = 0; i < registry_count(clients->registry); i++)
		look(clients, registry_at(clients->registry, i)->name, CLIENTS_KNOWN_AT_A_LOOK,
		     true);
}

static void *run(void *arg)
{
	struct clients *clients = arg;
	struct timespec next;

	pthread_mutex_lock(clients->lock);
	clock_gettime(CLOCK_MONOTONIC, &next);
	while (!clients->stopping) {
		next.tv_sec += INTERVAL_S;
		while (!clients->stopping &&
		       !pthread_cond_timedwait(&clients->stop, clients->lock, &next))
			;
		if (!clients->stopping)
			look_at_all(clients);
	}
	pthread_mutex_unlock(clients->lock);
	return NULL;
}

/* ---- what service managers do -------------------------------------------- */

bool clients_look(struct clients *clients, const char *name)
{
	return look(clients, name, CLIENTS_KNOWN_IN_A_CALL, false);
}

void clients_found(struct clients *clients, const char *name)
{
	struct client_state *state = registry_clients(clients->registry, name);

	state->guaranteed = true;
	clients_look(clients, name);
	/* The client has its reference only once it has our reply. */
	state->guaranteed = true;
}

void clients_registered(struct clients *clients, const char *name, pid_t pid)
{
	/* Callbacks of another process are left over from its own service. */
	for (size_t i = clients->count; i-- > 0;)
		if (clients->entry[i].pid != pid && !strcmp(clients->entry[i].name, name))
			remove_entry(clients, i);
	update_watched(clients, name);
	if (registry_is_watched(clients->registry, name))
		clients_found(clients, name);
}

bool clients_are_watched(const struct clients *clients, const char *name)
{
	const struct client_state *state = registry_clients(clients->registry, name);

	return state && state->is_watched;
}

/* 0: there is room. */
static int check_room(const struct clients *clients, const char *name, uid_t uid)
{
	size_t of_name = 0, of_uid = 0;

	for (size_t i = 0; i < clients->count; i++) {
		of_name += !strcmp(clients->entry[i].name, name);
		of_uid += clients->entry[i].uid == uid;
	}
	return of_name < CLIENTS_MAX_CALLBACKS_PER_NAME && of_uid < CLIENTS_MAX_CALLBACKS_PER_UID ?
		       0 :
		       -EDQUOT;
}

static bool is_registered(const struct clients *clients, const char *name, AIBinder *callback)
{
	for (size_t i = 0; i < clients->count; i++)
		if (clients->entry[i].callback == callback && !strcmp(clients->entry[i].name, name))
			return true;
	return false;
}

static int start(struct clients *clients)
{
	if (!clients->started && pthread_create(&clients->thread, NULL, run, clients))
		return -ENOMEM;
	clients->started = true;
	return 0;
}

int clients_add_callback(struct clients *clients, const char *name, AIBinder *callback, pid_t pid,
			 uid_t uid)
{
	const struct registration *found = registry_find(clients->registry, name);
	struct client_state *state = registry_clients(clients->registry, name);
	struct client_callback *grown, entry = { .callback = callback, .pid = pid, .uid = uid };
	int r;

	if (!found)
		return -ENOENT;
	if (is_registered(clients, name, callback))
		return 0;
	r = check_room(clients, name, uid);
	if (!r)
		r = start(clients);
	if (r)
		return r;
	grown = reallocarray(clients->entry, clients->count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	clients->entry = grown;
	entry.name = strdup(name);
	if (!entry.name)
		return -ENOMEM;
	entry.id = ++clients->last_id;
	r = registry_link(clients->recipient, callback, entry.id);
	if (r) {
		free(entry.name);
		return r;
	}
	AIBinder_incStrong(callback);
	/* A callback that has heard nothing believes that there is no client. */
	if (state->has_clients)
		clients->kind->notify(callback, found->binder, true);
	clients->entry[clients->count++] = entry;
	state->is_watched = true;
	clients_look(clients, name);
	return 0;
}

bool clients_remove_callback(struct clients *clients, AIBinder *service, AIBinder *callback)
{
	bool removed = false;

	for (size_t i = clients->count; i-- > 0;) {
		const struct registration *found =
			registry_find(clients->registry, clients->entry[i].name);

		if (clients->entry[i].callback != callback ||
		    (service && !(found && found->binder == service)))
			continue;
		remove_entry(clients, i);
		removed = true;
	}
	return removed;
}
