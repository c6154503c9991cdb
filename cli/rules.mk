# SPDX-License-Identifier: MIT
# binderctl: a thin face on libbinder, with Lua inside.

cli_CFLAGS := -I. -Ilibbinder/include $(shell $(PKG_CONFIG) --cflags jansson lua5.4 ncursesw 2>/dev/null)
$(foreach room,verbs top trace repl complete doctor value watch capture state lua,$(eval cli_$(room)_CFLAGS := $(cli_CFLAGS)))
cli_verbs_CFLAGS += -DBINDER_MULTIARCH='"$(shell $(CC) -print-multiarch 2>/dev/null)"'
cli_aidl_c_CFLAGS := -Ilibbinder/include
cli_LIBS := $(shell $(PKG_CONFIG) --libs jansson lua5.4 ncursesw 2>/dev/null) -lreadline -lm

$(B)/bin/binderctl: $(call objects-of,$(wildcard cli/*.c cli/*/*.c lua/*.c)) $(B)/lib/libbinder.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(cli_LIBS)

# The assembler takes these in; the compiler does not tell make of it.
$(B)/obj/cli/lua/embed.o: $(wildcard cli/lua/*.lua) lua/test.lua

# What shells need to complete its words, made from its own table.
completions := $(addprefix $(B)/share/binderctl.,bash zsh fish)
$(B)/share/binderctl.%: $(B)/bin/binderctl
	@mkdir -p $(@D)
	$< completion $* > $@

all: $(B)/bin/binderctl $(completions)
