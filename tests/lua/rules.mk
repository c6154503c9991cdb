# SPDX-License-Identifier: MIT
# tests/lua: Lua tests are run as they are; lua-tests embeds the module as
# binderctl does, to interrupt it and to make its allocations fail (see allocation.h).

tests_lua_CFLAGS := $(lua_CFLAGS) -I. -Itests $(CHECK_CFLAGS)
lua_tests_wrapped := malloc calloc realloc reallocarray strdup strndup asprintf realpath \
	open_memstream pthread_create
test_lua_sources := $(wildcard tests/lua/*.c)

$(B)/tests/lua-tests: $(call objects-of,$(test_lua_sources)) $(lua_objs) $(B)/lib/libbinder.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) $(addprefix -Wl$(comma)--wrap=,$(lua_tests_wrapped)) -o $@ $^ $(lua_LIBS) $(CHECK_LIBS) -lm
