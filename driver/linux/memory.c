// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * memory.c: receive buffers: pages that senders fill and one process maps.
 *
 * The core calls the port_* functions for a sender; the kernel calls for mmap
 * and page faults; shrink.c when memory is short.
 *
 * A page comes when a sender first needs it, zeroed, and is written through the
 * kernel's own mapping: the sender never touches the receiver's address space.
 * The receiver's page fault maps it, and it stays mapped for whatever comes to
 * lie there later.  memory->lock is held while a page is mapped, and while one
 * is taken away until nothing maps it any more; so an address never shows a page
 * that is not the buffer's.
 */
#include "home.h"
#include "compat.h"

#include <linux/highmem.h>
#include <linux/memcontrol.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>

/* Pages that one fault maps, if they are there. */
#define FAULT_AROUND 16

/* ---- an inode for each open ----------------------------------------------------------- */

static struct vfsmount *mount;

static int init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, 0x42494e44) ? 0 : -ENOMEM;
}

/* No .owner: the mount is the module's own, and must not keep it in. */
static struct file_system_type file_system = {
	.name = "binder_any",
	.init_fs_context = init_fs_context,
	.kill_sb = kill_anon_super,
};

int memory_module_init(void)
{
	mount = kern_mount(&file_system);
	return PTR_ERR_OR_ZERO(mount);
}

void memory_module_exit(void)
{
	kern_unmount(mount);
}

int memory_init(struct memory *memory)
{
	memory->inode = alloc_anon_inode(mount->mnt_sb);
	if (IS_ERR(memory->inode))
		return PTR_ERR(memory->inode);
	memory->mm = current->mm;
	mmgrab(memory->mm);
	memory->payer = get_mem_cgroup_from_mm(memory->mm);
	INIT_LIST_HEAD(&memory->entry);
	mutex_init(&memory->lock);
	return 0;
}

void memory_forget(struct memory *memory)
{
	shrink_remove(memory);
	mutex_lock(&memory->lock);
	memory->forgotten = true;
	shrink_count(-(long)memory->present);
	mutex_unlock(&memory->lock);
}

void memory_destroy(struct memory *memory)
{
	unsigned long i;

	for (i = 0; i < memory->count; i++)
		if (memory->pages[i])
			__free_page(memory->pages[i]);
	kvfree(memory->pages);
	bitmap_free(memory->touched);
	iput(memory->inode);
	mem_cgroup_put(memory->payer);
	mmdrop(memory->mm);
}

/* ---- pages -------------------------------------------------------------------------------- */

static struct page *add_page(struct memory *memory, unsigned long index)
{
	struct mem_cgroup *mine = set_active_memcg(memory->payer);
	struct page *spare = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_HIGHMEM | __GFP_ZERO);
	struct page *page;

	set_active_memcg(mine);
	if (!spare)
		return NULL;
	/* Waits until the shrinker is done with what was here before. */
	mutex_lock(&memory->lock);
	page = memory->pages[index];
	if (!page) {
		page = spare;
		spare = NULL;
		/* Zeroed before it is seen: need_page(). */
		smp_store_release(&memory->pages[index], page);
		memory->present++;
		if (!memory->forgotten)
			shrink_count(1);
	}
	mutex_unlock(&memory->lock);
	if (spare)
		__free_page(spare);
	return page;
}

/*
 * The page for some bytes of a buffer that the caller owns: the core lets the
 * shrinker have no page with such bytes.  NULL: no memory.
 */
static struct page *need_page(struct memory *memory, size_t offset)
{
	unsigned long index = offset >> PAGE_SHIFT;
	/* What add_page() did before. */
	struct page *page = smp_load_acquire(&memory->pages[index]);

	if (!test_bit(index, memory->touched))
		set_bit(index, memory->touched);
	return page ? page : add_page(memory, index);
}

/* Bytes from offset on that lie in the same page. */
static size_t in_page(size_t offset, size_t size)
{
	return min_t(size_t, size, PAGE_SIZE - offset_in_page(offset));
}

