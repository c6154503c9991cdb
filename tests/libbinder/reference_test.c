/* SPDX-License-Identifier: MIT */
/*
 * reference_test.c: how long objects live, here and elsewhere, and that an
 * object is the same one wherever it comes back.
 */
#include <linux/android/binder.h>
#include <pthread.h>
#include <stdlib.h>

#include "suites.h"
#include "world.h"

static pid_t peer;
static AIBinder *service;

static void up(void)
{
	world_up();
	peer = peer_start();
	service = peer_get();
}

static void down(void)
{
	AIBinder_decStrong(service);
	peer_kill(peer);
	world_down();
}

static AIBinder *get_new(void)
{
	AParcel *out = call(service, TEST_NEW, NULL);
	AIBinder *binder;

	ck_assert_int_eq(AParcel_readStrongBinder(out, &binder), STATUS_OK);
	AParcel_delete(out);
	return binder;
}

static void keep(AIBinder *binder)
{
	AParcel *in = request(service);

	ck_assert_int_eq(AParcel_writeStrongBinder(in, binder), STATUS_OK);
	AParcel_delete(call(service, TEST_KEEP, in));
}

static AIBinder *kept(void)
{
	AParcel *out = call(service, TEST_KEPT, NULL);
	AIBinder *binder;

	ck_assert_int_eq(AParcel_readStrongBinder(out, &binder), STATUS_OK);
	AParcel_delete(out);
	return binder;
}

static int32_t peer_locals(void)
{
	return call_int(service, TEST_COUNTS, NULL);
}

static bool peer_has_one_local(void *unused)
{
	return peer_locals() == 1;
}

static bool is_set(void *flag)
{
	/* The news comes to a thread of the pool. */
	return __atomic_load_n((int *)flag, __ATOMIC_SEQ_CST) != 0;
}

START_TEST(handle_stands_for_one_proxy)
{
	AIBinder *a, *b, *c;

	keep(service);
	a = get_new();
	keep(a);
	b = kept();
	c = kept();
	ck_assert_ptr_eq(a, b);
	ck_assert_ptr_eq(b, c);
	ck_assert_int_eq(AIBinder_debugGetRefCount(a), 3);
	AIBinder_decStrong(a);
	AIBinder_decStrong(b);
	AIBinder_decStrong(c);
}
END_TEST

START_TEST(object_sent_home_is_itself)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *back;
	AParcel *in;

	keep(mine);
	back = kept();
	ck_assert_ptr_eq(back, mine);
	AIBinder_decStrong(back);
	in = request(service);
	AParcel_writeStrongBinder(in, service);
	ck_assert_int_eq(call_int(service, TEST_SAME, in), 1);
	AIBinder_decStrong(mine);
}
END_TEST

/* Android's libbinder leaves a reference to handle 0 out of the offsets, as if it were a null. */
START_TEST(manager_is_understood_without_an_object)
{
	static const uint32_t words[] = { BINDER_TYPE_HANDLE, 0x13, 0, 0, 0, 0, 0x0c };
	AParcel *in = request(service), *out;
	AIBinder *manager;

	AParcel_writeRaw(in, words, sizeof(words));
	ck_assert_int_eq(call_int(service, TEST_SAME, in), 1);
	in = request(service);
	AParcel_writeRaw(in, words, sizeof(words));
	out = call(service, TEST_ECHO, in);
	ck_assert_int_eq(AParcel_readStrongBinder(out, &manager), STATUS_OK);
	ck_assert_ptr_eq(manager, service);
	AIBinder_decStrong(manager);
	AParcel_delete(out);
	/* Any other handle is. */
	in = request(service);
	AParcel_writeRaw(in, words, 8);
	AParcel_writeInt32(in, 1);
	AParcel_writeRaw(in, words + 3, sizeof(words) - 12);
	out = call(service, TEST_ECHO, in);
	ck_assert_int_eq(AParcel_readStrongBinder(out, &manager), STATUS_BAD_TYPE);
	AParcel_delete(out);
}
END_TEST

