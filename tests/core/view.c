/* SPDX-License-Identifier: MIT */
/* view.c: reads the core's views for tests; see view.h. */
#include "view.h"

#include <stdio.h>

u32 binder_next_id(void);

static char text[1 << 20];

const char *view_in_pieces(enum binder_view view, u32 euid, void (*act)(void))
{
	struct binder_print print;
	size_t used = 0, n;

	binder_print_start(&print, view, euid);
	while ((n = binder_context_print(world->ctx, &print, text + used,
					 act ? BINDER_PRINT_MIN : sizeof(text) - used - 1))) {
		used += n;
		EXPECT(used + BINDER_PRINT_MIN < sizeof(text));
		if (act)
			act();
	}
	text[used] = '\0';
	return text;
}

const char *view_as(enum binder_view view, u32 euid)
{
	return view_in_pieces(view, euid, NULL);
}

u32 view_base(void)
{
	return binder_next_id();
}
