# SPDX-License-Identifier: GPL-2.0
# Of lcov's file: a line for each source file, with the share of its lines and functions that are reached.
# PREFIX is the kernel's source directory.

function share(reached, of)
{
	return sprintf("%5.1f %% of %4d", of ? 100 * reached / of : 0, of)
}

BEGIN { FS = ":" }
$1 == "SF" { file = substr($2, length(prefix) + 1) }
$1 == "FNF" || $1 == "FNH" || $1 == "LF" || $1 == "LH" { count[$1] = $2 }
/^end_of_record/ {
	printf "%-40s lines %s, functions %s\n", file, share(count["LH"], count["LF"]), share(count["FNH"], count["FNF"])
	split("", count)
}
