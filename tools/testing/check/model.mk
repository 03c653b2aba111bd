# SPDX-License-Identifier: GPL-2.0
# The programs that judge the contract without a kernel, made of the suite's directory VM into OUT: unit, replay and
# contract_table, atlas; and outcomes. unit and outcomes want the kselftest harness beside VM.
SOURCES := $(wildcard $(addprefix $(VM)/,contract/*.c lib/*.c mappings/*.c pinners/*.c))
OBJECTS := $(patsubst $(VM)/%.c,$(OUT)/%.o,$(SOURCES))
HERE := $(dir $(lastword $(MAKEFILE_LIST)))
include $(VM)/pfnmap_liburing.mk
CFLAGS := -O1 -D_GNU_SOURCE= $(if $(PFNMAP_URING_LIBS),-DHAVE_LIBURING) -MMD

PROGRAMS := $(addprefix $(OUT)/,unit replay contract_table outcomes atlas)

PARTS := $(addprefix $(OUT)/,record_reader.o rows.o json.o text.o)

$(OUT)/replay: $(OUT)/record_reader.o
$(OUT)/atlas: $(PARTS)

$(PROGRAMS): %: %.o $(OBJECTS)
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PFNMAP_URING_LIBS)

vpath %.c $(HERE) $(HERE)../atlas
$(PROGRAMS:=.o) $(PARTS): $(OUT)/%.o: %.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -Wno-unused-parameter -I $(VM) -I $(HERE) -c $< -o $@

$(OUT)/%.o: $(VM)/%.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -c $< -o $@

-include $(OBJECTS:.o=.d) $(PROGRAMS:=.d) $(PARTS:.o=.d)
