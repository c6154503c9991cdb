/* SPDX-License-Identifier: MIT */
/*
 * profile.c: the table of Android's wire formats.
 *
 * Asked by the parcel and the service-manager client; hands on to nobody.
 */
#include "profile.h"

#include <stddef.h>

#include "servicemanager_protocol.h"

#define TAG_SYSTEM 0x53595354u   /* SYST */
#define TAG_VENDOR 0x564e4452u   /* VNDR */
#define TAG_RECOVERY 0x5245434fu /* RECO */

#define STRICT_GATHER INT32_MIN /* "collect violations for the caller" */
#define STABILITY_SYSTEM 0x0c

/* Newest first. */
static const struct profile profiles[] = {
	{
		.api_first = 36,
		.api_last = 37,
		.name = "android-16",
		.strict_mode = STRICT_GATHER,
		.has_work_source = true,
		.tag = TAG_SYSTEM,
		.has_stability = true,
		.stability_local = STABILITY_SYSTEM,
		.stability_null = 0,
		.servicemanager = &servicemanager_protocol_16,
	},
};

const struct profile *profile_default(void)
{
	return &profiles[0];
}

const struct profile *profile_for_api(int api)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		if (api >= profiles[i].api_first && api <= profiles[i].api_last)
			return &profiles[i];
	return NULL;
}

bool profile_knows_tag(uint32_t tag)
{
	return tag == TAG_SYSTEM || tag == TAG_VENDOR || tag == TAG_RECOVERY;
}
