/* SPDX-License-Identifier: MIT */
/*
 * servicemanager_protocol.h: android.os.IServiceManager as data.
 *
 * One table for each shape that Android gave it, used by libbinder's client
 * and by the service manager itself.
 *
 * Each request is an interface token and the arguments; each reply a status
 * header (int32 0, or an exception) and the result:
 *
 *   getService              String16 name -> binder
 *   getService2             String16 name -> Service
 *   checkService            String16 name -> binder
 *   checkService2           String16 name -> Service
 *   addService              String16 name, binder, int32 allow_isolated, int32 dump_priority
 *   listServices            int32 dump_priority (bits) -> String16[]
 *   registerForNotifications, unregisterForNotifications
 *                           String16 name, binder callback (IServiceCallback)
 *   isDeclared              String16 name -> int32 bool
 *   getDeclaredInstances    String16 interface -> String16[]
 *   updatableViaApex        String16 name -> String16, null here
 *   getUpdatableNames       String16 apex -> String16[], empty here
 *   getConnectionInfo       String16 name -> int32 0 (null) or int32 1, int32 size, String16
 *                           address, int32 port
 *   registerClientCallback  String16 name, binder service, binder callback
 *   tryUnregisterService    String16 name, binder service
 *   getServiceDebugInfo     -> int32 count, each: int32 1, int32 size, String16 name, int32 pid
 *
 * "binder" is a flattened object and its stability word.  Service is a union:
 * int32 1 (not null), int32 tag; tag 0: a ServiceWithMetadata: int32 1 (not
 * null), int32 size (of itself and what follows), binder or null, int32
 * is_lazy (but before 15 r20 the binder or null alone); tag 1: binder or null
 * (an accessor).
 *
 * Up to Android 10 the manager was no AIDL interface.  Its replies have no
 * status header: get and check give a binder, or int32 0 for none; add gives
 * int32 0; list takes an index (from Android 9 also the priorities) and gives
 * one String16.  What it refuses it answers with status -1.
 */
#ifndef LIBBINDER_SERVICEMANAGER_PROTOCOL_H
#define LIBBINDER_SERVICEMANAGER_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

#define SERVICEMANAGER_DESCRIPTOR "android.os.IServiceManager"
#define SERVICE_CALLBACK_DESCRIPTOR "android.os.IServiceCallback"
#define CLIENT_CALLBACK_DESCRIPTOR "android.os.IClientCallback"
/* IServiceCallback, one-way: String16 name, binder. */
#define SERVICE_CALLBACK_ON_REGISTRATION 1u
/* IClientCallback, one-way: binder service, int32 has_clients. */
#define CLIENT_CALLBACK_ON_CLIENTS 1u

enum servicemanager_method {
	SM_GET_SERVICE,
	SM_GET_SERVICE2,
	SM_CHECK_SERVICE,
	SM_CHECK_SERVICE2,
	SM_ADD_SERVICE,
	SM_LIST_SERVICES,
	SM_REGISTER_FOR_NOTIFICATIONS,
	SM_UNREGISTER_FOR_NOTIFICATIONS,
	SM_IS_DECLARED,
	SM_GET_DECLARED_INSTANCES,
	SM_UPDATABLE_VIA_APEX,
	SM_GET_UPDATABLE_NAMES,
	SM_GET_CONNECTION_INFO,
	SM_REGISTER_CLIENT_CALLBACK,
	SM_TRY_UNREGISTER_SERVICE,
	SM_GET_SERVICE_DEBUG_INFO,
	SM_METHODS
};

enum servicemanager_service_tag {
	SM_SERVICE_DIRECT = 0,
	SM_SERVICE_ACCESSOR = 1,
};

enum servicemanager_dump_priority {
	SM_DUMP_CRITICAL = 1 << 0,
	SM_DUMP_HIGH = 1 << 1,
	SM_DUMP_NORMAL = 1 << 2,
	SM_DUMP_DEFAULT = 1 << 3,
	SM_DUMP_ALL = 15,
	SM_DUMP_PROTO = 1 << 4,
};

struct servicemanager_protocol {
	bool has_status;             /* a reply starts with a status header */
	bool has_priority;           /* addService and listServices know dump priorities */
	bool list_by_index;          /* listServices gives one name, and fails past the last */
	bool check_gives_union;      /* checkService gives a Service, as checkService2 does */
	bool has_metadata;           /* a Service's binder is in a ServiceWithMetadata */
	uint8_t methods[SM_METHODS]; /* enum servicemanager_method, in the order of codes from 1 on */
	uint8_t count;
};

extern const struct servicemanager_protocol servicemanager_protocol_8;
extern const struct servicemanager_protocol servicemanager_protocol_9; /* and 10 */
extern const struct servicemanager_protocol servicemanager_protocol_11;
extern const struct servicemanager_protocol servicemanager_protocol_12;
extern const struct servicemanager_protocol servicemanager_protocol_13;
extern const struct servicemanager_protocol servicemanager_protocol_14; /* and 15 up to r5 */
extern const struct servicemanager_protocol servicemanager_protocol_15r6;
extern const struct servicemanager_protocol servicemanager_protocol_15r20;
extern const struct servicemanager_protocol servicemanager_protocol_16; /* and 17 */

/* 0: this version has no such method. */
uint32_t servicemanager_code(const struct servicemanager_protocol *protocol,
			     enum servicemanager_method method);
/* The method that a code means, or SM_METHODS. */
enum servicemanager_method servicemanager_method_of(const struct servicemanager_protocol *protocol,
						    uint32_t code);

#endif
