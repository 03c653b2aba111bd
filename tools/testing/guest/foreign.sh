#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Fetches what guests of another architecture need, and builds for it: busybox and liburing. Prints their directory,
# which CACHE keeps: busybox, usr/include and usr/lib.
#
# usage: GUEST_ARCH=arm64 foreign.sh
# Exit: 0 it is there, 4 it cannot be had.
set -eu
what="programs of ${GUEST_ARCH:?}"
# shellcheck source=tools/testing/apt.sh
. "$(dirname "$0")/../apt.sh"
dir=$CACHE/$GUEST_ARCH
# Of the cross compiler's release: newer ones want newer headers of the kernel.
debian_release=bookworm

if [ "$(cat "$dir/release" 2>/dev/null)" != "$debian_release" ]; then
	configure
	update
	fetch busybox-static liburing-dev || die "they cannot be fetched"
	rm -rf "$dir.new"
	unpack "$dir.new" './bin/busybox' './usr/bin/busybox' './usr/include/*' './usr/lib/*/liburing.a'
	mv "$dir.new"/{bin,usr/bin}/busybox "$dir.new/" 2>/dev/null || true
	[ -e "$dir.new/busybox" ] || die "no busybox in its package"
	echo "$debian_release" >"$dir.new/release"
	rm -rf "$dir" && mv "$dir.new" "$dir"
fi
echo "$dir"
