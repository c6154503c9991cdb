/* SPDX-License-Identifier: MIT */
/*
 * parcel.h: bytes, the objects among them, and what both hold alive.
 *
 * A parcel of our own owns its memory, a reference for each binder and a
 * descriptor for each fd in it.  A received one lies in the driver's buffer:
 * read-only, given back with BC_FREE_BUFFER, its descriptors closed.
 */
#ifndef LIBBINDER_PARCEL_H
#define LIBBINDER_PARCEL_H

#include "base/binder.h"
#include "connection/thread.h"
#include "base/utf.h"

#include <sys/types.h>

#define PARCEL_MAX ((size_t)INT32_MAX)

/* What keeps the object alive that starts at the same index of offsets. */
struct parcel_hold {
	AIBinder *binder; /* a reference, or NULL */
	int fd;           /* ours to close, or -1 */
	void *memory;     /* of a buffer object; of an array of descriptors; or NULL */
	size_t fd_count;  /* of that array, ours to close */
};

struct AParcel {
	uint8_t *data;
	size_t size, capacity;
	size_t pos; /* may stand behind the end */
	uint64_t *offsets;
	struct parcel_hold *holds; /* NULL in a received parcel */
	size_t object_count, object_capacity;
	size_t next_object;      /* where the next read of an object looks first */
	ABinderConnection *conn; /* a reference; NULL: the default, at need */
	size_t buffers_size;     /* of its buffer objects, each rounded up to 8 */
	const AIBinder *target;  /* what AIBinder_prepareTransaction() made it for */
	bool received;
	bool sensitive;                /* wiped wherever it is freed, the driver's copy too */
	bool captured;                 /* received by somebody else: captured.h */
	const struct profile *profile; /* of a captured one; NULL: the connection's */
	/* Of a received one, under connection.lock: proxies that live on its references, proxy.c. */
	struct proxy *unacquired;
	bool embedded; /* not malloc()ed by itself */
	uint8_t inside[192];
	uint64_t offsets_inside[2];
	struct parcel_hold holds_inside[2];
};

/* Takes references for all proxies that live on those of the parcel: in the thread's commands,
 * or, if it is NULL, not at all.  connection.lock is held.  proxy.c's. */
extern void (*parcel_acquire_all)(AParcel *parcel, struct thread *t);

/* NULL: no memory. */
AParcel *parcel_new(ABinderConnection *conn);
void parcel_init(AParcel *parcel, ABinderConnection *conn);
/* Takes over a buffer of the driver's; parcel is fresh memory. */
binder_status_t parcel_init_received(AParcel *parcel, ABinderConnection *conn,
				     const struct binder_transaction_data *tr);
/* Releases all but the struct. */
void parcel_clear(AParcel *parcel);
/* NULL is allowed. */
void parcel_delete(AParcel *parcel);

/* Room for size bytes at the position, which moves on by size rounded up to 4;
 * what is added is zeroed.  NULL: no memory, or it was received. */
void *parcel_reserve(AParcel *parcel, size_t size);
binder_status_t parcel_write(AParcel *parcel, const void *data, size_t size);
/* Borrowed bytes from the position, which moves on by size rounded up to 4. */
binder_status_t parcel_read(const AParcel *parcel, size_t size, const void **ret);
/* The same, copied. */
binder_status_t parcel_copy(const AParcel *parcel, void *to, size_t size);
size_t parcel_left(const AParcel *parcel);
binder_status_t parcel_seek(const AParcel *parcel, int32_t position);
/* Why parcel_reserve() returned NULL. */
static inline binder_status_t parcel_no_room(const AParcel *parcel)
{
	return parcel->received ? STATUS_INVALID_OPERATION : STATUS_NO_MEMORY;
}

