#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make replay: checks that recorded runs of real kernels saw what the contract says, or a known defect.
#
# usage: replay.sh [RECORD...]	(default: all of recorded/)
# VM= names another copy of the suite's directory, OUT= where the objects stay for the next time.
# Exit: 0 all agree, 1 the contract and a kernel differ.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
vm=$(cd "${VM:-$here/../selftests/vm}" && pwd)
[ $# -gt 0 ] || set -- "$here"/recorded/*.xz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=${OUT:-$work}
make -s -C "${vm%/*}" -f "$here/model.mk" -j "$(nproc)" VM="$vm" OUT="$out" "$out/replay"
status=0
for record; do
	printf '%-24s ' "$(basename "$record" .xz)"
	xz -dc "$record" | "$out/replay" >"$work/seen" || status=1
	tail -n 1 "$work/seen"
	sed '$d' "$work/seen" | head -n 40
done
exit $status
