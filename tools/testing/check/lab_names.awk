# SPDX-License-Identifier: GPL-2.0
# Names and results of what the kselftest runner printed, by the rules of LAVA labs (parse-output.py of Linaro's
# test-definitions): collection and program, then the words behind the number, without directives; other characters
# than letters, digits, _ and - become _. The harness of 6.1 has the name of a skip behind "# SKIP".

/^# selftests: / { program = $3 $4 ":" }
/^(# )?(not )?ok [0-9]+ / {
	name = $0
	result = / # SKIP/ ? "skip" : /^(# )?not/ ? "fail" : "pass"
	sub(/^(# )?(not )?ok [0-9]+ (selftests: )?/, "", name)
	sub(/# (SKIP|XFAIL|TIMEOUT.*|exit=.*)/, "", name)
	if (/^#/) name = program name
	gsub(/[^A-Za-z0-9_-]+/, "_", name)
	gsub(/^_|_$/, "", name)
	print name, result
}
