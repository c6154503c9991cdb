#!/bin/bash
# SPDX-License-Identifier: MIT
#
# uapi.sh: the tests of the kernel's interface, on a private daemon by way of the
# preload library.  tests/vm runs the same program on the kernel's own driver.

BUILD=${BUILD:-build}

# The loader wants a sanitizer's library before all others, and the program is not built with it.
case $BUILD in
*san-*)
	echo "1..0 # SKIP a library built with sanitizers cannot be preloaded into other programs"
	exit 0
	;;
esac

# binderd does as the newest driver does, whatever the kernel here.
# /dev/binder has a service manager there; this one is free.
exec "$BUILD/bin/binderctl" sandbox --preload -- "$BUILD/tests/binder-uapi" \
	--linux 7.3 --home binderd \
	--differences tests/uapi/differences \
	--views "$BUILD/bin/binderctl --device hwbinder" /dev/hwbinder
