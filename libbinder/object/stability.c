/* SPDX-License-Identifier: MIT */
/*
 * stability.c: the stability of an object: who may rely on its interface.
 *
 * Public functions.  An object is sent with a level; a set of bits, so that a level includes those
 * whose bits it has: VINTF (both halves of Android) includes SYSTEM and VENDOR.  parcel_binder.c
 * sends it.
 */
#include <android/binder_stability.h>

#include "base/error.h"
#include "base/export.h"
#include "local.h"
#include "proxy.h"

enum level {
	VENDOR = 0x03,
	SYSTEM = 0x0c,
	VINTF = 0x3f,
};

static void declare(AIBinder *binder, enum level level, bool downgrade)
{
	struct local *local;
	uint8_t old;

	if (!binder || binder_is_proxy(binder)) {
		error_set_words("only a local object can be given a stability");
		return;
	}
	local = local_of(binder);
	old = atomic_load(&local->stability);
	if (old == level)
		return;
	if (atomic_load(&local->sent))
		error_set_words("the object has been sent already: others know its stability");
	else if (old && !downgrade)
		error_set_words("the object has another stability already");
	else
		atomic_store(&local->stability, level);
}

EXPORT void AIBinder_markVendorStability(AIBinder *binder)
{
	declare(binder, VENDOR, false);
}

EXPORT void AIBinder_markSystemStability(AIBinder *binder)
{
	declare(binder, SYSTEM, false);
}

EXPORT void AIBinder_markVintfStability(AIBinder *binder)
{
	declare(binder, VINTF, false);
}

EXPORT void AIBinder_forceDowngradeToVendorStability(AIBinder *binder)
{
	declare(binder, VENDOR, true);
}

EXPORT void AIBinder_forceDowngradeToSystemStability(AIBinder *binder)
{
	declare(binder, SYSTEM, true);
}

/* What it is sent with, or came with. */
static uint8_t level_of(AIBinder *binder)
{
	ABinderConnection *conn;
	uint8_t level;

	if (binder_is_proxy(binder)) {
		level = atomic_load(&proxy_of(binder)->stability);
		return level ? level : profile_stability_of(proxy_of(binder)->conn->domain);
	}
	conn = connection_default_if_open();
	level = atomic_load(&local_of(binder)->stability);
	return level ? level : profile_stability_of(conn ? conn->domain : DOMAIN_SYSTEM);
}

static bool includes(AIBinder *binder, enum level level)
{
	return binder && (level_of(binder) & level) == level;
}

EXPORT bool AIBinder_requiresVintfDeclaration(AIBinder *binder)
{
	return includes(binder, VINTF);
}

EXPORT bool AIBinder_isVendorStable(AIBinder *binder)
{
	return includes(binder, VENDOR);
}

EXPORT bool AIBinder_isSystemStable(AIBinder *binder)
{
	return includes(binder, SYSTEM);
}
