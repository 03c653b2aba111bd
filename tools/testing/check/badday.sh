#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the suite must survive: wrong use, missing things, no rights, sudden ends. Each ends with one
# clear line and the right exit code, and nothing is left behind.
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
cd "$top" || exit 1
# shellcheck source=tools/testing/check/lib.sh
. "$top/tools/testing/check/lib.sh"
make -s KSRC="$(source_of 6.12)" all >/dev/null || exit 1
programs=$top/build/linux-source-6.12/install/vm
export KSRC
KSRC=$(source_of 6.12)

need_root()
{
	[ "$(id -u)" = 0 ] || { echo "needs root"; return 4; }
}

# In a chroot that is no mount point no mount can be made private.
need_mounts()
{
	need_root || return
	unshare -m true 2>/dev/null || { echo "no private mounts here"; return 4; }
}

# A PCI device with a driver, or without one.
device()
{
	local dir
	for dir in /sys/bus/pci/devices/*; do
		[ "$1" = bound ] && [ -e "$dir/driver" ] && basename "$dir" && return
		[ "$1" = free ] && [ ! -e "$dir/driver" ] && basename "$dir" && return
	done
	return 1
}

claimed_device()
{
	local bdf
	bdf=$(device bound) || { echo "no PCI device has a driver here"; return 4; }
	exits 4 "$bdf is claimed by driver .*: unbind it" "$programs/pfnmap_copy" -v pci_resource -- --bdf "$bdf"
}

device_without_bar()
{
	local bdf
	bdf=$(device free) || { echo "every PCI device has a driver here"; return 4; }
	exits 4 "$bdf (has no memory BAR|does not decode)" "$programs/pfnmap_copy" -v pci_resource -- --bdf "$bdf"
}

foreign_installation()
{
	mkdir -p "$work/foreign/vm" && echo vm:pfnmap_copy >"$work/foreign/kselftest-list.txt" &&
		printf '\177ELF' >"$work/foreign/vm/pfnmap_witness" && chmod +x "$work/foreign/vm/pfnmap_witness" || return
	exits 4 'do not run here' ./run_tests.sh --installed "$work/foreign"
}

# A byte that no guest left, and a guest whose pages have a size that no page has.
misled_witness()
{
	local size
	truncate -s 1M "$work/bar" && printf x | dd of="$work/bar" bs=1 seek=5000 conv=notrunc || return
	for size in 0 1 99999999999; do
		echo "# left 0000:00:04.0 100000 0x1 $size" >"$work/claims"
		# shellcheck disable=SC2016 # for the inner shell
		exits 0 '^not ok 1 .*pfnmap_witness' sh -c '"$1" "0000:00:04.0=$2" <"$3"' - "$programs/pfnmap_witness" "$work/bar" \
			"$work/claims" || return
	done
}

# Each in a mount namespace of its own, where the thing is missing.
without()
{
	local what=$1
	shift
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m bash -c 'for f in $1; do mount --bind /dev/null "$f" || exit 99; done; shift; "$@"' \
		- "$what" "$@"
}

# A PATH with all programs of this machine except one.
no_busybox()
{
	mkdir "$work/bin" && ln -sf /usr/sbin/* /usr/bin/* "$work/bin/" && rm -f "$work/bin/busybox"
	exits 4 'busybox is missing: ./run_tests.sh --setup' env PATH="$work/bin" ./run_tests.sh -k debian:6.12
}

# Every directory that is searched for a file that pins is one small tmpfs, full or read-only. FUSE's need none.
no_room()
{
	need_mounts || return
	# shellcheck disable=SC2016 # for the inner shell
	exits 4 'SKIP +no (file here pins|room)' unshare -m bash -c '
		exec 3<"$1"
		mount -t tmpfs -o size=64k none /var/tmp && mount --bind /var/tmp /tmp && cd /var/tmp &&
		mount -o "remount,bind,$2" /var/tmp && mount -o "remount,bind,$2" /tmp &&
		TMPDIR=/var/tmp exec /proc/self/fd/3 -T fuse -T fuse_dev -f cell' - "$programs/pfnmap_direct_io" "$1"
}

# Runs a program in a kernel that does not know a system call.
no_syscall()
{
	cc -o "$work/without" tools/testing/check/without_syscall.c || return
	exits "$2" "$3" "$work/without" "$1" "$4"
}

missing_counters()
{
	need_mounts || return
	exits 0 'PASSED|# Totals: pass:' without '/proc/vmstat /sys/kernel/warn_count /dev/kmsg' "$programs/pfnmap_copy"
}

sysctl_io_uring()
{
	local knob=/proc/sys/kernel/io_uring_disabled was
	need_root || return
	was=$(cat $knob) || { echo "no io_uring_disabled here"; return 4; }
	# shellcheck disable=SC2064 # what it was now
	trap "echo $was >$knob" EXIT
	echo "$1" >$knob
	chmod 755 "$work" && cp "$programs/pfnmap_io_uring" "$work/"
	exits 4 'SKIP +io_uring is not for this user: sysctl kernel.io_uring_disabled=0' \
		"${@:2}" "$work/pfnmap_io_uring" -f cell
}

# small_memlock KIB PROGRAM STATUS REGEX
small_memlock()
{
	need_root || return
	chmod 755 "$work" && cp "$programs/$2" "$work/"
	# shellcheck disable=SC2016 # for the inner shell
	exits "$3" "$4" as_nobody bash -c 'ulimit -l "$1"; "$2"' - "$1" "$work/$2"
}

# A package of 3 MB is unpacked where 1 MB is free.
full_disk_while_unpacking()
{
	need_mounts || return
	mkdir -p "$work/package/DEBIAN" "$work/apt/debs" "$work/small" &&
		printf 'Package: p\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n' \
			>"$work/package/DEBIAN/control" &&
		head -c 3M /dev/urandom >"$work/package/file" &&
		dpkg-deb -b "$work/package" "$work/apt/debs/p_1_all.deb" || return
	# shellcheck disable=SC2016 # for the inner shell
	exits 4 'p_1_all.deb cannot be unpacked into' unshare -m env CACHE="$work" what=test bash -c '
		mount -t tmpfs -o size=1m none "$1" && . tools/testing/apt.sh && fetched=p && unpack "$1" ./file' - "$work/small"
}

space_in_path()
{
	mkdir "$work/a b" && cp Makefile "$work/a b/" || return
	exits 2 'must be without spaces' make -C "$work/a b"
}

closed_early()
{
	local before after
	before=$(pgrep -c pfnmap_ || true)
	"$programs/pfnmap_io_uring" | head -n 1 >/dev/null
	after=$(pgrep -c pfnmap_ || true)
	[ "$after" -le "$before" ]
}

loops()
{
	cat /sys/block/loop*/loop/backing_file 2>/dev/null | wc -l
}

