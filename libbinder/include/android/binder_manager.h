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

/* API 31, 34.  Whether an APEX may update the declared service, and which: the callback runs before
 * this returns, or not at all.  Without a manifest nothing is declared. */
bool AServiceManager_isUpdatableViaApex(const char *instance);
void AServiceManager_getUpdatableApexName(const char *instance, void *context,
					  void (*callback)(const char *, void *));

/* API 35.  Always NULL, with the reason in ABinder_lastError(): a passthrough HAL is a shared
 * library of Android's. */
void *AServiceManager_openDeclaredPassthroughHal(const char *interface, const char *instance,
						 int flag);

/*
 * API 31.  Lazy services: registered like others, and unregistered when they have no clients any
 * more; the process then ends (exit(EXIT_SUCCESS)).  Clients are other processes, as the service
 * manager counts them: it looks every 5 seconds.  Needs a thread pool and a service manager of
 * Android 11 or later.  Any thread.
 */
__attribute__((warn_unused_result)) binder_status_t
AServiceManager_registerLazyService(AIBinder *binder, const char *instance);
/* API 37. */
__attribute__((warn_unused_result)) binder_status_t
AServiceManager_registerLazyServiceWithFlags(AIBinder *binder, const char *instance,
					     const AServiceManager_AddServiceFlag flags);
/* true: the process does not end; false: it ends, now if there are no clients. */
void AServiceManager_forceLazyServicesPersist(bool persist);
/* Called, on a thread of the pool, when the first client of any lazy service comes, and when the
 * last one goes.  Returns whether it has dealt with that: then the process does not end by
 * itself.  It may call the two functions below.  NULL removes it. */
void AServiceManager_setActiveServicesCallback(bool (*callback)(bool hasClients, void *context),
					       void *context);
/* Unregisters all lazy services.  false: one of them has clients, and all are registered still. */
bool AServiceManager_tryUnregister(void);
/* Registers them again. */
void AServiceManager_reRegister(void);

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
