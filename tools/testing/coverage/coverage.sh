#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Measures which code of a kernel the suite reaches: builds the kernel with gcov in the files of files.list, runs the
# suite in it, and has lcov write what was counted.
#
# usage: coverage.sh [-v VERSION] [-j GUESTS] DIR
# VERSION is that of a linux-source package (6.12), or KSRC= names a tree or tarball. DIR gets index.html, with all
# lines and functions, counted.info (lcov's), table (a line for each file) and logs (of run_tests.sh -o). What a
# guest had counted before it died is lost. The kernel is kept in CACHE/coverage/VERSION, which is safe to delete.
# Exit: 0 what no test reaches in mm/gup.c is in unreached.list, 1 more is not reached, or a test failed, 2 wrong use,
# 4 cannot run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
# shellcheck source=tools/testing/cache.sh
. "$top/tools/testing/cache.sh"
version=6.12
guests=2

say()
{
	echo "coverage.sh: $*" >&2
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
	-*) die 2 "unknown option $1: coverage.sh [-v VERSION] [-j GUESTS] DIR" ;;
	*) break ;;
	esac
	shift
done
[ $# = 1 ] && [ -n "$1" ] || die 2 "name one directory for the result: coverage.sh [-v VERSION] [-j GUESTS] DIR"
[[ $version =~ ^[1-9][0-9]*\.[0-9]+$ ]] || die 2 "-v $version is not a version such as 6.12"
command -v lcov >/dev/null || die 4 "lcov is missing: apt-get install lcov"
mkdir -p "$1" 2>/dev/null && [ -w "$1" ] || die 2 "$1: cannot write there"
out=$(cd "$1" && pwd)
dir=$CACHE/coverage/$version
mkdir -p "$dir"
exec 8>"$dir/.lock"
flock -n 8 || die 4 "another coverage.sh works in $dir"

# Several directories have a memory.o, and that of arch/x86/boot cannot be linked with gcov.
profile()
{
	awk -F / '{
			object = $NF
			sub(/c$/, "o", object)
			sub("/" $NF "$", "")
			directories[object] = directories[object] " " $0
		}
		END {
			for (object in directories)
				printf "GCOV_PROFILE_%s = $(if $(filter%s,$(obj)),y,n)\n", object, directories[object]
		}' "$here/files.list" | sort
}

build()
{
	profile >"$dir/profile.mk"
	KERNEL_OPTIONS=CONFIG_GCOV_KERNEL=y MAKEFILES=$dir/profile.mk \
		"$top/tools/testing/mutation/build_kernel.sh" "$dir" "$version" stock
}

# info TAR FILE: lcov's file of what a guest has counted. The counts must be beside gcc's notes, which the build has.
info()
{
	local counts=$work/counts
	rm -rf "$counts" && mkdir "$counts"
	tar -C "$counts" -xf "$1"
	(cd "$counts/$(realpath "$dir/build")" && find . -name '*.gcda') | while read -r count; do
		ln -s "$(realpath "$dir/build")/${count%.gcda}.gcno" "$counts/$(realpath "$dir/build")/${count%.gcda}.gcno"
	done
	lcov -q -c -d "$counts" -b "$dir/src" -o "$2"
}

# The guests that shared the tests, added up.
collect()
{
	local tar number=0 infos=()
	for tar in "$out"/logs/0/*/boot*/counted.tar; do
		[ -s "$tar" ] || continue
		info "$tar" "$work/$((number += 1)).info"
		infos+=(-a "$work/$number.info")
	done
	[ $number -gt 0 ] || die 4 "no guest brought counts: $out/logs"
	lcov -q "${infos[@]}" -o "$work/all.info"
	mapfile -t files < <(sed "s,^,*/," "$here/files.list")
	lcov -q -e "$work/all.info" "${files[@]}" -o "$out/counted.info"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
build || exit 4
status=0
"$top/run_tests.sh" -k "$dir/kernels/stock" -j "$guests" -o "$out/logs" >"$out/report" || status=$?
tail -n 1 "$out/report" >&2
[ $status -le 1 ] || die 4 "the guest did not survive the tests: $out/report"
collect >"$work/lcov.log" 2>&1 || { tail -n 5 "$work/lcov.log" >&2; die 4 "lcov failed"; }
genhtml -q --prefix "$(realpath "$dir/src")" -t "$version, pfnmap" -o "$out" "$out/counted.info" \
	>"$work/lcov.log" 2>&1 || { tail -n 5 "$work/lcov.log" >&2; die 4 "genhtml failed"; }
awk -v prefix="$(realpath "$dir/src")/" -f "$here/table.awk" "$out/counted.info" | sort >"$out/table"
cat "$out/table"
awk -v prefix="$(realpath "$dir/src")/" -f "$here/unreached.awk" "$here/unreached.list" "$out/counted.info" || status=1
exit $status
