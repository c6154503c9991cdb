#!/bin/bash
# SPDX-License-Identifier: MIT
#
# kernel-6.1.sh: the tests on a stock 6.1 kernel; VM_PARTS says which (see inside.sh).
# The first run fetches the kernel and builds the module.
# shellcheck disable=SC2086 # a list of words
exec "$(dirname "$0")/kernel.sh" 6.1 ${VM_PARTS:-drivers module device}
