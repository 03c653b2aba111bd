#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make check-trees: the suite in kernel trees: make install-tree, kselftest-install, and all that was installed in a
# guest of that tree's kernel. One tree gets the kernel of a lab: defconfig, kvm_guest.config and the suite's config;
# the others the small one of the top-level config, which CACHE keeps. An hour the first time, and 6 GB in TMPDIR.
# TAP on stdout; the last line counts.
#
# usage: trees.sh [VERSION...]	(default: 6.1 6.12 7.3, of Debian's linux-source packages)
# LAB= names the version whose kernel is that of a lab, by default the first one.
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
cd "$top" || exit 1
# shellcheck source=tools/testing/check/lib.sh
. "$top/tools/testing/check/lib.sh"
src=$work/src
out=$work/out
ksft=$work/ksft

# put_into_tree VERSION: $work/arguments is what "make -C tools/testing/selftests" wants there
put_into_tree()
{
	rm -rf "$src" "$out" "$ksft" "$work/logs" && mkdir "$src" "$out" && tar -C "$src" --strip-components=1 -xf "$(source_of "$1")" &&
		make -s install-tree KSRC="$src" >"$work/said" &&
		sed -n 's/.*selftests \(TARGETS=.*\) run_tests$/\1/p' "$work/said" >"$work/arguments" && [ -s "$work/arguments" ]
}

make_tree()
{
	make -s -C "$src" O="$out" -j "$(nproc)" "$@"
}

# No campaign may work there meanwhile.
build_small_kernel()
{
	local dir=$CACHE/mutation/$1
	mkdir -p "$dir" && flock "$dir/.lock" tools/testing/mutation/build_kernel.sh "$dir" "$1" stock || return 1
}

build_kernel()
{
	[ "$1" = "$LAB" ] || { build_small_kernel "$1"; return; }
	make_tree defconfig kvm_guest.config && merge_config "$src" "$out" && make_tree bzImage modules
}

# kernel_of VERSION: its build directory
kernel_of()
{
	[ "$1" = "$LAB" ] && echo "$out" || echo "$CACHE/mutation/$1/kernels/stock"
}

# All programs and the module are there. Not by the tree's own Makefile, below which selftests/Makefile drops the
# variables that leave the other tests out.
install_tests()
{
	local arguments
	read -r -a arguments <"$work/arguments"
	make_tree headers && make -s -C "$src/tools/testing/selftests" O="$out" "${arguments[@]}" \
		KDIR="$(realpath "$(kernel_of "$1")/Makefile" | xargs dirname)" \
		KSFT_INSTALL_PATH="$ksft" install &&
		ls "$ksft"/*/pfnmap_test.ko && diff <(./run_tests.sh -l | grep -v '^ ') \
			<(sed -n 's/^.*:\(pfnmap_\)/\1/p' "$ksft/kselftest-list.txt")
}

run_tests()
{
	[ -e "$ksft/kselftest-list.txt" ] || { echo "nothing is installed"; return 1; }
	./run_tests.sh --installed "$ksft" -k "$(kernel_of "$1")" -j 2 -o "$work/logs" &&
		names_in_order "$work/logs/0/all.log"
}

[ $# -gt 0 ] || set -- 6.1 6.12 7.3
LAB=${LAB:-$1}
for version; do
	check "the suite goes into a tree of $version" put_into_tree "$version"
	check "a kernel of $version is built" build_kernel "$version"
	check "kselftest-install of $version has every program" install_tests "$version"
	check "every test runs on that kernel" run_tests "$version"
	[ ! -e "$work/logs/stats" ] || awk '{ printf "# '"$version"': %d passed, %d failed, %d skipped, %d known defects\n", $1, $2, $3, $4; exit }' \
		"$work/logs/stats"
done
report
