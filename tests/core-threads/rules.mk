# SPDX-License-Identifier: MIT
# tests/core-threads: the core with a real lock under many threads.  It is compiled
# a second time for that, with PORT_THREADED, into a tree of its own.

threaded_objects := $(patsubst %.c,$(B)/obj/threaded/%.o,$(wildcard tests/core-threads/*.c \
	tests/core/null_home.c driver/core/*.c driver/user/shim/*.c))

$(B)/obj/threaded/%.o: %.c
	@mkdir -p $(@D)
	$(if $(V),,echo "  CC  $< (threaded)";) $(CC) $(BASE_CFLAGS) $(CFLAGS) -DPORT_THREADED -Idriver \
		-Idriver/user -Idriver/core -Itests/core-threads $(CHECK_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/tests/core-threads: $(threaded_objects)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS)

test_programs += $(B)/tests/core-threads
tests: $(B)/tests/core-threads