# in_time COMMAND...: tries it until it succeeds; no event tells when the kernel is done with a process
in_time()
{
	local tries
	for tries in $(seq 200); do
		"$@" && return
		sleep 0.05
	done
	echo "after $tries looks not yet: $*"
	return 1
}

# no_trace_of PROGRAM [LOOPS]: it does not run, and there are as many loop devices
no_trace_of()
{
	! pgrep "$1" >/dev/null && [ "$(loops)" = "${2:-$(loops)}" ]
}

# Killed in the middle: the kernel detaches the loop device when its last user is gone.
killed()
{
	local before
	before=$(loops)
	"$programs/pfnmap_direct_io" >"$work/killed.log" &
	until grep -q '^ok 2 ' "$work/killed.log"; do kill -0 $! || return; done
	kill -KILL $!
	wait $! 2>/dev/null
	in_time no_trace_of pfnmap_direct_io "$before"
}

# As Ctrl-C does: the program alone gets the signal, its tests are in other process groups.
interrupted_race()
{
	local run name=race_$$
	cp "$programs/pfnmap_race" "$work/$name"
	env --default-signal=INT "$work/$name" -- --rounds 100000 >"$work/race.log" 2>&1 &
	run=$!
	until grep -q ' RUN ' "$work/race.log"; do kill -0 $run || return; done
	kill -INT $run
	wait $run
	in_time no_trace_of "$name"
}

two_at_once()
{
	local first
	./run_tests.sh >"$work/first" 2>&1 &
	first=$!
	./run_tests.sh >"$work/second" 2>&1 && wait $first || { cat "$work/first" "$work/second"; return 1; }
}

