#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# For "git bisect run", in a clean kernel tree: builds the kernel of a commit and runs tests in a guest of it.
#
# usage: bisect.sh PROGRAM[:TEST]...
# BUILD (default: bisect in CACHE) keeps the objects, CONFIG (default: the top-level config) is what the kernel is
# made with, from allnoconfig.
# Exit: 0 the tests pass, 1 one fails or the guest dies, 125 it does not build, or no test could run.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
# shellcheck source=tools/testing/cache.sh
. "$here/cache.sh"
BUILD=${BUILD:-$CACHE/bisect}
CONFIG=${CONFIG:-$top/config}

# skip WHY: bisect tries another commit
skip()
{
	echo "bisect.sh: $(git describe --always 2>/dev/null): $*" >&2
	exit 125
}

compile()
{
	make -s -j "$(nproc)" O="$BUILD" "$@" >"$BUILD/make.log" 2>&1
}

[ $# -gt 0 ] || { echo "usage: git bisect run ${0##*/} PROGRAM[:TEST]..." >&2; exit 128; }
[ -e Kbuild ] && [ -e MAINTAINERS ] || { echo "bisect.sh: run it in a kernel tree" >&2; exit 128; }
tests=()
for test in "$@"; do
	tests+=(-t "$test")
done
mkdir -p "$BUILD" || exit 128
compile KCONFIG_ALLCONFIG="$CONFIG" allnoconfig || skip "no config: $BUILD/make.log"
compile bzImage modules || skip "it does not build: $BUILD/make.log"
"$top/run_tests.sh" -k "$BUILD" "${tests[@]}"
case $? in
0) exit 0 ;;
1 | 3) exit 1 ;;
2) exit 128 ;;
*) skip "no test could run" ;;
esac
