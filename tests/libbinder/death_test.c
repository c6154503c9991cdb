/* SPDX-License-Identifier: MIT */
/*
 * death_test.c: death notifications: once each, in every order of events.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

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

static atomic_int died, unlinked;

static void on_died(void *cookie)
{
	died += *(int *)cookie;
}

static void on_unlinked(void *cookie)
{
	unlinked += *(int *)cookie;
}

static AIBinder_DeathRecipient *recipient_new(void)
{
	AIBinder_DeathRecipient *recipient = AIBinder_DeathRecipient_new(on_died);

	AIBinder_DeathRecipient_setOnUnlinked(recipient, on_unlinked);
	return recipient;
}

static bool unlinked_is(void *number)
{
	return unlinked == *(int *)number;
}

static void kill_peer(void)
{
	peer_kill(peer);
	peer = 0;
}

START_TEST(recipient_runs_once)
{
	AIBinder_DeathRecipient *recipient = recipient_new();
	int one = 1;

	ck_assert_int_eq(AIBinder_linkToDeath(service, recipient, &one), STATUS_OK);
	kill_peer();
	ck_assert(eventually(unlinked_is, &one));
	ck_assert_int_eq(died, 1);
	ck_assert(!AIBinder_isAlive(service));
	ck_assert_int_eq(AIBinder_unlinkToDeath(service, recipient, &one), STATUS_DEAD_OBJECT);
	AIBinder_DeathRecipient_delete(recipient);
	ck_assert_int_eq(died, 1);
	ck_assert_int_eq(unlinked, 1);
}
END_TEST

START_TEST(each_cookie_is_a_link_of_its_own)
{
	AIBinder_DeathRecipient *recipient = recipient_new();
	int one = 1, ten = 10, hundred = 100, sum = 111;

	ck_assert_int_eq(AIBinder_linkToDeath(service, recipient, &one), STATUS_OK);
	ck_assert_int_eq(AIBinder_linkToDeath(service, recipient, &ten), STATUS_OK);
	ck_assert_int_eq(AIBinder_linkToDeath(service, recipient, &hundred), STATUS_OK);
	ck_assert_int_eq(AIBinder_unlinkToDeath(service, recipient, &ten), STATUS_OK);
	ck_assert_int_eq(AIBinder_unlinkToDeath(service, recipient, &ten), STATUS_NAME_NOT_FOUND);
	ck_assert_int_eq(unlinked, 10);
	kill_peer();
	ck_assert(eventually(unlinked_is, &sum));
	ck_assert_int_eq(died, 101);
	AIBinder_DeathRecipient_delete(recipient);
}
END_TEST

START_TEST(unlinked_recipient_hears_nothing)
{
	AIBinder_DeathRecipient *gone = recipient_new(), *stays = recipient_new();
	int one = 1, ten = 10, sum = 11;

	ck_assert_int_eq(AIBinder_linkToDeath(service, gone, &one), STATUS_OK);
	ck_assert_int_eq(AIBinder_unlinkToDeath(service, gone, &one), STATUS_OK);
	/* After the driver was told to stop, it can be asked again. */
	ck_assert_int_eq(AIBinder_linkToDeath(service, stays, &ten), STATUS_OK);
	kill_peer();
	ck_assert(eventually(unlinked_is, &sum));
	ck_assert_int_eq(died, 10);
	AIBinder_DeathRecipient_delete(gone);
	AIBinder_DeathRecipient_delete(stays);
}
END_TEST

START_TEST(deleted_recipient_is_unlinked_everywhere)
{
	AIBinder_DeathRecipient *recipient = recipient_new();
	AParcel *out = call(service, TEST_NEW, NULL);
	AIBinder *other;
	int one = 1;

	AParcel_readStrongBinder(out, &other);
	AParcel_delete(out);
	ck_assert_int_eq(AIBinder_linkToDeath(service, recipient, &one), STATUS_OK);
	ck_assert_int_eq(AIBinder_linkToDeath(other, recipient, &one), STATUS_OK);
	AIBinder_DeathRecipient_delete(recipient);
	ck_assert_int_eq(unlinked, 2);
	kill_peer();
	ck_assert_int_eq(AIBinder_ping(other), STATUS_DEAD_OBJECT);
	ck_assert_int_eq(died, 0);
	AIBinder_decStrong(other);
}
END_TEST

START_TEST(last_reference_unlinks)
{
	AIBinder_DeathRecipient *recipient = recipient_new();
	AParcel *out = call(service, TEST_NEW, NULL);
	AIBinder *other;
	int one = 1;

	AParcel_readStrongBinder(out, &other);
	AParcel_delete(out);
	ck_assert_int_eq(AIBinder_linkToDeath(other, recipient, &one), STATUS_OK);
	AIBinder_decStrong(other);
	ck_assert_int_eq(unlinked, 1);
	kill_peer();
	ck_assert_int_eq(died, 0);
	AIBinder_DeathRecipient_delete(recipient);
}
END_TEST

