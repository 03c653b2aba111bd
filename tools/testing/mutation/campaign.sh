#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Puts bugs into a kernel, one at a time, runs the suite on each in a guest, and reports which were caught.
#
# usage: campaign.sh [-b | -s] [-w] [-v VERSION] [-j GUESTS] [MUTANT...]
# -b is the baseline: other people's tests (theirs.list) run on the same kernels, and the
# report compares what they see with what the suite sees; LIBURING= names a source tree of liburing.
# -s is for every day: a few mutants, and the programs that should see them.
# A mutant's run ends at the first verdict of the suite, and begins with the tests that killed the mutant
# before, or the program that its head names. With -w, all tests run on each.
# VERSION is that of a linux-source package (6.12), or KSRC= names a tree or tarball. Mutants are the
# files of mutants/, by name; the default is all that apply. Results are kept in
# CACHE/mutation/VERSION, which is safe to delete: a kernel is not built again until its mutant or
# the config changes, and not tried again until the suite changes.
# Exit: 0 all as expected, 1 a mutant survived that should die, or the reverse, or a test fails
# without any, 2 wrong use, 4 cannot run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
# shellcheck source=tools/testing/cache.sh
. "$top/tools/testing/cache.sh"
version=6.12
guests=2
who=ours
whole=false
programs=()
smoke_mutants=(founding partial-is-whole futex-kept eq-process-vm-zero)
smoke_programs=(-t pfnmap_gup -t pfnmap_futex -t pfnmap_remote:cell.mod_altern.process_vm
	-t pfnmap_remote:cell.cramfs.process_vm)

say()
{
	echo "campaign.sh: $*" >&2
}

die()
{
	say "$2"
	exit "$1"
}

while [ $# -gt 0 ]; do
	case $1 in
	-v) [ $# -gt 1 ] || die 2 "-v wants a version"; version=$2; shift ;;
	-j) [ $# -gt 1 ] || die 2 "-j wants a number"; guests=$2; shift ;;
	-b) who=theirs ;;
	-s) who=smoke; programs=("${smoke_programs[@]}") ;;
	-w) whole=true ;;
	-*) die 2 "unknown option $1: campaign.sh [-b | -s] [-w] [-v VERSION] [-j GUESTS] [MUTANT...]" ;;
	*) break ;;
	esac
	shift
