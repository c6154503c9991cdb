/* SPDX-License-Identifier: MIT */
/*
 * servicemanager.c: asking a connection's service manager.
 *
 * Called by programs (binder/ext.h) and the NDK face; speaks the protocol of
 * the connection's profile through transact.c.
 */
#include "servicemanager.h"

#include <android/binder_manager.h>

#include <stdlib.h>
#include <string.h>

#include "parcel/astatus.h"
#include "driver/deadline.h"
#include "object/detect.h"
#include "base/error.h"
#include "base/export.h"
#include "hidl/hidl.h"
#include "object/parcel_binder.h"
#include "object/proxy.h"
#include "object/transact.h"

/* A manager that never comes to an end of its list is broken. */
#define LIST_MAX 65536

/* ---- one call ------------------------------------------------------------ */

static binder_status_t say_hung(ABinderConnection *conn)
{
	if (atomic_load(&conn->hung))
		return STATUS_TIMED_OUT;
	return error_report(&(struct ABinderError){ .status = STATUS_TIMED_OUT,
						    .phase = ABINDER_PHASE_MANAGER,
						    .path = conn->path },
			    "the service manager of %s does not answer: it is stopped or hangs",
			    conn->path);
}

binder_status_t servicemanager_begin(struct servicemanager_call *call, ABinderConnection *conn,
				     int timeout_ms)
{
	binder_status_t status;

	memset(call, 0, sizeof(*call));
	call->conn = conn;
	call->exception = EX_TRANSACTION_FAILED;
	call->timeout_ms = timeout_ms;
	if (!conn)
		return error_say(STATUS_UNEXPECTED_NULL, "no connection");
	status = connection_check(conn);
	if (!status)
		status = proxy_get_manager(conn, &call->manager);
	if (status)
		return status;
	if (detect_ask(conn, timeout_ms) == STATUS_TIMED_OUT)
		return say_hung(conn);
	call->protocol = connection_profile(conn)->servicemanager;
	if (!call->protocol)
		return error_say(STATUS_INVALID_OPERATION,
				 "%s is a HIDL device: its service manager is another one",
				 conn->path);
	call->in = parcel_new(conn);
	if (!call->in)
		return error_say(STATUS_NO_MEMORY, "no memory for a request");
	return parcel_write_token(call->in, connection_profile(conn), SERVICEMANAGER_DESCRIPTOR);
}

static binder_status_t status_of_exception(binder_exception_t exception)
{
	switch (exception) {
	case EX_NONE:
		return STATUS_OK;
	case EX_SECURITY:
		return STATUS_PERMISSION_DENIED;
	case EX_ILLEGAL_ARGUMENT:
		return STATUS_BAD_VALUE;
	case EX_NULL_POINTER:
		return STATUS_UNEXPECTED_NULL;
	case EX_ILLEGAL_STATE:
	case EX_UNSUPPORTED_OPERATION:
		return STATUS_INVALID_OPERATION;
	default:
		return STATUS_FAILED_TRANSACTION;
	}
}

static binder_status_t read_exception(struct servicemanager_call *call)
{
	struct AStatus answer;
	binder_status_t status = status_read(call->out, &answer);

	if (status)
		return status;
	call->exception = answer.exception;
	if (answer.exception != EX_NONE)
		status = error_report(
			&(struct ABinderError){ .status = status_of_exception(answer.exception),
						.phase = ABINDER_PHASE_ANSWER },
			"%s: %s", ABinder_exceptionName(answer.exception),
			answer.message && *answer.message ? answer.message : "(no message)");
	free(answer.message);
	return status;
}

binder_status_t servicemanager_run(struct servicemanager_call *call,
				   enum servicemanager_method method)
{
	uint32_t code = servicemanager_code(call->protocol, method);
	binder_status_t status;

	if (!code)
		return error_say(STATUS_INVALID_OPERATION,
				 "the service manager of %s has no such call",
				 connection_profile(call->conn)->name);
	status = transact(call->manager, code, &call->in, &call->out, 0, call->timeout_ms);
	if (status == STATUS_TIMED_OUT)
		return say_hung(call->conn);
	if (!status && call->protocol->has_status)
		return read_exception(call);
	if (!status)
		call->exception = EX_NONE;
	/* All that an old one has for a refusal is -1. */
	if (status == STATUS_PERMISSION_DENIED && !call->protocol->has_status)
		call->exception = EX_SECURITY;
	return status;
}

void servicemanager_end(struct servicemanager_call *call)
{
	parcel_delete(call->in);
	parcel_delete(call->out);
	AIBinder_decStrong(call->manager);
}

