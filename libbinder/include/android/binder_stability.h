/* SPDX-License-Identifier: MIT */
/*
 * android/binder_stability.h: who may rely on the interface of an object.
 *
 * An object without a mark has the stability of its process's domain, system or vendor.  Android
 * lets a process of one domain call an object of the other only if it is VINTF-stable.
 *
 * Marks belong between AIBinder_new() and the first time that the object is sent.  One that comes
 * too late, contradicts an earlier one, or is for a remote object, changes nothing;
 * ABinder_lastError() says why.  (Android ends the process.)  Any thread.
 */
#ifndef ANDROID_BINDER_STABILITY_H
#define ANDROID_BINDER_STABILITY_H

#include <android/binder_ibinder.h>

#ifdef __cplusplus
extern "C" {
#endif

/* API 30.  Sent as 0x03, 0x0c, 0x3f. */
void AIBinder_markVendorStability(AIBinder *binder);
void AIBinder_markSystemStability(AIBinder *binder);
void AIBinder_markVintfStability(AIBinder *binder);

/* API 31.  As mark, but also for an object that has a higher stability. */
void AIBinder_forceDowngradeToVendorStability(AIBinder *binder);
void AIBinder_forceDowngradeToSystemStability(AIBinder *binder);

/* API 37.  Of a local or a remote object: is it VINTF-stable, and so has to be declared in a
 * manifest; may the vendor's, may the system's processes call it.  false for NULL. */
bool AIBinder_requiresVintfDeclaration(AIBinder *binder);
bool AIBinder_isVendorStable(AIBinder *binder);
bool AIBinder_isSystemStable(AIBinder *binder);

#ifdef __cplusplus
}
#endif
#endif
