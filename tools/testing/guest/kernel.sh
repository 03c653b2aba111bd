#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Turns the name of a kernel into what a guest boots.
#
# usage: kernel.sh NAME DIR
# NAME is a bzImage, a kernel build directory or debian:VERSION (debian:6.12). DIR gets vmlinuz,
# modules.cpio, with the modules of modules.list that this kernel has, and /modules/load, their
# order, and, if possible, build: a directory in which modules for this kernel can be built.
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

# pack_modules ROOT VERSION CPIO: packs the modules of modules.list from ROOT/lib/modules/VERSION
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

# newest_deb VERSION: the package of Debian's newest signed image of that version
newest_deb()
{
	apt-cache search --names-only "^linux-image-${1//./\\.}\.[0-9]+(-[0-9]+|\+deb[0-9]+(u[0-9]+)?)-amd64\$" |
		cut -d' ' -f1 | sort -V | tail -n 1
}

# fetch DIR PACKAGE...: downloads them into DIR
fetch()
{
	local dir=$1
	shift
	echo "kernel.sh: fetching $*" >&2
	(cd "$dir" && apt-get download "$@" >/dev/null 2>"$dir/err") ||
		die "$name: apt-get download $* failed: $(grep -m 1 ^E: "$dir/err")"
}

unpack_kernel()
{
	local have=$1 work=$2 version
	fetch "$work" "$3"
	dpkg-deb --fsys-tarfile "$work"/*.deb | tar -x -C "$work" ./boot ./lib/modules
	version=$(basename "$work"/lib/modules/*)
	depmod -b "$work" "$version"
	mkdir "$work/out"
	cp "$work/boot/vmlinuz-$version" "$work/out/vmlinuz"
	pack_modules "$work" "$version" "$work/out/modules.cpio"
	echo "$version" >"$work/out/version"
	cksum <"$here/modules.list" >"$work/out/modules.sum"
	rm -rf "$have"
	mv -T "$work/out" "$have" 2>/dev/null || [ -e "$have/vmlinuz" ]
}

# Headers are made for /usr/src. Their vmlinux is for BTF, which would need pahole.
unpack_headers()
{
	local have=$1 work=$2 version=$3 packages deb makefile
	packages=$(apt-cache depends "linux-headers-$version" | awk '/Depends: linux-(headers|kbuild)-/ { print $2 }')
	# shellcheck disable=SC2086 # the list is words
	fetch "$work" "linux-headers-$version" $packages
	for deb in "$work"/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work" --wildcards './usr/src/*' './usr/lib/linux-kbuild-*' 2>/dev/null || true
	done
	makefile=$work/usr/src/linux-headers-$version/Makefile
	[ -e "$makefile" ] || die "$name: no headers in linux-headers-$version"
	sed -i "s,/usr/src,$have/headers/usr/src," "$makefile"
	rm -f "$work/usr/src/linux-headers-$version/vmlinux"
	rm -rf "$have/headers"
	mkdir "$have/headers"
	mv "$work/usr" "$have/headers/"
	ln -sfn "headers/usr/src/linux-headers-$version" "$have/build"
}

from_debian()
{
	local version=${name#debian:} have work deb
	have=$CACHE/kernels/debian-$version
	mkdir -p "$CACHE/kernels"
	work=$(mktemp -d "$CACHE/kernels/.unpack-XXXXXX")
	# shellcheck disable=SC2064 # the directory of now
	trap "rm -rf '$work'" EXIT
	# Modules packed for another list may be incomplete.
	if ! cksum <"$here/modules.list" | cmp -s - "$have/modules.sum"; then
		deb=$(newest_deb "$version")
		[ -n "$deb" ] || die "$name: no such package; 'apt-get update' as root fills apt's lists"
		mkdir "$work/kernel"
		unpack_kernel "$have" "$work/kernel" "$deb"
	fi
	if [ ! -e "$have/build" ]; then
		mkdir "$work/headers"
		unpack_headers "$have" "$work/headers" "$(cat "$have/version")"
	fi
	ln -sfn "$have/vmlinuz" "$have/modules.cpio" "$have/build" "$dir/"
}

from_build()
{
	local version
	[ -e "$name/arch/x86/boot/bzImage" ] || die "$name: no arch/x86/boot/bzImage: is the kernel built?"
	ln -sf "$(realpath "$name")/arch/x86/boot/bzImage" "$dir/vmlinuz"
	version=$(cat "$name/include/config/kernel.release")
	if [ -e "$name/Module.symvers" ]; then
		ln -sfn "$(realpath "$name")" "$dir/build"
	else
		echo "kernel.sh: $name: no Module.symvers; 'make modules' there lets modules be built for it" >&2
	fi
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
