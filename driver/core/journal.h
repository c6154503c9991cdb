/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * journal.h: the objects of a payload, from the sender's bytes to the receiver's
 * counts and back.
 *
 * Made by object.c, with sg.c for payloads in several pieces, on behalf of
 * transaction.c; undone by finish.c.
 */
#ifndef BINDER_JOURNAL_H
#define BINDER_JOURNAL_H

#include "types.h"

/*
 * What is known of a payload's objects, in driver memory: nothing is ever read
 * from the buffer again, neither to translate nor to undo.
 */
union binder_object {
	struct binder_object_header hdr;
	struct flat_binder_object flat;
	struct binder_fd_object fd;
	struct binder_buffer_object ptr;
	struct binder_fd_array_object fda;
};

struct binder_object_entry {
	union binder_object object;
	size_t offset; /* in the payload */
	size_t size;
	/* A count that the buffer holds in its receiver: on its own node, or on a handle. */
	bool strong;
	struct binder_node *node;
	u32 handle, ref_id;
	struct binder_node *spare_node;
	struct binder_ref *spare_ref;
	/* BINDER_TYPE_PTR: where its bytes go, and what is to be changed in them. */
	size_t extra_at;
	u64 source;                  /* the sender's address of the bytes */
	u32 first_fixup, last_fixup; /* index + 1 in fixups; 0: none */
};

/* A descriptor that the receiver is to get. */
struct binder_file {
	struct port_file *file; /* held until installed */
	size_t at;              /* where its number goes, from the start of the receive buffer */
	s32 fd;                 /* once installed */
	bool close_on_free;     /* from a BINDER_TYPE_FDA */
};

/* A place in a PTR's bytes that is not copied: a pointer to write, or room for descriptors. */
struct binder_fixup {
	size_t at;   /* in the parent's bytes */
	size_t size; /* how many bytes are left out */
	u64 value;   /* written there when size is 8 and is_pointer */
	bool is_pointer;
	u32 next; /* index + 1 */
};

struct binder_journal {
	struct binder_journal *next; /* in struct binder_effects */
	struct binder_proc *owner;   /* whose counts those are; referenced once they are to go */
	u32 count;
	u32 done;     /* entries that took counts: the first so many */
	u32 released; /* of these: that gave them back */
	u32 handles;  /* entries that may take a handle */
	bool installed;
	struct binder_file *files;
	u32 file_count, file_room;
	struct binder_fixup *fixups;
	u32 fixup_count;
	struct binder_object_entry entry[];
};

struct binder_fill { /* one payload on its way into a buffer */
	struct binder_thread *from;
	struct binder_proc *to;
	struct binder_buffer *buffer;
	u64 data_addr, offsets_addr; /* in the sender */
	bool accepts_fds;
};

/*
 * Reads the offsets array into driver memory, checks all of it, copies the
 * payload into the buffer around the objects, and the objects into the
 * journal.  Unlocked; the buffer is RESERVED.  *ret is NULL when there are none.
 */
int binder_journal_fill(const struct binder_fill *fill, struct binder_journal **ret);
/* Memory that commit may need.  Unlocked.  0, -EDQUOT or -ENOMEM. */
int binder_journal_provide(struct binder_journal *journal, struct binder_proc *from,
			   struct binder_proc *to);
/* Translates the next objects and writes them to the buffer.  0: done; 1: not all yet; or why. */
int binder_journal_commit(struct binder_journal *journal, struct binder_thread *from,
			  struct binder_proc *to, struct binder_buffer *buffer);
/* Gives back the counts that the objects hold, and frees it.  Unlocked. */
void binder_journal_end(struct binder_journal *journal);
/* Gives the reader its descriptors and writes their numbers to the buffer.  Unlocked. */
int binder_journal_install(struct binder_journal *journal, struct binder_thread *reader);
/* Closes the descriptors of arrays; true if there were any.  Unlocked. */
bool binder_journal_close(struct binder_journal *journal, struct binder_thread *thread);
void binder_journal_free(struct binder_journal *journal);
/* Room for count more files; a file is held by the journal from then on. */
int binder_journal_add_file(struct binder_journal *journal, const struct binder_fill *fill, s32 fd,
			    size_t at, bool close_on_free);

/* ---- sg.c: payloads in several pieces (BINDER_TYPE_PTR, BINDER_TYPE_FDA) --------------------- */

/* Checks these objects in order, then copies their bytes around the fix-ups. */
int binder_sg_fill(struct binder_journal *journal, const struct binder_fill *fill);

#endif
