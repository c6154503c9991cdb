/* SPDX-License-Identifier: MIT */
/*
 * death.c: death recipients, their links to proxies, and the driver's news.
 *
 * Called by the NDK's users, by serve.c with news, and by proxy.c at a proxy's
 * end.  Whoever takes a link off its lists, under links_lock, owns it and
 * calls its functions: so each runs once, whoever comes first.
 */
#include "death.h"

#include <errno.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/export.h"
#include "proxy.h"

struct link {
	struct link *next;                             /* of the proxy's, links_lock */
	struct link *recipient_next, **recipient_prev; /* of the recipient's, links_lock */
	struct proxy *proxy;                           /* weak, valid while listed */
	AIBinder_DeathRecipient *recipient;
	AIBinder_DeathRecipient_onBinderDied died;
	AIBinder_DeathRecipient_onBinderUnlinked unlinked;
	void *cookie;
};

struct AIBinder_DeathRecipient {
	AIBinder_DeathRecipient_onBinderDied died;
	AIBinder_DeathRecipient_onBinderUnlinked unlinked;
	struct link *links; /* links_lock */
};

static pthread_mutex_t links_lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void keep_links_over_fork(void)
{
	connection_lock_over_fork(&links_lock);
}

/* links_lock is held. */
static void leave_recipient(struct link *link)
{
	*link->recipient_prev = link->recipient_next;
	if (link->recipient_next)
		link->recipient_next->recipient_prev = link->recipient_prev;
}

static struct link *take_links(struct proxy *proxy)
{
	struct link *links;

	pthread_mutex_lock(&links_lock);
	links = proxy->links;
	proxy->links = NULL;
	for (struct link *l = links; l; l = l->next)
		leave_recipient(l);
	pthread_mutex_unlock(&links_lock);
	return links;
}

static void run_links(struct link *links, bool died)
{
	while (links) {
		struct link *link = links;

		links = link->next;
		if (died)
			link->died(link->cookie);
		if (link->unlinked)
			link->unlinked(link->cookie);
		free(link);
	}
}

void death_drop_links(struct link *links)
{
	run_links(links, false);
}

/* ---- what the driver is asked; connection.lock is held ------------------- */

/* The handle, so that news find their proxy at once, and a number that makes it unique. */
static uint64_t next_id(ABinderConnection *conn, const struct proxy *proxy)
{
	if (!++conn->last_death)
		conn->last_death = 1;
	return (uint64_t)conn->last_death << 32 | proxy->handle;
}

static int ask(struct thread *t, struct proxy *proxy)
{
	uint64_t id;
	int r;

	if (proxy->death_id)
		return 0;
	id = next_id(proxy->conn, proxy);
	r = stream_put_handle_cookie(&t->out, BC_REQUEST_DEATH_NOTIFICATION, proxy->handle, id);
	if (!r)
		r = thread_flush(t);
	if (!r)
		proxy->death_id = id;
	return r;
}

/*
 * Sent before the lock is dropped: a new proxy for this handle may ask again
 * as soon as it can, and the driver takes one request per handle.
 */
static void stop_asking(struct thread *t, struct proxy *proxy)
{
	uint64_t id = proxy->death_id;

	proxy->death_id = 0;
	if (!id || !t)
		return;
	thread_reserve(t);
	stream_put_handle_cookie(&t->out, BC_CLEAR_DEATH_NOTIFICATION, proxy->handle, id);
	thread_flush(t);
}

struct link *death_forget(struct thread *t, struct proxy *proxy)
{
	stop_asking(t, proxy);
	return take_links(proxy);
}

struct link *death_forget_foreign(struct proxy *proxy)
{
	return take_links(proxy);
}

/* ---- news ---------------------------------------------------------------- */

/* connection.lock is held.  The proxy that has asked about this handle, its memory held, or NULL. */
static struct proxy *take(ABinderConnection *conn, size_t handle)
{
	AIBinder *binder = handle < conn->proxy_slots ? conn->proxies[handle] : NULL;
	struct proxy *proxy = binder ? proxy_of(binder) : NULL;

