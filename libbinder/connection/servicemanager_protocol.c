/* SPDX-License-Identifier: MIT */
/*
 * servicemanager_protocol.c: the codes of android.os.IServiceManager.
 *
 * Read by profile.c, detect.c, the client and the service manager; hands on to
 * nobody.
 */
#include "servicemanager_protocol.h"

/* In the order of their codes, from 1 on. */
#define METHODS(...) .methods = { __VA_ARGS__ }, .count = sizeof((uint8_t[]){ __VA_ARGS__ })

#define FIRST SM_GET_SERVICE, SM_CHECK_SERVICE, SM_ADD_SERVICE, SM_LIST_SERVICES
#define NOTIFICATIONS SM_REGISTER_FOR_NOTIFICATIONS, SM_UNREGISTER_FOR_NOTIFICATIONS, SM_IS_DECLARED
#define CLIENTS SM_REGISTER_CLIENT_CALLBACK, SM_TRY_UNREGISTER_SERVICE
#define DECLARED SM_GET_DECLARED_INSTANCES, SM_UPDATABLE_VIA_APEX
#define FROM_14 \
	NOTIFICATIONS, DECLARED, SM_GET_UPDATABLE_NAMES, SM_GET_CONNECTION_INFO, CLIENTS, \
		SM_GET_SERVICE_DEBUG_INFO
#define FROM_15R6 \
	SM_GET_SERVICE, SM_GET_SERVICE2, SM_CHECK_SERVICE, SM_ADD_SERVICE, SM_LIST_SERVICES, FROM_14

const struct servicemanager_protocol servicemanager_protocol_8 = {
	.list_by_index = true,
	METHODS(FIRST),
};

const struct servicemanager_protocol servicemanager_protocol_9 = {
	.list_by_index = true,
	.has_priority = true,
	METHODS(FIRST),
};

const struct servicemanager_protocol servicemanager_protocol_11 = {
	.has_status = true,
	.has_priority = true,
	METHODS(FIRST, NOTIFICATIONS, CLIENTS),
};

const struct servicemanager_protocol servicemanager_protocol_12 = {
	.has_status = true,
	.has_priority = true,
	METHODS(FIRST, NOTIFICATIONS, DECLARED, CLIENTS, SM_GET_SERVICE_DEBUG_INFO),
};

const struct servicemanager_protocol servicemanager_protocol_13 = {
	.has_status = true,
	.has_priority = true,
	METHODS(FIRST, NOTIFICATIONS, DECLARED, SM_GET_CONNECTION_INFO, CLIENTS,
		SM_GET_SERVICE_DEBUG_INFO),
};

const struct servicemanager_protocol servicemanager_protocol_14 = {
	.has_status = true,
	.has_priority = true,
	METHODS(FIRST, FROM_14),
};

const struct servicemanager_protocol servicemanager_protocol_15r6 = {
	.has_status = true,
	.has_priority = true,
	.check_gives_union = true,
	METHODS(FROM_15R6),
};

const struct servicemanager_protocol servicemanager_protocol_15r20 = {
	.has_status = true,
	.has_priority = true,
	.check_gives_union = true,
	.has_metadata = true,
	METHODS(FROM_15R6),
};

const struct servicemanager_protocol servicemanager_protocol_16 = {
	.has_status = true,
	.has_priority = true,
	.has_metadata = true,
	METHODS(SM_GET_SERVICE, SM_GET_SERVICE2, SM_CHECK_SERVICE, SM_CHECK_SERVICE2,
		SM_ADD_SERVICE, SM_LIST_SERVICES, FROM_14),
};

uint32_t servicemanager_code(const struct servicemanager_protocol *protocol,
			     enum servicemanager_method method)
{
	for (uint32_t i = 0; i < protocol->count; i++)
		if (protocol->methods[i] == method)
			return i + 1;
	return 0;
}

enum servicemanager_method servicemanager_method_of(const struct servicemanager_protocol *protocol,
						    uint32_t code)
{
	return code && code <= protocol->count ? protocol->methods[code - 1] : SM_METHODS;
}
