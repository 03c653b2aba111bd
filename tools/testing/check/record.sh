#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Records a run for "make replay": its kernels, the facts of their mappings, and every result.
#
# usage: record.sh LOGS NAME...
# LOGS is a directory that run_tests.sh -o made. Each NAME is one of its kernels, in their order, for
# recorded/NAME.xz.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

die()
{
	echo "record.sh: $*" >&2
	exit 2
}

[ $# -gt 1 ] || die "usage: record.sh LOGS NAME..."
logs=$1
shift
mkdir -p "$here/recorded"
i=0
for name; do
	[ -n "$name" ] || die "a name is empty"
	log=$logs/$i/all.log
	[ -e "$logs/here.log" ] && log=$logs/here.log
	[ -e "$log" ] || die "no $log: run_tests.sh -o $logs makes it"
	# The kernel comes first, then the mappings, then the results.
	grep -q '# result ' "$log" || die "no results in $log: which program ran?"
	sed -n -f "$here/record.sed" "$log" | LC_ALL=C sort -u |
		xz -9 >"$here/recorded/$name.xz"
	echo "recorded/$name.xz: $(xz -dc "$here/recorded/$name.xz" | grep -c '^# result ') lines of results" >&2
	i=$((i + 1))
done
