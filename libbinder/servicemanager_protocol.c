/* SPDX-License-Identifier: MIT */
/*
 * servicemanager_protocol.c: the codes of android.os.IServiceManager.
 *
 * Read by profile.c, the client and the service manager; hands on to nobody.
 */
#include "servicemanager_protocol.h"

const struct servicemanager_protocol servicemanager_protocol_16 = {
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
