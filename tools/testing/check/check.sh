#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# make check: the suite's own tests. TAP on stdout; the last line counts.
set -u
top=$(cd "$(dirname "$0")/../../.." && pwd)
cd "$top" || exit 1
# shellcheck source=tools/testing/check/lib.sh
. "$top/tools/testing/check/lib.sh"
warnings='-Werror -Wall -Wextra -Wmissing-declarations -Wunused -Wold-style-definition'

need()
{
	command -v "$1" >/dev/null || { echo "$1 is missing: tools/testing/check/setup.sh installs it"; return 4; }
}

build()
{
	make -s -j "$(nproc)" KSRC="$(source_of "$1")" "${@:2}" all
}

# The same, from scratch; every warning is an error, except in the harness, which is not part of the suite.
build_strictly()
{
	rm -rf "$work/strict" && mkdir "$work/strict"
	cp -r "build/linux-source-$1/." "$work/strict" && rm -rf "$work/strict/out" "$work/strict/install"
	rsync -a "$vm" "$work/strict/tools/testing/selftests/"
	mkdir "$work/strict/out"
	make -j "$(nproc)" -C "$work/strict/tools/testing/selftests/vm" OUTPUT="$work/strict/out" \
		USERCFLAGS="$warnings -Wno-missing-declarations" "${@:2}" all &&
		! grep -ls '^echo "Bail out!' "$work/strict/out"/pfnmap_*
}

without_liburing()
{
	build_strictly 6.12 PFNMAP_URING_LIBS= || return
	exits 4 'built without liburing: install liburing-dev' "$work/strict/out/pfnmap_io_uring" -t register_buffers
}

portable()
{
	need "$1" && tools/testing/check/portable.sh "$tree/tools/testing/selftests" "$@"
}

cross_build()
{
	need aarch64-linux-gnu-gcc || return
	build_strictly 6.12 ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- || return
	readelf -h "$work/strict/out/pfnmap_io_uring" | grep -q AArch64 ||
		{ echo "pfnmap_io_uring is not for arm64"; return 1; }
}

# Only a KDIR that is named must be there, relative or not, and a make below make check sees none that nobody named.
# shellcheck disable=SC2016 # a variable of make
kdir_is_passed_on()
{
	mkdir "$work/kdir" && touch "$work/kdir/Module.symvers" || return
	exits 2 'KDIR=nowhere has no Module.symvers' make KDIR=nowhere &&
		exits 0 "KDIR=$work/kdir" make -s KDIR="$(realpath --relative-to=. "$work/kdir")" \
			--eval 'show: ; @echo "$(KSELFTEST)"' show &&
		exits 0 '^none$' env -u KDIR -u MAKEFLAGS -u MAKEOVERRIDES \
			make -s --eval 'show: ; @env | grep ^KDIR= || echo none' show
}

# runs_here PROGRAM: its machine and the kernel's may differ
runs_here()
{
	local status=0
	"$1" -h >/dev/null 2>&1 || status=$?
	[ "$status" != 126 ] || { echo "this kernel cannot run ${1##*/}: ia32_emulation=on"; return 4; }
}

# Linked statically: there is no 32-bit loader.
refuses_32_bits()
{
	need i686-linux-gnu-gcc || return
	harness_copy bits &&
		judges_with='CC=i686-linux-gnu-gcc LDFLAGS=-static' judges "$work/bits" outcomes || return
	runs_here "$work/bits/out/outcomes" || return
	exits 4 '^1..0 # SKIP a 32-bit program: build the suite for 64 bits' "$work/bits/out/outcomes" || return
	{ echo '# selftests: vm: p'; sed 's/^/# /' "$work/out"; echo 'ok 1 selftests: vm: p # SKIP'; } >"$work/bits.log"
	awk -v list=p -v verbose=0 -v stats="$work/stats" -f tools/testing/report.awk kernel=here "$work/bits.log" |
		grep '^# SKIP (1) p: a 32-bit program'
}

# It is told to list, and would run everything.
harness_without_options()
{
	exits 1 '^Bail out! the kselftest harness of this build has no options' \
		build/linux-source-6.1/install/vm/pfnmap_copy -l &&
		exits 2 'no test pfnmap_copy:cell.vvar.buffered' env KSRC="$(source_of 6.1)" \
			./run_tests.sh -t pfnmap_copy:cell.vvar.buffered
}

