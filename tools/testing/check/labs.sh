#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make check-labs: the suite as a job in a LAVA lab of this machine alone, by Linaro's test definitions, and in a git
# bisect. As root, after make check; some forty minutes, and 2 GB in CACHE. DEFINITIONS names a clone of Linaro's
# repository, where there is no way to it. TAP on stdout; the last line counts.
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
cd "$top" || exit 1
# shellcheck source=tools/testing/check/lib.sh
. "$top/tools/testing/check/lib.sh"
ci=$top/tools/testing/ci/lava
lab=$CACHE/lava
files=$work/files
root=$lab/root-$(cat "$ci"/{root,debian,inside,configure}.sh | cksum | cut -d ' ' -f 1)

brings_up_a_lab()
{
	[ "$(id -u)" = 0 ] || { echo "run it as root"; return 4; }
	[ -d "$root" ] || { rm -rf "$lab"/root-* && "$ci/root.sh" "$root"; } || return
	git clone -q --bare "${DEFINITIONS:-https://github.com/Linaro/test-definitions.git}" "$files/test-definitions.git" ||
		{ echo "Linaro's tests cannot be cloned: name a clone, DEFINITIONS="; return 4; }
	tools/testing/guest/kernel.sh debian:6.12 "$work/kernel" && "$ci/guest.sh" "$work/kernel" "$files"
}

has_lab()
{
	[ -e "$files/vmlinuz" ] || { echo "no lab: see above"; return 4; }
}

# stored JOB: "NAME RESULT" of each of its tests, as LAVA has it
stored()
{
	sed -n 's/^\* [0-9]*_kselftest-vm\.\([^ ]*\) \[\(.*\)\]$/\1 \2/p' "$work/$1/results.txt" | grep -v '^shardfile'
}

# printed JOB: the same by what the runner printed; then kselftest.sh prints it again, in pieces
printed()
{
	sed -n 's/.*"lvl": "target", "msg": "\(.*\)"}$/\1/p' "$work/$1/job.log" |
		awk '/LAVA_SIGNAL_(STARTTC|TESTCASE)/ { exit } { print }' | awk -f tools/testing/check/lab_names.awk
}

# Every program of the suite, and each of its tests by the name that -l has.
stores_what_the_suite_printed()
{
	has_lab || return
	make -s gen_tar && cp "$tree/tar/kselftest-packages/kselftest.tar.gz" "$files/" &&
		"$ci/lab.sh" "$root" "$files" "$ci/kselftest.yaml" "$work/whole" || return
	./run_tests.sh -l | sed -n 's/^  /vm_/p' | tr -c 'a-zA-Z0-9\n_-' _ | sort >"$work/listed" &&
		[ -s "$work/listed" ] || return
	stored whole | grep -c ' pass' && diff <(stored whole | sort) <(printed whole | sort) &&
		! stored whole | cut -d ' ' -f 1 | sort | comm -13 - "$work/listed" | grep . &&
		! stored whole | grep ' fail$'
}

# job_of NAME PROGRAM...: a job of those of $work/programs
job_of()
{
	local tar=$work/$1.tar
	rm -rf "$tar" && mkdir -p "$tar/vm" && cp -r "$tree/install/run_kselftest.sh" "$tree/install/kselftest" "$tar" &&
		(cd "$work/programs" && cp "${@:2}" "$tar/vm") && echo timeout=20 >"$tar/vm/settings" &&
		printf 'vm:%s\n' "${@:2}" >"$tar/kselftest-list.txt" && tar -C "$tar" -czf "$files/kselftest.tar.gz" . || return
	"$ci/lab.sh" "$root" "$files" "$ci/kselftest.yaml" "$work/$1"
}

# A program whose tests fail, crash and hang, one that hangs itself, and one that ends the kernel.
make_programs()
{
	has_lab || return
	harness_copy programs && judges_with=LDFLAGS=-static judges "$work/programs" outcomes &&
		cp "$work/programs/out/outcomes" "$work/programs" &&
		printf '#!/bin/sh\nexec sleep 1000\n' >"$work/programs/hangs" &&
		printf '#!/bin/sh\necho c >/proc/sysrq-trigger\n' >"$work/programs/panics" &&
		chmod +x "$work/programs"/{hangs,panics}
}

stores_failures()
{
	make_programs && job_of failures outcomes hangs || return
	diff <(stored failures) - <<-END
	vm_outcomes_outcome_of_a_mapping_passes pass
	vm_outcomes_outcome_of_a_mapping_skips skip
	vm_outcomes_outcome_of_a_mapping_is_a_known_defect pass
	vm_outcomes_outcome_of_a_mapping_fails fail
	vm_outcomes_outcome_of_a_mapping_crashes fail
	vm_outcomes_outcome_of_a_mapping_hangs fail
	vm_outcomes fail
	vm_hangs fail
	END
}

notices_a_dead_kernel()
{
	make_programs || return
	exits 1 'the job is not complete' job_of dead panics && grep -q '^health: Incomplete' "$work/dead/job.yaml" &&
		grep -q 'lava.lava-test-shell \[fail\]' "$work/dead/results.txt" &&
		grep -q 'Kernel panic' "$work/dead/job.log"
}

# make_history WORD...: a kernel tree with a commit for each. Its make gives the kernel of that name; there is none
# named "none".
make_history()
{
	local word n=0
	rm -rf "$work/history" && mkdir "$work/history" && cd "$work/history" || return
	git init -q && touch Kbuild MAINTAINERS
	cat >Makefile <<-'END'
	allnoconfig modules: ;
	bzImage: ; test -d $(KERNELS)/$$(cat kernel) && cp -dr $(KERNELS)/$$(cat kernel)/. $(O)
	END
	for word in "$@"; do
		echo "$word" >kernel && echo >>Kbuild && git add . &&
			git -c user.name=check -c user.email=check@localhost commit -qm "$word $((n += 1))" || return
	done
}

# The commit before the bug does not build: it may have it, too.
bisect_finds_the_bug()
{
	export KERNELS=$CACHE/mutation/6.12/kernels BUILD=$work/bisect
	[ -d "$KERNELS/founding" ] || { echo "no kernel with a bug: make check builds it"; return 4; }
	make_history stock stock none founding founding && git bisect start HEAD HEAD~4 || return
	exits 2 'The first bad commit could be any of' \
		git bisect run "$top/tools/testing/bisect.sh" pfnmap_gup:cell.mod_late.pin &&
		git bisect log >"$work/bisect.log" && grep -q '^# good: .*stock 2' "$work/bisect.log" &&
		grep -q '^# skip: .*none 3' "$work/bisect.log" && grep -q '^# bad: .*founding 4' "$work/bisect.log"
}

mkdir -p "$lab" && exec 9>"$lab/.lock" && flock 9 || exit 1
make -s KSRC="$(source_of 6.12)" all >/dev/null || exit 1
export KSRC
KSRC=$(source_of 6.12)
check "a LAVA lab comes up" brings_up_a_lab
check "LAVA stores what the suite printed" stores_what_the_suite_printed
check "LAVA stores tests that fail, crash and hang as failed" stores_failures
check "LAVA notices that the kernel died" notices_a_dead_kernel
check "git bisect run finds a bug behind a commit that does not build" bisect_finds_the_bug
report
