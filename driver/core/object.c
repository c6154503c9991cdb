// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * object.c: binders, handles and descriptors inside of a payload.
 *
 * Called by transaction.c: fill (unlocked) reads and checks, commit (locked)
 * translates and takes counts, install gives the reader its descriptors,
 * release gives the counts back.  The journal is what each step knows of the
 * one before it.
 */
#include "internal.h"

/* ---- fill ---------------------------------------------------------------------- */

/* 0: no such type. */
static size_t object_size(u32 type)
{
	switch (type) {
	case BINDER_TYPE_BINDER:
	case BINDER_TYPE_WEAK_BINDER:
	case BINDER_TYPE_HANDLE:
	case BINDER_TYPE_WEAK_HANDLE:
		return sizeof(struct flat_binder_object);
	case BINDER_TYPE_FD:
		return sizeof(struct binder_fd_object);
	case BINDER_TYPE_PTR:
		return sizeof(struct binder_buffer_object);
	case BINDER_TYPE_FDA:
		return sizeof(struct binder_fd_array_object);
	default:
		return 0;
	}
}

/* Reads the array of offsets to where the receiver sees it, too. */
static int read_offsets(const struct binder_fill *fill, u64 **ret)
{
	size_t size = fill->buffer->offsets_size;
	u64 *offsets;
	int err;

	if (size % sizeof(*offsets))
		return -EINVAL;
	offsets = port_alloc(size);
	if (!offsets)
		return -ENOMEM;
	err = port_read_client(fill->from->home, offsets, fill->offsets_addr, size);
	if (!err)
		err = port_buffer_prepare(fill->to->home, fill->buffer->offset,
					  binder_buffer_extra_at(fill->buffer) -
						  fill->buffer->offset);
	if (err) {
		port_free(offsets);
		return err;
	}
	port_buffer_write(fill->to->home, binder_buffer_offsets_at(fill->buffer), offsets, size);
	*ret = offsets;
	return 0;
}

static int read_object(const struct binder_fill *fill, struct binder_object_entry *entry)
{
	size_t room = fill->buffer->data_size - entry->offset;
	u64 addr = fill->data_addr + entry->offset;

	/* One that cannot be read is an invalid one to the real driver. */
	if (room < sizeof(entry->object.hdr) ||
	    port_read_client(fill->from->home, &entry->object.hdr, addr, sizeof(entry->object.hdr)))
		return -EINVAL;
	entry->size = object_size(entry->object.hdr.type);
	if (!entry->size || entry->size > room)
		return -EINVAL;
	/* The type stays what was checked: only the rest is read now. */
	if (port_read_client(fill->from->home, (char *)&entry->object + sizeof(entry->object.hdr),
			     addr + sizeof(entry->object.hdr),
			     entry->size - sizeof(entry->object.hdr)))
		return -EINVAL;
	return 0;
}

static int copy_data(const struct binder_fill *fill, size_t from, size_t to)
{
	if (from == to)
		return 0;
	return port_buffer_copy(fill->to->home, fill->buffer->offset + from, fill->from->home,
				fill->data_addr + from, to - from);
}

int binder_journal_add_file(struct binder_journal *journal, const struct binder_fill *fill, s32 fd,
			    size_t at, bool close_on_free)
{
	struct binder_file *file;
	int err;

	if (!fill->accepts_fds)
		return -EPERM;
	/* No reader could be given more, so nobody need look for them. */
	if (journal->file_count == PORT_MAX_FILES)
		return -EMFILE;
	if (journal->file_count == journal->file_room) {
		u32 room = journal->file_room ? journal->file_room * 2 : 4;
		struct binder_file *files =
			binder_charged_alloc(fill->to->account, room * sizeof(*files), &err);

		if (!files)
			return err;
		if (journal->file_count)
			memcpy(files, journal->files, journal->file_count * sizeof(*files));
		binder_charged_free(journal->files);
		journal->files = files;
		journal->file_room = room;
	}
	file = &journal->files[journal->file_count];
	err = port_file_get(fill->from->home, fd, &file->file);
	if (err)
		return err;
	file->at = at;
	file->fd = -1;
	file->close_on_free = close_on_free;
	journal->file_count++;
	return 0;
}

static int add_fd_object(struct binder_journal *journal, const struct binder_fill *fill,
			 struct binder_object_entry *entry)
{
	struct binder_fd_object *object = &entry->object.fd;
	s32 fd = (s32)object->fd;
	size_t at = fill->buffer->offset + entry->offset + offsetof(struct binder_fd_object, fd);

	object->pad_binder = 0; /* the number is written when the receiver has one */
	return binder_journal_add_file(journal, fill, fd, at, false);
}

