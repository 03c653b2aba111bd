#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Puts bugs into a kernel, one at a time, runs the suite on each in a guest, and says which were caught.
#
# usage: campaign.sh [-v VERSION] [-j GUESTS] [MUTANT...]
# VERSION is that of a linux-source package (6.12), or KSRC= names a tree or tarball. Mutants are the
# files of mutants/, by name; the default is all that apply. What was done is kept in
# CACHE/mutation/VERSION, which is safe to delete: a kernel is not built again until its mutant or the
# config changes, and not tried again until the suite does.
# Exit: 0 all as they should be, 1 one that should die survived or the other way round, 2 wrong use,
# 4 cannot run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pfnmap-selftests}
version=6.12
guests=2

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
	-*) die 2 "unknown option $1: campaign.sh [-v VERSION] [-j GUESTS] [MUTANT...]" ;;
	*) break ;;
	esac
	shift
done
case $guests in '' | *[!0-9]* | 0) die 2 "-j $guests is not a number of guests" ;; esac
if [ $# = 0 ]; then
	cd "$here/mutants"
	set -- *.cocci
	set -- "${@%.cocci}"
fi
for mutant; do
	[ -e "$here/mutants/$mutant.cocci" ] || die 2 "no mutant $mutant: ls tools/testing/mutation/mutants"
done
command -v spatch >/dev/null || die 4 "spatch is missing: apt-get install coccinelle"

dir=$CACHE/mutation/$version
results=$dir/results
mkdir -p "$dir" "$results"
# One campaign a cache: they would change one tree.
exec 8>"$dir/.lock"
flock -n 8 || die 4 "another campaign works in $dir"

unpack()
{
	local source=${KSRC:-}
	for source in ${source:-/usr/src/linux-source-"$version".tar.*}; do :; done
	[ -e "$source" ] || die 4 "no source of $version: apt-get install linux-source-$version, or KSRC="
	say "unpacking $source"
	rm -rf "$dir/src.new" && mkdir "$dir/src.new"
	if [ -d "$source" ]; then
		cp -a "$source/." "$dir/src.new/"
	else
		tar -C "$dir/src.new" --strip-components=1 -xf "$source"
	fi
	mv "$dir/src.new" "$dir/src"
}

compile()
{
	nice make -s -j"$(nproc)" -C "$dir/src" O="$(realpath "$dir/build")" "$@" >"$dir/make.log" 2>&1
}

# stale FILE STAMP: is what FILE says no longer true?
stale()
{
	[ "$(cat "$dir/$1" 2>/dev/null)" != "$2" ]
}

forget_results()
{
	rm -rf "${dir:?}/results" "${dir:?}/logs"
	mkdir -p "$results"
}

build_stock()
{
	local stamp
	stamp=$(cksum <"$top/config")
	stale stamp "$stamp" || return 0
	rm -rf "${dir:?}/kernels"
	forget_results
	mkdir -p "$dir/build"
	say "building $version; this takes some ten minutes once"
	if ! compile KCONFIG_ALLCONFIG="$top/config" allnoconfig || ! compile bzImage modules; then
		die 4 "$version does not build: $dir/make.log"
	fi
	echo "$stamp" >"$dir/stamp"
}

# What another suite said of a mutant says nothing of this one.
forget_old_results()
{
	local stamp
	stamp=$(find "$top/tools/testing/selftests" -type f -exec cksum {} + | sort | cksum)
	stale suite "$stamp" || return 0
	forget_results
	echo "$stamp" >"$dir/suite"
}

text_of()
{
	[ "$1" = stock ] || cat "$here/mutants/$1.cocci"
}

# A build directory with a kernel of its own, and all else the stock one's.
keep_kernel()
{
	local own=$dir/kernels/$1 file
	rm -rf "$own" && mkdir -p "$own/arch/x86/boot"
	for file in "$dir"/build/*; do
		case ${file##*/} in arch) ;; *) ln -s "$(realpath "$file")" "$own/" ;; esac
	done
	ln -s "$(realpath "$dir/build/.config")" "$own/.config"
	for file in "$dir"/build/arch/x86/*; do
		case ${file##*/} in boot) ;; *) ln -s "$(realpath "$file")" "$own/arch/x86/" ;; esac
	done
	cp "$dir/build/arch/x86/boot/bzImage" "$own/arch/x86/boot/"
	text_of "$1" >"$own/mutant"
}

have_kernel()
{
	text_of "$1" | cmp -s - "$dir/kernels/$1/mutant"
}

header()
{
	sed -n "s,^// $2: ,,p" "$here/mutants/$1.cocci"
}

