/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * memory.c: receive buffers, and the memory of clients as the core sees it.
 *
 * The core calls the port_* functions; request.c the others.  An address of a
 * client is looked up among the ranges that it laid into its mailbox, and read
 * from its process where that is allowed.
 */
#include "thread.h"
#include "fair.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define ONCE(field) (*(const volatile __typeof__(field) *)&(field))

/* ---- the client's memory ---------------------------------------------------------- */

void memory_load_ranges(struct port_thread *thread, const struct channel_mailbox *box)
{
	struct request *rq = &thread->request;
	u32 count = ONCE(box->range_count);

	rq->range_count = 0;
	if (count > CHANNEL_MAX_RANGES)
		count = CHANNEL_MAX_RANGES;
	for (u32 i = 0; i < count; i++) {
		struct channel_range range = {
			.addr = ONCE(box->range[i].addr),
			.size = ONCE(box->range[i].size),
			.offset = ONCE(box->range[i].offset),
		};

		if (range.offset >= CHANNEL_NEAR_OFFSET && range.offset <= CHANNEL_SIZE &&
		    range.size <= CHANNEL_SIZE - range.offset &&
		    range.addr + range.size >= range.addr)
			rq->range[rq->range_count++] = range;
	}
}

/* NULL: not laid out. */
static const char *find_range(const struct port_thread *thread, u64 addr, size_t size)
{
	const struct request *rq = &thread->request;

	for (u32 i = 0; i < rq->range_count; i++) {
		const struct channel_range *range = &rq->range[i];

		if (addr >= range->addr && addr - range->addr <= range->size &&
		    size <= range->size - (addr - range->addr))
			return thread->mailbox + range->offset + (addr - range->addr);
	}
	return NULL;
}

/*
 * A hole becomes a page when it is read or written, and not at the client's
 * expense.  The pages before these are part of what each thread costs.
 */
int memory_charge_mailbox(struct port_thread *thread, size_t offset, size_t size)
{
	size_t end = offset + size;

	if (end <= CHANNEL_IN_OFFSET)
		return 0;
	if (offset < CHANNEL_IN_OFFSET)
		offset = CHANNEL_IN_OFFSET;
	return pages_charge(&thread->pages, thread->opener->identity.who.account, offset,
			    end - offset);
}

int port_read_client(struct port_thread *from, void *dst, u64 addr, size_t size)
{
	const char *laid_out;

	if (from->hung_up)
		return -EFAULT;
	laid_out = find_range(from, addr, size);
	if (!laid_out)
		return peer_read(from->peer, dst, addr, size);
	if (memory_charge_mailbox(from, (size_t)(laid_out - from->mailbox), size))
		return -EFAULT;
	memcpy(dst, laid_out, size);
	return 0;
}

int port_write_client(struct port_thread *to, u64 addr, const void *src, size_t size)
{
	struct request *rq = &to->request;
	u64 at = addr - rq->out_addr;

	if (to->hung_up || addr < rq->out_addr || at > rq->out_size || size > rq->out_size - at)
		return -EFAULT;
	if (memory_charge_mailbox(to, channel_out_offset(rq->out_size) + at, size))
		return -EFAULT;
	memcpy(thread_out(to) + at, src, size);
	if (at + size > rq->out_used)
		rq->out_used = (u32)(at + size);
	return 0;
}

/* ---- receive buffers ---------------------------------------------------------------- */

/* Pages of a memfd come into being when they are touched. */
int port_buffer_prepare(struct port_proc *to, size_t offset, size_t size)
{
	if (!to->buffer)
		return -ENOMEM;
	return pages_charge(&to->pages, to->identity.who.account, offset, size);
}

int port_buffer_copy(struct port_proc *to, size_t offset, struct port_thread *from, u64 addr,
		     size_t size)
{
	int r = port_buffer_prepare(to, offset, size);

	fair_add_for(to, size / 8);
	return r < 0 ? r : port_read_client(from, to->buffer + offset, addr, size);
}

void port_buffer_write(struct port_proc *to, size_t offset, const void *src, size_t size)
{
	/* An object, most of the time: its node or handle costs more than its bytes. */
	fair_add_for(to, 200);
	memcpy(to->buffer + offset, src, size);
}

void port_buffer_read(struct port_proc *from, size_t offset, void *dst, size_t size)
{
	memcpy(dst, from->buffer + offset, size);
}

void port_buffer_zero(struct port_proc *to, size_t offset, size_t size)
{
	while (size) {
		bool real;
		size_t part = pages_first(&to->pages, offset, size, &real);

		if (real)
			memset(to->buffer + offset, 0, part);
		offset += part;
		size -= part;
	}
}

static void drop_buffer(struct port_proc *opener)
{
	munmap(opener->buffer, opener->buffer_size);
	opener->buffer = NULL;
	opener->buffer_step = BUFFER_NONE;
}

/* Ours is the only writable mapping that there will ever be. */
static int make_buffer(struct port_proc *opener, size_t size, int *ret)
{
	int fd = memfd_create("binder-buffer", MFD_CLOEXEC | MFD_ALLOW_SEALING), r;
	void *buffer = MAP_FAILED;

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) == 0)
		buffer = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (buffer == MAP_FAILED ||
	    fcntl(fd, F_ADD_SEALS,
		  F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) < 0) {
		r = -errno;
		if (buffer != MAP_FAILED)
			munmap(buffer, size);
		close(fd);
		return r;
	}
	opener->buffer = buffer;
	opener->buffer_size = size;
	*ret = fd;
	return 0;
}

int memory_mmap(struct port_thread *thread, u64 size, u64 *size_reply)
{
	struct port_proc *opener = thread->opener;
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd, r;

	/* Only the process that opened a device maps it. */
	if (thread->peer->pid != opener->identity.who.pid || size == 0)
		return -EINVAL;
	if (opener->buffer_step != BUFFER_NONE)
		return -EBUSY;
	if (size > BINDER_MAX_MAPPING)
		size = BINDER_MAX_MAPPING;
	size = (size + page - 1) & ~(u64)(page - 1);
	r = make_buffer(opener, size, &fd);
	if (r < 0)
		return r;
	r = files_send(thread, &fd, 1);
	close(fd);
	if (r < 0) {
		drop_buffer(opener);
		return r;
	}
	opener->buffer_step = BUFFER_OFFERED;
	*size_reply = size;
	return 0;
}

int memory_mapped(struct port_thread *thread, u64 addr)
{
	struct port_proc *opener = thread->opener;
	int r;

	if (opener->buffer_step != BUFFER_OFFERED)
		return -EINVAL;
	if (!addr) {
		drop_buffer(opener);
		return 0;
	}
	r = binder_proc_mmap(opener->core, addr, opener->buffer_size);
	if (r < 0)
		drop_buffer(opener);
	else
		opener->buffer_step = BUFFER_MAPPED;
	return r;
}

int memory_munmap(struct port_thread *thread)
{
	if (thread->opener->buffer_step != BUFFER_MAPPED)
		return -EINVAL;
	binder_proc_munmap(thread->opener->core);
	return 0;
}
