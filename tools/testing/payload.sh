#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs the programs of the file "programs" in the guest, one a line with its arguments, and prints in
# the form of the kselftest runner. The runner itself does not work here: without perl it uses
# sed, and busybox's sed holds lines back, which are lost when the guest dies.

# Of the guest's life, for bench.sh.
seconds()
{
	cut -d ' ' -f 1 /proc/uptime
}

echo "# the guest was up after $(seconds) s"
while read -r line; do
	# shellcheck disable=SC2086 # a program and its arguments
	set -- $line
	program=$1
	shift
	echo "# selftests: vm: $program"
	{
		(cd vm && exec "./$program" "$@" 2>&1)
		printf '\nexit %d\n' $?
	} | awk -v status=1 -v program="$program" -v number="$((number += 1))" '
		/^exit [0-9]+$/ { status = $2; next }
		NF { print "# " $0; fflush() }
		END {
			print (status == 0 || status == 4 ? "ok " : "not ok ") number \
			      " selftests: vm: " program (status == 4 ? " # SKIP" : "")
		}'
	echo "# $program was done after $(seconds) s"
done <programs
