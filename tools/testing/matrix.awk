# SPDX-License-Identifier: GPL-2.0
# Draws the matrix of each kernel from the cells that report.awk wrote: a row a pinner, a column a
# mapping, a letter a verdict. A pinner that was skipped as a whole has one row; I/O otherwise has one
# for each direction.

BEGIN {
	letter["EFAULT"] = "F"; letter["EEXIST"] = "X"; letter["EINVAL"] = "V"; letter["ENOMEM"] = "M"
	letter["EIO"] = "I"; letter["EAGAIN"] = "A"; letter["EOPNOTSUPP"] = "S"; letter["ENOENT"] = "N"
	letter["n=1"] = "1"; letter["n=2"] = "2"
	letter["skip"] = "."; letter["FAIL"] = "!"; letter[""] = " "
	legend = "F EFAULT  X EEXIST  V EINVAL  M ENOMEM  I EIO  A EAGAIN  S EOPNOTSUPP  N ENOENT  ? other\n" \
		 "1, 2 pages taken of 2  . skipped  ! failed  blank: no such test"
}

# The mappings' names are written downwards.
function heading(name,   c, line, longest) {
	for (c = 1; c <= ncolumns; c++)
		if (length(columns[c]) > longest) longest = length(columns[c])
	for (line = longest; line >= 1; line--) {
		printf "%-22s", (line == longest ? name : "")
		for (c = 1; c <= ncolumns; c++)
			printf " %s", (line > length(columns[c]) ? " " : substr(columns[c], length(columns[c]) - line + 1, 1))
		print ""
	}
}

NF != 4 || $1 ~ /^[0-9]+$/ { next }
!($1 in kernel) { kernel[$1]; order[++kernels] = $1 }
!($2 in column) { column[$2]; columns[++ncolumns] = $2 }
{ verdict[$1, $2, $3] = $4 }
$4 != "skip" && !($3 in row) { row[$3]; rows[++nrows] = $3 }

END {
	for (k = 1; k <= kernels; k++) {
		heading(order[k])
		for (r = 1; r <= nrows; r++) {
			printf "%-22s", rows[r]
			pinner = rows[r]
			sub(/_(write|read)$/, "", pinner)
			for (c = 1; c <= ncolumns; c++) {
				cell = verdict[order[k], columns[c], rows[r]]
				if (cell == "") cell = verdict[order[k], columns[c], pinner]
				printf " %s", cell in letter ? letter[cell] : "?"
			}
			print ""
		}
		print ""
	}
	print legend
}
