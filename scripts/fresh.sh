#!/bin/bash
# SPDX-License-Identifier: MIT
#
# fresh.sh: a fresh Debian in a folder, and commands that run in it.
#
#   fresh.sh base SUITE          debootstraps a minimal SUITE (bookworm, trixie) into
#                                build/fresh/SUITE.base, once; prints that path
#   fresh.sh run [--throwaway] [--share FOLDER] ROOT COMMAND...
#                                runs COMMAND as root with ROOT as its file system
#
# --throwaway keeps ROOT as it is: changes go to a layer that is removed afterwards.
# --share makes FOLDER visible as /share.  FRESH names another folder than build/fresh, MIRROR
# another mirror than that of this machine's package sources.  Packages that were downloaded for
# ROOT are kept in $FRESH/archives.
#
# Called by check-fresh.sh, deb.sh and try-packages.sh.  Needs root, for debootstrap and for
# mounts; these are in a namespace of their own and end with the command.
set -u
cd "$(dirname "$0")/.." || exit 1

die() {
	echo "fresh.sh: $*" >&2
	exit 1
}

[ "$(id -u)" = 0 ] || die "needs root; try: sudo"
for command in debootstrap unshare pivot_root; do
	command -v "$command" >/dev/null ||
		die "there is no $command; try: apt-get install debootstrap util-linux"
done
mkdir -p "${FRESH:=build/fresh}" && FRESH=$(cd "$FRESH" && pwd) || exit 1
export FRESH

# ---- base -------------------------------------------------------------------------------

# The address below which this machine finds suites that match a pattern.
mirror_of() {
	apt-get update --print-uris -o Dir::State::lists="$FRESH/nothing" 2>/dev/null |
		sed -n "s|^'\([^']*\)/dists/$1/[^']*' .*|\1|p" | head -n 1
}

make_base() {
	local suite=$1 root=$FRESH/$1.base mirror security

	mkdir -p "$FRESH/nothing/partial"
	mirror=${MIRROR:-$(mirror_of '[a-z]*')}
	security=$(mirror_of '[a-z]*-security')
	rm -rf "$FRESH/nothing"
	[ -n "$mirror" ] || die "no Debian mirror in this machine's package sources; try: MIRROR=http://..."
	echo "fresh.sh: debootstrap $suite into $root" >&2
	rm -rf "$root"
	debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 ||
		die "debootstrap failed; see $root.log"
	{
		echo "deb $mirror $suite main"
		[ -z "$security" ] || echo "deb $security $suite-security main"
	} >"$root/etc/apt/sources.list"
	cp /etc/resolv.conf /etc/hosts "$root/etc/"
	# Such a root is made in minutes, and made anew if the machine fails.
	echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
	: >"$root/.made"
}

# ---- run --------------------------------------------------------------------------------

# The namespace's first process: makes the folder its root.
enter() {
	local root=$1 layer=$2 share=$3 archives

	archives=$FRESH/archives/$(basename "$1")
	mkdir -p "$archives/partial" || exit 1
	shift 3
	mount --make-rprivate / || exit 1
	if [ -n "$layer" ]; then
		mount -t overlay overlay \
			-o "lowerdir=$root,upperdir=$layer/upper,workdir=$layer/work" "$layer/root" ||
			die "cannot mount a layer over $root"
		root=$layer/root
	else
		mount --bind "$root" "$root" || exit 1
	fi
	mkdir -p "$root/share"
	[ -z "$share" ] || mount --bind "$share" "$root/share" || exit 1
	mount --bind "$archives" "$root/var/cache/apt/archives" && cd "$root" || exit 1
	mount -t proc proc proc && mount -t sysfs -o ro sysfs sys && mount -t tmpfs tmpfs run &&
		mount -t tmpfs -o mode=755 tmpfs dev || exit 1
	mkdir dev/pts dev/shm .old 2>/dev/null
	for node in null zero full random urandom tty; do
		: >"dev/$node" && mount --bind "/dev/$node" "dev/$node" || exit 1
	done
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts &&
		mount -t tmpfs -o mode=1777 tmpfs dev/shm || exit 1
	ln -s pts/ptmx dev/ptmx
	ln -s /proc/self/fd dev/fd
	for number in 0:stdin 1:stdout 2:stderr; do
		ln -s "/proc/self/fd/${number%:*}" "dev/${number#*:}"
	done
	# Not chroot: there a process may make no namespaces.
	pivot_root . .old && umount -l .old || exit 1
	cd / || exit 1
	exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		TERM=dumb DEBIAN_FRONTEND=noninteractive "$@"
}

run() {
	local layer='' share='' root

	while :; do
		case $1 in
		--throwaway)
			layer=$(mktemp -d "$FRESH/layer.XXXXXX") || exit 1
			mkdir "$layer/upper" "$layer/work" "$layer/root"
			chmod 755 "$layer/upper"
			# shellcheck disable=SC2064 # the folder of this run, now
			trap "rm -rf '$layer'" EXIT
			shift ;;
		--share)
			share=$(cd "$2" && pwd) || exit 1
			shift 2 ;;
		*)
			break ;;
		esac
	done
	root=$(cd "$1" && pwd) || exit 1
	shift
	# The command's processes, and its mounts, end with it.
	unshare --mount --pid --fork --kill-child \
		bash scripts/fresh.sh enter "$root" "$layer" "$share" "$@"
}

case ${1:-} in
base)
	case ${2:-} in
	bookworm|trixie) ;;
	*) die "SUITE is bookworm or trixie, not '${2:-}'" ;;
	esac
	[ -e "$FRESH/$2.base/.made" ] || make_base "$2"
	echo "$FRESH/$2.base" ;;
run)
	shift
	[ $# -ge 2 ] || die "usage: fresh.sh run [--throwaway] [--share FOLDER] ROOT COMMAND..."
	run "$@" ;;
enter)
	shift
	enter "$@" ;;
*)
	die "usage: fresh.sh base SUITE | run [--throwaway] [--share FOLDER] ROOT COMMAND..." ;;
esac
