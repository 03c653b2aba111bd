# SPDX-License-Identifier: GPL-2.0
# Draws the matrix of each kernel from the cells that report.awk wrote: a row a pinner, a column a
# mapping. A pinner that was skipped as a whole has one row, else I/O has one each way.

# A mapping's name has two lines: what is before its "_" and what is behind it.
function heading(label, line,   c, part) {
	printf "%-17s", label
	for (c = 1; c <= ncolumns; c++) {
		part[2] = ""
		split(columns[c], part, "_")
		printf " %-7s", substr(part[line], 1, 7)
	}
	print ""
}

NF != 4 || $1 ~ /^[0-9]+$/ { next }
!($1 in kernel) { kernel[$1]; order[++kernels] = $1 }
!($2 in column) { column[$2]; columns[++ncolumns] = $2 }
{ verdict[$1, $2, $3] = $4 }
$4 != "skip" && !($3 in row) { row[$3]; rows[++nrows] = $3 }

END {
	for (k = 1; k <= kernels; k++) {
		if (k > 1) print ""
		heading(order[k], 1)
		heading("", 2)
		for (r = 1; r <= nrows; r++) {
			printf "%-17s", rows[r]
			pinner = rows[r]
			sub(/_(write|read)$/, "", pinner)
			for (c = 1; c <= ncolumns; c++) {
				cell = verdict[order[k], columns[c], rows[r]]
				if (cell == "") cell = verdict[order[k], columns[c], pinner]
				printf " %-7s", (cell == "" ? "-" : cell)
			}
			print ""
		}
	}
}
