/* SPDX-License-Identifier: MIT */
/*
 * hidl.h: HIDL's values (hidl_value.c), its objects' own calls, and its service manager.
 *
 * What hwbinder speaks in place of AIDL.  A request is an 8-bit descriptor and
 * the arguments, a reply int32 0 and the results; strings and vectors lie in
 * buffers beside the parcel (scatter-gather), each a child of the struct that
 * points to it.
 */
#ifndef LIBBINDER_HIDL_H
#define LIBBINDER_HIDL_H

#include "connection/connection.h"
#include "object/local.h"
#include "parcel/parcel.h"

#define HIDL_BASE "android.hidl.base@1.0::IBase"
#define HIDL_MANAGER "android.hidl.manager@1.0::IServiceManager"

/* Of every HIDL object. */
#define HIDL_CODE(a, b, c) BINDER_CODE(0x0f, a, b, c)
#define HIDL_PING HIDL_CODE('P', 'N', 'G')
#define HIDL_DESCRIPTOR HIDL_CODE('D', 'S', 'C')
#define HIDL_CHAIN HIDL_CODE('C', 'H', 'N')
#define HIDL_DEBUG HIDL_CODE('D', 'B', 'G')
#define HIDL_HASHES HIDL_CODE('H', 'S', 'H')
#define HIDL_SYSPROPS HIDL_CODE('S', 'Y', 'S')

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

binder_status_t hidl_write_string(AParcel *parcel, const char *text);
/* *ret is malloc()ed. */
binder_status_t hidl_read_string(const AParcel *parcel, char **ret);
binder_status_t hidl_write_strings(AParcel *parcel, const char *const *texts, size_t count);
/* Both levels are malloc()ed; see hidl_free_strings(). */
binder_status_t hidl_read_strings(const AParcel *parcel, char ***ret, size_t *count_ret);
void hidl_free_strings(char **texts, size_t count);
/* Of numbers, or structures without pointers. */
binder_status_t hidl_write_vec(AParcel *parcel, const void *items, size_t count, size_t item_size);
/* Borrowed. */
binder_status_t hidl_read_vec(const AParcel *parcel, size_t item_size, const void **items_ret,
			      size_t *count_ret);
/* Duplicates the descriptors; NULL is null.  place: of an argument BUFFER_ALONE, else of the pointer
 * in the hidl_handle. */
binder_status_t hidl_write_handle(AParcel *parcel, const ABinderHandle *handle,
				  struct buffer_place place);
/* Borrowed, descriptors too. */
binder_status_t hidl_read_handle(const AParcel *parcel, ABinderHandle *ret, bool *null_ret,
				 struct buffer_place place);

/* A call of IBase's without arguments; *out is behind the reply's status. */
binder_status_t hidl_call_base(AIBinder *binder, uint32_t code, int timeout_ms, AParcel **out);
/* IBase's debug(): what AIBinder_dump() is there. */
binder_status_t hidl_debug(AIBinder *binder, int fd, const char **args, uint32_t count);
/* The calls that every HIDL object of ours answers. */
binder_status_t hidl_builtin(struct local *local, uint32_t code, const AParcel *in, AParcel *out);

/* The service manager's; names are fqName/name. */
binder_status_t hidl_manager_list(ABinderConnection *conn, int timeout_ms,
				  AServiceManager_onName each, void *cookie);
binder_status_t hidl_manager_get(ABinderConnection *conn, const char *name, int timeout_ms,
				 AIBinder **ret);
binder_status_t hidl_manager_add(ABinderConnection *conn, AIBinder *binder, const char *name);

#endif