# The limit of a test is 1 s for 10 rounds.
rounds_take_their_time()
{
	local begun
	harness_copy rounds && judges "$work/rounds" outcomes && begun=$SECONDS &&
		exits 1 'terminated by timeout' "$work/rounds/out/outcomes" -r outcome.of_a_mapping.hangs -- --rounds 40 &&
		[ $((SECONDS - begun)) -ge 3 ]
}

unit_tests()
{
	harness_copy unit && judges "$work/unit" unit && "$work/unit/out/unit"
}

# The failures that judge PROGRAM of DIR reports; without one the error was not noticed.
notices()
{
	case $2 in
	unit) "$1/out/unit" 2>&1 | grep -m 1 '^not ok' ;;
	# The kernels with most mappings and pinners, our own, first.
	replay)
		printf '%s\n' tools/testing/check/recorded/*.xz | sort -r |
			OUT=$1/out VM=$1/vm xargs tools/testing/check/replay.sh 2>&1 | grep -m 1 '^# WRONG'
		;;
	esac
}

# planted_errors PART OF: of the list, every line number OF, from PART on
planted_errors()
{
	local judge file script missed=0 here=$work/planted$1
	harness_copy "planted$1" && judges "$here" unit replay || return
	while read -r judge file script; do
		sed -i "$script" "$here/vm/$file"
		if cmp -s "$here/vm/$file" "$vm/$file"; then
			echo "$file: nothing matches: $script" && missed=1
		elif ! judges "$here" "$judge" || ! notices "$here" "$judge" >"$here/log"; then
			echo "$file: $judge does not notice: $script" && missed=1
		fi
		cp "$vm/$file" "$here/vm/$file"
	done < <(grep -v '^#' tools/testing/check/planted.list | awk -v part="$1" -v of="$2" 'NR % of == part')
	return $missed
}

planted_errors_are_noticed()
{
	local cpus part parts=() status=0
	cpus=$(nproc)
	for ((part = 0; part < cpus; part++)); do
		planted_errors "$part" "$cpus" &
		parts+=($!)
	done
	for part in "${parts[@]}"; do
		wait "$part" || status=1
	done
	return $status
}

atlas_in_browser()
{
	tools/testing/atlas/atlas.sh "$work/atlas.html" && tools/testing/check/atlas.py "$work/atlas.html" \
		tools/testing/check/recorded/*.xz
}

# One row of the text says on which kernel it turned, and by what.
atlas_as_text()
{
	tools/testing/atlas/atlas.sh "$work/atlas.txt" || return
	grep -q '^block_aio vvar write: debian-5.* EIO; debian-6.1.[0-9]* (BLOCK_AIO_ERRNO 54a88eb838d3) P=EFAULT ' \
		"$work/atlas.txt"
}

# The same words in the same order.
readme_has_the_contract()
{
	tools/testing/check/contract_table.sh >"$work/contract" || return
	awk -v last="$(tail -n 1 "$work/contract")" '/^    +PFNMAP vma/ { on = 1 } on { print } $0 == last { exit }' \
		README | diff "$work/contract" -
}

# All other code calls kernel_has() of contract/kernel.c.
one_place_reads_the_version()
{
	! grep -nE '\buname\(|utsname|UTS_RELEASE|LINUX_VERSION|/proc/version|osrelease' -r "$vm" --include='*.[ch]' |
		grep -vE 'contract/kernel.c:|test_module/'
}

checkpatch()
{
	git ls-files '*.c' '*.h' | xargs -P "$(nproc)" -n 20 perl "$tree/scripts/checkpatch.pl" --terse --strict \
		--show-types -f >"$work/checkpatch"
	grep -q '^total: ' "$work/checkpatch" &&
		! grep -E ': (ERROR|WARNING|CHECK:LONG_LINE(_COMMENT)?):' "$work/checkpatch"
}

# The lying mapping is one more file and one more line, as any mapping is. mlock() and
# a copy by the CPU are right to succeed, for any memory.
lying_mapping_is_found_out()
{
	local program tests
	cp -r "$tree" "$work/lying" && rm -rf "$work/lying/out" "$work/lying/install"
	cd "$work/lying/tools/testing/selftests/vm" || return
	cp "$top/tools/testing/check/mapping_lying.c" mappings/lying.c
	sed -i 's/^#define MAPPINGS(MAPPING).*/&\n\tMAPPING(lying) \\/' mappings/list.h
	make -s -j "$(nproc)" OUTPUT="$PWD" all || return
	for program in pfnmap_io_uring pfnmap_direct_io pfnmap_walk pfnmap_remote pfnmap_splice pfnmap_net pfnmap_futex; do
		exits 1 'FAILED mapping lying' "./$program" -F tested -v lying || return
		tests=$(grep -c '^not ok .*cell\.lying' "$work/out")
		[ "$tests" -gt 0 ] || { cat "$work/out"; echo "no test of $program failed"; return 1; }
		! grep '^ok .*lying' "$work/out" | grep -vE 'SKIP|lying.(mlock|vmsplice_to_user)' || return 1
		[ "$(grep -o 'mapping lying, pinner [a-z_0-9]*' "$work/out" | sort -u | wc -l)" = "$tests" ] ||
			{ cat "$work/out"; echo "a failure does not name mapping and pinner"; return 1; }
	done
}

