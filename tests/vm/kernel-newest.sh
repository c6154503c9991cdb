#!/bin/bash
# SPDX-License-Identifier: MIT
#
# kernel-newest.sh: the tests on the newest kernel that Debian 13 backports; VM_PARTS says
# which (see inside.sh).
# shellcheck disable=SC2086 # a list of words
exec "$(dirname "$0")/kernel.sh" newest ${VM_PARTS:-drivers module device}
