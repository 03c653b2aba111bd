// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/pfnmap_test: memory that no other driver offers, for the selftests of pinning. pfnmap_test.h
 * has what can be asked for. For root only. Of System RAM it maps only its own pages, and it cannot
 * be unloaded while one of its files or vmas exists.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "source.h"

static unsigned long long ram[2];
module_param_array(ram, ullong, NULL, 0444);
MODULE_PARM_DESC(ram, "START,SIZE of RAM that the command line reserved (memmap=SIZE$START)");

static unsigned long long bar[2];
module_param_array(bar, ullong, NULL, 0444);
MODULE_PARM_DESC(bar, "START,SIZE of a PCI BAR that is memory");

static bool transient;
module_param(transient, bool, 0444);
MODULE_PARM_DESC(transient, "the tests loaded it, and the last of them may unload it");

static int map_outside(struct source *s, const unsigned long long range[2], unsigned long flags)
{
	if (!range[1])
		return -ENODEV;
	s->setup.pages = min_t(u64, range[1] / PAGE_SIZE, PFNMAP_TEST_PAGES);
	s->kernel = memremap(range[0], s->setup.pages * PAGE_SIZE, flags);
	s->pfn = range[0] >> PAGE_SHIFT;
	return s->kernel ? 0 : -ENOMEM;
}

/*
 * Pages that only special PTEs will point to are one large folio, like a driver's buffer: GUP-fast
 * would take it if it did not look at the PTE. It refuses a small one since 6.9, without a
 * page->mapping (gup_fast_folio_allowed()).
 */
static bool is_large_folio(const struct pfnmap_test_setup *t)
{
	return t->special == PFNMAP_TEST_ALL;
}

static int allocate_own(struct source *s)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_ZERO;
	size_t size = s->setup.pages * PAGE_SIZE;

	if (is_large_folio(&s->setup))
		s->kernel = (void *)__get_free_pages(gfp | __GFP_COMP, get_order(size));
	else
		s->kernel = alloc_pages_exact(size, gfp);
	if (!s->kernel)
		return -ENOMEM;
	s->pfn = page_to_pfn(virt_to_page(s->kernel));
	return 0;
}

static void free_own(struct source *s)
{
	size_t size = s->setup.pages * PAGE_SIZE;

	if (is_large_folio(&s->setup))
		free_pages((unsigned long)s->kernel, get_order(size));
	else
		free_pages_exact(s->kernel, size);
}

static bool is_in_range(const struct pfnmap_test_setup *t)
{
	return t->memory <= PFNMAP_TEST_BAR && t->fault <= PFNMAP_TEST_FAULT_RETRY &&
	       t->vma < 2 * PFNMAP_TEST_MIXEDMAP && t->flags < 2 * PFNMAP_TEST_ACCESS &&
	       t->special <= PFNMAP_TEST_ALL && t->holes <= PFNMAP_TEST_ALL &&
	       t->fails <= PFNMAP_TEST_FAILS && t->delay_ms <= PFNMAP_TEST_DELAY_MS &&
	       (t->memory != PFNMAP_TEST_OWN || (t->pages && t->pages <= PFNMAP_TEST_PAGES));
}

/* Conditions that vmf_insert_pfn(), vmf_insert_mixed() and vm_insert_page() BUG() on. */
static bool is_sane(const struct pfnmap_test_setup *t)
{
	bool all_special = t->special == PFNMAP_TEST_ALL;

	if (!is_in_range(t) || (t->memory != PFNMAP_TEST_OWN && !all_special))
		return false;
	if (t->flags & PFNMAP_TEST_LATE)
		return all_special && !t->vma &&
		       !(t->flags & (PFNMAP_TEST_EAGER | PFNMAP_TEST_HUGE));
	if (t->vma & PFNMAP_TEST_PFNMAP)
		return all_special && !(t->vma & PFNMAP_TEST_MIXEDMAP) &&
		       !(t->flags & PFNMAP_TEST_EAGER && t->holes);
	return !(t->flags & PFNMAP_TEST_HUGE) && (!t->special || t->vma & PFNMAP_TEST_MIXEDMAP);
}

static int get_memory(struct source *s)
{
	switch (s->setup.memory) {
	case PFNMAP_TEST_RAM:
		return map_outside(s, ram, MEMREMAP_WB);
	case PFNMAP_TEST_BAR:
		return map_outside(s, bar, MEMREMAP_WC);
	default:
		return allocate_own(s);
	}
}

static long source_setup(struct source *s, struct pfnmap_test_setup __user *arg)
{
	int err;

	if (s->ready)
		return -EBUSY;
	if (copy_from_user(&s->setup, arg, sizeof(*arg)))
		return -EFAULT;
	if (!is_sane(&s->setup))
		return -EINVAL;
	err = get_memory(s);
	if (err)
		return err;
	atomic_set(&s->fails, s->setup.fails);
	/* Pairs with is_ready(): a reader that sees it sees the rest of the setup. */
	smp_store_release(&s->ready, true);
	return put_user(s->setup.pages, &arg->pages);
}

