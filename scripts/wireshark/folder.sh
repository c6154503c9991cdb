#!/bin/sh
# SPDX-License-Identifier: MIT
#
# folder.sh: print the folder of Wireshark that has the folders plugins and extcap.
#
# usage: folder.sh PREFIX
#
# Called by `make install`.  An installation for all users uses the folder of the Wireshark that
# is there; any other one uses lib/wireshark below PREFIX, where Wireshark looks if that is ~/.local.
case $1 in
/usr|/usr/local)
	folder=$(pkg-config --variable=plugindir wireshark 2>/dev/null)
	[ -n "$folder" ] || folder=$(tshark -G folders 2>/dev/null |
		sed -n 's/^Global Lua Plugins:[[:space:]]*//p')
	folder=${folder%%/plugins*}
	;;
*) folder= ;;
esac
echo "${folder:-$1/lib/wireshark}"
