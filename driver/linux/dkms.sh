#!/bin/sh
# SPDX-License-Identifier: MIT
#
# dkms.sh tree|install|uninstall: the module's sources where DKMS looks for them, and the
# two files beside them, which let people use its devices and load it at start.
#
# tree lays all of it out below DESTDIR, for packages.  install lets DKMS build the module
# too, and leaves the two files out until that has worked; uninstall takes all of it away.
# Called by make dkms-tree, dkms and dkms-uninstall, which set VERSION, DESTDIR, SOURCES
# (this version's), UDEV_RULES, MODULES_LOAD and KDIR.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rule=$DESTDIR$UDEV_RULES/50-binder-any.rules
load=$DESTDIR$MODULES_LOAD/binder-any.conf

place_sources() {
	rm -rf "$DESTDIR$SOURCES"
	"$here/stage.sh" --copy "$DESTDIR$SOURCES"
	sed "s/#MODULE_VERSION#/$VERSION/" "$here/dkms.conf" >"$DESTDIR$SOURCES/dkms.conf"
}

place_files() {
	install -D -m 644 "$here/50-binder-any.rules" "$rule"
	install -D -m 644 "$here/binder-any.conf" "$load"
}

# Says beforehand what "Permission denied" would say in the middle.
need_root() {
	[ "$(id -u)" != 0 ] || return 0
	cat >&2 <<END_OF_TEXT
DKMS and modules are root's affair; try one of:
  sudo make $1
  make $1 DESTDIR=/a/staging/folder
END_OF_TEXT
	exit 1
}

need_dkms() {
	! command -v dkms >/dev/null || return 0
	cat >&2 <<END_OF_TEXT
There is no dkms; nothing was installed.  It needs the kernel's headers, too.
Debian: apt-get install dkms linux-headers-$(uname -r)
END_OF_TEXT
	exit 1
}

# What DKMS has of us: "VERSION KERNEL"; one that was built for none has no KERNEL.
known() {
	dkms status binder-any | sed -n 's/^binder-any\/\([^,: ]*\),* *\([^,: ]*\)[,:].*/\1 \2/p'
}

versions() {
	known | cut -d' ' -f1 | sort -u
}

kernels() {
	known | cut -s -d' ' -f2 | sort -u
}

# Whoever installs what is installed has changed it: DKMS would keep what it has built of
# this version, even with --force.  Each kernel that had the module gets the new one.
install_module() {
	others=$(kernels | grep -vxF "$(uname -r)" || true)
	for old in $(versions); do
		dkms remove "binder-any/$old" --all
		[ "$old" = "$VERSION" ] || rm -rf "${SOURCES%"-$VERSION"}-$old"
	done
	if ! dkms install --force "binder-any/$VERSION"; then
		echo "DKMS could not install the module; what it said is above." >&2
		echo "To take away what is there: sudo make dkms-uninstall" >&2
		exit 1
	fi
	for kernel in $others; do
		dkms install --force "binder-any/$VERSION" -k "$kernel" ||
			echo "Linux $kernel has no module now; it gets one when it starts." >&2
	done
}

is_loaded() {
	lsmod 2>/dev/null | grep -q '^binder_any '
}

uninstall_module() {
	if is_loaded && ! rmmod binder_any; then
		echo "Its devices are in use: the module stays loaded until the next start." >&2
	fi
	if ! command -v dkms >/dev/null; then
		echo "There is no dkms; what it has built, if anything, stays in /lib/modules." >&2
		return
	fi
	for old in $(versions); do
		dkms remove "binder-any/$old" --all ||
			echo "DKMS keeps binder-any/$old; what it said is above." >&2
		rm -rf "${SOURCES%"-$VERSION"}-$old"
	done
}

case $1 in
tree)
	place_sources
	place_files
	echo "$DESTDIR$SOURCES is ready for DKMS"
	;;
install)
	need_root dkms
	need_dkms
	"$here/need-headers.sh" "$KDIR"
	place_sources
	install_module
	place_files
	if is_loaded; then
		echo "The old module is still loaded; the next start takes this one, and so does:"
		echo "rmmod binder_any && modprobe binder_any"
	else
		echo "Load it: modprobe binder_any.  From the next start on that happens by itself."
	fi
	;;
uninstall)
	if [ -z "$DESTDIR" ]; then
		need_root dkms-uninstall
		uninstall_module
	fi
	rm -rf "$DESTDIR$SOURCES"
	rm -f "$rule" "$load"
	;;
esac
