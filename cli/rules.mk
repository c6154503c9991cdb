# SPDX-License-Identifier: MIT
# binderctl: a thin face on libbinder, with Lua inside.

cli_CFLAGS := -Ilibbinder/include $(shell $(PKG_CONFIG) --cflags jansson lua5.4 2>/dev/null)
cli_aidl_c_CFLAGS := -Ilibbinder/include
cli_LIBS := $(shell $(PKG_CONFIG) --libs jansson lua5.4 2>/dev/null) -lm

$(B)/bin/binderctl: $(call objects-of,$(wildcard cli/*.c cli/aidl_c/*.c) $(wildcard lua/*.c)) $(B)/lib/libbinder.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(cli_LIBS)

all: $(B)/bin/binderctl
