/* SPDX-License-Identifier: MIT */
/*
 * serve.h: carrying out what the driver sends to a thread.
 *
 * Called by the looper for everything, and by a thread that waits for a reply
 * for all that is not its reply.
 */
#ifndef LIBBINDER_SERVE_H
#define LIBBINDER_SERVE_H

#include "parcel/parcel.h"
#include "connection/thread.h"

void serve_command(struct thread *t, const struct stream_command *command);

#endif
