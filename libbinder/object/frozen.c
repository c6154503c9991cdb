/* SPDX-License-Identifier: MIT */
/*
 * frozen.c: who wants to know whether the process of a remote object is frozen.
 *
 * Called by the NDK's users, by serve.c with the driver's news, and by proxy.c at a proxy's end.
 *
 * A proxy has a list of registrations (callback and cookie).  While it has any, the driver is
 * asked once, under a number of our own (proxy.frozen_id), and each registration hears the state
 * first and then each change.  Whoever takes a registration off its lists ends it: waits for its
 * function, unless that is what calls, and calls onUnlinked.
 */
#include "frozen.h"

#include <android/binder_ibinder_platform.h>

#include <errno.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/export.h"
#include "proxy.h"

/* All of it under frozen_lock, but what never changes. */
struct frozen_link {
	struct frozen_link *next; /* of the proxy's */
	struct frozen_link *callback_next, **callback_prev;
	struct proxy *proxy; /* weak, valid while listed */
	AIBinder_FrozenStateChangeCallback *callback;
	AIBinder_FrozenStateChangeCallback_onFrozenStateChanged changed;
	AIBinder_FrozenStateChangeCallback_onUnlinked unlinked;
	void *cookie;
	unsigned int refs; /* the lists', and that of the call that runs */
	unsigned int told; /* the last of proxy.frozen_changes that it heard */
	bool listed, running;
	pthread_t runner; /* while running */
};

struct AIBinder_FrozenStateChangeCallback {
	AIBinder_FrozenStateChangeCallback_onFrozenStateChanged changed;
	AIBinder_FrozenStateChangeCallback_onUnlinked unlinked;
	struct frozen_link *links;
};

/* Inside of connection.lock. */
static pthread_mutex_t frozen_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t idle = PTHREAD_COND_INITIALIZER;

__attribute__((constructor)) static void keep_links_over_fork(void)
{
	connection_lock_over_fork(&frozen_lock);
}

/* ---- lists; frozen_lock is held ------------------------------------------ */

static void enlist(struct proxy *proxy, struct frozen_link *link)
{
	AIBinder_FrozenStateChangeCallback *callback = link->callback;

	link->proxy = proxy;
	link->next = proxy->frozen_links;
	proxy->frozen_links = link;
	link->callback_next = callback->links;
	link->callback_prev = &callback->links;
	if (callback->links)
		callback->links->callback_prev = &link->callback_next;
	callback->links = link;
	link->listed = true;
}

static void unlist(struct frozen_link *link)
{
	for (struct frozen_link **p = &link->proxy->frozen_links; *p; p = &(*p)->next) {
		if (*p == link) {
			*p = link->next;
			break;
		}
	}
	*link->callback_prev = link->callback_next;
	if (link->callback_next)
		link->callback_next->callback_prev = link->callback_prev;
	link->next = NULL;
	link->listed = false;
}

static void unref(struct frozen_link *link)
{
	if (!--link->refs)
		free(link);
}

/* Drops the lock while the function runs.  One that has been ended meanwhile is left out. */
static void run(struct frozen_link *link)
{
	bool frozen;

	while (link->running && !pthread_equal(link->runner, pthread_self()))
		pthread_cond_wait(&idle, &frozen_lock);
	if (!link->listed || link->running)
		return;
	frozen = link->proxy->frozen;
	link->running = true;
	link->runner = pthread_self();
	pthread_mutex_unlock(&frozen_lock);
	link->changed(link->cookie, frozen);
	pthread_mutex_lock(&frozen_lock);
	link->running = false;
	pthread_cond_broadcast(&idle);
}

static void tell(struct frozen_link *link)
{
	link->told = link->proxy->frozen_changes;
	link->refs++;
	run(link);
	unref(link);
}

/* Of links that are off their lists; without the lock. */
static void end_links(struct frozen_link *links)
{
	while (links) {
		struct frozen_link *link = links;

		links = link->next;
		pthread_mutex_lock(&frozen_lock);
		while (link->running && !pthread_equal(link->runner, pthread_self()))
			pthread_cond_wait(&idle, &frozen_lock);
		pthread_mutex_unlock(&frozen_lock);
		if (link->unlinked)
			link->unlinked(link->cookie);
		pthread_mutex_lock(&frozen_lock);
		unref(link);
		pthread_mutex_unlock(&frozen_lock);
	}
}

/* ---- what the driver is asked; connection.lock is held ------------------- */

