/* SPDX-License-Identifier: MIT */
/*
 * service.c: the object behind handle 0, and the table of its methods.
 *
 * libbinder checks the interface token and calls on_transact(), which looks the
 * code up in the table of the version that is spoken; handlers are in names.c,
 * declared.c and lazy.c.
 */
#include <pthread.h>

#include "service.h"

#include <stdlib.h>

#include "clients.h"
#include "declared.h"
#include "lazy.h"
#include "names.h"
#include "connection/profile.h"

/* All that serves, and the thread that counts clients, take turns. */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

typedef binder_status_t (*handler)(const struct request *request);

static const handler handlers[SM_METHODS] = {
	[SM_GET_SERVICE] = get_service,
	[SM_GET_SERVICE2] = get_service2,
	[SM_CHECK_SERVICE] = check_service,
	[SM_CHECK_SERVICE2] = get_service2,
	[SM_ADD_SERVICE] = add_service,
	[SM_LIST_SERVICES] = list_services,
	[SM_REGISTER_FOR_NOTIFICATIONS] = register_for_notifications,
	[SM_UNREGISTER_FOR_NOTIFICATIONS] = unregister_for_notifications,
	[SM_IS_DECLARED] = is_declared,
	[SM_GET_DECLARED_INSTANCES] = get_declared_instances,
	[SM_UPDATABLE_VIA_APEX] = updatable_via_apex,
	[SM_GET_UPDATABLE_NAMES] = get_updatable_names,
	[SM_GET_CONNECTION_INFO] = get_connection_info,
	[SM_REGISTER_CLIENT_CALLBACK] = register_client_callback,
	[SM_TRY_UNREGISTER_SERVICE] = try_unregister_service,
	[SM_GET_SERVICE_DEBUG_INFO] = get_service_debug_info,
};

static binder_status_t on_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				   AParcel *out)
{
	struct request request = {
		.manager = AIBinder_getUserData(binder),
		.in = in,
		.out = out,
	};
	const struct servicemanager_protocol *protocol = request.manager->protocol;
	enum servicemanager_method method = servicemanager_method_of(protocol, code);
	binder_status_t status;

	/* An AIDL interface says that it knows no such code; what was before says no to all. */
	if (method >= SM_METHODS)
		return protocol->has_status ? STATUS_UNKNOWN_TRANSACTION : STATUS_PERMISSION_DENIED;
	pthread_mutex_lock(&lock);
	status = handlers[method](&request);
	pthread_mutex_unlock(&lock);
	return status;
}

static binder_status_t on_dump(AIBinder *binder, int fd, const char **args, uint32_t count)
{
	const struct service_manager *manager = AIBinder_getUserData(binder);

	registry_dump(manager->registry, fd);
	return STATUS_OK;
}

/* IServiceCallback.onRegistration(String name, IBinder binder), one-way. */
static void notify(AIBinder *callback, const char *name, AIBinder *binder, bool was_there)
{
	AParcel *in = NULL, *out = NULL;

	if (AIBinder_prepareRaw(callback, SERVICE_CALLBACK_DESCRIPTOR, &in) != STATUS_OK)
		return;
	if (AParcel_writeString16(in, name) != STATUS_OK ||
	    AParcel_writeStrongBinder(in, binder) != STATUS_OK) {
		AParcel_delete(in);
		return;
	}
	/* A receiver that is dead or full misses out; it must not hold up the rest. */
	AIBinder_transactRaw(callback, SERVICE_CALLBACK_ON_REGISTRATION, &in, &out, FLAG_ONEWAY,
			     -1);
	AParcel_delete(out);
}

static void *on_create(void *args)
{
	return args;
}

static void on_destroy(void *data) {}

/* A class is for ever, as in the NDK. */
static AIBinder_Class *clazz;

AIBinder *service_manager_new(const struct service_options *options)
{
	struct service_manager *manager = calloc(1, sizeof(*manager));
	AIBinder *binder = NULL;

	if (!manager)
		return NULL;
	manager->rules = options->rules;
	manager->manifest = options->manifest;
	manager->protocol = options->profile->servicemanager;
	manager->verbose = options->verbose;
	manager->registry = registry_new(notify, &lock, options->verbose);
	if (manager->registry)
		manager->clients =
			clients_new(&lazy_kind, manager->registry, &lock, options->verbose);
	if (!clazz)
		clazz = AIBinder_Class_define(SERVICEMANAGER_DESCRIPTOR, on_create, on_destroy,
					      on_transact);
	if (!manager->clients || !clazz)
		goto fail;
	AIBinder_Class_setOnDump(clazz, on_dump);
	binder = AIBinder_new(clazz, manager);
	if (!binder)
		goto fail;
	/* Before it was an AIDL interface it did not list itself. */
	if (!manager->protocol->has_status ||
	    registry_add_own(manager->registry, "manager", binder) == 0)
		return binder;
	AIBinder_decStrong(binder);
fail:
	clients_free(manager->clients);
	registry_free(manager->registry);
	free(manager);
	return NULL;
}

void service_manager_free(AIBinder *manager)
{
	struct service_manager *data;

	if (!manager)
		return;
	data = AIBinder_getUserData(manager);
	clients_free(data->clients);
	/* The registry holds a reference to the manager itself: it goes first. */
	registry_free(data->registry);
	AIBinder_decStrong(manager);
	free(data);
}
