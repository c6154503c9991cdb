/* SPDX-License-Identifier: MIT */
/*
 * aidl_parcel.c: bytes of somebody else's, read as what AIDL says is in them.
 *
 * The input is AIDL (or a choice of a declaration that has all types), then a
 * parcel as parcel.c makes them.  Each method's request and reply is read from
 * it; nothing may be left over, and what was read whole can be looked at.
 */
#include "parcel_fuzz.h"

#include <binder/aidl_data.h>

static const char all_types[] =
	"interface I {\n"
	"  @Backing(type=\"int\") enum C { A = 1, B }\n"
	"  enum S { X, Y }\n"
	"  parcelable P { int x = 3; String s; @nullable(heap=true) P next; P[] more; byte[] b; }\n"
	"  union U { int i; String s; P p; U[] us; ParcelFileDescriptor f; }\n"
	"  parcelable Box<T> { T t; @nullable T[] ts; }\n"
	"  parcelable H { ParcelableHolder h; int[2][2] g; String[2] n; }\n"
	"  Map<String, P> m0(boolean z, byte b, char c, int i, long l, float f, double d);\n"
	"  U m1(in P p, in List<String> l, in int[] a, in S[] s, in C[] c);\n"
	"  H m2(in Box<U> b, inout U u, out int[] a, IBinder k, in ParcelFileDescriptor f);\n"
	"  CharSequence m3(in IBinder[] k, in ParcelFileDescriptor[] f, FileDescriptor d);\n"
	"}\n";

/* So deep and so long as it was read. */
static size_t look(const struct aidl_data *data)
{
	size_t seen = 1 + data->length;

	for (size_t i = 0; i < data->count; i++)
		seen += look(&data->item[i]);
	return seen;
}

static void read_method(struct aidl_codec *codec, const struct aidl_method *method,
			const AParcel *parcel)
{
	struct aidl_data data = { 0 };
	binder_status_t status;

	AParcel_setDataPosition(parcel, 0);
	status = aidl_request_read(codec, method, parcel, &data);
	FUZZ_EXPECT(status == STATUS_OK || status == STATUS_NO_MEMORY || codec->error[0],
		    "status %d without a word", status);
	FUZZ_EXPECT(look(&data), "nothing");
	aidl_data_clear(&data);
	AParcel_setDataPosition(parcel, 0);
	status = aidl_reply_read(codec, method, parcel, &data);
	FUZZ_EXPECT(status == STATUS_OK || status == STATUS_NO_MEMORY || codec->error[0],
		    "status %d without a word", status);
	aidl_data_clear(&data);
}

static struct aidl_library *make_library(struct input *in, uint8_t how)
{
	struct aidl_library *library = aidl_library_new();
	const struct aidl_declaration *declaration;
	const char *text = all_types;
	size_t size = strlen(all_types);

	FUZZ_EXPECT(library, "no memory");
	if (how & 2) {
		size = input_u8(in);
		size = size < in->left ? size : in->left;
		text = (const char *)in->data;
		in->data += size;
		in->left -= size;
	}
	aidl_library_parse(library, "input", text, size, &declaration);
	return library;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint8_t how = input_u8(&in);
	int lowest = parcel_fuzz_lowest_fd();
	struct aidl_library *library = make_library(&in, how);
	const struct aidl_declaration *declaration = NULL;
	struct aidl_codec codec = { .library = library };
	struct ABinderCounts before, after;
	AParcel *parcel;

	ABinder_getCounts(&before);
	parcel = how & 1 ? parcel_fuzz_received(&in) : parcel_fuzz_own(&in);
	while ((declaration = aidl_library_next(library, declaration)))
		for (const struct aidl_method *m = declaration->methods; m; m = m->next)
			if (!declaration->broken)
				read_method(&codec, m, parcel);
	parcel_fuzz_end(parcel, how & 1);
	aidl_library_free(library);
	thread_flush(thread_get(parcel_fuzz_connection));
	ABinder_getCounts(&after);
	FUZZ_EXPECT(after.proxies == before.proxies && after.locals == before.locals,
		    "%u proxies, %u objects left", after.proxies, after.locals);
	FUZZ_EXPECT(parcel_fuzz_lowest_fd() == lowest, "descriptor %d is left open", lowest);
	return 0;
}
