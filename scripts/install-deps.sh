#!/bin/sh
# SPDX-License-Identifier: MIT
#
# install-deps.sh [SET | --if-possible=SET]...: sees to it that what the build
# needs is installed.  `make demo` and `make check` call it first.  Sets beside the
# usual one: valgrind, lint, fuzz, fresh, kernel, kernel-build, oracle, shells.  What cannot be had of a set
# that is wanted only if possible is named, and no failure.
#
# Says nothing and uses no network when nothing is missing.  On Debian and its
# relatives it installs with apt-get (through sudo where needed) after saying
# which packages; elsewhere it names them and the command to type.

# Android's own AIDL compiler (oracle) is packaged by Debian alone.
#
# name : Debian : Fedora : Arch : openSUSE : Alpine : how to see that it is there
#   command NAME | header NAME | pc NAME (pkg-config) | lib NAME | fuzzer (clang's libFuzzer)
table='
make      : make : make : make : make : make : command make
cc        : gcc : gcc : gcc : gcc : gcc : command cc
libc      : libc6-dev : glibc-devel : glibc : glibc-devel : musl-dev : header stdio.h
headers   : linux-libc-dev : kernel-headers : linux-api-headers : linux-glibc-devel : linux-headers : header linux/android/binder.h
pkgconfig : pkg-config : pkgconf-pkg-config : pkgconf : pkg-config : pkgconf : command pkg-config
lua       : lua5.4 : lua : lua : lua54 : lua5.4 : command lua5.4 lua
luadev    : liblua5.4-dev : lua-devel : lua : lua54-devel : lua5.4-dev : pc lua5.4 lua54 lua-5.4 lua
readline  : libreadline-dev : readline-devel : readline : readline-devel : readline-dev : header readline/readline.h
ncurses   : libncurses-dev : ncurses-devel : ncurses : ncurses-devel : ncurses-dev : header curses.h
check     : check : check-devel : check : check-devel : check-dev : pc check
jansson   : libjansson-dev : jansson-devel : jansson : libjansson-devel : jansson-dev : pc jansson
mandoc    : mandoc : mandoc : mandoc : mandoc : mandoc : command mandoc
valgrind@valgrind : valgrind : valgrind : valgrind : valgrind : valgrind : command valgrind
clang@lint   : clang : clang : clang : clang : clang : command clang
format@lint  : clang-format : clang-tools-extra : clang : clang-tools : clang-extra-tools : command clang-format
cppcheck@lint : cppcheck : cppcheck : cppcheck : cppcheck : cppcheck : command cppcheck
sparse@lint : sparse : sparse : sparse : sparse : sparse : command sparse
shellcheck@lint : shellcheck : ShellCheck : shellcheck : ShellCheck : shellcheck : command shellcheck
clang@fuzz   : clang : clang : clang : clang : clang : command clang
qemu@kernel  : qemu-system-x86 : qemu-system-x86-core : qemu-system-x86 : qemu-x86 : qemu-system-x86_64 : command qemu-system-x86_64
busybox@kernel : busybox-static : busybox : busybox : busybox-static : busybox-static : command busybox
cpio@kernel  : cpio : cpio : cpio : cpio : cpio : command cpio
gcc12@kernel : gcc-12 : gcc : gcc : gcc : gcc : command gcc-12 gcc
patchelf@kernel : patchelf : patchelf : patchelf : patchelf : patchelf : command patchelf
libelf@kernel : libelf1 : elfutils-libelf : libelf : libelf1 : libelf : lib libelf.so.1
aidl@oracle  : aidl : - : - : - : - : command aidl
zsh@shells   : zsh : zsh : zsh : zsh : zsh : command zsh
fish@shells  : fish : fish : fish : fish : fish : command fish
flex@kernel-build  : flex : flex : flex : flex : flex : command flex
bison@kernel-build : bison : bison : bison : bison : bison : command bison
bc@kernel-build    : bc : bc : bc : bc : bc : command bc
xz@kernel-build    : xz-utils : xz : xz : xz : xz : command xz
elf@kernel-build   : libelf-dev : elfutils-libelf-devel : libelf : libelf-devel : elfutils-dev : header libelf.h
ssl@kernel-build   : libssl-dev : openssl-devel : openssl : libopenssl-devel : openssl-dev : header openssl/ssl.h
debootstrap@fresh : debootstrap : debootstrap : debootstrap : debootstrap : debootstrap : command debootstrap
fuzzer@fuzz  : libclang-rt-dev : compiler-rt : compiler-rt : clang : compiler-rt : fuzzer
'

