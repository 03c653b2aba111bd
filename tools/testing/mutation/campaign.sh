#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Puts bugs into a kernel, one at a time, runs the suite on each in a guest, and says which were caught.
#
# usage: campaign.sh [-b | -s] [-v VERSION] [-j GUESTS] [MUTANT...]
# -b is the baseline: the tests that other people have (theirs.list) run on the same kernels, and the
# report shows what they see beside what we see; LIBURING= names a source tree of liburing.
# -s is for every day: a few mutants, and the programs that should see them.
# VERSION is that of a linux-source package (6.12), or KSRC= names a tree or tarball. Mutants are the
# files of mutants/, by name; the default is all that apply. What was done is kept in
# CACHE/mutation/VERSION, which is safe to delete: a kernel is not built again until its mutant or the
# config changes, and not tried again until the suite does.
# Exit: 0 all as they should be, 1 one that should die survived or the other way round, or a test fails
# without any, 2 wrong use, 4 cannot run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pfnmap-selftests}
version=6.12
guests=2
who=ours
smoke_mutants=(founding partial-is-whole futex-kept eq-process-vm-zero)
smoke_programs=(-t pfnmap_gup -t pfnmap_futex -t pfnmap_remote)

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
	-s) who=smoke ;;
	-*) die 2 "unknown option $1: campaign.sh [-b | -s] [-v VERSION] [-j GUESTS] [MUTANT...]" ;;
	*) break ;;
	esac
	shift
done
case $guests in '' | *[!0-9]* | 0) die 2 "-j $guests is not a number of guests" ;; esac
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
command -v spatch >/dev/null || die 4 "spatch is missing: apt-get install coccinelle"

dir=$CACHE/mutation/$version
results=$dir/$who/results
logs=$dir/$who/logs
mkdir -p "$results"
# One campaign a cache: they would change one tree.
exec 8>"$dir/.lock"
flock -n 8 || die 4 "another campaign works in $dir"

# stale FILE STAMP: is what FILE says no longer true?
stale()
{
	[ "$(cat "$dir/$1" 2>/dev/null)" != "$2" ]
}

# A newer package of the same version is another source.
unpack()
{
	local source stamp
	for source in ${KSRC:-/usr/src/linux-source-"$version".tar.*}; do :; done
	[ -e "$source" ] || die 4 "no source of $version: apt-get install linux-source-$version, or KSRC="
	stamp=$(stat -L -c '%n %s %Y' "$source")
	stale source "$stamp" || return 0
	say "unpacking $source"
	rm -rf "${dir:?}/src" "$dir/build" && mkdir "$dir/src"
	if [ -d "$source" ]; then
		cp -a "$source/." "$dir/src/"
	else
		tar -C "$dir/src" --strip-components=1 -xf "$source"
	fi
	echo "$stamp" >"$dir/source"
}

compile()
{
	nice make -s -j"$(nproc)" -C "$dir/src" O="$(realpath "$dir/build")" "$@" >"$dir/make.log" 2>&1
}

build_stock()
{
	local stamp
	stamp=$(cat "$dir/source" "$top/config" <("${CC:-gcc}" --version) | cksum)
	stale stamp "$stamp" || return 0
	rm -rf "${dir:?}/kernels" "$dir/ours" "$dir/theirs" "$dir/smoke"
	mkdir -p "$dir/build" "$results"
	say "building $version; this takes some ten minutes once"
	if ! compile KCONFIG_ALLCONFIG="$top/config" allnoconfig || ! compile bzImage modules; then
		die 4 "$version does not build: $dir/make.log"
	fi
	echo "$stamp" >"$dir/stamp"
}

# What is run: the files that it is made of, how it is prepared, and how it runs on KERNEL within LIMIT
# seconds, which leaves what run_tests.sh -o does.
files_of_ours()
{
	find "$top/tools/testing/selftests" -type f
}

files_of_smoke()
{
	files_of_ours
}

files_of_theirs()
{
	ls "$here"/theirs*
}

run_ours()
{
	LIMIT=$2 "$top/run_tests.sh" -k "$dir/kernels/$1" -o "$logs/$1"
}

run_smoke()
{
	LIMIT=$2 "$top/run_tests.sh" "${smoke_programs[@]}" -k "$dir/kernels/$1" -o "$logs/$1"
}

