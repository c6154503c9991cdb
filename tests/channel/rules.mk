# SPDX-License-Identifier: MIT
# tests/channel: driver/client and binderd against each other, and clients that misbehave.

tests_channel_CFLAGS := -Itests -Idriver $(CHECK_CFLAGS)

$(B)/tests/channel-tests: $(call objects-of,$(wildcard tests/channel/*.c)) $(driver_client_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS)

test_programs += $(B)/tests/channel-tests
tests: $(B)/tests/channel-tests $(B)/bin/binderd

# Not all of it: loads that take seconds take minutes there.  The daemon runs
# under valgrind as well.
valgrind: test_programs := $(filter-out %/channel-tests,$(test_programs))
valgrind: valgrind-channel
.PHONY: valgrind-channel
valgrind-channel: tests
	@CK_RUN_SUITE=client CK_TIMEOUT_MULTIPLIER=10 TEST_WRAP='$(VALGRIND)' TEST_TIMEOUT=600 BUILD=$(B) \
		tests/run $(B)/tests/channel-tests