int port_buffer_copy(struct port_proc *to, size_t offset, struct port_thread *from, u64 addr,
		     size_t size)
{
	while (size) {
		struct page *page = need_page(&to->memory, offset);
		size_t part = in_page(offset, size);
		unsigned long left;
		char *bytes;

		if (!page)
			return -ENOMEM;
		bytes = kmap_local_page(page);
		left = copy_from_user(bytes + offset_in_page(offset), u64_to_user_ptr(addr), part);
		kunmap_local(bytes);
		if (left)
			return -EFAULT;
		offset += part;
		addr += part;
		size -= part;
	}
	return 0;
}

int port_buffer_prepare(struct port_proc *to, size_t offset, size_t size)
{
	size_t end = offset + size;

	for (; offset < end; offset += in_page(offset, end - offset))
		if (!need_page(&to->memory, offset))
			return -ENOMEM;
	return 0;
}

/* What a range that is there is used for: one of data, to and neither. */
static void each_page(struct port_proc *client, size_t offset, size_t size, const char *data,
		      char *to)
{
	while (size) {
		struct page *page = READ_ONCE(client->memory.pages[offset >> PAGE_SHIFT]);
		size_t part = in_page(offset, size);

		if (page && data)
			memcpy_to_page(page, offset_in_page(offset), data, part);
		else if (page && to)
			memcpy_from_page(to, page, offset_in_page(offset), part);
		else if (page)
			memzero_page(page, offset_in_page(offset), part);
		data = data ? data + part : NULL;
		to = to ? to + part : NULL;
		offset += part;
		size -= part;
	}
}

void port_buffer_write(struct port_proc *to, size_t offset, const void *src, size_t size)
{
	each_page(to, offset, size, src, NULL);
}

void port_buffer_read(struct port_proc *from, size_t offset, void *dst, size_t size)
{
	each_page(from, offset, size, NULL, dst);
}

void port_buffer_zero(struct port_proc *to, size_t offset, size_t size)
{
	each_page(to, offset, size, NULL, NULL);
}

/* ---- the sender's and reader's own memory: the task that makes the ioctl --------------------- */

/*
 * Every command passes here.  A size that the compiler knows spares the kernel
 * the search for what lies at our end of the copy, which costs more than the copy.
 */
#define TRANSACTION_SIZE sizeof(struct binder_transaction_data)

int port_read_client(struct port_thread *from, void *dst, u64 addr, size_t size)
{
	const void __user *src = u64_to_user_ptr(addr);

	switch (size) {
	case sizeof(u32):
		return get_user(*(u32 *)dst, (const u32 __user *)src);
	case sizeof(u64):
		return copy_from_user(dst, src, sizeof(u64)) ? -EFAULT : 0;
	case TRANSACTION_SIZE:
		return copy_from_user(dst, src, TRANSACTION_SIZE) ? -EFAULT : 0;
	default:
		return copy_from_user(dst, src, size) ? -EFAULT : 0;
	}
}

int port_write_client(struct port_thread *to, u64 addr, const void *src, size_t size)
{
	void __user *dst = u64_to_user_ptr(addr);

	switch (size) {
	case sizeof(u32):
		return put_user(*(const u32 *)src, (u32 __user *)dst);
	case sizeof(u32) + TRANSACTION_SIZE:
		return copy_to_user(dst, src, sizeof(u32) + TRANSACTION_SIZE) ? -EFAULT : 0;
	default:
		return copy_to_user(dst, src, size) ? -EFAULT : 0;
	}
}

/* ---- the mapping ----------------------------------------------------------------------------- */

/* Locked.  The page that is asked for, and those behind it that the same read may touch. */
static vm_fault_t insert_pages(struct memory *memory, struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long address = vmf->address & PAGE_MASK;
	unsigned long index = vmf->pgoff, end = min(index + FAULT_AROUND, memory->count);
	int err;

	if (index >= memory->count || !memory->pages[index])
		return VM_FAULT_SIGBUS;
	err = vm_insert_page(vma, address, memory->pages[index]);
	if (err && err != -EBUSY) /* another thread was quicker */
		return vmf_error(err);
	for (;;) {
		address += PAGE_SIZE;
		if (++index >= end || address >= vma->vm_end || !memory->pages[index])
			break;
		err = vm_insert_page(vma, address, memory->pages[index]);
		if (err && err != -EBUSY)
			break; /* it may be asked for later */
	}
	return VM_FAULT_NOPAGE;
}

