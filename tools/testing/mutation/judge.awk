# SPDX-License-Identifier: GPL-2.0
# Compares a run on a mutant with that on the stock kernel (-v stock=tap.log): prints "tests N M" for
# those that fail now and that failed to report, "by PROGRAM" for each program with one, "said" for what
# the first failure's assertion said, "own" when a verdict or oracle of ours spoke.
function name(line)
{
	sub(/^# (not )?ok [0-9]+ /, "", line)
	sub(/ #.*/, "", line)
	return line
}

BEGIN {
	while ((getline line < stock) > 0)
		if (line ~ /^# (not )?ok [0-9]+ /)
			was[name(line)] = line !~ /^# not/
}

/^# selftests: vm: / { program = $4; next }

# What a dead child or the kernel's own complaint says is not ours to be proud of.
/^# # (FAILED|.*:Expected )/ || /^# # [a-z_]+\.c:[0-9]+:/ {
	if (!said)
		said = substr($0, 5)
	if ($0 !~ /kmsg:|warn_count|taint/)
		own = 1
}

/^# (not )?ok [0-9]+ / {
	test = name($0)
	seen[test] = 1
	if ($0 ~ /^# not/ && was[test]) {
		failed++
		by[program]++
	}
}

END {
	for (test in was)
		if (!(test in seen))
			missing++
	print "tests", failed + 0, missing + 0
	for (program in by)
		print "by", program, by[program]
	if (failed && said)
		print "said", said
	if (failed && own)
		print "own"
}
