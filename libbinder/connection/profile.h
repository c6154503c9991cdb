/* SPDX-License-Identifier: MIT */
/*
 * profile.h: how one version of Android lays out what is not in the driver's
 * ABI: the header of a request, the stability word behind a binder, and what
 * its service manager understands.
 *
 * A connection has one (see detect.h); the parcel and the service-manager client ask it.
 */
#ifndef LIBBINDER_PROFILE_H
#define LIBBINDER_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct servicemanager_protocol;

enum profile_header {
	HEADER_POLICY,      /* strict-mode policy, descriptor */
	HEADER_WORK_SOURCE, /* policy, work source, descriptor */
	HEADER_TAG,         /* policy, work source, tag of the domain, descriptor */
	HEADER_HIDL,        /* an 8-bit descriptor alone */
};

enum profile_stability {
	STABILITY_NONE,   /* no word behind a binder */
	STABILITY_PLAIN,  /* the level */
	STABILITY_PACKED, /* bytes: version 1, 0, 0, level */
};

/* Which half of Android a process belongs to: system's and vendor's do not mix. */
enum profile_domain {
	DOMAIN_SYSTEM,
	DOMAIN_VENDOR,
};

struct profile {
	const char *words; /* what --android takes for it, the one to show first */
	const char *name;  /* for people */
	int api;           /* the first API level that it fits */
	int32_t policy;    /* strict-mode word that requests carry */
	enum profile_header header;
	enum profile_stability stability;
	const struct servicemanager_protocol *servicemanager; /* NULL: HIDL's */
};

/* The newest. */
const struct profile *profile_default(void);
/* HIDL's, for hwbinder. */
const struct profile *profile_hidl(void);
/* By age, the newest first; NULL behind the oldest.  HIDL's is not among them. */
const struct profile *profile_at(size_t index);
/*
 * An API level ("29"), a version ("10", "12L"), or a layout ("35.1", "15r6");
 * levels above all that are known mean the newest.  NULL: there is none.
 */
const struct profile *profile_parse(const char *text);
/* The first of its words into buf. */
const char *profile_word(const struct profile *profile, char *buf, size_t size);

/* The tag that requests of a domain carry. */
uint32_t profile_tag(enum profile_domain domain);
/* Whether a request may carry this word as its tag. */
bool profile_knows_tag(uint32_t tag);
/* "system" or "vendor". */
bool profile_parse_domain(const char *text, enum profile_domain *ret);

/* The level of objects made by a domain. */
uint8_t profile_stability_of(enum profile_domain domain);
/* The word for a level, and back; level 0 is a null binder's. */
int32_t profile_pack_stability(const struct profile *profile, uint8_t level);
uint8_t profile_unpack_stability(const struct profile *profile, int32_t word);

#endif
