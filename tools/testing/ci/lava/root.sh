#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Makes the root of a LAVA lab of one machine: Debian 12 with LAVA and its database, configured by configure.sh.
#
# usage: root.sh ROOT
# As root. Nothing is installed on this machine, and no service is started on it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$1
what="LAVA lab"
# shellcheck source=tools/testing/apt.sh
. "$here/../../apt.sh"

[ "$(id -u)" = 0 ] || die "run it as root"
# shellcheck source=tools/testing/ci/lava/debian.sh
. "$here/debian.sh"
say "installing LAVA in $root, some 2 GB"
mkdir -p "$(dirname "$root")"
debian "$root.new" lava-server,lava-dispatcher,lavacli,postgresql,qemu-system-x86,git,cpio,iproute2
# A link to documentation that was not installed: the server's workers end when they find it.
rm -f "$root.new/usr/share/lava-server/static/docs"
mkdir "$root.new/lab"
cp "$here"/{inside,configure}.sh "$root.new/lab/"
unshare -mnpuif --kill-child --root="$root.new" /lab/configure.sh >"$root.log" 2>&1 ||
	{ say "LAVA cannot be configured: $root.log"; exit 1; }
mv "$root.new" "$root"
