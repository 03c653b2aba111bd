#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Fetches and unpacks a kernel of Debian's archive, of any suite that has one.
#
# usage: debian.sh VERSION[-FLAVOUR] DIR
# VERSION is that of a kernel (6.12, 7.3.4); the newest one that begins so is taken, of the machine's own suites
# if they have one, since its headers fit the compiler that is here. FLAVOUR is one of Debian's: rt, cloud, and 16k, the
# pages of arm64. DIR gets vmlinuz, version, lib/modules and, when the archive has its headers, build: a directory in
# which modules for it can be built.
# The packages are not installed. apt's own lists, sources and packages stay as they are; CACHE/apt has
# lists of more suites, from the same mirror. No root is needed.
# Exit: 0 it is there, 4 it cannot be had.
set -eu
version=$1
dir=$2
what=debian:$version
# shellcheck source=tools/testing/apt.sh
. "$(dirname "$0")/../apt.sh"
flavour=$debian_arch
case $version in
*-16k) flavour=$debian_arch-16k version=${version%-*} ;;
*-rt | *-cloud) flavour=${version##*-}-$debian_arch version=${version%-*} ;;
esac
[[ $version != *-*[!0-9]* ]] || die "no such flavour: rt, cloud, and for arm64 16k"

# All kernels, oldest first: the names of their packages without "linux-image-".
kernels()
{
	apt_cache search --names-only '^linux-image-[0-9.]+(-[0-9]+|\+deb[0-9.]+(u[0-9]+)?)-'"$flavour\$" |
		sed 's/^linux-image-\([^ ]*\) .*/\1/' | sort -V
}

# packages KERNEL: what its kernel and modules are in; since 7.0 the image only depends on these. linux-base
# has the lists of modules since 7.2; before, it is a virtual package.
packages()
{
	echo "linux-image-$1"
	apt_cache depends "linux-image-$1" |
		awk '/Depends: <?linux-(binary|modules)-/ || /Depends: linux-base-/ { gsub(/[<>]/, ""); print $2 }'
}

# is_whole KERNEL: does the archive still have all of it?
is_whole()
{
	local package
	for package in $(packages "$1"); do
		apt_cache show "$package" 2>/dev/null | grep -q '^Filename:' || return
	done
}

# matching: those kernels of stdin that are of VERSION, newest first
matching()
{
	awk -v v="$version" 'index($0, v) == 1 && substr($0, length(v) + 1) ~ /^([.+-]|$)/' | sort -rV
}

choose()
{
	local all candidates kernel
	all=$(kernels)
	candidates=$(echo "$own" | matching; echo "$all" | matching)
	[ -n "$all" ] || not_there "Debian has no kernels of $flavour"
	[ -n "$candidates" ] ||
		not_there "no such package of $flavour; there are $(echo "$all" | sed -E 's/^([0-9]+\.[0-9]+).*/\1/' | uniq | xargs)"
	for kernel in $candidates; do
		! is_whole "$kernel" || { echo "$kernel"; return; }
	done
	not_there "the archive no longer has all packages of linux-image-${candidates%%[[:space:]]*}"
}

# Up to 6.17 the modules are in /lib, and up to 7.1 the kernel is in /boot.
get_kernel()
{
	local kernel=$1 modules
	# shellcheck disable=SC2046 # the list is words
	fetch $(packages "$kernel") || die "linux-image-$kernel cannot be fetched"
	unpack "$dir" './boot/vmlinuz-*' './lib/modules/*' './usr/lib/modules/*'
	[ ! -e "$dir/usr/lib/modules" ] || { mkdir -p "$dir/lib" && mv "$dir/usr/lib/modules" "$dir/lib/"; }
	modules=$dir/lib/modules/$kernel
	[ -e "$modules/kernel" ] || die "no modules in the packages of linux-image-$kernel"
	mv "$dir/boot/vmlinuz-$kernel" "$dir/vmlinuz" 2>/dev/null || mv "$modules/vmlinuz" "$dir/vmlinuz" ||
		die "no kernel in the packages of linux-image-$kernel"
	depmod -b "$dir" "$kernel"
	echo "$kernel" >"$dir/version"
}

# A compiler that is not here gives way to the one that is: the module is small, and says it when it does not build.
# gcc 12 does not have all options of gcc 13. On arm64 it does not align every function as ftrace_init_nop() wants, and
# loading the module is a BUG (6.12.118, 7.3.4): returns 1.
use_our_compiler()
{
	local variables=$1/.kernelvariables config=$1/include/config/auto.conf compiler
	compiler=$(sed -n 's/^CC = .*)\(gcc-[0-9]*\)$/\1/p' "$variables")
	! command -v "$triplet-${compiler:-gcc}" >/dev/null || return 0
	[ -z "$emulator" ] || { no_headers "they want $compiler, which is not here"; return 1; }
	say "$what was built with $compiler, which is not here: gcc builds the module"
	sed -i "s/^\(CC = .*)\)gcc-[0-9]*\$/\1gcc/" "$variables"
	"$triplet-gcc" -fmin-function-alignment=16 -E -x c /dev/null >/dev/null 2>&1 ||
		sed -i '/^CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=/d' "$config"
}

# The programs that build modules (objtool, modpost) may want a newer libc than the machine's. It is unpacked for
# them alone.
use_newer_libc()
{
	local programs program libc=$dir/libc/usr/lib/x86_64-linux-gnu
	# shellcheck disable=SC2016 # for the inner shell
	programs=$(find "$1" -type f -perm -u+x -exec sh -c 'ldd "$1" 2>&1 | grep -q "GLIBC_.* not found"' - {} \; -print)
	[ -n "$programs" ] || return 0
	fetch libc6:amd64 || return
	unpack "$dir/libc" './usr/lib/*/libc.so.6' './usr/lib/*/ld-linux-x86-64.so.2'
	for program in $programs; do
		mv "$program" "$program.bin"
		printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$libc/ld-linux-x86-64.so.2" "$libc" \
			"$program.bin" >"$program"
		chmod +x "$program"
	done
}

fetch_headers()
{
	fetch "$@" || return
	unpack "$dir/headers" './usr/src/*' './usr/lib/linux-kbuild-*'
	use_newer_libc "$dir/headers/usr/lib"
}

no_headers()
{
	say "$what: $1: tests that need pfnmap_test.ko will skip"
}

# Headers are made for /usr/src. Their vmlinux is for BTF, which would need pahole. The file "incomplete" tells
# that the next run should try again.
get_headers()
{
	local kernel=$1 headers more
	headers=$dir/headers/usr/src/linux-headers-$kernel
	more=$(apt_cache depends "linux-headers-$kernel" 2>/dev/null |
		awk '/Depends: linux-headers-/ { print $2 } /Depends: linux-kbuild-/ { print $2 ":amd64" }')
	[ -n "$more" ] || { no_headers "the archive has no headers of $kernel"; return; }
	# shellcheck disable=SC2086 # the list is words
	if ! fetch_headers "linux-headers-$kernel" $more; then
		no_headers "the headers of $kernel cannot be fetched now"
		touch "$dir/incomplete"
		return
	fi
	sed -i "s,/usr/src,$dir/headers/usr/src," "$headers/Makefile"
	rm -f "$headers/vmlinux"
	use_our_compiler "$headers" || return 0
	ln -sfn "headers/usr/src/linux-headers-$kernel" "$dir/build"
}

mkdir -p "$apt" "$dir"
dir=$(realpath "$dir")
own=$(kernels)
configure
update
kernel=$(choose)
get_kernel "$kernel"
get_headers "$kernel"
