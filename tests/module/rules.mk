# SPDX-License-Identifier: MIT
# tests/module: the kernel module's packaging; and the storm, which runs where the
# module is loaded: tests/vm/vm.sh -m MODULE KERNEL tests/module/storm.sh.  `make
# bench-kernel` sets it beside upstream's (BENCH_KERNELS=6.1: on that kernel alone).

test_scripts += tests/module/package.sh

tests_module_CFLAGS := -Idriver

$(B)/tests/module-%: $(B)/obj/tests/module/%.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

.SECONDARY: $(addprefix $(B)/obj/tests/module/,storm.o cost.o stalled.o)

tests: $(addprefix $(B)/tests/module-,storm cost stalled)

BENCH_KERNELS ?= 6.1 6.12

.PHONY: bench-kernel
bench-kernel: $(B)/tests/module-cost
	@BUILD=$(B) tests/module/bench.sh $(BENCH_KERNELS)
