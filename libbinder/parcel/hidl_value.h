/* SPDX-License-Identifier: MIT */
/*
 * hidl_value.h: strings, vectors and handles of HIDL, in a parcel.
 *
 * What hwbinder speaks in place of AIDL.  A request is an 8-bit descriptor and
 * the arguments, a reply int32 0 and the results; strings and vectors lie in
 * buffers beside the parcel (scatter-gather), each a child of the struct that
 * points to it.
 */
#ifndef LIBBINDER_HIDL_VALUE_H
#define LIBBINDER_HIDL_VALUE_H

#include "parcel.h"

binder_status_t hidl_write_string(AParcel *parcel, const char *text);
/* *ret is malloc()ed. */
binder_status_t hidl_read_string(const AParcel *parcel, char **ret);
binder_status_t hidl_write_strings(AParcel *parcel, const char *const *texts, size_t count);
/* Both levels are malloc()ed; see hidl_free_strings(). */
binder_status_t hidl_read_strings(const AParcel *parcel, char ***ret, size_t *count_ret);
void hidl_free_strings(char **texts, size_t count);
/* Of numbers, or structures without pointers. */
binder_status_t hidl_write_vec(AParcel *parcel, const void *items, size_t count, size_t item_size);
/* Borrowed. */
binder_status_t hidl_read_vec(const AParcel *parcel, size_t item_size, const void **items_ret,
			      size_t *count_ret);
/* Duplicates the descriptors; NULL is null.  place: of an argument BUFFER_ALONE, else of the pointer
 * in the hidl_handle. */
binder_status_t hidl_write_handle(AParcel *parcel, const ABinderHandle *handle,
				  struct buffer_place place);
/* Borrowed, descriptors too. */
binder_status_t hidl_read_handle(const AParcel *parcel, ABinderHandle *ret, bool *null_ret,
				 struct buffer_place place);

#endif