# A pinner and a program that no compiler takes: what needs neither is built, installed and runs; the rest fails, and
# is built when it can be.
unbuildable_is_named()
{
	local copy=$work/unbuildable program
	build 6.12 && rm -rf "$copy" && cp -a "$tree" "$copy" || return
	local sources=$copy/tools/testing/selftests
	local install=(make -s -C "$sources" "O=$copy/out" TARGETS=vm "KSFT_INSTALL_PATH=$copy/install" install)
	echo '#error of a pinner' | tee -a "$sources/vm/pinners/futex.c" >>"$sources/vm/pfnmap_alg.c"
	exits 0 'NOTE    pfnmap_futex was not built' "${install[@]}" &&
		exits 0 'NOTE    pfnmap_alg was not built' "${install[@]}" || return
	for program in futex alg; do
		exits 1 "Bail out! pfnmap_$program was not built" "$copy/install/vm/pfnmap_$program" || return
	done
	exits 0 'ok .* cell.vvar.buffered' "$copy/install/vm/pfnmap_copy" || return
	cp "$vm/pinners/futex.c" "$sources/vm/pinners/" && cp "$vm/pfnmap_alg.c" "$sources/vm/" &&
		"${install[@]}" && exits 0 'ok .* cell.vvar.futex' "$copy/install/vm/pfnmap_futex"
}

# The UAPI headers that "make headers" makes of 6.12, made once for each source package. Prints their directory.
kernel_headers()
{
	local source made
	source=$(source_of 6.12)
	made=$CACHE/headers-$(stat -L -c '%s-%Y' "$source")
	[ ! -e "$made/usr/include/linux/io_uring.h" ] || { echo "$made"; return; }
	rm -rf "$CACHE"/headers-* && mkdir -p "$made"
	tar -x -f "$source" -C "$made" --strip-components=1 --wildcards --no-wildcards-match-slash \
		'*/Makefile' '*/Kbuild' '*/scripts' '*/include/uapi' '*/arch/x86' '*/tools/include' &&
		make -s -C "$made" headers >&2 && echo "$made"
}

# A kernel tree without vm/, as 6.12 is, with O= and without. Its own headers are there, and are newer than the
# distribution's.
in_tree()
{
	local headers
	headers=$(kernel_headers) || return
	# Here, and not in the same files of other checks, the kernel's headers precede the machine's.
	export CCACHE_NODIRECT=1
	rm -rf "$work/tree" && mkdir -p "$work/tree" "$work/tree-out" &&
		cp -r "$tree/tools" "$tree/scripts" "$headers/usr" "$work/tree" &&
		cp -r "$headers/usr" "$work/tree-out" && rm -rf "$work/tree/tools/testing/selftests/vm"
	make -s install-tree KSRC="$work/tree" && run_in_tree && make_in_tree O="$work/tree-out" all &&
		exits 0 'ok .* cell.vvar.buffered' "$work/tree-out/kselftest/vm/pfnmap_copy"
}

make_in_tree()
{
	make -s -C "$work/tree/tools/testing/selftests" TARGETS=vm "$@"
}

