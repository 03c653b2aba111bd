#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Turns the name of a kernel into what a guest boots.
#
# usage: kernel.sh NAME DIR
# NAME is a bzImage, a kernel build directory or debian:VERSION (debian:6.12). DIR gets vmlinuz and
# modules.cpio, which holds the modules of modules.list that this kernel has and /modules/load, their order.
# Debian's packages are downloaded and unpacked, never installed; CACHE keeps the result.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1
dir=$2
CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pfnmap-selftests}

die()
{
	echo "kernel.sh: $*" >&2
	exit 4
}

# The boot protocol's magic (Documentation/arch/x86/boot.rst).
is_kernel()
{
	[ "$(dd if="$1" bs=1 skip=514 count=4 2>/dev/null | tr -d '\0')" = HdrS ]
}

# pack_modules ROOT VERSION CPIO: what modules.list names, from ROOT/lib/modules/VERSION
pack_modules()
{
	local work=$1/pack name path
	mkdir -p "$work/modules"
	: >"$work/modules/load"
	grep -v '^#' "$here/modules.list" | while read -r name; do
		modprobe -d "$1" -S "$2" --show-depends "$name" 2>/dev/null || true
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r path; do
		case $path in
		*.xz) name=$(basename "$path" .xz) && xz -dc "$path" >"$work/modules/$name" ;;
		*.zst) name=$(basename "$path" .zst) && zstd -qdc "$path" >"$work/modules/$name" ;;
		*) name=$(basename "$path") && cp "$path" "$work/modules/$name" ;;
		esac
		echo "$name" >>"$work/modules/load"
	done
	(cd "$work" && find . | busybox cpio -o -H newc) >"$3" 2>/dev/null
}

# newest_deb VERSION: the package that Debian's newest signed image of that version is in
newest_deb()
{
	apt-cache search --names-only "^linux-image-${1//./\\.}\.[0-9]+(-[0-9]+|\+deb[0-9]+(u[0-9]+)?)-amd64\$" |
		cut -d' ' -f1 | sort -V | tail -n 1
}

from_debian()
{
	local version=${name#debian:} have deb work
	have=$CACHE/kernels/debian-$version
	if [ ! -e "$have/vmlinuz" ]; then
		deb=$(newest_deb "$version")
		[ -n "$deb" ] || die "$name: no such package; 'apt-get update' as root fills apt's lists"
		mkdir -p "$CACHE/kernels"
		work=$(mktemp -d "$CACHE/kernels/.unpack-XXXXXX")
		# shellcheck disable=SC2064 # the directory of now
		trap "rm -rf '$work'" EXIT
		echo "kernel.sh: fetching $deb" >&2
		(cd "$work" && apt-get download "$deb" >/dev/null 2>"$work/err") ||
			die "$name: apt-get download $deb failed: $(grep -m 1 ^E: "$work/err")"
		dpkg-deb --fsys-tarfile "$work"/*.deb | tar -x -C "$work" ./boot ./lib/modules
		version=$(basename "$work"/lib/modules/*)
		depmod -b "$work" "$version"
		mkdir "$work/out"
		cp "$work/boot/vmlinuz-$version" "$work/out/vmlinuz"
		pack_modules "$work" "$version" "$work/out/modules.cpio"
		rm -rf "$have"
		mv -T "$work/out" "$have" 2>/dev/null || [ -e "$have/vmlinuz" ]
	fi
	ln -sf "$have/vmlinuz" "$have/modules.cpio" "$dir/"
}

from_build()
{
	local version
	[ -e "$name/arch/x86/boot/bzImage" ] || die "$name: no arch/x86/boot/bzImage: is the kernel built?"
	ln -sf "$(realpath "$name")/arch/x86/boot/bzImage" "$dir/vmlinuz"
	version=$(cat "$name/include/config/kernel.release")
	mkdir -p "$dir/root/lib/modules/$version"
	if [ -s "$name/modules.order" ]; then
		make -s -C "$name" INSTALL_MOD_PATH="$(realpath "$dir/root")" modules_install >&2 ||
			die "$name: make modules_install failed"
	fi
	pack_modules "$dir/root" "$version" "$dir/modules.cpio"
}

mkdir -p "$dir"
case $name in
debian:*)
	from_debian
	;;
*)
	if [ -d "$name" ]; then
		from_build
	elif [ ! -e "$name" ]; then
		die "$name: no such kernel; give a bzImage, a build directory or debian:6.12"
	else
		ln -sf "$(realpath "$name")" "$dir/vmlinuz"
		pack_modules "$dir" none "$dir/modules.cpio"
	fi
	;;
esac
is_kernel "$dir/vmlinuz" || die "$name: not a bzImage"
