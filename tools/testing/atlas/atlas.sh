#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make atlas: one page of what recorded runs know: which memory may be given to which pinner, on which kernel.
#
# usage: atlas.sh FILE [LOGS|RECORD]...
# FILE is a page (.html) or a text (.txt). LOGS is a directory that run_tests.sh -o made, RECORD a file of
# check/recorded/; the default is all of those. Exit: 0 FILE is there, 1 a record cannot be read, 2 wrong use.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
check=$(cd "$here/../check" && pwd)
vm=$(cd "$here/../selftests/vm" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

wrong_use()
{
	echo "atlas.sh: $*" >&2
	exit 2
}

# add NAME: the record on stdin. The kernel comes first, then the mappings, then the results.
add()
{
	[ ! -e "$work/$1.record" ] || wrong_use "$1: two records have this name: rename a directory"
	LC_ALL=C sort -u >"$work/$1.record"
	grep -q '^# result ' "$work/$1.record" || wrong_use "$1: no results"
}

add_logs()
{
	local log found=false
	for log in "$1"/here.log "$1"/[0-9]*/all.log; do
		[ -e "$log" ] || continue
		found=true
		sed -n -f "$check/record.sed" "$log" | add "$(basename "$(realpath "$1")")-$(basename "${log%/all.log}" .log)"
	done
	[ "$found" = true ] || wrong_use "$1: no logs: run_tests.sh -o $1 makes them"
}

# by_release: "RELEASE NAME", the oldest kernel first
by_release()
{
	local record release
	for record in "$work"/*.record; do
		release=$(sed -n 's/^# kernel \([0-9][0-9.]*\).*/\1/p' "$record")
		echo "${release:-0} $(basename "$record" .record)"
	done | sort -V
}

# The template, with the data in the place of the line that stands for it.
make_page()
{
	"$work/out/atlas" json "$@" >"$work/data" && sed -e "/^@DATA@\$/{r $work/data" -e 'd}' "$here/atlas.html"
}

make_text()
{
	"$work/out/atlas" text "$@"
}

# A name that begins like an option is none.
named()
{
	case $1 in -*) echo "./$1" ;; *) echo "$1" ;; esac
}

file=$(named "${1:-}")
[ $# -gt 0 ] && shift
case $file in
*.html) form=page ;;
*.txt) form=text ;;
*) wrong_use "name the file to write: ATLAS=FILE.html or ATLAS=FILE.txt" ;;
esac
[ $# -gt 0 ] || set -- "$check"/recorded/*.xz
for source; do
	source=$(named "$source")
	if [ -d "$source" ]; then
		add_logs "$source"
	elif [ -e "$source" ]; then
		xz -dc "$source" | add "$(basename "$source" .xz)"
	else
		wrong_use "$source: no such directory of logs, and no record"
	fi
done
make -s -C "$vm/.." -f "$check/model.mk" -j "$(nproc)" VM="$vm" OUT="$work/out" "$work/out/atlas"
arguments=()
while read -r _ name; do
	arguments+=("$name" "$work/$name.record")
done < <(by_release)
"make_$form" "${arguments[@]}" >"$work/made"
if ! cp "$work/made" "$file.new" || ! mv -T "$file.new" "$file"; then
	rm -f "$file.new"
	exit 1
fi
echo "$file: $(wc -c <"$file") bytes, $((${#arguments[@]} / 2)) kernels" >&2
