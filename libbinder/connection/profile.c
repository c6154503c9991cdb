/* SPDX-License-Identifier: MIT */
/*
 * profile.c: the table of Android's wire formats.
 *
 * Asked by the parcel, the service-manager client and detect.c; hands on to
 * nobody.
 */
#include "profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "servicemanager_protocol.h"

#define TAG_SYSTEM 0x53595354u   /* SYST */
#define TAG_VENDOR 0x564e4452u   /* VNDR */
#define TAG_RECOVERY 0x5245434fu /* RECO */

/* "Collect violations for the caller": the bit moved with Android 10. */
#define GATHER_OLD (0x40 << 16)
#define GATHER INT32_MIN

#define LEVEL_VENDOR 0x03
#define LEVEL_SYSTEM 0x0c
#define PACKED_VERSION 1

static const struct profile profiles[] = {
	{ "36 37 16 17", "Android 16 and later", 36, GATHER, HEADER_TAG, STABILITY_PLAIN,
	  &servicemanager_protocol_16 },
	{ "35.2 35r20 15.2 15r20", "Android 15 from r20 (QPR2)", 35, GATHER, HEADER_TAG,
	  STABILITY_PLAIN, &servicemanager_protocol_15r20 },
	{ "35.1 35r6 15.1 15r6", "Android 15 from r6 (QPR1)", 35, GATHER, HEADER_TAG,
	  STABILITY_PLAIN, &servicemanager_protocol_15r6 },
	{ "34 35 14 15", "Android 14, and 15 up to r5", 34, GATHER, HEADER_TAG, STABILITY_PLAIN,
	  &servicemanager_protocol_14 },
	{ "33 13", "Android 13", 33, GATHER, HEADER_TAG, STABILITY_PLAIN,
	  &servicemanager_protocol_13 },
	{ "31 32 12 12L 12.1", "Android 12 and 12L", 31, GATHER, HEADER_TAG, STABILITY_PACKED,
	  &servicemanager_protocol_12 },
	{ "30 11", "Android 11", 30, GATHER, HEADER_TAG, STABILITY_PLAIN,
	  &servicemanager_protocol_11 },
	{ "29 10", "Android 10", 29, GATHER, HEADER_WORK_SOURCE, STABILITY_NONE,
	  &servicemanager_protocol_9 },
	{ "28 9", "Android 9", 28, GATHER_OLD, HEADER_POLICY, STABILITY_NONE,
	  &servicemanager_protocol_9 },
	{ "26 27 8 8.0 8.1", "Android 8", 26, GATHER_OLD, HEADER_POLICY, STABILITY_NONE,
	  &servicemanager_protocol_8 },
};

static const struct profile hidl = {
	"hidl", "HIDL (hwbinder)", 26, 0, HEADER_HIDL, STABILITY_NONE, NULL,
};

static const struct {
	const char *name;
	uint32_t tag;
	uint8_t level;
} domains[] = {
	[DOMAIN_SYSTEM] = { "system", TAG_SYSTEM, LEVEL_SYSTEM },
	[DOMAIN_VENDOR] = { "vendor", TAG_VENDOR, LEVEL_VENDOR },
};

const struct profile *profile_default(void)
{
	return &profiles[0];
}

const struct profile *profile_hidl(void)
{
	return &hidl;
}

const struct profile *profile_at(size_t index)
{
	return index < sizeof(profiles) / sizeof(profiles[0]) ? &profiles[index] : NULL;
}

static bool has_word(const char *words, const char *wanted)
{
	size_t length = strlen(wanted);

	while (*words) {
		size_t word = strcspn(words, " ");

		if (word == length && !strncmp(words, wanted, word))
			return true;
		words += word;
		words += strspn(words, " ");
	}
	return false;
}

/* Levels that are not out yet are taken for the latest one, but not any number. */
#define LATER_LEVELS 4

const struct profile *profile_parse(const char *text)
{
	const struct profile *profile;
	char *end;
	long level;

	for (size_t i = 0; (profile = profile_at(i)); i++)
		if (has_word(profile->words, text))
			return profile;
	if (has_word(hidl.words, text))
		return &hidl;
	level = strtol(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && level > profiles[0].api &&
	    level <= profiles[0].api + LATER_LEVELS)
		return &profiles[0];
	return NULL;
}

const char *profile_word(const struct profile *profile, char *buf, size_t size)
{
	snprintf(buf, size, "%.*s", (int)strcspn(profile->words, " "), profile->words);
	return buf;
}

uint32_t profile_tag(enum profile_domain domain)
{
	return domains[domain].tag;
}

bool profile_knows_tag(uint32_t tag)
{
	return tag == TAG_SYSTEM || tag == TAG_VENDOR || tag == TAG_RECOVERY;
}

bool profile_parse_domain(const char *text, enum profile_domain *ret)
{
	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
		if (!strcmp(domains[i].name, text)) {
			*ret = i;
			return true;
		}
	}
	return false;
}

uint8_t profile_stability_of(enum profile_domain domain)
{
	return domains[domain].level;
}

int32_t profile_pack_stability(const struct profile *profile, uint8_t level)
{
	if (profile->stability == STABILITY_PACKED)
		return (int32_t)((uint32_t)level << 24 | PACKED_VERSION);
	return level;
}

uint8_t profile_unpack_stability(const struct profile *profile, int32_t word)
{
	return profile->stability == STABILITY_PACKED ? (uint32_t)word >> 24 : (uint8_t)word;
}
