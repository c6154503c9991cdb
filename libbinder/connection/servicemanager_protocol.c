/* SPDX-License-Identifier: MIT */
/*
 * servicemanager_protocol.c: the codes of android.os.IServiceManager.
 *
 * Read by profile.c, detect.c, the client and the service manager; hands on to
 * nobody.
 */
#include "servicemanager_protocol.h"

const struct servicemanager_protocol servicemanager_protocol_8 = {
	.list_by_index = true,
	.code = {
		[SM_GET_SERVICE] = 1,
		[SM_CHECK_SERVICE] = 2,
		[SM_ADD_SERVICE] = 3,
		[SM_LIST_SERVICES] = 4,
	},
};

const struct servicemanager_protocol servicemanager_protocol_9 = {
	.list_by_index = true,
	.has_priority = true,
	.code = {
		[SM_GET_SERVICE] = 1,
		[SM_CHECK_SERVICE] = 2,
		[SM_ADD_SERVICE] = 3,
		[SM_LIST_SERVICES] = 4,
	},
};

const struct servicemanager_protocol servicemanager_protocol_11 = {
	.has_status = true,
	.has_priority = true,
	.code = {
		[SM_GET_SERVICE] = 1,
		[SM_CHECK_SERVICE] = 2,
		[SM_ADD_SERVICE] = 3,
		[SM_LIST_SERVICES] = 4,
		[SM_REGISTER_FOR_NOTIFICATIONS] = 5,
		[SM_UNREGISTER_FOR_NOTIFICATIONS] = 6,
		[SM_IS_DECLARED] = 7,
		[SM_REGISTER_CLIENT_CALLBACK] = 8,
		[SM_TRY_UNREGISTER_SERVICE] = 9,
	},
};

const struct servicemanager_protocol servicemanager_protocol_12 = {
	.has_status = true,
	.has_priority = true,
	.code = {
		[SM_GET_SERVICE] = 1,
		[SM_CHECK_SERVICE] = 2,
		[SM_ADD_SERVICE] = 3,
		[SM_LIST_SERVICES] = 4,
		[SM_REGISTER_FOR_NOTIFICATIONS] = 5,
		[SM_UNREGISTER_FOR_NOTIFICATIONS] = 6,
		[SM_IS_DECLARED] = 7,
		[SM_GET_DECLARED_INSTANCES] = 8,
		[SM_UPDATABLE_VIA_APEX] = 9,
		[SM_REGISTER_CLIENT_CALLBACK] = 10,
		[SM_TRY_UNREGISTER_SERVICE] = 11,
		[SM_GET_SERVICE_DEBUG_INFO] = 12,
	},
};

const struct servicemanager_protocol servicemanager_protocol_13 = {
	.has_status = true,
	.has_priority = true,
	.code = {
		[SM_GET_SERVICE] = 1,
		[SM_CHECK_SERVICE] = 2,
		[SM_ADD_SERVICE] = 3,
		[SM_LIST_SERVICES] = 4,
		[SM_REGISTER_FOR_NOTIFICATIONS] = 5,
		[SM_UNREGISTER_FOR_NOTIFICATIONS] = 6,
		[SM_IS_DECLARED] = 7,
		[SM_GET_DECLARED_INSTANCES] = 8,
		[SM_UPDATABLE_VIA_APEX] = 9,
		[SM_GET_CONNECTION_INFO] = 10,
		[SM_REGISTER_CLIENT_CALLBACK] = 11,
		[SM_TRY_UNREGISTER_SERVICE] = 12,
		[SM_GET_SERVICE_DEBUG_INFO] = 13,
	},
};

const struct servicemanager_protocol servicemanager_protocol_14 = {
	.has_status = true,
	.has_priority = true,
	.code = {
		[SM_GET_SERVICE] = 1,
		[SM_CHECK_SERVICE] = 2,
		[SM_ADD_SERVICE] = 3,
		[SM_LIST_SERVICES] = 4,
		[SM_REGISTER_FOR_NOTIFICATIONS] = 5,
		[SM_UNREGISTER_FOR_NOTIFICATIONS] = 6,
		[SM_IS_DECLARED] = 7,
		[SM_GET_DECLARED_INSTANCES] = 8,
		[SM_UPDATABLE_VIA_APEX] = 9,
		[SM_GET_UPDATABLE_NAMES] = 10,
		[SM_GET_CONNECTION_INFO] = 11,
		[SM_REGISTER_CLIENT_CALLBACK] = 12,
		[SM_TRY_UNREGISTER_SERVICE] = 13,
		[SM_GET_SERVICE_DEBUG_INFO] = 14,
	},
};

#define CODES_15R6 \
	[SM_GET_SERVICE] = 1, [SM_GET_SERVICE2] = 2, [SM_CHECK_SERVICE] = 3, [SM_ADD_SERVICE] = 4, \
	[SM_LIST_SERVICES] = 5, [SM_REGISTER_FOR_NOTIFICATIONS] = 6, \
	[SM_UNREGISTER_FOR_NOTIFICATIONS] = 7, [SM_IS_DECLARED] = 8, \
	[SM_GET_DECLARED_INSTANCES] = 9, [SM_UPDATABLE_VIA_APEX] = 10, [SM_GET_UPDATABLE_NAMES] = 11, \
	[SM_GET_CONNECTION_INFO] = 12, [SM_REGISTER_CLIENT_CALLBACK] = 13, \
	[SM_TRY_UNREGISTER_SERVICE] = 14, [SM_GET_SERVICE_DEBUG_INFO] = 15

const struct servicemanager_protocol servicemanager_protocol_15r6 = {
	.has_status = true,
	.has_priority = true,
	.check_gives_union = true,
	.code = { CODES_15R6 },
};

const struct servicemanager_protocol servicemanager_protocol_15r20 = {
	.has_status = true,
	.has_priority = true,
	.check_gives_union = true,
	.has_metadata = true,
	.code = { CODES_15R6 },
};

const struct servicemanager_protocol servicemanager_protocol_16 = {
	.has_status = true,
	.has_priority = true,
	.has_metadata = true,
	.code = {
		[SM_GET_SERVICE] = 1,
		[SM_GET_SERVICE2] = 2,
		[SM_CHECK_SERVICE] = 3,
		[SM_CHECK_SERVICE2] = 4,
		[SM_ADD_SERVICE] = 5,
		[SM_LIST_SERVICES] = 6,
		[SM_REGISTER_FOR_NOTIFICATIONS] = 7,
		[SM_UNREGISTER_FOR_NOTIFICATIONS] = 8,
		[SM_IS_DECLARED] = 9,
		[SM_GET_DECLARED_INSTANCES] = 10,
		[SM_UPDATABLE_VIA_APEX] = 11,
		[SM_GET_UPDATABLE_NAMES] = 12,
		[SM_GET_CONNECTION_INFO] = 13,
		[SM_REGISTER_CLIENT_CALLBACK] = 14,
		[SM_TRY_UNREGISTER_SERVICE] = 15,
		[SM_GET_SERVICE_DEBUG_INFO] = 16,
	},
};

enum servicemanager_method servicemanager_method_of(const struct servicemanager_protocol *protocol,
						    uint32_t code)
{
	for (int i = 0; code && i < SM_METHODS; i++)
		if (protocol->code[i] == code)
			return i;
	return SM_METHODS;
}
