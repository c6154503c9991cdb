/* SPDX-License-Identifier: MIT */
/*
 * bytes.c: bytes that are put together for a file.
 */
#include "cli/capture/bytes.h"

#include <stdlib.h>

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){ 0 };
}

/* Room for more; NULL: no memory. */
static uint8_t *grow(struct bytes *bytes, size_t more)
{
	size_t room = bytes->room ? bytes->room : 512;
	uint8_t *larger;

	if (bytes->failed)
		return NULL;
	while (room - bytes->size < more)
		room *= 2;
	if (room > bytes->room) {
		larger = realloc(bytes->data, room);
		if (!larger) {
			bytes->failed = true;
			return NULL;
		}
		bytes->data = larger;
		bytes->room = room;
	}
	larger = bytes->data + bytes->size;
	bytes->size += more;
	return larger;
}

void bytes_put(struct bytes *bytes, const void *data, size_t size)
{
	uint8_t *to = size ? grow(bytes, size) : NULL;

	if (to)
		memcpy(to, data, size);
}

void bytes_pad(struct bytes *bytes, size_t multiple)
{
	size_t missing = -bytes->size & (multiple - 1);
	uint8_t *to = missing ? grow(bytes, missing) : NULL;

	if (to)
		memset(to, 0, missing);
}
