# SPDX-License-Identifier: MIT
# tests/channel: driver/client and binderd against each other, and clients that misbehave.

tests_channel_CFLAGS := -Itests -Idriver -Idriver/user $(CHECK_CFLAGS)

$(B)/tests/channel-tests: $(call objects-of,$(wildcard tests/channel/*.c) \
		driver/user/limits/throttle.c) $(driver_client_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS)

test_programs += $(B)/tests/channel-tests
tests: $(B)/tests/channel-tests $(B)/bin/binderd
