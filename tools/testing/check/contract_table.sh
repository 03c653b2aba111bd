#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prints the table of what the contract owes that is in the README.
set -eu
cd "$(dirname "$0")/../../.."
make -s all >/dev/null
tree=$(dirname "$(make -s where)")
program=$(mktemp)
trap 'rm -f "$program"' EXIT
libs=$(pkg-config --libs liburing 2>/dev/null || true)
# shellcheck disable=SC2086 # the libraries are words
cc -Wno-unused-parameter -D_GNU_SOURCE= -I "$tree/tools/testing/selftests/vm" -o "$program" \
	tools/testing/check/contract_table.c "$tree/out/kselftest/vm/libpfnmap.a" $libs
"$program" | sed 's/ *$//'
