/* SPDX-License-Identifier: MIT */
/*
 * arena.c: memory that is given back all at once.
 *
 * Called by everything in this folder; hands on to malloc.
 */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 16384

struct arena_block {
	struct arena_block *before;
	size_t used, size;
	max_align_t memory[];
};

static void *block_take(struct arena *arena, size_t size)
{
	size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct arena_block *block = NULL;

	if (room >= size && room < SIZE_MAX - sizeof(*block))
		block = calloc(1, sizeof(*block) + room);
	if (!block)
		longjmp(*arena->no_memory, 1);
	block->size = room;
	block->used = size;
	block->before = arena->block;
	arena->block = block;
	return block->memory;
}

void *arena_take(struct arena *arena, size_t size)
{
	size_t align = _Alignof(max_align_t);
	struct arena_block *block = arena->block;
	char *memory;

	if (size > SIZE_MAX / 2)
		longjmp(*arena->no_memory, 1);
	size = (size + align - 1) / align * align;
	if (!block || block->size - block->used < size)
		return block_take(arena, size);
	memory = (char *)block->memory + block->used;
	block->used += size;
	return memory;
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_take(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		longjmp(*arena->no_memory, 1);
	text = arena_take(arena, (size_t)length + 1);
	va_start(arguments, format);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return text;
}

void arena_free(struct arena *arena)
{
	while (arena->block) {
		struct arena_block *block = arena->block;

		arena->block = block->before;
		free(block);
	}
}