/* There is memory, and it is the file's own pages. */
static bool is_own(const struct source *s)
{
	return s->kernel && s->setup.memory == PFNMAP_TEST_OWN;
}

static void count_own(const struct source *s, struct pfnmap_test_stats *stats)
{
	struct page *page;
	unsigned int i;

	for (i = 0; is_own(s) && i < s->setup.pages; i++) {
		page = pfn_to_page(s->pfn + i);
		/*
		 * page_mapcount() and folio_mapcount() are not exported on all kernels. Looks at a
		 * small page, or at a large folio that no PTE counts; its pages share one
		 * page_count().
		 */
		stats->held += page_count(page) - 1 - (atomic_read(&page->_mapcount) + 1);
		stats->pinned += is_maybe_pinned(page);
	}
}

static long source_stats(const struct source *s, struct pfnmap_test_stats __user *arg)
{
	struct pfnmap_test_stats stats = {
		.faults = atomic_read(&s->faults),
		.huge_faults = atomic_read(&s->huge_faults),
		.opens = atomic_read(&s->opens),
		.closes = atomic_read(&s->closes),
	};

	count_own(s, &stats);
	return copy_to_user(arg, &stats, sizeof(stats)) ? -EFAULT : 0;
}

static long pfnmap_test_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct source *s = file->private_data;
	void __user *user = (void __user *)arg;
	long ret;

	mutex_lock(&s->lock);
	switch (cmd) {
	case PFNMAP_TEST_SETUP:
		ret = source_setup(s, user);
		break;
	case PFNMAP_TEST_STATS:
		ret = source_stats(s, user);
		break;
	case PFNMAP_TEST_GUP:
		ret = source_gup(s, user);
		break;
	case PFNMAP_TEST_MOVE:
		ret = source_move(s, user);
		break;
	case PFNMAP_TEST_PUT:
		source_put(s);
		ret = 0;
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&s->lock);
	return ret;
}

static bool is_ready(struct source *s)
{
	/* Pairs with source_setup(). */
	return smp_load_acquire(&s->ready);
}

static int pfnmap_test_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct source *s = file->private_data;

	return is_ready(s) ? source_mmap(s, vma) : -ENODEV;
}

static ssize_t pfnmap_test_read(struct file *file, char __user *buf, size_t len, loff_t *at)
{
	struct source *s = file->private_data;

	if (!is_ready(s))
		return -ENODEV;
	return simple_read_from_buffer(buf, len, at, s->kernel, s->setup.pages * PAGE_SIZE);
}

static ssize_t pfnmap_test_write(struct file *file, const char __user *buf, size_t len, loff_t *at)
{
	struct source *s = file->private_data;

	if (!is_ready(s))
		return -ENODEV;
	return simple_write_to_buffer(s->kernel, s->setup.pages * PAGE_SIZE, at, buf, len);
}

static int pfnmap_test_open(struct inode *inode, struct file *file)
{
	struct source *s;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	mutex_init(&s->late);
	mutex_init(&s->lock);
	INIT_LIST_HEAD(&s->batches);
	file->private_data = s;
	return 0;
}

static int pfnmap_test_release(struct inode *inode, struct file *file)
{
	struct source *s = file->private_data;

	source_put(s);
	kfree(s->slots);
	if (is_own(s))
		free_own(s);
	else if (s->kernel)
		memunmap(s->kernel);
	kfree(s);
	return 0;
}

static const struct file_operations pfnmap_test_fops = {
	.owner = THIS_MODULE,
	.open = pfnmap_test_open,
	.release = pfnmap_test_release,
	.unlocked_ioctl = pfnmap_test_ioctl,
	.mmap = pfnmap_test_mmap,
	.read = pfnmap_test_read,
	.write = pfnmap_test_write,
	.llseek = default_llseek,
};

static struct miscdevice pfnmap_test_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pfnmap_test",
	.fops = &pfnmap_test_fops,
	.mode = 0600,
};

static int check_range(const char *name, const unsigned long long range[2])
{
	if (!range[1])
		return 0;
	if (range[0] % PAGE_SIZE || range[1] % PAGE_SIZE || range[0] + range[1] < range[0]) {
		pr_err("%s=START,SIZE: must be multiples of %lu\n", name, PAGE_SIZE);
		return -EINVAL;
	}
	if (region_intersects(range[0], range[1], IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT) {
		pr_err("%s=%#llx,%#llx: is System RAM\n", name, range[0], range[1]);
		return -EBUSY;
	}
	return 0;
}

static int __init pfnmap_test_init(void)
{
	int err = check_range("ram", ram);

	if (!err)
		err = check_range("bar", bar);
	return err ? err : misc_register(&pfnmap_test_device);
}

static void __exit pfnmap_test_exit(void)
{
	misc_deregister(&pfnmap_test_device);
}

module_init(pfnmap_test_init);
module_exit(pfnmap_test_exit);
MODULE_DESCRIPTION("Test memory without struct page, and direct calls of GUP");
MODULE_LICENSE("GPL");
/* Taints the kernel with TAINT_TEST, as kernel tests do (6.0). */
MODULE_INFO(test, "Y");
