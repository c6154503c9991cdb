/* SPDX-License-Identifier: MIT */
/*
 * watch.c: hearing of registrations, and waiting for one.
 *
 * Called by programs (binder/ext.h) and the NDK face.  A watch is an object of
 * ours that the service manager calls; it outlives AServiceManager_Watch_delete()
 * for as long as the manager holds it, but calls nobody any more.  station.c says
 * when another service manager has to be told of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "driver/deadline.h"
#include "base/error.h"
#include "base/export.h"
#include "object/await.h"
#include "object/parcel_binder.h"
#include "parcel/parcel.h"
#include "servicemanager.h"
#include "station.h"

/* Shared by the owner, the callback object and the station's thread; a reference each. */
struct AServiceManager_Watch {
	struct station_member member;
	atomic_int refs;
	ABinderConnection *conn; /* a reference */
	AIBinder *callback;      /* the owner's reference */
	char *name;
	AServiceManager_onWatched fn;
	void *cookie;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t idle;
	pthread_t runner; /* while running */
	unsigned int running;
	bool deleted;
	AServiceManager_Watch *next; /* of those that have yet to be signed off; unsigned_lock */
};

static void watch_unref(AServiceManager_Watch *watch)
{
	if (atomic_fetch_sub(&watch->refs, 1) != 1)
		return;
	pthread_mutex_destroy(&watch->lock);
	pthread_cond_destroy(&watch->idle);
	connection_unref(watch->conn);
	free(watch->name);
	free(watch);
}

/* ---- the callback object ------------------------------------------------- */

static void *callback_create(void *args)
{
	return args;
}

static void callback_destroy(void *user)
{
	watch_unref(user);
}

static void run(AServiceManager_Watch *watch, const char *name, AIBinder *binder)
{
	pthread_mutex_lock(&watch->lock);
	/* One at a time, so that a deletion knows whom to wait for. */
	while (watch->running && !watch->deleted)
		pthread_cond_wait(&watch->idle, &watch->lock);
	if (watch->deleted) {
		pthread_mutex_unlock(&watch->lock);
		return;
	}
	watch->running = 1;
	watch->runner = pthread_self();
	pthread_mutex_unlock(&watch->lock);

	watch->fn(name ? name : watch->name, binder, watch->cookie);

	pthread_mutex_lock(&watch->lock);
	watch->running = 0;
	pthread_cond_broadcast(&watch->idle);
	pthread_mutex_unlock(&watch->lock);
}

static binder_status_t callback_transact(AIBinder *self, transaction_code_t code, const AParcel *in,
					 AParcel *out)
{
	AIBinder *binder = NULL;
	char *name = NULL;
	binder_status_t status;

	if (code != SERVICE_CALLBACK_ON_REGISTRATION)
		return STATUS_UNKNOWN_TRANSACTION;
	status = parcel_take_string16(in, &name);
	if (!status)
		status = parcel_read_binder(in, &binder);
	if (!status && name && binder)
		run(AIBinder_getUserData(self), name, binder);
	/* It is not told a second time. */
	if (status == STATUS_NO_MEMORY)
		run(AIBinder_getUserData(self), NULL, NULL);
	AIBinder_decStrong(binder);
	free(name);
	return status;
}

/* Made once, as soon as there is memory for it; NULL: there is none. */
static AIBinder_Class *callback_class(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static AIBinder_Class *class;
	AIBinder_Class *found;

	pthread_mutex_lock(&lock);
	if (!class)
		class = AIBinder_Class_define(SERVICE_CALLBACK_DESCRIPTOR, callback_create,
					      callback_destroy, callback_transact);
	found = class;
	pthread_mutex_unlock(&lock);
	return found;
}

/* ---- watching ------------------------------------------------------------ */

/* A manager that lives gets the time to answer, however short the wait for a service is. */
#define MANAGER_PATIENCE_MS 200

/* What is left until the deadline of a wait, for a question to the manager. */
static int patience(uint64_t deadline)
{
	int left = deadline_left(deadline);

	return left >= 0 && left < MANAGER_PATIENCE_MS ? MANAGER_PATIENCE_MS : left;
}

static binder_status_t tell_manager(AServiceManager_Watch *watch, enum servicemanager_method method,
				    uint64_t deadline)
{
	struct servicemanager_call call;
	binder_status_t status = servicemanager_begin(&call, watch->conn, patience(deadline));

	if (!status)
		status = parcel_write_string16(call.in, watch->name, strlen(watch->name));
	if (!status)
		status = parcel_write_binder(call.in, watch->callback);
	if (!status)
		status = servicemanager_run(&call, method);
	servicemanager_end(&call);
	return status;
}

