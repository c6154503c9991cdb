/* SPDX-License-Identifier: MIT */
/*
 * platform_test.c: what an object asks of its driver and its callers: stability, labels, scheduling,
 * secrets; and news of frozen processes.
 */
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <android/binder_ibinder_platform.h>
#include <android/binder_parcel_platform.h>
#include <android/binder_stability.h>

#include "connection/thread.h"
#include "suites.h"
#include "world.h"

static pid_t peer;
static AIBinder *service;

static void up(void)
{
	world_up();
	peer = peer_start();
	ABinderConnection_startThreadPool(ABinderConnection_getDefault(), 4);
	service = peer_get();
}

static void down(void)
{
	AIBinder_decStrong(service);
	peer_kill(peer);
	world_down();
}

/* ---- an object that remembers its caller's label --------------------------- */

static char label[256];
static atomic_int labelled; /* -1: not called; 0, 1: without, with a label */

static void *create(void *user)
{
	return user;
}

static void destroy(void *user) {}

static binder_status_t note_label(AIBinder *self, transaction_code_t code, const AParcel *in,
				  AParcel *out)
{
	const char *sid = AIBinder_getCallingSid();

	strncpy(label, sid ? sid : "", sizeof(label) - 1);
	labelled = sid != NULL;
	AParcel_writeInt32(out, 0);
	return AParcel_writeInt32(out, 0);
}

static AIBinder *object_new(void)
{
	/* A class is never freed. */
	static AIBinder_Class *class;

	if (!class)
		class = AIBinder_Class_define(TEST_DESCRIPTOR, create, destroy, note_label);
	return AIBinder_new(class, NULL);
}

static void have_it_called(AIBinder *object)
{
	AParcel *in = request(service);

	labelled = -1;
	ck_assert_int_eq(AParcel_writeStrongBinder(in, object), STATUS_OK);
	ck_assert_int_eq(AParcel_writeInt32(in, 1), STATUS_OK);
	AParcel_delete(call(service, TEST_CALL_BACK, in));
	ck_assert_int_ne(labelled, -1);
}

START_TEST(label_is_given_to_those_who_ask)
{
	AIBinder *asks, *does_not;

	/* A kernel's driver refuses such calls where no security module has labels. */
	if (!world_has_daemon())
		return;
	asks = object_new();
	does_not = object_new();
	AIBinder_setRequestingSid(asks, true);
	have_it_called(asks);
	ck_assert_int_eq(labelled, 1);
	ck_assert_str_ne(label, "");
	have_it_called(does_not);
	ck_assert_int_eq(labelled, 0);
	ck_assert_ptr_null(AIBinder_getCallingSid());
	AIBinder_decStrong(asks);
	AIBinder_decStrong(does_not);
}
END_TEST

/* ---- what an object is sent as --------------------------------------------- */

static struct flat_binder_object sent(AIBinder *object, int32_t *stability)
{
	struct flat_binder_object flat;
	AParcel *parcel = AParcel_create();
	const uint8_t *data;
	size_t size;

	ABinderConnection_setAndroid(ABinderConnection_getDefault(), "16");
	ck_assert_int_eq(AParcel_writeStrongBinder(parcel, object), STATUS_OK);
	ck_assert_int_eq(AParcel_getBytes(parcel, &data, &size), STATUS_OK);
	ck_assert_uint_eq(size, sizeof(flat) + sizeof(*stability));
	memcpy(&flat, data, sizeof(flat));
	memcpy(stability, data + sizeof(flat), sizeof(*stability));
	AParcel_delete(parcel);
	return flat;
}

