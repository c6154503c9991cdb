/* SPDX-License-Identifier: MIT */
/*
 * android/binder_parcel_platform.h: parcels with secrets.
 */
#ifndef ANDROID_BINDER_PARCEL_PLATFORM_H
#define ANDROID_BINDER_PARCEL_PLATFORM_H

#include <android/binder_parcel.h>

#ifdef __cplusplus
extern "C" {
#endif

/* API 31.  Its memory is overwritten when it is freed, the driver clears the receiver's buffer
 * before it is used again (TF_CLEAR_BUF), and watchers of the device do not see the payload. */
void AParcel_markSensitive(const AParcel *parcel);

/* Whether descriptors may be written: not into a parcel that was received.  NULL: false. */
bool AParcel_getAllowFds(const AParcel *parcel);

#ifdef __cplusplus
}
#endif
#endif
