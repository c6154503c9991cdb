/* SPDX-License-Identifier: MIT */
/*
 * profile.h: how one version of Android lays out what is not in the driver's
 * ABI: the header of a request and the stability word behind a binder.
 *
 * A connection has one; the parcel and the service-manager client ask it.
 */
#ifndef LIBBINDER_PROFILE_H
#define LIBBINDER_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

struct servicemanager_protocol;

struct profile {
	int api_first, api_last; /* Android API levels that it fits */
	const char *name;
	int32_t strict_mode; /* policy word that requests carry */
	bool has_work_source;
	uint32_t tag; /* 0: none */
	bool has_stability;
	int32_t stability_local; /* behind an object of ours */
	int32_t stability_null;
	const struct servicemanager_protocol *servicemanager;
};

/* The newest. */
const struct profile *profile_default(void);
/* NULL: none for that API level. */
const struct profile *profile_for_api(int api);

/* Whether a request may carry this word as its tag. */
bool profile_knows_tag(uint32_t tag);

#endif