bool servicemanager_notifies(ABinderConnection *conn)
{
	const struct servicemanager_protocol *protocol = connection_profile(conn)->servicemanager;

	return protocol && servicemanager_code(protocol, SM_REGISTER_FOR_NOTIFICATIONS);
}

static binder_status_t write_name(AParcel *in, const char *name)
{
	if (!name)
		return error_say(STATUS_UNEXPECTED_NULL, "no name");
	return parcel_write_string16(in, name, strlen(name));
}

/* ---- looking up ---------------------------------------------------------- */

/* What follows an "is it there" word; absent things are errors here. */
static binder_status_t expect_present(const AParcel *out)
{
	int32_t present;
	binder_status_t status = parcel_read_int32(out, &present);

	if (!status && !present)
		status = error_say(STATUS_UNEXPECTED_NULL, "the service manager answered null");
	return status;
}

/* The union Service; see servicemanager_protocol.h. */
static binder_status_t read_union(AParcel *out, AIBinder **ret)
{
	int32_t tag, word, size;
	size_t start;
	binder_status_t status = expect_present(out);

	if (!status)
		status = parcel_read_int32(out, &tag);
	if (status)
		return status;
	switch (tag) {
	case SM_SERVICE_DIRECT:
		/* An object's type, or the 1 of a ServiceWithMetadata. */
		start = out->pos;
		status = parcel_read_int32(out, &word);
		if (!status && word == 1)
			status = parcel_read_int32(out, &size);
		else
			out->pos = start;
		return status ? status : parcel_read_binder(out, ret);
	case SM_SERVICE_ACCESSOR:
		return error_say(STATUS_INVALID_OPERATION,
				 "the service is on another machine, behind an accessor");
	default:
		return error_say(STATUS_BAD_TYPE, "a service of unknown kind %d", tag);
	}
}

/*
 * What a look-up gives, told apart by its first word: an object's type, the 1
 * of a union (Android 15 changed one into the other), or the lone 0 with which
 * an old manager says that there is none.
 */
static binder_status_t read_found(const struct servicemanager_call *call, AIBinder **ret)
{
	AParcel *out = call->out;
	size_t start = out->pos;
	int32_t word;
	binder_status_t status = parcel_read_int32(out, &word);

	if (status)
		return status;
	if (!call->protocol->has_status && word == 0) {
		*ret = NULL;
		return STATUS_OK;
	}
	out->pos = start;
	return word == 1 ? read_union(out, ret) : parcel_read_binder(out, ret);
}

/* *ret is NULL when there is no such service. */
static binder_status_t look_up(ABinderConnection *conn, enum servicemanager_method method,
			       enum servicemanager_method old_method, const char *name,
			       int timeout_ms, AIBinder **ret)
{
	struct servicemanager_call call;
	AIBinder *binder = NULL;
	binder_status_t status;

	if (hidl_is_spoken(conn))
		return hidl_manager_get(conn, name, timeout_ms, ret);
	status = servicemanager_begin(&call, conn, timeout_ms);
	if (!status)
		status = write_name(call.in, name);
	if (!status)
		status = servicemanager_run(
			&call, servicemanager_code(call.protocol, method) ? method : old_method);
	if (!status)
		status = read_found(&call, &binder);
	servicemanager_end(&call);
	if (!status && !binder)
		status = error_no_service(name);
	if (!status)
		*ret = binder;
	return status;
}

EXPORT binder_status_t AServiceManager_checkOn(ABinderConnection *connection, const char *name,
					       AIBinder **out)
{
	return servicemanager_check(connection, name, -1, out);
}

EXPORT binder_status_t AServiceManager_checkWithin(ABinderConnection *connection, const char *name,
						   int timeout_ms, AIBinder **out)
{
	return servicemanager_check(connection, name, timeout_ms, out);
}

binder_status_t servicemanager_check(ABinderConnection *conn, const char *name, int timeout_ms,
				     AIBinder **ret)
{
	return look_up(conn, SM_CHECK_SERVICE2, SM_CHECK_SERVICE, name, timeout_ms, ret);
}

/* For the manager to answer, and for the service to come. */
#define GET_MS 5000

EXPORT binder_status_t AServiceManager_getOn(ABinderConnection *connection, const char *name,
					     AIBinder **out)
{
	binder_status_t status =
		look_up(connection, SM_GET_SERVICE2, SM_GET_SERVICE, name, GET_MS, out);

	/* The manager cannot wait for a service to come; its clients do. */
	if (status == STATUS_NAME_NOT_FOUND)
		status = AServiceManager_waitOn(connection, name, GET_MS, out);
	else
		return status;
	if (status == STATUS_TIMED_OUT && !deadline_over(atomic_load(&connection->deadline)))
		status = error_say(STATUS_NAME_NOT_FOUND,
				   "no service named \"%s\" came within 5 seconds", name);
	return status;
}

