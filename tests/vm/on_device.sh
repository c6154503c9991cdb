#!/bin/bash
# SPDX-License-Identifier: MIT
#
# on_device.sh COMMAND...: runs it beside a service manager on a real device.
#
# What `binderctl sandbox` is on binderd.  Called by tests/run when TEST_DEVICES
# names the folder of the devices.
set -eu
. "$(dirname "$0")/../tap.sh"
T=$(mktemp -d)
trap 'stop_all; rm -rf "$T"' EXIT
world_start
"$@"
