#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prints where Debian's source of a kernel version is, a tarball: what is installed, or what the archive has.
#
# usage: source.sh VERSION
# VERSION is that of a linux-source package (5.10, 7.3). CACHE keeps what was fetched.
# Exit: 0 it is there, 4 it cannot be had.
set -eu
version=$1
what="source of $version"
# shellcheck source=tools/testing/apt.sh
. "$(dirname "$0")/apt.sh"

[[ $version =~ ^[0-9][0-9.]*$ ]] || die "no version: give one such as 6.12"
for source in /usr/src/linux-source-"$version".tar.* "$CACHE"/sources/linux-source-"$version".tar.*; do
	[ ! -e "$source" ] || { echo "$source"; exit 0; }
done
mkdir -p "$CACHE/sources"
configure
update
apt_cache show "linux-source-$version" >/dev/null 2>&1 || not_there "the archive has no linux-source-$version; it has $(
	apt_cache search --names-only '^linux-source-[0-9.]+$' | sed 's/^linux-source-\([^ ]*\) .*/\1/' | sort -V | xargs)"
fetch "linux-source-$version" || die "it cannot be fetched"
unpack "$CACHE/sources/new" "./usr/src/linux-source-$version.tar.*"
mv "$CACHE"/sources/new/usr/src/linux-source-"$version".tar.* "$CACHE/sources/"
rm -rf "$CACHE/sources/new"
ls "$CACHE"/sources/linux-source-"$version".tar.*
