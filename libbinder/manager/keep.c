/* SPDX-License-Identifier: MIT */
/*
 * keep.c: names that are added again when another service manager has come.
 *
 * Called by programs (binder/ext.h).  A connection with at least one keeper has a station: a
 * thread that hears of the service manager's death, looks for the next one, since no driver tells
 * of it, and adds the names again.  It makes its calls and callbacks without the lock.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/export.h"
#include "connection/connection.h"
#include "hidl/hidl.h"
#include "object/hidl_base.h"
#include "object/local.h"
#include "object/proxy.h"
#include "object/transact.h"

/* How often it looks whether somebody serves handle 0: from, doubling, to. */
#define LOOK_FIRST_MS 50
#define LOOK_LAST_MS 1000

struct AServiceManager_Keeper {
	struct station *station;
	char *name;
	AIBinder *binder; /* a reference */
	AServiceManager_onKept fn;
	void *cookie;
	unsigned int round; /* of the station, in which it was dealt with */
	AServiceManager_Keeper *next;
};

struct station {
	uintptr_t id;            /* cookie of the death link; never used twice */
	ABinderConnection *conn; /* a reference */
	AServiceManager_Keeper *keepers;
	AServiceManager_Keeper *told; /* its callback runs */
	pthread_t thread;
	unsigned int round;
	bool looked; /* for the first time: it is linked to a service manager that was there */
	bool lost;   /* the service manager is dead */
	bool ended;  /* the last keeper is gone: the thread frees the station */
	struct station *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all of it */
static pthread_cond_t changed;
static struct station *stations;
static AIBinder_DeathRecipient *recipient;
static uintptr_t last_id;

__attribute__((constructor)) static void set_up(void)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&changed, &attr);
	pthread_condattr_destroy(&attr);
	connection_lock_over_fork(&lock);
}

