#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Boots one kernel in QEMU, runs PAYLOAD/run in it as root, and brings back what it printed.
#
# usage: boot.sh KERNEL PAYLOAD DIR
# KERNEL is a directory made by kernel.sh, PAYLOAD one that becomes /payload. DIR gets console.log,
# tap.log (the payload's output), status (its exit code), counted.tar (what a kernel with gcov has counted)
# and bar0, bar1: the memory behind two of the ivshmem devices. When the guest died, tap.log ends with "# guest died: LAST WORDS".
# ACCEL (kvm, tcg; the default tries kvm and falls back), QEMU, TIMEOUT (seconds without output from
# the guest, default 60), LIMIT (seconds in all, default none), CACHE, APPEND (more kernel
# parameters), INIT (another first process), ENOUGH (a command; the guest is ended once "ENOUGH DIR/tap.log" succeeds).
# Exit: 0 the payload ended and left its status, or printed enough, 3 the guest died, hung or printed nothing, 4 cannot run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernel=$1
payload=$2
dir=$3
TIMEOUT=${TIMEOUT:-60}
LIMIT=${LIMIT:-}
# shellcheck source=tools/testing/cache.sh
. "$here/../cache.sh"
# shellcheck source=tools/testing/arch.sh
. "$here/../arch.sh"
QEMU=${QEMU:-$qemu}
kvm_silence=5
qemu_pid=
qemu_status=0

say()
{
	echo "boot.sh: $*" >&2
}

die()
{
	say "$*"
	exit 4
}

stop_qemu()
{
	[ -z "$qemu_pid" ] || kill -KILL "$qemu_pid" 2>/dev/null || true
}
# mkfs.ext4, mkfs.btrfs
PATH=$PATH:/usr/sbin:/sbin
trap stop_qemu EXIT
trap 'exit 130' INT TERM HUP

# The payload's programs bring the libraries they are linked with.
make_initramfs()
{
	local root=$dir/root lib busybox
	busybox=$(command -v busybox)
	[ -z "$emulator" ] || busybox=$CACHE/$GUEST_ARCH/busybox
	rm -rf "$root"
	mkdir -p "$root/bin"
	cp "${INIT:-$here/init}" "$root/init"
	cp "$busybox" "$root/bin/busybox"
	cp -rL "$payload" "$root/payload"
	find "$root/payload" -type f -perm -u+x -exec ldd {} + 2>/dev/null |
		grep -o '/[^ ]*\.so[^ ]*' | grep -v ':$' | sort -u | while read -r lib; do
		mkdir -p "$root$(dirname "$lib")"
		cp -L "$lib" "$root$lib"
	done
	(cd "$root" && find . | busybox cpio -o -H newc) >"$dir/root.cpio" 2>/dev/null
	rm -rf "$root"
	# The kernel unpacks concatenated archives one after the other; each begins on 4 bytes.
	cat "$kernel/modules.cpio" "$dir/root.cpio" >"$dir/initramfs"
	rm "$dir/root.cpio"
}

# make_disk FILE SIZE MKFS...: a copy of what MKFS makes of a disk
make_disk()
{
	local image new
	image=$CACHE/scratch-$(echo "${@:2}" | tr -d ' ^' | tr -s - _)
	if [ ! -e "$image" ]; then
		mkdir -p "$CACHE" && [ -w "$CACHE" ] || die "$CACHE cannot be written: set CACHE"
		new=$(mktemp "$CACHE/.scratch-XXXXXX")
		truncate -s "$2" "$new"
		"${@:3}" "$new" || { rm -f "$new"; die "$3 failed: ./run_tests.sh --setup, or make room in $CACHE"; }
		mv "$new" "$image"
	fi
	cp --sparse=always "$image" "$dir/$1"
}