/* ---- registering --------------------------------------------------------- */

binder_status_t servicemanager_add(ABinderConnection *conn, AIBinder *binder, const char *name,
				   bool allow_isolated, int32_t dump_priority,
				   binder_exception_t *exception)
{
	struct servicemanager_call call;
	binder_status_t status;

	if (hidl_is_spoken(conn)) {
		status = hidl_manager_add(conn, binder, name);
		*exception = status ? EX_SECURITY : EX_NONE;
		return status;
	}
	status = servicemanager_begin(&call, conn, -1);
	if (!status && !binder)
		status = error_say(STATUS_UNEXPECTED_NULL, "no object to register");
	if (!status)
		status = write_name(call.in, name);
	if (!status)
		status = parcel_write_binder(call.in, binder);
	if (!status)
		status = parcel_write_int32(call.in, allow_isolated);
	if (!status && call.protocol->has_priority)
		status = parcel_write_int32(call.in, dump_priority);
	if (!status)
		status = servicemanager_run(&call, SM_ADD_SERVICE);
	servicemanager_end(&call);
	*exception = call.exception;
	return status;
}

binder_status_t servicemanager_add_with_flags(ABinderConnection *conn, AIBinder *binder,
					      const char *name, uint32_t flags,
					      binder_exception_t *exception)
{
	/* The flags are those of the wire, one bit up to make room for the first. */
	int32_t priority = flags >> 1;

	if (!(priority & SM_DUMP_ALL))
		priority |= SM_DUMP_DEFAULT;
	return servicemanager_add(conn, binder, name, flags & ADD_SERVICE_ALLOW_ISOLATED, priority,
				  exception);
}

/* name, binder and perhaps another object. */
static binder_status_t call_about(ABinderConnection *conn, enum servicemanager_method method,
				  const char *name, AIBinder *binder, AIBinder *other,
				  binder_exception_t *exception)
{
	struct servicemanager_call call;
	binder_status_t status = servicemanager_begin(&call, conn, -1);

	if (!status)
		status = write_name(call.in, name);
	if (!status)
		status = parcel_write_binder(call.in, binder);
	if (!status && other)
		status = parcel_write_binder(call.in, other);
	if (!status)
		status = servicemanager_run(&call, method);
	servicemanager_end(&call);
	*exception = call.exception;
	return status;
}

binder_status_t servicemanager_register_client_callback(ABinderConnection *conn, const char *name,
							AIBinder *binder, AIBinder *callback,
							binder_exception_t *exception)
{
	return call_about(conn, SM_REGISTER_CLIENT_CALLBACK, name, binder, callback, exception);
}

binder_status_t servicemanager_try_unregister(ABinderConnection *conn, const char *name,
					      AIBinder *binder)
{
	binder_exception_t exception;

	return call_about(conn, SM_TRY_UNREGISTER_SERVICE, name, binder, NULL, &exception);
}

EXPORT binder_status_t AServiceManager_addOn(ABinderConnection *connection, AIBinder *binder,
					     const char *name)
{
	binder_exception_t exception;

	return servicemanager_add(connection, binder, name, false, SM_DUMP_DEFAULT, &exception);
}

/* ---- lists --------------------------------------------------------------- */

static binder_status_t each_name(const AParcel *out, AServiceManager_onName each, void *cookie)
{
	bool more = true;
	int32_t count;
	binder_status_t status = parcel_read_count(out, sizeof(int32_t), &count);

	for (int32_t i = 0; !status && more && i < count; i++) {
		char *name;

		status = parcel_take_string16(out, &name);
		if (!status && name)
			more = each(name, cookie);
		if (!status)
			free(name);
	}
	return status;
}

/* A name for each index, until the manager refuses one: it has no other word for the end. */
static binder_status_t list_name(ABinderConnection *conn, int32_t index, uint64_t deadline,
				 char **ret)
{
	struct servicemanager_call call;
	binder_status_t status = servicemanager_begin(&call, conn, deadline_left(deadline));

	if (!status)
		status = parcel_write_int32(call.in, index);
	if (!status && call.protocol->has_priority)
		status = parcel_write_int32(call.in, SM_DUMP_ALL);
	if (!status)
		status = servicemanager_run(&call, SM_LIST_SERVICES);
	if (!status)
		status = parcel_take_string16(call.out, ret);
	else if (status == STATUS_PERMISSION_DENIED)
		status = STATUS_NAME_NOT_FOUND;
	servicemanager_end(&call);
	return status;
}

