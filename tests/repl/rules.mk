# SPDX-License-Identifier: MIT
# tests/repl: the shell in a pseudo-terminal, scripts, tests of scripts, completion.

$(B)/tests/pty: $(B)/obj/tests/repl/pty.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lutil

test_scripts += $(wildcard tests/repl/*.sh)

tests: $(B)/tests/pty
