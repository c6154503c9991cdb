#!/bin/bash
# SPDX-License-Identifier: MIT
#
# kernel-7.2.sh: the tests on a stock 7.2 kernel; VM_PARTS says which (see inside.sh).
# shellcheck disable=SC2086 # a list of words
exec "$(dirname "$0")/kernel.sh" 7.2 ${VM_PARTS:-drivers module device}
