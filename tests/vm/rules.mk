# SPDX-License-Identifier: MIT
# tests/vm: tests on stock kernels in a virtual machine.  `make check` runs the short
# ones on 6.1, on one processor; check-kernel runs all of them, on two processors, on each
# kernel that CHECK_KERNELS names; check-kernel-short the short ones.

test_scripts += tests/vm/harness.sh tests/vm/kernel-6.1.sh

# A suite that runs on several homes at once: its items are compared.
vm_programs := $(if $(wildcard tests/uapi),$(B)/tests/binder-uapi)

CHECK_KERNELS ?= 6.1 6.12 newest

.PHONY: check-kernel check-kernel-short check-kernel-debug

check-kernel: vm_set := VM_PARTS='uapi module device libbinder programs lua' TEST_TIMEOUT=7200
check-kernel: vm_scripts := tests/vm/machine.sh
check-kernel-short: vm_set := TEST_TIMEOUT=3600

check-kernel check-kernel-short: tests $(vm_programs)
	@status=0; \
	$(vm_set) VM_CPUS=2 $(test_environment) \
		tests/run $(vm_scripts) $(CHECK_KERNELS:%=tests/vm/kernel-%.sh) \
		>$(B)/check-kernel.log || status=$$?; \
	grep -v '^[0-9]* passed' $(B)/check-kernel.log; \
	for table in $(CHECK_KERNELS:%=$(B)/kernels/%/last/table); do \
		[ ! -e $$table ] || { echo; cat $$table; }; done; \
	tail -n 1 $(B)/check-kernel.log; exit $$status

# On a kernel of our own that looks for mistakes: it takes a quarter of an hour to build, once,
# and an hour to run.  DEBUG_PARTS: some of uapi libbinder storm reload faults loading.
tests_vm_debug_CFLAGS := -Idriver
debug_programs := $(B)/tests/debug-faults $(B)/tests/debug-reload $(B)/tests/debug-loading

$(B)/tests/debug-faults: $(call objects-of,tests/vm/debug/faults.c tests/vm/debug/scenario.c)
$(B)/tests/debug-reload: $(call objects-of,tests/vm/debug/reload.c)
$(B)/tests/debug-loading: $(call objects-of,tests/vm/debug/loading.c)
$(debug_programs):
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

check-kernel-debug: tests $(debug_programs)
	@$(test_environment) tests/vm/debug/check.sh $(DEBUG_PARTS) >$(B)/check-kernel-debug.tap; \
	grep -v '^ok ' $(B)/check-kernel-debug.tap; \
	echo "$$(grep -c '^ok ' $(B)/check-kernel-debug.tap) passed," \
		"$$(grep -c '^not ok ' $(B)/check-kernel-debug.tap) failed"; \
	! grep -q -e '^not ok ' $(B)/check-kernel-debug.tap
