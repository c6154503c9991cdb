# SPDX-License-Identifier: MIT
# tests/repl: the shell in a pseudo-terminal, scripts, tests of scripts, completion.

$(B)/tests/pty: $(B)/obj/tests/repl/pty.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lutil

# The words of failures show TSan no thread that the others do not.
test_scripts += $(filter-out $(if $(findstring tsan,$(SAN)),%/failures.sh),$(wildcard tests/repl/*.sh))

tests: $(B)/tests/pty
