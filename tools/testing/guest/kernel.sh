#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Turns the name of a kernel into what a guest boots.
#
# usage: kernel.sh NAME DIR
# NAME is a bzImage, a kernel build directory or debian:VERSION[-FLAVOUR] (debian:6.12), see debian.sh. DIR gets vmlinuz,
# modules.cpio, with the modules of modules.list that this kernel has, and /modules/load, their
# order and who needs them, and, if possible, build: a directory in which modules for this kernel can be built.
# CACHE keeps what comes from Debian.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1
dir=$2
# modprobe and depmod
PATH=$PATH:/usr/sbin:/sbin
# shellcheck source=tools/testing/cache.sh
. "$here/../cache.sh"
# shellcheck source=tools/testing/arch.sh
. "$here/../arch.sh"

die()
{
	echo "kernel.sh: $*" >&2
	exit 4
}

is_kernel()
{
	[ "$(dd if="$1" bs=1 skip="$magic_at" count=4 2>/dev/null | tr -d '\0')" = "$magic" ]
}

# Of "insmod PATH PROGRAM...": each PATH once, with all that need it, or none when all do.
insertions()
{
	awk '$1 == "insmod" {
			if (!($2 in users)) order[++n] = $2
			if (NF == 2) needed[$2]
			path = $2
			$1 = $2 = ""
			users[path] = users[path] $0
		}
		END { for (i = 1; i <= n; i++) print order[i] (order[i] in needed ? "" : users[order[i]]) }'
}

# pack_modules ROOT VERSION CPIO: packs the modules of modules.list from ROOT/lib/modules/VERSION. Without signature
# and BTF, which an emulated kernel checks for seconds.
pack_modules()
{
	local work=$1/pack name path users
	mkdir -p "$work/modules"
	: >"$work/modules/load"
	grep -v '^#' "$here/modules.list" | while read -r name users; do
		users=${users:+$users pfnmap_refused pfnmap_fail_nth}
		modprobe -d "$1" -S "$2" --show-depends "$name" 2>/dev/null | sed "s/\$/ $users/" || true
	done | insertions | while read -r path users; do
		case $path in
		*.xz) name=$(basename "$path" .xz) && xz -dc "$path" >"$work/modules/$name" ;;
		*.zst) name=$(basename "$path" .zst) && zstd -qdc "$path" >"$work/modules/$name" ;;
		*) name=$(basename "$path") && cp "$path" "$work/modules/$name" ;;
		esac
		"$triplet-objcopy" --strip-debug -R .BTF -R .BTF.base "$work/modules/$name"
		echo "$name $users" >>"$work/modules/load"
	done
	(cd "$work" && find . | busybox cpio -o -H newc) >"$3" 2>/dev/null
}

# What makes the files of the packages; another version of it may have made less.
recipe()
{
	cat "$here/../apt.sh" "$here/../arch.sh" "$here/debian.sh" "$here/kernel.sh" "$here/modules.list" | cksum
}

# restore HAVE: the old kernel serves while no new one can be had
restore()
{
	rm -rf "$1"
	[ -e "$1.old/vmlinuz" ] || { rm -rf "$1.old" && exit 4; }
	mv "$1.old" "$1"
	echo "kernel.sh: $name: the kernel of an earlier run is taken" >&2
}

# fetch_kernel VERSION HAVE: the headers have HAVE's path in them, so the old one is moved away. When a run before
# this one was cut off there, its old one is the whole one.
fetch_kernel()
{
	local have=$2
	[ ! -e "$have.old" ] || { rm -rf "$have" && mv "$have.old" "$have"; }
	[ ! -e "$have" ] || mv "$have" "$have.old"
	"$here/debian.sh" "$1" "$have" || { restore "$have"; return 0; }
	[ ! -e "$have/incomplete" ] || [ ! -e "$have.old/build" ] || { restore "$have"; return 0; }
	pack_modules "$have" "$(cat "$have/version")" "$have/modules.cpio"
	rm -rf "${have:?}"/{lib,usr,boot,pack} "$have.old"
	[ -e "$have/incomplete" ] || recipe >"$have/recipe"
}

# is_fresh HAVE: is it whole, and made by this recipe?
is_fresh()
{
	recipe | cmp -s - "$1/recipe"
}

# One run at a time: two would unpack each other's packages. Another run may replace kernel and modules while a
# guest uses them, so the guest has links of its own, or copies on another file system.
from_debian()
{
	local version=${name#debian:} have file
	[[ $version =~ ^[0-9][0-9A-Za-z.+~-]*$ ]] || die "$name: no version: give one such as debian:6.12"
	have=$CACHE/kernels/debian${emulator:+-$debian_arch}-$version
	if ! is_fresh "$have"; then
		mkdir -p "$CACHE/kernels" 2>/dev/null && [ -w "$CACHE/kernels" ] || die "$CACHE cannot be written: set CACHE"
		exec 9>"$CACHE/kernels/.lock" && flock 9
		is_fresh "$have" || fetch_kernel "$version" "$have"
		exec 9>&-
	fi
	for file in vmlinuz modules.cpio; do
		ln -f "$have/$file" "$dir/" 2>/dev/null || cp "$have/$file" "$dir/"
	done
	[ ! -e "$have/build" ] || ln -sfn "$have/build" "$dir/"
}

from_build()
{
	local version
	[ -e "$name/$image" ] || die "$name: no $image: is the kernel built?"
	ln -sf "$(realpath "$name")/$image" "$dir/vmlinuz"
	version=$(cat "$name/include/config/kernel.release")
	# Campaigns make directories of links; since 6.13 modules can be built only where the Makefile is.
	if [ -e "$name/Module.symvers" ]; then
		ln -sfn "$(dirname "$(realpath "$name/Makefile")")" "$dir/build"
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
is_kernel "$dir/vmlinuz" || die "$name: not a ${image##*/}"