static int ask(struct thread *t, struct proxy *proxy)
{
	struct binder_handle_cookie pair = { .handle = proxy->handle };
	int r;

	if (proxy->frozen_id)
		return 0;
	/* The handle, so that news find their proxy at once, and a number that makes it unique. */
	if (!++proxy->conn->last_frozen)
		proxy->conn->last_frozen = 1;
	pair.cookie = (uint64_t)proxy->conn->last_frozen << 32 | proxy->handle;
	r = stream_put(&t->out, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, &pair);
	if (!r)
		r = thread_flush(t);
	if (r)
		stream_take_back(&t->out, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, &pair);
	else
		proxy->frozen_id = pair.cookie;
	return r;
}

static void stop_asking(struct thread *t, struct proxy *proxy)
{
	uint64_t id = proxy->frozen_id;

	proxy->frozen_id = 0;
	pthread_mutex_lock(&frozen_lock);
	proxy->frozen_known = false;
	pthread_mutex_unlock(&frozen_lock);
	if (!id || !t)
		return;
	thread_reserve(t);
	stream_put_handle_cookie(&t->out, UAPI_BC_CLEAR_FREEZE_NOTIFICATION, proxy->handle, id);
	thread_flush(t);
}

struct frozen_link *frozen_forget(struct thread *t, struct proxy *proxy)
{
	struct frozen_link *links;

	if (t)
		stop_asking(t, proxy);
	pthread_mutex_lock(&frozen_lock);
	links = proxy->frozen_links;
	/* They stay chained by next. */
	for (struct frozen_link *link = links, *next; link; link = next) {
		next = link->next;
		unlist(link);
		link->next = next;
	}
	pthread_mutex_unlock(&frozen_lock);
	return links;
}

void frozen_drop_links(struct frozen_link *links)
{
	end_links(links);
}

/* ---- news ---------------------------------------------------------------- */

/* The proxy that asked under this number, its memory held, or NULL. */
static struct proxy *find(ABinderConnection *conn, uint64_t id)
{
	uint32_t handle = (uint32_t)id;
	struct proxy *proxy = NULL;

	pthread_mutex_lock(&conn->lock);
	if (handle < conn->proxy_slots && conn->proxies[handle] &&
	    proxy_of(conn->proxies[handle])->frozen_id == id) {
		proxy = proxy_of(conn->proxies[handle]);
		binder_inc_weak(&proxy->binder);
	}
	pthread_mutex_unlock(&conn->lock);
	return proxy;
}

/* frozen_lock is held. */
static struct frozen_link *next_to_tell(const struct proxy *proxy)
{
	struct frozen_link *link = proxy->frozen_links;

	while (link && link->told == proxy->frozen_changes)
		link = link->next;
	return link;
}

static void notify(struct proxy *proxy, bool frozen)
{
	struct frozen_link *link;

	pthread_mutex_lock(&frozen_lock);
	proxy->frozen = frozen;
	proxy->frozen_known = true;
	proxy->frozen_changes++;
	/* The list may change whenever a function runs, so it is read anew for each. */
	while ((link = next_to_tell(proxy)))
		tell(link);
	pthread_mutex_unlock(&frozen_lock);
}

void frozen_deliver(struct thread *t, const struct binder_uapi_frozen_state *state)
{
	struct proxy *proxy = find(t->conn, state->cookie);

	if (proxy) {
		notify(proxy, state->is_frozen);
		binder_dec_weak(&proxy->binder);
	}
	thread_reserve(t);
	stream_put_u64(&t->out, UAPI_BC_FREEZE_NOTIFICATION_DONE, state->cookie);
	thread_flush_if_idle(t);
}

/* ---- the NDK's functions ------------------------------------------------- */

EXPORT AIBinder_FrozenStateChangeCallback *AIBinder_FrozenStateChangeCallback_new(
	AIBinder_FrozenStateChangeCallback_onFrozenStateChanged onFrozenStateChanged,
	AIBinder_FrozenStateChangeCallback_onUnlinked onUnlinked)
{
	AIBinder_FrozenStateChangeCallback *callback;

	if (!onFrozenStateChanged)
		return NULL;
	callback = calloc(1, sizeof(*callback));
	if (callback) {
		callback->changed = onFrozenStateChanged;
		callback->unlinked = onUnlinked;
	}
	return callback;
}