# A boot that is slow on a busy host is heard on the console. init makes the kernel quiet.
# The tests make and end many rings and processes, each of which waits for RCU: RCU is expedited.
# Two ivshmem BARs, one left unbound and one for vfio-pci, and one of 1 GiB. A directory of the host, and an NVMe disk
# with metadata; another one with memory.
start_qemu()
{
	local cpus=2 cpu=$kvm_cpu
	# With two CPUs, TCG of QEMU 7.2 sometimes breaks code that the kernel patches while it boots.
	[ "$1" != tcg ] || { cpus=1; cpu=$tcg_cpu; }
	truncate -s 0 "$dir/console.log" "$dir/tap.log" "$dir/status" "$dir/counted.tar" "$dir/bar0" "$dir/bar1"
	truncate -s 4M "$dir/bar0" "$dir/bar1" "$dir/nvme"
	make_disk disk "$disk" mkfs.ext4 -q -F -b 4096 -O ^has_journal
	make_disk btrfs 128M mkfs.btrfs -q -s 4096
	mkdir -p "$dir/shared"
	"$QEMU" -nodefaults -no-user-config -display none -no-reboot -m "$memory" -smp "$cpus" -accel "$1" \
		"${machine[@]}" -cpu "$cpu" \
		-kernel "$kernel/vmlinuz" -initrd "$dir/initramfs" \
		-append "$parameters panic=-1 oops=panic loglevel=7 secretmem.enable=1 rcupdate.rcu_expedited=1 \
vdpa_sim.use_va=0 guest.vfio=0000:00:05.0 guest.vfio=0000:00:06.0 guest.vfio=0000:00:0a.0 ${APPEND:-}" \
		-serial "file:$dir/console.log" \
		-object "memory-backend-file,id=bar0,mem-path=$dir/bar0,size=4M,share=on" \
		-device ivshmem-plain,memdev=bar0,addr=4 \
		-object "memory-backend-file,id=bar1,mem-path=$dir/bar1,size=4M,share=on" \
		-device ivshmem-plain,memdev=bar1,addr=5 \
		-device edu,addr=6 \
		-object memory-backend-ram,id=bar2,size=1G,share=on \
		-device ivshmem-plain,memdev=bar2,addr=a \
		-drive "file=$dir/disk,format=raw,if=none,id=disk,cache=unsafe" \
		-device virtio-blk-pci,drive=disk,addr=7 \
		-drive "file=$dir/btrfs,format=raw,if=none,id=btrfs,cache=unsafe" \
		-device virtio-blk-pci,drive=btrfs,addr=9 \
		-device virtio-serial-pci,addr=8 \
		-drive "file=$dir/nvme,format=raw,if=none,id=nvme,cache=unsafe" \
		-device nvme,id=controller,serial=pfnmap-scratch \
		-device nvme-ns,bus=controller,drive=nvme,ms=128 \
		-device nvme,serial=pfnmap-memory,cmb_size_mb=2 \
		-virtfs "local,path=$dir/shared,mount_tag=shared,security_model=none" \
		-chardev "file,id=tap,path=$dir/tap.log" -device virtserialport,chardev=tap,name=tap \
		-chardev "file,id=status,path=$dir/status" \
		-device virtserialport,chardev=status,name=status \
		-chardev "file,id=counted,path=$dir/counted.tar" \
		-device virtserialport,chardev=counted,name=counted \
		</dev/null >"$dir/qemu.log" 2>&1 &
	qemu_pid=$!
}

# Console output counts during boot, then only the payload's: a hung kernel prints for ever.
heard()
{
	[ -s "$dir/tap.log" ] || stat -c %s "$dir/console.log"
	stat -c %s "$dir/tap.log"
}

end_qemu()
{
	echo "$1" >"$dir/ended"
	kill -KILL "$qemu_pid"
}

has_enough()
{
	# shellcheck disable=SC2086 # a command and its arguments
	[ -n "${ENOUGH:-}" ] && $ENOUGH "$dir/tap.log"
}

# watchdog FIRST: ends QEMU when the guest prints nothing for TIMEOUT seconds, or for FIRST before its first
# output, or is not done after LIMIT. The file "ended" tells which. Or when it has printed enough.
watchdog()
{
	local last now quiet=0 patience=$1 begun=$SECONDS
	last=$(heard)
	while sleep 1 && kill -0 "$qemu_pid" 2>/dev/null; do
		now=$(heard)
		quiet=$((quiet + 1))
		[ "$now" = "$last" ] || { quiet=0; patience=$TIMEOUT; }
		last=$now
		if [ "$quiet" -ge "$patience" ]; then
			end_qemu "said nothing for $quiet s"
		elif [ -n "$LIMIT" ] && [ $((SECONDS - begun)) -ge "$LIMIT" ]; then
			end_qemu "was not done after $LIMIT s"
		elif has_enough; then
			touch "$dir/enough" && kill -KILL "$qemu_pid"
		fi
	done
}