static int fill_objects(struct binder_journal *journal, const struct binder_fill *fill,
			const u64 *offsets)
{
	size_t copied = 0;
	bool sg = false;
	u32 i;
	int err;

	for (i = 0; i < journal->count; i++) {
		struct binder_object_entry *entry = &journal->entry[i];

		/* The real driver copies up to an object before it looks at it. */
		if (offsets[i] < copied || offsets[i] > fill->buffer->data_size)
			return -EFAULT;
		entry->offset = offsets[i];
		err = copy_data(fill, copied, entry->offset);
		if (!err && entry->offset % sizeof(u32))
			err = -EINVAL;
		if (!err)
			err = read_object(fill, entry);
		if (err)
			return err;
		copied = entry->offset + entry->size;
		switch (entry->object.hdr.type) {
		case BINDER_TYPE_FD:
			err = add_fd_object(journal, fill, entry);
			if (err)
				return err;
			break;
		case BINDER_TYPE_PTR:
		case BINDER_TYPE_FDA:
			sg = true;
			break;
		default:
			journal->handles++;
		}
	}
	err = copy_data(fill, copied, fill->buffer->data_size);
	return err || !sg ? err : binder_sg_fill(journal, fill);
}

int binder_journal_fill(const struct binder_fill *fill, struct binder_journal **ret)
{
	struct binder_journal *journal;
	/* One more than fit is as good as any number: the last of them is refused. */
	u64 room = fill->buffer->data_size / sizeof(struct flat_binder_object) + 1;
	u64 count = fill->buffer->offsets_size / sizeof(u64);
	u64 *offsets;
	int err;

	if (!fill->buffer->offsets_size) {
		*ret = NULL;
		return copy_data(fill, 0, fill->buffer->data_size);
	}
	err = read_offsets(fill, &offsets);
	if (err)
		return err;
	if (count > room)
		count = room;
	journal = binder_charged_alloc(fill->to->account,
				       sizeof(*journal) + count * sizeof(journal->entry[0]), &err);
	if (!journal) {
		port_free(offsets);
		return err;
	}
	journal->count = count;
	err = fill_objects(journal, fill, offsets);
	port_free(offsets);
	if (err)
		binder_journal_free(journal);
	else
		*ret = journal;
	return err;
}

/* ---- commit -------------------------------------------------------------------------- */

int binder_journal_provide(struct binder_journal *journal, struct binder_proc *from,
			   struct binder_proc *to)
{
	u32 i;
	int err;

	for (i = 0; i < journal->count; i++) {
		struct binder_object_entry *entry = &journal->entry[i];

		switch (entry->object.hdr.type) {
		case BINDER_TYPE_BINDER:
		case BINDER_TYPE_WEAK_BINDER:
			entry->spare_node = binder_node_alloc(from, &err);
			if (!entry->spare_node)
				return err;
			fallthrough;
		case BINDER_TYPE_HANDLE:
		case BINDER_TYPE_WEAK_HANDLE:
			entry->spare_ref = binder_ref_alloc(to, &err);
			if (!entry->spare_ref)
				return err;
			break;
		}
	}
	return 0;
}

static int take_handle(struct binder_object_entry *entry, struct binder_proc *to,
		       struct binder_node *node, struct binder_thread *teller)
{
	struct flat_binder_object *flat = &entry->object.flat;
	struct binder_ref *ref;
	int err = binder_ref_take(to, node, entry->strong, teller, &entry->spare_ref, &ref);

	if (err)
		return err;
	flat->hdr.type = entry->strong ? BINDER_TYPE_HANDLE : BINDER_TYPE_WEAK_HANDLE;
	flat->binder = 0; /* all of the union */
	flat->handle = ref->handle;
	flat->cookie = 0;
	entry->handle = ref->handle;
	entry->ref_id = ref->id;
	return 0;
}

static int translate_binder(struct binder_object_entry *entry, struct binder_thread *from,
			    struct binder_proc *to)
{
	struct flat_binder_object *flat = &entry->object.flat;
	struct binder_node *node = binder_node_find(from->proc, flat->binder);

	entry->strong = flat->hdr.type == BINDER_TYPE_BINDER;
	if (node && node->cookie != flat->cookie)
		return -EINVAL;
	if (!node) {
		node = entry->spare_node;
		entry->spare_node = NULL;
		binder_node_insert(node, from->proc, flat->binder, flat->cookie, flat->flags);
	}
	return take_handle(entry, to, node, from);
}

static int translate_handle(struct binder_object_entry *entry, struct binder_thread *from,
			    struct binder_proc *to)
{
	struct flat_binder_object *flat = &entry->object.flat;
	struct binder_ref *ref;
	struct binder_node *node;

