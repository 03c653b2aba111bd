#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Puts the suite into a kernel tree: as selftests/vm when there is none, otherwise into the tests that
# are there (vm/ up to 6.1, mm/ since), by one include line in their Makefile.
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

# merge_config FILE: adds the options that FILE lacks
merge_config()
{
	local lacking
	touch "$1"
	lacking=$(grep -vxFf "$1" "$suite/config") || return 0
	echo "$lacking" >>"$1"
}

[ -d "$tree" ] || die "name the directory of a kernel tree: make install-tree KSRC=path/to/linux"
[ -f "$selftests/lib.mk" ] || die "KSRC=$tree: not a kernel tree (no tools/testing/selftests/lib.mk)"

only=
target=$selftests/vm
if [ -f "$selftests/mm/Makefile" ] && [ ! -d "$target" ]; then
	target=$selftests/mm
fi
if [ ! -d "$target" ] || [ -f "$target/pfnmap.mk" ] && ! grep -q run_vmtests "$target/Makefile"; then
	mkdir -p "$target"
	cp -r "$suite/." "$target/"
else
	cp "$suite"/pfnmap* "$target/"
	for dir in contract lib mappings pinners test_module; do
		mkdir -p "$target/$dir"
		cp "$suite/$dir"/* "$target/$dir/"
	done
	merge_config "$target/config"
	grep -q '^include pfnmap.mk' "$target/Makefile" || printf '\ninclude pfnmap.mk\n' >>"$target/Makefile"
	# Without the tests that were there, some of which do not build everywhere.
	only=' TEST_GEN_FILES= TEST_PROGS='
fi
echo "installed in ${target#"$tree/"}; there: make headers &&" \
	"make -C tools/testing/selftests TARGETS=$(basename "$target")$only run_tests"