# run_qemu ACCEL FIRST: returns 1 when the watchdog had to end it.
run_qemu()
{
	local dog
	rm -f "$dir/ended" "$dir/enough"
	start_qemu "$1"
	watchdog "$2" &
	dog=$!
	qemu_status=0
	wait "$qemu_pid" 2>/dev/null || qemu_status=$?
	qemu_pid=
	kill "$dog" 2>/dev/null && wait "$dog" 2>/dev/null || true
	[ ! -e "$dir/ended" ]
}

# /dev/kvm can exist and hang every guest: the finding is kept until the host boots again.
kvm_works()
{
	local verdict
	verdict=$CACHE/kvm-$(cat /proc/sys/kernel/random/boot_id)
	[ -w /dev/kvm ] && [ -z "$emulator" ] || return 1
	[ ! -e "$verdict" ] || [ "$(cat "$verdict")" = works ]
}

remember_kvm()
{
	{ mkdir -p "$CACHE" && echo "$1" >"$CACHE/kvm-$(cat /proc/sys/kernel/random/boot_id)"; } 2>/dev/null || true
}

run_auto()
{
	if kvm_works; then
		run_qemu kvm "$kvm_silence" && [ -s "$dir/console.log" ] && remember_kvm works && return
		[ ! -s "$dir/console.log" ] || return 1
		say "/dev/kvm is there but the guest never spoke: falling back to TCG"
		remember_kvm hangs
	fi
	run_qemu tcg "$TIMEOUT"
}

words='BUG: .*|Oops.*|kernel BUG .*|Kernel panic.*|general protection.*'

# The kernel's last words; without any, how QEMU ended.
last_words()
{
	grep -a -m 1 -oE "$words" "$dir/console.log" ||
		cat "$dir/ended" 2>/dev/null || echo 'it ended without a word'
}

# From its last words on, or its last lines.
tail_of_console()
{
	grep -a -v '^\[[ 0-9.]*\] Modules linked in' "$dir/console.log" | tail -n 100 | tr -d '\r' |
		awk -v words="$words" '
			!from && $0 ~ words { from = NR }
			{ line[NR] = $0 }
			END { for (i = from ? from : NR - 19; i <= NR && n++ < 40; i++) print line[i] }'
}

# The guest may have died within a line.
note_death()
{
	[ ! -s "$dir/tap.log" ] || [ "$(tail -c 1 "$dir/tap.log" | wc -l)" = 1 ] || echo >>"$dir/tap.log"
	echo "# guest died: $(last_words | tr -d '\r')" >>"$dir/tap.log"
}

command -v "$QEMU" >/dev/null || die "$QEMU is missing: ./run_tests.sh --setup installs it"
command -v busybox >/dev/null || die "busybox is missing: ./run_tests.sh --setup installs it"
mkdir -p "$dir"
make_initramfs
ok=true
case ${ACCEL:-} in
kvm | tcg) run_qemu "$ACCEL" "$TIMEOUT" || ok=false ;;
"") run_auto || ok=false ;;
*) die "ACCEL=$ACCEL: kvm or tcg" ;;
esac
rm -rf "$dir/disk" "$dir/btrfs" "$dir/shared" "$dir/initramfs"
[ "$ok" = false ] || [ ! -s "$dir/status" ] || exit 0
[ "$ok" = false ] || [ ! -e "$dir/enough" ] || exit 0
# Without output, only the exit code tells a QEMU that did not start from a guest that died early.
[ "$ok" = false ] || [ "$qemu_status" = 0 ] || [ -s "$dir/console.log" ] || [ -s "$dir/tap.log" ] ||
	die "$QEMU ended before the kernel said anything: $(tail -n 1 "$dir/qemu.log")"
if [ "$ok" = false ]; then
	say "the guest $(cat "$dir/ended"); the console:"
else
	say "the guest ended before its payload did; the console:"
fi
tail_of_console >&2
tail -n 20 "$dir/qemu.log" >&2
note_death
exit 3
