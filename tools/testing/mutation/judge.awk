# SPDX-License-Identifier: GPL-2.0
# Compares a run on a mutant with that on the stock kernel (-v stock=tap.log): prints "tests N M" for
# those that fail now and that failed to report, of a run that was to have all (-v whole=1), "by PROGRAM" for each
# program with one, "test PROGRAM:TEST" for the first ones, "said" for what
# the first failure's assertion printed, "own" when a verdict or oracle of the suite failed, even in a test
# that the kernel did not survive.
function name(line)
{
	sub(/^# (not )?ok [0-9]+ /, "", line)
	sub(/ #.*/, "", line)
	return line
}

BEGIN {
	while ((getline line < stock) > 0)
		if (line ~ /^# (not )?ok [0-9]+ /)
			failed_once[name(line)] += line ~ /^# not/
	for (test in failed_once)
		was[test] = !failed_once[test]
}

/^# selftests: / { program = $4; next }

# A call that never returns counts as the suite's own: the harness names the test and ends it.
/^# # .*: Test terminated by timeout/ { own = hung = 1 }

# A dead child, or the kernel's own complaint, does not count as the suite's own. suite.h only points to
# the lines above it.
/^# # .*suite\.h:[0-9]+:/ { next }
/^# # (FAILED mapping|.*:Expected )/ || /^# # [a-z_]+\.c:[0-9]+:/ {
	if (!said)
		said = substr($0, 5)
	if ($0 !~ /kmsg:|warn_count|taint/)
		own = 1
}

/^# (not )?ok [0-9]+ / {
	test = name($0)
	seen[test] = 1
	if ($0 ~ /^# not/ && was[test]) {
		first = first ? first : test
		if (failed++ < 4) tests[failed] = program ":" test
		by[program]++
	}
}

END {
	for (test in was)
		if (whole && !(test in seen))
			missing++
	print "tests", failed + 0, missing + 0
	for (program in by)
		print "by", program, by[program]
	for (i = 1; i in tests; i++)
		print "test", tests[i]
	if (said || hung)
		print "said", said ? said : "a test was terminated by its timeout: " first
	if (own)
		print "own"
}
