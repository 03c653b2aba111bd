#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Builds a kernel with a bug in it, and keeps it.
#
# usage: build_kernel.sh DIR VERSION MUTANT
# MUTANT is a file of mutants/, by name, or stock: no bug. VERSION is that of a linux-source package, or
# KSRC= names a tree or tarball; the package is fetched when it is not installed. KERNEL_OPTIONS= are more options of
# the config, as words, and MAKEFILES=, as for make, what it reads first. In DIR, src is the source,
# and build is shared by all kernels; each is a build directory kernels/MUTANT, with a bzImage of its own.
# A kernel is not built again until the mutant, the source package, the config or the compiler is
# another. Only one may work in DIR.
# Exit: 0 it is there, 1 the bug cannot be put in: "absent" or "unbuilt" and the error on stdout, 4 cannot run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
config=$here/../../../config
dir=$1
version=$2
mutant=$3

say()
{
	echo "build_kernel.sh: $*" >&2
}

die()
{
	say "$*"
	exit 4
}

# stale FILE STAMP: does FILE contain another stamp?
stale()
{
	[ "$(cat "$dir/$1" 2>/dev/null)" != "$2" ]
}

# A newer package of the same version is another source.
unpack()
{
	local source stamp
	source=${KSRC:-$("$here/../source.sh" "$version")} || exit 4
	[ -e "$source" ] || die "KSRC=$source: no such source"
	stamp=$(stat -L -c '%n %s %Y' "$source")
	stale source "$stamp" || return 0
	say "unpacking $source"
	rm -rf "${dir:?}/src" "$dir/build" && mkdir "$dir/src"
	if [ -d "$source" ]; then
		cp -a "$source/." "$dir/src/"
	else
		tar -C "$dir/src" --strip-components=1 -xf "$source"
	fi
	echo "$stamp" >"$dir/source"
}

compile()
{
	nice make -s -j"$(nproc)" -C "$dir/src" O="$(realpath "$dir/build")" "$@" >"$dir/make.log" 2>&1
}

configure()
{
	local stamp word
	{
		cat "$config"
		for word in ${KERNEL_OPTIONS:-}; do echo "$word"; done
		[ -z "${MAKEFILES:-}" ] || sed 's/^/# /' "$MAKEFILES"
	} >"$dir/config"
	stamp=$(cat "$dir/source" "$dir/config" <("${CC:-gcc}" --version) | cksum)
	stale stamp "$stamp" || return 0
	rm -rf "${dir:?}/kernels"
	mkdir -p "$dir/build"
	say "building $version; this takes some ten minutes once"
	if ! compile KCONFIG_ALLCONFIG="$(realpath "$dir/config")" allnoconfig || ! compile bzImage modules; then
		die "$version does not build: $dir/make.log"
	fi
	echo "$stamp" >"$dir/stamp"
}

# The text of the mutant, which identifies it.
text()
{
	[ "$mutant" = stock ] || cat "$here/mutants/$mutant.cocci"
}

# Puts the bug in. Returns 1 where the code is not like that.
apply()
{
	local file changed=1
	for file in $(text | sed -n 's,^// File: ,,p'); do
		[ -e "$dir/src/$file" ] || continue
		rm -f "$dir/patched.c"
		spatch --very-quiet --sp-file "$here/mutants/$mutant.cocci" "$dir/src/$file" -o "$dir/patched.c" \
			>"$dir/spatch.log" 2>&1 || continue
		if [ ! -s "$dir/patched.c" ] || cmp -s "$dir/patched.c" "$dir/src/$file"; then
			continue
		fi
		echo "$file" >>"$dir/touched"
		cp -p "$dir/src/$file" "$dir/src/$file.stock"
		cp "$dir/patched.c" "$dir/src/$file"
		changed=0
	done
	return $changed
}

# Removes it, also after an interrupted build. make must see the change.
heal()
{
	local file
	while read -r file; do
		[ -e "$dir/src/$file.stock" ] || continue
		mv "$dir/src/$file.stock" "$dir/src/$file"
		touch "$dir/src/$file"
	done < <(cat "$dir/touched" 2>/dev/null)
	rm -f "$dir/touched"
}

# A build directory with a kernel of its own; everything else links to the shared one.
keep()
{
	local own=$dir/kernels/$mutant file
	rm -rf "$own" && mkdir -p "$own/arch/x86/boot"
	for file in "$dir"/build/*; do
		case ${file##*/} in arch) ;; *) ln -s "$(realpath "$file")" "$own/" ;; esac
	done
	ln -s "$(realpath "$dir/build/.config")" "$own/.config"
	for file in "$dir"/build/arch/x86/*; do
		case ${file##*/} in boot) ;; *) ln -s "$(realpath "$file")" "$own/arch/x86/" ;; esac
	done
	cp "$dir/build/arch/x86/boot/bzImage" "$own/arch/x86/boot/"
	text >"$own/mutant"
}

trap heal EXIT
trap 'exit 130' INT TERM HUP
[ "$mutant" = stock ] || command -v spatch >/dev/null || die "spatch is missing: apt-get install coccinelle"
mkdir -p "$dir"
heal
unpack
configure
! text | cmp -s - "$dir/kernels/$mutant/mutant" || exit 0
if [ "$mutant" != stock ] && ! apply; then
	echo absent
	exit 1
fi
if ! compile bzImage; then
	[ "$mutant" != stock ] || die "$version does not build: $dir/make.log"
	echo unbuilt
	grep -m 1 'error' "$dir/make.log"
	exit 1
fi
keep
