/* SPDX-License-Identifier: MIT */
/*
 * profile_test.c: every Android's dialect, word by word.
 *
 * The words stand here as the wire has them, not as our tables do.  A manager
 * of this test's own keeps each request and answers with words of the test's.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "object/detect.h"
#include "parcel/parcel.h"
#include "suites.h"
#include "world.h"

#define POLICY_OLD 0x00400000u
#define POLICY 0x80000000u
#define UNSET 0xffffffffu
#define SYST 0x53595354u
#define VNDR 0x564e4452u

#define MAX_HEADER 3

static const struct golden {
	const char *word;
	const char *name;
	uint32_t header[MAX_HEADER];
	size_t header_words;
	bool stability;
	uint32_t system, vendor, null; /* stability words */
	uint32_t check, add, list;     /* codes of the service manager */
	bool priority;                 /* addService and listServices take one */
} goldens[] = {
	{ "26", "Android 8", { POLICY_OLD }, 1, false, 0, 0, 0, 2, 3, 4, false },
	{ "28", "Android 9", { POLICY_OLD }, 1, false, 0, 0, 0, 2, 3, 4, true },
	{ "29", "Android 10", { POLICY, UNSET }, 2, false, 0, 0, 0, 2, 3, 4, true },
	{ "30", "Android 11", { POLICY, UNSET, SYST }, 3, true, 0x0c, 0x03, 0, 2, 3, 4, true },
	{ "31",
	  "Android 12 and 12L",
	  { POLICY, UNSET, SYST },
	  3,
	  true,
	  0x0c000001,
	  0x03000001,
	  0x00000001,
	  2,
	  3,
	  4,
	  true },
	{ "33", "Android 13", { POLICY, UNSET, SYST }, 3, true, 0x0c, 0x03, 0, 2, 3, 4, true },
	{ "34",
	  "Android 14, and 15 up to r5",
	  { POLICY, UNSET, SYST },
	  3,
	  true,
	  0x0c,
	  0x03,
	  0,
	  2,
	  3,
	  4,
	  true },
	{ "35.1",
	  "Android 15 from r6 (QPR1)",
	  { POLICY, UNSET, SYST },
	  3,
	  true,
	  0x0c,
	  0x03,
	  0,
	  3,
	  4,
	  5,
	  true },
	{ "35.2",
	  "Android 15 from r20 (QPR2)",
	  { POLICY, UNSET, SYST },
	  3,
	  true,
	  0x0c,
	  0x03,
	  0,
	  3,
	  4,
	  5,
	  true },
	{ "36",
	  "Android 16 and later",
	  { POLICY, UNSET, SYST },
	  3,
	  true,
	  0x0c,
	  0x03,
	  0,
	  4,
	  5,
	  6,
	  true },
};
#define GOLDENS ((int)(sizeof(goldens) / sizeof(goldens[0])))

/* ---- words --------------------------------------------------------------- */

struct words {
	uint32_t at[256];
	size_t count;
};

static void put(struct words *words, uint32_t word)
{
	words->at[words->count++] = word;
}

/* int32 length, units, NUL, padding; ASCII alone. */
static void put_string(struct words *words, const char *text)
{
	size_t length = strlen(text);

	put(words, length);
	for (size_t i = 0; i <= length; i += 2)
		put(words, (uint32_t)(uint8_t)text[i] |
				   (i < length ? (uint32_t)(uint8_t)text[i + 1] << 16 : 0));
}

static void put_header(struct words *words, const struct golden *golden, const char *descriptor)
{
	for (size_t i = 0; i < golden->header_words; i++)
		put(words, golden->header[i]);
	put_string(words, descriptor);
}

static void put_null_binder(struct words *words, const struct golden *golden)
{
	put(words, 0x73622a85);
	for (int i = 0; i < 5; i++)
		put(words, 0);
	if (golden->stability)
		put(words, golden->null);
}

static void is_words(const AParcel *parcel, const struct words *words)
{
	const uint8_t *data;
	size_t size;

	AParcel_getBytes(parcel, &data, &size);
	ck_assert_uint_eq(size, words->count * 4);
	ck_assert_mem_eq(data, words->at, size);
}

/* ---- a manager that does as it is told ----------------------------------- */

/* Of another process, as a device's manager cannot call itself; both see this. */
static struct {
	transaction_code_t code; /* of the last request */
	uint8_t request[1024];
	size_t size;
	struct words answer;
} * manager;

