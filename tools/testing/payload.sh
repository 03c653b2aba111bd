#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs in the guest what the file "programs" names, one a line with its arguments, and prints it in
# the form of the kselftest runner. That one itself is not for a guest: without perl it falls back on
# sed, and busybox's holds lines back, which a dying guest would take with it.

while read -r line; do
	# shellcheck disable=SC2086 # a program and its arguments
	set -- $line
	program=$1
	shift
	echo "# selftests: vm: $program"
	{
		(cd vm && exec "./$program" "$@" 2>&1)
		echo "exit $?"
	} | awk -v program="$program" -v number="$((number += 1))" '
		/^exit [0-9]+$/ { status = $2; next }
		{ print "# " $0; fflush() }
		END {
			print (status == 0 || status == 4 ? "ok " : "not ok ") number \
			      " selftests: vm: " program (status == 4 ? " # SKIP" : "")
		}'
done <programs
