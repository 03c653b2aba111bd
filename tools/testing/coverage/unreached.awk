# SPDX-License-Identifier: GPL-2.0
# Compares what no test reaches in mm/gup.c with a list that has the reasons.
#
# usage: awk -v prefix=SOURCE/ -f unreached.awk unreached.list counted.info
# A run of lines that no test reaches is known by its function and the text of its first line; a function that none
# reaches, by its name alone. Two runs that are alike are two entries. An entry that is left over is noted: a test
# reaches the code by now, or this version does not have it. Exit: 1 something is not in the list.

BEGIN { path = prefix "mm/gup.c" }

# The list: FUNCTION, or FUNCTION: TEXT
FILENAME == ARGV[1] {
	if ($0 !~ /^#/ && $0 != "")
		known[$0]++
	next
}

/^SF:/ { ours = substr($0, 4) == path }
/^end_of_record/ { ours = 0 }
ours && /^FN:/ {
	split(substr($0, 4), part, ",")
	begins[part[1]] = part[length(part)]	# lcov 2 has the last line before the name
}
ours && /^DA:/ {
	split(substr($0, 4), part, ",")
	counted[part[1]] = part[2]
}

function text(line)
{
	gsub(/^[ \t]+|[ \t]+$/, "", line)
	return line
}

function report(line, entry)
{
	if (known[entry] > 0) {
		known[entry]--
		return
	}
	printf "mm/gup.c:%d: no test reaches it, and unreached.list has no reason: %s\n", line, entry
	status = 1
}

END {
	while ((getline source <path) > 0) {
		line++
		if (line in begins)
			function_of = begins[line]
		name[line] = function_of
		code[line] = text(source)
		if (line in counted) {
			found[function_of] = 1
			if (counted[line] > 0)
				reached[function_of] = 1
		}
	}
	if (!line) {
		print "no " path
		exit 4
	}
	for (i = 1; i <= line; i++) {
		if (!(i in counted))
			continue
		in_run = counted[i] == 0 && in_run_of == name[i]
		if (counted[i] == 0 && !in_run) {
			if (name[i] in reached)
				report(i, name[i] ": " code[i])
			else
				report(i, name[i])
		}
		in_run_of = counted[i] == 0 ? name[i] : ""
	}
	for (entry in known)
		if (known[entry] > 0)
			print "mm/gup.c: in unreached.list, but reached, or not there: " entry
	exit status
}
