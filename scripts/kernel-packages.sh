#!/bin/sh
# SPDX-License-Identifier: MIT
#
# kernel-packages.sh VERSION [PART]...: a stock Debian kernel in build/kernels/VERSION.
#
# VERSION is a series such as 6.1, 6.12 or 7.2, or "newest": the newest kernel that
# Debian 13 backports.  PART is image (the kernel and its modules, to boot) or
# headers (to build a module against), both when none is named.  Nothing is
# installed and the machine's package sources stay as they are: packages are
# fetched with a configuration of apt's that lives in build/kernels/apt, from the
# mirrors that the machine already uses, checked with Debian's keyring, and
# unpacked.  Any user may run it.  What is there is not fetched again, so that
# later runs use no network; rm -rf build/kernels/VERSION gets the newest.
#
# Headers come with programs, and name a compiler, of the Debian that the kernel is
# from.  Where this machine cannot run them, compiler and libraries of that Debian
# are fetched, too, into build/kernels/tools-SUITE.
#
# Leaves behind, for whoever boots or builds:
#   build/kernels/VERSION/release     the name, such as 6.1.0-56-amd64
#   build/kernels/VERSION/vmlinuz     -> the kernel
#   build/kernels/VERSION/modules     -> the folder of its modules
#   build/kernels/VERSION/headers     -> usr/src/linux-headers-RELEASE
# so: make -C build/kernels/VERSION/headers M=$PWD/DIR CONFIG_DEBUG_INFO_BTF_MODULES= modules
# (without the last, 6.12 and later want pahole).  install-deps.sh kernel gets the compiler.
#
# Exit status: 0 it is there; 1 it failed; 3 this is no machine for it.
# Called by tests/vm and by what builds the module.
set -u
cd "$(dirname "$0")/.." || exit 1

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
kernels=$PWD/build/kernels

say() {
	echo "kernel-packages.sh: $*" >&2
}

die() {
	say "$@"
	exit 1
}

unable() {
	say "$@"
	exit 3
}

usage() {
	echo "usage: kernel-packages.sh 6.1|6.12|7.2|...|newest [image] [headers]" >&2
	exit 2
}

# ---- apt, as if on a machine of its own ------------------------------------------

private_apt() {
	APT_CONFIG=$kernels/apt/apt.conf "$@"
}

# The address below which the machine itself finds suites that match a pattern.
# `update --print-uris` reads every format of sources, and needs no lists.
mirror_of() {
	mkdir -p "$kernels/apt/nothing/partial" || exit 1
	apt-get update --print-uris -o Dir::State::lists="$kernels/apt/nothing" 2>/dev/null |
		sed -n "s|^'\([^']*\)/dists/$1/[^']*' .*|\1|p" | head -n 1
}

# write_config [SUITE]: for the suite, its security updates, and one more.
write_config() {
	main=$(mirror_of "$VERSION_CODENAME")
	security=$(mirror_of "$VERSION_CODENAME-security")
	[ -n "$main" ] || die "no Debian mirror in the machine's package sources" \
		"(/etc/apt/sources.list, /etc/apt/sources.list.d)"
	mkdir -p "$kernels/apt/lists/partial" "$kernels/apt/cache/archives/partial" || exit 1
	: >"$kernels/apt/status"
	{
		echo "deb [signed-by=$keyring] $main $suite main"
		[ -z "$security" ] || echo "deb [signed-by=$keyring] $security $suite-security main"
		[ $# = 0 ] || echo "deb [signed-by=$keyring] $main $1 main"
	} >"$kernels/apt/sources.list"
	# The sandbox user often cannot enter a build folder; what is fetched is
	# checked by its hash either way.
	cat >"$kernels/apt/apt.conf" <<-END
	Dir::Etc::sourcelist "$kernels/apt/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	Dir::State "$kernels/apt";
	Dir::State::lists "$kernels/apt/lists";
	Dir::State::status "$kernels/apt/status";
	Dir::Cache "$kernels/apt/cache";
	Dir::Log "$kernels/apt";
	APT::Sandbox::User "";
	APT::Get::List-Cleanup "true";
	APT::Architecture "amd64";
	APT::Update::Post-Invoke-Success "";
	Acquire::Languages "none";
	Acquire::Retries "2";
	END
}

# The newest kernel of a version whose image and headers are both to be had: an image
# is signed after it was built, so the archive has the headers some days before.
newest() {
	case $version in
	newest) series='[0-9]*\.[0-9]*' ;;
	*) series=$(echo "$version" | sed 's/\./\\./g') ;;
	esac
	private_apt apt-cache pkgnames linux-headers- |
		sed -n "s/^linux-headers-\($series\.[0-9][0-9a-z.+~-]*-amd64\)\$/\1/p" |
		grep -v -e '-rt-amd64$' -e '-cloud-amd64$' | sort -rV |
		while read -r candidate; do
			is_complete "$candidate" || continue
			echo "$candidate"
			break
		done
}

