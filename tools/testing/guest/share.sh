#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs the programs of PAYLOAD/programs in N guests of one kernel at once, each with its share of the tests.
#
# usage: share.sh N KERNEL PAYLOAD DIR
# As run.sh, which runs each share in DIR/0, DIR/1 and so on; DIR gets tap.log and console.log as of one guest.
# Exit: that of run.sh for the guest that fared worst.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
n=$1
kernel=$2
payload=$3
dir=$4

remove_payloads()
{
	rm -rf "$dir"/[0-9]*/payload
}

mkdir -p "$dir"
trap remove_payloads EXIT
trap 'exit 130' INT TERM HUP
"$here/tests.sh" "$payload" >"$dir/tests"
guests=() logs=() status=0
for ((share = 0; share < n; share++)); do
	mkdir -p "$dir/$share/payload"
	cp -rl "$payload/." "$dir/$share/payload" 2>/dev/null || cp -r "$payload/." "$dir/$share/payload"
	rm "$dir/$share/payload/programs"
	awk -v share="$share" -v of="$n" -f "$here/share.awk" "$dir/tests" "$payload/programs" >"$dir/$share/payload/programs"
	if [ -s "$dir/$share/payload/programs" ]; then
		"$here/run.sh" "$kernel" "$dir/$share/payload" "$dir/$share" &
		guests+=($!)
		logs+=("$dir/$share")
	else
		rm -rf "${dir:?}/$share"
	fi
done
for guest in "${guests[@]}"; do
	wait "$guest" || { ended=$?; [ "$ended" -le "$status" ] || status=$ended; }
done
[ "$status" != 4 ] || exit 4
awk -f "$here/merge.awk" "$dir/tests" "$payload/programs" "${logs[@]/%//tap.log}" >"$dir/tap.log"
cat "${logs[@]/%//console.log}" >"$dir/console.log"
rm "$dir/tests"
exit "$status"
