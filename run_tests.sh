#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs the suite: on this kernel, or on others in QEMU. Results are KTAP on stdout.
set -u
top=$(cd "$(dirname "$0")" && pwd)
TIMEOUT=${TIMEOUT:-60}
export TIMEOUT

usage()
{
	cat <<'END'
usage: ./run_tests.sh [options] [-- --bdf 0000:01:00.0 --seed 7 --rounds 1000]
  --vm            run in QEMU; the kernel is debian:6.12 when no -k names one
  -k KERNEL       a bzImage, a kernel build directory, debian:6.1, debian:6.12-rt; repeatable; means --vm
  --arch ARCH     guests of x86_64 or arm64; means --vm
  -j N            N guests at once, of 4.5 GB each; from two for each kernel on, they share its tests
  -t PROGRAM[:TEST]  only this program, or only this test of it; repeatable
  -l              list programs and tests, for -t
  -v              print everything, not only results, skips and failures
  -o DIR          keep the logs in DIR
  --installed DIR run what kselftest-install put into DIR, with its module, and build nothing
  --matrix        draw mapping x pinner on stderr
  --diff A B      say in which cells the logs in A and B (-o, of one kernel each) differ, and end
  --setup         install what is missing (Debian, as root), and nothing else
  -h, --help      this text
  -- --bdf BDF    the PCI device that may be tested (or VFIO_SELFTESTS_BDF)
  -- --seed N     begin pfnmap_race's random numbers as a run did that failed
  -- --rounds N   how often each of its tests tries
environment: KSRC (kernel source dir or tarball), ACCEL (kvm, tcg), QEMU (program),
  TIMEOUT (seconds a guest may be silent), LIMIT (seconds it may take in all),
  MAX_BOOTS (how often a guest that dies is booted in all, to go on; default 20), CACHE (directory),
  PFNMAP_KERNEL_HAS (NAME=0,NAME=1: kernel changes of contract/kernel.h that a kernel lacks or has)
exit: 0 passed, 1 a test failed or cells differ, 2 wrong use, 3 a guest died or hung, 4 nothing could run,
  or a guest could not be started
END
}

say()
{
	echo "run_tests.sh: $*" >&2
}

wrong_use()
{
	say "$*; -h tells the options"
	exit 2
}

cannot()
{
	say "$*"
	exit 4
}

# trouble TEXT: the run goes on, and ends with 4 unless a test failed
troubled=false
trouble()
{
	say "$*"
	troubled=true
}

setup()
{
	[ "$(id -u)" = 0 ] || cannot "--setup installs packages: run it as root"
	apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
		gcc make libc6-dev rsync xz-utils zstd linux-source-6.12 liburing-dev \
		qemu-system-x86 seabios busybox-static kmod e2fsprogs btrfs-progs util-linux ||
		cannot "apt-get failed: see above"
}

is_number()
{
	[[ $1 =~ ^[1-9][0-9]*$ ]]
}

option_value()
{
	[ $# -gt 1 ] || wrong_use "$1 wants a value"
}

# differ A B: exits with 1 when they do
differ()
{
	local dir
	for dir in "$1" "$2"; do
		[ -e "$dir/stats" ] || wrong_use "--diff: $dir has no logs: run_tests.sh -o $dir makes them"
	done
	awk -f "$top/tools/testing/diff.awk" "$1/stats" "$2/stats"
	exit $?
}

# The options after "--".
program_options()
{
	while [ $# -gt 0 ]; do
		[ $# -gt 1 ] || wrong_use "$1 wants a value: after -- come --bdf, --seed and --rounds"
		case $1 in
		--bdf) export VFIO_SELFTESTS_BDF=$2 ;;
		--seed | --rounds)
			is_number "$2" || wrong_use "$1 $2 is not a number"
			own="$own $1 $2"
			;;
		*) wrong_use "after -- come --bdf, --seed and --rounds, not $1" ;;
		esac
		shift 2
	done
}

