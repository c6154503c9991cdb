/* SPDX-License-Identifier: MIT */
/*
 * hidl_lazy.c: the calls of IServiceManager 1.2 for services that stop when nobody uses them.
 *
 * Called by hidl.c with its lock; clients.c counts.  As in Android, a callback hears that the last
 * client is gone after two looks, and tryUnregister needs no callback.
 */
#include "hidl_manager.h"

#include <stdlib.h>
#include <string.h>

#define CLIENT_CALLBACK "android.hidl.manager@1.2::IClientCallback"
#define ON_CLIENTS 1u

/* IClientCallback.onClients(interface registered, bool hasClients), one-way. */
static void notify(AIBinder *callback, AIBinder *service, bool has_clients)
{
	AParcel *in = NULL, *out = NULL;
	binder_status_t status = AIBinder_prepareRaw(callback, CLIENT_CALLBACK, &in);

	if (status == STATUS_OK)
		status = AParcel_writeStrongBinder(in, service);
	if (status == STATUS_OK)
		status = AParcel_writeBool(in, has_clients);
	if (status == STATUS_OK)
		AIBinder_transactRaw(callback, ON_CLIENTS, &in, &out, FLAG_ONEWAY, -1);
	AParcel_delete(in);
	AParcel_delete(out);
}

const struct clients_kind hidl_lazy_kind = { .notify = notify, .quiet_looks = 2 };

/* Reads INTERFACE, NAME and the object that is registered there.  NULL: it is not, or the caller's
 * process is not the one that registered it. */
static binder_status_t read_own(struct hidl_manager *manager, const AParcel *in,
				const struct registration **ret)
{
	const struct registration *found = NULL;
	AIBinder *service = NULL;
	struct hidl_pair pair;
	binder_status_t status = hidl_read_pair(in, &pair);

	if (status != STATUS_OK)
		return status;
	status = AParcel_readStrongBinder(in, &service);
	if (status == STATUS_OK)
		found = hidl_find(manager, &pair);
	if (found && (found->binder != service || found->pid != AIBinder_getCallingPid()))
		found = NULL;
	*ret = found;
	/* If it is the registered one, the registry has a reference, too. */
	AIBinder_decStrong(service);
	hidl_pair_free(&pair);
	return status;
}

binder_status_t hidl_register_client_callback(struct hidl_manager *manager, const AParcel *in,
					      AParcel *out)
{
	const struct registration *found;
	AIBinder *callback = NULL;
	binder_status_t status = read_own(manager, in, &found);
	bool success;

	if (status == STATUS_OK)
		status = AParcel_readStrongBinder(in, &callback);
	if (status != STATUS_OK)
		return status;
	success = found && callback &&
		  clients_add_callback(manager->clients, found->name, callback,
				       AIBinder_getCallingPid(), AIBinder_getCallingUid()) == 0;
	AIBinder_decStrong(callback);
	return hidl_write_success(out, success);
}

binder_status_t hidl_unregister_client_callback(struct hidl_manager *manager, const AParcel *in,
						AParcel *out)
{
	AIBinder *service = NULL, *callback = NULL;
	binder_status_t status = AParcel_readStrongBinder(in, &service);
	bool success;

	if (status == STATUS_OK)
		status = AParcel_readStrongBinder(in, &callback);
	success = status == STATUS_OK && callback &&
		  clients_remove_callback(manager->clients, service, callback);
	AIBinder_decStrong(service);
	AIBinder_decStrong(callback);
	return status == STATUS_OK ? hidl_write_success(out, success) : status;
}

/* Removes the object from all its interfaces with this instance.  Whether no name of it is left. */
static bool remove_instance(struct hidl_manager *manager, AIBinder *binder, const char *instance)
{
	bool left = false;

	for (size_t i = registry_count(manager->registry); i-- > 0;) {
		const struct registration *entry = registry_at(manager->registry, i);
		const char *slash = strchr(entry->name, '/');

		if (entry->binder != binder)
			continue;
		if (slash && !strcmp(slash + 1, instance))
			registry_remove(manager->registry, entry->name);
		else
			left = true;
	}
	return !left;
}

static bool try_unregister(struct hidl_manager *manager, const struct registration *found)
{
	const struct client_state *state = registry_clients(manager->registry, found->name);
	AIBinder *binder = found->binder;
	char *instance;
	bool removed;

	/* Whoever was given it a moment ago may be about to call. */
	if ((state->is_watched && state->guaranteed) ||
	    clients_hold(binder, CLIENTS_KNOWN_IN_A_CALL))
		return false;
	instance = strdup(strchr(found->name, '/') + 1);
	if (!instance)
		return false;
	AIBinder_incStrong(binder);
	removed = remove_instance(manager, binder, instance);
	AIBinder_decStrong(binder);
	free(instance);
	return removed;
}

binder_status_t hidl_try_unregister(struct hidl_manager *manager, const AParcel *in, AParcel *out)
{
	const struct registration *found;
	binder_status_t status = read_own(manager, in, &found);

	if (status != STATUS_OK)
		return status;
	return hidl_write_success(out, found && try_unregister(manager, found));
}
