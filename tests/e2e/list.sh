#!/bin/bash
# SPDX-License-Identifier: MIT
# list.sh: services with columns to choose, as a tree, and those that a manifest declares
# and that are not there.

. "$(dirname "$0")/../tap.sh"

# json EXPRESSION COMMAND...: what Lua makes of the command's JSON.
json() {
	local expression=$1

	shift
	binderctl --json "$@" | binderctl run tests/e2e/json.lua "$expression"
}

pid_of() {
	cat "$T/$1.pid"
}

test_columns_are_chosen_in_their_order() {
	world_start
	echo_start
	exits 0 binderctl list -o pid,name,program
	contains "$out" "PROGRAM"
	contains "$out" "$(pid_of echo)  echo     echo-service"
	lacks "$out" DESCRIPTOR
	is "$(json 'doc[1].name .. doc[1].pid' list -o name,pid)" "echo$(pid_of echo)"
	is "$(json 'doc[1].descriptor' list -o name)" nil
	exits 2 binderctl list -o name,nothing
	contains "$err" "there is no column 'nothing'"
}

test_list_is_sorted_by_any_column() {
	world_start
	echo_start
	is "$(json 'doc[1].name' list --sort name)" echo
	is "$(json 'doc[1].name' list --sort=-name)" manager
	is "$(json 'doc[1].pid > doc[2].pid' list --sort pid)" true
	exits 2 binderctl list --sort nothing
}

test_clients_and_threads_come_from_the_driver() {
	world_start
	echo_start
	is "$(json 'doc[1].clients .. " " .. doc[1].busy' list -o name,clients,threads,busy)" "1 0"
	background caller binderctl call echo 2
	until_true is_handled
	is "$(json 'doc[1].clients .. " " .. doc[1].busy' list -o name,clients,threads,busy)" "2 1"
	is "$(json 'doc[1].threads >= 1' list -o name,threads)" true
	exits 0 binderctl call --oneway echo 3
}

is_handled() {
	[[ $(binderctl transactions) == *"    incoming transaction "*" code 2 flags "* ]]
}

test_tree_has_services_below_their_process() {
	world_start
	echo_start echo --copies 2
	exits 0 binderctl list --tree
	contains "$out" "$(pid_of echo) echo-service (uid $(id -u))
    echo  test.IEcho
    echo.1  test.IEcho
    echo.2  test.IEcho"
	is "$(json '#doc .. #doc[2].services' list --tree)" 23
}

vintf() {
	cat <<-'END'
		<manifest version="1.0" type="device">
		    <!-- <hal format="aidl"><name>android.none</name><fqname>INone/default</fqname></hal> -->
		    <hal format="aidl">
		        <name>android.hardware.light</name>
		        <version>2</version>
		        <fqname>ILights/default</fqname>
		    </hal>
		    <hal format="aidl">
		        <name> android.hardware.power </name>
		        <interface>
		            <name>IPower</name>
		            <instance>default</instance>
		            <instance>second</instance>
		        </interface>
		    </hal>
		    <hal format="hidl">
		        <name>android.hardware.audio</name>
		        <transport>hwbinder</transport>
		        <version>6.0</version>
		        <interface><name>IDevicesFactory</name><instance>default</instance></interface>
		        <fqname>@7.0::IDevicesFactory/usb</fqname>
		    </hal>
		    <hal format="native"><name>netutils-wrapper</name><version>1.0</version></hal>
		</manifest>
	END
}

test_missing_are_the_declared_that_are_not_there() {
	world_start
	vintf >"$T/manifest.xml"
	exits 4 binderctl list --missing "$T/manifest.xml"
	is "$out" "android.hardware.audio@6.0::IDevicesFactory/default
android.hardware.audio@7.0::IDevicesFactory/usb
android.hardware.light.ILights/default
android.hardware.power.IPower/default
android.hardware.power.IPower/second"
	echo_start android.hardware.power.IPower/default
	is "$(json '#doc' list --missing "$T/manifest.xml")" 4
	lacks "$(binderctl list --missing "$T/manifest.xml")" IPower/default
}

test_missing_takes_a_manifest_of_the_service_manager() {
	printf '# ours\nexample.IThing/default apex=com.example\n\nexample.IThing/other\n' >"$T/manifest"
	world_start --manifest "$T/manifest"
	echo_start example.IThing/default
	exits 4 binderctl list --missing "$T/manifest"
	is "$out" example.IThing/other
	echo_start example.IThing/other
	exits 0 binderctl list --missing "$T/manifest"
	is "$out" ""
	is "$(json 'tostring(doc[1].declared) .. tostring(doc[3].declared)' list -o name,declared)" truefalse
}

test_missing_refuses_what_is_no_manifest() {
	world_start
	exits 2 binderctl list --missing /etc/passwd
	contains "$err" "it is no manifest"
	exits 1 binderctl list --missing "$T/none"
	# Cut anywhere, it harms nobody.
	for size in 30 90 200 400 700; do
		vintf | head -c "$size" >"$T/cut.xml"
		capture binderctl list --missing "$T/cut.xml"
		[ "$status" -lt 126 ] || fail "status $status after $size bytes"
	done
}

run_tests "$@"
