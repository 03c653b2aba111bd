# SPDX-License-Identifier: GPL-2.0
# PFNMAP_URING_LIBS: what links a program with liburing, nothing without one that is new enough.
# The target's compiler decides: pkg-config tells of the build host. Linked statically where that works, so that
# the machine under test needs no liburing. The functions are the newest ones that the suite calls.
pfnmap_links = $(shell echo 'int main(void) { io_uring_prep_sendmsg_zc(0, 0, 0, 0); \
	return io_uring_register_buffers_sparse(0, 1); }' | \
	$(CC) $(CFLAGS) -D_GNU_SOURCE= -include liburing.h -x c - $(LDFLAGS) -o /dev/null $(1) >/dev/null 2>&1 && \
	echo $(1))
PFNMAP_URING_LIBS := $(or $(call pfnmap_links,-l:liburing.a),$(call pfnmap_links,-luring))
