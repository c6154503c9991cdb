/* SPDX-License-Identifier: MIT */
/*
 * hidl.c: the object behind handle 0 of hwbinder: the calls of
 * android.hidl.manager's IServiceManager (1.0 to 1.2) that programs cannot do
 * without.
 *
 * Made by main.c (--hwbinder); names are kept in registry.c as INTERFACE/NAME,
 * one for each interface that an object says it has (hidl_add.c).  Several
 * threads serve, since some of them wait for services.
 */
#include "hidl_manager.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTIFICATION "android.hidl.manager@1.0::IServiceNotification"
#define ON_REGISTRATION 1u
#define MANAGER_PREFIX "android.hidl.manager@1."
#define NAME_MAX_LENGTH 255

enum transport { TRANSPORT_EMPTY, TRANSPORT_HWBINDER };

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

/* ---- names --------------------------------------------------------------- */

bool hidl_is_part_valid(const char *text)
{
	size_t length = strlen(text);

	return length <= NAME_MAX_LENGTH &&
	       strspn(text,
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@:-") ==
		       length;
}

char *hidl_join(const char *interface, const char *name)
{
	char *full;

	return asprintf(&full, "%s/%s", interface, name) < 0 ? NULL : full;
}

void hidl_pair_free(struct hidl_pair *pair)
{
	free(pair->interface);
	free(pair->name);
}

binder_status_t hidl_read_pair(const AParcel *in, struct hidl_pair *ret)
{
	struct hidl_pair pair = { .interface = NULL };
	binder_status_t status = hidl_read_string(in, &pair.interface);

	if (status == STATUS_OK)
		status = hidl_read_string(in, &pair.name);
	if (status == STATUS_OK &&
	    (!hidl_is_part_valid(pair.interface) || !hidl_is_part_valid(pair.name)))
		status = STATUS_BAD_VALUE;
	if (status != STATUS_OK) {
		hidl_pair_free(&pair);
		return status;
	}
	*ret = pair;
	return STATUS_OK;
}

const struct registration *hidl_find(struct hidl_manager *manager, const struct hidl_pair *pair)
{
	char *full = hidl_join(pair->interface, pair->name);
	const struct registration *found = full ? registry_find(manager->registry, full) : NULL;

	free(full);
	return found;
}

/* ---- calls --------------------------------------------------------------- */

static binder_status_t get(struct hidl_manager *manager, const AParcel *in, AParcel *out)
{
	const struct registration *found;
	struct hidl_pair pair;
	binder_status_t status = hidl_read_pair(in, &pair);

	if (status != STATUS_OK)
		return status;
	found = hidl_find(manager, &pair);
	if (found)
		clients_found(manager->clients, found->name);
	status = AParcel_writeInt32(out, 0);
	if (status == STATUS_OK)
		status = AParcel_writeStrongBinder(out, found ? found->binder : NULL);
	hidl_pair_free(&pair);
	return status;
}

static binder_status_t get_transport(struct hidl_manager *manager, const AParcel *in, AParcel *out)
{
	struct hidl_pair pair;
	binder_status_t status = hidl_read_pair(in, &pair);

	if (status != STATUS_OK)
		return status;
	status = AParcel_writeInt32(out, 0);
	if (status == STATUS_OK)
		status = AParcel_writeInt32(out, hidl_find(manager, &pair) ? TRANSPORT_HWBINDER :
									     TRANSPORT_EMPTY);
	hidl_pair_free(&pair);
	return status;
}

/* All names, or of those that begin with interface and a slash what follows. */
static binder_status_t write_names(struct hidl_manager *manager, const char *interface,
				   AParcel *out)
{
	size_t entries = registry_count(manager->registry), count = 0;
	size_t length = interface ? strlen(interface) : 0;
	const char **names = calloc(entries ? entries : 1, sizeof(*names));
	binder_status_t status;

	if (!names)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < entries; i++) {
		const char *name = registry_at(manager->registry, i)->name;

		if (!interface)
			names[count++] = name;
		else if (!strncmp(name, interface, length) && name[length] == '/')
			names[count++] = name + length + 1;
	}
	status = AParcel_writeInt32(out, 0);
	if (status == STATUS_OK)
		status = hidl_write_strings(out, names, count);
	free(names);
	return status;
}

