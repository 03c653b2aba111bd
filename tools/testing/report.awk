# SPDX-License-Identifier: GPL-2.0
# Reads what programs printed under the kselftest runner, one log a kernel, and writes one KTAP
# document: a result a program, everything below it as the program printed it.
#
# usage: awk -f report.awk -v list="prog prog" -v guests=0 -v verbose=0 -v stats=FILE [kernel=NAME LOG]...
# A program that never reported is a failure, and so is each test that it planned and did not run. The
# log of a guest that died and was booted again goes on after a line "# guest died: LAST WORDS". With @guests, each
# kernel has one more result: did its guest live?
# FILE gets "pass fail skip xfail" and then a line for each cell: kernel mapping pinner verdict.

# "ok 3 cell.vvar.uring # SKIP", or in a 6.1 harness "ok 3 # SKIP cell.vvar.uring". @why is from a line before.
# The harness of 6.1 has no XFAIL; there the skip's reason begins so.
function count(line,   word, name) {
	seen++
	unfinished = 0
	sub(/^# /, "", line)
	split(line, word, " ")
	name = word[1] == "not" ? word[4] : word[3] == "#" ? word[5] : word[3]
	if (line ~ /^not ok/) { fail++; bad = 1; note_cell(name, "FAIL") }
	else if (line ~ /# XFAIL/ || why ~ /^XFAIL /) { xfail++; note_defect(name, why) }
	else if (line ~ /# SKIP/) { skip++; note_cell(name, "skip"); note_skip(name, why) }
	else pass++
	why = ""
}

# A path may have spaces; the words of a cell are separated by them.
function word_of(name) {
	gsub(/ /, "_", name)
	return name
}

# A test of a cell is named cell.mapping.pinner.
function note_cell(name, result,   part) {
	if (split(name, part, ".") != 3 || part[1] != "cell") return
	if (result == "FAIL") failed[word_of(kernel), part[2], part[3]] = 1
	else cells[++ncells] = word_of(kernel) " " part[2] " " part[3] " " result
}

# "# looks for known defect NAME: REFERENCE"; an expected failure has the reference, too.
function note_look(line,   name) {
	sub(/.*looks for known defect /, "", line)
	name = line
	sub(/:.*/, "", name)
	sub(/^[^:]*: /, "", line)
	if (!((kernel, name) in looked)) looks[++nlooks] = kernel SUBSEP name
	looked[kernel, name] = line
}

function note_defect(name, reference) {
	sub(/^XFAIL /, "", reference)
	shown[kernel, reference] = 1
	print "# XFAIL " name ": " reference
}

# A kernel that should have a defect and does not show it is fixed, or the test is blind.
function say_absent_defects(   i, part) {
	for (i = 1; i <= nlooks; i++) {
		split(looks[i], part, SUBSEP)
		if (!((part[1], looked[looks[i]]) in shown))
			print "# " part[1] ": known defect " part[2] " did not show: " looked[looks[i]]
	}
}

function where_it_was() {
	if (last_run) return (unfinished ? "" : "behind ") last_run
	if (running) return "before the first test of " running
	return ended ? "behind " ended : "before the first program"
}

# The guest died: the test that ran has failed, and what it did in memory is gone. The log of the next
# boot goes on behind it.
function note_death(words) {
	died[kernel]++
	fail++
	if (running) bad = 1
	seen += unfinished
	print "# FAILED " where_it_was() ": the guest died: " words
	if (unfinished) note_cell(last_run, "FAIL")
	unfinished = 0
	last_run = ""
	resumed = running
}

function say_guest(kernel) {
	print (kernel in died ? "not ok " : "ok ") ++number " " kernel ": guest"
}

function say_deaths(   kernel) {
	for (kernel in died) print "# " kernel ": the guest died, " died[kernel] " time" (died[kernel] > 1 ? "s" : "")
}

# One reason makes many tests skip: one line a reason, with the test or mapping that skipped.
function note_skip(name, reason,   part) {
	if (split(name, part, ".") == 3 && part[1] == "cell") name = part[2]
	if (!skips[reason]++) { skip_order[++nskips] = reason; skipped[reason] = name }
	else if (name != skipped[reason]) skipped[reason] = "several"
}

# The reason of a skip, the reference of an expected failure.
function note_why(line) {
	sub(/^# #      (SKIP|XFAIL) +/, "", line)
	why = line
}

function say_skips(   i) {
	for (i = 1; i <= nskips; i++) {
		print "# SKIP (" skips[skip_order[i]] ") " skipped[skip_order[i]] ": " skip_order[i]
		delete skips[skip_order[i]]
	}
	nskips = 0
}

function say(line) { if (verbose) print line; else if (line ~ keep) print line }

function end_program(result,   missing) {
	missing = planned - seen
	if (missing > 0) {
		fail += missing
		bad = 1
		print "# " missing " of " planned " tests of " program " never reported"
	}
	if (result == "ok" && !seen) {
		result = "fail"
		print "# " program " ran no test"
	}
	# It failed, and no test tells why: it ended before the first test, or after the last one.
	if (result == "fail" && !bad) fail++
	say_skips()
	reported[kernel, program] = 1
	number++
	name = kernel ": " program
	if (result == "skip" && !bad) print "ok " number " " name " # SKIP"
	else if (bad || result == "fail") print "not ok " number " " name
	else print "ok " number " " name
	planned = seen = bad = unfinished = 0
	ended = program
	running = resumed = last_run = ""
}

# A program that was running at the end of a log has died, on the kernel of that log.
function end_dead(   now) {
	if (running == "") return
	now = kernel
	kernel = running_on
	program = running
	end_program("fail")
	kernel = now
}

BEGIN {
	keep = "^# (not ok|# FAILED|#   (expected|the call|explained by) |#                 |Bail out!|[^ ]*pfnmap_[a-z0-9_]*: )"
	n = split(list, programs, " ")
	for (i = 1; i < ARGC; i++) kernels += ARGV[i] ~ /^kernel=/
	print "TAP version 13"
	print "1.." (n + guests) * kernels
}

# The runner's own lines begin in the first column; a program's lines follow "# ".
FNR == 1 { end_dead(); ended = "" }
{ sub(/\r$/, "") }
/^# guest died: / { sub(/^# guest died: /, ""); note_death($0); next }
/^# selftests: [a-z]+: / {
	if ($4 != resumed) end_dead()
	else planned = seen
	resumed = ""
	running = $4
	running_on = kernel
	next
}
/^# #  RUN .* \.\.\.$/ { last_run = $4; unfinished = 1; why = "" }
/^# #      (SKIP|XFAIL)  / { note_why($0) }
/^# 1\.\.[0-9]+/ { planned += substr($2, 4) }
/^# 1\.\.0 # SKIP / { note_skip(running, substr($0, index($0, "SKIP ") + 5)) }
/^# (not )?ok [0-9]+/ { count($0) }
/^# # cell / { cells[++ncells] = word_of(kernel) " " $4 " " $5 " " $6 }
/^# # looks for known defect / { note_look($0); next }
/^# / { say($0) }
/^(not )?ok [0-9]+ selftests: [a-z]+: / {
	program = $0
	sub(/^(not )?ok [0-9]+ selftests: [a-z]+: /, "", program)
	sub(/ .*/, "", program)
	end_program($0 ~ /# SKIP/ ? "skip" : /^not/ ? "fail" : "ok")
}

END {
	end_dead()
	for (i = 1; i < ARGC; i++) {
		if (ARGV[i] !~ /^kernel=/) continue
		kernel = substr(ARGV[i], 8)
		for (j = 1; j <= n; j++) {
			if ((kernel, programs[j]) in reported) continue
			program = programs[j]
			print "# " program " never reported"
			end_program("fail")
		}
	}
	for (i = 1; guests && i < ARGC; i++)
		if (ARGV[i] ~ /^kernel=/) say_guest(substr(ARGV[i], 8))
	say_absent_defects()
	say_deaths()
	print "# " pass + 0 " passed, " fail + 0 " failed, " skip + 0 " skipped, " xfail + 0 " known defects"
	print pass + 0, fail + 0, skip + 0, xfail + 0 >stats
	for (i = 1; i <= ncells; i++) {
		split(cells[i], word, " ")
		pinner = word[3]
		sub(/_(write|read)$/, "", pinner)
		if ((word[1], word[2], pinner) in failed) word[4] = "FAIL"
		print word[1], word[2], word[3], word[4] >stats
	}
}
