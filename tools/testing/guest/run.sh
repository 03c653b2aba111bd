#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs the programs of PAYLOAD/programs in a guest. When the guest dies, boots it again and goes on behind
# the test that ran.
#
# usage: run.sh KERNEL PAYLOAD DIR
# KERNEL and the environment are those of boot.sh. DIR gets tap.log and console.log of all boots, and boot/,
# what boot.sh left of the last one. MAX_BOOTS (default 20) limits the boots, LIMIT the seconds of all of them.
# Exit: 0 the programs ended, in the last boot at least, 3 the guest died for good, 4 cannot run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernel=$1
payload=$2
dir=$3
MAX_BOOTS=${MAX_BOOTS:-20}

# The lists of tests are asked for when a guest has died only.
tests()
{
	[ -s "$dir/tests" ] || "$here/tests.sh" "$payload" >"$dir/tests"
	echo "$dir/tests"
}

# boot: LIMIT is what is left of it
boot()
{
	local status=0
	LIMIT=${LIMIT:+$((LIMIT > SECONDS ? LIMIT - SECONDS : 1))} \
		"$here/boot.sh" "$kernel" "$payload" "$dir/boot" || status=$?
	case $status in 0 | 3) ;; *) return 4 ;; esac
	cat "$dir/boot/tap.log" >>"$dir/tap.log"
	cat "$dir/boot/console.log" >>"$dir/console.log"
	return $status
}

mkdir -p "$dir"
rm -f "$dir/tap.log" "$dir/console.log"
# A kernel that has booted may fail to once, not twice.
silent=0
for ((boots = 1; ; boots++)); do
	status=0
	boot || status=$?
	[ $status = 3 ] || break
	[ $boots -lt "$MAX_BOOTS" ] && [ "$SECONDS" -lt "${LIMIT:-$((SECONDS + 1))}" ] || break
	silent=$((silent + 1))
	! grep -q '^# selftests: ' "$dir/boot/tap.log" || silent=0
	awk -v again=$((boots > 1 && silent < 2)) -f "$here/rest.awk" "$(tests)" "$payload/programs" \
		"$dir/boot/tap.log" >"$dir/rest"
	[ -s "$dir/rest" ] || break
	mv "$dir/rest" "$payload/programs"
done
rm -f "$dir/rest" "$dir/tests"
exit "$status"
