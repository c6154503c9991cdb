#!/bin/sh
# SPDX-License-Identifier: MIT
#
# stage.sh [--copy] FOLDER: lays the module's sources out in FOLDER as Kbuild wants
# them: those of driver/linux and uapi.h beside each other, the core's in core/.
#
# As links, so that the compiler names the real files, or as copies for DKMS, which
# takes the folder away.  The kernel's build writes beside its sources: this keeps
# it out of ours.  Called by make module and dkms.sh.
set -eu
place='ln -sf'
if [ "$1" = --copy ]; then
	place='cp'
	shift
fi
driver=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1/core"
find "$1" "$1/core" -maxdepth 1 -type l -exec rm -f {} +
$place "$driver"/linux/Kbuild "$driver"/linux/*.[ch] "$driver"/uapi.h "$1"
$place "$driver"/core/*.[ch] "$1/core"
