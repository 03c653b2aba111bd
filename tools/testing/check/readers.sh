#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Does every reader of TAP see the same names and results? Names must be what labs can keep: constant and short.
#
# usage: readers.sh LOG [KUNIT]
# LOG is what outcomes.c printed, KUNIT is kunit.py of a kernel tree. Without it, the harness was that of 6.1: it
# has no XFAIL, and no name for a skip, which only labs and run_tests.sh find.
set -u
log=$(realpath "$1") # kunit.py changes the directory
kunit=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# An expected failure is none of TAP's results; its readers take it for a pass.
expected='outcome.of_a_mapping.passes pass
outcome.of_a_mapping.skips skip
outcome.of_a_mapping.is_a_known_defect pass
outcome.of_a_mapping.fails fail
outcome.of_a_mapping.crashes fail
outcome.of_a_mapping.hangs fail'

# sees READER: stdin is what it saw
sees()
{
	diff <(echo "$expected") - >"$work/diff" && return
	echo "$1 sees something else:"
	cat "$work/diff"
	status=1
}

by_prove()
{
	perl -MTAP::Parser -0777 -e 'my $parser = TAP::Parser->new({ tap => <> });
		while (my $test = $parser->next) {
			next unless $test->is_test;
			printf "%s %s\n", $test->description =~ s/ # XFAIL$//r,
				$test->has_skip ? "skip" : $test->is_ok ? "pass" : "fail";
		}' "$log"
}

by_tappy()
{
	/usr/bin/python3 -c 'import sys
from tap.parser import Parser
for line in Parser().parse_file(sys.argv[1]):
    if line.category == "test":
        print(line.description, "skip" if line.skip else "pass" if line.ok else "fail")' "$log" | grep '^outcome'
}

by_kunit()
{
	python3 "$kunit" parse --json="$work/json" "$log" >/dev/null
	python3 -c 'import json, sys
for case in json.load(open(sys.argv[1]))["test_cases"]:
    print(case["name"], case["status"].lower())' "$work/json"
}

by_lab()
{
	sed 's/^/# /' "$log" | awk -f "$here/lab_names.awk"
}

by_report()
{
	{ echo '# selftests: vm: outcomes'; sed 's/^/# /' "$log"; echo 'not ok 1 selftests: vm: outcomes # exit=1'; } >"$work/log"
	awk -v list=outcomes -v verbose=0 -v stats="$work/stats" -f "$here/../report.awk" kernel=here "$work/log" |
		grep -E '^# (SKIP|XFAIL)'
	head -n 1 "$work/stats"
}

if [ -n "$kunit" ]; then
	sees prove < <(by_prove)
	sees tappy < <(by_tappy)
	sees kunit.py < <(by_kunit)
else
	expected=${expected/defect pass/defect skip}
fi
expected=$(tr . _ <<<"$expected")
sees "a LAVA lab" < <(by_lab)
expected='# XFAIL outcome.of_a_mapping.is_a_known_defect: mm/example.c, example(): a page is put twice
# SKIP (1) outcome.of_a_mapping.skips: no /dev/example: CONFIG_EXAMPLE # ok 1 not a result
1 3 1 1'
sees run_tests.sh < <(by_report)
exit $status