static binder_status_t list_by_index(ABinderConnection *conn, uint64_t deadline,
				     AServiceManager_onName each, void *cookie)
{
	binder_status_t status = STATUS_OK;
	bool more = true;

	for (int32_t i = 0; !status && more && i < LIST_MAX; i++) {
		char *name = NULL;

		status = list_name(conn, i, deadline, &name);
		if (!status && name)
			more = each(name, cookie);
		free(name);
	}
	return status == STATUS_NAME_NOT_FOUND ? STATUS_OK : status;
}

EXPORT binder_status_t AServiceManager_listWithin(ABinderConnection *connection, int timeout_ms,
						  AServiceManager_onName each, void *cookie)
{
	const uint64_t deadline = deadline_in(timeout_ms);
	struct servicemanager_call call;
	binder_status_t status;
	bool by_index;

	if (hidl_is_spoken(connection))
		return hidl_manager_list(connection, timeout_ms, each, cookie);
	status = servicemanager_begin(&call, connection, timeout_ms);
	by_index = !status && call.protocol->list_by_index;
	if (!status && !by_index)
		status = parcel_write_int32(call.in, SM_DUMP_ALL);
	if (!status && !by_index)
		status = servicemanager_run(&call, SM_LIST_SERVICES);
	if (!status && !by_index)
		status = each_name(call.out, each, cookie);
	servicemanager_end(&call);
	return by_index ? list_by_index(connection, deadline, each, cookie) : status;
}

EXPORT binder_status_t AServiceManager_listOn(ABinderConnection *connection,
					      AServiceManager_onName each, void *cookie)
{
	return AServiceManager_listWithin(connection, -1, each, cookie);
}

/* One ServiceDebugInfo: int32 1, int32 size, String16 name, int32 pid. */
static binder_status_t read_debug_info(const AParcel *out, AServiceManager_onDebugInfo each,
				       void *cookie, bool *more)
{
	binder_status_t status = expect_present(out);
	size_t start = out->pos, left = parcel_left(out);
	char *name = NULL;
	int32_t size, pid;

	if (!status)
		status = parcel_read_int32(out, &size);
	if (!status && (size < (int32_t)sizeof(size) || (size_t)size > left))
		status = error_say(STATUS_BAD_VALUE, "a debug info of %d bytes", size);
	if (!status)
		status = parcel_take_string16(out, &name);
	if (!status)
		status = parcel_read_int32(out, &pid);
	if (!status) {
		*more = each(name ? name : "", pid, cookie);
		/* Newer managers may say more than we know of. */
		parcel_mutable(out)->pos = start + size;
	}
	free(name);
	return status;
}

EXPORT binder_status_t AServiceManager_debugInfoOn(ABinderConnection *connection,
						   AServiceManager_onDebugInfo each, void *cookie)
{
	struct servicemanager_call call;
	bool more = true;
	int32_t count = 0;
	binder_status_t status = servicemanager_begin(&call, connection, -1);

	if (!status)
		status = servicemanager_run(&call, SM_GET_SERVICE_DEBUG_INFO);
	if (!status)
		status = parcel_read_count(call.out, 3 * sizeof(int32_t), &count);
	for (int32_t i = 0; !status && more && i < count; i++)
		status = read_debug_info(call.out, each, cookie, &more);
	servicemanager_end(&call);
	return status;
}

binder_status_t servicemanager_is_declared(ABinderConnection *conn, const char *name, bool *ret)
{
	struct servicemanager_call call;
	int32_t declared;
	binder_status_t status = servicemanager_begin(&call, conn, -1);

	if (!status)
		status = write_name(call.in, name);
	if (!status)
		status = servicemanager_run(&call, SM_IS_DECLARED);
	if (!status)
		status = parcel_read_int32(call.out, &declared);
	if (!status)
		*ret = declared;
	servicemanager_end(&call);
	return status;
}

binder_status_t servicemanager_updatable(ABinderConnection *conn, const char *name, char **ret)
{
	struct servicemanager_call call;
	binder_status_t status = servicemanager_begin(&call, conn, -1);

	if (!status)
		status = write_name(call.in, name);
	if (!status)
		status = servicemanager_run(&call, SM_UPDATABLE_VIA_APEX);
	if (!status)
		status = parcel_take_string16(call.out, ret);
	servicemanager_end(&call);
	return status;
}

binder_status_t servicemanager_declared_instances(ABinderConnection *conn, const char *interface,
						  AServiceManager_onName each, void *cookie)
{
	struct servicemanager_call call;
	binder_status_t status = servicemanager_begin(&call, conn, -1);

	if (!status)
		status = write_name(call.in, interface);
	if (!status)
		status = servicemanager_run(&call, SM_GET_DECLARED_INSTANCES);
	if (!status)
		status = each_name(call.out, each, cookie);
	servicemanager_end(&call);
	return status;
}
