#!/bin/bash
# SPDX-License-Identifier: MIT
#
# vm.sh [OPTION]... KERNEL COMMAND...: runs a command under a stock kernel.
#
# Boots KERNEL (6.1, 6.12, 7.2, newest, or a folder such as scripts/kernel-packages.sh makes)
# in QEMU, without hardware's help and as any user, with this machine's files as
# its own, read-only, and /tmp, /run and /dev of its own.  The command runs as
# root in the current folder; /tmp/share is a folder that stays.
#
#   -m MODULE   load a module first, "FILE [PARAMETER=VALUE]..."; "upstream" is the
#               kernel's own binder_linux with devices binder, hwbinder, vndbinder
#   -p N        processors (2)
#   -r MB       memory (1024)
#   -t SECONDS  may take this long in all (120)
#   -i          count instructions: one per nanosecond of its clock, N must be 1
#   -o FOLDER   what becomes /tmp/share; stdout, stderr, kernel.log and console.log
#               are left there
#
# Exit status: the command's; 125 when the machine broke down, ran out of time, or
# its kernel complained (warning, oops, leak, lock order): a line says which.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

smp=2 memory=1024 limit=120 share='' modules=() clock=()
upstream='devices=binder,hwbinder,vndbinder'

usage() {
	sed -n '4,/^set/s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

broken() {
	echo "vm.sh: $*" >&2
	exit 125
}

while getopts m:p:r:t:io: option; do
	case $option in
	m) modules+=("$OPTARG") ;;
	p) smp=$OPTARG ;;
	r) memory=$OPTARG ;;
	t) limit=$OPTARG ;;
	i) clock=(-icount "shift=0,sleep=off") smp=1 ;;
	o) share=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || usage
kernel=$1
shift

case $kernel in
*/*) kernel=$(cd "$kernel" && pwd) || exit 125 ;;
*)
	"$root/scripts/kernel-packages.sh" "$kernel" image || exit 125
	"$here/initramfs.sh" "$kernel" || broken "no initramfs for $kernel"
	kernel=$root/build/kernels/$kernel ;;
esac

if [ -z "$share" ]; then
	share=$(mktemp -d) || exit 125
	trap 'rm -rf "$share"' EXIT
fi
mkdir -p "$share" && share=$(cd "$share" && pwd) || exit 125
rm -f "$share/status" "$share/kernel.log"

# ---- what init reads -------------------------------------------------------------

# A function for init that loads what was asked for.
setup() {
	local module words

	printf 'directory=%q\n' "$root"
	printf 'load_modules() {\n\t:\n'
	for module in "${modules[@]}"; do
		[ "$module" != upstream ] || module="$kernel/binder_linux.ko $upstream"
		read -ra words <<<"$module"
		words[0]=$(realpath "${words[0]}") || return
		printf '\tload'
		printf ' %q' "${words[@]}"
		printf '\n'
	done
	echo '}'
}

# The command, as it would run here.
command_line() {
	printf 'cd %q || exit 126\n' "$PWD"
	printf 'export PATH=%q HOME=/tmp TERM=dumb LC_ALL=C.UTF-8\n' "$PATH"
	printf 'exec'
	printf ' %q' "$@"
	printf '\n'
}

setup >"$share/setup" || broken "no such module"
command_line "$@" >"$share/command"

# ---- the machine -----------------------------------------------------------------

# A warning and what follows it reach the console even when nothing else does any more.
arguments="console=ttyS0 loglevel=5 panic=-1 oops=panic random.trust_cpu=on tsc=reliable \
mitigations=off nokaslr no_timer_check softlockup_all_cpu_backtrace=0 rdinit=/init"

# In the foreground: whoever ends this script by its group ends the machine too.
run_machine() {
	rm -f "$share/began" "$share/console.log"
	timeout --foreground -k 5 "$limit" qemu-system-x86_64 -accel tcg "${clock[@]}" -cpu max,la57=off \
		-smp "$smp" -m "$memory" -nodefaults -no-user-config -display none -no-reboot \
		-kernel "$kernel/vmlinuz" -initrd "$kernel/initramfs" -append "$arguments" \
		-serial "file:$share/console.log" \
		-virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap" \
		-virtfs "local,path=$share,mount_tag=share,security_model=none" \
		</dev/null >"$share/qemu.log" 2>&1
	ended=$?
}

# A kernel patches its own code while it starts, and QEMU's emulator now and then lets
# another processor run into the half of it ("Oops: int3").  Nothing of ours has run then.
for _ in 1 2 3; do
	run_machine
	[ ! -e "$share/began" ] || break
	case $ended in 124|137) break ;; esac
	echo "vm.sh: the kernel did not come up (see $share/console.log)" >&2
done

cat "$share/stdout" 2>/dev/null
cat "$share/stderr" >&2 2>/dev/null
complaints=$("$here/complaints.sh" "$share/console.log" "$share/kernel.log")
if [ -n "$complaints" ]; then
	echo "$complaints" >&2
	broken "the kernel complained"
fi
case $ended in
124|137) broken "not done within $limit seconds" ;;
esac
if [ ! -s "$share/status" ]; then
	tail -n 20 "$share/console.log" "$share/qemu.log" >&2
	broken "the machine broke down (status $ended)"
fi
exit "$(cat "$share/status")"
