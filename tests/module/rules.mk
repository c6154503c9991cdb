# SPDX-License-Identifier: MIT
# tests/module: the kernel module's packaging; and the storm, which runs where the
# module is loaded: tests/vm/vm.sh -m MODULE KERNEL tests/module/storm.sh.  cost counts
# instructions, also upstream's:
# tests/vm/vm.sh -i -m upstream KERNEL build/tests/module-cost /dev/binder.

test_scripts += tests/module/package.sh

tests_module_CFLAGS := -Idriver

$(B)/tests/module-%: $(B)/obj/tests/module/%.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

.SECONDARY: $(B)/obj/tests/module/storm.o $(B)/obj/tests/module/cost.o

tests: $(B)/tests/module-storm $(B)/tests/module-cost
