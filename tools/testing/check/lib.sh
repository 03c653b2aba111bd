# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Shared by the checks: paths, and how a check reports. Sourced, with $top set.
: "${top:?}"
# shellcheck source=tools/testing/cache.sh
. "$top/tools/testing/cache.sh"
# Most of what is built here was built before, in another directory.
export PATH=/usr/lib/ccache:$PATH CCACHE_DIR=$CACHE/ccache CCACHE_BASEDIR=/ CCACHE_NOHASHDIR=1
export CCACHE_SLOPPINESS=include_file_mtime,include_file_ctime CCACHE_MAXSIZE=1G
{ mkdir -p "$CCACHE_DIR" && [ -w "$CCACHE_DIR" ]; } 2>/dev/null || export CCACHE_DISABLE=1
vm=tools/testing/selftests/vm
tree=$top/build/linux-source-6.12
passed=0
failed=0
skipped=0
work=$(mktemp -d)
declare -A jobs
# A check runs in a subshell, which must not clean up for the others.
main=$BASHPID
clean_up()
{
	local job
	[ "$BASHPID" = "$main" ] || return
	for job in "${!jobs[@]}"; do
		[ -s "$work/$job.status" ] || { kill -TERM -- "-${jobs[$job]}" 2>/dev/null && wait "${jobs[$job]}"; }
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
export ACCEL=${ACCEL:-}

# check NAME COMMAND...: one line of TAP, followed by the command's output when it failed. A command
# that cannot check anything here returns 4 and tells why in its last line.
check()
{
	local name=$1 status=0
	shift
	("$@") >"$work/log" 2>&1 </dev/null || status=$?
	case $status in
	0) passed=$((passed + 1)) && echo "ok $((passed + failed + skipped)) $name" ;;
	4) skipped=$((skipped + 1)) && echo "ok $((passed + failed + skipped)) $name # SKIP $(tail -n 1 "$work/log")" ;;
	*)
		failed=$((failed + 1))
		echo "not ok $((passed + failed + skipped)) $name"
		tail -n 30 "$work/log" | sed 's/^/# /'
		;;
	esac
}

# begin JOB COMMAND...: in a process group of its own, while other checks run; "check NAME ended JOB" tells how it went.
# It holds a lock, since only this shell could "wait" for it.
begin()
{
	exec 7>"$work/$1.lock" && flock 7
	set -m
	{ ("${@:2}") >"$work/$1.log" 2>&1 </dev/null; echo $? >"$work/$1.status"; } &
	set +m
	exec 7>&-
	jobs[$1]=$!
}

await()
{
	flock "$work/$1.lock" true
}

ended()
{
	await "$1"
	cat "$work/$1.log"
	return "$(cat "$work/$1.status")"
}

# exits STATUS REGEX COMMAND...: the command must exit with STATUS, and its output must match.
exits()
{
	local want=$1 regex=$2 status=0
	shift 2
	"$@" >"$work/out" 2>&1 || status=$?
	[ "$status" = "$want" ] || { cat "$work/out"; echo "exit $status, not $want"; return 1; }
	grep -qE -- "$regex" "$work/out" || { cat "$work/out"; echo "nothing said like: $regex"; return 1; }
}

# source_of VERSION: Debian's kernel source of that version
source_of()
{
	"$top/tools/testing/source.sh" "$1"
}

# judges DIR PROGRAM...: builds those of model.mk from DIR/vm into DIR/out, with $judges_with
judges()
{
	local dir=$1
	shift
	# shellcheck disable=SC2086 # the list is words
	make -s -C "$dir" -f "$top/tools/testing/check/model.mk" -j "$(nproc)" VM="$dir/vm" OUT="$dir/out" \
		${judges_with:-} "${@/#/$dir/out/}"
}

# harness_copy NAME [TREE]
harness_copy()
{
	rm -rf "${work:?}/$1" && mkdir "$work/$1" && cp "${2:-$tree}"/tools/testing/selftests/*.h "$work/$1/" &&
		cp -r "$vm" "$work/$1/vm"
}

# merge_config SOURCE OUT: the options of the suite's config, into OUT/.config, as a lab does it
merge_config()
{
	"$1/scripts/kconfig/merge_config.sh" -m -O "$2" "$2/.config" "$vm/config" >/dev/null &&
		make -s -C "$1" O="$2" olddefconfig
}

# names_in_order LOG: the tests of all programs, as -l has them
names_in_order()
{
	diff <(./run_tests.sh -l | sed -n 's/^  [a-z0-9_]*://p') \
		<(sed -nE 's/^# (not )?ok [0-9]+ (# SKIP )?([a-z][a-z0-9_.]*).*/\3/p' "$1" | grep -v '^witness\.device_')
}

as_nobody()
{
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# CI counts the last line.
report()
{
	echo "1..$((passed + failed + skipped))"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
