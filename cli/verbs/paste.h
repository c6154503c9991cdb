/* SPDX-License-Identifier: MIT */
/*
 * paste.h: the bytes of a parcel out of what people paste.
 *
 * Known are what Android's `service call` prints, with and without offsets and text;
 * what `binderctl call` prints; hexdump, hexdump -C, xxd and od -A x; plain hexadecimal
 * digits; base64.
 */
#ifndef CLI_PASTE_H
#define CLI_PASTE_H

#include <stddef.h>
#include <stdint.h>

enum paste_result {
	PASTE_BYTES,   /* *ret holds them, malloc()ed; none is fine, too */
	PASTE_ERROR,   /* `service call` printed an error instead of a reply */
	PASTE_UNKNOWN, /* nothing of the above */
	PASTE_NO_MEMORY,
};

enum paste_result paste_read(const char *text, uint8_t **ret, size_t *size_ret);

#endif
