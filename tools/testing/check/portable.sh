#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Compiles every file of the suite with the headers and the compiler of another system; warnings are errors. What needs
# liburing is left out when that compiler has none.
#
# usage: portable.sh HARNESS CC [VERSION]
# HARNESS is a directory with the kselftest harness, CC a compiler. VERSION (5.10) takes the UAPI headers of that
# kernel, from Debian's linux-libc-dev, which CACHE keeps, instead of the compiler's own.
# Exit: 0 all files compile, 1 some do not, 4 the headers cannot be had.
set -eu
harness=$1
cc=$2
version=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
what=linux-libc-dev
# shellcheck source=tools/testing/apt.sh
. "$here/../apt.sh"

get_headers()
{
	local newest
	[ ! -e "$1/usr/include/linux/version.h" ] || return 0
	configure
	update
	newest=$(apt_cache madison linux-libc-dev | awk -v v="$version." 'index($3, v) == 1 { print $3 }' |
		sort -V | tail -n 1)
	[ -n "$newest" ] || not_there "none of $version"
	fetch "linux-libc-dev=$newest" || die "$newest cannot be fetched"
	rm -rf "$1.new"
	unpack "$1.new" './usr/include/*' './usr/lib/linux/*'	# 6.12 and later have <asm/> there
	mv "$1.new" "$1"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$harness"/kselftest*.h "$work"
cp -r "$here/../selftests/vm" "$work/vm"
flags='-Wall -Wextra -Werror -D_GNU_SOURCE='
if [ -n "$version" ]; then
	get_headers "$CACHE/uapi-$version"
	flags="$flags -isystem $CACHE/uapi-$version/usr/include"
	flags="$flags -isystem $CACHE/uapi-$version/usr/include/x86_64-linux-gnu"
fi
cd "$work/vm"
if echo '#include <liburing.h>' | $cc -E -x c - >/dev/null 2>&1; then
	flags="$flags -DHAVE_LIBURING"
fi
# The harness's own casts between pointers and 64 bits.
[[ $cc != i686-* ]] || flags="$flags -Wno-pointer-to-int-cast -Wno-int-to-pointer-cast"
sources=(*.c contract/*.c lib/*.c mappings/*.c pinners/*.c)
# shellcheck disable=SC2086 # the list is words
printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -I{} $cc $flags -c {} -o {}.o || exit 1
[ -n "$version" ] || exit 0
# What these headers lack must not come from the machine's.
# shellcheck disable=SC2086
strays=$($cc $flags -M "${sources[@]}" |
	grep -oE '(^| )/usr/include/([a-z0-9_]+-linux-[a-z]+/)?(linux|asm|asm-generic|rdma|mtd|sound|drm)/[^ ]*' | sort -u)
[ -z "$strays" ] || { echo "portable.sh: not of $version: $strays"; exit 1; }
