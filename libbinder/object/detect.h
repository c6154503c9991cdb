/* SPDX-License-Identifier: MIT */
/*
 * detect.h: asks a service manager which Android it is of.
 */
#ifndef LIBBINDER_DETECT_H
#define LIBBINDER_DETECT_H

#include "connection/connection.h"

/* Asks the service manager, if that has not been done or said.  Of all failures only
 * STATUS_TIMED_OUT is one; after the others the next use asks again. */
binder_status_t detect_ask(ABinderConnection *conn, int timeout_ms);

#endif