/* ---- another service manager ----------------------------------------------- */

static AServiceManager_Watch *watch_of(struct station_member *member)
{
	return (AServiceManager_Watch *)((char *)member - offsetof(AServiceManager_Watch, member));
}

static void get_watch(struct station_member *member)
{
	atomic_fetch_add(&watch_of(member)->refs, 1);
}

static void put_watch(struct station_member *member)
{
	watch_unref(watch_of(member));
}

static void on_lost(struct station_member *member) {}

static bool is_deleted(AServiceManager_Watch *watch)
{
	bool deleted;

	pthread_mutex_lock(&watch->lock);
	deleted = watch->deleted;
	pthread_mutex_unlock(&watch->lock);
	return deleted;
}

/* With a reference, which outlasts a deletion; NULL: it is deleted. */
static AIBinder *take_callback(AServiceManager_Watch *watch)
{
	AIBinder *callback = NULL;

	pthread_mutex_lock(&watch->lock);
	if (!watch->deleted) {
		callback = watch->callback;
		AIBinder_incStrong(callback);
	}
	pthread_mutex_unlock(&watch->lock);
	return callback;
}

static void on_found(struct station_member *member)
{
	AServiceManager_Watch *watch = watch_of(member);
	AIBinder *callback = take_callback(watch);
	binder_status_t status;

	if (!callback)
		return;
	status = tell_manager(watch, SM_REGISTER_FOR_NOTIFICATIONS, 0);
	/* Its owner hears that something may have been missed. */
	if (status == STATUS_NO_MEMORY)
		run(watch, NULL, NULL);
	/* The owner may have signed off before we signed on. */
	if (status == STATUS_OK && is_deleted(watch))
		tell_manager(watch, SM_UNREGISTER_FOR_NOTIFICATIONS, 0);
	AIBinder_decStrong(callback);
}

/* ---- signing off ---------------------------------------------------------- */

/*
 * A manager that has not been told holds the callback for as long as it lives.  So
 * when there is no memory to tell it, that is done with the next watch.
 */
static AServiceManager_Watch *not_signed_off;
static pthread_mutex_t unsigned_lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void keep_unsigned_over_fork(void)
{
	connection_lock_over_fork(&unsigned_lock);
}

static void sign_off(AServiceManager_Watch *watch, uint64_t deadline)
{
	if (tell_manager(watch, SM_UNREGISTER_FOR_NOTIFICATIONS, deadline) == STATUS_NO_MEMORY) {
		pthread_mutex_lock(&unsigned_lock);
		watch->next = not_signed_off;
		not_signed_off = watch;
		pthread_mutex_unlock(&unsigned_lock);
		return;
	}
	AIBinder_decStrong(watch->callback);
	watch_unref(watch);
}

/* Those of a while ago. */
static void sign_off_others(uint64_t deadline)
{
	AServiceManager_Watch *watch, *next;

	pthread_mutex_lock(&unsigned_lock);
	watch = not_signed_off;
	not_signed_off = NULL;
	pthread_mutex_unlock(&unsigned_lock);
	for (; watch; watch = next) {
		next = watch->next;
		sign_off(watch, deadline);
	}
}

static AServiceManager_Watch *watch_new(ABinderConnection *connection, const char *name,
					AServiceManager_onWatched fn, void *cookie)
{
	AServiceManager_Watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return NULL;
	watch->member = (struct station_member){
		.lost = on_lost, .found = on_found, .get = get_watch, .put = put_watch
	};
	atomic_init(&watch->refs, 1);
	pthread_mutex_init(&watch->lock, NULL);
	pthread_cond_init(&watch->idle, NULL);
	watch->conn = connection_ref(connection);
	watch->fn = fn;
	watch->cookie = cookie;
	watch->name = strdup(name);
	watch->callback = watch->name ? AIBinder_new(callback_class(), watch) : NULL;
	if (!watch->callback) {
		watch_unref(watch);
		return NULL;
	}
	atomic_fetch_add(&watch->refs, 1);
	return watch;
}

/* No callback begins from now on, and none runs once this has returned. */
static void stop_callbacks(AServiceManager_Watch *watch)
{
	station_leave(&watch->member);
	pthread_mutex_lock(&watch->lock);
	watch->deleted = true;
	pthread_cond_broadcast(&watch->idle);
	while (watch->running && !pthread_equal(watch->runner, pthread_self()))
		pthread_cond_wait(&watch->idle, &watch->lock);
	pthread_mutex_unlock(&watch->lock);
}

