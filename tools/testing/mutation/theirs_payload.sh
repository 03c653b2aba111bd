#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs the programs of theirs.list in the guest, and prints in the form of the kselftest runner: the lines
# of programs that speak TAP, and for each program one that says how it ended.

echo 64 >/proc/sys/vm/nr_hugepages
grep -v '^#' theirs.list | while read -r dir program arguments; do
	[ -x "$dir/$program" ] || continue
	name=$(echo "$program$arguments" | tr -d ' ')
	echo "# selftests: $dir: $name"
	{
		# Programs make files where they run; mm's own must run in their directory.
		# shellcheck disable=SC2086 # the arguments are words
		(cd "$dir" && exec timeout -s KILL 120 "./$program" $arguments </dev/null 2>&1)
		echo "exit $?"
	} | awk -v name="$name" '
		/^exit [0-9]+$/ { status = $2; next }
		/^(not )?ok [0-9]+ / { sub(/ok [0-9]+ /, "&" name ": "); print "# " $0; fflush() }
		END { print (status == 0 || status == 4 || status == 77 ? "# ok 0 " : "# not ok 0 ") name }'
done
