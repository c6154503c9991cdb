#!/bin/bash
# SPDX-License-Identifier: MIT
#
# kernel.sh KERNEL PART...: the parts of inside.sh on a stock kernel, as TAP.
#
# Called by kernel-6.1.sh and its fellows, for tests/run.  One skip when the
# machine or the kernel cannot be had.  Leaves everything that was said in
# build/kernels/KERNEL/last, and the comparison of the homes in last/table.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
export BUILD
kernel=$1
shift
last=$PWD/build/kernels/$kernel/last

leave_out() {
	echo "1..0 # SKIP no test on the kernel's own driver ($kernel): $*"
	exit 0
}

case $BUILD in
*san-*) leave_out "a sanitizer's build would take hours in an emulator" ;;
esac
for command in qemu-system-x86_64 busybox cpio; do
	command -v "$command" >/dev/null || leave_out "there is no $command"
done
why=$(scripts/kernel-packages.sh "$kernel" image 2>&1) || leave_out "$(tail -n 1 <<<"$why")"

modules=(-m upstream)
ours=$(tests/vm/module.sh "$kernel" 2>"build/kernels/$kernel/module.log") || {
	sed 's/^/# /' "build/kernels/$kernel/module.log"
	echo "not ok 1 - $kernel our module builds"
	echo "1..1"
	exit 1
}
[ -z "$ours" ] || modules+=(-m "$ours devices=our_binder,our_hwbinder,our_vndbinder")
BINDER_MODULE=$(basename "$ours" .ko)

rm -rf "$last"
# To be over before tests/run ends it, and with it what there is to say.
tests/vm/vm.sh -t "$((${TEST_TIMEOUT:-1800} - SECONDS - 10))" -p "${VM_CPUS:-1}" -o "$last" "${modules[@]}" \
	"$kernel" env BUILD="$BUILD" BINDER_MODULE="$BINDER_MODULE" bash tests/vm/inside.sh "$@" \
	>"$last.tap" 2>"$last.err"
status=$?
mv "$last.tap" "$last/tap"
mv "$last.err" "$last/err"

sed "s/^\(\(not \)\{0,1\}ok [0-9]* - \)/\1$kernel /" "$last/tap"
number=$(grep -c -e '^ok ' -e '^not ok ' "$last/tap")

result() {
	number=$((number + 1))
	echo "$1 $number - $kernel $2"
}

if [ "$status" = 125 ]; then
	sed 's/^/# /' "$last/err"
	result "not ok" "kernel runs to the end and its log holds no complaint"
else
	result "ok" "kernel runs to the end and its log holds no complaint"
fi
homes=()
for home in upstream module binderd; do
	[ ! -s "$last/$home.tap" ] || homes+=("$last/$home.tap")
done
if [ "${#homes[@]}" -gt 0 ]; then
	if { echo "kernel $(cat "build/kernels/$kernel/release")"
		tests/vm/compare.sh "${homes[@]}"; } >"$last/table"; then
		result "ok" "homes differ only in what is listed"
	else
		sed 's/^/# /' "$last/table"
		result "not ok" "homes differ only in what is listed"
	fi
fi
echo "1..$number"