static void on_death(void *cookie)
{
	pthread_mutex_lock(&lock);
	for (struct station *station = stations; station; station = station->next)
		if (station->id == (uintptr_t)cookie)
			station->lost = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

/* ---- the station's thread ------------------------------------------------ */

static bool is_over(const struct station *station)
{
	return station->ended || !connection_is_alive(station->conn);
}

/* The lock is held, but for the callback. */
static void notify(struct station *station, AServiceManager_Keeper *keeper, binder_status_t status)
{
	if (!keeper->fn)
		return;
	station->told = keeper;
	pthread_mutex_unlock(&lock);
	keeper->fn(keeper->name, status, keeper->cookie);
	pthread_mutex_lock(&lock);
	station->told = NULL;
	pthread_cond_broadcast(&changed);
}

static AServiceManager_Keeper *next_keeper(const struct station *station)
{
	AServiceManager_Keeper *keeper = station->keepers;

	while (keeper && keeper->round == station->round)
		keeper = keeper->next;
	return keeper;
}

static bool is_kept(const struct station *station, const AServiceManager_Keeper *wanted)
{
	const AServiceManager_Keeper *keeper = station->keepers;

	while (keeper && keeper != wanted)
		keeper = keeper->next;
	return keeper;
}

/* Each keeper once, whatever is added and deleted meanwhile. */
static void say_lost(struct station *station)
{
	AServiceManager_Keeper *keeper;

	station->round++;
	while (!is_over(station) && (keeper = next_keeper(station))) {
		keeper->round = station->round;
		notify(station, keeper, STATUS_DEAD_OBJECT);
	}
}

static binder_status_t add_now(ABinderConnection *conn, AIBinder *binder, const char *name)
{
	binder_status_t status;

	pthread_mutex_unlock(&lock);
	status = AServiceManager_addOn(conn, binder, name);
	pthread_mutex_lock(&lock);
	return status;
}

static void add_again(struct station *station)
{
	AServiceManager_Keeper *keeper;

	station->round++;
	while (!is_over(station) && !station->lost && (keeper = next_keeper(station))) {
		AIBinder *binder = keeper->binder;
		char *name = strdup(keeper->name);
		binder_status_t status = STATUS_NO_MEMORY;

		/* It may be deleted while the service manager is asked. */
		keeper->round = station->round;
		AIBinder_incStrong(binder);
		if (name)
			status = add_now(station->conn, binder, name);
		if (is_kept(station, keeper))
			notify(station, keeper, status);
		pthread_mutex_unlock(&lock);
		AIBinder_decStrong(binder);
		pthread_mutex_lock(&lock);
		free(name);
	}
}

static void pause_for(const struct station *station, int ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	while (!is_over(station) && pthread_cond_timedwait(&changed, &lock, &until) == 0)
		;
}

static binder_status_t ping(AIBinder *manager, bool hidl)
{
	AParcel *in, *out;
	binder_status_t status;

	if (hidl)
		status = hidl_call_base(manager, HIDL_PING, -1, &out);
	else
		status = request_new(manager, NULL, &in);
	if (!status && !hidl)
		status = transact(manager, CODE_PING, &in, &out, 0, -1);
	if (!status)
		parcel_delete(out);
	return status;
}

/* Links to the death of whoever serves handle 0.  STATUS_OK: *ret is a reference to it. */
static binder_status_t link_to_manager(const struct station *station, AIBinder **ret)
{
	AIBinder *manager = NULL;
	binder_status_t status;

	pthread_mutex_unlock(&lock);
	status = connection_check(station->conn);
	if (status == STATUS_OK)
		status = proxy_get(station->conn, 0, &manager);
	if (status == STATUS_OK)
		status = ping(manager, hidl_is_spoken(station->conn));
	if (status == STATUS_OK)
		status = AIBinder_linkToDeath(manager, recipient, (void *)station->id);
	if (status == STATUS_OK)
		*ret = manager;
	else
		AIBinder_decStrong(manager);
	pthread_mutex_lock(&lock);
	return status;
}

/* A reference to a dead service manager keeps the next one from being handle 0. */
static void let_go(const struct station *station, AIBinder *manager)
{
	pthread_mutex_unlock(&lock);
	AIBinder_unlinkToDeath(manager, recipient, (void *)station->id);
	AIBinder_decStrong(manager);
	pthread_mutex_lock(&lock);
}

/* NULL: it is over. */
static AIBinder *find_manager(struct station *station)
{
	AIBinder *manager = NULL;
	int ms = LOOK_FIRST_MS;

	while (!is_over(station)) {
		binder_status_t status;

		station->lost = false;
		status = link_to_manager(station, &manager);
		station->looked = true;
		pthread_cond_broadcast(&changed);
		if (status == STATUS_OK)
			return manager;
		pause_for(station, ms);
		ms = ms < LOOK_LAST_MS / 2 ? ms * 2 : LOOK_LAST_MS;
	}
	return NULL;
}

static void station_free(struct station *station)
{
	struct station **at = &stations;

	while (*at != station)
		at = &(*at)->next;
	*at = station->next;
	pthread_mutex_unlock(&lock);
	connection_unref(station->conn);
	free(station);
	pthread_mutex_lock(&lock);
}

static void *run(void *arg)
{
	struct station *station = arg;
	AIBinder *manager;

	pthread_mutex_lock(&lock);
	manager = find_manager(station);
	while (!is_over(station)) {
		while (!station->lost && !is_over(station))
			pthread_cond_wait(&changed, &lock);
		if (is_over(station))
			break;
		say_lost(station);
		let_go(station, manager);
		manager = find_manager(station);
		if (manager)
			add_again(station);
	}
	if (manager)
		let_go(station, manager);
	while (!station->ended)
		pthread_cond_wait(&changed, &lock);
	station_free(station);
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* ---- keepers ------------------------------------------------------------- */

static int start_thread(struct station *station)
{
	sigset_t all, before;
	int error;

	/* Signals are the program's business. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	error = pthread_create(&station->thread, NULL, run, station);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!error)
		pthread_detach(station->thread);
	return error;
}

static struct station *station_of(ABinderConnection *conn)
{
	struct station *station = stations;

	while (station && (station->conn != conn || station->ended))
		station = station->next;
	if (station)
		return station;
	if (!recipient)
		recipient = AIBinder_DeathRecipient_new(on_death);
	station = recipient ? calloc(1, sizeof(*station)) : NULL;
	if (!station)
		return NULL;
	station->id = ++last_id;
	station->conn = conn;
	station->next = stations;
	stations = station;
	if (start_thread(station)) {
		stations = station->next;
		free(station);
		return NULL;
	}
	connection_ref(conn);
	return station;
}

/* With the lock held, if there is memory. */
static AServiceManager_Keeper *keeper_new(ABinderConnection *conn, AIBinder *binder,
					  const char *name)
{
	AServiceManager_Keeper *keeper = calloc(1, sizeof(*keeper));

	if (!keeper)
		return NULL;
	keeper->name = strdup(name);
	pthread_mutex_lock(&lock);
	keeper->station = keeper->name ? station_of(conn) : NULL;
	if (!keeper->station) {
		pthread_mutex_unlock(&lock);
		free(keeper->name);
		free(keeper);
		return NULL;
	}
	AIBinder_incStrong(binder);
	keeper->binder = binder;
	return keeper;
}

EXPORT binder_status_t AServiceManager_keepOn(ABinderConnection *connection, AIBinder *binder,
					      const char *name, AServiceManager_onKept fn,
					      void *cookie, AServiceManager_Keeper **out)
{
	AServiceManager_Keeper *keeper, **at;
	struct station *station;
	binder_status_t status;

	if (!connection || !binder || !name)
		return error_say(STATUS_UNEXPECTED_NULL, "no connection, object or name");
	keeper = keeper_new(connection, binder, name);
	if (!keeper)
		return error_say(STATUS_NO_MEMORY, "no memory to keep \"%s\" registered", name);
	station = keeper->station;
	keeper->fn = fn;
	keeper->cookie = cookie;
	keeper->round = station->round;
	/* Last, as the one added last under a name is the one that counts. */
	for (at = &station->keepers; *at; at = &(*at)->next)
		;
	*at = keeper;
	/* From here on no death of the service manager is missed. */
	while (!station->looked && !is_over(station))
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
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
	struct station *station;
	AServiceManager_Keeper **at;

	if (!keeper)
		return;
	pthread_mutex_lock(&lock);
	station = keeper->station;
	for (at = &station->keepers; *at != keeper; at = &(*at)->next)
		;
	*at = keeper->next;
	while (station->told == keeper && !pthread_equal(station->thread, pthread_self()))
		pthread_cond_wait(&changed, &lock);
	if (!station->keepers) {
		station->ended = true;
		pthread_cond_broadcast(&changed);
	}
	pthread_mutex_unlock(&lock);
	AIBinder_decStrong(keeper->binder);
	free(keeper->name);
	free(keeper);
}
