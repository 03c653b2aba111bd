#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Lists each test of the programs of PAYLOAD/programs as PROGRAM:TEST, in the order in which they run.
#
# usage: tests.sh PAYLOAD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tools/testing/arch.sh
. "$here/../arch.sh"
while read -r program _; do
	$emulator "$1/vm/$program" -l 2>&1 | awk -v program="$program" -f "$here/../list.awk"
done <"$1/programs"
