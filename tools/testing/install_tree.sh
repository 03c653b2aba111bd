#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Puts the suite into a kernel tree: as selftests/vm when there is none, otherwise into the tests that
# are there (vm/ up to 6.2, mm/ since), by one include line in their Makefile.
#
# usage: install_tree.sh TREE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tree=$1
selftests=$tree/tools/testing/selftests
suite=$here/selftests/vm

die()
{
	echo "install_tree.sh: $*" >&2
	exit 2
}

# merge NAME: adds the lines that the tree's file of that name lacks
merge()
{
	local lacking
	touch "$target/$1"
	lacking=$(grep -vxFf "$target/$1" "$suite/$1") || return 0
	[ -z "$(tail -c 1 "$target/$1")" ] || echo >>"$target/$1"
	echo "$lacking" >>"$target/$1"
}

# The runner's limit for one program: the tree's may be too short for the suite. Without one it is 45, 0 is none.
merge_settings()
{
	local ours theirs
	touch "$target/settings"
	ours=$(sed -n 's/^timeout=//p' "$suite/settings")
	theirs=$(sed -n 's/^timeout=\([0-9]*\).*/\1/p' "$target/settings" | tail -n 1)
	[ "${theirs:-45}" != 0 ] && [ "${theirs:-45}" -lt "$ours" ] || return 0
	sed -i '/^timeout=/d' "$target/settings"
	echo "timeout=$ours" >>"$target/settings"
}

[ -d "$tree" ] || die "KSRC=$tree: name the directory of a kernel tree, unpacked: make install-tree KSRC=path/to/linux"
[ -f "$selftests/lib.mk" ] || die "KSRC=$tree: not a kernel tree (no tools/testing/selftests/lib.mk)"

only=
target=$selftests/vm
if [ -f "$selftests/mm/Makefile" ] && [ ! -f "$target/Makefile" ]; then
	target=$selftests/mm
fi
if [ ! -f "$target/Makefile" ] || [ -f "$target/pfnmap.mk" ] && ! grep -q run_vmtests "$target/Makefile"; then
	mkdir -p "$target"
	cp -r "$suite/." "$target/"
else
	cp "$suite"/pfnmap* "$target/"
	for dir in contract lib mappings pinners test_module; do
		mkdir -p "$target/$dir"
		cp "$suite/$dir"/* "$target/$dir/"
	done
	merge config
	merge .gitignore
	merge_settings
	grep -q '^include pfnmap.mk' "$target/Makefile" || printf '\ninclude pfnmap.mk\n' >>"$target/Makefile"
	# Without the tests that were there, some of which do not build everywhere.
	only=' TEST_GEN_FILES= TEST_PROGS= TEST_GEN_MODS_DIR='
fi
echo "installed in ${target#"$tree/"}; there: make headers &&" \
	"make -C tools/testing/selftests TARGETS=$(basename "$target")$only run_tests"
