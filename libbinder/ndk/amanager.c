/* SPDX-License-Identifier: MIT */
/*
 * amanager.c: the NDK's service-manager functions, on the default connection.
 *
 * Public functions; hands on to servicemanager.c and watch.c.
 */
#include <android/binder_manager.h>

#include <stdlib.h>

#include "base/error.h"
#include "base/export.h"
#include "manager/servicemanager.h"

EXPORT binder_exception_t AServiceManager_addServiceWithFlags(
	AIBinder *binder, const char *instance, const AServiceManager_AddServiceFlag flags)
{
	ABinderConnection *conn = connection_default();
	binder_exception_t exception = EX_TRANSACTION_FAILED;

	if (!binder || !instance) {
		error_set_words("no object or no name to register");
		return EX_ILLEGAL_ARGUMENT;
	}
	if (conn)
		servicemanager_add_with_flags(conn, binder, instance, flags, &exception);
	return exception;
}

EXPORT binder_exception_t AServiceManager_addService(AIBinder *binder, const char *instance)
{
	return AServiceManager_addServiceWithFlags(binder, instance, 0);
}

EXPORT AIBinder *AServiceManager_checkService(const char *instance)
{
	ABinderConnection *conn = connection_default();
	AIBinder *binder = NULL;

	if (conn)
		AServiceManager_checkOn(conn, instance, &binder);
	return binder;
}

EXPORT AIBinder *AServiceManager_getService(const char *instance)
{
	ABinderConnection *conn = connection_default();
	AIBinder *binder = NULL;

	if (conn)
		AServiceManager_getOn(conn, instance, &binder);
	return binder;
}

EXPORT AIBinder *AServiceManager_waitForService(const char *instance)
{
	ABinderConnection *conn = connection_default();
	AIBinder *binder = NULL;

	if (conn)
		AServiceManager_waitOn(conn, instance, -1, &binder);
	return binder;
}

EXPORT bool AServiceManager_isDeclared(const char *instance)
{
	ABinderConnection *conn = connection_default();
	bool declared = false;

	if (conn)
		servicemanager_is_declared(conn, instance, &declared);
	return declared;
}

EXPORT void AServiceManager_getUpdatableApexName(const char *instance, void *context,
						 void (*callback)(const char *, void *))
{
	ABinderConnection *conn = connection_default();
	char *apex = NULL;

	if (conn && !servicemanager_updatable(conn, instance, &apex) && apex)
		callback(apex, context);
	free(apex);
}

static void note_apex(const char *apex, void *updatable)
{
	*(bool *)updatable = true;
}

EXPORT bool AServiceManager_isUpdatableViaApex(const char *instance)
{
	bool updatable = false;

	AServiceManager_getUpdatableApexName(instance, &updatable, note_apex);
	return updatable;
}

EXPORT void *AServiceManager_openDeclaredPassthroughHal(const char *interface, const char *instance,
							int flag)
{
	error_set_words(
		"%s/%s cannot be opened: passthrough HALs are shared libraries of Android's",
		interface ? interface : "?", instance ? instance : "?");
	return NULL;
}

struct instances {
	void (*callback)(const char *, void *);
	void *context;
};

static bool pass_instance(const char *name, void *cookie)
{
	struct instances *instances = cookie;

	instances->callback(name, instances->context);
	return true;
}

EXPORT void AServiceManager_forEachDeclaredInstance(const char *interface, void *context,
						    void (*callback)(const char *, void *))
{
	struct instances instances = { callback, context };
	ABinderConnection *conn = connection_default();

	if (conn)
		servicemanager_declared_instances(conn, interface, pass_instance, &instances);
}

struct AServiceManager_NotificationRegistration {
	AServiceManager_Watch *watch;
	AServiceManager_onRegister fn;
	void *cookie;
};

static void pass_registration(const char *name, AIBinder *binder, void *cookie)
{
	AServiceManager_NotificationRegistration *registration = cookie;

	/* The NDK's function takes no NULL. */
	if (!binder)
		binder = AServiceManager_checkService(name);
	else
		AIBinder_incStrong(binder);
	if (!binder)
		return;
	registration->fn(name, binder, registration->cookie);
}

EXPORT AServiceManager_NotificationRegistration *
AServiceManager_registerForServiceNotifications(const char *instance,
						AServiceManager_onRegister onRegister, void *cookie)
{
	ABinderConnection *conn = connection_default();
	AServiceManager_NotificationRegistration *registration;

	if (!conn || !onRegister)
		return NULL;
	registration = calloc(1, sizeof(*registration));
	if (!registration)
		return NULL;
	registration->fn = onRegister;
	registration->cookie = cookie;
	if (AServiceManager_watchOn(conn, instance, pass_registration, registration,
				    &registration->watch)) {
		free(registration);
		return NULL;
	}
	return registration;
}

EXPORT void AServiceManager_NotificationRegistration_delete(
	AServiceManager_NotificationRegistration *notification)
{
	if (!notification)
		return;
	AServiceManager_Watch_delete(notification->watch);
	free(notification);
}
