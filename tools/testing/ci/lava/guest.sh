#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Makes the lab's machine under test: FILES/vmlinuz, and FILES/rootfs.cpio, a small Debian with what Linaro's
# kselftest.sh needs and the modules of the suite's guests.
#
# usage: guest.sh KERNEL FILES
# As root. vmlinuz is the last to be there. KERNEL is a directory of guest/kernel.sh.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernel=$(realpath "$1")
files=$2
what="LAVA lab's guest"
# shellcheck source=tools/testing/apt.sh
. "$here/../../apt.sh"
# shellcheck source=tools/testing/ci/lava/debian.sh
. "$here/debian.sh"
root=$files/root
mkdir -p "$files"
debian "$root" python3,python3-tap,wget,xz-utils,iproute2,kmod

# The first archive is the kernel's modules and their list; LAVA's cpio reads one archive, not two.
(cd "$root" && busybox cpio -idmu <"$kernel/modules.cpio" 2>/dev/null)
install -m 755 "$here/guest.init" "$root/init"
rm -rf "${root:?}"/{dev,var/cache/apt,var/lib/apt/lists,var/log}/* "${root:?}/boot"
(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) >"$files/rootfs.cpio"
cp "$kernel/vmlinuz" "$files/vmlinuz"
rm -rf "$root"