START_TEST(dead_object_cannot_be_linked)
{
	AIBinder_DeathRecipient *recipient = recipient_new();
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	AParcel *out = call(service, TEST_NEW, NULL);
	AIBinder *other;
	int one = 1;

	AParcel_readStrongBinder(out, &other);
	AParcel_delete(out);
	kill_peer();
	ck_assert_int_eq(AIBinder_ping(other), STATUS_DEAD_OBJECT);
	ck_assert_int_eq(AIBinder_linkToDeath(other, recipient, &one), STATUS_DEAD_OBJECT);
	ck_assert_int_eq(unlinked, 1);
	ck_assert_int_eq(AIBinder_linkToDeath(mine, recipient, &one), STATUS_INVALID_OPERATION);
	ck_assert_int_eq(unlinked, 2);
	AIBinder_DeathRecipient_delete(recipient);
	AIBinder_decStrong(other);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(link_after_an_unnoticed_death_is_told_at_once)
{
	AIBinder_DeathRecipient *recipient = recipient_new();
	AParcel *out = call(service, TEST_NEW, NULL);
	AIBinder *other;
	int one = 1;

	AParcel_readStrongBinder(out, &other);
	AParcel_delete(out);
	kill_peer();
	/* Nobody has called it since: here it counts as alive. */
	if (AIBinder_linkToDeath(other, recipient, &one) == STATUS_OK) {
		ck_assert(eventually(unlinked_is, &one));
		ck_assert_int_eq(died, 1);
	}
	AIBinder_decStrong(other);
	AIBinder_DeathRecipient_delete(recipient);
}
END_TEST

START_TEST(killed_service_fails_the_call_it_was_serving)
{
	AParcel *in = request(service), *out = NULL;

	ck_assert_int_eq(AIBinder_transactRaw(service, TEST_DIE, &in, &out, 0, -1),
			 STATUS_DEAD_OBJECT);
	ck_assert_str_ne(ABinder_lastError(), "");
	waitpid(peer, NULL, 0);
	peer = 0;
}
END_TEST

START_TEST(new_manager_answers_after_the_old_ones_death)
{
	AIBinder *again;
	AIBinder_DeathRecipient *recipient = recipient_new();
	int one = 1;

	ck_assert_int_eq(AIBinder_linkToDeath(service, recipient, &one), STATUS_OK);
	kill_peer();
	ck_assert(eventually(unlinked_is, &one));
	peer = peer_start();
	again = peer_get();
	ck_assert_ptr_ne(again, service);
	ck_assert_int_eq(AIBinder_ping(again), STATUS_OK);
	AIBinder_decStrong(again);
	AIBinder_DeathRecipient_delete(recipient);
}
END_TEST

START_TEST(daemons_death_is_everybodys)
{
	AIBinder_DeathRecipient *recipient = recipient_new();
	int one = 1;

	ck_assert_int_eq(AIBinder_linkToDeath(service, recipient, &one), STATUS_OK);
	world_kill_daemon();
	ck_assert(eventually(unlinked_is, &one));
	ck_assert_int_eq(died, 1);
	ck_assert_int_eq(AIBinder_ping(service), STATUS_DEAD_OBJECT);
	ck_assert_msg(strstr(ABinder_lastError(), "driver") != NULL, "%s", ABinder_lastError());
	AIBinder_DeathRecipient_delete(recipient);
}
END_TEST

static void *link_and_unlink(void *arg)
{
	AIBinder_DeathRecipient *recipient = recipient_new();
	int one = 1;

	for (int i = 0; i < 500; i++) {
		if (AIBinder_linkToDeath(service, recipient, &one) == STATUS_OK)
			AIBinder_unlinkToDeath(service, recipient, &one);
	}
	AIBinder_DeathRecipient_delete(recipient);
	return NULL;
}

START_TEST(every_link_is_unlinked_once_whoever_wins)
{
	pthread_t threads[4];
	int all = 4 * 500;

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, link_and_unlink, NULL);
	kill_peer();
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	ck_assert(eventually(unlinked_is, &all));
	ck_assert_int_le(died, 4);
}
END_TEST

Suite *death_suite(void)
{
	Suite *suite = suite_create("death");
	TCase *tc = tcase_create("death");

	tcase_add_checked_fixture(tc, up, down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, recipient_runs_once);
	tcase_add_test(tc, each_cookie_is_a_link_of_its_own);
	tcase_add_test(tc, unlinked_recipient_hears_nothing);
	tcase_add_test(tc, deleted_recipient_is_unlinked_everywhere);
	tcase_add_test(tc, last_reference_unlinks);
	tcase_add_test(tc, dead_object_cannot_be_linked);
	tcase_add_test(tc, link_after_an_unnoticed_death_is_told_at_once);
	tcase_add_test(tc, killed_service_fails_the_call_it_was_serving);
	tcase_add_test(tc, new_manager_answers_after_the_old_ones_death);
	if (world_has_daemon())
		tcase_add_test(tc, daemons_death_is_everybodys);
	tcase_add_test(tc, every_link_is_unlinked_once_whoever_wins);
	suite_add_tcase(suite, tc);
	return suite;
}