START_TEST(remote_object_ends_with_its_last_proxy)
{
	AIBinder *a = get_new(), *b = get_new();

	ck_assert_int_eq(peer_locals(), 3);
	AIBinder_decStrong(a);
	AIBinder_decStrong(b);
	ck_assert(eventually(peer_has_one_local, NULL));
}
END_TEST

START_TEST(local_object_ends_with_the_last_remote_reference)
{
	int gone = 0;
	AIBinder *mine = AIBinder_new(test_class(), &gone);

	ABinderConnection_startThreadPool(ABinderConnection_getDefault(), 2);
	keep(mine);
	AIBinder_decStrong(mine);
	ck_assert_int_eq(__atomic_load_n(&gone, __ATOMIC_SEQ_CST), 0);
	keep(NULL);
	ck_assert(eventually(is_set, &gone));
	ck_assert_int_eq(__atomic_load_n(&gone, __ATOMIC_SEQ_CST), 1);
}
END_TEST

START_TEST(local_object_ends_when_its_holder_is_killed)
{
	int gone = 0;
	AIBinder *mine = AIBinder_new(test_class(), &gone);

	ABinderConnection_startThreadPool(ABinderConnection_getDefault(), 2);
	keep(mine);
	AIBinder_decStrong(mine);
	peer_kill(peer);
	peer = 0;
	ck_assert(eventually(is_set, &gone));
}
END_TEST

START_TEST(weak_reference_promotes_only_while_there_is_a_strong_one)
{
	AIBinder *a = get_new(), *b;
	AIBinder_Weak *weak = AIBinder_Weak_new(a), *copy = AIBinder_Weak_clone(weak);

	b = AIBinder_Weak_promote(weak);
	ck_assert_ptr_eq(a, b);
	AIBinder_decStrong(b);
	AIBinder_decStrong(a);
	ck_assert_ptr_null(AIBinder_Weak_promote(weak));
	b = get_new();
	ck_assert(AIBinder_Weak_lt(weak, copy) == false && !AIBinder_Weak_lt(copy, weak));
	AIBinder_Weak_delete(copy);
	copy = AIBinder_Weak_new(b);
	ck_assert(AIBinder_Weak_lt(weak, copy));
	ck_assert(!AIBinder_Weak_lt(copy, weak));
	ck_assert(AIBinder_lt(NULL, b) && !AIBinder_lt(b, NULL));
	AIBinder_Weak_delete(copy);
	AIBinder_Weak_delete(weak);
	AIBinder_decStrong(b);
}
END_TEST

START_TEST(nothing_is_left_after_many_objects)
{
	struct ABinderCounts before, after;
	uint32_t first, last;
	AIBinder *a;

	ABinder_getCounts(&before);
	a = get_new();
	AIBinder_getHandle(a, &first);
	AIBinder_decStrong(a);
	for (int i = 0; i < 1000; i++) {
		a = get_new();
		keep(a);
		keep(NULL);
		AIBinder_getHandle(a, &last);
		AIBinder_decStrong(a);
	}
	ABinder_getCounts(&after);
	ck_assert_uint_eq(after.proxies, before.proxies);
	ck_assert_uint_eq(after.locals, before.locals);
	ck_assert_uint_eq(after.parcels, before.parcels);
	/* Handles are used again: the driver has let go of each. */
	ck_assert_uint_eq(first, last);
	ck_assert(eventually(peer_has_one_local, NULL));
}
END_TEST

static void *churn(void *arg)
{
	for (int i = 0; i < 300; i++) {
		AIBinder *a = kept();

		ck_assert_int_eq(AIBinder_ping(a), STATUS_OK);
		AIBinder_decStrong(a);
	}
	return NULL;
}

START_TEST(last_release_and_new_look_up_of_one_handle_may_race)
{
	pthread_t threads[4];
	AIBinder *a = get_new();

	keep(a);
	AIBinder_decStrong(a);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, churn, NULL), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	keep(NULL);
	ck_assert(eventually(peer_has_one_local, NULL));
}
END_TEST

