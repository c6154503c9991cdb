/* SPDX-License-Identifier: MIT */
/*
 * lazy.c: services that are registered only while somebody uses them.
 *
 * Public functions of the NDK, on the default connection; hands on to servicemanager.c.
 *
 * One object of this process hears from the service manager, for each name, whether it has clients.
 * When none has, all names are unregistered and the process ends, unless the program says
 * otherwise.  The lock is held over calls of the service manager, which waits for nobody, and is
 * recursive because a program's callback may call back.
 */
#include <android/binder_manager.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/export.h"
#include "object/local.h"
#include "object/parcel_binder.h"
#include "servicemanager.h"

struct lazy {
	struct lazy *next;
	char *name;
	AIBinder *binder; /* a reference */
	uint32_t flags;
	bool registered, used;
};

static pthread_mutex_t lock; /* guards what follows */
static struct lazy *services;
static AIBinder *listener;
static bool persist, told_used;
static bool (*program)(bool has_clients, void *context);
static void *program_context;

__attribute__((constructor)) static void set_up(void)
{
	pthread_mutexattr_t recursive;

	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &recursive);
	pthread_mutexattr_destroy(&recursive);
	connection_lock_over_fork(&lock);
}

/* ---- below here the lock is held ----------------------------------------- */

static bool any_used(void)
{
	for (struct lazy *lazy = services; lazy; lazy = lazy->next)
		if (lazy->used)
			return true;
	return false;
}

static binder_status_t enter(struct lazy *lazy)
{
	ABinderConnection *conn = connection_default();
	binder_exception_t exception;
	binder_status_t status;

	if (!conn)
		return STATUS_NAME_NOT_FOUND;
	status = servicemanager_add_with_flags(conn, lazy->binder, lazy->name, lazy->flags,
					       &exception);
	if (!status)
		status = servicemanager_register_client_callback(conn, lazy->name, lazy->binder,
								 listener, &exception);
	lazy->registered = !status;
	return status;
}

static void enter_all(void)
{
	for (struct lazy *lazy = services; lazy; lazy = lazy->next)
		if (!lazy->registered)
			enter(lazy);
}

static bool leave_all(void)
{
	ABinderConnection *conn = connection_default();

	for (struct lazy *lazy = services; conn && lazy; lazy = lazy->next) {
		if (!lazy->registered)
			continue;
		if (servicemanager_try_unregister(conn, lazy->name, lazy->binder)) {
			enter_all();
			return false;
		}
		lazy->registered = false;
	}
	return conn;
}

static void end_if_unused(void)
{
	if (services && !persist && !any_used() && leave_all())
		exit(EXIT_SUCCESS);
}

static void note_clients(AIBinder *binder, bool used)
{
	bool dealt_with = false;

	for (struct lazy *lazy = services; lazy; lazy = lazy->next)
		if (lazy->binder == binder)
			lazy->used = used;
	used = any_used();
	if (used != told_used) {
		told_used = used;
		dealt_with = program && program(used, program_context);
	}
	if (!used && !dealt_with)
		end_if_unused();
}

/* ---- what the service manager calls -------------------------------------- */

static void *listener_create(void *user)
{
	return user;
}

static void listener_destroy(void *user) {}

static binder_status_t listener_transact(AIBinder *self, transaction_code_t code, const AParcel *in,
					 AParcel *out)
{
	AIBinder *binder = NULL;
	int32_t used;
	binder_status_t status;

	if (code != CLIENT_CALLBACK_ON_CLIENTS)
		return STATUS_UNKNOWN_TRANSACTION;
	status = parcel_read_binder(in, &binder);
	if (!status)
		status = parcel_read_int32(in, &used);
	if (!status) {
		pthread_mutex_lock(&lock);
		note_clients(binder, used);
		pthread_mutex_unlock(&lock);
	}
	AIBinder_decStrong(binder);
	return status;
}

/* The lock is held. */
static AIBinder *get_listener(void)
{
	AIBinder_Class *class;

	if (listener)
		return listener;
	class = AIBinder_Class_define(CLIENT_CALLBACK_DESCRIPTOR, listener_create, listener_destroy,
				      listener_transact);
	listener = class ? AIBinder_new(class, NULL) : NULL;
	return listener;
}

/* ---- the NDK's functions ------------------------------------------------- */

static struct lazy *lazy_new(AIBinder *binder, const char *name, uint32_t flags)
{
	struct lazy *lazy = calloc(1, sizeof(*lazy));

	if (!lazy)
		return NULL;
	lazy->name = strdup(name);
	if (!lazy->name) {
		free(lazy);
		return NULL;
	}
	AIBinder_incStrong(binder);
	lazy->binder = binder;
	lazy->flags = flags;
	return lazy;
}

static void lazy_free(struct lazy *lazy)
{
	AIBinder_decStrong(lazy->binder);
	free(lazy->name);
	free(lazy);
}

EXPORT binder_status_t AServiceManager_registerLazyServiceWithFlags(
	AIBinder *binder, const char *instance, const AServiceManager_AddServiceFlag flags)
{
	binder_status_t status = STATUS_NO_MEMORY;
	struct lazy *lazy;

	if (!binder || !instance)
		return error_say(STATUS_UNEXPECTED_NULL, "no object or no name to register");
	lazy = lazy_new(binder, instance, flags);
	if (!lazy)
		return error_say(STATUS_NO_MEMORY, "no memory for a lazy service");
	pthread_mutex_lock(&lock);
	/* In the list first: its first client may be told before enter() returns. */
	lazy->next = services;
	services = lazy;
	if (get_listener())
		status = enter(lazy);
	if (status) {
		for (struct lazy **p = &services; *p; p = &(*p)->next) {
			if (*p == lazy) {
				*p = lazy->next;
				break;
			}
		}
	}
	pthread_mutex_unlock(&lock);
	if (status)
		lazy_free(lazy);
	return status;
}

EXPORT binder_status_t AServiceManager_registerLazyService(AIBinder *binder, const char *instance)
{
	return AServiceManager_registerLazyServiceWithFlags(binder, instance, 0);
}

EXPORT void AServiceManager_forceLazyServicesPersist(bool enable)
{
	pthread_mutex_lock(&lock);
	persist = enable;
	if (!enable)
		end_if_unused();
	pthread_mutex_unlock(&lock);
}

EXPORT void AServiceManager_setActiveServicesCallback(bool (*callback)(bool hasClients,
								       void *context),
						      void *context)
{
	pthread_mutex_lock(&lock);
	program = callback;
	program_context = context;
	pthread_mutex_unlock(&lock);
}

EXPORT bool AServiceManager_tryUnregister(void)
{
	bool left;

	pthread_mutex_lock(&lock);
	left = leave_all();
	pthread_mutex_unlock(&lock);
	return left;
}

EXPORT void AServiceManager_reRegister(void)
{
	pthread_mutex_lock(&lock);
	enter_all();
	pthread_mutex_unlock(&lock);
}