own=
vm=false jobs=1 list=false verbose=0 keep='' matrix=false installed=''
kernels=() selected=()
while [ $# -gt 0 ]; do
	case $1 in
	--vm) vm=true ;;
	-k) option_value "$@" && vm=true && kernels+=("$2") && shift ;;
	--arch) option_value "$@" && vm=true && export GUEST_ARCH=$2 && shift ;;
	-j) option_value "$@" && jobs=$2 && shift ;;
	-t) option_value "$@" && selected+=("$2") && shift ;;
	-o) option_value "$@" && [ -n "$2" ] || wrong_use "-o wants a directory" && keep=$2 && shift ;;
	-l) list=true ;;
	-v) verbose=1 ;;
	--installed) option_value "$@" && [ -n "$2" ] || wrong_use "--installed wants a directory" && installed=$2 && shift ;;
	--matrix) matrix=true ;;
	--diff) [ $# -gt 2 ] || wrong_use "--diff wants two directories of logs" && differ "$2" "$3" ;;
	--setup) setup && exit 0 ;;
	-h | --help) usage && exit 0 ;;
	--)
		shift
		program_options "$@"
		break
		;;
	*) wrong_use "unknown option $1" ;;
	esac
	shift
done
[[ ${VFIO_SELFTESTS_BDF:-0000:01:00.0} =~ ^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$ ]] ||
	wrong_use "--bdf or VFIO_SELFTESTS_BDF: $VFIO_SELFTESTS_BDF is not like 0000:01:00.0"
[ "$vm" = false ] || [ -z "${VFIO_SELFTESTS_BDF:-}" ] ||
	wrong_use "--bdf or VFIO_SELFTESTS_BDF names a device of this machine: guests have their own"
[ -z "${VFIO_SELFTESTS_BDF:-}" ] || [ -e "/sys/bus/pci/devices/$VFIO_SELFTESTS_BDF" ] ||
	wrong_use "--bdf or VFIO_SELFTESTS_BDF: no such PCI device: $VFIO_SELFTESTS_BDF"