# Debian keeps headers of one machine in a folder of their own.
has_header() {
	for dir in /usr/include /usr/local/include /usr/include/*-linux-gnu*; do
		[ -e "$dir/$1" ] && return 0
	done
	return 1
}

# Where pkg-config would look; starting it for each would take longer than all the rest.
has_pc() {
	for name; do
		for dir in /usr/lib/pkgconfig /usr/lib64/pkgconfig /usr/share/pkgconfig \
			/usr/local/lib/pkgconfig /usr/lib/*-linux-gnu*/pkgconfig; do
			[ -e "$dir/$name.pc" ] && return 0
		done
	done
	return 1
}

has_lib() {
	for dir in /lib /usr/lib /lib64 /usr/lib64 /usr/lib/*-linux-gnu*; do
		[ -e "$dir/$1" ] && return 0
	done
	return 1
}

# Only clang knows where it keeps it.
has_fuzzer() {
	echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return 0; }' |
		clang -x c -fsanitize=fuzzer,address,undefined - -o /dev/null 2>/dev/null
}

has_command() {
	for name; do
		command -v "$name" >/dev/null 2>&1 && return 0
	done
	return 1
}

trim() {
	trimmed=$1
	trimmed=${trimmed#"${trimmed%%[! ]*}"}
	trimmed=${trimmed%"${trimmed##*[! ]}"}
}

wanted_set() {
	case " $sets " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

# Which column of the table, and what to type.
choose_system() {
	if has_command apt-get; then
		column=1 tool="apt-get install"
	elif has_command dnf; then
		column=2 tool="dnf install"
	elif has_command pacman; then
		column=3 tool="pacman -S --needed"
	elif has_command zypper; then
		column=4 tool="zypper install"
	elif has_command apk; then
		column=5 tool="apk add"
	else
		column=1 tool=
	fi
}

collect_missing() {
	missing=
	while IFS=: read -r name debian fedora arch suse alpine look; do
		trim "$name"
		name=$trimmed
		case $name in
		'') continue ;;
		*@*) wanted_set "${name#*@}" || continue ;;
		esac
		trim "$look"
		# shellcheck disable=SC2086 # a kind and one or more names
		set -- $trimmed
		kind=$1
		shift
		"has_$kind" "$@" && continue
		case $column in
		1) trim "$debian" ;;
		2) trim "$fedora" ;;
		3) trim "$arch" ;;
		4) trim "$suse" ;;
		5) trim "$alpine" ;;
		esac
		[ "$trimmed" != - ] || continue # not packaged there
		case " $missing " in
		*" $trimmed "*) ;;
		*) missing="$missing${missing:+ }$trimmed" ;;
		esac
	done <<END
$table
END
}

# Installs what $missing names; false, with what to try, when that cannot be.
install_missing() {
	echo "missing packages: $missing"
	if [ "$tool" != "apt-get install" ]; then
		echo "try: ${tool:-your package manager, for} $missing" >&2
		return 1
	fi
	if [ "$(id -u)" = 0 ]; then
		as_root=
	elif has_command sudo; then
		as_root=sudo
	else
		echo "try, as root: apt-get install $missing" >&2
		return 1
	fi
	echo "installing them: ${as_root:+$as_root }apt-get install $missing"
	# shellcheck disable=SC2086 # lists of words
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing ||
		{ $as_root apt-get update &&
		  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } ||
		{ echo "install-deps.sh: apt-get failed; try it by hand: apt-get install $missing" >&2
		  return 1; }
	collect_missing
	[ -z "$missing" ] || { echo "install-deps.sh: still missing: $missing" >&2; return 1; }
}

sets='' wishes=''
for set; do
	case ${set#--if-possible=} in
	valgrind|lint|fuzz|fresh|kernel|kernel-build|oracle|shells) ;;
	*) echo "install-deps.sh: no such set: $set (valgrind, lint, fuzz, fresh, kernel, kernel-build, oracle, shells)" >&2; exit 2 ;;
	esac
	case $set in
	--*) wishes="$wishes ${set#*=}" ;;
	*) sets="$sets $set" ;;
	esac
done
choose_system
collect_missing
[ -z "$missing" ] || install_missing || exit 1
sets="$sets$wishes"
collect_missing
[ -z "$missing" ] || install_missing ||
	echo "going on without: tests that need it say that they are skipped" >&2
