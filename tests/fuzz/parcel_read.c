/* SPDX-License-Identifier: MIT */
/*
 * parcel_read.c: every function that reads from a parcel.
 *
 * Called by parcel.c.  Outputs must be untouched by a read that fails, and the
 * position must stay within the data.
 */
#include "parcel_fuzz.h"

#include <android/binder_status.h>
#include <unistd.h>

#define UNTOUCHED 0x5a

/* ---- allocators: exactly as much as was asked for --------------------------------------- */

struct room {
	void *memory;
	size_t count;
	bool refuses;
	char *strings[64];
};

static bool make(struct room *room, int32_t length, size_t size, void **buffer)
{
	FUZZ_EXPECT(length >= -1, "a length of %d", length);
	if (room->refuses)
		return false;
	if (length < 0)
		return true;
	room->count = (size_t)length;
	room->memory = malloc((size_t)length * size + 1);
	*buffer = room->memory;
	return room->memory;
}

#define ALLOCATOR(name, type) \
	static bool make_##name(void *data, int32_t length, type **buffer) \
	{ \
		void *memory = NULL; \
		bool made = make(data, length, sizeof(type), &memory); \
\
		if (buffer) \
			*buffer = memory; \
		return made; \
	}

ALLOCATOR(int32, int32_t)
ALLOCATOR(uint32, uint32_t)
ALLOCATOR(int64, int64_t)
ALLOCATOR(uint64, uint64_t)
ALLOCATOR(float, float)
ALLOCATOR(double, double)
ALLOCATOR(char, char16_t)
ALLOCATOR(byte, int8_t)
ALLOCATOR(string, char)

static bool make_bools(void *data, int32_t length)
{
	void *memory;

	return make(data, length, 1, &memory);
}

static void set_bool(void *data, size_t index, bool value)
{
	struct room *room = data;

	FUZZ_EXPECT(index < room->count, "element %zu of %zu", index, room->count);
	((bool *)room->memory)[index] = value;
}

static bool make_strings(void *data, int32_t length)
{
	struct room *room = data;

	room->count = length < 0 ? 0 : (size_t)length;
	return !room->refuses;
}

static bool make_element(void *data, size_t index, int32_t length, char **buffer)
{
	struct room *room = data;

	FUZZ_EXPECT(index < room->count, "element %zu of %zu", index, room->count);
	if (length < 0)
		return true;
	free(room->strings[index % 64]);
	room->strings[index % 64] = *buffer = malloc((size_t)length);
	return *buffer;
}

static void empty(struct room *room)
{
	free(room->memory);
	for (size_t i = 0; i < 64; i++)
		free(room->strings[i]);
	memset(room, 0, sizeof(*room));
}

/* ---- reads ------------------------------------------------------------------------------- */

struct elements {
	struct input *in;
	int depth;
};

static binder_status_t read_element(const AParcel *parcel, void *data, size_t index)
{
	struct elements *elements = data;
	int32_t before = AParcel_getDataPosition(parcel);

	parcel_fuzz_read(elements->in, parcel, elements->depth + 1);
	return AParcel_getDataPosition(parcel) == before ? STATUS_BAD_VALUE : STATUS_OK;
}

static bool accept_elements(void *data, int32_t length)
{
	return length < 1000;
}