is_number "$jobs" || wrong_use "-j $jobs is not a number of guests"
is_number "$TIMEOUT" || wrong_use "TIMEOUT=$TIMEOUT is not a number of seconds"
is_number "${LIMIT:-1}" || wrong_use "LIMIT=$LIMIT is not a number of seconds"
is_number "${MAX_BOOTS:-1}" || wrong_use "MAX_BOOTS=$MAX_BOOTS is not a number of boots"
case ${ACCEL:-tcg} in kvm | tcg) ;; *) wrong_use "ACCEL=$ACCEL is neither kvm nor tcg" ;; esac
[ "$vm" = false ] || [ ${#kernels[@]} -gt 0 ] || kernels=(debian:6.12)

# shellcheck source=tools/testing/arch.sh
. "$top/tools/testing/arch.sh"
# shellcheck source=tools/testing/cache.sh
[ "$vm" = false ] || . "$top/tools/testing/cache.sh"

# Programs for another architecture are linked statically, and the host asks them for their tests by an emulator.
foreign()
{
	local tool dir
	for tool in "$triplet-gcc" "$qemu" "$emulator"; do
		command -v "$tool" >/dev/null || cannot "$tool is missing: apt-get install gcc-$triplet" \
			"libc6-dev-$debian_arch-cross qemu-system-arm qemu-user"
	done
	dir=$("$top/tools/testing/guest/foreign.sh") || exit 4
	export ARCH=$GUEST_ARCH CROSS_COMPILE=$triplet-
	export USERCFLAGS="-isystem $dir/usr/include" USERLDFLAGS="-static -L$dir/usr/lib/$triplet"
}
[ -z "$emulator" ] || foreign

work=$(mktemp -d) && work=$(cd "$work" && pwd) || cannot "no room for logs: set TMPDIR"
guests=()
new_logs=
end_guests()
{
	local group
	for group in ${guests[@]+"${guests[@]}"}; do
		kill "-$1" -- "-$group" 2>/dev/null
	done
}

remove_files()
{
	rm -rf "$work" ${new_logs:+"$new_logs"}
}

# Who interrupts twice does not wait.
clean_up()
{
	trap 'end_guests KILL; remove_files; exit 130' INT TERM HUP
	end_guests TERM
	wait
	remove_files
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
[[ $work != *,* ]] || cannot "TMPDIR has a comma, which QEMU does not take in a name"
if [ -n "$keep" ]; then
	mkdir -p "$keep" 2>/dev/null && [ -w "$keep" ] || wrong_use "-o $keep: cannot write there"
	keep=$(cd "$keep" && pwd)
	[ ! -e "$keep/stats" ] || grep -qxE '[0-9]+ [0-9]+ [0-9]+ [0-9]+' "$keep/stats" ||
		wrong_use "-o $keep: $keep/stats is not of an earlier run: name another directory"
	for i in "${!kernels[@]}"; do
		[ ! -e "$keep/$i" ] || [ -e "$keep/$i/exit" ] ||
			wrong_use "-o $keep: $keep/$i is not of an earlier run: name another directory"
	done
fi

# forget_logs: of an earlier run, whose kernels may be others; other files of DIR stay
forget_logs()
{
	local ended
	for ended in "$keep"/*/exit; do
		[[ ! $ended =~ /[0-9]+/exit$ ]] || rm -rf "${ended%/exit}"
	done
	rm -f "$keep"/{here.log,stats}
}

# The logs of an earlier run go when those of this one are whole. Of two runs with one directory the last one stays.
keep_logs()
{
	rm -rf "$work"/*/payload "$work"/*/kernel "$work"/{module,build.log,module.log}
	exec 9<"$keep" && flock 9
	new_logs=$(mktemp -d "$keep/.new-XXXXXX") && cp -r "$work/." "$new_logs/" 2>/dev/null ||
		{ trouble "-o $keep: no room for the logs"; return; }
	forget_logs
	mv "$new_logs"/* "$keep/" && rmdir "$new_logs"
	exec 9<&-
}

build()
{
	mkdir -p "$top/build" 2>/dev/null && [ -w "$top/build" ] ||
		cannot "$top/build cannot be written: use a checkout of your own"
	make -s -C "$top" ${KSRC:+KSRC="$KSRC"} where >"$work/build.log" 2>&1
}
if [ -n "$installed" ]; then
	[ -e "$installed/kselftest-list.txt" ] || wrong_use "--installed $installed: no kselftest-list.txt there"
	install=$(realpath -- "$installed")
	# The runner does not take it.
	[[ $install != *[[:space:]]* ]] || wrong_use "--installed $install: must be without spaces"
else
	build || { cat "$work/build.log" >&2; cannot "the suite cannot be built: see above"; }
	grep -E 'NOTE .* (no liburing|was not built)' "$work/build.log" >&2
	install=$(tail -n 1 "$work/build.log")
fi
# In a tree that has mm/, the suite is a part of that.
collection=$(sed -n 's/:pfnmap_.*//p' "$install/kselftest-list.txt" | head -n 1)
[ -n "$collection" ] || wrong_use "--installed $install: the suite is not in its kselftest-list.txt"
programs=$(sed -n "s/^$collection:\(pfnmap_\)/\1/p" "$install/kselftest-list.txt")
bin=$install/$collection

# built PROGRAM: or make has left a stand-in, which would fail for a reason that is not the kernel's
built()
{
	[ -x "$bin/$1" ] || cannot "$bin/$1: no such program"
	[ "$(head -c 2 "$bin/$1")" != '#!' ] || cannot "$1 was not built: make tells why"
}
if [ -n "$installed" ]; then
	built pfnmap_witness
	$emulator "$bin/pfnmap_witness" </dev/null >/dev/null 2>&1 ||
		cannot "the programs in $bin do not run here: another machine's, or not linked statically"
fi

# tests_of PROGRAM: "  PROGRAM:TEST" for each
tests_of()
{
	$emulator "$bin/$1" -l 2>&1 | awk -v program="$1" -f "$top/tools/testing/list.awk"
}

# Every program reads PFNMAP_KERNEL_HAS first; in a guest, a space would end it.
if [ -n "${PFNMAP_KERNEL_HAS:-}" ]; then
	unread=$($emulator "$bin/${programs%%[[:space:]]*}" -l 2>&1 | grep '^PFNMAP_KERNEL_HAS:') && wrong_use "$unread"
fi
if [ "$list" = true ]; then
	for program in $programs; do
		echo "$program"
		tests_of "$program"
	done
	exit 0
fi

# -t names a program or one test of it.
declare -A arguments
chosen=
for choice in ${selected[@]+"${selected[@]}"}; do
	program=${choice%%:*}
	echo "$programs" | grep -qxF -e "$program" || wrong_use "no program $program: -l lists them"
	built "$program"
	case " $chosen " in *" $program "*) ;; *) chosen="$chosen $program" ;; esac
	[ "$program" != "$choice" ] || continue
	tests_of "$program" | grep -qxF -e "  $choice" || wrong_use "no test $choice: -l lists them"
	arguments[$program]+=" -r ${choice#*:}"
done
programs=${chosen:-$programs}
for program in ${own:+$programs}; do
	arguments[$program]+=" --$own"
done

# In a process group of its own, so that all of it ends when this run is interrupted.
in_background()
{
	set -m
	"$@" &
	set +m
	guests+=($!)
}

# Through a pipe: the runner opens its log again for each line, which would truncate a file.
run_kselftest()
{
	# shellcheck disable=SC2086 # the list is words
	"$install/run_kselftest.sh" $1 2>&1 </dev/null | cat >"$work/here.log"
}

# The runner passes KSELFTEST_<PROGRAM>_ARGS to a program. With --rounds its limit for a program does not hold; that
# of 6.1 cannot be told so.
run_here()
{
	local program options=
	[[ $own != *--rounds* ]] || ! grep -q override-timeout "$install/run_kselftest.sh" || options='-o 0'
	for program in $programs; do
		options="$options -t $collection:$program"
		export "KSELFTEST_${program^^}_ARGS=${arguments[$program]:-}"
	done
	in_background run_kselftest "$options"
	wait
	guests=()
}

sum_of()
{
	cksum "$1" | cut -d ' ' -f 1
}

# module_key BUILD: what the module is made of
module_key()
{
	(cd "$top/tools/testing/selftests/vm/test_module" && cat -- *.[ch] Makefile "$1"/{Module.symvers,.config} \
		"$1/include/config/kernel.release" 2>/dev/null; stat -L -c %Y "$1"/Module.symvers) | cksum | cut -d ' ' -f 1
}

# kept_module KEY: its file, when it is as it was written
kept_module()
{
	local kept
	for kept in "$CACHE/modules/$1"-*.ko; do
		[ ! -e "$kept" ] || [ "$kept" != "$CACHE/modules/$1-$(sum_of "$kept").ko" ] || { echo "$kept"; return; }
	done
	return 1
}

# keep_module KEY FILE: the sixteen newest ones
keep_module()
{
	local modules=$CACHE/modules kept
	kept=$modules/$1-$(sum_of "$2").ko
	{ mkdir -p "$modules" && cp "$2" "$kept.$$" && mv "$kept.$$" "$kept"; } 2>/dev/null || rm -f "$kept.$$"
	find "$modules" -name '*.ko' -printf '%T@ %p\n' 2>/dev/null | sort -rn | sed -n 's/^[^ ]* //;17,$p' | xargs -r rm -f
}

# The programs look for pfnmap_test.ko beside them; without it, some tests skip. The last ones are kept.
make_module()
{
	local dir=$1 out=$work/module log=$work/module.log build key kept
	build=$(realpath "$dir/kernel/build")
	key=$(module_key "$build")
	! kept=$(kept_module "$key") || { cp "$kept" "$dir/payload/vm/pfnmap_test.ko"; return; }
	rm -rf "$out"
	cp -r "$top/tools/testing/selftests/vm/test_module" "$out"
	make -s -C "$out" KDIR="$build" OUT="$out/out" >"$log" 2>&1 &&
		cp "$out/out/pfnmap_test.ko" "$dir/payload/vm/" 2>>"$log" && keep_module "$key" "$out/out/pfnmap_test.ko" ||
		say "$2: pfnmap_test.ko cannot be built, tests that need it will skip:" \
			"$(grep -m 1 -iE 'error|not found' "$log" || tail -n 1 "$log")"
}

make_payload()
{
	local dir=$1 program
	# shellcheck disable=SC2086 # the list is words
	mkdir -p "$dir/payload/vm" && cp "$top/tools/testing/payload.sh" "$dir/payload/run" &&
		(cd "$bin" && cp $programs "$dir/payload/vm/") &&
		for program in $programs; do
			echo "$program ${arguments[$program]:-}"
		done >"$dir/payload/programs" || cannot "no room in $work: set TMPDIR"
	[ -z "$installed" ] || { cp "$bin/pfnmap_test.ko" "$dir/payload/vm/" 2>/dev/null || true; return; }
	[ ! -e "$dir/kernel/build" ] || make_module "$dir" "$2"
}

# The devices' addresses are those of boot.sh. A guest that was booted again has new devices. The log is that of
# the first guest whose devices hold something else.
ask_witness()
{
	local boot
	for boot in "$1"/[0-9]*/boot; do
		$emulator "$bin/pfnmap_witness" "0000:00:04.0=$boot/bar0" "0000:00:05.0=$boot/bar1" \
			<"$boot/tap.log" >"$1/witness.log" || return
		! grep -q '^not ok' "$1/witness.log" || return 0
	done
}

run_guest()
{
	local dir=$1 status begun=$SECONDS
	say "$2 boots"
	"$top/tools/testing/guest/share.sh" "$shares" "$dir/kernel" "$dir/payload" "$dir" && ask_witness "$dir"
	status=$?
	[ "$status" = 0 ] || [ "$status" = 4 ] || status=3
	! grep -q '^# guest died: ' "$dir/tap.log" || status=3
	echo "$status" >"$dir/exit"
	say "$2 is done after $((SECONDS - begun)) s"
}

# name_of I: that kernel's name; one that is given twice gets a number.
name_of()
{
	local i number=1
	for ((i = 0; i < $1; i++)); do
		[ "${kernels[i]}" != "${kernels[$1]}" ] || number=$((number + 1))
	done
	echo "${kernels[$1]}$([ $number = 1 ] || echo "#$number")"
}

# The kernel hands a parameter that it does not know to init as a variable.
[ -z "${PFNMAP_KERNEL_HAS:-}" ] || export APPEND="${APPEND:-} PFNMAP_KERNEL_HAS=$PFNMAP_KERNEL_HAS"
worst=0
guest_results=0
logs=()
if [ "$vm" = true ]; then
	built pfnmap_witness
	for i in "${!kernels[@]}"; do
		mkdir -p "$work/$i"
		in_background "$top/tools/testing/guest/kernel.sh" "${kernels[i]}" "$work/$i/kernel"
		wait $! || exit 4
		guests=()
		make_payload "$work/$i" "${kernels[i]}"
	done
	# Guests that no other kernel needs share the tests of one.
	shares=$((jobs > ${#kernels[@]} ? jobs / ${#kernels[@]} : 1))
	for i in "${!kernels[@]}"; do
		in_background run_guest "$work/$i" "$(name_of "$i")"
		[ "$(jobs -rp | wc -l)" -lt "$jobs" ] || wait -n
	done
	wait
	guests=()
	for i in "${!kernels[@]}"; do
		status=$(cat "$work/$i/exit" 2>/dev/null)
		status=${status:-4}
		if [ "$status" = 4 ]; then
			trouble "$(name_of "$i"): the guest could not be started"
			continue
		fi
		logs+=("kernel=$(name_of "$i")" "$work/$i/all.log")
		[ "$status" -le "$worst" ] || worst=$status
		cat "$work/$i/tap.log" "$work/$i/witness.log" >"$work/$i/all.log" 2>/dev/null
	done
	programs="$programs pfnmap_witness"
	guest_results=1
else
	run_here
	logs=("kernel=$(uname -r)" "$work/here.log")
fi
[ ${#logs[@]} -gt 0 ] || cannot "no guest could be started"

awk -v list="$programs" -v guests="$guest_results" -v verbose="$verbose" -v stats="$work/stats" \
	-f "$top/tools/testing/report.awk" "${logs[@]}" || trouble "the report could not be written to stdout"
[ "$matrix" = false ] || awk -f "$top/tools/testing/matrix.awk" "$work/stats" >&2
passed=0 failed=0 known=0
read -r passed failed _ known <"$work/stats" || [ "$troubled" = true ] || trouble "no room in $work: set TMPDIR"
[ -z "$keep" ] || keep_logs
[ "$worst" != 3 ] || exit 3
[ "$failed" = 0 ] || exit 1
[ "$troubled" = false ] && [ $((passed + known)) -gt 0 ] || exit 4
exit 0