static binder_status_t list(struct hidl_manager *manager, const AParcel *in, AParcel *out)
{
	return write_names(manager, NULL, out);
}

static binder_status_t list_by_interface(struct hidl_manager *manager, const AParcel *in,
					 AParcel *out)
{
	char *interface;
	binder_status_t status = hidl_read_string(in, &interface);

	if (status != STATUS_OK)
		return status;
	status = write_names(manager, interface, out);
	free(interface);
	return status;
}

binder_status_t hidl_write_success(AParcel *out, bool success)
{
	binder_status_t status = AParcel_writeInt32(out, 0);

	return status == STATUS_OK ? AParcel_writeBool(out, success) : status;
}

/* string fqName, string name, binder: a watch of INTERFACE/NAME, of INTERFACE/ followed by anything
 * for an empty name, of all for two. */
static binder_status_t read_watch(const AParcel *in, char **name_ret, AIBinder **callback_ret)
{
	struct hidl_pair pair;
	binder_status_t status = hidl_read_pair(in, &pair);

	if (status != STATUS_OK)
		return status;
	*name_ret = *pair.name      ? hidl_join(pair.interface, pair.name) :
		    *pair.interface ? hidl_join(pair.interface, "*") :
				      strdup("*");
	hidl_pair_free(&pair);
	if (!*name_ret)
		return STATUS_NO_MEMORY;
	status = AParcel_readStrongBinder(in, callback_ret);
	if (status != STATUS_OK)
		free(*name_ret);
	return status;
}

static binder_status_t register_notifications(struct hidl_manager *manager, const AParcel *in,
					      AParcel *out)
{
	AIBinder *callback = NULL;
	bool success;
	char *name;
	binder_status_t status = read_watch(in, &name, &callback);

	if (status != STATUS_OK)
		return status;
	success = callback &&
		  registry_watch(manager->registry, name, callback, AIBinder_getCallingUid()) == 0;
	AIBinder_decStrong(callback);
	free(name);
	return hidl_write_success(out, success);
}

static binder_status_t unregister_notifications(struct hidl_manager *manager, const AParcel *in,
						AParcel *out)
{
	AIBinder *callback = NULL;
	bool success;
	char *name;
	binder_status_t status = read_watch(in, &name, &callback);

	if (status != STATUS_OK)
		return status;
	success = callback && registry_unwatch(manager->registry, name, callback) == 0;
	AIBinder_decStrong(callback);
	free(name);
	return hidl_write_success(out, success);
}

/* Instances of an interface that the manifest declares, in the order of their names. */
static binder_status_t list_manifest(struct hidl_manager *manager, const AParcel *in, AParcel *out)
{
	size_t entries = manifest_count(manager->manifest), count = 0, length;
	const char **names = calloc(entries ? entries : 1, sizeof(*names));
	char *interface;
	binder_status_t status = names ? hidl_read_string(in, &interface) : STATUS_NO_MEMORY;

	if (status != STATUS_OK) {
		free(names);
		return status;
	}
	length = strlen(interface);
	for (size_t i = 0; i < entries; i++) {
		const char *name = manifest_at(manager->manifest, i)->name;

		if (!strncmp(name, interface, length) && name[length] == '/')
			names[count++] = name + length + 1;
	}
	free(interface);
	status = AParcel_writeInt32(out, 0);
	if (status == STATUS_OK)
		status = hidl_write_strings(out, names, count);
	free(names);
	return status;
}

/* ---- dispatch ------------------------------------------------------------ */

typedef binder_status_t (*handler)(struct hidl_manager *manager, const AParcel *in, AParcel *out);

static const struct {
	handler run;
	bool unlocked; /* it takes the lock itself */
} handlers[] = {
	[HIDL_GET] = { get },
	[HIDL_ADD] = { hidl_add, true },
	[HIDL_GET_TRANSPORT] = { get_transport },
	[HIDL_LIST] = { list },
	[HIDL_LIST_BY_INTERFACE] = { list_by_interface },
	[HIDL_REGISTER_NOTIFICATIONS] = { register_notifications },
	[HIDL_UNREGISTER_NOTIFICATIONS] = { unregister_notifications },
	[HIDL_REGISTER_CLIENT_CALLBACK] = { hidl_register_client_callback },
	[HIDL_UNREGISTER_CLIENT_CALLBACK] = { hidl_unregister_client_callback },
	[HIDL_ADD_WITH_CHAIN] = { hidl_add_with_chain, true },
	[HIDL_LIST_MANIFEST_BY_INTERFACE] = { list_manifest },
	[HIDL_TRY_UNREGISTER] = { hidl_try_unregister },
};

