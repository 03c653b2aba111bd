# SPDX-License-Identifier: GPL-2.0
# What is left to run of the file "programs" after a guest died: the tests behind the one that ran, and
# the programs behind that one.
#
# usage: awk -v again=0 -f rest.awk TESTS PROGRAMS LOG
# TESTS has each test as PROGRAM:TEST, in the order in which they run, PROGRAMS a program a line with its
# arguments, LOG what the guest printed. Prints a new PROGRAMS, empty when nothing is left or the guest
# died before the first program. A program in which no test ran may have died of the one before it: it is run
# again, unless it was the first one. Without a program in LOG, @again tells to run all of them.

# The tests of @program behind @last, as arguments; only those that @line names when it names any.
function behind(program, line, last,   i, rest, found, named) {
	named = line ~ / -r /
	for (i = 1; i <= ntests[program]; i++) {
		if (found && (!named || index(line " ", " -r " test[program, i] " ")))
			rest = rest " -r " test[program, i]
		found = found || test[program, i] == last
	}
	return rest
}

FILENAME == ARGV[1] {
	program = $1
	sub(/:.*/, "", program)
	test[program, ++ntests[program]] = substr($1, length(program) + 2)
	next
}

FILENAME == ARGV[2] {
	programs[++n] = $1
	line[n] = $0
	next
}

/^# selftests: vm: / { died_in = $4; last = "" }
/^# #  RUN .* \.\.\.\r?$/ { last = $4 }

# The suite's own options follow "--".
END {
	for (i = 1; !died_in && again && i <= n; i++)
		print line[i]
	for (i = 1; i <= n && programs[i] != died_in; i++)
		;
	if (i <= n && i > 1 && !last)
		print line[i]
	else if (i <= n && last && (rest = behind(died_in, line[i], last))) {
		own = match(line[i], / -- .*/) ? substr(line[i], RSTART) : ""
		print died_in rest own
	}
	while (++i <= n)
		print line[i]
}
