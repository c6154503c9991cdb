/* SPDX-License-Identifier: MIT */
/*
 * aidl_golden_test.c: every type of AIDL in every Android's dialect, word by word.
 *
 * The words are written down from the facts, once with a place for those that
 * differ: what follows a binder.  tests/aidl/codec_test.c has each type by itself.
 */
#include <string.h>

#include <binder/aidl_data.h>
#include <binder/ext.h>

#include "suites.h"
#include "world.h"

static const char text[] =
	"parcelable All {\n"
	"  @Backing(type=\"byte\") enum Small { S = 7 }\n"
	"  @Backing(type=\"int\") enum Color { RED = 1 }\n"
	"  @Backing(type=\"long\") enum Big { B = 1 }\n"
	"  parcelable Point { int x = 3; @nullable String label; }\n"
	"  parcelable Box<T> { @nullable T t; }\n"
	"  union U { int i = 4; String s; }\n"
	"  interface IFoo { void f(); }\n"
	"  boolean a = true; byte b = -2; char c = 'x'; int d = -3; long e = -2; float f = 1.5f;\n"
	"  double g = 1.0; String h = \"abc\"; @utf8InCpp String i = \"a\"; @nullable String j;\n"
	"  CharSequence k; Small l = Small.S; Color m = Color.RED; Big n = Big.B; U.Tag o;\n"
	"  byte[] p = {1, 2, 3, 4, 5}; boolean[] q = {true, false}; char[] r = {'a'};\n"
	"  int[] s = {1, 2}; long[] t = {-1L}; float[] u = {1.5f}; double[] v = {1.0};\n"
	"  String[] w = {\"a\"}; Small[] x = {Small.S}; @nullable int[] y; List<String> z;\n"
	"  Map<String, String> A; int[2][1] B; Point C; @nullable Point D; Point[] E; U F;\n"
	"  Box<String> G; Box<IBinder> H; ParcelableHolder I; @nullable ParcelFileDescriptor J;\n"
	"  @nullable IBinder K; @nullable IFoo L; @nullable IBinder[] M;\n"
	"}\n";

/* Not the number of a value: here a null binder stands. */
#define NOBODY 0x4e4f4e45
/* Sizes count what the dialect has. */
#define SIZE_OF_ALL 0x53495a45
#define SIZE_OF_BOX 0x53495a46

static const uint32_t words[] = {
	1,
	SIZE_OF_ALL,
	/* a to g */ 1,
	0xfffffffe,
	'x',
	0xfffffffd,
	0xfffffffe,
	0xffffffff,
	0x3fc00000,
	0,
	0x3ff00000,
	/* h, i, j */ 3,
	'a' | 'b' << 16,
	'c',
	1,
	'a',
	0xffffffff,
	/* k to o */ 0,
	7,
	1,
	1,
	0,
	0,
	/* p, q, r */ 5,
	0x04030201,
	5,
	2,
	1,
	0,
	1,
	'a',
	/* s, t */ 2,
	1,
	2,
	1,
	0xffffffff,
	0xffffffff,
	/* u, v */ 1,
	0x3fc00000,
	1,
	0,
	0x3ff00000,
	/* w, x, y, z */ 1,
	1,
	'a',
	1,
	7,
	0xffffffff,
	0,
	/* A, B */ 0,
	2,
	1,
	0,
	1,
	0,
	/* C, D, E, F */ 1,
	12,
	3,
	0xffffffff,
	0,
	0,
	1,
	0,
	4,
	/* G, H */ 1,
	8,
	0xffffffff,
	1,
	SIZE_OF_BOX,
	NOBODY,
	/* I, J */ 1,
	0,
	0,
	0,
	/* K, L, M */ NOBODY,
	NOBODY,
	2,
	NOBODY,
	NOBODY,
};

/* What follows a binder: nothing, or a word. */
static const struct dialect {
	const char *android;
	bool stability;
	uint32_t null, system;
} dialects[] = {
	{ "26", false, 0, 0 },         { "27", false, 0, 0 },     { "28", false, 0, 0 },
	{ "29", false, 0, 0 },         { "30", true, 0, 0x0c },   { "31", true, 1, 0x0c000001 },
	{ "32", true, 1, 0x0c000001 }, { "33", true, 0, 0x0c },   { "34", true, 0, 0x0c },
	{ "35", true, 0, 0x0c },       { "35.1", true, 0, 0x0c }, { "35.2", true, 0, 0x0c },
	{ "36", true, 0, 0x0c },
};
#define DIALECTS ((int)(sizeof(dialects) / sizeof(dialects[0])))

static ABinderConnection *conn;
static struct aidl_library *library;
static struct aidl_codec codec;
static struct aidl_type type;

