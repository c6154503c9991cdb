#!/bin/bash
# SPDX-License-Identifier: MIT
#
# module.sh KERNEL: builds our module for a stock kernel; prints where it is.  Fails when it
# needs what an unpatched kernel does not export.
#
# Called by kernel.sh.  BINDER_MODULE_FILE names one that is built already, and is
# "none" to compare upstream's driver and binderd alone.
set -eu
cd "$(dirname "$0")/../.."

case ${BINDER_MODULE_FILE:-} in
none) exit 0 ;;
?*) echo "$BINDER_MODULE_FILE"; exit 0 ;;
esac
[ -e driver/linux/Kbuild ] || exit 0
scripts/kernel-packages.sh "$1" headers >&2
folder=$PWD/build/kernels/$1/module
driver/linux/stage.sh "$folder" >&2
# Debian's later ones would want pahole for what nobody here reads.
make -s -C "build/kernels/$1/headers" M="$folder" CONFIG_DEBUG_INFO_BTF_MODULES= modules >&2
driver/linux/check-symbols.sh "$folder/binder_any.ko" "build/kernels/$1/headers/Module.symvers" >&2
echo "$folder/binder_any.ko"
