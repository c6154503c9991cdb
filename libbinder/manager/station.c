/* SPDX-License-Identifier: MIT */
/*
 * station.c: notices that another service manager has come.
 *
 * Called by keep.c and watch.c.  A connection with at least one member has a station: a thread
 * that hears of the service manager's death, looks for the next one, since no driver tells of it,
 * and calls the members.  It makes its calls and callbacks without the lock.
 */
#include "station.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "driver/deadline.h"
#include "base/error.h"
#include "hidl/hidl.h"
#include "object/hidl_base.h"
#include "object/local.h"
#include "object/proxy.h"
#include "object/transact.h"

/* How often it looks whether somebody serves handle 0: from, doubling, to. */
#define LOOK_FIRST_MS 50
#define LOOK_LAST_MS 1000

struct station {
	uintptr_t id;            /* cookie of the death link; never used twice */
	ABinderConnection *conn; /* a reference */
	struct station_member *members;
	pthread_t thread;
	unsigned int round;
	bool looked; /* for the first time: it is linked to a service manager that was there */
	bool lost;   /* the service manager is dead */
	bool ended;  /* the last member is gone: the thread frees the station */
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

static struct station_member *next_member(const struct station *station)
{
	struct station_member *member = station->members;

	while (member && member->round == station->round)
		member = member->next;
	return member;
}

/* Each member once, whoever joins and leaves meanwhile. */
static void say_lost(struct station *station)
{
	struct station_member *member;

	station->round++;
	while (!is_over(station) && (member = next_member(station))) {
		member->round = station->round;
		member->get(member);
		pthread_mutex_unlock(&lock);
		member->lost(member);
		member->put(member);
		pthread_mutex_lock(&lock);
	}
}

static void say_found(struct station *station)
{
	struct station_member *member;

	station->round++;
	while (!is_over(station) && !station->lost && (member = next_member(station))) {
		member->round = station->round;
		member->get(member);
		pthread_mutex_unlock(&lock);
		member->found(member);
		member->put(member);
		pthread_mutex_lock(&lock);
	}
}

static struct timespec timespec_of(uint64_t deadline)
{
	return (struct timespec){ (time_t)(deadline / 1000000000), (long)(deadline % 1000000000) };
}

static void pause_for(const struct station *station, int ms)
{
	const struct timespec until = timespec_of(deadline_in(ms));

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
		status = proxy_get_manager(station->conn, &manager);
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
			say_found(station);
	}
	if (manager)
		let_go(station, manager);
	while (!station->ended)
		pthread_cond_wait(&changed, &lock);
	station_free(station);
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* ---- members --------------------------------------------------------------- */

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

/* With the lock held. */
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

/* With the lock held. */
static void await_look(const struct station *station, uint64_t deadline)
{
	const struct timespec until = timespec_of(deadline);
	int error = 0;

	while (!station->looked && !is_over(station) && error != ETIMEDOUT)
		error = deadline ? pthread_cond_timedwait(&changed, &lock, &until) :
				   pthread_cond_wait(&changed, &lock);
}

binder_status_t station_join(struct station_member *member, ABinderConnection *conn,
			     uint64_t deadline)
{
	struct station_member **at;
	struct station *station;

	pthread_mutex_lock(&lock);
	station = station_of(conn);
	if (!station) {
		pthread_mutex_unlock(&lock);
		return STATUS_NO_MEMORY;
	}
	member->station = station;
	member->round = station->round;
	/* Last, as the one added last under a name is the one that counts. */
	for (at = &station->members; *at; at = &(*at)->next)
		;
	*at = member;
	await_look(station, deadline);
	pthread_mutex_unlock(&lock);
	return STATUS_OK;
}

void station_leave(struct station_member *member)
{
	struct station *station = member->station;
	struct station_member **at;

	pthread_mutex_lock(&lock);
	for (at = &station->members; *at != member; at = &(*at)->next)
		;
	*at = member->next;
	if (!station->members) {
		station->ended = true;
		pthread_cond_broadcast(&changed);
	}
	pthread_mutex_unlock(&lock);
}
