#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Fetches and unpacks a kernel of Debian's archive, of any suite that has one.
#
# usage: debian.sh VERSION DIR
# VERSION is that of a kernel (6.12, 7.3.4); the newest one that begins so is taken, of the machine's own suites
# if they have one, since its headers fit the compiler that is here. DIR gets vmlinuz, version,
# lib/modules and, when the archive has its headers, build: a directory in which modules for it can be built.
# The packages are not installed. apt's own lists, sources and packages stay as they are; CACHE/apt has
# lists of more suites, from the same mirror. No root is needed.
# Exit: 0 it is there, 4 it cannot be had.
set -eu
version=$1
dir=$2
CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pfnmap-selftests}
apt=$CACHE/apt
suites='bullseye bookworm bookworm-backports trixie trixie-backports forky sid'
security='bullseye-security bookworm-security trixie-security'
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

say()
{
	echo "debian.sh: $*" >&2
}

die()
{
	say "debian:$version: $*"
	exit 4
}

# mirror REGEX DEFAULT: the machine's own mirror whose address matches, or DEFAULT
mirror()
{
	local uri
	# shellcheck disable=SC2016 # apt's own variable
	uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 -E "$1") || true
	echo "${uri:-$2}"
}

# Which mirrors the machine uses is asked before APT_CONFIG hides them.
configure()
{
	local suite main updates
	[ -e "$keyring" ] || die "no $keyring: install debian-archive-keyring"
	main=$(mirror '/debian/?$' http://deb.debian.org/debian)
	updates=$(mirror '/debian-security/?$' http://deb.debian.org/debian-security)
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	for suite in $suites; do
		echo "deb [signed-by=$keyring] $main $suite main"
	done >"$apt/sources.list"
	for suite in $security; do
		echo "deb [signed-by=$keyring] $updates $suite main"
	done >>"$apt/sources.list"
	cat >"$apt/apt.conf" <<-CONF
	Dir::Etc::SourceList "$apt/sources.list";
	Dir::Etc::SourceParts "/dev/null";
	Dir::State::Lists "$apt/lists";
	Dir::Cache "$apt/cache";
	APT::Sandbox::User "";
	APT::Architecture "amd64";
	CONF
	export APT_CONFIG=$apt/apt.conf
}

# Containers switch apt's own cache off in /etc, which overrides APT_CONFIG; without it each call takes seconds.
apt_cache()
{
	apt-cache -o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin "$@"
}

# Once a day. A suite that the mirror lacks is no error as long as there are lists.
update()
{
	[ -z "$(find "$apt/updated" -mmin -1440 2>/dev/null)" ] || return 0
	say "reading the lists of Debian's suites"
	if apt-get update >"$apt/update.log" 2>&1; then
		touch "$apt/updated"
	elif [ -n "$(find "$apt/lists" -name '*_Packages*' -print -quit)" ]; then
		say "some lists could not be read again: $apt/update.log"
	else
		die "the lists cannot be read: $(grep -m 1 '^E:' "$apt/update.log")"
	fi
}

# All kernels, oldest first: the names of their packages without "linux-image-".
kernels()
{
	apt_cache search --names-only '^linux-image-[0-9.]+(-[0-9]+|\+deb[0-9.]+(u[0-9]+)?)-amd64$' |
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
	grep -E "^${version//./\\.}([.+-]|\$)" | sort -rV
}

choose()
{
	local all candidates kernel
	all=$(kernels)
	candidates=$(echo "$own" | matching; echo "$all" | matching)
	[ -n "$candidates" ] ||
		die "no such package; there are $(echo "$all" | sed -E 's/^([0-9]+\.[0-9]+).*/\1/' | uniq | xargs)"
	for kernel in $candidates; do
		! is_whole "$kernel" || { echo "$kernel"; return; }
	done
	die "the archive no longer has all packages of linux-image-${candidates%%[[:space:]]*}"
}

# fetch PACKAGE...: into CACHE/apt/debs; what is there and whole is not fetched again
fetch()
{
	mkdir -p "$apt/debs"
	say "fetching $*"
	(cd "$apt/debs" && apt-get download "$@" >&2 2>"$apt/download.log") || {
		grep '^E:' "$apt/download.log" >&2
		return 1
	}
}

# unpack DIR PATTERN...: takes the files that match out of all packages that were fetched, and forgets these
unpack()
{
	local to=$1 deb
	shift
	mkdir -p "$to"
	for deb in "$apt"/debs/*.deb; do
		# A package that has no such file is none that failed; one that cannot be read is.
		dpkg-deb --fsys-tarfile "$deb" >"$apt/deb.tar" || die "$deb cannot be read: remove it and try again"
		tar -x -C "$to" -f "$apt/deb.tar" --wildcards "$@" 2>/dev/null || true
	done
	rm -f "$apt/deb.tar" "$apt"/debs/*.deb
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
use_our_compiler()
{
	local variables=$1/.kernelvariables compiler
	compiler=$(sed -n 's/^CC = .*)\(gcc-[0-9]*\)$/\1/p' "$variables")
	! command -v "x86_64-linux-gnu-${compiler:-gcc}" >/dev/null || return 0
	say "debian:$version was built with $compiler, which is not here: gcc builds the module"
	sed -i "s/^\(CC = .*)\)gcc-[0-9]*\$/\1gcc/" "$variables"
}

# Headers are made for /usr/src. Their vmlinux is for BTF, which would need pahole.
get_headers()
{
	local kernel=$1 headers=$dir/headers more
	more=$(apt_cache depends "linux-headers-$kernel" 2>/dev/null |
		awk '/Depends: linux-(headers|kbuild)-/ { print $2 }')
	# shellcheck disable=SC2086 # the list is words
	if [ -z "$more" ] || ! fetch "linux-headers-$kernel" $more; then
		say "debian:$version: the archive has no headers of $kernel: tests that need pfnmap_test.ko will skip"
		return
	fi
	unpack "$headers" './usr/src/*' './usr/lib/linux-kbuild-*'
	sed -i "s,/usr/src,$headers/usr/src," "$headers/usr/src/linux-headers-$kernel/Makefile"
	rm -f "$headers/usr/src/linux-headers-$kernel/vmlinux"
	use_our_compiler "$headers/usr/src/linux-headers-$kernel"
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
