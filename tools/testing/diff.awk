# SPDX-License-Identifier: GPL-2.0
# Prints the cells in which two runs differ.
#
# usage: awk -f diff.awk A/stats B/stats
# Each run must be of one kernel. Exit: 1 when cells differ, 2 when they cannot be compared.

FNR == 1 { run++ }
NF != 4 || $1 ~ /^[0-9]+$/ { next }
{
	if (kernel[run] == "") kernel[run] = $1
	else if (kernel[run] != $1) several = FILENAME
	verdict[run, $2, $3] = $4
	if (!(($2, $3) in cell)) { cell[$2, $3]; cells[++n] = $2 " " $3 }
}

END {
	if (several != "" || kernel[1] == "" || kernel[2] == "") {
		print (several != "" ? several ": cells of several kernels" : "no cells to compare") >"/dev/stderr"
		exit 2
	}
	for (i = 1; i <= n; i++) {
		split(cells[i], name, " ")
		a = verdict[1, name[1], name[2]]
		b = verdict[2, name[1], name[2]]
		if (a == b) continue
		if (!found++) printf "%-14s %-18s %-20s %s\n", "mapping", "pinner", kernel[1], kernel[2]
		printf "%-14s %-18s %-20s %s\n", name[1], name[2], a == "" ? "-" : a, b == "" ? "-" : b
	}
	if (found) print "n=N: N pages were taken; skip: no mode was tried; -: not in that run, or skipped as a whole"
	exit found > 0
}
