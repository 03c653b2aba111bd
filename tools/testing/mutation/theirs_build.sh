#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Builds other people's tests: the kernel tree's own, and liburing's.
#
# usage: theirs_build.sh SOURCE BUILD DIR
# SOURCE is a kernel tree, BUILD the directory it was built in. LIBURING= names a source tree of liburing
# (apt-get source liburing); without it its tests are left out. DIR gets a payload for a guest.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$1
build=$2
dir=$3

# Some programs of a tree do not build everywhere; those that do are compared.
selftests()
{
	local from=$source/tools/testing/selftests/$1
	[ -d "$from" ] || return 0
	mkdir -p "$dir/$2"
	make -k -s -C "$from" OUTPUT="$dir/$2" KHDR_INCLUDES="-isystem $build/usr/include" >"$dir/$1.log" 2>&1 || true
}

rm -rf "$dir"
mkdir -p "$dir/liburing"
make -s -C "$source" O="$build" headers >"$dir/headers.log" 2>&1 ||
	{ echo "theirs_build.sh: the headers do not install: $dir/headers.log" >&2; exit 4; }
selftests vm mm
selftests mm mm
selftests iommu iommu
selftests vfio vfio
if [ -n "${LIBURING:-}" ]; then
	cp -a "$LIBURING" "$dir/source"
	(cd "$dir/source" && ./configure && make -C src && make -k -C test) >"$dir/liburing.log" 2>&1 || true
	cp "$dir"/source/test/*.t "$dir/liburing/"
	rm -rf "$dir/source"
fi
cp "$here/theirs_payload.sh" "$dir/run"
cp "$here/theirs.list" "$dir/"
