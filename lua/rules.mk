# SPDX-License-Identifier: MIT
# The Lua module: binder.so for stock Lua, and its objects for binderctl, which
# has luaopen_binder in package.preload (lua_objs, lua_LIBS).

LUA_PC ?= lua5.4
lua_CFLAGS := $(if $(LUA_INCDIR),-I$(LUA_INCDIR),$(shell $(PKG_CONFIG) --cflags $(LUA_PC) 2>/dev/null)) \
	-Ilibbinder/include
lua_LIBS := $(shell $(PKG_CONFIG) --libs $(LUA_PC) 2>/dev/null)
lua_objs := $(call objects-of,$(wildcard lua/*.c))

# Where it looks for libbinder when it is not installed for all; packages say LUA_RPATH= .
LUA_RPATH ?= -Wl,-rpath,'$$ORIGIN:$$ORIGIN/../..'

# Never unloaded: threads of libbinder's pool may be in it when a state closes.
# Lua's own symbols come from the program that loads it.
$(B)/lib/binder.so: $(lua_objs) $(B)/lib/libbinder.so
	@mkdir -p $(@D)
	$(CC) -shared $(CFLAGS) -Wl,-z,nodelete $(LUA_RPATH) -o $@ $(lua_objs) \
		-L$(B)/lib -lbinder -lm $(LDFLAGS)

all: $(B)/lib/binder.so

# For LuaRocks (lua/*.rockspec), which says where Lua is and where the module goes.
.PHONY: lua-module install-lua-module
lua-module: $(B)/lib/binder.so
install-lua-module: lua-module
	install -d $(LUA_MODULE_DIR)
	install -m 755 $(B)/lib/binder.so $(B)/lib/libbinder.so.1 $(LUA_MODULE_DIR)
