# SPDX-License-Identifier: MIT
# tests/uapi: black-box tests of <linux/android/binder.h>, for any device.  The
# program links nothing of ours; uapi.sh runs it on a daemon with the preload library.

uapi_sources := $(wildcard tests/uapi/*.c)

$(B)/tests/binder-uapi: $(call objects-of,$(uapi_sources))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

tests: $(B)/tests/binder-uapi

test_scripts += tests/uapi/uapi.sh tests/uapi/table.sh
