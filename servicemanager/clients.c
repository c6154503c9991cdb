/* SPDX-License-Identifier: MIT */
/*
 * clients.c: client callbacks, and unregistering a service that has no clients.
 *
 * Called by service.c and names.c; the counts are the driver's
 * (BINDER_GET_NODE_INFO_FOR_REF).  A driver that does not count leaves every
 * service with clients: it then never stops, which is safe.
 */
#include <pthread.h>

#include "clients.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How often the counts are looked at; what Android does. */
#define INTERVAL_S 5
#define MAX_PER_NAME 16

struct client_callback {
	char *name;
	AIBinder *service;  /* a strong reference */
	AIBinder *callback; /* a strong reference */
	bool has_clients;   /* what it was told last */
	bool guaranteed;    /* a look-up has given the service away since */
};

struct clients {
	struct registry *registry;
	pthread_mutex_t *lock;
	pthread_t thread;
	pthread_cond_t stop;
	bool started, stopping, verbose;
	struct client_callback *entry;
	size_t count;
};

static void entry_clear(struct client_callback *entry)
{
	free(entry->name);
	AIBinder_decStrong(entry->service);
	AIBinder_decStrong(entry->callback);
}

static void remove_entry(struct clients *clients, size_t index)
{
	struct client_callback gone = clients->entry[index];

	clients->entry[index] = clients->entry[--clients->count];
	entry_clear(&gone);
}

struct clients *clients_new(struct registry *registry, pthread_mutex_t *lock, bool verbose)
{
	struct clients *clients = calloc(1, sizeof(*clients));
	pthread_condattr_t attr;

	if (!clients)
		return NULL;
	clients->registry = registry;
	clients->lock = lock;
	clients->verbose = verbose;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&clients->stop, &attr);
	pthread_condattr_destroy(&attr);
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
	while (clients->count)
		remove_entry(clients, clients->count - 1);
	pthread_cond_destroy(&clients->stop);
	free(clients->entry);
	free(clients);
}

/* ---- telling ------------------------------------------------------------- */

/* IClientCallback.onClients(IBinder service, boolean hasClients), one-way. */
static void tell(struct clients *clients, struct client_callback *entry, bool has_clients)
{
	AParcel *in = NULL, *out = NULL;
	binder_status_t status;

	entry->has_clients = has_clients;
	if (clients->verbose)
		fprintf(stderr, "servicemanager: %s has %s\n", entry->name,
			has_clients ? "clients" : "no clients");
	if (AIBinder_prepareRaw(entry->callback, CLIENT_CALLBACK_DESCRIPTOR, &in) != STATUS_OK)
		return;
	status = AParcel_writeStrongBinder(in, entry->service);
	if (status == STATUS_OK)
		status = AParcel_writeBool(in, has_clients);
	if (status == STATUS_OK)
		AIBinder_transactRaw(entry->callback, CLIENT_CALLBACK_ON_CLIENTS, &in, &out,
				     FLAG_ONEWAY, -1);
	else
		AParcel_delete(in);
	AParcel_delete(out);
}

/* Does somebody besides the known ones hold the service? */
static bool is_held(const struct client_callback *entry, uint32_t known)
{
	uint32_t count;

	return AIBinder_countClients(entry->service, &count) != STATUS_OK || count > known;
}

/* A guarantee lasts for one look: the client has had its time to take a reference. */
static void look(struct clients *clients, struct client_callback *entry)
{
	bool held = is_held(entry, CLIENTS_OURS);

	if (entry->guaranteed && !held && !entry->has_clients)
		tell(clients, entry, true);
	entry->guaranteed = false;
	if (held != entry->has_clients)
		tell(clients, entry, held);
}

static bool is_current(const struct clients *clients, const struct client_callback *entry)
{
	const struct registration *found = registry_find(clients->registry, entry->name);

	return found && found->binder == entry->service && AIBinder_isAlive(entry->callback);
}

