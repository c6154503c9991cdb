/* SPDX-License-Identifier: MIT */
/*
 * utf.h: UTF-8 to UTF-16 and back.
 *
 * Called by the parcel; works on plain memory.
 */
#ifndef LIBBINDER_UTF_H
#define LIBBINDER_UTF_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Text in a parcel may lie at any address: who wrote the parcel decides. */
typedef uint16_t utf16_unit __attribute__((aligned(1), may_alias));

/* UTF-16 units that the UTF-8 takes, or -EINVAL. */
ssize_t utf8_to_16_length(const char *utf8, size_t length);
/* The UTF-8 must have been measured; writes that many units. */
void utf8_to_16(const char *utf8, size_t length, utf16_unit *out);

/* Bytes that the UTF-16 takes; a lone surrogate counts as U+FFFD. */
size_t utf16_to_8_length(const utf16_unit *utf16, size_t units);
void utf16_to_8(const utf16_unit *utf16, size_t units, char *out);

#endif
