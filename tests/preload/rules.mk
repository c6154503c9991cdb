# SPDX-License-Identifier: MIT
# tests/preload: a program that uses /dev/binder as any would, run with the library
# that gives it one.  It links nothing of ours.

ifeq ($(SAN),)
$(B)/tests/preload-device-user: $(call objects-of,$(addprefix tests/preload/,device_user.c \
		device_user_fork.c device_user_files.c device_talk.c))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

tests: $(B)/tests/preload-device-user $(B)/lib/libbinder-preload.so
endif

test_scripts += tests/preload/preload.sh
