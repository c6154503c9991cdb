// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * sg.c: payloads in several pieces, as HIDL sends them.
 *
 * A BINDER_TYPE_PTR brings bytes from elsewhere in the sender, to lie behind
 * the payload; its address may have to be written into a parent's bytes.  A
 * BINDER_TYPE_FDA says that a part of a parent's bytes are descriptors.  Both
 * must touch their parents in order, which is what makes one pass enough.
 * Called by object.c.
 */
#include "internal.h"

/* As the real driver reports it, unlike a payload that cannot be read. */
static int unreadable_piece(int err)
{
	return err == -EFAULT ? -EINVAL : err;
}

struct sg_pass {
	struct binder_journal *journal;
	const struct binder_fill *fill;
	size_t at, end;                   /* room behind the payload */
	struct binder_object_entry *last; /* whose bytes were touched last */
	size_t last_min;                  /* from where they may be touched next */
};

static bool is_ptr(const struct binder_object_entry *entry)
{
	return entry->object.hdr.type == BINDER_TYPE_PTR;
}

/* The parent by index: a PTR before this object. */
static struct binder_object_entry *find_parent(struct sg_pass *pass, u64 index,
					       const struct binder_object_entry *child)
{
	struct binder_object_entry *entry = pass->journal->entry;

	if (index >= (u64)(child - entry) || !is_ptr(&entry[index]))
		return NULL;
	return &entry[index];
}

/*
 * May bytes of this parent, from offset on, be touched now?  Only if it is the
 * one touched last or an ancestor of it, and only behind what was touched.
 */
static bool in_order(struct sg_pass *pass, const struct binder_object_entry *parent, u64 offset)
{
	const struct binder_object_entry *last = pass->last;
	u64 min = pass->last_min;

	/* As the real driver has it, an object at offset 0 cannot be a parent. */
	if (!last || !last->offset)
		return false;
	while (last != parent) {
		const struct binder_buffer_object *ptr = &last->object.ptr;

		if (!(ptr->flags & BINDER_BUFFER_FLAG_HAS_PARENT))
			return false;
		min = ptr->parent_offset + sizeof(u64);
		last = &pass->journal->entry[ptr->parent];
	}
	return offset >= min;
}

static int add_fixup(struct sg_pass *pass, struct binder_object_entry *parent,
		     struct binder_fixup fixup)
{
	struct binder_journal *journal = pass->journal;
	u32 index = journal->fixup_count + 1;

	if ((parent->extra_at + fixup.at) % sizeof(u32))
		return -EINVAL;
	journal->fixups[journal->fixup_count++] = fixup;
	if (parent->last_fixup)
		journal->fixups[parent->last_fixup - 1].next = index;
	else
		parent->first_fixup = index;
	parent->last_fixup = index;
	return 0;
}

static int check_ptr(struct sg_pass *pass, struct binder_object_entry *entry)
{
	struct binder_buffer_object *ptr = &entry->object.ptr;
	struct binder_object_entry *parent;
	int err;

	if (ptr->length > pass->end - pass->at)
		return -EINVAL;
	entry->extra_at = pass->at;
	entry->source = ptr->buffer;
	ptr->buffer = pass->fill->to->alloc.user_addr + pass->at;
	pass->at += ALIGN8(ptr->length);

	if (ptr->flags & BINDER_BUFFER_FLAG_HAS_PARENT) {
		parent = find_parent(pass, ptr->parent, entry);
		if (!parent || !in_order(pass, parent, ptr->parent_offset))
			return -EINVAL;
		if (parent->object.ptr.length < sizeof(u64) ||
		    ptr->parent_offset > parent->object.ptr.length - sizeof(u64))
			return -EINVAL;
		err = add_fixup(pass, parent,
				(struct binder_fixup){ .at = ptr->parent_offset,
						       .size = sizeof(u64),
						       .value = ptr->buffer,
						       .is_pointer = true });
		if (err)
			return err;
	}
	pass->last = entry;
	pass->last_min = 0;
	return 0;
}