	if (!proxy || !proxy->death_id)
		return NULL;
	binder_inc_weak(binder);
	proxy->death_id = 0;
	atomic_store_explicit(&proxy->dead, true, memory_order_release);
	/* A new manager may come: who asks for handle 0 next meets it. */
	if (!handle)
		conn->proxies[0] = NULL;
	return proxy;
}

/* NULL: it has gone, or is on its way out and another has its place. */
static struct proxy *find(ABinderConnection *conn, uint64_t id)
{
	uint32_t handle = (uint32_t)id;
	struct proxy *proxy = NULL;

	pthread_mutex_lock(&conn->lock);
	if (handle < conn->proxy_slots && conn->proxies[handle] &&
	    proxy_of(conn->proxies[handle])->death_id == id)
		proxy = take(conn, handle);
	pthread_mutex_unlock(&conn->lock);
	return proxy;
}

static void tell(struct proxy *proxy)
{
	run_links(take_links(proxy), true);
	binder_dec_weak(&proxy->binder);
}

void death_deliver(struct thread *t, uint64_t id)
{
	struct proxy *proxy = find(t->conn, id);
	uint32_t handle = proxy ? proxy->handle : 0;
	bool known = proxy;

	if (proxy)
		tell(proxy);
	thread_reserve(t);
	stream_put_u64(&t->out, BC_DEAD_BINDER_DONE, id);
	/* So that another proxy of the same handle can ask, and hears at once. */
	if (known) {
		thread_reserve(t);
		stream_put_handle_cookie(&t->out, BC_CLEAR_DEATH_NOTIFICATION, handle, id);
	}
	thread_flush_if_idle(t);
}

void death_deliver_all(ABinderConnection *conn)
{
	bool more = true;

	for (size_t handle = 0; more; handle++) {
		struct proxy *proxy;

		pthread_mutex_lock(&conn->lock);
		proxy = take(conn, handle);
		more = handle < conn->proxy_slots;
		pthread_mutex_unlock(&conn->lock);
		if (proxy)
			tell(proxy);
	}
}

/* ---- the NDK's functions ------------------------------------------------- */

EXPORT AIBinder_DeathRecipient *
AIBinder_DeathRecipient_new(AIBinder_DeathRecipient_onBinderDied onBinderDied)
{
	AIBinder_DeathRecipient *recipient;

	if (!onBinderDied)
		return NULL;
	recipient = calloc(1, sizeof(*recipient));
	if (recipient)
		recipient->died = onBinderDied;
	return recipient;
}

EXPORT void
AIBinder_DeathRecipient_setOnUnlinked(AIBinder_DeathRecipient *recipient,
				      AIBinder_DeathRecipient_onBinderUnlinked onUnlinked)
{
	if (recipient)
		recipient->unlinked = onUnlinked;
}

static void link_proxy(struct proxy *proxy, struct link *link)
{
	AIBinder_DeathRecipient *recipient = link->recipient;

	pthread_mutex_lock(&links_lock);
	link->proxy = proxy;
	link->next = proxy->links;
	proxy->links = link;
	link->recipient_next = recipient->links;
	link->recipient_prev = &recipient->links;
	if (recipient->links)
		recipient->links->recipient_prev = &link->recipient_next;
	recipient->links = link;
	pthread_mutex_unlock(&links_lock);
}

/* links_lock is held. */
static void leave_proxy(struct link *link)
{
	for (struct link **p = &link->proxy->links; *p; p = &(*p)->next) {
		if (*p == link) {
			*p = link->next;
			break;
		}
	}
	link->next = NULL;
}

/* The last link may have gone: then the driver need not tell any more. */
static void stop_if_unlinked(struct proxy *proxy)
{
	ABinderConnection *conn = proxy->conn;
	struct thread *t;
	bool unlinked;

	if (connection_is_foreign(conn))
		return;
	t = thread_get(conn);
	pthread_mutex_lock(&conn->lock);
	pthread_mutex_lock(&links_lock);
	unlinked = !proxy->links;
	pthread_mutex_unlock(&links_lock);
	if (unlinked)
		stop_asking(t, proxy);
	pthread_mutex_unlock(&conn->lock);
}

