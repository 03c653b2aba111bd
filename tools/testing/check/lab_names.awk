# SPDX-License-Identifier: GPL-2.0
# Names and results of what the kselftest runner printed, by the rules of LAVA labs (parse-output.py of Linaro's
# test-definitions): the words behind the number are the name, without "# SKIP", and other characters than
# letters, digits, _ and - become _.

/^# (not )?ok [0-9]+ / {
	result = $2 == "not" ? "fail" : /# SKIP/ ? "skip" : "pass"
	sub(/^# (not )?ok [0-9]+ /, "")
	sub(/# (SKIP|XFAIL)/, "")
	gsub(/[^A-Za-z0-9_-]+/, "_")
	gsub(/^_|_$/, "")
	print $0, result
}