/* Of an array that lies in its parent. */
static int add_files(struct sg_pass *pass, const struct binder_object_entry *parent,
		     const struct binder_fd_array_object *fda)
{
	s32 fds[64];
	u64 done, count, i;
	int err = 0;

	for (done = 0; !err && done < fda->num_fds; done += count) {
		size_t offset = fda->parent_offset + done * sizeof(fds[0]);

		count = fda->num_fds - done < ARRAY_SIZE(fds) ? fda->num_fds - done :
								ARRAY_SIZE(fds);
		err = unreadable_piece(port_read_client(pass->fill->from->home, fds,
							parent->source + offset,
							count * sizeof(fds[0])));
		for (i = 0; !err && i < count; i++)
			err = binder_journal_add_file(
				pass->journal, pass->fill, fds[i],
				parent->extra_at + offset + i * sizeof(fds[0]), true);
	}
	return err;
}

static int check_fda(struct sg_pass *pass, struct binder_object_entry *entry)
{
	struct binder_fd_array_object *fda = &entry->object.fda;
	struct binder_object_entry *parent = find_parent(pass, fda->parent, entry);
	u64 length, size;
	int err;

	if (!parent || !in_order(pass, parent, fda->parent_offset))
		return -EINVAL;
	pass->last = parent;
	pass->last_min = fda->parent_offset + fda->num_fds * sizeof(u32);
	if (!fda->num_fds)
		return 0;
	length = parent->object.ptr.length;
	if (fda->num_fds > length / sizeof(u32))
		return -EINVAL;
	size = fda->num_fds * sizeof(u32);
	if (fda->parent_offset > length - size)
		return -EINVAL;
	if ((parent->source + fda->parent_offset) % sizeof(u32))
		return -EINVAL;
	err = add_fixup(pass, parent,
			(struct binder_fixup){ .at = fda->parent_offset, .size = size });
	return err ? err : add_files(pass, parent, fda);
}

static int copy_extra(const struct sg_pass *pass, const struct binder_object_entry *entry,
		      size_t from, size_t to)
{
	if (from == to)
		return 0;
	return unreadable_piece(port_buffer_copy(pass->fill->to->home, entry->extra_at + from,
						 pass->fill->from->home, entry->source + from,
						 to - from));
}

/* The sender's bytes, but for the places where something else belongs. */
static int copy_ptr(const struct sg_pass *pass, const struct binder_object_entry *entry)
{
	size_t copied = 0;
	u32 i;
	int err;

	for (i = entry->first_fixup; i;) {
		const struct binder_fixup *fixup = &pass->journal->fixups[i - 1];

		err = copy_extra(pass, entry, copied, fixup->at);
		if (err)
			return err;
		if (fixup->is_pointer)
			port_buffer_write(pass->fill->to->home, entry->extra_at + fixup->at,
					  &fixup->value, sizeof(fixup->value));
		copied = fixup->at + fixup->size;
		i = fixup->next;
	}
	return copy_extra(pass, entry, copied, entry->object.ptr.length);
}

int binder_sg_fill(struct binder_journal *journal, const struct binder_fill *fill)
{
	struct sg_pass pass = { .journal = journal, .fill = fill };
	u32 i;
	int err;

	pass.at = binder_buffer_extra_at(fill->buffer);
	pass.end = pass.at + fill->buffer->sg_size;
	journal->fixups = binder_charged_alloc(fill->to->account,
					       journal->count * sizeof(*journal->fixups), &err);
	if (!journal->fixups)
		return err;
	err = port_buffer_prepare(fill->to->home, pass.at, fill->buffer->sg_size);
	for (i = 0; !err && i < journal->count; i++) {
		if (is_ptr(&journal->entry[i]))
			err = check_ptr(&pass, &journal->entry[i]);
		else if (journal->entry[i].object.hdr.type == BINDER_TYPE_FDA)
			err = check_fda(&pass, &journal->entry[i]);
	}
	for (i = 0; !err && i < journal->count; i++)
		if (is_ptr(&journal->entry[i]))
			err = copy_ptr(&pass, &journal->entry[i]);
	return err;
}