	entry->strong = flat->hdr.type == BINDER_TYPE_HANDLE;
	ref = binder_ref_by_handle(from->proc, flat->handle, entry->strong);
	if (!ref)
		return -EINVAL;
	node = ref->node;
	if (node->proc != to)
		return take_handle(entry, to, node, NULL);

	/* It comes home. */
	binder_node_inc(node, entry->strong, false, NULL);
	entry->node = node;
	flat->hdr.type = entry->strong ? BINDER_TYPE_BINDER : BINDER_TYPE_WEAK_BINDER;
	flat->binder = node->ptr;
	flat->cookie = node->cookie;
	return 0;
}

/* Objects for which the lock is held at a time. */
#define BATCH 64u

int binder_journal_commit(struct binder_journal *journal, struct binder_thread *from,
			  struct binder_proc *to, struct binder_buffer *buffer)
{
	u32 end = journal->done + BATCH;

	for (; journal->done < journal->count; journal->done++) {
		struct binder_object_entry *entry = &journal->entry[journal->done];
		int err = 0;

		if (journal->done == end)
			return 1;
		switch (entry->object.hdr.type) {
		case BINDER_TYPE_BINDER:
		case BINDER_TYPE_WEAK_BINDER:
			err = translate_binder(entry, from, to);
			break;
		case BINDER_TYPE_HANDLE:
		case BINDER_TYPE_WEAK_HANDLE:
			err = translate_handle(entry, from, to);
			break;
		}
		if (err)
			return err;
		port_buffer_write(to->home, buffer->offset + entry->offset, &entry->object,
				  entry->size);
	}
	return 0;
}

static void release_entry(const struct binder_object_entry *entry, struct binder_proc *owner,
			  struct binder_effects *fx)
{
	struct binder_ref *ref;

	if (entry->node) {
		binder_node_dec(entry->node, entry->strong, false, fx);
	} else if (entry->ref_id) {
		/* The owner may have dropped more than it held. */
		ref = binder_ref_by_handle(owner, entry->handle, false);
		if (ref && ref->id == entry->ref_id)
			binder_ref_dec(ref, entry->strong, fx);
	}
}

void binder_journal_end(struct binder_journal *journal)
{
	struct binder_proc *owner;
	struct binder_effects fx;
	u32 end;

	if (!journal)
		return;
	owner = journal->owner;
	while (owner && journal->released < journal->done) {
		binder_lock(owner->ctx, &fx);
		end = owner->dead ? 0 : journal->done; /* its counts went with it */
		if (end > journal->released + BATCH)
			end = journal->released + BATCH;
		while (journal->released < end)
			release_entry(&journal->entry[journal->released++], owner, &fx);
		if (owner->dead)
			journal->released = journal->done;
		binder_unlock(owner->ctx, &fx);
	}
	binder_journal_free(journal);
	binder_proc_put(owner);
}

/* ---- descriptors ------------------------------------------------------------------------ */

int binder_journal_install(struct binder_journal *journal, struct binder_thread *reader)
{
	struct port_file **files;
	s32 *fds;
	u32 i;
	int err;

	if (!journal || !journal->file_count || journal->installed)
		return 0;
	files = port_alloc_array(journal->file_count, sizeof(*files));
	fds = port_alloc_array(journal->file_count, sizeof(*fds));
	if (files && fds) {
		for (i = 0; i < journal->file_count; i++)
			files[i] = journal->files[i].file;
		err = port_files_install(reader->home, files, fds, journal->file_count);
	} else {
		err = -ENOMEM;
	}
	for (i = 0; !err && i < journal->file_count; i++) {
		struct binder_file *file = &journal->files[i];
		u32 number = (u32)fds[i];

		file->fd = fds[i];
		port_buffer_write(reader->proc->home, file->at, &number, sizeof(number));
		port_file_put(file->file);
		file->file = NULL;
	}
	journal->installed = !err;
	port_free(files);
	port_free(fds);
	return err;
}

bool binder_journal_close(struct binder_journal *journal, struct binder_thread *thread)
{
	bool any = false;
	u32 i;

	for (i = 0; journal->installed && i < journal->file_count; i++) {
		if (journal->files[i].close_on_free) {
			port_fd_close(thread->home, journal->files[i].fd);
			any = true;
		}
	}
	return any;
}

void binder_journal_free(struct binder_journal *journal)
{
	u32 i;

	if (!journal)
		return;
	for (i = 0; i < journal->count; i++) {
		binder_charged_free(journal->entry[i].spare_node);
		binder_charged_free(journal->entry[i].spare_ref);
	}
	for (i = 0; i < journal->file_count; i++)
		if (journal->files[i].file)
			port_file_put(journal->files[i].file);
	binder_charged_free(journal->files);
	binder_charged_free(journal->fixups);
	binder_charged_free(journal);
}
