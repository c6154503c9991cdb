/* SPDX-License-Identifier: MIT */
/* view.h: what the core shows of a test's world; see view.c. */
#ifndef TESTS_CORE_VIEW_H
#define TESTS_CORE_VIEW_H

#include "scene.h"

/* All of a view, as this user sees it; valid until the next one. */
const char *view_as(enum binder_view view, u32 euid);
/* The same in pieces that are as small as they may be, with act called between two. */
const char *view_in_pieces(enum binder_view view, u32 euid, void (*act)(void));
/* A number just above every object's so far: the next object is view_base() + 1. */
u32 view_base(void);

/* The view is exactly this text, which is a format for what follows. */
#define expect_view(view, euid, ...) \
	do { \
		char *expected_; \
\
		EXPECT(asprintf(&expected_, __VA_ARGS__) >= 0); \
		ck_assert_str_eq(view_as(view, euid), expected_); \
		free(expected_); \
	} while (0)

#endif