# Puts the bug in. Returns 1 where the code is not like that.
apply()
{
	local file changed=1
	for file in $(header "$1" File); do
		[ -e "$dir/src/$file" ] || continue
		rm -f "$dir/patched.c"
		spatch --very-quiet --sp-file "$here/mutants/$1.cocci" "$dir/src/$file" -o "$dir/patched.c" \
			>"$dir/spatch.log" 2>&1 || continue
		if [ ! -s "$dir/patched.c" ] || cmp -s "$dir/patched.c" "$dir/src/$file"; then
			continue
		fi
		echo "$file" >>"$dir/touched"
		cp -p "$dir/src/$file" "$dir/src/$file.stock"
		cp "$dir/patched.c" "$dir/src/$file"
		changed=0
	done
	return $changed
}

# Takes it out again, also what an interrupted campaign left. make must see that it is gone.
heal()
{
	local file
	while read -r file; do
		[ -e "$dir/src/$file.stock" ] || continue
		mv "$dir/src/$file.stock" "$dir/src/$file"
		touch "$dir/src/$file"
	done < <(cat "$dir/touched" 2>/dev/null)
	rm -f "$dir/touched"
}

# run_suite KERNEL [LIMIT]: in a kernel that hangs here and there each test would wait for its timeout.
run_suite()
{
	rm -rf "$dir/logs/$1" && mkdir -p "$dir/logs/$1"
	LIMIT=${2:-} "$top/run_tests.sh" -k "$dir/kernels/$1" -o "$dir/logs/$1" >"$dir/logs/$1/report" 2>"$dir/logs/$1/err" || true
}

# How the guest in these logs came to its end.
last_words()
{
	grep -m 1 -oE 'BUG: .*|Oops.*|kernel BUG .*|Kernel panic.*|general protection.*' "$1/console.log" ||
		cat "$1/ended" 2>/dev/null || echo 'it ended without a word'
}

# Tests that did not fail on the stock kernel, and their first words.
judge()
{
	awk -v stock="$dir/logs/stock/0/tap.log" -f "$here/judge.awk" "$dir/logs/$1/0/tap.log" >"$results/$1.new"
	{
		echo "seconds $2"
		[ "$(cat "$dir/logs/$1/0/exit")" != 3 ] || echo "died $(last_words "$dir/logs/$1/0")"
	} >>"$results/$1.new"
	mv "$results/$1.new" "$results/$1"
}

# try MUTANT BUILT: in the background, while the next one is built; BUILT seconds went into this one
try()
{
	local begun
	begun=$(date +%s)
	run_suite "$1" "$((2 * $(cat "$dir/logs/stock/seconds")))"
	judge "$1" $(($2 + $(date +%s) - begun))
}

# build MUTANT: leaves its kernel, or a result that says why there is none
build()
{
	if ! apply "$1"; then
		echo "absent" >"$results/$1"
		return 1
	fi
	if ! compile bzImage; then
		heal
		{ echo "unbuilt"; grep -m 1 'error' "$dir/make.log"; } >"$results/$1"
		return 1
	fi
	keep_kernel "$1"
	heal
}

progress()
{
	[ ! -t 2 ] || printf '\r%3d of %d: %-40s' "$1" "$2" "$3" >&2
}

trap 'heal; kill $(jobs -p) 2>/dev/null; exit 130' INT TERM HUP
[ -e "$dir/src" ] || unpack
heal
build_stock
forget_old_results
if [ ! -e "$dir/logs/stock/0/tap.log" ]; then
	say "running the suite on the stock kernel"
	if ! have_kernel stock; then
		# What was built last may have been a mutant.
		compile bzImage || die 4 "the stock kernel does not build: $dir/make.log"
		keep_kernel stock
	fi
	begun=$(date +%s)
	run_suite stock
	echo $(($(date +%s) - begun)) >"$dir/logs/stock/seconds"
	[ "$(cat "$dir/logs/stock/0/exit")" = 0 ] || die 4 "the suite fails on the stock kernel: $dir/logs/stock"
fi
number=0
for mutant; do
	progress $((number += 1)) $# "$mutant"
	[ ! -e "$results/$mutant" ] || continue
	begun=$(date +%s)
	have_kernel "$mutant" || build "$mutant" || continue
	built=$(($(date +%s) - begun))
	while [ "$(jobs -rp | wc -l)" -ge "$guests" ]; do wait -n || true; done
	try "$mutant" "$built" &
done
wait
"$here/report.py" "$here/mutants" "$results" "$version" "$@"