run_in_tree()
{
	local programs
	programs=$(grep -c '^vm:' "$tree/install/kselftest-list.txt")
	make_in_tree run_tests >"$work/tree.log" 2>&1
	[ "$(grep -c '^ok [0-9]* selftests: vm: pfnmap' "$work/tree.log")" = "$programs" ] || { cat "$work/tree.log"; return 1; }
}

run_as_nobody()
{
	chmod 755 "$work" && rm -rf "$work/nobody" && cp -r "$tree/install" "$work/nobody" &&
		chmod -R a+rX "$work/nobody" || return
	cd "$work" || return
	for program in nobody/vm/pfnmap_{io_uring,direct_io,copy,walk,remote,splice,futex,memlock,race,lifecycle}; do
		as_nobody "$program" || return
	done
	exits 4 'SKIP +no pfnmap_test.ko: run as root' as_nobody nobody/vm/pfnmap_gup &&
		exits 4 'fail-nth: (run as root|CONFIG_FAULT_INJECTION)' as_nobody nobody/vm/pfnmap_fail_nth &&
		exits 4 'SKIP +AF_XDP: run as root' as_nobody nobody/vm/pfnmap_net &&
		exits 4 'SKIP +no device that moves memory: run QEMU with -device edu' as_nobody nobody/vm/pfnmap_vfio
}

# without_later VERSION: the lines that do not say that they need a kernel later than VERSION
without_later()
{
	awk -v has="$1" '
		function number(version,  part) { split(version, part, "."); return part[1] * 1000 + part[2] }
		match($0, /needs [0-9]+\.[0-9]+/) && number(substr($0, RSTART + 6, RLENGTH - 6)) > number(has) { next }
		{ print }'
}

# skips_only LOG VERSION [REGEX]: what skipped there needs a later kernel than VERSION or an option that none of Debian's
# kernels has, cannot be tested so by its nature, or is one of REGEX
skips_only()
{
	local options='CONFIG_(VFIO_DEVICE_CDEV|MTD_MTDRAM|GUP_TEST|USER_EVENTS|FAULT_INJECTION|RDMA_SIW|VDPA_SIM_NET|PCI_P2PDMA)'
	local nature='it (cannot be|has too few|has no mode|takes no page)|a worker takes|its fork|too many refusals|no mapping could be opened|no pages in ZONE'
	grep -q '^# ok ' "$1" && ! grep '^# 1\.\.0' "$1" || return
	[ "$(grep -c '^# ok .*# SKIP' "$1")" = "$(grep -c '^# #      SKIP ' "$1")" ] ||
		{ echo "$1: a skip without a reason, or a reason without a skip"; return 1; }
	! grep '^# #      SKIP ' "$1" | grep -vE "$options|$nature${3:+|$3}" | without_later "$2" | grep .
}

# Of the last kernel two guests share the tests.
guests()
{
	./run_tests.sh -k debian:6.1 -k debian:6.12 -j 2 -o "$work/guests" &&
		./run_tests.sh -k debian:7.3 -j 2 -o "$work/shared" &&
		skips_only "$work/guests/0/all.log" 6.1 'CONFIG_(UDMABUF|DMABUF_HEAPS_SYSTEM|BLK_DEV_UBLK)|P9_UNKILLABLE' &&
		skips_only "$work/guests/1/all.log" 6.12 &&
		skips_only "$work/shared/0/all.log" 7.3 && [ -e "$work/shared/0/1/tap.log" ] &&
		names_in_order "$work/guests/1/all.log" && names_in_order "$work/shared/0/all.log"
}