done
[[ $guests =~ ^[1-9][0-9]*$ ]] || die 2 "-j $guests is not a number of guests"
[[ $version =~ ^[1-9][0-9]*\.[0-9]+$ ]] || die 2 "-v $version is not a version such as 6.12"
if [ $# = 0 ] && [ $who = smoke ]; then
	set -- "${smoke_mutants[@]}"
elif [ $# = 0 ]; then
	cd "$here/mutants"
	set -- *.cocci
	set -- "${@%.cocci}"
fi
for mutant; do
	[ -e "$here/mutants/$mutant.cocci" ] || die 2 "no mutant $mutant: ls tools/testing/mutation/mutants"
done
dir=$CACHE/mutation/$version
results=$dir/$who/results
logs=$dir/$who/logs
killers=$dir/killers
mkdir -p "$results" "$killers"
# One campaign for each cache: two would change one tree.
exec 8>"$dir/.lock"
flock -n 8 || die 4 "another campaign works in $dir"

# kernel NAME: builds it when it is missing
kernel()
{
	"$here/build_kernel.sh" "$dir" "$version" "$1"
}

# The tests that run are ours, a part of ours, or theirs: their files, how they are prepared, and
# how they run on KERNEL within LIMIT seconds, with the logs of run_tests.sh -o. Names begin in tools/testing.
files()
{
	if [ $who = theirs ]; then
		ls mutation/theirs*
	else
		find selftests -type f
	fi
}

prepare()
{
	[ $who = theirs ] || return 0
	say "building the tests of $version${LIBURING:+ and of $LIBURING}"
	"$here/theirs_build.sh" "$dir/src" "$(realpath "$dir/build")" "$dir/theirs/payload"
}

run()
{
	if [ $who = theirs ]; then
		LIMIT=$2 "$here/theirs_run.sh" "$dir/kernels/$1" "$dir/theirs/payload" "$logs/$1"
	else
		# The config forces (PROC_MEM_ALWAYS_FORCE); a kernel that does not is no other configuration here.
		PFNMAP_KERNEL_HAS=PROC_MEM_FORCE_PTRACE=0 LIMIT=$2 "$top/run_tests.sh" "${@:3}" \
			-k "$dir/kernels/$1" -o "$logs/$1"
	fi
}

# run_suite KERNEL LIMIT [OPTION...]: of run_tests.sh
run_suite()
{
	rm -rf "${logs:?}/$1" && mkdir -p "$logs/$1"
	run "$@" >"$logs/$1/report" 2>"$logs/$1/err" || true
}

# Results of another suite, or for another kernel, do not count for this one.
forget_old_results()
{
	local stamp
	stamp=$(cd "$top/tools/testing" && files | sort | xargs cksum | cat - "$dir/stamp" <(echo "$whole") | cksum)
	[ "$(cat "$dir/$who/suite" 2>/dev/null)" != "$stamp" ] || return 0
	rm -rf "${results:?}" "${logs:?}"
	mkdir -p "$results"
	prepare
	echo "$stamp" >"$dir/$who/suite"
}

# judge MUTANT SECONDS WHOLE: into MUTANT.new, the tests that fail and did not on the stock kernel, and their first
# message
judge()
{
	# Without a log, the guest could not be started: the mutant stays untried.
	[ -e "$logs/$1/0/tap.log" ] || { tail -n 1 "$logs/$1/err" >&2; return 1; }
	{
		awk -v stock="$logs/stock/0/tap.log" -v whole="$3" -f "$here/judge.awk" "$logs/$1/0/tap.log"
		echo "seconds $2"
		# A mutant that dies while it boots says nothing about the suite.
		grep -q '^# selftests: ' "$logs/$1/0/tap.log" || echo unbooted
		sed -n '/^# guest died: /{s//died /p;q}' "$logs/$1/0/tap.log"
	} >"$results/$1.new"
}

keep()
{
	mv "$results/$1.new" "$results/$1"
}

# try MUTANT BUILT [OPTION...]: in the background, while the next one is built; BUILT is the build's seconds. In a
# kernel that hangs in places each test would wait for its timeout, so there is a limit.
try()
{
	local begun
	begun=$(date +%s)
	run_suite "$1" "$((2 * $(cat "$logs/stock/seconds")))" "${@:3}"
	judge "$1" $(($2 + $(date +%s) - begun)) "$([ -n "${ENOUGH:-}" ] || echo 1)"
}

killed()
{
	grep -qx own "$results/$1.new"
}

# Is the result of its killers enough? The kernel dies of a weak mutant before a test can tell.
is_enough()
{
	killed "$1" && return
	grep -q '^// Verdict: weak' "$here/mutants/$1.cocci" && grep -q '^died ' "$results/$1.new"
}

# The tests that killed MUTANT before, if they are still there; without any, the program that its head names.
killers_of()
{
	grep . "$killers/$1" 2>/dev/null || sed -n 's,^// Killer: ,,p' "$here/mutants/$1.cocci"
}

try_killers()
{
	local options
	[ "$whole" = false ] && [ "$who" = ours ] || return
	mapfile -t options < <(killers_of "$1" | sed 's/^/-t\n/')
	[ "${#options[@]}" != 0 ] && try "$1" "$2" "${options[@]}" && is_enough "$1"
}

# try_ours MUTANT BUILT: what did not kill it alone is no result
try_ours()
{
	[ "$whole" = true ] || export ENOUGH="$here/is_killed.sh $logs/stock/0/tap.log"
	try_killers "$@" || try "$@" "${programs[@]}" || return 0
	! killed "$1" || sed -n 's/^test //p' "$results/$1.new" >"$killers/$1"
	keep "$1"
}

# try_theirs MUTANT BUILT: they may be flaky, and what they see counts when they see it again
try_theirs()
{
	try "$@" || return 0
	grep -qx 'tests 0 0' "$results/$1.new" || try "$@" || return 0
	keep "$1"
}

# A mutant's run is compared with the stock kernel's; for theirs, with two runs of that.
run_stock()
{
	local begun
	say "running the tests on the stock kernel"
	begun=$(date +%s)
	run_suite stock '' "${programs[@]}"
	[ -e "$logs/stock/0/exit" ] || die 4 "the stock guest could not be started: $logs/stock/err"
	[ "$(cat "$logs/stock/0/exit")" = 0 ] || die 1 "the stock guest did not survive the tests: $logs/stock"
	[ "$who" = theirs ] || ! grep '^# not ok' "$logs/stock/0/tap.log" ||
		die 1 "these tests fail on the stock kernel: $logs/stock"
	echo $(($(date +%s) - begun)) >"$logs/stock/took"
	if [ "$who" = theirs ]; then
		mv "$logs/stock" "$logs/first"
		run_suite stock ''
		cat "$logs/first/0/tap.log" >>"$logs/stock/0/tap.log"
		mv "$logs/first/took" "$logs/stock/"
	fi
	mv "$logs/stock/took" "$logs/stock/seconds"
}

progress()
{
	[ ! -t 2 ] || printf '\r%3d of %d: %-40s' "$1" "$2" "$3" >&2
}

interrupted()
{
	local group
	for group in $(jobs -p); do
		kill -- "-$group" 2>/dev/null || true
	done
	exit 130
}
trap interrupted INT TERM HUP
kernel stock || exit
forget_old_results
[ -e "$logs/stock/seconds" ] || run_stock
number=0
for mutant; do
	progress $((number += 1)) $# "$mutant"
	[ ! -e "$results/$mutant" ] || continue
	begun=$(date +%s)
	status=0
	kernel "$mutant" >"$results/$mutant.new" || status=$?
	case $status in
	0) ;;
	1) mv "$results/$mutant.new" "$results/$mutant" && continue ;;
	*) wait && exit $status ;;
	esac
	built=$(($(date +%s) - begun))
	while [ "$(jobs -rp | wc -l)" -ge "$guests" ]; do wait -n || true; done
	# Each in a process group of its own, so that all of it ends when the campaign is interrupted.
	set -m
	"try_$([ $who = theirs ] && echo theirs || echo ours)" "$mutant" "$built" 8>&- &
	set +m
done
wait
[ $who = smoke ] && ours=smoke || ours=ours
status=0
"$here/report.py" "$here/mutants" "$dir/$ours" "$dir/theirs" "$version" "$@" || status=$?
for mutant; do
	[ -e "$results/$mutant" ] || die 4 "$mutant could not be tried: $logs/$mutant/err"
done
exit $status