static binder_status_t add(struct proxy *proxy, struct frozen_link *link)
{
	ABinderConnection *conn = proxy->conn;
	binder_status_t status = connection_check(conn);
	struct thread *t;
	bool known;
	int r;

	if (status == STATUS_OK)
		status = proxy_acquire(proxy);
	if (status)
		return status;
	t = thread_get(conn);
	if (!t)
		return error_say(STATUS_NO_MEMORY, "no memory for a thread");
	pthread_mutex_lock(&conn->lock);
	if (atomic_load(&proxy->dead)) {
		pthread_mutex_unlock(&conn->lock);
		return error_say(STATUS_DEAD_OBJECT, "the object is dead already");
	}
	/* The registration first: the state may be there before the request returns. */
	pthread_mutex_lock(&frozen_lock);
	known = proxy->frozen_known;
	enlist(proxy, link);
	link->told = proxy->frozen_changes;
	link->refs++;
	pthread_mutex_unlock(&frozen_lock);
	r = ask(t, proxy);
	pthread_mutex_unlock(&conn->lock);
	pthread_mutex_lock(&frozen_lock);
	if (r && link->listed)
		unlist(link);
	else if (!r && known && link->listed)
		run(link);
	unref(link);
	pthread_mutex_unlock(&frozen_lock);
	if (r == -EINVAL)
		return error_say(
			STATUS_INVALID_OPERATION,
			"the driver has no freeze notifications: Linux has them since 6.12");
	return r ? error_say(error_status(r), "the driver did not take the request") : STATUS_OK;
}

EXPORT binder_status_t AIBinder_addFrozenStateChangeCallback(
	AIBinder *binder, AIBinder_FrozenStateChangeCallback *callback, void *cookie)
{
	struct frozen_link *link;
	binder_status_t status;

	if (!binder || !callback)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder or no callback");
	link = calloc(1, sizeof(*link));
	if (!link) {
		/* As whenever it fails: the cookie is the caller's again. */
		if (callback->unlinked)
			callback->unlinked(cookie);
		return error_say(STATUS_NO_MEMORY, "no memory for a callback");
	}
	*link = (struct frozen_link){ .callback = callback,
				      .changed = callback->changed,
				      .unlinked = callback->unlinked,
				      .cookie = cookie,
				      .refs = 1 };
	if (binder_is_proxy(binder))
		status = add(proxy_of(binder), link);
	else
		status = error_say(STATUS_INVALID_OPERATION,
				   "a local object is frozen with this process");
	if (status)
		end_links(link);
	return status;
}

/* The last registration may have gone: then the driver need not tell any more. */
static void stop_if_unused(struct proxy *proxy)
{
	ABinderConnection *conn = proxy->conn;
	struct thread *t;
	bool unused;

	if (connection_is_foreign(conn) || atomic_load(&conn->closed))
		return;
	t = thread_get(conn);
	pthread_mutex_lock(&conn->lock);
	pthread_mutex_lock(&frozen_lock);
	unused = !proxy->frozen_links;
	pthread_mutex_unlock(&frozen_lock);
	if (unused)
		stop_asking(t, proxy);
	pthread_mutex_unlock(&conn->lock);
}

EXPORT binder_status_t AIBinder_removeFrozenStateChangeCallback(
	AIBinder *binder, AIBinder_FrozenStateChangeCallback *callback, void *cookie)
{
	struct frozen_link *link = NULL;

	if (!binder || !callback)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder or no callback");
	pthread_mutex_lock(&frozen_lock);
	if (binder_is_proxy(binder))
		link = proxy_of(binder)->frozen_links;
	while (link && (link->callback != callback || link->cookie != cookie))
		link = link->next;
	if (link)
		unlist(link);
	pthread_mutex_unlock(&frozen_lock);
	if (!link)
		return error_say(STATUS_NAME_NOT_FOUND,
				 "this callback and cookie are not registered for the object");
	stop_if_unused(proxy_of(binder));
	end_links(link);
	return STATUS_OK;
}

EXPORT void AIBinder_FrozenStateChangeCallback_delete(AIBinder_FrozenStateChangeCallback *callback)
{
	struct frozen_link *link;

	if (!callback)
		return;
	for (;;) {
		struct proxy *proxy = NULL;

		pthread_mutex_lock(&frozen_lock);
		link = callback->links;
		if (link) {
			proxy = link->proxy;
			binder_inc_weak(&proxy->binder);
			unlist(link);
		}
		pthread_mutex_unlock(&frozen_lock);
		if (!link)
			break;
		stop_if_unused(proxy);
		end_links(link);
		binder_dec_weak(&proxy->binder);
	}
	free(callback);
}
