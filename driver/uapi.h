/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * uapi.h: the kernel's Binder ABI, whole.
 *
 * Everything comes from <linux/android/binder.h>; what the installed header is
 * too old to know is added below with the kernel's names and values.  The
 * driver, its clients and libbinder all include this and nothing else for it.
 */
#ifndef BINDER_UAPI_H
#define BINDER_UAPI_H

#include <linux/types.h>
#include <linux/ioctl.h>
#include <linux/android/binder.h>

/*
 * Freeze notifications came with Linux 6.12.  In a newer header these are
 * enumerators, which #ifdef cannot see, so they have names of our own here;
 * the values are the ABI's.
 */
struct binder_uapi_frozen_state {
	__u64 cookie;
	__u32 is_frozen;
	__u32 reserved;
};

#define UAPI_BR_TRANSACTION_PENDING_FROZEN _IO('r', 20)
#define UAPI_BR_FROZEN_BINDER _IOR('r', 21, struct binder_uapi_frozen_state)
#define UAPI_BR_CLEAR_FREEZE_NOTIFICATION_DONE _IOR('r', 22, binder_uintptr_t)
#define UAPI_BC_REQUEST_FREEZE_NOTIFICATION _IOW('c', 19, struct binder_handle_cookie)
#define UAPI_BC_CLEAR_FREEZE_NOTIFICATION _IOW('c', 20, struct binder_handle_cookie)
#define UAPI_BC_FREEZE_NOTIFICATION_DONE _IOW('c', 21, binder_uintptr_t)

/* Largest receive buffer that one mmap gives; larger ones are cut, not refused. */
#define BINDER_MAX_MAPPING (4u << 20)

#endif
