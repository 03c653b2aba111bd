# SPDX-License-Identifier: GPL-2.0
# The programs of the suite. Any selftests Makefile takes them in by including this after lib.mk.

PFNMAP_PROGS := pfnmap_io_uring pfnmap_direct_io pfnmap_copy
PFNMAP_BINS := $(addprefix $(OUTPUT)/,$(PFNMAP_PROGS))
PFNMAP_WITNESS := $(OUTPUT)/pfnmap_witness
PFNMAP_LIB := $(OUTPUT)/libpfnmap.a
PFNMAP_OBJS := $(patsubst %.c,$(OUTPUT)/%.o,$(wildcard lib/*.c))
PFNMAP_HDRS := $(wildcard lib/*.h)

PKG_CONFIG ?= pkg-config
PFNMAP_URING_LIBS := $(shell $(PKG_CONFIG) --libs liburing 2>/dev/null)
ifneq ($(PFNMAP_URING_LIBS),)
PFNMAP_CFLAGS := -DHAVE_LIBURING $(shell $(PKG_CONFIG) --cflags liburing)
else
all: pfnmap_without_liburing
pfnmap_without_liburing:
	@echo "  NOTE    no liburing: the io_uring tests will skip; install liburing-dev"
endif

TEST_GEN_PROGS += $(PFNMAP_BINS)
TEST_GEN_PROGS_EXTENDED += $(PFNMAP_WITNESS)
EXTRA_CLEAN += $(PFNMAP_LIB) $(PFNMAP_OBJS)
LOCAL_HDRS += $(PFNMAP_HDRS)

all: $(PFNMAP_BINS) $(PFNMAP_WITNESS)

$(PFNMAP_OBJS): $(OUTPUT)/lib/%.o: lib/%.c $(PFNMAP_HDRS)
	@mkdir -p $(@D)
	$(call msg,CC,,$@)
	$(Q)$(CC) $(CFLAGS) -D_GNU_SOURCE= $(PFNMAP_CFLAGS) -O2 -c $< -o $@

$(PFNMAP_LIB): $(PFNMAP_OBJS)
	$(call msg,AR,,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(PFNMAP_BINS) $(PFNMAP_WITNESS): $(PFNMAP_LIB) $(PFNMAP_HDRS)
$(PFNMAP_BINS): LDLIBS += $(PFNMAP_URING_LIBS)

.PHONY: pfnmap_without_liburing
