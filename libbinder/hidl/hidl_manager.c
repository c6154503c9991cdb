/* SPDX-License-Identifier: MIT */
/*
 * hidl_manager.c: asking hwservicemanager.
 *
 * Called by servicemanager.c for connections that speak HIDL, so that the same
 * public functions serve both worlds; hands on to transact.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "hidl.h"
#include "object/parcel_binder.h"
#include "object/proxy.h"
#include "object/transact.h"

struct hidl_call {
	AIBinder *manager;
	AParcel *in, *out;
};

static binder_status_t begin(struct hidl_call *call, ABinderConnection *conn)
{
	binder_status_t status = connection_check(conn);

	*call = (struct hidl_call){ .manager = NULL };
	if (!status)
		status = proxy_get_manager(conn, &call->manager);
	return status ? status : request_new(call->manager, HIDL_MANAGER, &call->in);
}

static binder_status_t run(struct hidl_call *call, uint32_t code, int timeout_ms)
{
	int32_t answer = 0;
	binder_status_t status =
		transact(call->manager, code, &call->in, &call->out, 0, timeout_ms);

	if (!status)
		status = parcel_read_int32(call->out, &answer);
	if (!status && answer)
		status = error_say(STATUS_FAILED_TRANSACTION, "hwservicemanager answered with %d",
				   answer);
	return status;
}

static void end(struct hidl_call *call)
{
	parcel_delete(call->in);
	parcel_delete(call->out);
	AIBinder_decStrong(call->manager);
}

binder_status_t hidl_manager_list(ABinderConnection *conn, int timeout_ms,
				  AServiceManager_onName each, void *cookie)
{
	struct hidl_call call;
	char **names = NULL;
	size_t count = 0;
	binder_status_t status = begin(&call, conn);

	if (!status)
		status = run(&call, HIDL_LIST, timeout_ms);
	if (!status)
		status = hidl_read_strings(call.out, &names, &count);
	end(&call);
	for (size_t i = 0; !status && i < count; i++)
		if (!each(names[i], cookie))
			break;
	hidl_free_strings(names, count);
	return status;
}

binder_status_t hidl_manager_get(ABinderConnection *conn, const char *name, int timeout_ms,
				 AIBinder **ret)
{
	const char *slash = name ? strchr(name, '/') : NULL;
	char *interface = slash ? strndup(name, slash - name) : NULL;
	struct hidl_call call = { .manager = NULL };
	AIBinder *binder = NULL;
	binder_status_t status;

	if (!slash)
		return error_say(STATUS_BAD_VALUE,
				 "a HIDL service is called INTERFACE/NAME, as in "
				 "android.hidl.manager@1.0::IServiceManager/default");
	if (!interface)
		return error_say(STATUS_NO_MEMORY, "no memory for a name");
	status = begin(&call, conn);
	if (!status)
		status = hidl_write_string(call.in, interface);
	if (!status)
		status = hidl_write_string(call.in, slash + 1);
	if (!status)
		status = run(&call, HIDL_GET, timeout_ms);
	if (!status)
		status = parcel_read_binder(call.out, &binder);
	end(&call);
	free(interface);
	if (!status && !binder)
		status = error_no_service(name);
	if (!status)
		*ret = binder;
	return status;
}

binder_status_t hidl_manager_add(ABinderConnection *conn, AIBinder *binder, const char *name)
{
	const char *slash = name ? strrchr(name, '/') : NULL;
	struct hidl_call call = { .manager = NULL };
	int32_t success = 0;
	binder_status_t status;

	if (!binder || !name)
		return error_say(STATUS_UNEXPECTED_NULL, "no object or no name to register");
	status = begin(&call, conn);
	/* The interface is what the object says. */
	if (!status)
		status = hidl_write_string(call.in, slash ? slash + 1 : name);
	if (!status)
		status = parcel_write_binder(call.in, binder);
	if (!status)
		status = run(&call, HIDL_ADD, -1);
	if (!status)
		status = parcel_read_int32(call.out, &success);
	end(&call);
	if (!status && !(success & 0xff))
		status = error_say(STATUS_PERMISSION_DENIED, "hwservicemanager refuses \"%s\"",
				   name);
	return status;
}
