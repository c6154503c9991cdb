/* SPDX-License-Identifier: MIT */
/*
 * aidl.c: what it costs to write and read a parcelable of twenty fields by its
 * AIDL.  No driver takes part.
 */
#include "bench.h"

#include <string.h>

#include <binder/aidl_data.h>
#include <binder/ext.h>

static const char text[] =
	"parcelable Twenty {\n"
	"	int a; int b; int c; long d; long e; long f; boolean g; boolean h; byte i; char j;\n"
	"	float k; double l; String m; String n; String o; int[] p; byte[] q; String[] r;\n"
	"	List<String> s; double t;\n"
	"}\n";

struct bench_aidl {
	struct aidl_codec codec;
	struct aidl_type type;
	struct aidl_data data;
	AParcel *parcel;
};

static int write_and_read(void *context)
{
	struct bench_aidl *b = context;
	struct aidl_data read = { 0 };
	binder_status_t status = AParcel_reset(b->parcel);

	if (status == STATUS_OK)
		status = aidl_data_write(&b->codec, &b->type, "v", &b->data, b->parcel);
	if (status == STATUS_OK)
		status = AParcel_setDataPosition(b->parcel, 0);
	if (status == STATUS_OK)
		status = aidl_data_read(&b->codec, &b->type, "v", b->parcel, &read);
	aidl_data_clear(&read);
	return status;
}

static bool fill(struct aidl_data *data)
{
	static const char *const strings[] = { "m", "n", "o" };
	struct aidl_data *item;

	aidl_data_set_map(data);
	for (size_t i = 0; i < 3; i++) {
		item = aidl_data_put(data, strings[i]);
		if (!item || !aidl_data_set_string(item, "twenty letters, fair", 20))
			return false;
	}
	item = aidl_data_put(data, "p");
	if (!item)
		return false;
	aidl_data_set_list(item);
	for (int i = 0; i < 16; i++) {
		struct aidl_data *number = aidl_data_append(item);

		if (!number)
			return false;
		aidl_data_set_integer(number, i);
	}
	return true;
}

double bench_aidl(void)
{
	struct aidl_library *library = aidl_library_new();
	struct bench_aidl b = { .codec = { .library = library } };
	const struct aidl_declaration *declaration = NULL;
	double ns = -1;

	if (library && aidl_library_parse(library, "Twenty.aidl", text, strlen(text),
					  &declaration) == STATUS_OK) {
		b.type = (struct aidl_type){ .kind = AIDL_PARCELABLE,
					     .name = declaration->qualified,
					     .declaration = declaration,
					     .size = -1 };
		b.parcel = AParcel_create();
	}
	if (b.parcel && fill(&b.data))
		ns = bench_measure(write_and_read, &b);
	aidl_data_clear(&b.data);
	AParcel_delete(b.parcel);
	aidl_library_free(library);
	return ns;
}
