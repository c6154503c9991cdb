/* SPDX-License-Identifier: MIT */
/*
 * proxy.h: objects that live elsewhere.
 *
 * One proxy per handle and connection.  It has one strong reference of the
 * driver's, which is taken before the parcel that brought the handle gives back its own.
 */
#ifndef LIBBINDER_PROXY_H
#define LIBBINDER_PROXY_H

#include "base/binder.h"
#include "death.h"
#include "frozen.h"
#include "connection/thread.h"

struct proxy {
	AIBinder binder;
	ABinderConnection *conn; /* a reference */
	uint32_t handle;
	atomic_bool dead;
	bool acquired; /* connection.lock: has the driver's reference */
	/* connection.lock: the received parcel whose reference it lives on until then, or NULL. */
	AParcel *parcel;
	struct proxy *prev, *next; /* connection.lock: parcel->unacquired */
	uint64_t death_id;  /* connection.lock: what the driver was asked under; 0: not asked */
	struct link *links; /* death.c's lock */
	uint64_t frozen_id; /* connection.lock, as death_id; frozen.c */
	struct frozen_link *frozen_links; /* frozen.c's lock, as what follows */
	unsigned int frozen_changes;
	bool frozen_known, frozen;
	_Atomic(char *) descriptor;
	_Atomic(uint8_t) stability; /* level it came with; 0: none */
};

static inline struct proxy *proxy_of(AIBinder *binder)
{
	return (struct proxy *)binder;
}

/* The proxy's connection; NULL for a local object. */
static inline ABinderConnection *binder_connection(const AIBinder *binder)
{
	return binder_is_proxy(binder) ? ((const struct proxy *)binder)->conn : NULL;
}

/* A strong reference to the proxy of a handle that lies in a received parcel. */
binder_status_t proxy_get(AParcel *parcel, uint32_t handle, AIBinder **ret);
/* The same for handle 0, which is there without a parcel. */
binder_status_t proxy_get_manager(ABinderConnection *conn, AIBinder **ret);
/* Handle 0 can be called without a reference; for all else it needs one. */
binder_status_t proxy_acquire(struct proxy *proxy);
/* A call or the driver said so.  Nobody can tell for handle 0: a new manager may come. */
void proxy_died(struct proxy *proxy);

#endif
