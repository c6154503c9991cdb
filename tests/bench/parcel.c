/* SPDX-License-Identifier: MIT */
/*
 * parcel.c: what it costs to write and read a parcel of twenty values, six of
 * them strings.  No driver takes part.
 */
#include "bench.h"

#include <errno.h>
#include <string.h>

#include <android/binder_parcel.h>
#include <binder/ext.h>

#define STRINGS 6
#define NUMBERS 7

static const char text[] = "android.os.IServiceManager/default";

struct bench_parcel {
	AParcel *parcel;
	char *read; /* room for what is read, as a caller keeps it */
};

static bool allocate(void *context, int32_t length, char **buffer)
{
	struct bench_parcel *b = context;

	*buffer = b->read;
	return length <= (int32_t)sizeof(text);
}

static int step(void *context)
{
	struct bench_parcel *b = context;
	binder_status_t status = AParcel_reset(b->parcel);
	int64_t wide;
	int32_t word;

	for (int i = 0; i < NUMBERS; i++) {
		status |= AParcel_writeInt32(b->parcel, i);
		status |= AParcel_writeInt64(b->parcel, i);
	}
	for (int i = 0; i < STRINGS; i++)
		status |= AParcel_writeString(b->parcel, text, sizeof(text) - 1);
	status |= AParcel_setDataPosition(b->parcel, 0);
	for (int i = 0; i < NUMBERS; i++) {
		status |= AParcel_readInt32(b->parcel, &word);
		status |= AParcel_readInt64(b->parcel, &wide);
	}
	for (int i = 0; i < STRINGS; i++)
		status |= AParcel_readString(b->parcel, b, allocate);
	return status == STATUS_OK ? 0 : -EIO;
}

double bench_parcel(void)
{
	char room[sizeof(text)];
	struct bench_parcel b = { .parcel = AParcel_create(), .read = room };
	double ns = b.parcel ? bench_measure(step, &b) : -1;

	AParcel_delete(b.parcel);
	return ns;
}
