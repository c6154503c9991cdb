/* SPDX-License-Identifier: MIT */
/*
 * service.c: one handler for each method of android.os.IServiceManager.
 *
 * libbinder checks the interface token and calls on_transact(), which looks the
 * code up in the table that libbinder's client uses too; handlers read their
 * arguments, ask registry.c and access.c, and write an AIDL reply.
 */
#include "service.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <android/binder_parcel.h>
#include <android/binder_status.h>
#include <binder/ext.h>

#include "registry.h"
#include "servicemanager_protocol.h"

struct service_manager {
	struct registry *registry;
	const struct access_rules *rules;
	bool verbose;
};

struct request {
	struct service_manager *manager;
	const AParcel *in;
	AParcel *out;
};

/* ---- pieces of a reply --------------------------------------------------- */

static binder_status_t reply_ok(AParcel *out)
{
	AStatus *ok = AStatus_newOk();
	binder_status_t status = AParcel_writeStatusHeader(out, ok);

	AStatus_delete(ok);
	return status;
}

__attribute__((format(printf, 3, 4))) static binder_status_t
refuse(const struct request *request, binder_exception_t exception, const char *format, ...)
{
	char message[256];
	binder_status_t status;
	AStatus *refusal;
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (request->manager->verbose)
		fprintf(stderr, "servicemanager: uid %d pid %d refused: %s\n",
			(int)AIBinder_getCallingUid(), (int)AIBinder_getCallingPid(), message);
	refusal = AStatus_fromExceptionCodeWithMessage(exception, message);
	if (!refusal)
		return STATUS_NO_MEMORY;
	status = AParcel_writeStatusHeader(request->out, refusal);
	AStatus_delete(refusal);
	return status;
}

/* Errors of registry_add() and registry_watch() in the words of AIDL. */
static binder_status_t refuse_errno(const struct request *request, int error, const char *name)
{
	switch (error) {
	case -EDQUOT:
		return refuse(request, EX_ILLEGAL_STATE,
			      "uid %d has reached its limit of names or callbacks",
			      (int)AIBinder_getCallingUid());
	case -EINVAL:
		return refuse(request, EX_ILLEGAL_STATE, "the binder for '%s' is dead", name);
	default:
		return refuse(request, EX_ILLEGAL_STATE, "out of memory");
	}
}

/*
 * Reads the name that most methods start with.  True: *ret is the caller's to
 * free.  False: the reply is written, and its status is in *status.
 */
static bool read_name(const struct request *request, char **ret, binder_status_t *status)
{
	char *name = NULL;

	*status = AParcel_readString16(request->in, &name);
	if (*status != STATUS_OK)
		return false;
	if (!name || !access_name_is_valid(name)) {
		/* A bad name is not repeated: it may hold anything. */
		*status = refuse(request, EX_ILLEGAL_ARGUMENT,
				 "bad service name: expected 1 to %d of A-Z a-z 0-9 _ . / -",
				 SERVICE_NAME_MAX);
		free(name);
		return false;
	}
	*ret = name;
	return true;
}

/* ---- look-ups ------------------------------------------------------------ */

/*
 * Writes the status of a look-up.  True: the binder, or NULL for nobody, is to
 * follow.  False: the reply is complete.  Look-ups answer at once; who wants
 * to wait registers for a notification.
 */
static bool look_up(const struct request *request, AIBinder **ret, binder_status_t *status)
{
	const struct registration *found;
	char *name;

	if (!read_name(request, &name, status))
		return false;
	found = registry_find(request->manager->registry, name);
	free(name);
	*status = reply_ok(request->out);
	if (*status != STATUS_OK)
		return false;
	*ret = found ? found->binder : NULL;
	return true;
}

static binder_status_t check_service(const struct request *request)
{
	AIBinder *binder;
	binder_status_t status;

	if (!look_up(request, &binder, &status))
		return status;
	return AParcel_writeStrongBinder(request->out, binder);
}

/* A sized parcelable starts with 1 and its size, which is known only at its end. */
static binder_status_t begin_parcelable(AParcel *out, int32_t *start)
{
	binder_status_t status = AParcel_writeInt32(out, 1);

	*start = AParcel_getDataPosition(out);
	return status == STATUS_OK ? AParcel_writeInt32(out, 0) : status;
}

static binder_status_t end_parcelable(AParcel *out, int32_t start)
{
	int32_t end = AParcel_getDataPosition(out);
	binder_status_t status = AParcel_setDataPosition(out, start);

	if (status == STATUS_OK)
		status = AParcel_writeInt32(out, end - start);
	return status == STATUS_OK ? AParcel_setDataPosition(out, end) : status;
}

