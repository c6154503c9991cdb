/* SPDX-License-Identifier: MIT */
/*
 * embed.c: Lua files as bytes of the program, taken in by the assembler.
 *
 * rules.mk says that this file depends on them.
 */
#include "cli/lua/embed.h"

#include <string.h>

#include <lauxlib.h>

#define EMBED(name, path) \
	__asm__(".section .rodata, \"a\"\n" \
		"embedded_" #name ":\n" \
		".incbin \"" path "\"\n" \
		"embedded_" #name "_end:\n" \
		".byte 0\n" \
		".previous\n"); \
	extern const char embedded_##name[] __attribute__((visibility("hidden"))); \
	extern const char embedded_##name##_end[] __attribute__((visibility("hidden")))

EMBED(show, "cli/lua/show.lua");
EMBED(names, "cli/lua/names.lua");
EMBED(serve, "cli/lua/serve.lua");
EMBED(testfile, "cli/lua/testfile.lua");
EMBED(test, "lua/test.lua");

#define ROW(name) \
	{ \
#name, embedded_##name, embedded_##name##_end, "=binderctl:" #name ".lua" \
	}

static const struct {
	const char *name, *begin, *end, *chunk;
} table[] = { ROW(show), ROW(names), ROW(serve), ROW(testfile), ROW(test) };

void embed_load(lua_State *L, const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (strcmp(table[i].name, name) != 0)
			continue;
		if (luaL_loadbuffer(L, table[i].begin, (size_t)(table[i].end - table[i].begin),
				    table[i].chunk) != LUA_OK)
			lua_error(L);
		return;
	}
	luaL_error(L, "no such part of binderctl: %s", name);
}
