/* SPDX-License-Identifier: MIT */
/*
 * android/binder_manager.h: publishing and finding services by name.
 *
 * These act on the process's default connection; binder/ext.h has the same,
 * and listing, for any other.  Names are UTF-8, of 1 to 127 characters of
 * [A-Za-z0-9_./-].
 */
#ifndef ANDROID_BINDER_MANAGER_H
#define ANDROID_BINDER_MANAGER_H

#include <android/binder_ibinder.h>
#include <android/binder_status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
	ADD_SERVICE_ALLOW_ISOLATED = 1 << 0,
	ADD_SERVICE_DUMP_FLAG_PRIORITY_CRITICAL = 1 << 1,
	ADD_SERVICE_DUMP_FLAG_PRIORITY_HIGH = 1 << 2,
	ADD_SERVICE_DUMP_FLAG_PRIORITY_NORMAL = 1 << 3,
	ADD_SERVICE_DUMP_FLAG_PRIORITY_DEFAULT = 1 << 4,
	ADD_SERVICE_DUMP_FLAG_PROTO = 1 << 5,
} AServiceManager_AddServiceFlag;

/* EX_NONE, or what the service manager objects to; EX_TRANSACTION_FAILED when it could not be
 * asked.  The object stays the caller's. */
__attribute__((warn_unused_result)) binder_exception_t
AServiceManager_addService(AIBinder *binder, const char *instance);
__attribute__((warn_unused_result)) binder_exception_t
AServiceManager_addServiceWithFlags(AIBinder *binder, const char *instance,
				    const AServiceManager_AddServiceFlag flags);

/* A reference for the caller, or NULL.  check answers at once, get waits for up to 5 seconds,
 * wait for as long as it takes. */
__attribute__((warn_unused_result)) AIBinder *AServiceManager_checkService(const char *instance);
__attribute__((warn_unused_result)) AIBinder *AServiceManager_getService(const char *instance);
__attribute__((warn_unused_result)) AIBinder *AServiceManager_waitForService(const char *instance);

/* Whether a manifest of the service manager's names it. */
bool AServiceManager_isDeclared(const char *instance);
/* interface "a.b.IFoo", for each instance NAME of it: "a.b.IFoo/NAME" is declared. */
void AServiceManager_forEachDeclaredInstance(const char *interface, void *context,
					     void (*callback)(const char *, void *));

/* registered is a reference for the callback, which must not call the service manager. */
typedef void (*AServiceManager_onRegister)(const char *instance, AIBinder *registered,
					   void *cookie);
struct AServiceManager_NotificationRegistration;
typedef struct AServiceManager_NotificationRegistration AServiceManager_NotificationRegistration;
/* Calls back, on a thread of the pool, at each registration, and now if there is one.
 * NULL: it could not be arranged. */
__attribute__((warn_unused_result)) AServiceManager_NotificationRegistration *
AServiceManager_registerForServiceNotifications(const char *instance,
						AServiceManager_onRegister onRegister,
						void *cookie);
/* Waits for a callback that is running (unless called from it); none runs afterwards. */
void AServiceManager_NotificationRegistration_delete(
	AServiceManager_NotificationRegistration *notification);

#ifdef __cplusplus
}
#endif
#endif
