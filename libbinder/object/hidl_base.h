/* SPDX-License-Identifier: MIT */
/*
 * hidl_base.h: the calls of IBase, which every HIDL object answers.
 */
#ifndef LIBBINDER_HIDL_BASE_H
#define LIBBINDER_HIDL_BASE_H

#include "local.h"

#define HIDL_BASE "android.hidl.base@1.0::IBase"

/* Of every HIDL object. */
#define HIDL_CODE(a, b, c) BINDER_CODE(0x0f, a, b, c)
#define HIDL_PING HIDL_CODE('P', 'N', 'G')
#define HIDL_DESCRIPTOR HIDL_CODE('D', 'S', 'C')
#define HIDL_CHAIN HIDL_CODE('C', 'H', 'N')
#define HIDL_DEBUG HIDL_CODE('D', 'B', 'G')
#define HIDL_HASHES HIDL_CODE('H', 'S', 'H')
#define HIDL_SYSPROPS HIDL_CODE('S', 'Y', 'S')

/* The calls that every HIDL object of ours answers. */
binder_status_t hidl_builtin(struct local *local, uint32_t code, const AParcel *in, AParcel *out);

#endif
