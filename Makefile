# SPDX-License-Identifier: GPL-2.0
# Builds the suite outside a kernel tree, with the kselftest harness of one: KSRC=dir or tarball,
# by default the newest linux-source package that is installed. "make help" lists what it does.

BUILD ?= build
KSRC ?= $(lastword $(shell ls -v /usr/src/linux-source-*.tar.* 2>/dev/null))

# make takes a space for the end of a name.
ifneq ($(word 2,$(CURDIR))$(word 2,$(KSRC))$(word 2,$(BUILD)),)
$(error the paths of the checkout, of KSRC and of BUILD must be without spaces: $(CURDIR), KSRC=$(KSRC), BUILD=$(BUILD))
endif

VM := tools/testing/selftests/vm
SOURCES := $(shell find $(VM) -type f)
# Each harness has a tree of its own, so that switching between two builds nothing twice.
TREE := $(BUILD)/$(firstword $(subst .tar., ,$(notdir $(abspath $(KSRC)))))$(if $(LLVM),-llvm)$(CROSS_COMPILE:%-=-%)
UNPACKED := $(TREE)/.unpacked$(subst /,-,$(abspath $(KSRC)))
SELFTESTS := $(TREE)/tools/testing/selftests
INSTALL := $(abspath $(TREE))/install
# The test module belongs to one kernel; an installation for another kernel does not serve.
KDIR ?= $(if $(CROSS_COMPILE),KDIR,/lib/modules/$(shell uname -r)/build)
INSTALLED := $(TREE)/.installed$(subst /,-,$(abspath $(wildcard $(KDIR))))
# Only a KDIR that somebody named must be there. It is not exported: a make below this one would take the default
# for a named one.
ifneq ($(origin KDIR),file)
ifeq ($(wildcard $(KDIR)/Module.symvers),)
$(error KDIR=$(KDIR) has no Module.symvers: name a kernel build directory, or headers)
endif
endif
KSELFTEST = $(MAKE) -s -C $(SELFTESTS) O=$(abspath $(TREE))/out TARGETS=vm SKIP_TARGETS= \
	FORCE_TARGETS=1 KSFT_INSTALL_PATH=$(INSTALL) KDIR=$(abspath $(KDIR))

# One make at a time works in BUILD. Another one waits, and finds what this one has made.
ifdef PFNMAP_LOCKED
# Without it, a program did not build. The others are installed.
all: $(INSTALLED)
	@[ -e $(INSTALLED) ]

gen_tar: $(INSTALLED)
	@+$(KSELFTEST) KSFT_INSTALL_PATH=$(abspath $(TREE))/tar gen_tar
else
LOCK = mkdir -p $(BUILD) && { flock -n $(BUILD)/.lock true || \
	echo 'another make works in $(BUILD): this one waits for it' >&2; } && flock $(BUILD)/.lock
LOCKED = export PFNMAP_LOCKED=1 && $(LOCK) $(MAKE) --no-print-directory

all gen_tar:
	@+$(LOCKED) $@

where:
	@+$(LOCKED) all >&2
	@echo $(INSTALL)
endif

help:
	@echo 'make               build the suite into $(BUILD)/; KSRC=dir|tarball, KDIR=dir, LLVM=1, V=1'
	@echo 'make run_tests     run it on this kernel: ./run_tests.sh'
	@echo 'make replay        recorded runs of real kernels against the contract'
	@echo 'make atlas         what they know, as ATLAS=FILE.html or FILE.txt; LOGS= of run_tests.sh -o instead of them'
	@echo 'make check         the checks of the suite itself'
	@echo 'make check-labs    the suite as a job of a LAVA lab that is brought up here; DEFINITIONS=dir'
	@echo 'make check-trees   the suite in kernel trees of 6.1, 6.12 and 7.3, and on their kernels'
	@echo 'make bench         a table of how long builds, runs and guests take; KERNELS=debian:7.3'
	@echo 'make mutation      bugs put into a kernel, and which the suite catches; MUTANTS=, KVER=6.1, J=2, WHOLE=1'
	@echo 'make baseline      the same bugs, and which other tests see; LIBURING=dir'
	@echo 'make coverage      what the suite reaches in a kernel, by gcov, into $(BUILD)/coverage; KVER=6.1, J=2'
	@echo 'make gen_tar       the kselftest tarball, as labs want it'
	@echo 'make install-tree  put the suite into the kernel tree KSRC=dir'
	@echo 'make where         print the directory that run_kselftest.sh is in'
	@echo 'make clean         remove $(BUILD)/'

$(UNPACKED): tools/testing/ksrc.sh
	@tools/testing/ksrc.sh "$(KSRC)" $(TREE)
	@touch $@

# rsync takes the place of a kernel tree's checkout; lib.mk's install needs it, too.
$(INSTALLED): $(UNPACKED) $(SOURCES)
	@rm -f $(TREE)/.installed* $(INSTALL)/vm/pfnmap_test.ko
	@command -v rsync >/dev/null || { echo 'rsync is missing: ./run_tests.sh --setup' >&2; exit 1; }
	@rsync -a --delete $(VM) $(SELFTESTS)/
	@mkdir -p $(TREE)/out
	@+$(KSELFTEST) install
	@cd $(INSTALL)/vm && grep -qs '^echo "Bail out!' pfnmap_* || touch $(abspath $@)

run_tests:
	./run_tests.sh

replay:
	tools/testing/check/replay.sh

atlas:
	@tools/testing/atlas/atlas.sh "$(ATLAS)" $(LOGS)

check:
	tools/testing/check/check.sh

check-labs:
	tools/testing/check/labs.sh

check-trees:
	tools/testing/check/trees.sh

bench:
	tools/testing/check/bench.sh $(KERNELS)

CAMPAIGN = tools/testing/mutation/campaign.sh $(if $(WHOLE),-w) $(if $(KVER),-v $(KVER)) $(if $(J),-j $(J))

mutation:
	$(CAMPAIGN) $(MUTANTS)

baseline:
	$(CAMPAIGN) -b $(MUTANTS)

coverage:
	tools/testing/coverage/coverage.sh $(if $(KVER),-v $(KVER)) $(if $(J),-j $(J)) $(BUILD)/coverage

install-tree:
	@tools/testing/install_tree.sh "$(KSRC)"

clean:
	@$(LOCK) rm -rf $(BUILD)

.PHONY: all help where run_tests replay atlas check check-labs check-trees bench mutation baseline coverage gen_tar install-tree clean