static void up(void)
{
	const struct aidl_declaration *declaration;

	world_up();
	ck_assert_int_eq(ABinderConnection_open(NULL, &conn), STATUS_OK);
	library = aidl_library_new();
	ck_assert_int_eq(aidl_library_parse(library, "All.aidl", text, strlen(text), &declaration),
			 STATUS_OK);
	codec = (struct aidl_codec){ .library = library };
	type = (struct aidl_type){
		.kind = AIDL_PARCELABLE,
		.name = "All",
		.declaration = declaration,
		.size = -1,
	};
}

static void down(void)
{
	aidl_library_free(library);
	ABinderConnection_close(conn);
	world_down();
}

static size_t put_nobody(const struct dialect *dialect, uint32_t *at)
{
	const uint32_t object[] = { 0x73622a85, 0, 0, 0, 0, 0, dialect->null };
	size_t size = dialect->stability ? 7 : 6;

	memcpy(at, object, size * sizeof(*at));
	return size;
}

/* How many words of the dialect follow from here. */
static size_t expected(const struct dialect *dialect, uint32_t *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i] == NOBODY)
			count += put_nobody(dialect, &ret[count]);
		else if (words[i] == SIZE_OF_BOX)
			ret[count++] = dialect->stability ? 4 + 28 : 4 + 24;
		else
			ret[count++] = words[i];
	}
	ret[1] = (uint32_t)(count - 1) * 4;
	return count;
}

START_TEST(every_type_has_the_words_of_every_android)
{
	struct aidl_data data = { 0 }, read = { 0 };
	struct aidl_data *list;
	uint32_t all[256];
	const uint8_t *bytes;
	AParcel *parcel;
	size_t size, count = expected(&dialects[_i], all);

	ck_assert_int_eq(ABinderConnection_setAndroid(conn, dialects[_i].android), STATUS_OK);
	parcel = AParcel_createOn(conn);
	aidl_data_set_map(&data);
	list = aidl_data_put(&data, "M");
	aidl_data_set_list(list);
	aidl_data_append(list);
	aidl_data_append(list);
	ck_assert_msg(aidl_data_write(&codec, &type, "all", &data, parcel) == STATUS_OK, "%s",
		      codec.error);
	AParcel_getBytes(parcel, &bytes, &size);
	for (size_t i = 0; i < count && i < size / 4; i++)
		ck_assert_msg(!memcmp(bytes + 4 * i, &all[i], 4), "word %zu: %#x expected", i,
			      all[i]);
	ck_assert_uint_eq(size, count * 4);

	AParcel_setDataPosition(parcel, 0);
	ck_assert_msg(aidl_data_read(&codec, &type, "all", parcel, &read) == STATUS_OK, "%s",
		      codec.error);
	ck_assert_int_eq(AParcel_getDataPosition(parcel), (int)size);
	ck_assert_int_eq(aidl_data_get(&read, "d")->integer, -3);
	ck_assert_str_eq(aidl_data_get(&read, "h")->text, "abc");
	ck_assert_uint_eq(aidl_data_get(&read, "M")->count, 2);
	aidl_data_clear(&data);
	aidl_data_clear(&read);
	AParcel_delete(parcel);
}
END_TEST

/* An object's own words are addresses; what follows says how stable it is. */
START_TEST(binder_is_followed_by_the_level_of_every_android)
{
	const struct dialect *dialect = &dialects[_i];
	struct aidl_type binder = { .kind = AIDL_IBINDER, .name = "IBinder", .size = -1 };
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	struct aidl_data data = { 0 };
	const uint8_t *bytes;
	AParcel *parcel;
	size_t size;

	ck_assert_int_eq(ABinderConnection_setAndroid(conn, dialect->android), STATUS_OK);
	parcel = AParcel_createOn(conn);
	aidl_data_set_binder(&data, mine);
	ck_assert_int_eq(aidl_data_write(&codec, &binder, "b", &data, parcel), STATUS_OK);
	AParcel_getBytes(parcel, &bytes, &size);
	ck_assert_uint_eq(size, dialect->stability ? 28 : 24);
	ck_assert_mem_eq(bytes, &(uint32_t){ 0x73622a85 }, 4);
	if (dialect->stability)
		ck_assert_mem_eq(bytes + 24, &dialect->system, 4);
	aidl_data_clear(&data);
	AParcel_delete(parcel);
	AIBinder_decStrong(mine);
}
END_TEST

Suite *aidl_golden_suite(void)
{
	Suite *suite = suite_create("AIDL in every dialect");
	TCase *tcase = tcase_create("golden");

	tcase_add_checked_fixture(tcase, up, down);
	tcase_add_loop_test(tcase, every_type_has_the_words_of_every_android, 0, DIALECTS);
	tcase_add_loop_test(tcase, binder_is_followed_by_the_level_of_every_android, 0, DIALECTS);
	suite_add_tcase(suite, tcase);
	return suite;
}