is_complete() {
	for package in $(with_needed "linux-image-$1"); do
		private_apt apt-cache madison "$package" | grep -q . || return 1
	done
}

update() {
	private_apt apt-get -qq update >&2 || die "apt-get update failed; is there a network?"
}

# In the suite itself or in its backports; "newest" in the latter only.
find_release() {
	if [ "$version" != newest ]; then
		write_config
		update
		release=$(newest)
		[ -z "$release" ] || return 0
	fi
	write_config "$suite-backports"
	update
	release=$(newest)
	[ -n "$release" ] || die "Debian's archive has no kernel $version for $suite"
}

# ---- unpacking -------------------------------------------------------------------

# A package and those of the kernel's own packages that it needs.
with_needed() {
	echo "$1"
	private_apt apt-cache depends --important "$1" 2>/dev/null |
		sed -n 's/^ *|*Depends: \(linux-\(headers\|kbuild\|binary\|modules\)-.*\)$/\1/p' |
		while read -r needed; do
			with_needed "$needed"
		done
}

# unpack FOLDER PACKAGE...: fetches packages and unpacks them in the folder.
unpack() {
	into=$1
	shift
	fetched=$kernels/apt/fetched-$version
	rm -rf "$fetched"
	mkdir -p "$fetched" || exit 1
	say "fetching $*"
	(cd "$fetched" && private_apt apt-get -qq download "$@" >&2) || die "apt-get download failed"
	for package in "$fetched"/*.deb; do
		dpkg-deb -x "$package" "$into" || die "cannot unpack ${package##*/}"
	done
	rm -rf "$fetched"
	# Symbols and documents are of no use to anybody here.
	rm -rf "$into/usr/share/doc" "$into/usr/share/lintian" "$into/usr/share/man"
}

# Up to 6.19 one package in /boot and /lib; from 7.0 on two, all of it below /usr/lib.
get_image() {
	# shellcheck disable=SC2046 # names of packages
	unpack "$root" $(with_needed "linux-image-$release" | sort -u)
	for prefix in '' usr/; do
		modules=${prefix}lib/modules/$release
		[ ! -d "$root/$modules/kernel" ] || ln -sfn "$modules" "$root/modules"
		for image in "boot/vmlinuz-$release" "$modules/vmlinuz"; do
			[ ! -e "$root/$image" ] || ln -sfn "$image" "$root/vmlinuz"
		done
	done
	[ -e "$root/vmlinuz" ] || die "no kernel in linux-image-$release"
	[ -e "$root/modules/" ] || die "no modules in linux-image-$release"
}

# They name the folder below /usr/src that they expect each other in.
get_headers() {
	# shellcheck disable=SC2046 # names of packages
	unpack "$root" $(with_needed "linux-headers-$release" | sort -u)
	headers=$root/usr/src/linux-headers-$release
	grep -l "/usr/src/linux-headers" "$headers/Makefile" "$headers/.kernelvariables" 2>/dev/null |
		xargs -r sed -i "s|\([ =]\)/usr/src/linux-headers|\1$root/usr/src/linux-headers|"
	compiler=$(sed -n 's/^CC *=.*)\(gcc-[0-9]*\)$/\1/p' "$headers/.kernelvariables")
	runs_here || use_tools
	ln -sfn "usr/src/linux-headers-$release" "$root/headers"
}

