#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs other people's tests on a kernel, in the same guest as the suite.
#
# usage: theirs_run.sh KERNEL PAYLOAD DIR
# DIR gets 0/tap.log, 0/console.log and 0/exit, as run_tests.sh -o leaves them.
set -eu
guest=$(cd "$(dirname "$0")/../guest" && pwd)
mkdir -p "$3/0/kernel"
"$guest/kernel.sh" "$1" "$3/0/kernel"
status=0
"$guest/boot.sh" "$3/0/kernel" "$2" "$3/0" || status=$?
echo "$status" >"$3/0/exit"
rm -rf "$3/0/kernel"
exit "$status"
