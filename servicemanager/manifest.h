/* SPDX-License-Identifier: MIT */
/*
 * manifest.h: which services a device declares to have, whether or not they
 * run: on Android the VINTF manifest, here a file of lines
 *
 *	NAME [apex=APEX] [address=HOST:PORT]
 *
 * NAME is INTERFACE/INSTANCE, as services of declared interfaces are called;
 * APEX the package that may update it; HOST:PORT where it is when it is on
 * another machine.  # starts a comment.
 */
#ifndef SERVICEMANAGER_MANIFEST_H
#define SERVICEMANAGER_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

struct declaration {
	char *name;
	char *apex;    /* NULL: none */
	char *address; /* NULL: here */
	int32_t port;
};

struct manifest;

/* 0, or -errno after a message with file and line on stderr. */
int manifest_load(const char *path, struct manifest **ret);
void manifest_free(struct manifest *manifest);

/* A NULL manifest declares nothing. */
const struct declaration *manifest_find(const struct manifest *manifest, const char *name);
size_t manifest_count(const struct manifest *manifest);
const struct declaration *manifest_at(const struct manifest *manifest, size_t index);

#endif