binder_status_t parcel_write_int32(AParcel *parcel, int32_t value);
binder_status_t parcel_read_int32(const AParcel *parcel, int32_t *ret);
/* A count of elements that take at least element_size bytes each; -1 is null. */
binder_status_t parcel_read_count(const AParcel *parcel, size_t element_size, int32_t *ret);
/* *units is -1 and *ret NULL for the null string. */
binder_status_t parcel_read_string16(const AParcel *parcel, const utf16_unit **ret, int32_t *units);
binder_status_t parcel_write_string16(AParcel *parcel, const char *utf8, size_t length);
/* The next String16 as malloc()ed UTF-8, NULL for null. */
binder_status_t parcel_take_string16(const AParcel *parcel, char **ret);
/* The same, with its length, as it may have a NUL inside. */
binder_status_t parcel_take_text16(const AParcel *parcel, char **ret, size_t *length_ret);
/* NULL is the null string. */
binder_status_t parcel_write_string8(AParcel *parcel, const char *string, int32_t length);
/* malloc()ed; NULL and -1 for null.  length may be NULL. */
binder_status_t parcel_take_string8(const AParcel *parcel, char **ret, int32_t *length);

/* Objects: parcel_object.c. */
/* Takes fd over, in every case. */
binder_status_t parcel_write_fd(AParcel *parcel, int fd);
/* A duplicate of fd. */
binder_status_t parcel_write_fd_copy(AParcel *parcel, int fd);
/* AIDL's ParcelFileDescriptor, of a duplicate of fd; -1 is null. */
binder_status_t parcel_write_file(AParcel *parcel, int fd);
/* The descriptor is the caller's, or -1 for null. */
binder_status_t parcel_take_file(const AParcel *parcel, int *ret);
/* Borrowed. */
binder_status_t parcel_read_fd(const AParcel *parcel, int *ret);
/* For others that write and read objects.  binder and fd are the parcel's on success alone. */
binder_status_t parcel_add_object(AParcel *parcel, const void *object, size_t size,
				  AIBinder *binder, int fd);
/* The index of the object that starts at offset, or -1. */
ssize_t parcel_find_object(const AParcel *parcel, size_t offset);
/* Does it hold a reference to an object of ours, which the driver has yet to take over? */
bool parcel_has_local(const AParcel *parcel);

/*
 * Buffers beside the parcel: parcel_buffer.c.  The driver sets the pointer at offset of buffer
 * object number parent (< 0: none) to where the buffer lies at the receiver.
 */
struct buffer_place {
	ssize_t parent;
	size_t offset;
};

#define BUFFER_ALONE ((struct buffer_place){ .parent = -1 })

/* Copied from data; NULL is a null pointer.  *index_ret, or NULL: its own number, for children. */
binder_status_t parcel_write_buffer(AParcel *parcel, const void *data, size_t size,
				    struct buffer_place place, ssize_t *index_ret);
/* The next object, which has to be a buffer at that place.  Borrowed; NULL for a null pointer. */
binder_status_t parcel_read_buffer(const AParcel *parcel, struct buffer_place place,
				   const void **data_ret, size_t *size_ret, ssize_t *index_ret);
/* Says that count descriptors lie at that place.  Takes them over, in every case. */
binder_status_t parcel_write_fd_array(AParcel *parcel, const int *fds, size_t count,
				      struct buffer_place place);
/* The next object, which has to say so. */
binder_status_t parcel_read_fd_array(const AParcel *parcel, size_t count,
				     struct buffer_place place);

binder_status_t parcel_write_token(AParcel *parcel, const struct profile *profile,
				   const char *descriptor);
/* STATUS_BAD_TYPE: the request is for another interface, or has no token. */
binder_status_t parcel_check_token(const AParcel *parcel, const struct profile *profile,
				   const char *descriptor);
binder_status_t parcel_read_token(const AParcel *parcel, const struct profile *profile, char **ret);
const struct profile *parcel_profile(const AParcel *parcel);

static inline AParcel *parcel_mutable(const AParcel *parcel)
{
	/* The NDK's reading functions take const parcels and move the position. */
	return (AParcel *)(uintptr_t)parcel;
}

#endif