two_makes()
{
	local first
	rm -f "$tree"/.installed*
	make -s all &
	first=$!
	make -s all && wait $first && [ -z "$(sort "$tree/install/kselftest-list.txt" | uniq -d)" ]
}

# A QEMU that prints nothing.
mute_qemu()
{
	printf '#!/bin/sh\nexec sleep 600\n' >"$work/mute"
	chmod +x "$work/mute"
}

interrupted()
{
	local run
	mute_qemu
	mkdir -p "$work/tmp"
	TMPDIR=$work/tmp QEMU=$work/mute setsid ./run_tests.sh -k debian:6.12 >"$work/log" 2>&1 &
	run=$!
	until pgrep -f 'sleep 600' >/dev/null; do kill -0 $run || { cat "$work/log"; return 1; }; done
	kill -TERM $run
	wait $run
	[ -z "$(ls "$work/tmp")" ] || { ls "$work/tmp"; echo "files were left"; return 1; }
	! pgrep -f 'sleep 600'
}

hung_guest()
{
	mute_qemu
	exits 3 'the guest said nothing for 2 s' env TIMEOUT=2 ACCEL=tcg QEMU="$work/mute" ./run_tests.sh -k debian:6.12
	grep -q '^not ok 1 ' "$work/out" || { echo "no program was counted as failed"; return 1; }
}

# A QEMU whose guest dies in the second test, and when it is booted again ends at once; tells what that one was to run.
dying_qemu()
{
	rm -f "$work/dying.died"
	cat >"$work/dying" <<-'END'
	#!/bin/sh
	for arg; do
		case $arg in
		file,id=tap,path=*) tap=${arg##*=} ;;
		file,id=status,path=*) status=${arg##*=} ;;
		*/initramfs) initramfs=$arg ;;
		esac
	done
	echo '# selftests: vm: pfnmap_copy' >"$tap"
	if [ -e "$0.died" ]; then
		grep -a -o 'pfnmap_copy -r .*' "$initramfs" >"$0.died"
		printf '%s\n' '# 1..1' '# ok 1 cell.mod_ram.buffered' 'ok 1 selftests: vm: pfnmap_copy' >>"$tap"
		echo 0 >"$status"
	else
		touch "$0.died"
		printf '%s\n' '# 1..3' '# #  RUN           cell.vvar.buffered ...' '# ok 1 cell.vvar.buffered' \
			'# #  RUN           cell.perf.buffered ...' >>"$tap"
		printf 'half a line' >>"$tap"
	fi
	END
	chmod +x "$work/dying"
}

dead_guest_is_booted_again()
{
	dying_qemu
	exits 3 '^# FAILED cell.perf.buffered: the guest died: it ended without a word' env ACCEL=tcg QEMU="$work/dying" \
		./run_tests.sh -k debian:6.12 -t pfnmap_copy:cell.vvar.buffered -t pfnmap_copy:cell.perf.buffered \
		-t pfnmap_copy:cell.mod_ram.buffered || return
	cat "$work/out" "$work/dying.died"
	grep -q '^# debian:6.12: the guest died, 1 time$' "$work/out" && grep -q '^# 4 passed, 1 failed,' "$work/out" &&
		[ "$(cat "$work/dying.died")" = "pfnmap_copy -r cell.mod_ram.buffered" ]
}

# What a guest has printed so far is enough: it is ended, and the run has not failed.
enough_is_printed()
{
	mkdir -p "$work/payload" && printf '#!/bin/sh\necho "a verdict"\nexec sleep 600\n' >"$work/payload/run" &&
		chmod +x "$work/payload/run" && tools/testing/guest/kernel.sh debian:6.12 "$work/kernel" || return
	ENOUGH='grep -q verdict' tools/testing/guest/boot.sh "$work/kernel" "$work/payload" "$work/enough" &&
		grep -q 'a verdict' "$work/enough/tap.log" && ! grep 'guest died' "$work/enough/tap.log"
}

