# SPDX-License-Identifier: MIT
# tests/bench: `make bench` prints round trips beside their floors.

tests_bench_CFLAGS := -I. -Itests -Idriver -Idriver/user -Idriver/core -Ilibbinder/include \
	$(lua_CFLAGS)

bench_objects := $(call objects-of,$(wildcard tests/bench/*.c) tests/channel/raw.c \
	tests/channel/world.c tests/core/null_home.c) $(driver_core_OBJECTS)

$(B)/tests/bench: $(bench_objects) $(lua_objs) $(B)/lib/libbinder.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(lua_LIBS) -ldl -lm

.PHONY: bench
bench: $(B)/tests/bench $(B)/tests/idle-dbus-service $(B)/tests/echo-service $(B)/tests/echo-crowd all
	$(B)/tests/bench
	bash tests/bench/command_line.sh $(B)
	bash tests/bench/memory.sh $(B)
	bash tests/bench/crowd.sh $(B)

$(B)/tests/idle-dbus-service: $(B)/obj/tests/bench/idle/dbus_service.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -ldl
