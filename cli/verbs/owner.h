/* SPDX-License-Identifier: MIT */
/*
 * owner.h: which process an object lives in, as the driver knows.
 *
 * list.c asks for services that do not say it themselves.
 */
#ifndef CLI_OWNER_H
#define CLI_OWNER_H

#include <stdint.h>
#include <sys/types.h>

#include <binder/ext.h>

struct owners;

/* Of all objects that this process holds by that device.  NULL: the driver does not show it, or
 * not within timeout_ms. */
struct owners *owners_read(ABinderConnection *connection, int timeout_ms);
/* The process behind a handle of this connection; 0: the driver does not show it to this user. */
pid_t owners_find(const struct owners *owners, uint32_t handle);
void owners_free(struct owners *owners);

#endif
