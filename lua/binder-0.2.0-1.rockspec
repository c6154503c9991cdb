-- SPDX-License-Identifier: MIT
-- The Lua module "binder" for LuaRocks, from a checkout of this repository:
--
--	luarocks make lua/binder-0.2.0-1.rockspec
--
-- libbinder goes into the rock's own folder, so that nothing else need be
-- installed; a driver (binderd, or a kernel's) is needed to do anything with it.
rockspec_format = "3.0"
package = "binder"
version = "0.2.0-1"
source = {
	url = "file://.",
}
description = {
	summary = "Calls and serves Binder objects",
	detailed = [[
Binder is how Android's processes call each other: objects with names, calls
with typed parcels, notices of death.  This module calls such objects and is
one, on any Linux machine, with or without a kernel that has Binder.]],
	license = "MIT",
}
supported_platforms = { "linux" }
dependencies = { "lua >= 5.4, < 5.5" }
build = {
	type = "make",
	build_target = "lua-module",
	install_target = "install-lua-module",
	build_variables = { LUA_INCDIR = "$(LUA_INCDIR)" },
	install_variables = { LUA_MODULE_DIR = "$(LIBDIR)" },
}