START_TEST(mark_is_the_word_behind_the_object)
{
	static const struct {
		void (*mark)(AIBinder *binder);
		int32_t word;
		bool vintf, system, vendor;
	} rows[] = {
		{ NULL, 0x0c, false, true, false },
		{ AIBinder_markSystemStability, 0x0c, false, true, false },
		{ AIBinder_markVendorStability, 0x03, false, false, true },
		{ AIBinder_markVintfStability, 0x3f, true, true, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AIBinder *object = object_new();
		int32_t word;

		if (rows[i].mark)
			rows[i].mark(object);
		sent(object, &word);
		ck_assert_int_eq(word, rows[i].word);
		ck_assert_int_eq(AIBinder_requiresVintfDeclaration(object), rows[i].vintf);
		ck_assert_int_eq(AIBinder_isSystemStable(object), rows[i].system);
		ck_assert_int_eq(AIBinder_isVendorStable(object), rows[i].vendor);
		AIBinder_decStrong(object);
	}
	ck_assert(!AIBinder_isSystemStable(NULL));
}
END_TEST

START_TEST(mark_after_sending_changes_nothing)
{
	AIBinder *object = object_new();
	int32_t word;

	sent(object, &word);
	AIBinder_markVintfStability(object);
	ck_assert_ptr_nonnull(strstr(ABinder_lastError(), "sent already"));
	AIBinder_setMinSchedulerPolicy(object, SCHED_OTHER, -20);
	ck_assert_ptr_nonnull(strstr(ABinder_lastError(), "sent already"));
	ck_assert_uint_eq(sent(object, &word).flags & 0xff, 0x13);
	ck_assert_int_eq(word, 0x0c);
	/* Remote ones and none take no marks. */
	AIBinder_markVintfStability(service);
	AIBinder_markVintfStability(NULL);
	AIBinder_decStrong(object);
}
END_TEST

START_TEST(only_a_downgrade_changes_a_mark)
{
	AIBinder *object = object_new();
	int32_t word;

	AIBinder_markVintfStability(object);
	AIBinder_markVendorStability(object);
	ck_assert(AIBinder_requiresVintfDeclaration(object));
	AIBinder_forceDowngradeToVendorStability(object);
	sent(object, &word);
	ck_assert_int_eq(word, 0x03);
	AIBinder_decStrong(object);
}
END_TEST

START_TEST(scheduling_is_in_the_flags)
{
	AIBinder *object = object_new();
	uint32_t flags;
	int32_t word;

	AIBinder_setMinSchedulerPolicy(object, SCHED_FIFO, 100);
	ck_assert_ptr_nonnull(strstr(ABinder_lastError(), "1 to 99"));
	AIBinder_setMinSchedulerPolicy(object, SCHED_RR, 42);
	AIBinder_setInheritRt(object, true);
	flags = sent(object, &word).flags;
	ck_assert_uint_eq(flags & 0xff, 42);
	ck_assert_uint_eq(flags >> 9 & 3, SCHED_RR);
	ck_assert_uint_eq(flags & 0x800, 0x800);
	ck_assert_uint_eq(flags & FLAT_BINDER_FLAG_ACCEPTS_FDS, FLAT_BINDER_FLAG_ACCEPTS_FDS);
	AIBinder_decStrong(object);
}
END_TEST

/* ---- secrets ----------------------------------------------------------------- */

START_TEST(sensitive_parcel_asks_the_driver_to_clear_it)
{
	AParcel *in = request(service), *out;
	int32_t pid, uid, flags;

	AParcel_markSensitive(in);
	ck_assert(AParcel_getAllowFds(in));
	out = call(service, TEST_CALLER, in);
	ck_assert_int_eq(AParcel_readInt32(out, &pid), STATUS_OK);
	ck_assert_int_eq(AParcel_readInt32(out, &uid), STATUS_OK);
	ck_assert_int_eq(AParcel_readInt32(out, &flags), STATUS_OK);
	ck_assert(flags & FLAG_CLEAR_BUF);
	ck_assert(!AParcel_getAllowFds(out));
	AParcel_delete(out);
}
END_TEST

START_TEST(sensitive_parcel_grows)
{
	AParcel *parcel = AParcel_create();
	char *bytes = calloc(1, 5000);
	int32_t first;

	ck_assert_int_eq(AParcel_writeInt32(parcel, 4711), STATUS_OK);
	AParcel_markSensitive(parcel);
	ck_assert_int_eq(AParcel_writeRaw(parcel, bytes, 5000), STATUS_OK);
	AParcel_setDataPosition(parcel, 0);
	ck_assert_int_eq(AParcel_readInt32(parcel, &first), STATUS_OK);
	ck_assert_int_eq(first, 4711);
	free(bytes);
	AParcel_delete(parcel);
}
END_TEST

/* ---- frozen processes -------------------------------------------------------- */

static atomic_int state, ended;

static void on_frozen(void *cookie, bool frozen)
{
	state = frozen;
}

static void on_ended(void *cookie)
{
	ended++;
}

static bool state_is(void *wanted)
{
	return state == *(int *)wanted;
}

static void freeze_peer(bool enable)
{
	struct binder_freeze_info info = { .pid = peer, .enable = enable, .timeout_ms = 1000 };
	struct thread *thread = thread_get(ABinderConnection_getDefault());

	ck_assert_int_eq(thread_ioctl(thread, BINDER_FREEZE, &info), 0);
}

/* false: the driver is too old. */
static bool add(AIBinder_FrozenStateChangeCallback *callback, void *cookie)
{
	binder_status_t status = AIBinder_addFrozenStateChangeCallback(service, callback, cookie);

	if (status == STATUS_INVALID_OPERATION && !world_has_daemon())
		return false;
	ck_assert_msg(status == STATUS_OK, "%s", ABinder_lastError());
	return true;
}

START_TEST(callback_hears_the_state_and_each_change)
{
	AIBinder_FrozenStateChangeCallback *callback =
		AIBinder_FrozenStateChangeCallback_new(on_frozen, on_ended);
	int no = 0, yes = 1, cookies[2];

	state = -1;
	if (!add(callback, &cookies[0]))
		goto out;
	ck_assert(eventually(state_is, &no));
	freeze_peer(true);
	ck_assert(eventually(state_is, &yes));
	/* Who comes later hears the present state. */
	state = -1;
	ck_assert(add(callback, &cookies[1]));
	ck_assert(eventually(state_is, &yes));
	freeze_peer(false);
	ck_assert(eventually(state_is, &no));
	ck_assert_int_eq(AIBinder_removeFrozenStateChangeCallback(service, callback, &cookies[0]),
			 STATUS_OK);
	ck_assert_int_eq(ended, 1);
	ck_assert_int_eq(AIBinder_removeFrozenStateChangeCallback(service, callback, &cookies[0]),
			 STATUS_NAME_NOT_FOUND);
out:
	AIBinder_FrozenStateChangeCallback_delete(callback);
}
END_TEST

START_TEST(deleted_callback_ends_its_registrations)
{
	AIBinder_FrozenStateChangeCallback *callback =
		AIBinder_FrozenStateChangeCallback_new(on_frozen, on_ended);
	AIBinder *object = object_new();
	int cookie;

	ck_assert_int_eq(AIBinder_addFrozenStateChangeCallback(object, callback, &cookie),
			 STATUS_INVALID_OPERATION);
	ck_assert_int_eq(ended, 1);
	ended = 0;
	if (add(callback, &cookie)) {
		AIBinder_FrozenStateChangeCallback_delete(callback);
		ck_assert_int_eq(ended, 1);
		/* The driver can be asked again. */
		callback = AIBinder_FrozenStateChangeCallback_new(on_frozen, NULL);
		state = -1;
		add(callback, &cookie);
		ck_assert(eventually(state_is, &(int){ 0 }));
	}
	AIBinder_FrozenStateChangeCallback_delete(callback);
	AIBinder_decStrong(object);
	ck_assert_ptr_null(AIBinder_FrozenStateChangeCallback_new(NULL, NULL));
}
END_TEST

Suite *platform_suite(void)
{
	Suite *suite = suite_create("platform");
	TCase *tc = tcase_create("platform");

	tcase_add_checked_fixture(tc, up, down);
	tcase_add_test(tc, label_is_given_to_those_who_ask);
	tcase_add_test(tc, mark_is_the_word_behind_the_object);
	tcase_add_test(tc, mark_after_sending_changes_nothing);
	tcase_add_test(tc, only_a_downgrade_changes_a_mark);
	tcase_add_test(tc, scheduling_is_in_the_flags);
	tcase_add_test(tc, sensitive_parcel_asks_the_driver_to_clear_it);
	tcase_add_test(tc, sensitive_parcel_grows);
	tcase_add_test(tc, callback_hears_the_state_and_each_change);
	tcase_add_test(tc, deleted_callback_ends_its_registrations);
	suite_add_tcase(suite, tc);
	return suite;
}
