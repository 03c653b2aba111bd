# SPDX-License-Identifier: GPL-2.0
# One share of the file "programs", for one of several guests that run it together.
#
# usage: awk -v share=0 -v of=2 -f share.awk TESTS PROGRAMS
# TESTS has each test as PROGRAM:TEST, PROGRAMS a program a line with its arguments. Prints a new PROGRAMS. The cells
# are dealt out like the fields of a chessboard, since the cost of one depends on its pinner and its mapping; a program
# that cannot list its tests (the harness of 6.1) is dealt out as a whole.

# The number of @name among those of @kind, by their first appearance.
function index_of(kind, name) {
	if (!((kind, name) in number)) number[kind, name] = numbers[kind]++
	return number[kind, name]
}

function is_mine(program, test,   part) {
	if (split(test, part, ".") == 3 && part[1] == "cell")
		return (index_of(program " mapping", part[2]) + index_of(program " pinner", part[3])) % of == share
	return index_of(program " test", test) % of == share
}

FILENAME == ARGV[1] {
	program = $1
	sub(/:.*/, "", program)
	test[program, ++ntests[program]] = substr($1, length(program) + 2)
	next
}

of == 1 { print; next }
!ntests[$1] { if (index_of("program", $1) % of == share) print; next }
{
	own = match($0, / -- .*/) ? substr($0, RSTART) : ""
	named = / -r /
	mine = ""
	for (i = 1; i <= ntests[$1]; i++) {
		name = test[$1, i]
		if ((!named || index($0 " ", " -r " name " ")) && is_mine($1, name))
			mine = mine " -r " name
	}
	if (mine) print $1 mine own
}
