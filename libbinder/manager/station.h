/* SPDX-License-Identifier: MIT */
/*
 * station.h: who has to do something when another service manager has come.
 *
 * keep.c adds its names again, watch.c its callbacks.
 */
#ifndef LIBBINDER_STATION_H
#define LIBBINDER_STATION_H

#include "connection/connection.h"

struct station;

/* Embedded in a keeper or a watch. */
struct station_member {
	/*
	 * The service manager has died; another one serves handle 0.  Both run on the station's
	 * thread, without its lock, and so also while the member leaves.
	 */
	void (*lost)(struct station_member *member);
	void (*found)(struct station_member *member);
	/* The station holds the member while it calls one of them. */
	void (*get)(struct station_member *member);
	void (*put)(struct station_member *member);

	/* The station's. */
	struct station *station;
	struct station_member *next;
	unsigned int round;
};

/*
 * From here on the member misses no death of a service manager, unless the deadline (0: none)
 * passes while the present one does not answer.
 */
binder_status_t station_join(struct station_member *member, ABinderConnection *conn,
			     uint64_t deadline);
/* Neither function is called anew once this has returned; one of them may still run. */
void station_leave(struct station_member *member);

#endif
