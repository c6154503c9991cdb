# SPDX-License-Identifier: MIT
# driver: binderd, and the objects of the core and the client for whoever links them.

driver_core_CFLAGS := -Idriver -Idriver/user -Idriver/core
driver_user_CFLAGS := -Idriver -Idriver/user -Idriver/core
driver_user_shim_CFLAGS := -Idriver -Idriver/user
driver_client_CFLAGS := -Idriver

driver_core_OBJECTS := $(call objects-of,$(wildcard driver/core/*.c driver/user/shim/*.c))
driver_user_OBJECTS := $(call objects-of,$(wildcard driver/user/*.c))
driver_client_OBJECTS := $(call objects-of,$(wildcard driver/client/*.c))

all: $(B)/bin/binderd

$(B)/bin/binderd: $(driver_user_OBJECTS) $(driver_core_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^
