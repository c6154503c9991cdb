#!/bin/sh
# SPDX-License-Identifier: MIT
#
# kernel-packages.sh VERSION [PART]...: a stock Debian kernel in build/kernels/VERSION.
#
# VERSION is 6.1 or 6.12; PART is image (the kernel and its modules, to boot) or
# headers (to build a module against), both when none is named.  Nothing is
# installed and the machine's package sources stay as they are: packages are
# fetched with a configuration of apt's that lives in build/kernels/apt, from the
# mirrors that the machine already uses, checked with Debian's keyring, and
# unpacked.  Any user may run it.  What is there is not fetched again, so that
# later runs use no network; rm -rf build/kernels/VERSION gets the newest.
#
# Leaves behind, for whoever boots or builds:
#   build/kernels/VERSION/release     the name, such as 6.1.0-56-amd64
#   build/kernels/VERSION/vmlinuz     -> boot/vmlinuz-RELEASE
#   build/kernels/VERSION/modules     -> lib/modules/RELEASE
#   build/kernels/VERSION/headers     -> usr/src/linux-headers-RELEASE
# so: make -C build/kernels/VERSION/headers M=$PWD/DIR CONFIG_DEBUG_INFO_BTF_MODULES= modules
# (without the last, 6.12 wants pahole).  install-deps.sh kernel gets the compiler.
#
# Exit status: 0 it is there; 1 it failed; 3 this is no machine for it.
# Called by tests/vm and by what builds the module.
set -u
cd "$(dirname "$0")/.." || exit 1

# Debian 12 has both: 6.1 is its own, 6.12 is offered beside it.
suite=bookworm
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
	echo "usage: kernel-packages.sh 6.1|6.12 [image] [headers]" >&2
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
	pattern=$(echo "$version" | sed 's/\./\\./g')
	private_apt apt-cache pkgnames "linux-headers-$version" |
		sed -n "s/^linux-headers-\($pattern\.[0-9][0-9a-z.+~-]*-amd64\)\$/\1/p" |
		grep -v -e '-rt-amd64$' -e '-cloud-amd64$' | sort -rV |
		while read -r candidate; do
			private_apt apt-cache madison "linux-image-$candidate" | grep -q . || continue
			echo "$candidate"
			break
		done
}

update() {
	private_apt apt-get -qq update >&2 || die "apt-get update failed; is there a network?"
}

find_release() {
	write_config
	update
	release=$(newest)
	[ -z "$release" ] || return 0
	write_config "$suite-backports"
	update
	release=$(newest)
	[ -n "$release" ] || die "Debian's archive has no kernel $version for $suite"
}

# ---- unpacking -------------------------------------------------------------------

# A package and those of the kernel's own packages that it needs.
with_needed() {
	echo "$1"
	private_apt apt-cache depends --important "$1" |
		sed -n 's/^ *|*Depends: \(linux-\(headers\|kbuild\)-.*\)$/\1/p' |
		while read -r needed; do
			with_needed "$needed"
		done
}

# Fetches packages and unpacks them below $root.
unpack() {
	fetched=$kernels/apt/fetched-$version
	rm -rf "$fetched"
	mkdir -p "$fetched" || exit 1
	say "fetching $*"
	(cd "$fetched" && private_apt apt-get -qq download "$@" >&2) || die "apt-get download failed"
	for package in "$fetched"/*.deb; do
		dpkg-deb -x "$package" "$root" || die "cannot unpack ${package##*/}"
	done
	rm -rf "$fetched"
}

get_image() {
	unpack "linux-image-$release"
	# Symbols and documents are of no use to anybody here.
	rm -rf "$root/usr/share/doc" "$root/usr/share/lintian"
	ln -sfn "boot/vmlinuz-$release" "$root/vmlinuz"
	ln -sfn "lib/modules/$release" "$root/modules"
}

# They name the folder below /usr/src that they expect each other in.
get_headers() {
	# shellcheck disable=SC2046 # names of packages
	unpack $(with_needed "linux-headers-$release" | sort -u)
	rm -rf "$root/usr/share/doc" "$root/usr/share/lintian"
	grep -l "/usr/src/linux-headers" "$root/usr/src/linux-headers-$release/Makefile" \
		"$root/usr/src/linux-headers-$release/.kernelvariables" 2>/dev/null |
		xargs -r sed -i "s|\([ =]\)/usr/src/linux-headers|\1$root/usr/src/linux-headers|"
	ln -sfn "usr/src/linux-headers-$release" "$root/headers"
}

# ---- what is asked for -----------------------------------------------------------

case ${1:-} in
6.1|6.12) version=$1 ;;
*) usage ;;
esac
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
