/* SPDX-License-Identifier: MIT */
/*
 * lazy.c: registerClientCallback and tryUnregisterService; see lazy.h.
 *
 * Only the process that registered a service may make these calls for it.  A service without a
 * client callback, one that was handed out since the last look, and one whose callbacks have not
 * yet heard that the last client is gone, stay registered; all three are Android's rules.
 */
#include "lazy.h"

#include <errno.h>
#include <stdlib.h>

/* IClientCallback.onClients(IBinder service, boolean hasClients), one-way. */
static void notify(AIBinder *callback, AIBinder *service, bool has_clients)
{
	AParcel *in = NULL, *out = NULL;
	binder_status_t status;

	if (AIBinder_prepareRaw(callback, CLIENT_CALLBACK_DESCRIPTOR, &in) != STATUS_OK)
		return;
	status = AParcel_writeStrongBinder(in, service);
	if (status == STATUS_OK)
		status = AParcel_writeBool(in, has_clients);
	if (status == STATUS_OK)
		AIBinder_transactRaw(callback, CLIENT_CALLBACK_ON_CLIENTS, &in, &out, FLAG_ONEWAY,
				     -1);
	AParcel_delete(in);
	AParcel_delete(out);
}

const struct clients_kind lazy_kind = { .notify = notify, .quiet_looks = 1 };

/* May this caller speak for the service?  False: the reply is written; mismatch is the exception
 * for a name without this object. */
static bool is_its_server(const struct request *request, const char *name, const AIBinder *service,
			  binder_exception_t mismatch, binder_status_t *status)
{
	struct service_manager *manager = request->manager;
	const struct registration *found = registry_find(manager->registry, name);

	if (!access_may_add(manager->rules, AIBinder_getCallingUid(), name))
		*status = refuse(request, EX_SECURITY, "uid %d may not add '%s'",
				 (int)AIBinder_getCallingUid(), name);
	else if (!found)
		*status = refuse(request, mismatch, "there is no service '%s'", name);
	else if (found->pid != AIBinder_getCallingPid())
		*status = refuse(request, EX_UNSUPPORTED_OPERATION,
				 "only the process of '%s' may do that", name);
	else if (found->binder != service)
		*status = refuse(request, mismatch, "another object is registered as '%s'", name);
	else
		return true;
	return false;
}

binder_status_t register_client_callback(const struct request *request)
{
	AIBinder *service = NULL, *callback = NULL;
	binder_status_t status;
	char *name;
	int r;

	if (!read_name(request, &name, &status))
		return status;
	status = AParcel_readStrongBinder(request->in, &service);
	if (status == STATUS_OK)
		status = AParcel_readStrongBinder(request->in, &callback);
	if (status == STATUS_OK && !callback) {
		status = refuse(request, EX_NULL_POINTER, "a null callback for '%s'", name);
	} else if (status == STATUS_OK &&
		   is_its_server(request, name, service, EX_ILLEGAL_ARGUMENT, &status)) {
		r = clients_add_callback(request->manager->clients, name, callback,
					 AIBinder_getCallingPid(), AIBinder_getCallingUid());
		status = r < 0 ? refuse_errno(request, r, name) : reply_ok(request);
	}
	AIBinder_decStrong(service);
	AIBinder_decStrong(callback);
	free(name);
	return status;
}

static binder_status_t try_unregister(const struct request *request, const char *name)
{
	struct service_manager *manager = request->manager;
	struct client_state *state = registry_clients(manager->registry, name);

	if (!state->is_watched)
		return refuse(request, EX_ILLEGAL_STATE, "'%s' has no client callback", name);
	if (state->guaranteed)
		return refuse(request, EX_ILLEGAL_STATE, "'%s' is about to have a client", name);
	if (clients_look(manager->clients, name)) {
		/* At the next look the callbacks hear once more that there is a client. */
		state->guaranteed = true;
		return refuse(request, EX_ILLEGAL_STATE, "'%s' has clients", name);
	}
	registry_remove(manager->registry, name);
	return reply_ok(request);
}

binder_status_t try_unregister_service(const struct request *request)
{
	AIBinder *service = NULL;
	binder_status_t status;
	char *name;

	if (!read_name(request, &name, &status))
		return status;
	status = AParcel_readStrongBinder(request->in, &service);
	if (status == STATUS_OK && !service)
		status = refuse(request, EX_NULL_POINTER, "a null service for '%s'", name);
	else if (status == STATUS_OK &&
		 is_its_server(request, name, service, EX_ILLEGAL_STATE, &status))
		status = try_unregister(request, name);
	AIBinder_decStrong(service);
	free(name);
	return status;
}