run_theirs()
{
	LIMIT=$2 "$here/theirs_run.sh" "$dir/kernels/$1" "$dir/theirs/payload" "$logs/$1"
}

prepare_ours() { :; }

prepare_smoke() { :; }

prepare_theirs()
{
	say "building the tests of $version${LIBURING:+ and of $LIBURING}"
	compile headers || die 4 "the headers of $version do not install: $dir/make.log"
	"$here/theirs_build.sh" "$dir/src" "$(realpath "$dir/build")/usr/include" "$dir/theirs/payload"
}

# run_suite KERNEL [LIMIT]
run_suite()
{
	rm -rf "${logs:?}/$1" && mkdir -p "$logs/$1"
	"run_$who" "$1" "${2:-}" >"$logs/$1/report" 2>"$logs/$1/err" || true
}

# What another suite said of a mutant says nothing of this one.
forget_old_results()
{
	local stamp
	stamp=$("files_of_$who" | sort | xargs cksum | cksum)
	stale "$who/suite" "$stamp" || return 0
	rm -rf "${results:?}" "${logs:?}"
	mkdir -p "$results"
	"prepare_$who"
	echo "$stamp" >"$dir/$who/suite"
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

# How the guest in these logs came to its end.
last_words()
{
	grep -m 1 -oE 'BUG: .*|Oops.*|kernel BUG .*|Kernel panic.*|general protection.*' "$1/console.log" ||
		cat "$1/ended" 2>/dev/null || echo 'it ended without a word'
}

# judge MUTANT SECONDS: tests that did not fail on the stock kernel, and their first words
judge()
{
	{
		awk -v stock="$logs/stock/0/tap.log" -f "$here/judge.awk" "$logs/$1/0/tap.log"
		echo "seconds $2"
		[ "$(cat "$logs/$1/0/exit")" != 3 ] || echo "died $(last_words "$logs/$1/0")"
	} >"$results/$1.new"
	mv "$results/$1.new" "$results/$1"
}

# try MUTANT BUILT: in the background, while the next one is built; BUILT seconds went into this one. In a
# kernel that hangs here and there each test would wait for its timeout, so there is a limit.
try()
{
	local begun
	begun=$(date +%s)
	run_suite "$1" "$((2 * $(cat "$logs/stock/seconds")))"
	judge "$1" $(($2 + $(date +%s) - begun))
}

# Theirs need not be steady: what they say of a mutant counts when they say it twice.
try_again()
{
	[ "$who" = theirs ] && ! grep -qx 'tests 0 0' "$results/$1" && try "$1" "$2"
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

# What the stock kernel's run says is what a mutant's is held against; of theirs, what two runs say.
run_stock()
{
	local begun
	say "running the tests on the stock kernel"
	if ! have_kernel stock; then
		# What was built last may have been a mutant.
		compile bzImage || die 4 "the stock kernel does not build: $dir/make.log"
		keep_kernel stock
	fi
	begun=$(date +%s)
	run_suite stock
	[ "$(cat "$logs/stock/0/exit")" = 0 ] || die 1 "the tests fail on the stock kernel: $logs/stock"
	echo $(($(date +%s) - begun)) >"$logs/stock/took"
	if [ "$who" = theirs ]; then
		mv "$logs/stock" "$logs/first"
		run_suite stock
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
	heal
	for group in $(jobs -p); do
		kill -- "-$group" 2>/dev/null
	done
	exit 130
}
trap interrupted INT TERM HUP
heal
unpack
build_stock
forget_old_results
[ -e "$logs/stock/seconds" ] || run_stock
number=0
for mutant; do
	progress $((number += 1)) $# "$mutant"
	[ ! -e "$results/$mutant" ] || continue
	begun=$(date +%s)
	have_kernel "$mutant" || build "$mutant" || continue
	built=$(($(date +%s) - begun))
	while [ "$(jobs -rp | wc -l)" -ge "$guests" ]; do wait -n || true; done
	# A process group each, so that nothing of it is left when the campaign is interrupted.
	set -m
	{ try "$mutant" "$built"; try_again "$mutant" "$built"; } 8>&- &
	set +m
done
wait
[ $who = smoke ] && ours=smoke || ours=ours
"$here/report.py" "$here/mutants" "$dir/$ours" "$dir/theirs" "$version" "$@"
