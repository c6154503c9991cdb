/* SPDX-License-Identifier: MIT */
/*
 * detect.h: which Android's dialect a connection speaks.
 *
 * Said by its user, or found out from its service manager when it first
 * matters, and remembered with the connection.
 */
#ifndef LIBBINDER_DETECT_H
#define LIBBINDER_DETECT_H

#include "connection/connection.h"
#include "connection/profile.h"

/* What a fresh connection is told by its device's name and the environment.  STATUS_BAD_VALUE:
 * $BINDER_ANDROID or $BINDER_DOMAIN is neither empty nor known. */
binder_status_t detect_init(ABinderConnection *conn);

/* Never NULL: while nobody is there to ask, the newest. */
const struct profile *detect_profile(ABinderConnection *conn);

/* Asks the service manager, if that has not been done or said.  Of all failures only
 * STATUS_TIMED_OUT is one; after the others the next use asks again. */
binder_status_t detect_ask(ABinderConnection *conn, int timeout_ms);

#endif
