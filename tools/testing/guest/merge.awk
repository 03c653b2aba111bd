# SPDX-License-Identifier: GPL-2.0
# Makes one log of those of guests that shared the tests: what one guest that ran all would have printed.
#
# usage: awk -f merge.awk TESTS PROGRAMS LOG...
# TESTS has each test as PROGRAM:TEST, in the order in which they run, PROGRAMS a program a line. A test's lines stay
# together; of two of one name, the one that failed counts. The death of a guest stands behind the test that ran, as
# in the log of a guest that was booted again.

# Lines of @program outside its tests, of all guests, without those that another one said.
function outside(program, line) {
	if ((program, last, line) in said) return
	said[program, last, line]
	text[program, last ? "after" : "before"] = text[program, last ? "after" : "before"] line "\n"
}

# The log of one guest is whole.
ARGC == 4 && FILENAME == ARGV[3] { print; next }
function list(program, name) {
	listed[program, name]
	test[program, ++ntests[program]] = name
}

FILENAME == ARGV[1] {
	name = $1
	sub(/:.*/, "", name)
	list(name, substr($1, length(name) + 2))
	next
}
# The tests that it should have: one of a guest that did not speak is missing in all plans.
FILENAME == ARGV[2] {
	programs[++nprograms] = $1
	due[$1] = / -r / ? gsub(/ -r /, " ") : ntests[$1]
	next
}

FNR == 1 { running = inside = last = "" }
# The harness counts the tests that it ran.
/^# # (Starting|PASSED:|FAILED:|Totals:) / && / tests? |pass:/ { next }
/^# selftests: vm: / { running = $4; inside = last = ""; next }
/^# guest died: / {
	if (last) died[running, last] = $0
	else if (running) fallen[running] = fallen[running] $0 "\n# selftests: vm: " running "\n"
	else silent = silent $0 "\n"
	inside = ""
	next
}
/^(not )?ok [0-9]+ selftests: vm: / {
	result = $1 == "not" ? "not ok" : /# SKIP/ ? "skip" : "ok"
	if (!(running in results) || result == "not ok" || results[running] == "skip") results[running] = result
	running = inside = ""
	next
}
# When each guest was done says nothing of all.
!running { next }
/^# 1\.\.[0-9]+/ && !/# SKIP/ {
	plans[running]
	plan[FILENAME, running] = seen[FILENAME, running] + substr($2, 4)
	next
}
/^# #  RUN .* \.\.\.\r?$/ {
	inside = last = $4
	seen[FILENAME, running]++
	again = (running, inside) in block
	if (!((running, inside) in listed)) list(running, inside)
	fresh = ""
}
# Each guest numbers its own tests.
inside {
	sub(/^# ok [0-9]+/, "# ok @")
	sub(/^# not ok [0-9]+/, "# not ok @")
	fresh = fresh $0 "\n"
	if (!again || /^# not ok /) block[running, inside] = fresh
	if (/^# (not )?ok /) inside = ""
	next
}
{ outside(running, $0) }

# The rest of a program that a guest's death has cut off is planned anew behind it.
function print_program(p,   i, name, total, left) {
	print "# selftests: vm: " p
	printf "%s%s", fallen[p], text[p, "before"]
	total = 0
	for (i = 3; i < ARGC; i++) total += plan[ARGV[i], p]
	if (total && total < due[p]) total = due[p]
	left = total
	if (left) print "# 1.." left
	for (i = 1; i <= ntests[p]; i++) {
		name = test[p, i]
		if (!((p, name) in block)) continue
		sub(/ok @/, "ok " (total - left + 1), block[p, name])
		printf "%s", block[p, name]
		left--
		if (!((p, name) in died)) continue
		print died[p, name]
		print "# selftests: vm: " p
		if (left > 0) print "# 1.." left
	}
	printf "%s", text[p, "after"]
	if (p in results)
		print (results[p] == "not ok" ? "not ok " : "ok ") ++number " selftests: vm: " p \
		      (results[p] == "skip" ? " # SKIP" : "")
}

END {
	if (ARGC == 4) exit
	printf "%s", silent
	for (i = 1; i <= nprograms; i++)
		if ((programs[i], "before") in text || programs[i] in plans || programs[i] in results)
			print_program(programs[i])
}
