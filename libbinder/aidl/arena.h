/* SPDX-License-Identifier: MIT */
/*
 * arena.h: memory that is given back all at once.
 *
 * A library of AIDL is thousands of small structures that live equally long.
 * Whoever takes memory here has put a jmp_buf into the arena first: when there
 * is none left, control goes there, so that parsing code has no such case.
 */
#ifndef AIDL_ARENA_H
#define AIDL_ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *block; /* the one in use; those before it are linked behind */
	jmp_buf *no_memory;        /* set while somebody takes */
};

/* Zeroed; aligned for anything. */
void *arena_take(struct arena *arena, size_t size) __attribute__((returns_nonnull));
/* A copy with a NUL behind it. */
char *arena_text(struct arena *arena, const char *text, size_t length)
	__attribute__((returns_nonnull));
char *arena_print(struct arena *arena, const char *format, ...)
	__attribute__((returns_nonnull, format(printf, 2, 3)));
void arena_free(struct arena *arena);

#define arena_new(arena, type) ((type *)arena_take((arena), sizeof(type)))

#endif
