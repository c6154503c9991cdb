/* SPDX-License-Identifier: MIT */
/*
 * uapi.h: the kernel's header, and what an older one of it lacks.
 *
 * Freeze notifications came with Linux 6.12.  Newer headers have them as
 * enumerators, which #ifdef cannot see; hence names of our own.
 */
#ifndef UAPI_UAPI_H
#define UAPI_UAPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/types.h>

#include <linux/android/binder.h>

struct frozen_state {
	uint64_t cookie;
	uint32_t is_frozen;
	uint32_t reserved;
};

#define NEW_BR_TRANSACTION_PENDING_FROZEN _IO('r', 20)
#define NEW_BR_FROZEN_BINDER _IOR('r', 21, struct frozen_state)
#define NEW_BR_CLEAR_FREEZE_NOTIFICATION_DONE _IOR('r', 22, binder_uintptr_t)
#define NEW_BC_REQUEST_FREEZE_NOTIFICATION _IOW('c', 19, struct binder_handle_cookie)
#define NEW_BC_CLEAR_FREEZE_NOTIFICATION _IOW('c', 20, struct binder_handle_cookie)
#define NEW_BC_FREEZE_NOTIFICATION_DONE _IOW('c', 21, binder_uintptr_t)

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
