// SPDX-License-Identifier: GPL-2.0
/*
 * The iovecs are guest memory, which a vCPU reads and writes. KVM takes a page when the vCPU
 * accesses it first (virt/kvm/kvm_main.c, hva_to_pfn()). It takes the PFN of a page of a VM_IO or
 * VM_PFNMAP vma that GUP refuses. KVM must drop its mapping of the page when the process changes
 * the range: two calls for the same addresses share the memory slot.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/vcpu.h"
#include "pinner.h"

#define MAX_PAGES 64			/* an emulated vCPU is slow */
#define OWN_PAGES (MAX_PAGES + 1)	/* one for the program, the others for the data */
#define OWN_AT 0UL			/* guest physical address, see vcpu_put_program() */
#define USER_AT 0x10000000UL		/* guest physical address of the iovecs */

enum slot { OWN_SLOT, USER_SLOT };

static struct machine {
	int kvm, vm, cpu;
	struct kvm_run *run;
	size_t run_size;
	char *own;
	struct iovec user;	/* the memory of USER_SLOT */
} machine;

static int set_slot(enum slot slot, uint64_t at, void *memory, size_t size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = at,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	return ioctl(machine.vm, KVM_SET_USER_MEMORY_REGION, &region) ? -errno : 0;
}

static int make_cpu(void)
{
	machine.cpu = ioctl(machine.vm, KVM_CREATE_VCPU, 0);
	if (machine.cpu < 0)
		return -errno;
	machine.run_size = ioctl(machine.kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	machine.run = mmap(NULL, machine.run_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			   machine.cpu, 0);
	return machine.run == MAP_FAILED ? -errno : vcpu_set_mode(machine.cpu);
}

static int make_machine(void)
{
	int err;

	machine.vm = ioctl(machine.kvm, KVM_CREATE_VM, 0);
	if (machine.vm < 0)
		return -errno;
	machine.own = mmap(NULL, OWN_PAGES * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (machine.own == MAP_FAILED)
		return -errno;
	vcpu_put_program(machine.own);
	err = set_slot(OWN_SLOT, OWN_AT, machine.own, OWN_PAGES * PAGE);
	return err ? err : make_cpu();
}

static void kvm_close(struct pinner *p __maybe_unused)
{
	if (machine.run && machine.run != MAP_FAILED)
		munmap(machine.run, machine.run_size);
	if (machine.own && machine.own != MAP_FAILED)
		munmap(machine.own, OWN_PAGES * PAGE);
	if (machine.cpu >= 0)
		close(machine.cpu);
	if (machine.vm >= 0)
		close(machine.vm);
	close(machine.kvm);
}

static int kvm_open(struct pinner *p)
{
	int err;

	if (!vcpu_known())
		return pinner_skip(p, "the program of the vCPU is for x86-64");
	machine = (struct machine){ .vm = -1, .cpu = -1 };
	machine.kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (machine.kvm < 0)
		return pinner_skip(p, "/dev/kvm: %s (CONFIG_KVM_INTEL or CONFIG_KVM_AMD, "
				   "a user of the group kvm)", strerror(errno));
	err = make_machine();
	if (!err)
		return 0;
	kvm_close(p);
	return pinner_skip(p, "no virtual machine: %s", strerror(-err));
}

/* Makes USER_SLOT of the pages from the start of the first iovec to the end of the last one. */
static int set_user_slot(const struct iovec *iov, int n)
{
	uintptr_t from = (uintptr_t)iov->iov_base & ~(PAGE - 1);
	uintptr_t to = (uintptr_t)iov[n - 1].iov_base + iov[n - 1].iov_len;
	const struct iovec user = { (void *)from, (to - from + PAGE - 1) & ~(PAGE - 1) };
	int err = 0;

	if (!memcmp(&user, &machine.user, sizeof(user)))
		return 0;
	if (machine.user.iov_len)
		err = set_slot(USER_SLOT, USER_AT, NULL, 0);
	if (err)
		return err;
	machine.user.iov_len = 0;
	err = set_slot(USER_SLOT, USER_AT, user.iov_base, user.iov_len);
	if (!err)
		machine.user = user;
	return err;
}

/*
 * Completes the pending exit to user space without running the guest: the next program starts anew.
 */
static void complete_exit(void)
{
	machine.run->immediate_exit = 1;
	ioctl(machine.cpu, KVM_RUN, 0);
	machine.run->immediate_exit = 0;
}

static void ignore(int signal __maybe_unused) {}

/* A poisoned page is a signal, which must come: blocked or ignored, the vCPU would try for ever. */
static int run_cpu(void)
{
	const struct sigaction pass = { .sa_handler = ignore };
	struct sigaction before;
	int err;

	sigaction(SIGBUS, &pass, &before);
	err = ioctl(machine.cpu, KVM_RUN, 0) ? -errno : 0;
	sigaction(SIGBUS, &before, NULL);
	return err;
}

/* The vCPU copies @len bytes, word by word. Bytes copied, or -errno when the first word fails. */
static ssize_t copy_words(uint64_t from, uint64_t to, size_t len)
{
	int err = vcpu_prepare_copy(machine.cpu, from, to, len);
	ssize_t left;

	if (err)
		return err;
	err = run_cpu();
	if (!err && machine.run->exit_reason != KVM_EXIT_HLT)
		err = -EFAULT;
	left = vcpu_left(machine.cpu);
	if (left < 0)
		return left;
	if (err)
		complete_exit();
	return (size_t)left < len ? (ssize_t)len - left : err;
}

/* The vCPU copies the iovecs up to the first word that fails. Bytes copied, or -errno. */
static ssize_t copy_all(enum direction dir, const struct iovec *iov, int n)
{
	uint64_t own = OWN_AT + PAGE, user;
	ssize_t got, done = 0;
	int i;

	for (i = 0; i < n; i++) {
		user = USER_AT + ((char *)iov[i].iov_base - (char *)machine.user.iov_base);
		if (dir == TO_FILE)
			got = copy_words(user, own + done, iov[i].iov_len);
		else
			got = copy_words(own + done, user, iov[i].iov_len);
		if (got < 0)
			return done ? done : got;
		done += got;
		if (got < (ssize_t)iov[i].iov_len)
			break;
	}
	return done;
}

static ssize_t kvm_copy(struct pinner *p __maybe_unused, enum direction dir,
			const struct iovec *iov, int n, char *bounce)
{
	ssize_t got = set_user_slot(iov, n);

	if (got)
		return got;
	if (dir == FROM_FILE)
		memcpy(machine.own + PAGE, bounce, pinner_length(iov, n));
	got = copy_all(dir, iov, n);
	if (dir == TO_FILE && got > 0)
		memcpy(bounce, machine.own + PAGE, got);
	return got;
}

static ssize_t kvm_io(struct pinner *p, enum direction dir, const struct iovec *iov, int n,
		      off_t at)
{
	return pinner_bounce(p, dir, iov, n, at, kvm_copy);
}

static const struct outcome by_pfn = {
	.reason = "KVM takes the PFN",
	.function = "hva_to_pfn_remapped(), virt/kvm/kvm_main.c",
};

static const struct outcome no_pfn = {
	.err = EFAULT, .step = PTE,
	.reason = "the PTE does not permit the access, or the page is a tail page",
	.function = "hva_to_pfn_remapped(), virt/kvm/kvm_main.c",
};

/* Before 6.13 kvm_try_get_pfn() took a reference to the page, which fails for a tail page. */
static struct outcome hva_to_pfn_remapped(const struct call *c, const struct user_page *page)
{
	if (!page->has_count && !kernel_has(KVM_NO_PFN_REFS))
		return no_pfn;
	return follow_pfnmap_start(page, c->flags) ? by_pfn : no_pfn;
}

static const struct outcome by_fast = {
	.reason = "KVM asks GUP-fast first, to write",
	.function = "hva_to_pfn_fast(), virt/kvm/kvm_main.c",
};

static struct outcome hva_to_pfn(const struct call *c, unsigned int i)
{
	struct user_page page = call_page(c, i);
	struct outcome o;

	if (gup_fast_pte_range(&page, FOLL_WRITE))
		return by_fast;
	o = call_gup(c, i);
	if (!o.err)
		return o;
	if (!(page.vm_flags & (VM_IO | VM_PFNMAP)) && !page.pfnmap_on_fault)
		return o;
	return hva_to_pfn_remapped(c, &page);
}

/*
 * The errno of the exit to user space is EFAULT, not GUP's. For a poisoned page there is a SIGBUS,
 * and the vCPU comes back for it: kvm_send_hwpoison_signal(), arch/x86/kvm/mmu/mmu.c.
 */
static struct verdict kvm_memory(const struct call *c)
{
	struct verdict v = short_count_of(c, hva_to_pfn);

	return verdict_errno(v, v.err == EHWPOISON ? EINTR : EFAULT);
}

/* KVM of Intel and AMD refuses secretmem, as GUP does. */
static bool secretmem_is_mapped(const struct call *c, struct verdict want,
				struct verdict seen)
{
	return c->mapping->secretmem && want.why.err && !seen.err &&
	       seen.bytes == c->buffer->len;
}

static const struct defect kvm_defects[] = {
	{ .id = KVM_SHOWS_SECRETMEM, .explains = secretmem_is_mapped },
	{}
};

const struct pinner_ops pinner_kvm = {
	.name = "kvm",
	.rule = kvm_memory,
	.caller = "hva_to_pfn(), virt/kvm/kvm_main.c",
	.flags = FOLL_GET | FOLL_HWPOISON,
	.defects = kvm_defects,
	.cpu_copies = true,
	.scratch = SCRATCH_MEMORY,
	.align = VCPU_WORD,
	.max_pages = MAX_PAGES,
	.open = kvm_open,
	.close = kvm_close,
	.io = kvm_io,
};
