/* SPDX-License-Identifier: MIT */
/*
 * hidl.c: the object behind handle 0 of hwbinder: the calls of
 * android.hidl.manager@1.0::IServiceManager that programs cannot do without.
 *
 * Made by main.c (--hwbinder); names are kept in registry.c as INTERFACE/NAME,
 * one for each interface that an object says it has.
 */
#include <pthread.h>

#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hidl.h"
#include "request.h"

#define NOTIFICATION "android.hidl.manager@1.0::IServiceNotification"
#define ON_REGISTRATION 1u
#define MANAGER_PREFIX "android.hidl.manager@1."
#define NAME_MAX_LENGTH 255

enum transport { TRANSPORT_EMPTY, TRANSPORT_HWBINDER };

struct hidl_manager {
	struct registry *registry;
	const struct access_rules *rules;
	bool verbose;
};

/* Deaths come in this thread alone, but the registry wants something to take. */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

/* ---- names --------------------------------------------------------------- */

static bool is_part_valid(const char *text)
{
	size_t length = strlen(text);

	return length <= NAME_MAX_LENGTH &&
	       strspn(text,
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@:-") ==
		       length;
}

static char *join(const char *interface, const char *name)
{
	char *full;

	return asprintf(&full, "%s/%s", interface, name) < 0 ? NULL : full;
}

struct pair {
	char *interface, *name;
};

static void pair_free(struct pair *pair)
{
	free(pair->interface);
	free(pair->name);
}

static binder_status_t read_pair(const AParcel *in, struct pair *ret)
{
	struct pair pair = { .interface = NULL };
	binder_status_t status = hidl_read_string(in, &pair.interface);

	if (status == STATUS_OK)
		status = hidl_read_string(in, &pair.name);
	if (status == STATUS_OK && (!is_part_valid(pair.interface) || !is_part_valid(pair.name)))
		status = STATUS_BAD_VALUE;
	if (status != STATUS_OK) {
		pair_free(&pair);
		return status;
	}
	*ret = pair;
	return STATUS_OK;
}

static const struct registration *find(struct hidl_manager *manager, const struct pair *pair)
{
	char *full = join(pair->interface, pair->name);
	const struct registration *found = full ? registry_find(manager->registry, full) : NULL;

	free(full);
	return found;
}

/* ---- calls --------------------------------------------------------------- */

static binder_status_t get(struct hidl_manager *manager, const AParcel *in, AParcel *out)
{
	const struct registration *found;
	struct pair pair;
	binder_status_t status = read_pair(in, &pair);

	if (status != STATUS_OK)
		return status;
	found = find(manager, &pair);
	status = AParcel_writeInt32(out, 0);
	if (status == STATUS_OK)
		status = AParcel_writeStrongBinder(out, found ? found->binder : NULL);
	pair_free(&pair);
	return status;
}

static binder_status_t get_transport(struct hidl_manager *manager, const AParcel *in, AParcel *out)
{
	struct pair pair;
	binder_status_t status = read_pair(in, &pair);

	if (status != STATUS_OK)
		return status;
	status = AParcel_writeInt32(out, 0);
	if (status == STATUS_OK)
		status = AParcel_writeInt32(out, find(manager, &pair) ? TRANSPORT_HWBINDER :
									TRANSPORT_EMPTY);
	pair_free(&pair);
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

/*
 * Under each interface that the object has; IBase is everybody's and nobody's.
 * The thread that waits for our reply is often the only one to answer, so the
 * question has to come from this thread, and has no time limit: who may add
 * names can also hold the manager up.
 */
static bool add_chain(struct hidl_manager *manager, AIBinder *binder, const char *name, pid_t pid,
		      uid_t uid)
{
	struct registration wanted = {
		.binder = binder,
		.pid = pid,
		.uid = uid,
		.dump_priority = SM_DUMP_DEFAULT,
	};
	char **chain = NULL;
	size_t count = 0;
	AParcel *reply = NULL;
	bool added = false;

	if (hidl_call_base(binder, HIDL_CHAIN, -1, &reply) != STATUS_OK ||
	    hidl_read_strings(reply, &chain, &count) != STATUS_OK)
		count = 0;
	for (size_t i = 0; i < count; i++) {
		if (!*chain[i] || !is_part_valid(chain[i]) || !strcmp(chain[i], HIDL_BASE))
			continue;
		wanted.name = join(chain[i], name);
		added |= wanted.name && registry_add(manager->registry, &wanted) == 0;
		if (manager->verbose && wanted.name)
			fprintf(stderr, "servicemanager: %s added by pid %d uid %d\n", wanted.name,
				(int)pid, (int)uid);
		free(wanted.name);
	}
	AParcel_delete(reply);
	hidl_free_strings(chain, count);
	return added;
}

static binder_status_t write_success(AParcel *out, bool success)
{
	binder_status_t status = AParcel_writeInt32(out, 0);

	return status == STATUS_OK ? AParcel_writeBool(out, success) : status;
}

static binder_status_t add(struct hidl_manager *manager, const AParcel *in, AParcel *out)
{
	pid_t pid = AIBinder_getCallingPid();
	uid_t uid = AIBinder_getCallingUid();
	AIBinder *binder = NULL;
	bool success = false;
	char *name;
	binder_status_t status = hidl_read_string(in, &name);

	if (status != STATUS_OK)
		return status;
	status = AParcel_readStrongBinder(in, &binder);
	if (status == STATUS_OK && binder && *name && is_part_valid(name) &&
	    access_may_add(manager->rules, uid, name))
		success = add_chain(manager, binder, name, pid, uid);
	AIBinder_decStrong(binder);
	free(name);
	return status == STATUS_OK ? write_success(out, success) : status;
}

static binder_status_t register_notifications(struct hidl_manager *manager, const AParcel *in,
					      AParcel *out)
{
	AIBinder *callback = NULL;
	char *full = NULL;
	bool success = false;
	struct pair pair;
	binder_status_t status = read_pair(in, &pair);

	if (status != STATUS_OK)
		return status;
	status = AParcel_readStrongBinder(in, &callback);
	/* Every instance of an interface, or everything, cannot be watched here. */
	if (status == STATUS_OK && callback && *pair.interface && *pair.name)
		full = join(pair.interface, pair.name);
	if (full)
		success = registry_watch(manager->registry, full, callback,
					 AIBinder_getCallingUid()) == 0;
	AIBinder_decStrong(callback);
	free(full);
	pair_free(&pair);
	return status == STATUS_OK ? write_success(out, success) : status;
}

/* ---- dispatch ------------------------------------------------------------ */

typedef binder_status_t (*handler)(struct hidl_manager *manager, const AParcel *in, AParcel *out);

static const handler handlers[] = {
	[HIDL_GET] = get,
	[HIDL_ADD] = add,
	[HIDL_GET_TRANSPORT] = get_transport,
	[HIDL_LIST] = list,
	[HIDL_LIST_BY_INTERFACE] = list_by_interface,
	[HIDL_REGISTER_NOTIFICATIONS] = register_notifications,
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
	if (code >= sizeof(handlers) / sizeof(handlers[0]) || !handlers[code])
		return STATUS_UNKNOWN_TRANSACTION;
	return handlers[code](AIBinder_getUserData(binder), in, out);
}

/* IServiceNotification.onRegistration(string fqName, string name, bool preexisting), one-way. */
static void notify(AIBinder *callback, const char *full, AIBinder *binder)
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
		status = AParcel_writeBool(in, false);
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
	manager->verbose = options->verbose;
	manager->registry = registry_new(notify, &lock, options->verbose);
	if (!clazz)
		clazz = AIBinder_Class_define(HIDL_MANAGER, on_create, on_destroy, on_transact);
	if (manager->registry && clazz) {
		AIBinder_Class_disableInterfaceTokenHeader(clazz);
		binder = AIBinder_new(clazz, manager);
	}
	if (!binder) {
		registry_free(manager->registry);
		free(manager);
	}
	return binder;
}

void hidl_manager_free(AIBinder *manager)
{
	struct hidl_manager *data;

	if (!manager)
		return;
	data = AIBinder_getUserData(manager);
	registry_free(data->registry);
	AIBinder_decStrong(manager);
	free(data);
}
