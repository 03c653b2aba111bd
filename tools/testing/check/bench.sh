#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make bench: a table of times. Compares no time with a limit.
#
# usage: bench.sh [KERNEL...]	(as for run_tests.sh -k; default: debian:6.1 debian:6.12)
set -eu
case ${1:-} in -*) echo "usage: bench.sh [KERNEL...]: debian:6.12, a bzImage or a build directory" >&2; exit 2 ;; esac
top=$(cd "$(dirname "$0")/../../.." && pwd)
cd "$top"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
guest=$top/tools/testing/guest

# row NAME COMMAND...: seconds of wall time
row()
{
	local name=$1 start
	shift
	start=$(date +%s%N)
	"$@" >/dev/null 2>&1 || true
	awk -v name="$name" -v ns="$(($(date +%s%N) - start))" 'BEGIN { printf "%-44s %7.2f s\n", name, ns / 1e9 }'
}

make -s all >/dev/null
install=$(make -s where)
rm -rf "$install" "$(dirname "$install")"/{out,.installed}
row "cold build, harness unpacked" make -s all
for program in pfnmap_io_uring pfnmap_direct_io pfnmap_copy; do
	row "$program on this kernel" "$install/vm/$program"
done

# programs LOG: how long each took in the guest, and the guest itself before the first one
programs()
{
	awk '/^# the guest was up after / { was = $7; printf "    %-40s %7.2f s\n", "until the first program", was }
		/^# .* was done after / { printf "    %-40s %7.2f s\n", $2, $6 - was; was = $6 }' "$1"
}

# The same kernel and devices, and an init that powers off at once.
printf '#!/bin/busybox sh\n/bin/busybox poweroff -f\n' >"$work/init"
chmod +x "$work/init"
mkdir "$work/none"
[ $# -gt 0 ] || set -- debian:6.1 debian:6.12
for kernel; do
	"$guest/kernel.sh" "$kernel" "$work/kernel"
	row "$kernel: boot and power off" env INIT="$work/init" "$guest/boot.sh" "$work/kernel" "$work/none" "$work/boot"
	row "$kernel: one cell" ./run_tests.sh -k "$kernel" -t pfnmap_io_uring:cell.vfio_group.register_buffers
	row "$kernel: two guests" ./run_tests.sh -k "$kernel" -j 2
	row "$kernel: one guest" ./run_tests.sh -k "$kernel" -o "$work/logs"
	programs "$work/logs/0/tap.log"
	rm -rf "$work/kernel"
done
