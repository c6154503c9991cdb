# SPDX-License-Identifier: MIT
# tests/aidl_c: C made from AIDL: what it says, whether it agrees with the codec
# byte by byte, and whether Android's own compiler writes the same.
# The scripts compile what binderctl has made; AIDLC_CC is how.

$(B)/tests/aidl-random: $(B)/obj/tests/aidl_c/random.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

tests: $(B)/tests/aidl-random
test_scripts += $(addprefix tests/aidl_c/,generate.sh agree.sh oracle.sh example.sh)

export AIDLC_CC := $(CC) $(SAN_FLAGS)