one_guest_cannot_be_started()
{
	dying_qemu
	touch "$work/dying.died"
	# shellcheck disable=SC2016 # for the inner shell
	printf '#!/bin/sh\ncase "$*" in */0/kernel/*) exit 1 ;; esac\nexec "%s" "$@"\n' "$work/dying" >"$work/half"
	chmod +x "$work/half"
	exits 4 '^run_tests.sh: debian:6.12: the guest could not be started' env ACCEL=tcg QEMU="$work/half" \
		./run_tests.sh -k debian:6.12 -k debian:6.12 -t pfnmap_copy:cell.mod_ram.buffered &&
		grep -q '^ok 1 debian:6.12#2: pfnmap_copy$' "$work/out" || { cat "$work/out"; return 1; }
}

other_files_stay()
{
	mkdir -p "$work/logs/2026" && touch "$work/logs/2026/mine" "$work/logs/1" || return
	./run_tests.sh -t pfnmap_copy -o "$work/logs" && ./run_tests.sh -t pfnmap_copy -o "$work/logs" || return
	[ -e "$work/logs/2026/mine" ] && [ -e "$work/logs/1" ] && [ -s "$work/logs/here.log" ] && [ -s "$work/logs/stats" ] &&
		[ "$(find "$work/logs" -mindepth 1 -maxdepth 1 | wc -l)" = 4 ] || { ls -lA "$work/logs"; return 1; }
}

others_logs()
{
	mkdir "$work/others" && echo mine >"$work/others/stats" || return
	exits 2 'is not of an earlier run' ./run_tests.sh -t pfnmap_copy -o "$work/others"
}

panicked_guest()
{
	exits 3 'Kernel panic' env APPEND=rdinit=/nothing ./run_tests.sh -k debian:6.12
}

