/* SPDX-License-Identifier: MIT */
/*
 * parcel.c: bytes of somebody else's in a parcel, and reads in any order.
 *
 * The parcel is one of our own (AParcel_unmarshal()) or one that came from a
 * driver, with objects where a driver would leave some; around and under them
 * lies what the input says.
 */
#include "parcel_fuzz.h"

/* Parts of it into one of our own, which is then read as well. */
static void copy_parts(struct input *in, const AParcel *from)
{
	AParcel *to = AParcel_createOn(parcel_fuzz_connection);
	uint8_t parts = input_u8(in) & 3, reads = input_u8(in) & 7;
	uint8_t bytes[64];

	FUZZ_EXPECT(to, "no memory");
	while (parts--)
		AParcel_appendFrom(from, to, (int16_t)input_u16(in), (int16_t)input_u16(in));
	AParcel_marshal(to, bytes, input_u8(in), reads);
	AParcel_setDataPosition(to, 0);
	while (reads--)
		parcel_fuzz_read(in, to, 0);
	AParcel_delete(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint8_t how = input_u8(&in);
	bool received = how & 1;
	int lowest = parcel_fuzz_lowest_fd();
	struct ABinderCounts before, after;
	AParcel *parcel;

	ABinder_getCounts(&before);
	parcel = received ? parcel_fuzz_received(&in) : parcel_fuzz_own(&in);
	while (!input_empty(&in)) {
		if (in.data[0] == 0xff) {
			input_u8(&in);
			copy_parts(&in, parcel);
		} else {
			parcel_fuzz_read(&in, parcel, 0);
		}
	}
	parcel_fuzz_end(parcel, received);
	thread_flush(thread_get(parcel_fuzz_connection));
	ABinder_getCounts(&after);
	FUZZ_EXPECT(after.proxies == before.proxies && after.parcels == before.parcels &&
			    after.locals == before.locals,
		    "%u proxies, %u parcels, %u objects left", after.proxies, after.parcels,
		    after.locals);
	FUZZ_EXPECT(parcel_fuzz_lowest_fd() == lowest, "descriptor %d is left open", lowest);
	return 0;
}
