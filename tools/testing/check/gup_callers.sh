#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prints the callers of GUP in the kernel source DIR that are not in gup_callers.list, and the pinners and
# programs in the list that do not exist.
#
# usage: gup_callers.sh DIR
# Exit: 0 all are known, 1 some are not, 2 DIR is no kernel source.
set -u
here=$(cd "$(dirname "$0")" && pwd)
vm=$here/../selftests/vm
list=$here/gup_callers.list
src=${1:-}
gup='(pin|get)_user_pages?(_fast|_remote|_unlocked|_fast_only|_vma_remote)?|iov_iter_(extract|get)_pages(2|_alloc2?)?'
before='memfd_pin_folios|iov_iter_extract_bvecs|follow_(pte|pfn|pfnmap_start)|fixup_user_fault|folio_walk_start|get_dump_page|access_(process|remote)_vm|get_vaddr_frames|extract_iter_to_sg|hmm_range_fault|make_device_exclusive_range'
status=0

[ -e "$src/mm/gup.c" ] || { echo "gup_callers.sh: $src is no kernel source: name an unpacked one" >&2; exit 2; }

# The first pattern that matches decides.
is_known()
{
	local pattern rest
	while read -r pattern rest; do
		# shellcheck disable=SC2254 # it is a pattern
		case $1 in $pattern) return 0 ;; esac
	done < <(grep -v '^#' "$list" | grep .)
	return 1
}

while read -r file; do
	is_known "$file" || { echo "$file calls GUP, and is not in gup_callers.list" && status=1; }
done < <(cd "$src" && grep -rlE --include='*.c' "\\b($gup|$before)\\(" \
	arch/x86 block crypto drivers fs io_uring ipc kernel lib mm net security sound virt | sort)

while read -r name; do
	[ -e "$vm/$name.c" ] || grep -q "PINNER($name)" "$vm/pinners/list.h" ||
		{ echo "gup_callers.list: there is no pinner, and no program, $name" && status=1; }
done < <(grep -v '^#' "$list" | awk '$2 != "-" { sub(/;.*/, ""); for (i = 2; i <= NF; i++) print $i }')
exit $status