static vm_fault_t mapping_fault(struct vm_fault *vmf)
{
	struct port_proc *client = vmf->vma->vm_private_data;
	vm_fault_t r;

	mutex_lock(&client->memory.lock);
	r = insert_pages(&client->memory, vmf);
	mutex_unlock(&client->memory.lock);
	return r;
}

/* All of it or a part is gone.  A child that made the parent's mapping its own does not count. */
static void mapping_close(struct vm_area_struct *vma)
{
	struct port_proc *client = vma->vm_private_data;

	if (vma->vm_mm == client->memory.mm)
		binder_proc_munmap(client->core);
}

static const struct vm_operations_struct mapping_operations = {
	.close = mapping_close,
	.fault = mapping_fault,
};

static int add_mapping(struct port_proc *client, struct vm_area_struct *vma)
{
	struct memory *memory = &client->memory;
	u64 size = min_t(u64, vma->vm_end - vma->vm_start, BINDER_MAX_MAPPING);
	unsigned long count = size >> PAGE_SHIFT;
	struct page **pages = kvcalloc(count, sizeof(*pages), GFP_KERNEL_ACCOUNT);
	unsigned long *touched = bitmap_zalloc(count, GFP_KERNEL_ACCOUNT);
	int err = -ENOMEM;

	if (!pages || !touched)
		goto out;
	memory->pages = pages;
	memory->touched = touched;
	memory->count = count;
	/* From here on senders may find it. */
	err = binder_proc_mmap(client->core, vma->vm_start, size);
	if (!err) {
		shrink_add(memory);
		return 0;
	}
	memory->pages = NULL;
	memory->touched = NULL;
	memory->count = 0;
out:
	kvfree(pages);
	bitmap_free(touched);
	return err;
}

/* Under the mmap_lock of the only mm that may: there is one at a time. */
int memory_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct port_proc *client = file->private_data;
	int err;

	if (task_tgid(current) != client->tgid || vma->vm_mm != client->memory.mm)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EPERM;
	if (client->memory.pages)
		return -EBUSY;
	err = add_mapping(client, vma);
	if (err)
		return err;
	compat_vm_flags_mod(vma, VM_DONTCOPY | VM_DONTEXPAND | VM_MIXEDMAP, VM_MAYWRITE);
	vma->vm_ops = &mapping_operations;
	vma->vm_private_data = client;
	vma->vm_pgoff = 0; /* whatever the client said: pages are numbered from its start */
	return 0;
}

/* ---- giving back ----------------------------------------------------------------------------- */

struct taking {
	struct memory *memory;
	unsigned long index;
	struct page *page;
};

/* Under the context's lock: whoever takes bytes of it from now on will miss the page. */
static void take_page(void *data)
{
	struct taking *taking = data;

	taking->page = taking->memory->pages[taking->index];
	WRITE_ONCE(taking->memory->pages[taking->index], NULL);
}

/* Locked.  Was the page given back? */
static bool reclaim_page(struct memory *memory, unsigned long index)
{
	struct port_proc *client = container_of(memory, struct port_proc, memory);
	struct taking taking = { .memory = memory, .index = index };
	loff_t start = (loff_t)index << PAGE_SHIFT;

	/* What is always in use lies low: best fit takes the same chunks again. */
	if (test_and_clear_bit(index, memory->touched))
		return false;
	if (!binder_proc_take_unused(client->core, start, PAGE_SIZE, take_page, &taking))
		return false;
	unmap_mapping_range(memory->inode->i_mapping, start, PAGE_SIZE, 1);
	__free_page(taking.page);
	return true;
}

unsigned long memory_reclaim(struct memory *memory, unsigned long *budget)
{
	unsigned long i, freed = 0, seen = 0, present;

	if (!READ_ONCE(memory->present) || !mutex_trylock(&memory->lock))
		return 0;
	present = memory->present;
	for (i = 0; i < memory->count && seen < present && *budget; i++) {
		if (memory->hand >= memory->count)
			memory->hand = 0;
		if (memory->pages[memory->hand]) {
			freed += reclaim_page(memory, memory->hand);
			seen++;
			--*budget;
		}
		memory->hand++;
	}
	memory->present -= freed;
	shrink_count(-(long)freed);
	mutex_unlock(&memory->lock);
	return freed;
}
