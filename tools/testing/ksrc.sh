#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copies what the suite needs from a kernel source tree: the kselftest harness, its scripts, checkpatch.
#
# usage: ksrc.sh KSRC DIR
# KSRC is a kernel tree or a tarball of one. DIR becomes a small tree of the same shape.
set -eu
ksrc=$1
dir=$2
files='tools/testing/selftests/Makefile tools/testing/selftests/lib.mk
tools/testing/selftests/kselftest.h tools/testing/selftests/kselftest_harness.h
tools/testing/selftests/run_kselftest.sh tools/testing/selftests/kselftest_install.sh
tools/testing/selftests/gen_kselftest_tar.sh tools/testing/selftests/kselftest
tools/testing/kunit scripts/subarch.include scripts/checkpatch.pl scripts/spelling.txt
scripts/const_structs.checkpatch'

die()
{
	echo "ksrc.sh: $*" >&2
	rm -rf "$dir.new"
	exit 4
}

[ -n "$ksrc" ] || die "no kernel source: install linux-source-6.12 (./run_tests.sh --setup) or set KSRC="
[ -e "$ksrc" ] || die "KSRC=$ksrc: no such file or directory"
mkdir -p "$(dirname "$dir")"
rm -rf "$dir.new"
mkdir "$dir.new"
if [ -d "$ksrc" ]; then
	# shellcheck disable=SC2086 # the list is words
	tar -c -C "$ksrc" $files 2>/dev/null | tar -x -C "$dir.new"
else
	# A kernel's tarball has one directory at its top, of any name: the patterns are for tar, not for the shell.
	set -f
	# shellcheck disable=SC2046,SC2086
	tar -x -f "$ksrc" -C "$dir.new" --strip-components=1 --wildcards --no-wildcards-match-slash \
		$(printf '*/%s ' $files) 2>/dev/null || true
fi
[ -e "$dir.new/tools/testing/selftests/kselftest_harness.h" ] ||
	die "KSRC=$ksrc: not a kernel source tree or tarball (no tools/testing/selftests/kselftest_harness.h)"
rm -rf "$dir"
mv "$dir.new" "$dir"