# ---- compiler and programs of another Debian ------------------------------------------

# Are compiler and libraries here that the headers want?
runs_here() {
	{ [ -z "$compiler" ] || command -v "x86_64-linux-gnu-$compiler" >/dev/null; } &&
		! ldd "$headers/scripts/basic/fixdep" "$headers/scripts/mod/modpost" 2>&1 |
			grep -q 'not found'
}

# Programs in the folders are to be run with the libraries of $tools.
adopt() {
	loader=$(find "$tools/" -type f -name 'ld-linux-x86-64.so.2' -print -quit)
	libraries=$tools/usr/lib/x86_64-linux-gnu:$tools/lib/x86_64-linux-gnu
	# What has no interpreter is a script; the C library has one, and needs none of this.
	find "$@" -type f -perm -u+x ! -name '*.so*' | while read -r program; do
		patchelf --print-interpreter "$program" >/dev/null 2>&1 || continue
		patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" \
			"$program" || exit
	done
}

# Libraries of the compiler's passes and of the kernel's own programs.
get_tools() {
	private_apt apt-get -s --no-install-recommends install "$compiler" \
		"linux-headers-$release" | sed -n 's/^Inst \([^ ]*\) .*/\1/p' |
		grep -E -e "^(gcc|cpp)-[0-9]+(-x86-64-linux-gnu)?\$" -e '^zlib1g$' \
			-e '^lib(c6|elf1|elf1t64|gcc-s1|gmp10|isl23|mpc3|mpfr6|ssl3|ssl3t64|stdc..6|zstd1|crypto3)$' \
			>"$kernels/apt/tools"
	grep -qx libc6 "$kernels/apt/tools" || die "apt does not find $compiler for $suite"
	# shellcheck disable=SC2046 # names of packages
	unpack "$tools" $(cat "$kernels/apt/tools")
	adopt "$tools/usr" || die "patchelf failed"
}

use_tools() {
	command -v patchelf >/dev/null ||
		unable "there is no patchelf, without which $compiler of $suite does not run here"
	tools=$kernels/tools-$suite
	if [ ! -e "$tools/.$compiler" ]; then
		get_tools
		: >"$tools/.$compiler"
	fi
	adopt "$root/usr/lib/linux-kbuild-"* || die "patchelf failed"
	sed -i "s|^\(CC *=\).*|\1 $tools/usr/bin/x86_64-linux-gnu-$compiler|" "$headers/.kernelvariables"
}

# ---- what is asked for -----------------------------------------------------------

# Debian 12 has 6.1 and, as a backport, 6.12.  All later ones are Debian 13's.
case ${1:-} in
6.?|6.1[0-2]) suite=bookworm ;;
[0-9]*.[0-9]*|newest) suite=trixie ;;
*) usage ;;
esac
version=$1
shift
[ $# -gt 0 ] || set -- image headers
for part; do
	case $part in
	image|headers) ;;
	*) usage ;;
	esac
done
root=$kernels/$version

wanted=
for part; do
	[ -e "$root/.$part" ] || wanted="$wanted $part"
done
[ -n "$wanted" ] || exit 0

[ "$(uname -m)" = x86_64 ] || unable "only for x86-64, this is $(uname -m)"
ID='' VERSION_CODENAME=''
# shellcheck source=/dev/null # the machine's
. /etc/os-release
[ "$ID" = debian ] || unable "only on Debian, this is ${ID:-unknown}"
[ -e "$keyring" ] || unable "no $keyring; try: apt-get install debian-archive-keyring"

mkdir -p "$root" || exit 1
# One at a time: a second caller waits, and finds it done.
exec 9>"$kernels/.lock"
flock 9
find_release
# Image and headers of one release only.
if [ -e "$root/.image" ] || [ -e "$root/.headers" ]; then
	release=$(cat "$root/release")
fi
echo "$release" >"$root/release"
for part in $wanted; do
	[ ! -e "$root/.$part" ] || continue
	"get_$part"
	: >"$root/.$part"
done
say "kernel $release is in build/kernels/$version"