/* The driver holds the object for the parcel as long as that lives, and for the proxy from then
 * on; _i & 1: another thread gives the parcel back; _i & 2: a connection that serves, too. */
static void *give_back(void *parcel)
{
	AParcel_delete(parcel);
	return NULL;
}

START_TEST(proxy_outlives_the_parcel_that_brought_it)
{
	AParcel *out, *again;
	AIBinder *binder, *same;
	pthread_t thread;

	if (_i & 2)
		ABinderConnection_startThreadPool(AIBinder_getConnection(service), 1);
	out = call(service, TEST_NEW, NULL);
	ck_assert_int_eq(AParcel_readStrongBinder(out, &binder), STATUS_OK);
	/* The same handle in a second parcel, while nothing but the first holds it. */
	keep(binder);
	again = call(service, TEST_KEPT, NULL);
	ck_assert_int_eq(AParcel_readStrongBinder(again, &same), STATUS_OK);
	ck_assert_ptr_eq(same, binder);
	AIBinder_decStrong(same);
	ck_assert_int_eq(AIBinder_ping(binder), STATUS_OK);
	if (_i & 1) {
		pthread_create(&thread, NULL, give_back, out);
		pthread_join(thread, NULL);
	} else {
		AParcel_delete(out);
	}
	AParcel_delete(again);
	keep(service);
	ck_assert_int_eq(AIBinder_ping(binder), STATUS_OK);
	AIBinder_decStrong(binder);
	ck_assert(eventually(peer_has_one_local, NULL));
}
END_TEST

START_TEST(proxy_that_ends_before_its_parcel_leaves_nothing)
{
	AParcel *out = call(service, TEST_NEW, NULL);
	AIBinder *binder;

	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(AParcel_setDataPosition(out, 0), STATUS_OK);
		ck_assert_int_eq(AParcel_readStrongBinder(out, &binder), STATUS_OK);
		ck_assert_int_eq(AIBinder_ping(binder), STATUS_OK);
		AIBinder_decStrong(binder);
	}
	ck_assert_int_eq(peer_locals(), 2);
	AParcel_delete(out);
	ck_assert(eventually(peer_has_one_local, NULL));
}
END_TEST

START_TEST(extension_is_handed_out_with_its_object)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *ext = AIBinder_new(test_class(), NULL);
	AIBinder *got;

	ck_assert_int_eq(AIBinder_setExtension(mine, ext), STATUS_OK);
	ck_assert_int_eq(AIBinder_getExtension(mine, &got), STATUS_OK);
	ck_assert_ptr_eq(got, ext);
	AIBinder_decStrong(got);
	ck_assert_int_eq(AIBinder_setExtension(service, ext), STATUS_INVALID_OPERATION);
	AIBinder_decStrong(mine);
	ck_assert_int_eq(AIBinder_debugGetRefCount(ext), 1);
	AIBinder_decStrong(ext);
}
END_TEST

Suite *reference_suite(void)
{
	Suite *suite = suite_create("reference");
	TCase *tc = tcase_create("reference");

	tcase_add_checked_fixture(tc, up, down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, handle_stands_for_one_proxy);
	tcase_add_test(tc, object_sent_home_is_itself);
	tcase_add_test(tc, manager_is_understood_without_an_object);
	tcase_add_test(tc, remote_object_ends_with_its_last_proxy);
	tcase_add_test(tc, local_object_ends_with_the_last_remote_reference);
	tcase_add_test(tc, local_object_ends_when_its_holder_is_killed);
	tcase_add_test(tc, weak_reference_promotes_only_while_there_is_a_strong_one);
	tcase_add_test(tc, nothing_is_left_after_many_objects);
	tcase_add_test(tc, last_release_and_new_look_up_of_one_handle_may_race);
	tcase_add_loop_test(tc, proxy_outlives_the_parcel_that_brought_it, 0, 4);
	tcase_add_test(tc, proxy_that_ends_before_its_parcel_leaves_nothing);
	tcase_add_test(tc, extension_is_handed_out_with_its_object);
	suite_add_tcase(suite, tc);
	return suite;
}
