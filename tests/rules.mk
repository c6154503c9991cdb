# SPDX-License-Identifier: MIT
# tests: programs of libcheck suites, the peers of the end-to-end tests, and the
# targets that run them all.  tests/run sums them up.

CHECK_CFLAGS := $(shell $(PKG_CONFIG) --cflags check 2>/dev/null)
CHECK_LIBS := $(shell $(PKG_CONFIG) --libs check 2>/dev/null)

# The core with hooks of the tests' own: no daemon, no sockets.
tests_core_CFLAGS := -Idriver -Idriver/user -Idriver/core -Itests $(CHECK_CFLAGS)
tests_libbinder_CFLAGS := -I. -Idriver -Ilibbinder -Ilibbinder/include $(CHECK_CFLAGS)
tests_e2e_CFLAGS := -Ilibbinder/include

test_core_sources := $(wildcard tests/core/*.c)
test_libbinder_sources := $(wildcard tests/libbinder/*.c)
# single-threaded TESTS: these, but nothing under TSan, which has nothing to find there.
single-threaded = $(if $(findstring tsan,$(SAN)),,$(1))
test_programs := $(call single-threaded,$(B)/tests/core-tests) $(B)/tests/libbinder-tests \
	$(B)/tests/lua-tests
test_peers := $(if $(wildcard tests/e2e),$(B)/tests/echo-service $(B)/tests/echo-client \
	$(B)/tests/echo-relay $(B)/tests/echo-crowd $(B)/tests/writes $(B)/tests/activate)
test_scripts := $(wildcard tests/e2e/*.sh)
# Lua tests; tap.lua and peer.lua beside them are what they are made of.
test_lua := $(filter-out %/tap.lua %/peer.lua,$(wildcard tests/lua/*.lua))

$(B)/tests/core-tests: $(call objects-of,$(test_core_sources)) $(driver_core_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS)

$(B)/tests/libbinder-tests: $(call objects-of,$(test_libbinder_sources)) $(B)/lib/libbinder.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS)

$(B)/tests/echo-%: $(B)/obj/tests/e2e/echo_%.o $(B)/lib/libbinder.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(B)/tests/writes $(B)/tests/activate: $(B)/tests/%: $(B)/obj/tests/e2e/%.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# Kept although only a pattern asks for them.
.SECONDARY: $(call objects-of,tests/e2e/echo_service.c tests/e2e/echo_client.c tests/e2e/echo_relay.c tests/e2e/echo_crowd.c)

# A stock lua5.4 cannot load a module that wants a sanitizer's start-up code.
test_stock_lua := $(if $(SAN),,$(addprefix stock:,$(test_lua)))

# Nothing that a sanitizer sees and the other tests do not: words of manuals and programs, other
# compilers, packaging, the machine's own tools, what cannot be preloaded; and ncurses leaks.
unsanitized_scripts := $(addprefix tests/,cli/transcript.sh e2e/examples.sh e2e/install.sh e2e/manual.sh e2e/top.sh \
	e2e/transcript.sh aidl_c/oracle.sh module/package.sh preload/preload.sh uapi/uapi.sh \
	uapi/table.sh vm/harness.sh vm/kernel-6.1.sh)
# Scripts in which several threads of one program do something that no program above does.
threaded_scripts := $(addprefix tests/,aidl_c/example.sh e2e/death.sh e2e/limits.sh e2e/load.sh \
	e2e/monitor.sh e2e/registry.sh e2e/replies.sh e2e/waits.sh repl/repl.sh repl/scripts.sh)
check_scripts = $(if $(findstring tsan,$(SAN)),$(threaded_scripts),$(filter-out \
	$(if $(SAN),$(unsanitized_scripts)),$(test_scripts)))

# In the order in which tests/run starts them: the longest first, so that none is left over for
# the end; and alone those that measure.
check_longest := %/kernel-6.1.sh %/repl.sh %/lua-tests %/agree.sh %/preload.sh %/package.sh
check_alone := %/load-tests %/e2e/load.sh
check_files = $(foreach file,$(check_longest),$(filter $(file),$(1))) $(filter-out $(check_longest) $(check_alone),$(1)) \
	--alone $(filter $(check_alone),$(1))

test_environment := BUILD=$(B) \
	ASAN_OPTIONS=abort_on_error=0:exitcode=99 UBSAN_OPTIONS=print_stacktrace=1 \
	TSAN_OPTIONS=halt_on_error=1:exitcode=99

.PHONY: tests check check-quick check-fresh valgrind

tests: all $(test_programs) $(test_peers)

check: tests
	@$(if $(SAN),echo "stock lua5.4: left out: it cannot load a module that needs a sanitizer")
	@$(if $(SAN),echo "what no sanitizer sees more of: left out: $(unsanitized_scripts)")
	@$(if $(fuzz_seen),echo "fuzzers: left out: they have sanitizers of their own in the ordinary tree")
	@$(if $(findstring tsan,$(SAN)),echo "what has one thread: left out: there is no race to find")
	@$(test_environment) tests/run $(call check_files,$(test_programs) $(test_lua) $(test_stock_lua) $(check_scripts))

# For between two edits: two minutes of a processor.  Each part has its main tests here; left out
# are the kernel's drivers, fuzzers, load, walks over all allocations, and what other compilers,
# shells, terminals and the manuals say.  Measured: 115 s.
quick_programs := $(addprefix $(B)/tests/,core-tests channel-tests libbinder-tests aidl-tests cli-tests)
quick_lua := $(filter-out %/soak.lua,$(test_lua))
quick_scripts := $(patsubst %,tests/e2e/%.sh,death registry replies sandbox state) \
	tests/preload/preload.sh tests/uapi/uapi.sh

check-quick: all $(quick_programs) $(test_peers) $(B)/tests/preload-device-user $(B)/tests/binder-uapi
	@$(test_environment) tests/run $(quick_programs) $(quick_lua) $(wildcard $(quick_scripts))

# As root: in a fresh Debian that is busy.  ROUNDS, BUSY, MIRROR: see the script.
check-fresh:
	@scripts/check-fresh.sh $(SUITE)

include $(wildcard tests/*/rules.mk)

# All but what is about load or time, or is checked otherwise: stored inputs of the fuzzers
# by ASan, races by TSan.  A test that valgrind itself disturbs says so, and is skipped.
VALGRIND := valgrind -q --suppressions=$(CURDIR)/tests/valgrind.supp --error-exitcode=99 \
	--leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite
valgrind_programs = $(filter-out %/core-threads %/storm %/load-tests,$(test_programs))
valgrind_scripts := $(filter-out %/load.sh %/deadlines.sh,$(wildcard tests/e2e/*.sh))
valgrind: tests
	@CK_FORK=no TEST_WRAP='$(VALGRIND)' TEST_VALGRIND='$(VALGRIND)' BUILD=$(B) \
		tests/run $(valgrind_programs) \
		$(filter-out %/soak.lua,$(test_lua)) $(valgrind_scripts)
