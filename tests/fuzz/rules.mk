# SPDX-License-Identifier: MIT
# tests/fuzz: harnesses for libFuzzer.  `make fuzz FUZZ_S=60` runs each for so many
# seconds; `make check` replays what is stored in corpus/ and adds a few seconds.
#
# Everything that a harness links is compiled once more, into $(B)/fuzz, with clang's
# coverage and sanitizers; or, as replay-NAME, with the ordinary compiler and flags.

FUZZ_S ?= 60
FUZZ_CHECK_S ?= 3
FUZZ_CC ?= clang

fuzz_harnesses := core_stream core_live channel parcel aidl aidl_parcel capture

fuzz_goals := $(filter check tests valgrind fuzz fuzz-coverage,$(MAKECMDGOALS))
# Has it libFuzzer, too?  Only asked when it matters.
fuzz_has_clang := $(if $(fuzz_goals),$(shell echo 'int LLVMFuzzerTestOneInput(const char *d, \
	unsigned long n) { return 0; }' | $(FUZZ_CC) -x c -fsanitize=fuzzer,address,undefined - \
	-o /dev/null 2>/dev/null && echo yes))

fuzz_core_sources := $(wildcard driver/core/*.c driver/user/shim/*.c)
fuzz_world_sources := $(wildcard tests/fuzz/world*.c) tests/fuzz/port_fuzz.c
fuzz_daemon_sources := $(filter-out %/main.c %/loop.c %/directory.c,$(driver_user_sources)) \
	$(wildcard driver/daemon/*.c)
fuzz_library_sources := $(filter-out %/driver.c,$(wildcard $(patsubst %,libbinder/%/*.c,\
	$(filter-out aidl codec,$(libbinder_ROOMS)))))

fuzz_core_stream_sources := tests/fuzz/core_stream.c $(fuzz_world_sources) $(fuzz_core_sources)
fuzz_core_live_sources := $(wildcard tests/fuzz/core_live*.c) $(fuzz_world_sources) \
	$(fuzz_core_sources)
fuzz_channel_sources := $(wildcard tests/fuzz/channel*.c) $(fuzz_daemon_sources) \
	$(fuzz_core_sources)
fuzz_parcel_sources := $(wildcard tests/fuzz/parcel*.c) $(fuzz_library_sources)
fuzz_aidl_parcel_sources := tests/fuzz/aidl_parcel.c tests/fuzz/parcel_world.c \
	tests/fuzz/parcel_driver.c $(fuzz_library_sources) \
	$(wildcard libbinder/aidl/*.c libbinder/codec/*.c)
fuzz_aidl_sources := tests/fuzz/aidl.c $(wildcard libbinder/aidl/*.c)
fuzz_capture_sources := tests/fuzz/capture.c $(filter-out %/live.c,$(wildcard cli/capture/*.c)) \
	cli/watch/conversation.c

# What surrounds the code is replaced by name: memory that runs out when the input
# says so, a client's memory that is the harness's, descriptors that must not be closed.
fuzz_core_stream_FLAGS := -Idriver -Idriver/user -Idriver/core
fuzz_core_stream_DEFINES := -Dcalloc=fuzz_calloc -Dfree=fuzz_free
fuzz_core_live_FLAGS := $(fuzz_core_stream_FLAGS)
fuzz_core_live_DEFINES := $(fuzz_core_stream_DEFINES)
fuzz_channel_FLAGS := -Idriver -Idriver/user -Idriver/core
fuzz_channel_DEFINES := -Dprocess_vm_readv=fuzz_process_vm_readv
fuzz_parcel_FLAGS := -I. -Idriver -Ilibbinder/include -Ilibbinder
fuzz_parcel_DEFINES := -Dclose=fuzz_close
fuzz_aidl_parcel_FLAGS := $(fuzz_parcel_FLAGS)
fuzz_aidl_parcel_DEFINES := $(fuzz_parcel_DEFINES)
fuzz_aidl_FLAGS := -Ilibbinder/include
fuzz_aidl_DEFINES := -Dcalloc=fuzz_calloc
fuzz_capture_FLAGS := -I. -Ilibbinder/include

FUZZ_CFLAGS := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined -fno-omit-frame-pointer
# Tells the harness of each load, so that the other side can change what is read twice.
fuzz_channel_clang_DEFINES := -fsanitize-coverage=trace-loads
FUZZ_COV_CFLAGS := -O1 -g -fprofile-instr-generate -fcoverage-mapping

# fuzz_rules NAME, KIND, compiler and flags, flags to link, more sources
define fuzz_rules
$$(B)/fuzz/$(2)/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	$(3) $$(filter-out $$(SAN_FLAGS),$$(BASE_CFLAGS)) \
		$$(fuzz_$(1)_FLAGS) $$(if $$(filter tests/%,$$<),,$$(fuzz_$(1)_DEFINES) \
		$$(fuzz_$(1)_$(2)_DEFINES)) -Itests/fuzz -MMD -MP -c -o $$@ $$<

$$(B)/fuzz/$(2)/$(1)/$(1): $$(patsubst %.c,$$(B)/fuzz/$(2)/$(1)/%.o,$$(fuzz_$(1)_sources) $(5))
	$$(if $$(V),,echo "  FUZZ $(1)";) $(4) -pthread -o $$@ $$^ -lm
endef

$(foreach h,$(fuzz_harnesses), \
	$(eval $(call fuzz_rules,$(h),clang,$(FUZZ_CC) $(FUZZ_CFLAGS),\
		$(FUZZ_CC) -fsanitize=fuzzer$(comma)address$(comma)undefined,)) \
	$(eval $(call fuzz_rules,$(h),replay,$(CC) $(CFLAGS) $(SAN_FLAGS),\
		$(CC) $(CFLAGS) $(SAN_FLAGS),tests/fuzz/replay_main.c)) \
	$(eval $(call fuzz_rules,$(h),cov,$(FUZZ_CC) $(FUZZ_COV_CFLAGS),\
		$(FUZZ_CC) $(FUZZ_COV_CFLAGS),tests/fuzz/replay_main.c)))

-include $(if $(fuzz_goals)$(findstring /fuzz/,$(MAKECMDGOALS)),$(shell find $(B)/fuzz -name '*.d' 2>/dev/null))

# With SAN= the ordinary tree's sanitizers do the looking, on the replay, unless clang's
# have done so in the ordinary tree: nothing new is to be seen there.
fuzz_kind := $(if $(SAN),replay,$(if $(fuzz_has_clang),clang,replay))
fuzz_programs = $(foreach h,$(or $(2),$(fuzz_harnesses)),$(B)/fuzz/$(1)/$(h)/$(h))

fuzz_seen := $(and $(SAN),$(fuzz_has_clang))

tests: $(if $(fuzz_seen),,$(call single-threaded,$(call fuzz_programs,$(fuzz_kind))))
test_scripts += $(if $(fuzz_seen),,tests/fuzz/check.sh)

export FUZZ_CHECK_S

.PHONY: fuzz fuzz-coverage
fuzz: $(call fuzz_programs,clang,$(FUZZ))
	@BUILD=$(B) tests/fuzz/run.sh $(FUZZ_S) $(or $(FUZZ),$(fuzz_harnesses))

# Which lines of the core do the stored inputs reach?
fuzz-coverage: $(call fuzz_programs,cov)
	@BUILD=$(B) tests/fuzz/coverage.sh $(fuzz_harnesses)
