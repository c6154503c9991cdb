/* SPDX-License-Identifier: MIT */
/*
 * android/binder_parcel.h: the data of a call or of its answer.
 *
 * Writes go to the current position, reads come from it, and both move it on.
 * Names, semantics and layout on the wire are those of Android's NDK.  Reads
 * check everything: STATUS_NOT_ENOUGH_DATA, STATUS_BAD_TYPE and
 * STATUS_BAD_VALUE are what damaged or hostile data lead to; the output is
 * then untouched.  A parcel is used by one thread at a time.
 *
 * Arrays are read through allocators: the function is called once with the
 * length (-1 for a null array), makes room, and stores where.  It returns
 * false to refuse: STATUS_NO_MEMORY.  Strings likewise, where length counts
 * the closing NUL.
 */
#ifndef ANDROID_BINDER_PARCEL_H
#define ANDROID_BINDER_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

#include <android/binder_status.h>

#ifdef __cplusplus
extern "C" {
#endif

struct AIBinder;
typedef struct AIBinder AIBinder;
struct AParcel;
typedef struct AParcel AParcel;

/* ---- the parcel itself --------------------------------------------------- */

/* Empty, for the process's default connection.  NULL: no memory. */
AParcel *AParcel_create(void);
/* Releases what it holds: references, descriptors, the driver's buffer.  NULL is allowed. */
void AParcel_delete(AParcel *parcel);
/* Empties a parcel that was not received.  STATUS_INVALID_OPERATION for one that was. */
binder_status_t AParcel_reset(AParcel *parcel);
/* Only to where AParcel_getDataPosition() has been.  STATUS_BAD_VALUE: outside. */
binder_status_t AParcel_setDataPosition(const AParcel *parcel, int32_t position);
int32_t AParcel_getDataPosition(const AParcel *parcel);
/* In bytes. */
int32_t AParcel_getDataSize(const AParcel *parcel);
size_t AParcel_getDataCapacity(const AParcel *parcel);
/* Makes room beforehand; never shrinks. */
binder_status_t AParcel_setDataCapacity(AParcel *parcel, size_t capacity);
/* Copies bytes, and takes references to the objects that lie wholly within.  Positions count
 * from the start of from; it is appended at the end of to. */
binder_status_t AParcel_appendFrom(const AParcel *from, AParcel *to, int32_t start, int32_t size);
/* Bytes out and in.  STATUS_INVALID_OPERATION when there are objects or descriptors. */
binder_status_t AParcel_marshal(const AParcel *parcel, uint8_t *buffer, size_t start, size_t len);
binder_status_t AParcel_unmarshal(AParcel *parcel, const uint8_t *buffer, size_t len);

/* ---- single values ------------------------------------------------------- */

binder_status_t AParcel_writeInt32(AParcel *parcel, int32_t value);
binder_status_t AParcel_writeUint32(AParcel *parcel, uint32_t value);
binder_status_t AParcel_writeInt64(AParcel *parcel, int64_t value);
binder_status_t AParcel_writeUint64(AParcel *parcel, uint64_t value);
binder_status_t AParcel_writeFloat(AParcel *parcel, float value);
binder_status_t AParcel_writeDouble(AParcel *parcel, double value);
binder_status_t AParcel_writeBool(AParcel *parcel, bool value);
binder_status_t AParcel_writeChar(AParcel *parcel, char16_t value);
binder_status_t AParcel_writeByte(AParcel *parcel, int8_t value);

binder_status_t AParcel_readInt32(const AParcel *parcel, int32_t *value);
binder_status_t AParcel_readUint32(const AParcel *parcel, uint32_t *value);
binder_status_t AParcel_readInt64(const AParcel *parcel, int64_t *value);
binder_status_t AParcel_readUint64(const AParcel *parcel, uint64_t *value);
binder_status_t AParcel_readFloat(const AParcel *parcel, float *value);
binder_status_t AParcel_readDouble(const AParcel *parcel, double *value);
binder_status_t AParcel_readBool(const AParcel *parcel, bool *value);
binder_status_t AParcel_readChar(const AParcel *parcel, char16_t *value);
binder_status_t AParcel_readByte(const AParcel *parcel, int8_t *value);

/* ---- strings: UTF-8 here, UTF-16 on the wire ----------------------------- */

typedef bool (*AParcel_stringAllocator)(void *stringData, int32_t length, char **buffer);

/* length in bytes, without a NUL; (NULL, -1) writes the null string.  STATUS_BAD_VALUE: not
 * UTF-8. */
binder_status_t AParcel_writeString(AParcel *parcel, const char *string, int32_t length);
binder_status_t AParcel_readString(const AParcel *parcel, void *stringData,
				   AParcel_stringAllocator allocator);

/* ---- objects and descriptors --------------------------------------------- */

/* The parcel takes a reference of its own.  NULL is allowed. */
binder_status_t AParcel_writeStrongBinder(AParcel *parcel, AIBinder *binder);
/* *binder: a reference for the caller, or NULL. */
binder_status_t AParcel_readStrongBinder(const AParcel *parcel, AIBinder **binder);
/* The parcel keeps a duplicate; -1 writes a null ParcelFileDescriptor. */
binder_status_t AParcel_writeParcelFileDescriptor(AParcel *parcel, int fd);
/* *fd: a duplicate that the caller closes, or -1. */
binder_status_t AParcel_readParcelFileDescriptor(const AParcel *parcel, int *fd);

/* ---- what a reply starts with -------------------------------------------- */

/* EX_TRANSACTION_FAILED is not written: its status comes back, to be returned from
 * onTransact. */
binder_status_t AParcel_writeStatusHeader(AParcel *parcel, const AStatus *status);
/* *status is the caller's. */
binder_status_t AParcel_readStatusHeader(const AParcel *parcel, AStatus **status);

/* ---- arrays -------------------------------------------------------------- */

typedef bool (*AParcel_int32ArrayAllocator)(void *arrayData, int32_t length, int32_t **outBuffer);
typedef bool (*AParcel_uint32ArrayAllocator)(void *arrayData, int32_t length, uint32_t **outBuffer);
typedef bool (*AParcel_int64ArrayAllocator)(void *arrayData, int32_t length, int64_t **outBuffer);
typedef bool (*AParcel_uint64ArrayAllocator)(void *arrayData, int32_t length, uint64_t **outBuffer);
typedef bool (*AParcel_floatArrayAllocator)(void *arrayData, int32_t length, float **outBuffer);
typedef bool (*AParcel_doubleArrayAllocator)(void *arrayData, int32_t length, double **outBuffer);
typedef bool (*AParcel_charArrayAllocator)(void *arrayData, int32_t length, char16_t **outBuffer);
typedef bool (*AParcel_byteArrayAllocator)(void *arrayData, int32_t length, int8_t **outBuffer);
typedef bool (*AParcel_boolArrayAllocator)(void *arrayData, int32_t length);
typedef bool (*AParcel_boolArrayGetter)(const void *arrayData, size_t index);
typedef void (*AParcel_boolArraySetter)(void *arrayData, size_t index, bool value);

/* length -1 writes a null array, whatever the pointer. */
binder_status_t AParcel_writeInt32Array(AParcel *parcel, const int32_t *arrayData, int32_t length);
binder_status_t AParcel_writeUint32Array(AParcel *parcel, const uint32_t *arrayData,
					 int32_t length);
binder_status_t AParcel_writeInt64Array(AParcel *parcel, const int64_t *arrayData, int32_t length);
binder_status_t AParcel_writeUint64Array(AParcel *parcel, const uint64_t *arrayData,
					 int32_t length);
binder_status_t AParcel_writeFloatArray(AParcel *parcel, const float *arrayData, int32_t length);
binder_status_t AParcel_writeDoubleArray(AParcel *parcel, const double *arrayData, int32_t length);
binder_status_t AParcel_writeCharArray(AParcel *parcel, const char16_t *arrayData, int32_t length);
binder_status_t AParcel_writeByteArray(AParcel *parcel, const int8_t *arrayData, int32_t length);
binder_status_t AParcel_writeBoolArray(AParcel *parcel, const void *arrayData, int32_t length,
				       AParcel_boolArrayGetter getter);

binder_status_t AParcel_readInt32Array(const AParcel *parcel, void *arrayData,
				       AParcel_int32ArrayAllocator allocator);
binder_status_t AParcel_readUint32Array(const AParcel *parcel, void *arrayData,
					AParcel_uint32ArrayAllocator allocator);
binder_status_t AParcel_readInt64Array(const AParcel *parcel, void *arrayData,
				       AParcel_int64ArrayAllocator allocator);
binder_status_t AParcel_readUint64Array(const AParcel *parcel, void *arrayData,
					AParcel_uint64ArrayAllocator allocator);
binder_status_t AParcel_readFloatArray(const AParcel *parcel, void *arrayData,
				       AParcel_floatArrayAllocator allocator);
binder_status_t AParcel_readDoubleArray(const AParcel *parcel, void *arrayData,
					AParcel_doubleArrayAllocator allocator);
binder_status_t AParcel_readCharArray(const AParcel *parcel, void *arrayData,
				      AParcel_charArrayAllocator allocator);
binder_status_t AParcel_readByteArray(const AParcel *parcel, void *arrayData,
				      AParcel_byteArrayAllocator allocator);
binder_status_t AParcel_readBoolArray(const AParcel *parcel, void *arrayData,
				      AParcel_boolArrayAllocator allocator,
				      AParcel_boolArraySetter setter);

typedef bool (*AParcel_stringArrayAllocator)(void *arrayData, int32_t length);
typedef bool (*AParcel_stringArrayElementAllocator)(void *arrayData, size_t index, int32_t length,
						    char **buffer);
/* The string at index, with its length in bytes; NULL and -1 for the null string. */
typedef const char *(*AParcel_stringArrayElementGetter)(const void *arrayData, size_t index,
							int32_t *outLength);

binder_status_t AParcel_writeStringArray(AParcel *parcel, const void *arrayData, int32_t length,
					 AParcel_stringArrayElementGetter getter);
binder_status_t AParcel_readStringArray(const AParcel *parcel, void *arrayData,
					AParcel_stringArrayAllocator allocator,
					AParcel_stringArrayElementAllocator elementAllocator);

typedef bool (*AParcel_parcelableArrayAllocator)(void *arrayData, int32_t length);
typedef binder_status_t (*AParcel_writeParcelableElement)(AParcel *parcel, const void *arrayData,
							  size_t index);
typedef binder_status_t (*AParcel_readParcelableElement)(const AParcel *parcel, void *arrayData,
							 size_t index);

binder_status_t AParcel_writeParcelableArray(AParcel *parcel, const void *arrayData, int32_t length,
					     AParcel_writeParcelableElement elementWriter);
binder_status_t AParcel_readParcelableArray(const AParcel *parcel, void *arrayData,
					    AParcel_parcelableArrayAllocator allocator,
					    AParcel_readParcelableElement elementReader);

#ifdef __cplusplus
}
#endif
#endif
