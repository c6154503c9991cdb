/* SPDX-License-Identifier: MIT */
/*
 * binder/aidl_c_holder.h: what a ParcelableHolder holds, in C made from AIDL.
 *
 * Part of binder/aidl_c.h, which says what holds for all of it; include that.
 */
#ifndef BINDER_AIDL_C_HOLDER_H
#define BINDER_AIDL_C_HOLDER_H

#include <binder/aidl_c_value.h>

/* ---- what a ParcelableHolder holds ----------------------------------------------------------- */

/*
 * Any parcelable, as the bytes, binders and files that it is sent as.  All zero is an empty one.
 * Book_put_holder() puts a struct Book in, in place of what is there; Book_get_holder() reads one
 * out: STATUS_UNEXPECTED_NULL if the holder is empty, STATUS_BAD_VALUE if it holds another type.
 * What came from others is looked at only then.  Its reader moves about in the parcel, so that
 * one thread at a time may get what a holder has.
 */
struct aidlc_holder {
	char *name; /* of the type: "com.example.Book"; NULL: nothing is held */
	AParcel *parcel;
};

/* An empty one is left. */
static inline void aidlc_free_holder(struct aidlc_holder *holder)
{
	free(holder->name);
	AParcel_delete(holder->parcel);
	holder->name = NULL;
	holder->parcel = NULL;
}

/* In the holder's parcel, as anywhere, a word before a structure says that it is there. */
#define AIDLC_HOLDER_START 4

static inline binder_status_t aidlc_write_held(AParcel *parcel, const struct aidlc_holder *holder)
{
	int32_t start = AParcel_getDataPosition(parcel), end;
	int32_t size = AParcel_getDataSize(holder->parcel) - AIDLC_HOLDER_START;
	binder_status_t status = AParcel_writeInt32(parcel, 0);

	if (status == STATUS_OK)
		status = aidlc_write_string(parcel, holder->name, false);
	end = AParcel_getDataPosition(parcel);
	if (status == STATUS_OK && end != AParcel_getDataSize(parcel))
		status = STATUS_INVALID_OPERATION; /* what follows can stand at the end alone */
	if (status == STATUS_OK)
		status = AParcel_appendFrom(holder->parcel, parcel, AIDLC_HOLDER_START, size);
	if (status == STATUS_OK)
		status = AParcel_setDataPosition(parcel, start);
	/* This size, other than a structure's, does not count itself. */
	if (status == STATUS_OK)
		status = AParcel_writeInt32(parcel, end + size - start - 4);
	return status == STATUS_OK ? AParcel_setDataPosition(parcel, end + size) : status;
}

/* vintf: whether the parcelable that the holder is a field of is @VintfStability. */
static inline binder_status_t aidlc_write_holder(AParcel *parcel, const struct aidlc_holder *holder,
						 bool vintf)
{
	binder_status_t status = AParcel_writeInt32(parcel, 1);

	if (status == STATUS_OK)
		status = AParcel_writeInt32(parcel, vintf);
	if (status != STATUS_OK)
		return status;
	return holder->name ? aidlc_write_held(parcel, holder) : AParcel_writeInt32(parcel, 0);
}

/* The bytes from start to end, and what objects are among them. */
static inline binder_status_t aidlc_copy_held(const AParcel *parcel, int32_t start, int32_t end,
					      AParcel **ret)
{
	AParcel *copy = AParcel_create();
	binder_status_t status = copy ? AParcel_writeInt32(copy, 1) : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		status = AParcel_appendFrom(parcel, copy, start, end - start);
	if (status != STATUS_OK) {
		AParcel_delete(copy);
		return status;
	}
	*ret = copy;
	return STATUS_OK;
}

static inline binder_status_t aidlc_read_held(const AParcel *parcel, int32_t size,
					      struct aidlc_holder *ret)
{
	int32_t start, end = AParcel_getDataPosition(parcel) + size;
	binder_status_t status = aidlc_read_string(parcel, false, &ret->name);

	start = AParcel_getDataPosition(parcel);
	if (status == STATUS_OK && start > end)
		status = STATUS_BAD_VALUE;
	if (status == STATUS_OK)
		status = aidlc_copy_held(parcel, start, end, &ret->parcel);
	return status == STATUS_OK ? AParcel_setDataPosition(parcel, end) : status;
}

static inline binder_status_t aidlc_read_holder(const AParcel *parcel, struct aidlc_holder *ret)
{
	struct aidlc_holder holder = { NULL, NULL };
	int32_t present, stability, size = 0;
	binder_status_t status = AParcel_readInt32(parcel, &present);

	if (status == STATUS_OK && present)
		status = AParcel_readInt32(parcel, &stability);
	if (status == STATUS_OK && present)
		status = AParcel_readInt32(parcel, &size);
	if (status == STATUS_OK &&
	    (size < 0 || size % 4 ||
	     size > AParcel_getDataSize(parcel) - AParcel_getDataPosition(parcel)))
		status = STATUS_BAD_VALUE;
	if (status == STATUS_OK && size)
		status = aidlc_read_held(parcel, size, &holder);
	if (status != STATUS_OK) {
		aidlc_free_holder(&holder);
		return status;
	}
	aidlc_free_holder(ret);
	*ret = holder;
	return STATUS_OK;
}

/* The parcel becomes the holder's, also on failure. */
static inline binder_status_t aidlc_set_holder(struct aidlc_holder *holder, const char *name,
					       AParcel *parcel)
{
	struct aidlc_holder held = { NULL, parcel };
	binder_status_t status = aidlc_set_string(&held.name, name);

	if (status != STATUS_OK) {
		aidlc_free_holder(&held);
		return status;
	}
	aidlc_free_holder(holder);
	*holder = held;
	return STATUS_OK;
}

/* The parcel stands where the structure begins. */
static inline binder_status_t aidlc_look_into_holder(const struct aidlc_holder *holder,
						     const char *name)
{
	if (!holder->name)
		return STATUS_UNEXPECTED_NULL;
	if (strcmp(holder->name, name) != 0)
		return STATUS_BAD_VALUE;
	return AParcel_setDataPosition(holder->parcel, 0);
}

#define AIDLC_DECLARE_HOLDER(name) \
	binder_status_t name##_put_holder(struct aidlc_holder *holder, const struct name *value); \
	binder_status_t name##_get_holder(struct aidlc_holder *holder, struct name *ret);

#define AIDLC_DEFINE_HOLDER(name, qualified) \
	binder_status_t name##_put_holder(struct aidlc_holder *holder, const struct name *value) \
	{ \
		AParcel *parcel = value ? AParcel_create() : NULL; \
		binder_status_t status = value ? STATUS_NO_MEMORY : STATUS_UNEXPECTED_NULL; \
		if (parcel) \
			status = name##_write(parcel, value); \
		if (status == STATUS_OK) \
			return aidlc_set_holder(holder, qualified, parcel); \
		AParcel_delete(parcel); \
		return status; \
	} \
	binder_status_t name##_get_holder(struct aidlc_holder *holder, struct name *ret) \
	{ \
		binder_status_t status = aidlc_look_into_holder(holder, qualified); \
		return status == STATUS_OK ? name##_read(holder->parcel, ret) : status; \
	}

#endif
