// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * buffer.c: takes space in a process's receive buffer and gives it back.
 *
 * Called by transaction.c for the sender, by BC_FREE_BUFFER for the receiver.
 * Chunks lie in a list by offset; free ones in a tree by size (best fit),
 * taken ones in a tree by offset.  What the memory is, only the home knows.
 */
#include "internal.h"

struct binder_buffer *binder_buffer_alloc(void)
{
	return port_alloc(sizeof(struct binder_buffer));
}

size_t binder_buffer_chunk_size(const struct binder_proc *proc, const struct binder_buffer *buffer)
{
	const struct binder_alloc *alloc = &proc->alloc;

	if (list_is_last(&buffer->entry, &alloc->chunks))
		return alloc->size - buffer->offset;
	return list_next_entry(buffer, entry)->offset - buffer->offset;
}

/*
 * A call leaves one chunk more, and its end one less: the description that is
 * left over then stays for the next call.
 */
static struct binder_buffer *take_spare(struct binder_alloc *alloc, struct binder_buffer **spare)
{
	struct binder_buffer **from = alloc->spare ? &alloc->spare : spare;
	struct binder_buffer *taken = *from;

	*from = NULL;
	return taken;
}

static void keep_spare(struct binder_alloc *alloc, struct binder_buffer *buffer)
{
	if (alloc->spare)
		port_free(buffer);
	else
		alloc->spare = buffer;
}

static void insert_free(struct binder_proc *proc, struct binder_buffer *buffer)
{
	struct rb_node **link = &proc->alloc.free_by_size.rb_node, *parent = NULL;
	size_t size = binder_buffer_chunk_size(proc, buffer);

	while (*link) {
		struct binder_buffer *other;

		parent = *link;
		other = rb_entry(parent, struct binder_buffer, tree);
		link = size < binder_buffer_chunk_size(proc, other) ? &parent->rb_left :
								      &parent->rb_right;
	}
	buffer->state = BINDER_BUFFER_FREE;
	rb_link_node(&buffer->tree, parent, link);
	rb_insert_color(&buffer->tree, &proc->alloc.free_by_size);
}

static void insert_taken(struct binder_proc *proc, struct binder_buffer *buffer)
{
	struct rb_node **link = &proc->alloc.taken_by_offset.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = buffer->offset < rb_entry(parent, struct binder_buffer, tree)->offset ?
			       &parent->rb_left :
			       &parent->rb_right;
	}
	rb_link_node(&buffer->tree, parent, link);
	rb_insert_color(&buffer->tree, &proc->alloc.taken_by_offset);
	proc->alloc.taken++;
}

/* What describes a taken chunk, and the free one that it may leave behind. */
#define CHUNK_COST (2 * (sizeof(struct binder_buffer) + 16))

/* The smallest free chunk that holds size; NULL: there is none. */
static struct binder_buffer *best_fit(struct binder_proc *proc, size_t size)
{
	struct rb_node *n = proc->alloc.free_by_size.rb_node;
	struct binder_buffer *best = NULL;

	while (n) {
		struct binder_buffer *chunk = rb_entry(n, struct binder_buffer, tree);

		if (binder_buffer_chunk_size(proc, chunk) < size) {
			n = n->rb_right;
		} else {
			best = chunk;
			n = n->rb_left;
		}
	}
	return best;
}

/*
 * Sum of the parts, each padded to 8; at least 8, so that every buffer has an
 * address of its own.  0: the sizes overflow.
 */
static u64 total_size(const struct binder_buffer_request *request)
{
	u64 data = ALIGN8(request->data_size);
	u64 offsets = ALIGN8(request->offsets_size);
	u64 extra = ALIGN8(request->extra_size);
	u64 sum = data + offsets;

	if (data < request->data_size || offsets < request->offsets_size ||
	    extra < request->extra_size || sum < data || sum + extra < sum)
		return 0;
	sum += extra;
	return sum < 8 ? 8 : sum;
}

int binder_buffer_reserve(struct binder_proc *proc, const struct binder_buffer_request *request,
			  struct binder_buffer **spare, struct binder_buffer **ret)
{
	struct binder_alloc *alloc = &proc->alloc;
	u64 size = total_size(request);
	struct binder_buffer *buffer;

	if (!alloc->mapped)
		return -ESRCH;
	if (!size)
		return -EINVAL;
	if (request->async && size > alloc->free_async)
		return -ENOSPC;
	buffer = best_fit(proc, size);
	if (!buffer)
		return -ENOSPC;
	if (port_charge(proc->account, CHUNK_COST))
		return -EDQUOT;

	rb_erase(&buffer->tree, &alloc->free_by_size);
	if (binder_buffer_chunk_size(proc, buffer) != size) {
		struct binder_buffer *rest = take_spare(alloc, spare);

		rest->offset = buffer->offset + size;
		list_add(&rest->entry, &buffer->entry);
		insert_free(proc, rest);
	}
	buffer->state = BINDER_BUFFER_RESERVED;
	buffer->async = request->async;
	if (request->async)
		list_add_tail(&buffer->async_entry, &alloc->async);
	buffer->has_turn = false;
	buffer->clear_on_free = false;
	buffer->data_size = request->data_size;
	buffer->offsets_size = request->offsets_size;
	buffer->extra_size = request->extra_size;
	buffer->sender_pid = request->sender_pid;
	buffer->target_node = NULL;
	buffer->transaction = NULL;
	buffer->journal = NULL;
	insert_taken(proc, buffer);
	if (alloc->high < buffer->offset + size)
		alloc->high = buffer->offset + size;
	if (request->async)
		alloc->free_async -= size;
	*ret = buffer;
	return 0;
}

