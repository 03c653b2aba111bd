# SPDX-License-Identifier: GPL-2.0
# The programs of the suite. A selftests Makefile adds them by including this file after lib.mk. They run in
# this order: the first ones report bugs that later kill the kernel.

PFNMAP_PROGS := pfnmap_gup pfnmap_gup_test pfnmap_refused pfnmap_io_uring pfnmap_direct_io \
	pfnmap_cut pfnmap_copy pfnmap_walk pfnmap_remote pfnmap_force pfnmap_splice pfnmap_vfio \
	pfnmap_type1 pfnmap_iommufd pfnmap_net pfnmap_alg pfnmap_driver pfnmap_kvm pfnmap_futex \
	pfnmap_memlock pfnmap_fixed pfnmap_clone pfnmap_fork pfnmap_ending pfnmap_movable pfnmap_state \
	pfnmap_file pfnmap_retry pfnmap_memfd pfnmap_compound pfnmap_giant pfnmap_vma pfnmap_private \
	pfnmap_lifecycle pfnmap_race pfnmap_fail_nth
PFNMAP_BINS := $(addprefix $(OUTPUT)/,$(PFNMAP_PROGS))
PFNMAP_WITNESS := $(OUTPUT)/pfnmap_witness
PFNMAP_LIB := $(OUTPUT)/libpfnmap.a
PFNMAP_DIRS := contract lib mappings pinners
PFNMAP_OBJS := $(patsubst %.c,$(OUTPUT)/%.o,$(wildcard $(addsuffix /*.c,$(PFNMAP_DIRS))))
PFNMAP_MAINS := $(addsuffix .o,$(PFNMAP_BINS) $(PFNMAP_WITNESS))
PFNMAP_HDRS := $(wildcard $(addsuffix /*.h,$(PFNMAP_DIRS)) test_module/pfnmap_test.h)

# A program that does not build, with a compiler or headers that nobody tried, is no reason to have none. A stand-in
# that fails is made for it, older than any source: the next make tries again.
pfnmap_stand_in = { rm -f $@; printf '%s\n' '\#!/bin/sh' 'echo "Bail out! $(@F) was not built: make tells why"' \
	'exit 1' >$@ && chmod +x $@ && touch -d @0 $@ || { rm -f $@; exit 1; }; }

PFNMAP_CFLAGS := $(if $(shell grep -s test_harness_argv_check $(selfdir)/kselftest_harness.h),,-DHARNESS_HAS_OPTIONS=0)
include pfnmap_liburing.mk
ifneq ($(PFNMAP_URING_LIBS),)
PFNMAP_CFLAGS += -DHAVE_LIBURING
else
all: pfnmap_without_liburing
pfnmap_without_liburing:
	@echo "  NOTE    no liburing 2.3 for $(CC): the io_uring tests will skip; install its liburing-dev, and make clean"
endif

# Not TEST_GEN_MODS_DIR: lib.mk has it since 6.7, for one directory, and mm/ has one since 6.13. Not TEST_GEN_FILES:
# without the other tests of mm/ it is empty. The programs look for the module beside them. The headers of this
# machine's kernel are not those of another machine.
KDIR ?= $(if $(CROSS_COMPILE),KDIR,/lib/modules/$(shell uname -r)/build)
PFNMAP_MODULE := $(OUTPUT)/pfnmap_test.ko
# One for each kernel, so that another KDIR is another module.
PFNMAP_MODULE_OUT := $(abspath $(OUTPUT))/test_module_out/$(subst /,-,$(abspath $(KDIR)))
# A tree that was not built, as mm/ of 7.3 names one, cannot build modules.
ifneq ($(wildcard $(KDIR)/Module.symvers),)
TEST_GEN_PROGS_EXTENDED += $(PFNMAP_MODULE)
all: $(PFNMAP_MODULE)
else
all: pfnmap_without_headers
pfnmap_without_headers:
	@echo "  NOTE    no $(KDIR)/Module.symvers: the tests that need pfnmap_test.ko will skip"
endif

TEST_GEN_PROGS += $(PFNMAP_BINS)
TEST_GEN_PROGS_EXTENDED += $(PFNMAP_WITNESS)
EXTRA_CLEAN += $(PFNMAP_LIB) $(PFNMAP_OBJS) $(PFNMAP_MAINS) $(PFNMAP_MODULE) $(OUTPUT)/test_module_out
LOCAL_HDRS += $(PFNMAP_HDRS)

all: pfnmap_built

pfnmap_built: $(PFNMAP_BINS) $(PFNMAP_WITNESS)
	@for program in $$(grep -ls '^echo "Bail out!' $^); do echo "  NOTE    $${program##*/} was not built: see above"; done

$(PFNMAP_MAINS): $(LOCAL_HDRS)

$(PFNMAP_OBJS) $(PFNMAP_MAINS): $(OUTPUT)/%.o: %.c $(PFNMAP_HDRS)
	@mkdir -p $(@D)
	$(call msg,CC,,$@)
	$(Q)$(CC) $(CFLAGS) -D_GNU_SOURCE= $(PFNMAP_CFLAGS) -O2 -c $< -o $@ || rm -f $@

$(PFNMAP_LIB): $(PFNMAP_OBJS)
	$(call msg,AR,,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $$(ls $^ 2>/dev/null)

$(PFNMAP_BINS) $(PFNMAP_WITNESS): %: %.o $(PFNMAP_LIB)
	$(call msg,LD,,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $< $(PFNMAP_LIB) $(LDLIBS) -o $@ || $(pfnmap_stand_in)

$(PFNMAP_BINS): LDLIBS += $(PFNMAP_URING_LIBS)

$(PFNMAP_MODULE): pfnmap_module ;

pfnmap_module:
	$(Q)$(MAKE) --no-print-directory -C test_module KDIR=$(abspath $(KDIR)) OUT=$(PFNMAP_MODULE_OUT)
	$(Q)cmp -s $(PFNMAP_MODULE_OUT)/pfnmap_test.ko $(PFNMAP_MODULE) || \
		cp $(PFNMAP_MODULE_OUT)/pfnmap_test.ko $(PFNMAP_MODULE)

.PHONY: pfnmap_built pfnmap_without_liburing pfnmap_without_headers pfnmap_module
