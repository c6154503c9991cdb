/* SPDX-License-Identifier: MIT */
/*
 * polling.h: a descriptor that says when there is something to serve.
 */
#ifndef LIBBINDER_POLLING_H
#define LIBBINDER_POLLING_H

#include "connection/thread.h"

/* *fd stays libbinder's. */
binder_status_t polling_set_up(ABinderConnection *conn, int *fd);
binder_status_t polling_handle(ABinderConnection *conn);

#endif
