/* SPDX-License-Identifier: MIT */
/*
 * servicemanager.h: asking a connection's service manager.
 *
 * The functions of binder/ext.h do the same for programs; these are what the
 * NDK face needs besides.
 */
#ifndef LIBBINDER_SERVICEMANAGER_H
#define LIBBINDER_SERVICEMANAGER_H

#include "connection/connection.h"
#include "connection/servicemanager_protocol.h"

/* An answer with an exception is also an error: *exception says which; the
 * status is its nearest relative.  EX_TRANSACTION_FAILED: nobody answered. */
binder_status_t servicemanager_add(ABinderConnection *conn, AIBinder *binder, const char *name,
				   bool allow_isolated, int32_t dump_priority,
				   binder_exception_t *exception);
/* The same, with an AServiceManager_AddServiceFlag's bits. */
binder_status_t servicemanager_add_with_flags(ABinderConnection *conn, AIBinder *binder,
					      const char *name, uint32_t flags,
					      binder_exception_t *exception);
/* As AServiceManager_checkOn(), within timeout_ms (< 0: as long as the connection allows). */
binder_status_t servicemanager_check(ABinderConnection *conn, const char *name, int timeout_ms,
				     AIBinder **ret);
binder_status_t servicemanager_is_declared(ABinderConnection *conn, const char *name, bool *ret);
binder_status_t servicemanager_declared_instances(ABinderConnection *conn, const char *interface,
						  AServiceManager_onName each, void *cookie);
/* callback hears, on a thread of the pool, whether name has clients: CLIENT_CALLBACK_ON_CLIENTS. */
binder_status_t servicemanager_register_client_callback(ABinderConnection *conn, const char *name,
							AIBinder *binder, AIBinder *callback,
							binder_exception_t *exception);
/* STATUS_INVALID_OPERATION: it has clients. */
binder_status_t servicemanager_try_unregister(ABinderConnection *conn, const char *name,
					      AIBinder *binder);
/* The APEX that may update what is declared as name, malloc()ed; NULL: none. */
binder_status_t servicemanager_updatable(ABinderConnection *conn, const char *name, char **ret);
/* One request: a method, its arguments, the answer behind the status header. */
struct servicemanager_call {
	ABinderConnection *conn;
	const struct servicemanager_protocol *protocol;
	AIBinder *manager;
	AParcel *in, *out;
	binder_exception_t exception;
	int timeout_ms; /* < 0: as long as the connection allows, which is how it begins */
};
binder_status_t servicemanager_begin(struct servicemanager_call *call, ABinderConnection *conn,
				     int timeout_ms);
binder_status_t servicemanager_run(struct servicemanager_call *call,
				   enum servicemanager_method method);
void servicemanager_end(struct servicemanager_call *call);
/* Whether it can tell of registrations. */
bool servicemanager_notifies(ABinderConnection *conn);

#endif