/* Newer versions of the interface begin with these calls, and clients use their names. */
static binder_status_t check_token(const AParcel *in)
{
	char *descriptor;
	binder_status_t status = AParcel_readInterfaceToken(in, &descriptor);

	if (status != STATUS_OK)
		return status;
	if (strncmp(descriptor, MANAGER_PREFIX, strlen(MANAGER_PREFIX)) != 0)
		status = STATUS_BAD_TYPE;
	free(descriptor);
	return status;
}

static binder_status_t on_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				   AParcel *out)
{
	binder_status_t status = check_token(in);

	if (status != STATUS_OK)
		return status;
	if (code >= sizeof(handlers) / sizeof(handlers[0]) || !handlers[code].run)
		return STATUS_UNKNOWN_TRANSACTION;
	if (handlers[code].unlocked)
		return handlers[code].run(AIBinder_getUserData(binder), in, out);
	pthread_mutex_lock(&lock);
	status = handlers[code].run(AIBinder_getUserData(binder), in, out);
	pthread_mutex_unlock(&lock);
	return status;
}

static binder_status_t on_dump(AIBinder *binder, int fd, const char **args, uint32_t count)
{
	const struct hidl_manager *manager = AIBinder_getUserData(binder);

	registry_dump(manager->registry, fd);
	return STATUS_OK;
}

/* IServiceNotification.onRegistration(string fqName, string name, bool preexisting), one-way. */
static void notify(AIBinder *callback, const char *full, AIBinder *binder, bool was_there)
{
	const char *slash = strchr(full, '/');
	char *interface = strndup(full, slash - full);
	AParcel *in = NULL, *out = NULL;
	binder_status_t status = interface ? STATUS_OK : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		status = AIBinder_prepareRaw(callback, NOTIFICATION, &in);
	if (status == STATUS_OK)
		status = hidl_write_string(in, interface);
	if (status == STATUS_OK)
		status = hidl_write_string(in, slash + 1);
	if (status == STATUS_OK)
		status = AParcel_writeBool(in, was_there);
	if (status == STATUS_OK)
		AIBinder_transactRaw(callback, ON_REGISTRATION, &in, &out, FLAG_ONEWAY, -1);
	AParcel_delete(in);
	AParcel_delete(out);
	free(interface);
}

static void *on_create(void *args)
{
	return args;
}

static void on_destroy(void *data) {}

AIBinder *hidl_manager_new(const struct service_options *options)
{
	static AIBinder_Class *clazz; /* for ever, as in the NDK */
	struct hidl_manager *manager = calloc(1, sizeof(*manager));
	AIBinder *binder = NULL;

	if (!manager)
		return NULL;
	manager->rules = options->rules;
	manager->manifest = options->manifest;
	manager->verbose = options->verbose;
	manager->lock = &lock;
	manager->registry = registry_new(notify, &lock, options->verbose);
	if (manager->registry)
		manager->clients =
			clients_new(&hidl_lazy_kind, manager->registry, &lock, options->verbose);
	if (!clazz)
		clazz = AIBinder_Class_define(HIDL_MANAGER, on_create, on_destroy, on_transact);
	if (!manager->clients || !clazz)
		goto fail;
	AIBinder_Class_disableInterfaceTokenHeader(clazz);
	AIBinder_Class_setOnDump(clazz, on_dump);
	binder = AIBinder_new(clazz, manager);
	/* As Android's: programs look for it by its name, too. */
	if (binder && registry_add_own(manager->registry, HIDL_MANAGER "/default", binder) == 0)
		return binder;
	AIBinder_decStrong(binder);
fail:
	clients_free(manager->clients);
	registry_free(manager->registry);
	free(manager);
	return NULL;
}

void hidl_manager_free(AIBinder *manager)
{
	struct hidl_manager *data;

	if (!manager)
		return;
	data = AIBinder_getUserData(manager);
	clients_free(data->clients);
	registry_free(data->registry);
	AIBinder_decStrong(manager);
	free(data);
}