# What report.py and campaign.sh read of it.
mutants_have_heads()
{
	local key
	for key in Bug Harm Family Verdict File; do
		! grep -L "^// $key: ." tools/testing/mutation/mutants/*.cocci | grep . || return
	done
}

# unreached [ENTRY...]: compares a file of two functions with a list of these entries
unreached()
{
	mkdir -p "$work/counted/mm"
	printf '%s\n' 'int a(void)' '{' '	one();' '	two();' '}' 'int b(void)' '{' '	three();' '}' \
		>"$work/counted/mm/gup.c"
	printf '%s\n' "SF:$work/counted/mm/gup.c" FN:1,a FN:6,b DA:3,5 DA:4,0 DA:8,0 end_of_record >"$work/counted.info"
	printf '%s\n' '# why' "$@" >"$work/unreached.list"
	awk -v prefix="$work/counted/" -f tools/testing/coverage/unreached.awk "$work/unreached.list" "$work/counted.info"
}

# Lines in a function that is reached, and one that is not
unreached_code_is_named()
{
	exits 1 'gup.c:4: .*: a: two\(\);' unreached b && exits 1 'gup.c:8: .*: b$' unreached 'a: two();' &&
		unreached b 'a: two();'
}

# Its kernel takes some ten minutes the first time. It waits for the guests, which would wait for the builds.
campaign()
{
	await guests
	tools/testing/mutation/campaign.sh -s
}

# The first kernel dies after one of three tests; the second one passes and must be counted as passed.
dead_guest_is_counted_by_itself()
{
	printf '%s\n' '# selftests: vm: p' '# 1..3' '# not ok 1 cell.vvar.a' >"$work/dead.log"
	printf '%s\n' '# selftests: vm: p' '# 1..2' '# ok 1 cell.vvar.a' '# ok 2 cell.vvar.b' \
		'ok 1 selftests: vm: p' >"$work/fine.log"
	awk -v list=p -v verbose=0 -v stats="$work/stats" -f tools/testing/report.awk \
		kernel=dead "$work/dead.log" kernel=fine "$work/fine.log" >"$work/report"
	cat "$work/report"
	grep -q '^not ok 1 dead: p$' "$work/report" && grep -q '^ok 2 fine: p$' "$work/report" &&
		[ "$(head -n 1 "$work/stats")" = '2 3 0 0' ]
}

# No test runs when the guest dies: its death is a failure of its own.
death_between_programs_fails_none()
{
	printf '%s\n' '# selftests: vm: p' '# 1..1' '# #  RUN           cell.vvar.a ...' '# ok 1 cell.vvar.a' \
		'ok 1 selftests: vm: p' '# guest died: a panic' >"$work/between.log"
	printf '%s\n' '# selftests: vm: p' '# 1..1' '# ok 1 cell.vvar.a' 'ok 1 selftests: vm: p' >"$work/fine.log"
	awk -v list=p -v guests=1 -v verbose=0 -v stats="$work/stats" -f tools/testing/report.awk \
		'kernel=a path' "$work/between.log" kernel=fine "$work/fine.log" >"$work/report"
	cat "$work/report"
	grep -q '^# FAILED behind p: the guest died: a panic$' "$work/report" &&
		[ "$(grep '^not ok' "$work/report")" = 'not ok 3 a path: guest' ] && grep -q '^ok 4 fine: guest' "$work/report" &&
		[ "$(head -n 1 "$work/stats")" = '2 1 0 0' ]
}

# rest AGAIN LINE...: what rest.awk leaves of two programs of two tests, when LINEs are the log
rest()
{
	printf '%s\n' p:a p:b q:a q:b >"$work/tests"
	printf '%s\n' 'p -- --seed 7' q >"$work/programs"
	printf '%s\n' "${@:2}" >"$work/tap"
	awk -v again="$1" -f tools/testing/guest/rest.awk "$work/tests" "$work/programs" "$work/tap" | xargs
}

# A half line names no test; a kernel that has booted before is tried again.
rest_goes_on_behind_the_test_that_ran()
{
	[ "$(rest 0 '# selftests: vm: p' '# #  RUN           a ...')" = 'p -r b -- --seed 7 q' ] &&
		[ "$(rest 0 '# selftests: vm: q' '# #  RUN           a ...' '# #  RUN     ')" = 'q -r b' ] &&
		[ "$(rest 0 '# selftests: vm: q' '# #  RUN           b ...')" = '' ] &&
		[ "$(rest 0 '# selftests: vm: q')" = 'q' ] &&
		[ "$(rest 0 '# selftests: vm: p')" = 'q' ] &&
		[ "$(rest 0 'no program')" = '' ] && [ "$(rest 1 'no program')" = 'p -- --seed 7 q' ]
}

# Every test is of one share, and a share has only tests that are to run.
shares_make_a_whole()
{
	local of share
	./run_tests.sh -l | sed -n 's/^  //p' >"$work/tests"
	[ "$(wc -l <"$work/tests")" -gt 1000 ] || return
	sed 's/:.*//' "$work/tests" | sort -u | grep -vx 'pfnmap_futex' >"$work/programs"
	echo 'pfnmap_futex -r cell.vvar.futex -r cell.perf.futex -- --seed 7' >>"$work/programs"
	for of in 2 3; do
		for ((share = 0; share < of; share++)); do
			awk -v share=$share -v of=$of -f tools/testing/guest/share.awk "$work/tests" "$work/programs"
		done >"$work/shares"
		[ "$(grep -c '^pfnmap_futex .* -- --seed 7$' "$work/shares")" = 2 ] || return
		sed 's/ -- .*//' "$work/shares" | awk '{ for (i = 3; i <= NF; i += 2) print $1 ":" $i }' | sort >"$work/dealt"
		diff <(grep -v '^pfnmap_futex:' "$work/tests" | sort) <(grep -v '^pfnmap_futex:' "$work/dealt") &&
			[ "$(grep -c '^pfnmap_futex:cell.\(vvar\|perf\).futex' "$work/dealt")" = 2 ] || return
	done
}

