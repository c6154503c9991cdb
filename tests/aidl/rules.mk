# SPDX-License-Identifier: MIT
# tests/aidl: the AIDL front end, on texts in memory and files in a private folder.

tests_aidl_CFLAGS := -Ilibbinder/include $(CHECK_CFLAGS)

$(B)/tests/aidl-tests: $(call objects-of,$(wildcard tests/aidl/*.c)) $(B)/lib/libbinder.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS)

test_programs += $(call single-threaded,$(B)/tests/aidl-tests)
tests: $(call single-threaded,$(B)/tests/aidl-tests)