/* union Service, first member: ServiceWithMetadata { IBinder service; boolean isLazyService } */
static binder_status_t check_service2(const struct request *request)
{
	AIBinder *binder;
	int32_t start = 0;
	binder_status_t status;

	if (!look_up(request, &binder, &status))
		return status;
	status = AParcel_writeInt32(request->out, 1);
	if (status == STATUS_OK)
		status = AParcel_writeInt32(request->out, SM_SERVICE_WITH_METADATA);
	if (status == STATUS_OK)
		status = begin_parcelable(request->out, &start);
	if (status == STATUS_OK)
		status = AParcel_writeStrongBinder(request->out, binder);
	if (status == STATUS_OK)
		status = AParcel_writeBool(request->out, false);
	return status == STATUS_OK ? end_parcelable(request->out, start) : status;
}

static binder_status_t list_services(const struct request *request)
{
	const struct registry *registry = request->manager->registry;
	int32_t priority, count = 0;
	binder_status_t status = AParcel_readInt32(request->in, &priority);

	if (status == STATUS_OK)
		status = reply_ok(request->out);
	for (size_t i = 0; i < registry_count(registry); i++)
		count += (registry_at(registry, i)->dump_priority & priority) != 0;
	if (status == STATUS_OK)
		status = AParcel_writeInt32(request->out, count);
	for (size_t i = 0; status == STATUS_OK && i < registry_count(registry); i++)
		if (registry_at(registry, i)->dump_priority & priority)
			status =
				AParcel_writeString16(request->out, registry_at(registry, i)->name);
	return status;
}

/* ServiceDebugInfo[]: { String name; int debugPid } */
static binder_status_t get_service_debug_info(const struct request *request)
{
	const struct registry *registry = request->manager->registry;
	binder_status_t status = reply_ok(request->out);

	if (status == STATUS_OK)
		status = AParcel_writeInt32(request->out, registry_count(registry));
	for (size_t i = 0; status == STATUS_OK && i < registry_count(registry); i++) {
		const struct registration *entry = registry_at(registry, i);
		int32_t start = 0;

		status = begin_parcelable(request->out, &start);
		if (status == STATUS_OK)
			status = AParcel_writeString16(request->out, entry->name);
		if (status == STATUS_OK)
			status = AParcel_writeInt32(request->out, entry->pid);
		if (status == STATUS_OK)
			status = end_parcelable(request->out, start);
	}
	return status;
}

/* ---- registration -------------------------------------------------------- */

static binder_status_t add_binder(const struct request *request, const char *name, AIBinder *binder,
				  bool allow_isolated, int32_t priority)
{
	struct service_manager *manager = request->manager;
	struct registration wanted = {
		.name = (char *)name,
		.binder = binder,
		.pid = AIBinder_getCallingPid(),
		.uid = AIBinder_getCallingUid(),
		.allow_isolated = allow_isolated,
		.dump_priority = priority & SM_DUMP_ALL,
	};
	int result;

	if (!access_may_add(manager->rules, wanted.uid, name))
		return refuse(request, EX_SECURITY,
			      "uid %d may not add '%s' (see servicemanager --allow)",
			      (int)wanted.uid, name);
	if (!binder)
		return refuse(request, EX_ILLEGAL_ARGUMENT, "a null binder for '%s'", name);
	result = registry_add(manager->registry, &wanted);
	if (result < 0)
		return refuse_errno(request, result, name);
	if (manager->verbose)
		fprintf(stderr, "servicemanager: %s added by pid %d uid %d\n", name,
			(int)wanted.pid, (int)wanted.uid);
	return reply_ok(request->out);
}

static binder_status_t add_service(const struct request *request)
{
	AIBinder *binder = NULL;
	int32_t priority = 0;
	bool allow_isolated = false;
	binder_status_t status;
	char *name;

	if (!read_name(request, &name, &status))
		return status;
	status = AParcel_readStrongBinder(request->in, &binder);
	if (status == STATUS_OK)
		status = AParcel_readBool(request->in, &allow_isolated);
	if (status == STATUS_OK)
		status = AParcel_readInt32(request->in, &priority);
	if (status == STATUS_OK)
		status = add_binder(request, name, binder, allow_isolated, priority);
	AIBinder_decStrong(binder);
	free(name);
	return status;
}

/* As read_name(), with the callback that follows; both are the caller's to release. */
static bool read_name_and_callback(const struct request *request, char **name_ret,
				   AIBinder **callback_ret, binder_status_t *status)
{
	AIBinder *callback = NULL;
	char *name;

	if (!read_name(request, &name, status))
		return false;
	*status = AParcel_readStrongBinder(request->in, &callback);
	if (*status == STATUS_OK && !callback)
		*status = refuse(request, EX_NULL_POINTER, "a null callback for '%s'", name);
	if (!callback) {
		free(name);
		return false;
	}
	*name_ret = name;
	*callback_ret = callback;
	return true;
}

