# SPDX-License-Identifier: MIT
# servicemanager: handle 0 of a device, a plain user of libbinder.

servicemanager_CFLAGS := -I. -Ilibbinder/include -Ilibbinder

$(B)/bin/servicemanager: $(call objects-of,$(wildcard servicemanager/*.c)) \
		$(driver_daemon_OBJECTS) $(B)/lib/libbinder.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

all: $(B)/bin/servicemanager
