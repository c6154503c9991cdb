# SPDX-License-Identifier: MIT
# tests/cli: parts of binderctl that can be tried without a driver, and what its commands print.

tests_cli_CFLAGS := $(cli_CFLAGS) $(CHECK_CFLAGS)

$(B)/tests/cli-tests: $(call objects-of,$(wildcard tests/cli/*.c) $(wildcard cli/state/*.c))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(cli_LIBS) $(CHECK_LIBS)

test_programs += $(call single-threaded,$(B)/tests/cli-tests)
tests: $(call single-threaded,$(B)/tests/cli-tests)

test_scripts += tests/cli/transcript.sh
