/* SPDX-License-Identifier: MIT */
/*
 * keep.c: names that are added again when another service manager has come.
 *
 * Called by programs (binder/ext.h); station.c notices the service manager's end.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/export.h"
#include "station.h"

/* Shared by the owner and the station's thread. */
struct AServiceManager_Keeper {
	struct station_member member;
	atomic_int refs;
	ABinderConnection *conn; /* a reference */
	AIBinder *binder;        /* a reference */
	char *name;
	AServiceManager_onKept fn;
	void *cookie;
	pthread_t runner; /* while running */
	bool running;     /* the callback; guarded by lock, as what follows */
	bool deleted;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t idle = PTHREAD_COND_INITIALIZER;

__attribute__((constructor)) static void set_up(void)
{
	connection_lock_over_fork(&lock);
}

static void keeper_unref(AServiceManager_Keeper *keeper)
{
	if (atomic_fetch_sub(&keeper->refs, 1) != 1)
		return;
	AIBinder_decStrong(keeper->binder);
	connection_unref(keeper->conn);
	free(keeper->name);
	free(keeper);
}

/* ---- what the station calls ------------------------------------------------ */

static AServiceManager_Keeper *keeper_of(struct station_member *member)
{
	return (AServiceManager_Keeper *)((char *)member -
					  offsetof(AServiceManager_Keeper, member));
}

static void get(struct station_member *member)
{
	atomic_fetch_add(&keeper_of(member)->refs, 1);
}

static void put(struct station_member *member)
{
	keeper_unref(keeper_of(member));
}

static void notify(AServiceManager_Keeper *keeper, binder_status_t status)
{
	pthread_mutex_lock(&lock);
	if (!keeper->deleted && keeper->fn) {
		keeper->running = true;
		keeper->runner = pthread_self();
		pthread_mutex_unlock(&lock);
		keeper->fn(keeper->name, status, keeper->cookie);
		pthread_mutex_lock(&lock);
		keeper->running = false;
		pthread_cond_broadcast(&idle);
	}
	pthread_mutex_unlock(&lock);
}

static void on_lost(struct station_member *member)
{
	notify(keeper_of(member), STATUS_DEAD_OBJECT);
}

static void on_found(struct station_member *member)
{
	AServiceManager_Keeper *keeper = keeper_of(member);
	bool deleted;

	pthread_mutex_lock(&lock);
	deleted = keeper->deleted;
	pthread_mutex_unlock(&lock);
	if (!deleted)
		notify(keeper, AServiceManager_addOn(keeper->conn, keeper->binder, keeper->name));
}

/* ---- keepers ------------------------------------------------------------- */

static AServiceManager_Keeper *keeper_new(ABinderConnection *conn, AIBinder *binder,
					  const char *name)
{
	AServiceManager_Keeper *keeper = calloc(1, sizeof(*keeper));

	if (!keeper)
		return NULL;
	keeper->name = strdup(name);
	if (!keeper->name) {
		free(keeper);
		return NULL;
	}
	keeper->member = (struct station_member){
		.lost = on_lost, .found = on_found, .get = get, .put = put
	};
	atomic_init(&keeper->refs, 1);
	keeper->conn = connection_ref(conn);
	AIBinder_incStrong(binder);
	keeper->binder = binder;
	return keeper;
}

EXPORT binder_status_t AServiceManager_keepOn(ABinderConnection *connection, AIBinder *binder,
					      const char *name, AServiceManager_onKept fn,
					      void *cookie, AServiceManager_Keeper **out)
{
	AServiceManager_Keeper *keeper;
	binder_status_t status;

	if (!connection || !binder || !name)
		return error_say(STATUS_UNEXPECTED_NULL, "no connection, object or name");
	keeper = keeper_new(connection, binder, name);
	if (keeper) {
		keeper->fn = fn;
		keeper->cookie = cookie;
	}
	if (!keeper || station_join(&keeper->member, connection, 0)) {
		if (keeper)
			keeper_unref(keeper);
		return error_say(STATUS_NO_MEMORY, "no memory to keep \"%s\" registered", name);
	}
	status = AServiceManager_addOn(connection, binder, name);
	if (status) {
		AServiceManager_Keeper_delete(keeper);
		return status;
	}
	*out = keeper;
	return STATUS_OK;
}

EXPORT void AServiceManager_Keeper_delete(AServiceManager_Keeper *keeper)
{
	if (!keeper)
		return;
	station_leave(&keeper->member);
	pthread_mutex_lock(&lock);
	keeper->deleted = true;
	while (keeper->running && !pthread_equal(keeper->runner, pthread_self()))
		pthread_cond_wait(&idle, &lock);
	pthread_mutex_unlock(&lock);
	keeper_unref(keeper);
}