#define SCALAR(Name, type) \
	do { \
		type value_; \
\
		memset(&value_, UNTOUCHED, sizeof(value_)); \
		if (AParcel_read##Name(parcel, &value_)) \
			FUZZ_EXPECT(*(unsigned char *)&value_ == UNTOUCHED, \
				    "a read that failed wrote its output"); \
	} while (0)
#define ARRAY(Name, name) AParcel_read##Name##Array(parcel, &room, make_##name)

static void read_scalar(const AParcel *parcel, uint8_t which)
{
	unsigned char out[sizeof(bool)];

	switch (which % 9) {
	case 0:
		SCALAR(Int32, int32_t);
		break;
	case 1:
		SCALAR(Uint32, uint32_t);
		break;
	case 2:
		SCALAR(Int64, int64_t);
		break;
	case 3:
		SCALAR(Uint64, uint64_t);
		break;
	case 4:
		SCALAR(Float, float);
		break;
	case 5:
		SCALAR(Double, double);
		break;
	case 6:
		SCALAR(Char, char16_t);
		break;
	case 7:
		SCALAR(Byte, int8_t);
		break;
	default:
		AParcel_readBool(parcel, (bool *)out);
	}
}

static void read_array(struct input *in, const AParcel *parcel, uint8_t which, int depth)
{
	struct room room = { .refuses = (which & 0xf0) == 0xf0 };
	struct elements elements = { in, depth };

	switch (which % 11) {
	case 0:
		ARRAY(Int32, int32);
		break;
	case 1:
		ARRAY(Uint32, uint32);
		break;
	case 2:
		ARRAY(Int64, int64);
		break;
	case 3:
		ARRAY(Uint64, uint64);
		break;
	case 4:
		ARRAY(Float, float);
		break;
	case 5:
		ARRAY(Double, double);
		break;
	case 6:
		ARRAY(Char, char);
		break;
	case 7:
		ARRAY(Byte, byte);
		break;
	case 8:
		AParcel_readBoolArray(parcel, &room, make_bools, set_bool);
		break;
	case 9:
		AParcel_readStringArray(parcel, &room, make_strings, make_element);
		break;
	default:
		if (depth < 3)
			AParcel_readParcelableArray(parcel, &elements, accept_elements,
						    read_element);
	}
	empty(&room);
}

static void read_string(const AParcel *parcel, uint8_t which)
{
	struct room room = { .refuses = (which & 0xf0) == 0xf0 };
	char *text = NULL;
	int32_t length;

	switch (which % 4) {
	case 0:
		AParcel_readString(parcel, &room, make_string);
		break;
	case 1:
		AParcel_readString8(parcel, &text, &length);
		break;
	case 2:
		AParcel_readString16(parcel, &text);
		break;
	default:
		AParcel_readInterfaceToken(parcel, &text);
	}
	/* Strings are ended. */
	if (text)
		FUZZ_EXPECT(strlen(text) < DRIVER_MEMORY * 4, "no end");
	free(text);
	empty(&room);
}

static void read_object(struct input *in, const AParcel *parcel, uint8_t which)
{
	AIBinder *binder = NULL;
	AStatus *status = NULL;
	const void *raw;
	uint64_t number;
	int fd = -1;

	switch (which % 6) {
	case 0:
		if (!AParcel_readStrongBinder(parcel, &binder))
			AIBinder_decStrong(binder);
		else
			FUZZ_EXPECT(!binder, "a read that failed wrote its output");
		break;
	case 1:
		if (!AParcel_readParcelFileDescriptor(parcel, &fd) && fd >= 0)
			close(fd);
		break;
	case 2:
		AParcel_readFd(parcel, &fd);
		break;
	case 3:
		if (!AParcel_readStatusHeader(parcel, &status)) {
			AStatus_getMessage(status);
			AStatus_delete(status);
		}
		break;
	case 4:
		AParcel_getObjectAt(parcel, input_u8(in), &number);
		break;
	default:
		if (!AParcel_readRaw(parcel, input_u8(in), &raw))
			FUZZ_EXPECT(raw, "nothing was read");
	}
}

void parcel_fuzz_read(struct input *in, const AParcel *parcel, int depth)
{
	uint8_t what = input_u8(in), which = input_u8(in);

	switch (what % 6) {
	case 0:
		read_scalar(parcel, which);
		break;
	case 1:
		read_array(in, parcel, which, depth);
		break;
	case 2:
		read_string(parcel, which);
		break;
	case 3:
	case 4:
		read_object(in, parcel, which);
		break;
	default:
		AParcel_setDataPosition(parcel, (int8_t)which);
	}
	FUZZ_EXPECT((size_t)AParcel_getDataPosition(parcel) <= parcel->size, "position %d of %zu",
		    AParcel_getDataPosition(parcel), parcel->size);
}