static void look_at_all(struct clients *clients)
{
	for (size_t i = clients->count; i-- > 0;) {
		if (is_current(clients, &clients->entry[i]))
			look(clients, &clients->entry[i]);
		else
			remove_entry(clients, i);
	}
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

void clients_found(struct clients *clients, const char *name)
{
	for (size_t i = 0; i < clients->count; i++)
		if (!strcmp(clients->entry[i].name, name))
			clients->entry[i].guaranteed = true;
}

bool clients_are_told(const struct clients *clients, const char *name)
{
	for (size_t i = 0; i < clients->count; i++)
		if (!strcmp(clients->entry[i].name, name))
			return true;
	return false;
}

/* ---- handlers ------------------------------------------------------------ */

/* May this caller speak for the service?  False: the reply is written. */
static bool is_its_server(const struct request *request, const char *name, const AIBinder *service,
			  binder_status_t *status)
{
	struct service_manager *manager = request->manager;
	const struct registration *found = registry_find(manager->registry, name);

	if (!access_may_add(manager->rules, AIBinder_getCallingUid(), name))
		*status = refuse(request, EX_SECURITY, "uid %d may not add '%s'",
				 (int)AIBinder_getCallingUid(), name);
	else if (!found)
		*status = refuse(request, EX_ILLEGAL_ARGUMENT, "there is no service '%s'", name);
	else if (found->pid != AIBinder_getCallingPid())
		*status = refuse(request, EX_UNSUPPORTED_OPERATION,
				 "only the process of '%s' may do that", name);
	else if (found->binder != service)
		*status = refuse(request, EX_ILLEGAL_ARGUMENT,
				 "another object is registered as '%s'", name);
	else
		return true;
	return false;
}

static binder_status_t add_callback(const struct request *request, const char *name,
				    AIBinder *service, AIBinder *callback)
{
	struct clients *clients = request->manager->clients;
	struct client_callback *grown, *entry;
	size_t same = 0;

	for (size_t i = 0; i < clients->count; i++)
		same += !strcmp(clients->entry[i].name, name);
	if (same >= MAX_PER_NAME)
		return refuse(request, EX_ILLEGAL_STATE, "'%s' has %d callbacks already", name,
			      MAX_PER_NAME);
	grown = reallocarray(clients->entry, clients->count + 1, sizeof(*grown));
	if (!grown)
		return refuse_errno(request, -ENOMEM, name);
	clients->entry = grown;
	entry = &grown[clients->count];
	*entry = (struct client_callback){ .name = strdup(name) };
	if (!entry->name ||
	    (!clients->started && pthread_create(&clients->thread, NULL, run, clients))) {
		free(entry->name);
		return refuse_errno(request, -ENOMEM, name);
	}
	clients->started = true;
	AIBinder_incStrong(service);
	AIBinder_incStrong(callback);
	entry->service = service;
	entry->callback = callback;
	clients->count++;
	/* The first word it hears is the state of now. */
	if (is_held(entry, CLIENTS_OURS))
		tell(clients, entry, true);
	return reply_ok(request);
}

binder_status_t register_client_callback(const struct request *request)
{
	AIBinder *service = NULL, *callback = NULL;
	binder_status_t status;
	char *name;

	if (!read_name(request, &name, &status))
		return status;
	status = AParcel_readStrongBinder(request->in, &service);
	if (status == STATUS_OK)
		status = AParcel_readStrongBinder(request->in, &callback);
	if (status == STATUS_OK && !callback)
		status = refuse(request, EX_NULL_POINTER, "a null callback for '%s'", name);
	else if (status == STATUS_OK && is_its_server(request, name, service, &status))
		status = add_callback(request, name, service, callback);
	AIBinder_decStrong(service);
	AIBinder_decStrong(callback);
	free(name);
	return status;
}

static bool is_in_use(struct clients *clients, const char *name, AIBinder *service)
{
	const struct client_callback asked = { .service = service };
	bool used = is_held(&asked, CLIENTS_OURS);

	for (size_t i = 0; i < clients->count; i++) {
		struct client_callback *entry = &clients->entry[i];

		if (strcmp(entry->name, name) != 0)
			continue;
		/* Given away a moment ago: whoever got it may be about to call. */
		used |= entry->guaranteed;
	}
	return used;
}

static binder_status_t unregister(const struct request *request, const char *name,
				  AIBinder *service)
{
	struct clients *clients = request->manager->clients;

	if (is_in_use(clients, name, service)) {
		clients_found(clients, name);
		return refuse(request, EX_ILLEGAL_STATE, "'%s' has clients", name);
	}
	registry_remove(request->manager->registry, name);
	for (size_t i = clients->count; i-- > 0;)
		if (!strcmp(clients->entry[i].name, name))
			remove_entry(clients, i);
	return reply_ok(request);
}

binder_status_t try_unregister_service(const struct request *request)
{
	AIBinder *service = NULL;
	binder_status_t status;
	char *name;

	if (!read_name(request, &name, &status))
		return status;
	status = AParcel_readStrongBinder(request->in, &service);
	if (status == STATUS_OK && !service)
		status = refuse(request, EX_NULL_POINTER, "a null service for '%s'", name);
	else if (status == STATUS_OK && is_its_server(request, name, service, &status))
		status = unregister(request, name, service);
	AIBinder_decStrong(service);
	free(name);
	return status;
}