static binder_status_t watch_on(ABinderConnection *connection, const char *name, uint64_t deadline,
				AServiceManager_onWatched fn, void *cookie,
				AServiceManager_Watch **out)
{
	AServiceManager_Watch *watch;
	binder_status_t status;
	bool joined = false;

	if (!connection || !name || !fn)
		return error_say(STATUS_UNEXPECTED_NULL, "no connection, name or function");
	sign_off_others(deadline);
	watch = watch_new(connection, name, fn, cookie);
	if (watch)
		joined = station_join(&watch->member, connection, deadline) == STATUS_OK;
	/* The first callback may come before the call returns. */
	if (joined)
		status = tell_manager(watch, SM_REGISTER_FOR_NOTIFICATIONS, deadline);
	else
		status = error_say(STATUS_NO_MEMORY, "no memory for a watch");
	if (status == STATUS_OK) {
		*out = watch;
		return STATUS_OK;
	}
	if (joined)
		stop_callbacks(watch);
	if (watch) {
		AIBinder_decStrong(watch->callback);
		watch_unref(watch);
	}
	return status;
}

EXPORT binder_status_t AServiceManager_watchOn(ABinderConnection *connection, const char *name,
					       AServiceManager_onWatched fn, void *cookie,
					       AServiceManager_Watch **out)
{
	return watch_on(connection, name, 0, fn, cookie, out);
}

static void watch_end(AServiceManager_Watch *watch, uint64_t deadline)
{
	stop_callbacks(watch);
	sign_off(watch, deadline);
}

EXPORT void AServiceManager_Watch_delete(AServiceManager_Watch *watch)
{
	if (watch)
		watch_end(watch, 0);
}

/* ---- waiting ------------------------------------------------------------- */

#define ASK_EVERY_MS 100

struct waiter {
	struct await await;
	AIBinder *binder; /* await.conn's lock; a reference, once found; NULL: has to be looked up */
};

static void waiter_found(const char *name, AIBinder *binder, void *cookie)
{
	struct waiter *waiter = cookie;

	pthread_mutex_lock(&waiter->await.conn->lock);
	if (binder && !waiter->binder) {
		AIBinder_incStrong(binder);
		waiter->binder = binder;
	}
	pthread_mutex_unlock(&waiter->await.conn->lock);
	await_end(&waiter->await);
}

/* Up to Android 10 the manager tells nobody of registrations, so clients ask now and then. */
static binder_status_t wait_by_asking(ABinderConnection *conn, const char *name, int timeout_ms,
				      uint64_t deadline, AIBinder **out)
{
	struct timespec pause = { .tv_nsec = ASK_EVERY_MS * 1000000L };
	binder_status_t status = STATUS_NAME_NOT_FOUND;

	while (status == STATUS_NAME_NOT_FOUND) {
		int left = deadline_left(deadline);

		if (left == 0)
			return error_say(STATUS_TIMED_OUT,
					 "no service named \"%s\" came within %d ms", name,
					 timeout_ms);
		if (left > 0 && left < ASK_EVERY_MS)
			pause.tv_nsec = left * 1000000L;
		nanosleep(&pause, NULL);
		status = servicemanager_check(conn, name, patience(deadline), out);
	}
	return status;
}

EXPORT binder_status_t AServiceManager_waitOn(ABinderConnection *connection, const char *name,
					      int timeout_ms, AIBinder **out)
{
	struct waiter waiter = { .await.conn = connection };
	uint64_t deadline = deadline_in(timeout_ms);
	AServiceManager_Watch *watch;
	binder_status_t status;
	int r;

	status = servicemanager_check(connection, name, patience(deadline), out);
	if (status != STATUS_NAME_NOT_FOUND)
		return status;
	/* What the connection allows is for its calls as well as for this wait. */
	deadline = deadline_earlier(deadline, atomic_load(&connection->deadline));
	if (!servicemanager_notifies(connection))
		return wait_by_asking(connection, name, timeout_ms, deadline, out);
	status = watch_on(connection, name, deadline, waiter_found, &waiter, &watch);
	if (status)
		return status;
	r = await_served(&waiter.await, deadline);
	watch_end(watch, deadline);
	/* Nobody else takes note that the manager has let go of the callback. */
	await_settle(connection);
	if (waiter.binder) {
		*out = waiter.binder;
		return STATUS_OK;
	}
	if (waiter.await.done)
		return servicemanager_check(connection, name, patience(deadline), out);
	if (r == -ETIMEDOUT)
		return error_say(STATUS_TIMED_OUT, "no service named \"%s\" came within %d ms",
				 name, timeout_ms);
	if (r == -EINTR)
		return error_say(STATUS_INTERRUPTED, "waiting for \"%s\" was interrupted", name);
	status = connection_check(connection);
	return status ? status : error_say(error_status(r), "waiting for \"%s\" failed", name);
}