static binder_status_t register_for_notifications(const struct request *request)
{
	AIBinder *callback;
	binder_status_t status;
	char *name;
	int result;

	if (!read_name_and_callback(request, &name, &callback, &status))
		return status;
	result = registry_watch(request->manager->registry, name, callback,
				AIBinder_getCallingUid());
	status = result < 0 ? refuse_errno(request, result, name) : reply_ok(request->out);
	AIBinder_decStrong(callback);
	free(name);
	return status;
}

static binder_status_t unregister_for_notifications(const struct request *request)
{
	AIBinder *callback;
	binder_status_t status;
	char *name;

	if (!read_name_and_callback(request, &name, &callback, &status))
		return status;
	if (registry_unwatch(request->manager->registry, name, callback) < 0)
		status = refuse(request, EX_ILLEGAL_STATE, "no such callback for '%s'", name);
	else
		status = reply_ok(request->out);
	AIBinder_decStrong(callback);
	free(name);
	return status;
}

/* ---- what a machine without Android's manifests has to say ---------------- */

/* Nothing is declared in a manifest here, so the answer to all of these is "none". */
static binder_status_t answer_zero(const struct request *request)
{
	binder_status_t status = reply_ok(request->out);

	return status == STATUS_OK ? AParcel_writeInt32(request->out, 0) : status;
}

static binder_status_t answer_null_string(const struct request *request)
{
	binder_status_t status = reply_ok(request->out);

	return status == STATUS_OK ? AParcel_writeString16(request->out, NULL) : status;
}

static binder_status_t refuse_client_callbacks(const struct request *request)
{
	return refuse(request, EX_UNSUPPORTED_OPERATION,
		      "services are not started on demand here, so clients are not counted");
}

/* ---- dispatch ------------------------------------------------------------ */

typedef binder_status_t (*handler)(const struct request *request);

static const handler handlers[SM_METHODS] = {
	[SM_GET_SERVICE] = check_service,
	[SM_GET_SERVICE2] = check_service2,
	[SM_CHECK_SERVICE] = check_service,
	[SM_CHECK_SERVICE2] = check_service2,
	[SM_ADD_SERVICE] = add_service,
	[SM_LIST_SERVICES] = list_services,
	[SM_REGISTER_FOR_NOTIFICATIONS] = register_for_notifications,
	[SM_UNREGISTER_FOR_NOTIFICATIONS] = unregister_for_notifications,
	[SM_IS_DECLARED] = answer_zero,
	[SM_GET_DECLARED_INSTANCES] = answer_zero,
	[SM_UPDATABLE_VIA_APEX] = answer_null_string,
	[SM_GET_UPDATABLE_NAMES] = answer_zero,
	[SM_GET_CONNECTION_INFO] = answer_zero,
	[SM_REGISTER_CLIENT_CALLBACK] = refuse_client_callbacks,
	[SM_TRY_UNREGISTER_SERVICE] = refuse_client_callbacks,
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
	enum servicemanager_method method =
		servicemanager_method_of(&servicemanager_protocol_16, code);

	if (method >= SM_METHODS)
		return STATUS_UNKNOWN_TRANSACTION;
	return handlers[method](&request);
}

static binder_status_t on_dump(AIBinder *binder, int fd, const char **args, uint32_t count)
{
	const struct service_manager *manager = AIBinder_getUserData(binder);

	dprintf(fd, "%zu names\n", registry_count(manager->registry));
	for (size_t i = 0; i < registry_count(manager->registry); i++) {
		const struct registration *entry = registry_at(manager->registry, i);

		dprintf(fd, "%s pid %d uid %d priority %d\n", entry->name, (int)entry->pid,
			(int)entry->uid, (int)entry->dump_priority);
	}
	return STATUS_OK;
}

/* IServiceCallback.onRegistration(String name, IBinder binder), one-way. */
static void notify(AIBinder *callback, const char *name, AIBinder *binder)
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

AIBinder *service_manager_new(const struct access_rules *rules, bool verbose)
{
	struct service_manager *manager = calloc(1, sizeof(*manager));
	struct registration self = { .name = (char *)"manager", .allow_isolated = true };

	if (!manager)
		return NULL;
	manager->rules = rules;
	manager->verbose = verbose;
	manager->registry = registry_new(notify, verbose);
	if (!clazz)
		clazz = AIBinder_Class_define(SERVICEMANAGER_DESCRIPTOR, on_create, on_destroy,
					      on_transact);
	if (!manager->registry || !clazz)
		goto fail;
	AIBinder_Class_setOnDump(clazz, on_dump);
	self.binder = AIBinder_new(clazz, manager);
	if (!self.binder)
		goto fail;
	self.pid = getpid();
	self.uid = getuid();
	self.dump_priority = SM_DUMP_DEFAULT;
	if (registry_add(manager->registry, &self) == 0)
		return self.binder;
	AIBinder_decStrong(self.binder);
fail:
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
	/* The registry holds a reference to the manager itself: it goes first. */
	registry_free(data->registry);
	AIBinder_decStrong(manager);
	free(data);
}