check "an unknown option" exits 2 'unknown option --foo' ./run_tests.sh --foo
check "an option without its value" exits 2 '-k wants a value' ./run_tests.sh -k
check "a program that is not there" exits 2 'no program pfnmap_none' ./run_tests.sh -t pfnmap_none
check "a test that is not there" exits 1 'no test matches' "$programs/pfnmap_copy" -r cell.none.none
check "an installation that is none" exits 2 'no kselftest-list.txt there' ./run_tests.sh --installed /usr
check "an installation for another machine" foreign_installation
check "a witness that is told nonsense" misled_witness
check "an atlas that is no file" exits 2 'name the file to write: ATLAS=FILE.html or ATLAS=FILE.txt' tools/testing/atlas/atlas.sh ""
mkdir -p "$work/dir.txt"
check "an atlas that would be a directory" exits 1 'cannot overwrite directory' tools/testing/atlas/atlas.sh "$work/dir.txt" tools/testing/check/recorded/6.18.44.xz
check "an atlas of no logs" exits 2 '/usr: no logs: run_tests.sh -o /usr makes them' tools/testing/atlas/atlas.sh "$work/a.txt" /usr
check "an atlas of what is no record" exits 2 'README: no results' tools/testing/atlas/atlas.sh "$work/a.txt" README
check "a flavour that is none" exits 4 'no such flavour: rt, cloud' ./run_tests.sh -k debian:6.12-foo
check "a log directory that cannot be written" exits 2 'cannot write there' ./run_tests.sh -o /proc/none
check "a program's unknown option" exits 1 'unknown option or value: --foo' "$programs/pfnmap_copy" -- --foo 1
check "a kernel entry that cannot be read" exits 1 'PFNMAP_KERNEL_HAS: FOO=1 is not NAME=0 or NAME=1' env PFNMAP_KERNEL_HAS=FOO=1 "$programs/pfnmap_copy"
check "a kernel that is not there" exits 4 'no such kernel' ./run_tests.sh -k /nonexistent
check "a kernel image that is no kernel" exits 4 'not a bzImage' ./run_tests.sh -k /bin/ls
check "a version that is none" exits 4 'no version: give one such as debian:6.12' ./run_tests.sh -k debian:../x
check "a kernel package that cannot be unpacked" full_disk_while_unpacking
check "a cache with a space" exits 4 'must be without spaces' env CACHE="/tmp/a b" ./run_tests.sh -k debian:6.12
check "a log directory that is somebody else's" others_logs
check "a kernel package that is not there" exits 4 'no such package' ./run_tests.sh -k debian:1.0
check "a kernel source that is not there" exits 4 'no such file or directory' env KSRC=/nonexistent ./run_tests.sh
check "a kernel source that is none" exits 4 'not a kernel source tree' env KSRC=/usr/share ./run_tests.sh
check "no QEMU" exits 4 'is missing: ./run_tests.sh --setup' env QEMU=/nonexistent ./run_tests.sh -k debian:6.12
check "no busybox" no_busybox
check "a BDF that is none" exits 2 'not like 0000:01:00.0' ./run_tests.sh -- --bdf nonsense
check "a BDF that is not here" exits 2 'no such PCI device: 0000:ff:1f.7' ./run_tests.sh -- --bdf 0000:ff:1f.7
check "a BDF of this machine for a guest" exits 2 'guests have their own' ./run_tests.sh --vm -- --bdf 0000:ff:1f.7
check "a word that is no option" exits 1 'not an option: stray' "$programs/pfnmap_copy" stray
check "no rounds" exits 1 'unknown option or value: --rounds 0' "$programs/pfnmap_race" -- --rounds 0
check "an empty BDF in the environment" exits 0 'PASSED|# Totals: pass:' env VFIO_SELFTESTS_BDF= "$programs/pfnmap_copy" -v vvar
check "help that has all options" exits 4 'seed N' "$programs/pfnmap_copy" -h
check "no HOME" exits 4 'no such kernel' env -u HOME ./run_tests.sh -k /nonexistent
check "a checkout whose path has a space" space_in_path
check "a temporary directory that is missing" exits 0 'SKIP +no core can be written: No such file or directory' env TMPDIR=/nonexistent "$programs/pfnmap_remote" -t core_dump -v vvar
check "nothing may be locked" small_memlock 0 pfnmap_walk 0 'SKIP +RLIMIT_MEMLOCK allows no 2 pages'
check "a BDF that does not exist" exits 1 'no such PCI device: 0000:ff:1f.7' "$programs/pfnmap_copy" -- --bdf 0000:ff:1f.7
check "a BDF that a driver has claimed" claimed_device
check "a BDF without a BAR to map" device_without_bar
check "io_uring is switched off for all" sysctl_io_uring 2
check "io_uring is switched off for users" sysctl_io_uring 1 as_nobody
check "RLIMIT_MEMLOCK of 0" small_memlock 0 pfnmap_io_uring 4 'RLIMIT_MEMLOCK is 0 KiB: ulimit -l 8192'
check "RLIMIT_MEMLOCK of 64 KiB" small_memlock 64 pfnmap_io_uring 0 'RLIMIT_MEMLOCK is 64 KiB: ulimit -l 8192'
check "no vmstat, no warn_count, no kmsg" missing_counters
check "no io_uring in the kernel" no_syscall io_uring_setup 4 'SKIP +no io_uring: CONFIG_IO_URING' "$programs/pfnmap_io_uring"
check "no perf events in the kernel" no_syscall perf_event_open 0 'SKIP +perf_event_open: .*CONFIG_PERF_EVENTS' "$programs/pfnmap_copy"
check "no memfd_secret in the kernel" no_syscall memfd_secret 0 'SKIP +memfd_secret: .*CONFIG_SECRETMEM' "$programs/pfnmap_direct_io"
check "no libaio in the kernel" no_syscall io_setup 0 'SKIP +io_setup: .*CONFIG_AIO' "$programs/pfnmap_direct_io"
check "a full disk" no_room rw
check "a read-only disk" no_room ro
# shellcheck disable=SC2016 # for the inner shell
check "stdout is a full disk" exits 1 'is the disk full' bash -c '"$1" >/dev/full' - "$programs/pfnmap_copy"
check "stdout is closed early" closed_early
# shellcheck disable=SC2016 # for the inner shell
check "the report's stdout is a full disk" exits 4 'report could not be written' bash -c './run_tests.sh -t pfnmap_copy >/dev/full'
check "killed in the middle of a run" killed
check "a race is interrupted" interrupted_race
check "two runs at once in one checkout" two_at_once
check "two makes at once in one checkout" two_makes
check "a run of guests is interrupted" interrupted
check "a guest hangs" hung_guest
check "a guest panics" panicked_guest
check "a guest has printed enough" enough_is_printed
check "one of two guests cannot be started" one_guest_cannot_be_started
check "a log directory has other files, too" other_files_stay
check "a guest dies and is booted again, behind the test that ran" dead_guest_is_booted_again
report
