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

run_tests "$@"
