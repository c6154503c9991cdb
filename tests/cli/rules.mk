# SPDX-License-Identifier: MIT
# tests/cli: parts of binderctl that can be tried without a driver.

tests_cli_CFLAGS := -Icli $(cli_CFLAGS) $(CHECK_CFLAGS)

$(B)/tests/cli-tests: $(call objects-of,$(wildcard tests/cli/*.c) cli/state_json.c cli/state_line.c)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(cli_LIBS) $(CHECK_LIBS)

test_programs += $(call single-threaded,$(B)/tests/cli-tests)
tests: $(call single-threaded,$(B)/tests/cli-tests)
