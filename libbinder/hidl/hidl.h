/* SPDX-License-Identifier: MIT */
/*
 * hidl.h: calls to HIDL objects, and HIDL's service manager.
 */
#ifndef LIBBINDER_HIDL_H
#define LIBBINDER_HIDL_H

#include "connection/connection.h"
#include "object/hidl_base.h"
#include "parcel/hidl_value.h"

#define HIDL_MANAGER "android.hidl.manager@1.0::IServiceManager"

/* Of IServiceManager 1.0 to 1.2. */
enum hidl_manager_code {
	HIDL_GET = 1,                    /* string fqName, string name -> binder */
	HIDL_ADD = 2,                    /* string name, binder -> bool */
	HIDL_GET_TRANSPORT = 3,          /* string fqName, string name -> u8 */
	HIDL_LIST = 4,                   /* -> vec<string> of fqName/name */
	HIDL_LIST_BY_INTERFACE = 5,      /* string fqName -> vec<string> of name */
	HIDL_REGISTER_NOTIFICATIONS = 6, /* string fqName, string name, binder -> bool */
	HIDL_DEBUG_DUMP = 7,             /* -> vec<InstanceDebugInfo> */
	HIDL_REGISTER_PASSTHROUGH = 8,   /* string fqName, string name; one-way */
	/* 1.1 */
	HIDL_UNREGISTER_NOTIFICATIONS = 9, /* string fqName, string name, binder -> bool */
	/* 1.2 */
	HIDL_REGISTER_CLIENT_CALLBACK = 10, /* string fqName, string name, binder, binder -> bool */
	HIDL_UNREGISTER_CLIENT_CALLBACK = 11, /* binder, binder -> bool */
	HIDL_ADD_WITH_CHAIN = 12,             /* string name, binder, vec<string> -> bool */
	HIDL_LIST_MANIFEST_BY_INTERFACE = 13, /* string fqName -> vec<string> of name */
	HIDL_TRY_UNREGISTER = 14,             /* string fqName, string name, binder -> bool */
};

/* Does the connection speak it? */
bool hidl_is_spoken(ABinderConnection *conn);

/* A call of IBase's without arguments; *out is behind the reply's status. */
binder_status_t hidl_call_base(AIBinder *binder, uint32_t code, int timeout_ms, AParcel **out);
/* IBase's debug(): what AIBinder_dump() is there. */
binder_status_t hidl_debug(AIBinder *binder, int fd, const char **args, uint32_t count);
/* The service manager's; names are fqName/name. */
binder_status_t hidl_manager_list(ABinderConnection *conn, int timeout_ms,
				  AServiceManager_onName each, void *cookie);
binder_status_t hidl_manager_get(ABinderConnection *conn, const char *name, int timeout_ms,
				 AIBinder **ret);
binder_status_t hidl_manager_add(ABinderConnection *conn, AIBinder *binder, const char *name);

#endif