static pid_t manager_pid;
static ABinderConnection *conn;

static void *as_it_is(void *args)
{
	return args;
}

static void nothing(void *data) {}

static binder_status_t keep(AIBinder *binder, transaction_code_t code, const AParcel *in,
			    AParcel *out)
{
	const uint8_t *data;

	manager->code = code;
	AParcel_getBytes(in, &data, &manager->size);
	memcpy(manager->request, data,
	       manager->size < sizeof(manager->request) ? manager->size : sizeof(manager->request));
	return AParcel_writeRaw(out, manager->answer.at, manager->answer.count * 4);
}

static void serve(int ready)
{
	AIBinder_Class *clazz =
		AIBinder_Class_define("android.os.IServiceManager", as_it_is, nothing, keep);
	AIBinder *object = AIBinder_new(clazz, NULL);
	ABinderConnection *serving;

	AIBinder_Class_disableInterfaceTokenHeader(clazz);
	if (ABinderConnection_open(NULL, &serving) ||
	    ABinderConnection_becomeContextManager(serving, object) || write(ready, "", 1) != 1)
		_exit(1);
	ABinderConnection_joinThreadPool(serving);
	_exit(0);
}

static void up(void)
{
	int ready[2];
	char byte;

	world_up();
	unsetenv("BINDER_ANDROID");
	unsetenv("BINDER_DOMAIN");
	manager = mmap(NULL, sizeof(*manager), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	ck_assert_ptr_ne(manager, MAP_FAILED);
	ck_assert_int_eq(pipe(ready), 0);
	manager_pid = fork();
	if (manager_pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(ready[1]);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	ck_assert_int_eq(ABinderConnection_open(NULL, &conn), STATUS_OK);
}

static void down(void)
{
	ABinderConnection_close(conn);
	peer_kill(manager_pid);
	munmap(manager, sizeof(*manager));
	world_down();
}

static void was_asked(uint32_t code, const struct words *words)
{
	ck_assert_uint_eq(manager->code, code);
	ck_assert_uint_eq(manager->size, words->count * 4);
	ck_assert_mem_eq(manager->request, words->at, manager->size);
}

static void say(const char *word)
{
	ck_assert_int_eq(ABinderConnection_setAndroid(conn, word), STATUS_OK);
}

/* ---- requests and binders ------------------------------------------------ */

START_TEST(request_header_and_binders_have_the_versions_words)
{
	const struct golden *golden = &goldens[_i];
	struct words words = { .count = 0 };
	AParcel *parcel = AParcel_createOn(conn);
	AIBinder *binder = (AIBinder *)parcel, *mine = AIBinder_new(test_class(), NULL);
	const uint8_t *data;
	char *descriptor;
	size_t size;

	say(golden->word);
	AParcel_writeInterfaceToken(parcel, "a.B");
	AParcel_writeStrongBinder(parcel, NULL);
	put_header(&words, golden, "a.B");
	put_null_binder(&words, golden);
	is_words(parcel, &words);
	AParcel_setDataPosition(parcel, 0);
	ck_assert_int_eq(AParcel_readInterfaceToken(parcel, &descriptor), STATUS_OK);
	ck_assert_str_eq(descriptor, "a.B");
	ck_assert_int_eq(AParcel_readStrongBinder(parcel, &binder), STATUS_OK);
	ck_assert_ptr_null(binder);
	free(descriptor);

	AParcel_reset(parcel);
	AParcel_writeStrongBinder(parcel, mine);
	AParcel_getBytes(parcel, &data, &size);
	ck_assert_uint_eq(size, golden->stability ? 28 : 24);
	if (golden->stability)
		ck_assert_mem_eq(data + 24, &golden->system, 4);
	AIBinder_decStrong(mine);
	AParcel_delete(parcel);
}
END_TEST

START_TEST(vendor_domain_has_its_own_tag_and_level)
{
	const struct golden *golden = &goldens[_i];
	AParcel *parcel = AParcel_createOn(conn);
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	const uint8_t *data;
	char *descriptor = NULL;
	uint32_t tag = VNDR;
	size_t size;

	say(golden->word);
	ck_assert_int_eq(ABinderConnection_setDomain(conn, "vendor"), STATUS_OK);
	AParcel_writeInterfaceToken(parcel, "a.B");
	AParcel_getBytes(parcel, &data, &size);
	if (golden->header_words == 3)
		ck_assert_mem_eq(data + 8, &tag, 4);
	AParcel_reset(parcel);
	AParcel_writeStrongBinder(parcel, mine);
	AParcel_getBytes(parcel, &data, &size);
	if (golden->stability)
		ck_assert_mem_eq(data + 24, &golden->vendor, 4);
	/* A server of the vendor's does not take the system's requests. */
	AParcel_reset(parcel);
	for (size_t i = 0; i < golden->header_words; i++)
		AParcel_writeUint32(parcel, golden->header[i]);
	AParcel_writeString16(parcel, "a.B");
	AParcel_setDataPosition(parcel, 0);
	ck_assert_int_eq(AParcel_readInterfaceToken(parcel, &descriptor),
			 golden->header_words == 3 ? STATUS_BAD_TYPE : STATUS_OK);
	free(descriptor);
	AIBinder_decStrong(mine);
	AParcel_delete(parcel);
}
END_TEST

START_TEST(header_of_another_generation_is_refused_in_words)
{
	static const char *const newer[] = { "30", "29", "28" };
	AParcel *parcel = AParcel_createOn(conn);
	char *descriptor;

	say(newer[_i]);
	for (int i = 0; i < GOLDENS; i++) {
		AParcel_reset(parcel);
		for (size_t word = 0; word < goldens[i].header_words; word++)
			AParcel_writeUint32(parcel, goldens[i].header[word]);
		AParcel_writeString16(parcel, "a.B");
		AParcel_setDataPosition(parcel, 0);
		if (goldens[i].header_words == (size_t)(3 - _i)) {
			ck_assert_int_eq(AParcel_readInterfaceToken(parcel, &descriptor),
					 STATUS_OK);
			free(descriptor);
			continue;
		}
		ck_assert_int_eq(AParcel_readInterfaceToken(parcel, &descriptor), STATUS_BAD_TYPE);
		ck_assert_ptr_nonnull(strstr(ABinder_lastError(), "the request"));
	}
	AParcel_delete(parcel);
}
END_TEST

/* ---- the service manager's --------------------------------------------------- */

START_TEST(look_up_is_asked_and_answered_as_the_version_does)
{
	const struct golden *golden = &goldens[_i];
	struct words words = { .count = 0 };
	AIBinder *found = NULL;

	say(golden->word);
	if (golden->header_words == 3)
		put(&manager->answer, 0);
	if (!strcmp(golden->word, "35.1")) {
		/* Service { tag 0: null } */
		put(&manager->answer, 1);
		put(&manager->answer, 0);
		put_null_binder(&manager->answer, golden);
	} else if (golden->check == 4 || golden->check == 3) {
		/* Service { tag 0: ServiceWithMetadata { null, false } } */
		put(&manager->answer, 1);
		put(&manager->answer, 0);
		put(&manager->answer, 1);
		put(&manager->answer, 4 + 28 + 4);
		put_null_binder(&manager->answer, golden);
		put(&manager->answer, 0);
	} else if (golden->header_words == 3) {
		put_null_binder(&manager->answer, golden);
	} else {
		put(&manager->answer, 0);
	}
	ck_assert_int_eq(AServiceManager_checkOn(conn, "a", &found), STATUS_NAME_NOT_FOUND);
	put_header(&words, golden, "android.os.IServiceManager");
	put_string(&words, "a");
	was_asked(golden->check, &words);
}
END_TEST

START_TEST(registration_has_the_arguments_of_the_version)
{
	const struct golden *golden = &goldens[_i];
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	struct words before = { .count = 0 };
	uint32_t tail[3];
	size_t words = 0, tail_at;

	say(golden->word);
	put(&manager->answer, 0);
	ck_assert_int_eq(AServiceManager_addOn(conn, mine, "a"), STATUS_OK);
	put_header(&before, golden, "android.os.IServiceManager");
	put_string(&before, "a");
	ck_assert_uint_eq(manager->code, golden->add);
	ck_assert_mem_eq(manager->request, before.at, before.count * 4);
	/* Behind the object: stability, allowIsolated, dumpPriority; each where there is one. */
	if (golden->stability)
		tail[words++] = golden->system;
	tail[words++] = 0;
	if (golden->priority)
		tail[words++] = 8;
	tail_at = before.count * 4 + 24;
	ck_assert_uint_eq(manager->size, tail_at + words * 4);
	ck_assert_mem_eq(manager->request + tail_at, tail, words * 4);
	AIBinder_decStrong(mine);
}
END_TEST

static bool first_name(const char *name, void *cookie)
{
	strcpy(cookie, name);
	return false;
}

START_TEST(list_is_an_index_and_a_name_or_priorities_and_all_names)
{
	const struct golden *golden = &goldens[_i];
	struct words words = { .count = 0 };
	char name[16] = "";

	say(golden->word);
	if (golden->header_words == 3) {
		put(&manager->answer, 0);
		put(&manager->answer, 1);
	}
	put_string(&manager->answer, "one");
	ck_assert_int_eq(AServiceManager_listOn(conn, first_name, name), STATUS_OK);
	ck_assert_str_eq(name, "one");
	put_header(&words, golden, "android.os.IServiceManager");
	if (golden->header_words < 3)
		put(&words, 0);
	if (golden->priority)
		put(&words, 15);
	was_asked(golden->list, &words);
}
END_TEST

/* ---- choosing ------------------------------------------------------------ */

START_TEST(levels_releases_and_layouts_name_a_version)
{
	static const char *const same[][6] = {
		{ "26", "27", "8", "8.1" },
		{ "28", "9" },
		{ "29", "10" },
		{ "30", "11" },
		{ "31", "32", "12", "12L" },
		{ "33", "13" },
		{ "34", "35", "14", "15" },
		{ "35.1", "15r6", "35r6" },
		{ "35.2", "15r20", "35r20" },
		{ "36", "37", "16", "40" },
	};
	static const char *const wrong[] = { "", "7", "25", "x", "36x", "-1", "12l ", "1000" };

	for (int i = 0; i < GOLDENS; i++)
		for (int word = 0; word < 6 && same[i][word]; word++) {
			ck_assert_ptr_nonnull(profile_parse(same[i][word]));
			ck_assert_str_eq(profile_parse(same[i][word])->name, goldens[i].name);
		}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_int_eq(ABinderConnection_setAndroid(conn, wrong[i]), STATUS_BAD_VALUE);
}
END_TEST

START_TEST(what_is_said_once_stays)
{
	int api = 0;

	say("11");
	say("30");
	ck_assert_int_eq(ABinderConnection_setAndroid(conn, "29"), STATUS_INVALID_OPERATION);
	ck_assert_str_eq(ABinderConnection_getAndroid(conn, &api), "Android 11");
	ck_assert_int_eq(api, 30);
}
END_TEST

START_TEST(environment_chooses_and_is_checked)
{
	ABinderConnection *other = NULL;

	setenv("BINDER_ANDROID", "12L", 1);
	ck_assert_int_eq(ABinderConnection_open(NULL, &other), STATUS_OK);
	ck_assert_str_eq(ABinderConnection_getAndroid(other, NULL), "Android 12 and 12L");
	ABinderConnection_close(other);
	setenv("BINDER_ANDROID", "seven", 1);
	ck_assert_int_eq(ABinderConnection_open(NULL, &other), STATUS_BAD_VALUE);
	ck_assert_ptr_nonnull(strstr(ABinder_lastError(), "seven"));
	setenv("BINDER_ANDROID", "", 1);
	setenv("BINDER_DOMAIN", "desert", 1);
	ck_assert_int_eq(ABinderConnection_open(NULL, &other), STATUS_BAD_VALUE);
	unsetenv("BINDER_DOMAIN");
}
END_TEST

Suite *profile_suite(void)
{
	Suite *suite = suite_create("profile");
	TCase *tcase = tcase_create("profile");

	tcase_add_checked_fixture(tcase, up, down);
	tcase_add_loop_test(tcase, request_header_and_binders_have_the_versions_words, 0, GOLDENS);
	tcase_add_loop_test(tcase, vendor_domain_has_its_own_tag_and_level, 0, GOLDENS);
	tcase_add_loop_test(tcase, header_of_another_generation_is_refused_in_words, 0, 3);
	tcase_add_loop_test(tcase, look_up_is_asked_and_answered_as_the_version_does, 0, GOLDENS);
	tcase_add_loop_test(tcase, registration_has_the_arguments_of_the_version, 0, GOLDENS);
	tcase_add_loop_test(tcase, list_is_an_index_and_a_name_or_priorities_and_all_names, 0,
			    GOLDENS);
	tcase_add_test(tcase, levels_releases_and_layouts_name_a_version);
	tcase_add_test(tcase, what_is_said_once_stays);
	tcase_add_test(tcase, environment_chooses_and_is_checked);
	suite_add_tcase(suite, tcase);
	return suite;
}