# Of two guests one dies in a test, and later behind one, and goes on. What a guest that never spoke should have run is
# planned.
shared_logs_are_merged()
{
	printf '%s\n' p:a p:b p:c p:d q:a >"$work/tests"
	printf '%s\n' p q >"$work/programs"
	printf '%s\n' '# selftests: vm: p' '# 1..2' '# # a fact' '# #  RUN           a ...' '# #            OK  a' '# ok 1 a' \
		'# #  RUN           c ...' '# # FAILED c' '# not ok 2 c' 'not ok 1 selftests: vm: p' >"$work/one.log"
	printf '%s\n' '# selftests: vm: p' '# 1..2' '# # a fact' '# #  RUN           b ...' '# guest died: a panic' \
		'# selftests: vm: p' '# 1..1' '# # a fact' '# #  RUN           d ...' '# ok 1 d' '# guest died: an oops' \
		'# selftests: vm: q' '# 1..1' '# #  RUN           a ...' '# ok 1 a' 'ok 2 selftests: vm: q' >"$work/other.log"
	awk -f tools/testing/guest/merge.awk "$work/tests" "$work/programs" "$work/one.log" "$work/other.log" >"$work/merged.log"
	diff - "$work/merged.log" <<-END || return
	# selftests: vm: p
	# # a fact
	# 1..4
	# #  RUN           a ...
	# #            OK  a
	# ok 1 a
	# #  RUN           b ...
	# guest died: a panic
	# selftests: vm: p
	# 1..2
	# #  RUN           c ...
	# # FAILED c
	# not ok 3 c
	# #  RUN           d ...
	# ok 4 d
	# guest died: an oops
	# selftests: vm: p
	not ok 1 selftests: vm: p
	# selftests: vm: q
	# 1..1
	# #  RUN           a ...
	# ok 1 a
	ok 2 selftests: vm: q
	END
	awk -f tools/testing/guest/merge.awk "$work/tests" "$work/programs" "$work/one.log" /dev/null | grep -qx '# 1..4' || return
	awk -v list='p q' -v guests=1 -v verbose=0 -v stats="$work/stats" -f tools/testing/report.awk kernel=here "$work/merged.log"
	[ "$(head -n 1 "$work/stats")" = '3 3 0 0' ]
}

# Of two that the kernel should have, one shows.
absent_defect_is_noted()
{
	printf '%s\n' '# selftests: vm: p' '# 1..2' '# # looks for known defect A: file.c: this' \
		'# # looks for known defect B: file.c: that' '# #      XFAIL     file.c: this' \
		'# ok 1 cell.vvar.a # XFAIL' '# ok 2 cell.vvar.b' 'ok 1 selftests: vm: p' >"$work/absent.log"
	awk -v list=p -v verbose=0 -v stats="$work/stats" -f tools/testing/report.awk \
		kernel=here "$work/absent.log" >"$work/report"
	cat "$work/report"
	[ "$(grep -c 'did not show' "$work/report")" = 1 ] &&
		grep -qx '# here: known defect B did not show: file.c: that' "$work/report" &&
		grep -qx '# XFAIL cell.vvar.a: file.c: this' "$work/report"
}