struct binder_buffer *binder_buffer_at(struct binder_proc *proc, u64 user_addr)
{
	struct rb_node *n = proc->alloc.taken_by_offset.rb_node;
	u64 offset = user_addr - proc->alloc.user_addr;

	while (n) {
		struct binder_buffer *buffer = rb_entry(n, struct binder_buffer, tree);

		if (offset == buffer->offset)
			return buffer;
		n = offset < buffer->offset ? n->rb_left : n->rb_right;
	}
	return NULL;
}

bool binder_buffer_none_in(struct binder_proc *proc, u64 start, u64 end)
{
	struct rb_node *n = proc->alloc.taken_by_offset.rb_node;
	struct binder_buffer *last = NULL; /* of those that begin before end */

	while (n) {
		struct binder_buffer *buffer = rb_entry(n, struct binder_buffer, tree);

		if (buffer->offset < end)
			last = buffer;
		n = buffer->offset < end ? n->rb_right : n->rb_left;
	}
	return !last || last->offset + binder_buffer_chunk_size(proc, last) <= start;
}

struct binder_buffer *binder_buffer_from(struct binder_proc *proc, size_t offset)
{
	struct rb_node *n = proc->alloc.taken_by_offset.rb_node;
	struct binder_buffer *found = NULL;

	while (n) {
		struct binder_buffer *buffer = rb_entry(n, struct binder_buffer, tree);

		if (buffer->offset >= offset)
			found = buffer;
		n = buffer->offset >= offset ? n->rb_left : n->rb_right;
	}
	return found;
}

/* Makes b, the free chunk behind a, a part of a. */
static void join(struct binder_proc *proc, struct binder_buffer *b)
{
	rb_erase(&b->tree, &proc->alloc.free_by_size);
	list_del(&b->entry);
	keep_spare(&proc->alloc, b);
}

void binder_buffer_free(struct binder_proc *proc, struct binder_buffer *buffer)
{
	struct binder_alloc *alloc = &proc->alloc;
	struct binder_buffer *next, *prev;

	rb_erase(&buffer->tree, &alloc->taken_by_offset);
	alloc->taken--;
	port_uncharge(proc->account, CHUNK_COST);
	if (buffer->async) {
		alloc->free_async += binder_buffer_chunk_size(proc, buffer);
		list_del(&buffer->async_entry);
	}
	if (!list_is_last(&buffer->entry, &alloc->chunks)) {
		next = list_next_entry(buffer, entry);
		if (next->state == BINDER_BUFFER_FREE)
			join(proc, next);
	}
	if (!list_is_first(&buffer->entry, &alloc->chunks)) {
		prev = list_prev_entry(buffer, entry);
		if (prev->state == BINDER_BUFFER_FREE) {
			rb_erase(&prev->tree, &alloc->free_by_size);
			list_del(&buffer->entry);
			keep_spare(alloc, buffer);
			buffer = prev;
		}
	}
	insert_free(proc, buffer);
}

/* One-way buffers that are looked at, the latest: there may be hundreds of thousands. */
#define SPAM_SEEN 1024

/* A sender floods when little is left and much of what is taken is its own. */
bool binder_buffer_spam(struct binder_proc *proc, s32 sender_pid)
{
	struct binder_alloc *alloc = &proc->alloc;
	struct binder_buffer *buffer;
	size_t bytes = 0;
	u32 count = 0, seen = 0;

	if (alloc->free_async >= alloc->size / 10) {
		alloc->spam_reported = false;
		return false;
	}
	if (alloc->spam_reported)
		return false;
	list_for_each_entry_reverse(buffer, &alloc->async, async_entry)
	{
		if (seen++ == SPAM_SEEN)
			break;
		if (buffer->sender_pid == sender_pid) {
			count++;
			bytes += binder_buffer_chunk_size(proc, buffer);
		}
	}
	alloc->spam_reported = count > 50 || bytes > alloc->size / 4;
	return alloc->spam_reported;
}

int binder_alloc_map(struct binder_proc *proc, u64 user_addr, u64 size,
		     struct binder_buffer **spare)
{
	struct binder_alloc *alloc = &proc->alloc;

	if (alloc->used)
		return -EBUSY;
	if (size > BINDER_MAX_MAPPING)
		size = BINDER_MAX_MAPPING;
	size &= ~7ull;
	if (!size)
		return -EINVAL;
	alloc->used = true;
	alloc->mapped = true;
	alloc->user_addr = user_addr;
	alloc->size = size;
	alloc->free_async = size / 2;
	list_add(&(*spare)->entry, &alloc->chunks);
	insert_free(proc, *spare);
	*spare = NULL;
	return 0;
}

void binder_alloc_destroy(struct binder_proc *proc)
{
	while (!list_empty(&proc->alloc.chunks)) {
		struct binder_buffer *buffer =
			list_first_entry(&proc->alloc.chunks, struct binder_buffer, entry);

		list_del(&buffer->entry);
		port_free(buffer);
	}
	port_free(proc->alloc.spare);
}
