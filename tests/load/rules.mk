# SPDX-License-Identifier: MIT
# tests/load: crash storms and hostile clients, and how others fare meanwhile.

tests_load_CFLAGS := -Itests -Idriver $(CHECK_CFLAGS)

load_shared := $(call objects-of,tests/load/daemon.c tests/channel/raw.c tests/channel/world.c) \
	$(driver_client_OBJECTS)

$(B)/tests/storm: $(call objects-of,$(addprefix tests/load/,storm.c party.c service.c words.c)) \
		$(load_shared)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(B)/tests/load-tests: $(call objects-of,$(addprefix tests/load/,main.c attack.c attack_test.c \
		limit_test.c mix_test.c) tests/channel/line.c) $(load_shared)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS)

test_programs += $(B)/tests/storm $(B)/tests/load-tests
tests: $(B)/tests/storm $(B)/tests/load-tests $(B)/bin/binderd

# The whole of it.
STORM_S ?= 300
.PHONY: storm
storm: $(B)/tests/storm $(B)/bin/binderd
	$(B)/tests/storm $(STORM_S) $(STORM_SEED)