static binder_status_t link_to(struct proxy *proxy, struct link *link)
{
	ABinderConnection *conn = proxy->conn;
	binder_status_t status = connection_check(conn);
	struct thread *t;
	int r;

	if (status == STATUS_OK)
		status = proxy_acquire(proxy);
	if (status)
		return status;
	t = thread_get(conn);
	if (!t)
		return STATUS_NO_MEMORY;
	pthread_mutex_lock(&conn->lock);
	if (atomic_load(&proxy->dead)) {
		pthread_mutex_unlock(&conn->lock);
		return error_say(STATUS_DEAD_OBJECT, "the object is dead already");
	}
	/* The link first: the news may be there before the request returns. */
	link_proxy(proxy, link);
	r = ask(t, proxy);
	if (r) {
		pthread_mutex_lock(&links_lock);
		leave_recipient(link);
		leave_proxy(link);
		pthread_mutex_unlock(&links_lock);
	}
	pthread_mutex_unlock(&conn->lock);
	return r ? error_say(error_status(r), "the driver did not take the request") : STATUS_OK;
}

EXPORT binder_status_t AIBinder_linkToDeath(AIBinder *binder, AIBinder_DeathRecipient *recipient,
					    void *cookie)
{
	binder_status_t status;
	struct link *link;

	if (!binder || !recipient)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder or no recipient");
	link = calloc(1, sizeof(*link));
	if (!link) {
		/* As whenever it fails: the cookie is the caller's again. */
		if (recipient->unlinked)
			recipient->unlinked(cookie);
		return error_say(STATUS_NO_MEMORY, "no memory for a link to death");
	}
	link->recipient = recipient;
	link->died = recipient->died;
	link->unlinked = recipient->unlinked;
	link->cookie = cookie;
	if (binder_is_proxy(binder))
		status = link_to(proxy_of(binder), link);
	else
		status = error_say(STATUS_INVALID_OPERATION,
				   "a local object dies with this process only");
	if (status)
		run_links(link, false);
	return status;
}

EXPORT binder_status_t AIBinder_unlinkToDeath(AIBinder *binder, AIBinder_DeathRecipient *recipient,
					      void *cookie)
{
	struct proxy *proxy;
	struct link *link;

	if (!binder || !recipient)
		return error_say(STATUS_UNEXPECTED_NULL, "no binder or no recipient");
	if (!binder_is_proxy(binder))
		return error_say(STATUS_INVALID_OPERATION, "a local object has no links to death");
	proxy = proxy_of(binder);
	pthread_mutex_lock(&links_lock);
	for (link = proxy->links; link; link = link->next)
		if (link->recipient == recipient && link->cookie == cookie)
			break;
	if (link) {
		leave_proxy(link);
		leave_recipient(link);
	}
	pthread_mutex_unlock(&links_lock);
	if (!link)
		return error_say(atomic_load(&proxy->dead) ? STATUS_DEAD_OBJECT :
							     STATUS_NAME_NOT_FOUND,
				 "this recipient and cookie are not linked to the object");
	stop_if_unlinked(proxy);
	run_links(link, false);
	return STATUS_OK;
}

EXPORT void AIBinder_DeathRecipient_delete(AIBinder_DeathRecipient *recipient)
{
	struct link *link;

	if (!recipient)
		return;
	for (;;) {
		struct proxy *proxy;

		pthread_mutex_lock(&links_lock);
		link = recipient->links;
		if (link) {
			proxy = link->proxy;
			binder_inc_weak(&proxy->binder);
			leave_proxy(link);
			leave_recipient(link);
		}
		pthread_mutex_unlock(&links_lock);
		if (!link)
			break;
		stop_if_unlinked(proxy);
		run_links(link, false);
		binder_dec_weak(&proxy->binder);
	}
	free(recipient);
}
