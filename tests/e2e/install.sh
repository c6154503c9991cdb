#!/bin/bash
# SPDX-License-Identifier: MIT
# install.sh: what make does to a machine: nothing when it is only asked, and into the folders
# that it is told, whatever they are called.

. "$(dirname "$0")/../tap.sh"

# A make of its own: not part of the one that runs the tests.
plain_make() {
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u DEPS_ARE_THERE make -s "$@"
}

needs_ordinary_build() {
	[ "$BUILD" = build ] || skip "about the ordinary build"
	plain_make -q all || skip "the build tree is older than its sources"
}

test_asking_what_would_be_done_installs_nothing() {
	mkdir "$T/tree"
	find Makefile scripts ./*/rules.mk ./*/*/rules.mk -type f -print0 |
		xargs -0 cp --parents -t "$T/tree"
	printf '#!/bin/sh\n: >"%s"\n' "$T/called" >"$T/tree/scripts/install-deps.sh"
	capture plain_make -C "$T/tree" -n check
	contains "$out" "scripts/install-deps.sh"
	[ ! -e "$T/called" ] || fail "install-deps.sh ran"
	capture plain_make -C "$T/tree" check
	[ -e "$T/called" ] || fail "install-deps.sh did not run"
}

test_prefix_and_destdir_may_hold_spaces() {
	local prefix="$T/a home/.local" there

	needs_ordinary_build
	exits 0 plain_make install "PREFIX=$prefix" "DESTDIR="
	# Of the copy, not of the build tree: it finds what lies beside it.
	exits 0 env -u LD_LIBRARY_PATH "$prefix/bin/binderctl" --version
	exits 0 env -C "$T" "$prefix/bin/binderctl" methods --aidl "$prefix/share/binder/aidl" \
		com.example.ICompute
	contains "$out" "int add(int a, int b)"
	printf '#include <binder/ext.h>\nint main(void) { return !ABinder_lastError(); }\n' >"$T/use.c"
	there=$(PKG_CONFIG_PATH="$prefix/lib/pkgconfig" pkg-config --cflags --libs libbinder)
	eval "exits 0 cc -o \"\$T/use\" \"\$T/use.c\" $there"
	exits 0 env LD_LIBRARY_PATH="$prefix/lib" "$T/use"
	exits 0 plain_make uninstall "PREFIX=$prefix" "DESTDIR="
	is "$(find "$T/a home" -type f -o -type l)" "" "left behind"
	exits 0 plain_make install PREFIX=/usr "DESTDIR=$T/a stage"
	[ -x "$T/a stage/usr/bin/binderctl" ] || fail "nothing in DESTDIR"
	contains "$(cat "$T/a stage/usr/lib/pkgconfig/libbinder.pc")" "prefix=/usr"
}

test_root_compiles_nothing() {
	needs_ordinary_build
	# A tree that was never built: what git knows, and nothing else.
	mkdir "$T/tree"
	git -C "$ROOT" archive HEAD 2>/dev/null | tar -x -C "$T/tree" || skip "not from git"
	cp "$ROOT/Makefile" "$T/tree"
	[ "$(id -u)" = 0 ] || skip "about root"
	exits 2 plain_make -C "$T/tree" install "DESTDIR=$T/stage"
	contains "$err" "run make first"
	[ ! -e "$T/tree/build" ] || fail "$(find "$T/tree/build" | head)"
	[ ! -e "$T/stage" ] || fail "something was installed"
}

# build_file FIRST-LINE NAME: that example of libbinder(3), beside a program, in $T/src.
build_file() {
	local example

	mkdir "$T/src" "$T/examples"
	awk -v OUT="$T/examples" -f tests/e2e/examples.awk man/libbinder.3 >"$T/list"
	example=$(awk -F '\t' -v first="$1" '$2 == first { print $1 }' "$T/list")
	cp "$T/examples/$example" "$T/src/$2"
	printf '#include <binder/ext.h>\nint main(void) { return !ABinder_lastError(); }\n' \
		>"$T/src/sum-service.c"
	plain_make install "PREFIX=$T/installed" DESTDIR= >/dev/null
	export PKG_CONFIG_PATH=$T/installed/lib/pkgconfig LD_LIBRARY_PATH=$T/installed/lib
}

test_cmake_builds_with_it() {
	needs_ordinary_build
	command -v cmake >/dev/null || skip "there is no cmake"
	build_file 'cmake_minimum_required(VERSION 3.13)' CMakeLists.txt
	exits 0 cmake -S "$T/src" -B "$T/out"
	exits 0 cmake --build "$T/out"
	exits 0 "$T/out/sum-service"
}

test_meson_builds_with_it() {
	needs_ordinary_build
	command -v meson >/dev/null || skip "there is no meson"
	build_file "project('sum', 'c')" meson.build
	exits 0 meson setup "$T/out" "$T/src"
	exits 0 meson compile -C "$T/out"
	exits 0 "$T/out/sum-service"
}

test_the_rock_builds() {
	needs_ordinary_build
	command -v luarocks >/dev/null || skip "there is no luarocks"
	mkdir "$T/tree"
	git -C "$ROOT" archive HEAD 2>/dev/null | tar -x -C "$T/tree" || skip "not from git"
	exits 0 env -C "$T/tree" HOME="$T" luarocks --lua-version=5.4 --tree "$T/rocks" make lua/*.rockspec
	exits 0 env LUA_CPATH="$T/rocks/lib/lua/5.4/?.so" lua5.4 -e 'print(require "binder".version)'
}

run_tests "$@"
