# SPDX-License-Identifier: MIT
# driver: binderd, and the objects of the core and the client for whoever links them.

driver_core_CFLAGS := -Idriver -Idriver/user -Idriver/core
driver_user_CFLAGS := -Idriver -Idriver/user -Idriver/core
driver_user_channel_CFLAGS := $(driver_user_CFLAGS)
driver_user_platform_CFLAGS := $(driver_user_CFLAGS)
driver_user_limits_CFLAGS := $(driver_user_CFLAGS)
driver_user_shim_CFLAGS := -Idriver -Idriver/user
driver_client_CFLAGS := -Idriver
driver_daemon_CFLAGS := -Idriver/daemon
driver_preload_CFLAGS := -Idriver -Idriver/preload
driver_trace_CFLAGS := -Idriver

driver_core_OBJECTS := $(call objects-of,$(wildcard driver/core/*.c driver/user/shim/*.c))
# Includes point to the right: main.c, channel, platform, limits, the other files of driver/user.
driver_user_sources := $(wildcard driver/user/*.c \
	$(foreach room,channel platform limits,driver/user/$(room)/*.c))
driver_user_OBJECTS := $(call objects-of,$(driver_user_sources))
# What binderd and servicemanager have in common as daemons.
driver_daemon_OBJECTS := $(call objects-of,$(wildcard driver/daemon/*.c))
driver_client_OBJECTS := $(call objects-of,$(wildcard driver/client/*.c))

all: $(B)/bin/binderd $(B)/lib/libbinder-preload.so $(B)/lib/libbinder-trace.so

$(B)/bin/binderd: $(driver_user_OBJECTS) $(driver_core_OBJECTS) $(driver_daemon_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# Has the client in it once more, compiled so that it goes past what the library offers.
preload_client_OBJECTS := $(patsubst driver/client/%.c,$(B)/obj/preload/%.o,\
	$(wildcard driver/client/*.c))

$(B)/obj/preload/%.o: driver/client/%.c
	@mkdir -p $(@D)
	$(if $(V),,echo "  CC  $< (preload)";) $(CC) $(BASE_CFLAGS) $(CFLAGS) -Idriver \
		-DPRELOAD_CLIENT -include driver/preload/real.h -MMD -MP -c -o $@ $<

$(B)/lib/libbinder-preload.so: $(call objects-of,$(wildcard driver/preload/*.c)) \
		$(preload_client_OBJECTS)
	@mkdir -p $(@D)
	$(CC) -shared $(CFLAGS) $(LDFLAGS) -Wl,-z,nodelete -Wl,-z,initfirst -o $@ $^ -ldl

$(B)/lib/libbinder-trace.so: $(call objects-of,$(wildcard driver/trace/*.c))
	@mkdir -p $(@D)
	$(CC) -shared $(LDFLAGS) -o $@ $^ -ldl

include driver/linux/rules.mk
