/* SPDX-License-Identifier: MIT */
/*
 * dialect.c: which Android a connection speaks, and for which domain.
 *
 * The user says so (BINDER_ANDROID, BINDER_DOMAIN, ABinderConnection_setAndroid()), the device's
 * name does, or detect.c asks the service manager when the profile is first needed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "connection.h"

void (*connection_detect)(ABinderConnection *conn);

binder_status_t connection_set_android(ABinderConnection *conn, const char *version)
{
	const struct profile *profile, *known = NULL;

	profile = profile_parse(version);
	if (!profile)
		return error_say(STATUS_BAD_VALUE,
				 "\"%s\" is no Android that is known: expected an API level "
				 "from 26 (\"30\"), a version from 8 (\"11\", \"12L\"), or "
				 "\"35.1\" for 15 from r6, \"35.2\" from r20",
				 version);
	if (!atomic_compare_exchange_strong(&conn->profile, &known, profile) && known != profile)
		return error_say(STATUS_INVALID_OPERATION, "%s speaks %s already", conn->path,
				 known->name);
	return STATUS_OK;
}

binder_status_t connection_set_domain(ABinderConnection *conn, const char *domain)
{
	if (!profile_parse_domain(domain, &conn->domain))
		return error_say(STATUS_BAD_VALUE,
				 "\"%s\" is no domain: expected \"system\" or \"vendor\"", domain);
	conn->strict_domain = true;
	return STATUS_OK;
}

const struct profile *connection_profile(ABinderConnection *conn)
{
	const struct profile *profile = atomic_load_explicit(&conn->profile, memory_order_acquire);

	if (profile)
		return profile;
	/* After one unanswered question only the service-manager client asks again. */
	if (!atomic_load_explicit(&conn->undetected, memory_order_relaxed) && connection_detect)
		connection_detect(conn);
	profile = atomic_load_explicit(&conn->profile, memory_order_acquire);
	return profile ? profile : profile_default();
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcmp(text + length - tail, end);
}

binder_status_t connection_init_dialect(ABinderConnection *conn)
{
	const char *android = getenv("BINDER_ANDROID"), *domain = getenv("BINDER_DOMAIN");
	binder_status_t status = STATUS_OK;

	if (ends_with(conn->path, "vndbinder"))
		conn->domain = DOMAIN_VENDOR;
	if (android && *android)
		status = connection_set_android(conn, android);
	if (!status && domain && *domain)
		status = connection_set_domain(conn, domain);
	if (!status && ends_with(conn->path, "hwbinder"))
		atomic_store(&conn->profile, profile_hidl());
	return status;
}
