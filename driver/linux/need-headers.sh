#!/bin/sh
# SPDX-License-Identifier: MIT
#
# need-headers.sh FOLDER: fails, and says what to install, unless the headers of a kernel
# are there.  Called by make module and by dkms.sh.
set -eu
[ ! -e "$1/Module.symvers" ] || exit 0
cat >&2 <<END_OF_TEXT
There are no kernel headers in $1.
Install them (Debian: apt-get install linux-headers-$(uname -r)), or name
a folder that has some: KDIR=...
END_OF_TEXT
exit 1