# A program that ends with an error has failed, even without a failed test.
bad_end_is_counted()
{
	printf '%s\n' '# selftests: vm: p' '# 1..1' '# ok 1 cell.vvar.a' \
		'not ok 1 selftests: vm: p # exit=1' >"$work/end.log"
	awk -v list='p q' -v verbose=0 -v stats="$work/stats" -f tools/testing/report.awk \
		kernel=here "$work/end.log"
	[ "$(head -n 1 "$work/stats")" = '1 2 0 0' ]
}

# readers_agree VERSION [KUNIT]: and a result that none of them expects is noticed
readers_agree()
{
	harness_copy readers "build/linux-source-$1" && judges "$work/readers" outcomes || return
	"$work/readers/out/outcomes" >"$work/outcomes.log"
	tools/testing/check/readers.sh "$work/outcomes.log" "${@:2}" || return
	sed -i 's/^not ok 4/ok 4/' "$work/outcomes.log"
	exits 1 'run_tests.sh sees something else' tools/testing/check/readers.sh "$work/outcomes.log" "${@:2}"
}

# A lab puts the collection and the program before a name, and shows 100 characters.
names_fit_labs()
{
	local program
	while IFS=: read -r _ program; do
		"$tree/install/vm/$program" -l 2>&1 | awk -v program="vm_$program" -f tools/testing/list.awk |
			grep -E '^  [^:]*:[a-z0-9_]+\.[a-z0-9_.]+$' || { echo "vm_$program: no tests"; break; }
	done <"$tree/install/kselftest-list.txt" >"$work/names"
	[ -s "$work/names" ] && ! sed 's/^ *//' "$work/names" | grep -E '.{101}|: no tests'
}

# judged MESSAGE: what judge.awk says of it, and "killed" when is_killed.sh says so
judged()
{
	printf '%s\n' '# selftests: vm: p' "# # $1" '# # lib/suite.h:72:get:Expected 0 (0) != false (0)' \
		'# not ok 1 cell.vvar.get' '# # FAILED: 0 / 1 tests passed.' >"$work/mutant.log"
	awk -v stock="$work/stock.log" -f tools/testing/mutation/judge.awk "$work/mutant.log"
	! tools/testing/mutation/is_killed.sh "$work/stock.log" "$work/mutant.log" || echo killed
}

# A mutant that only the kernel reports is weak: no verdict of the suite found it.
kernels_complaint_is_no_verdict()
{
	printf '%s\n' '# selftests: vm: p' '# ok 1 cell.vvar.get' >"$work/stock.log"
	judged 'FAILED mapping vvar, pinner get: kmsg: WARNING: CPU: 0' >"$work/weak"
	judged 'FAILED mapping vvar, pinner get, layout P: expected EFAULT, observed 4096 bytes' >"$work/killed"
	judged 'get: Test terminated by timeout' >"$work/hung"
	cat "$work/weak" "$work/killed" "$work/hung"
	grep -qx 'test p:cell.vvar.get' "$work/killed" || return
	! grep -qxE 'own|killed' "$work/weak" && [ "$(cat "$work/killed" "$work/hung" | grep -cxE 'own|killed')" = 4 ] &&
		grep -qx 'by p 1' "$work/weak"
}

# What a lab merges has each option that a skip asks for, except debug information, and those to be switched off.
config_has_what_skips_ask_for()
{
	local not='CONFIG_(DEBUG_INFO_BTF|DEBUG_VM|IO_STRICT_DEVMEM|MODULE_SIG_FORCE|MSEAL_SYSTEM_MAPPINGS|RDMA_)'
	grep -rhE --include='*.[ch]' '"[^"]*CONFIG_' "$vm" | grep -oE 'CONFIG_[A-Z0-9_]+' | sort -u >"$work/asked" &&
		[ -s "$work/asked" ] && ! grep -vxE "$not" "$work/asked" | grep -vxFf <(sed 's/=y$//' "$vm/config")
}

# merge SOURCE: the options of vm/config that "make defconfig kvm_guest.config", merged with it, loses. NUMA_MIGRATION
# came with 7.3.
merge()
{
	local out=$work/merged
	make -s -C "$1" O="$out" defconfig kvm_guest.config && merge_config "$1" "$out" || return
	! grep -vxFf "$out/.config" "$vm/config" | grep -vx 'CONFIG_NUMA_MIGRATION=y'
}

