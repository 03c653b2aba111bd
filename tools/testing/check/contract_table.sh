#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prints the table of what the contract owes that is in the README.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
vm=$(cd "$here/../selftests/vm" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
make -s -C "${vm%/*}" -f "$here/model.mk" -j "$(nproc)" VM="$vm" OUT="$out" "$out/contract_table"
"$out/contract_table" | sed 's/ *$//'
