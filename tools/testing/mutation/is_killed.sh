#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Has a mutant been killed by a verdict of the suite?
#
# usage: is_killed.sh STOCK LOG	(what the guest with the stock kernel printed, and the mutant's so far)
# Exit: 0 yes, 1 not yet.
awk -v stock="$1" -f "${0%/*}/judge.awk" "$2" |
	awk '/^test / { failed = 1 } /^own$/ { own = 1 } END { exit !(failed && own) }'