check "builds with the harness of 6.12" build 6.12
for version in 6.1 7.3; do
	check "builds with the harness of $version" build "$version"
done
# These take longest; most of the others keep one processor busy.
begin guests guests
begin campaign campaign
for version in 6.1 6.12; do
	check "builds without a warning: gcc, harness of $version" build_strictly "$version"
done
for version in 6.12 7.3; do
	need clang >/dev/null &&
		check "builds without a warning: clang, harness of $version" build_strictly "$version" LLVM=1
done
check "builds without liburing, and then skips" without_liburing
# The oldest and the newest UAPI headers; the machine's own are used above. musl has none.
check "compiles with the headers of 5.10" portable gcc 5.10
check "compiles with musl and the headers of 7.3" portable musl-gcc 7.3
check "builds for arm64, without liburing, which is the host's alone" cross_build
for arch in riscv64 i686; do
	check "compiles for $arch" portable "$arch-linux-gnu-gcc"
done
check "a 32-bit program says that it is none for a test" refuses_32_bits
check "a test with many rounds may take its time" rounds_take_their_time
check "KDIR is for those who name it" kdir_is_passed_on
check "unit tests" unit_tests
check "recorded runs of real kernels are what the contract says" tools/testing/check/replay.sh
check "unit tests and replay notice planted errors" planted_errors_are_noticed
check "the atlas shows what was recorded, in a browser" atlas_in_browser
check "the atlas says in a text what turned a result" atlas_as_text
check "the kernel's version is read in one place" one_place_reads_the_version
check "the README's contract is the one that is tested" readme_has_the_contract
check "shellcheck" shellcheck -x run_tests.sh tools/testing/*.sh tools/testing/*/*.sh \
	tools/testing/ci/lava/*.{sh,init} tools/testing/guest/init .ci/run
check "checkpatch" checkpatch
check "a lying mapping is found out by every pinner" lying_mapping_is_found_out
check "what cannot be built leaves the rest alone and is named" unbuildable_is_named
check "builds and runs in a kernel tree that has its headers" in_tree
check "runs here as root" ./run_tests.sh
check "runs here with the harness of 6.1" env KSRC="$(source_of 6.1)" ./run_tests.sh
# The harness of 7.3 takes a limit of 0 s at its word; older ones take it for none.
check "runs here with the harness of 7.3" env KSRC="$(source_of 7.3)" ./run_tests.sh -t pfnmap_copy -t pfnmap_walk
check "a harness without options says so" harness_without_options
check "runs here as nobody" run_as_nobody
for version in 6.12 7.3; do
	check "every reader of TAP sees the same results, harness of $version" \
		readers_agree "$version" "$tree/tools/testing/kunit/kunit.py"
done
check "labs see the same results, harness of 6.1" readers_agree 6.1
check "names are short enough for labs" names_fit_labs
check "a guest that dies is counted by itself" dead_guest_is_counted_by_itself
check "a guest that dies between programs fails none of them" death_between_programs_fails_none
check "after a death the tests behind it run" rest_goes_on_behind_the_test_that_ran
check "guests that share the tests of a kernel run all of them, once" shares_make_a_whole
check "what they print becomes one log" shared_logs_are_merged
check "a known defect that does not show is noted" absent_defect_is_noted
check "a bad end without a failed test is counted" bad_end_is_counted
check "what only the kernel says of a mutant is no verdict" kernels_complaint_is_no_verdict
check "each mutant says what it is and what is expected of it" mutants_have_heads
check "code that no test reaches is named" unreached_code_is_named
check "survives bad days" tools/testing/check/badday.sh
check "runs in guests of Debian's 6.1, 6.12 and 7.3" ended guests
check "a bug, a leak and a wrong count are caught in a kernel, and what is none lives" ended campaign
check "the config for labs has what skips ask for" config_has_what_skips_ask_for
check "the config for labs survives a merge in 6.12" merge "$CACHE/mutation/6.12/src"
check "every caller of GUP in 6.12 is known" tools/testing/check/gup_callers.sh "$CACHE/mutation/6.12/src"
report
