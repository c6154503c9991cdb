/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * mailbox.c: the mailbox of a thread, and through it the memory of its client.
 *
 * The core calls the port_* functions; channel/ the others.  An address of a
 * client is looked up among the ranges that it laid into its mailbox, and read
 * from its process where that is allowed.
 */
#include "mailbox.h"
#include "log.h"

#include <unistd.h>

#define ONCE(field) (*(const volatile __typeof__(field) *)&(field))

void mailbox_load_ranges(struct port_thread *thread, const struct channel_mailbox *box)
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
int mailbox_charge(struct port_thread *thread, size_t offset, size_t size)
{
	size_t end = offset + size;

	if (end <= CHANNEL_IN_OFFSET)
		return 0;
	if (offset < CHANNEL_IN_OFFSET)
		offset = CHANNEL_IN_OFFSET;
	return pages_charge(&thread->pages, thread->client->identity.who.account, offset,
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
	if (mailbox_charge(from, (size_t)(laid_out - from->mailbox), size))
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
	if (mailbox_charge(to, channel_out_offset(rq->out_size) + at, size))
		return -EFAULT;
	memcpy(thread_out(to) + at, src, size);
	if (at + size > rq->out_used)
		rq->out_used = (u32)(at + size);
	return 0;
}

void mailbox_nudge(struct port_thread *thread)
{
	const u64 one = 1;

	if (write(thread->wake, &one, sizeof(one)) < 0)
		log_limited(LOG_WARNING, "%s: pid %d, uid %u, thread %d: cannot be woken: %s",
			    thread->client->device_name, thread->client->identity.who.pid,
			    thread->client->identity.who.euid, thread->tid, strerror(errno));
}

void mailbox_hand_over(struct port_thread *thread, enum channel_state state)
{
	__atomic_store_n(&thread_box(thread)->state, (u32)state, __ATOMIC_RELEASE);
	mailbox_nudge(thread);
}
