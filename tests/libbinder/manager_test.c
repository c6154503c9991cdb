/* SPDX-License-Identifier: MIT */
/*
 * manager_test.c: the service-manager client, against the real one.
 */
#include <android/binder_manager.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../limit.h"
#include "suites.h"
#include "world.h"

static pid_t manager;
static ABinderConnection *conn;

static bool answers(void *unused)
{
	AIBinder *binder;
	bool ok;

	ABinderConnection_getContextManager(conn, &binder);
	ok = AIBinder_ping(binder) == STATUS_OK;
	AIBinder_decStrong(binder);
	return ok;
}

static void start_manager(void)
{
	char self[PATH_MAX], path[PATH_MAX + 32];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	ck_assert_int_gt(n, 0);
	self[n] = '\0';
	snprintf(path, sizeof(path), "%s/../bin/servicemanager", dirname(self));
	manager = fork();
	if (manager == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execl(path, "servicemanager", (char *)NULL);
		_exit(127);
	}
	ck_assert_msg(eventually(answers, NULL), "%s does not start", path);
}

static void up(void)
{
	world_up();
	conn = ABinderConnection_getDefault();
	start_manager();
}

static void down(void)
{
	peer_kill(manager);
	world_down();
}

struct found {
	int count;
	bool mine;
};

static bool on_name(const char *name, void *cookie)
{
	struct found *found = cookie;

	found->count++;
	found->mine |= !strcmp(name, "test.one");
	return true;
}

static bool on_info(const char *name, pid_t pid, void *cookie)
{
	struct found *found = cookie;

	found->mine |= !strcmp(name, "test.one") && pid == getpid();
	return true;
}

START_TEST(service_that_was_added_is_found_listed_and_known)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *got = NULL;
	struct found found = { 0 };

	ck_assert_int_eq(AServiceManager_checkOn(conn, "test.one", &got), STATUS_NAME_NOT_FOUND);
	ck_assert_int_eq(AServiceManager_addOn(conn, mine, "test.one"), STATUS_OK);
	ck_assert_int_eq(AServiceManager_checkOn(conn, "test.one", &got), STATUS_OK);
	ck_assert_ptr_eq(got, mine);
	AIBinder_decStrong(got);
	ck_assert_int_eq(AServiceManager_getOn(conn, "test.one", &got), STATUS_OK);
	AIBinder_decStrong(got);
	ck_assert_int_eq(AServiceManager_listOn(conn, on_name, &found), STATUS_OK);
	ck_assert(found.mine && found.count >= 1);
	found.mine = false;
	ck_assert_int_eq(AServiceManager_debugInfoOn(conn, on_info, &found), STATUS_OK);
	ck_assert(found.mine);
	ck_assert(!AServiceManager_isDeclared("test.one"));
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(bad_name_is_an_exception_with_words)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL);

	ck_assert_int_eq(AServiceManager_addService(mine, "no spaces"), EX_ILLEGAL_ARGUMENT);
	ck_assert_int_eq(AServiceManager_addOn(conn, mine, ""), STATUS_BAD_VALUE);
	ck_assert_msg(strstr(ABinder_lastError(), "EX_ILLEGAL_ARGUMENT") != NULL, "%s",
		      ABinder_lastError());
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(wait_ends_in_time)
{
	AIBinder *got = NULL;

	ck_assert_int_eq(AServiceManager_waitOn(conn, "test.never", 50, &got), STATUS_TIMED_OUT);
	ck_assert_ptr_null(got);
	ABinderConnection_startThreadPool(conn, 2);
	ck_assert_int_eq(AServiceManager_waitOn(conn, "test.never", 50, &got), STATUS_TIMED_OUT);
}
END_TEST

/* A child registers when it is told to, and stays. */
static pid_t registrar(int *tell)
{
	int pipefd[2];
	pid_t pid;

	ck_assert_int_eq(pipe(pipefd), 0);
	pid = fork();
	if (pid == 0) {
		AIBinder *mine = AIBinder_new(test_class(), NULL);
		char byte;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(pipefd[1]);
		if (read(pipefd[0], &byte, 1) != 1 ||
		    AServiceManager_addService(mine, "test.late") != EX_NONE)
			_exit(1);
		ABinderConnection_joinThreadPool(ABinderConnection_getDefault());
		_exit(0);
	}
	close(pipefd[0]);
	*tell = pipefd[1];
	return pid;
}

static void *say_later(void *arg)
{
	usleep(30000);
	ck_assert_int_eq(write(*(int *)arg, "x", 1), 1);
	return NULL;
}

static void wait_for_late(void)
{
	AIBinder *got;
	pthread_t thread;
	int tell;
	pid_t pid = registrar(&tell);

	pthread_create(&thread, NULL, say_later, &tell);
	ck_assert_int_eq(AServiceManager_waitOn(conn, "test.late", 10000, &got), STATUS_OK);
	ck_assert_int_eq(AIBinder_ping(got), STATUS_OK);
	pthread_join(thread, NULL);
	AIBinder_decStrong(got);
	peer_kill(pid);
}

START_TEST(wait_without_a_pool_serves_in_the_waiting_thread)
{
	wait_for_late();
}
END_TEST

START_TEST(wait_with_a_pool_is_woken_by_it)
{
	ABinderConnection_startThreadPool(conn, 2);
	wait_for_late();
}
END_TEST

struct waiting {
	pthread_t thread;
	atomic_bool stop, started;
	int timeout_ms;
	binder_status_t status;
};

static bool go_on(void *cookie)
{
	struct waiting *waiting = cookie;

	return !atomic_load(&waiting->stop);
}

static bool has_started(void *arg)
{
	return atomic_load(&((struct waiting *)arg)->started);
}

static void *wait_for_none(void *arg)
{
	struct waiting *waiting = arg;
	AIBinder *found = NULL;

	ABinder_setInterruptible(go_on, waiting);
	atomic_store(&waiting->started, true);
	waiting->status = AServiceManager_waitOn(conn, "test.never", waiting->timeout_ms, &found);
	ABinder_setInterruptible(NULL, NULL);
	return NULL;
}

/* _i & 1: with a time limit; _i & 2: threads of a pool serve, so the waiting one need not. */
START_TEST(wait_that_is_no_longer_wanted_is_given_up)
{
	struct waiting waiting = { .timeout_ms = _i & 1 ? 60000 : -1 };

	if (_i & 2)
		ABinderConnection_startThreadPool(conn, 1);
	pthread_create(&waiting.thread, NULL, wait_for_none, &waiting);
	ck_assert(eventually(has_started, &waiting));
	atomic_store(&waiting.stop, true);
	ABinderConnection_wakeWaiting(conn);
	pthread_join(waiting.thread, NULL);
	ck_assert_int_eq(waiting.status, STATUS_INTERRUPTED);
}
END_TEST

static atomic_int seen;

static void on_watched(const char *name, AIBinder *binder, void *cookie)
{
	seen += !strcmp(name, "test.one") && binder;
}

static bool seen_is(void *number)
{
	return seen == *(int *)number;
}

START_TEST(watch_hears_each_registration_until_it_is_deleted)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	AServiceManager_Watch *watch;
	struct ABinderCounts counts;
	int one = 1, two = 2;

	ABinderConnection_startThreadPool(conn, 2);
	ck_assert_int_eq(AServiceManager_addOn(conn, mine, "test.one"), STATUS_OK);
	ck_assert_int_eq(AServiceManager_watchOn(conn, "test.one", on_watched, NULL, &watch),
			 STATUS_OK);
	ck_assert(eventually(seen_is, &one));
	ck_assert_int_eq(AServiceManager_addOn(conn, mine, "test.one"), STATUS_OK);
	ck_assert(eventually(seen_is, &two));
	AServiceManager_Watch_delete(watch);
	ck_assert_int_eq(AServiceManager_addOn(conn, mine, "test.one"), STATUS_OK);
	ck_assert_int_eq(seen, 2);
	AIBinder_decStrong(mine);
	ABinder_getCounts(&counts);
	ck_assert_uint_le(counts.locals, 2);
}
END_TEST

static bool is_gone(void *unused)
{
	AIBinder *got;

	if (AServiceManager_checkOn(conn, "test.late", &got))
		return true;
	AIBinder_decStrong(got);
	return false;
}

START_TEST(dead_service_leaves_the_list)
{
	AIBinder *got;
	int tell;
	pid_t pid = registrar(&tell);

	ck_assert_int_eq(write(tell, "x", 1), 1);
	got = AServiceManager_waitForService("test.late");
	ck_assert_ptr_nonnull(got);
	AIBinder_decStrong(got);
	peer_kill(pid);
	ck_assert(eventually(is_gone, NULL));
}
END_TEST

/* ---- clients, as the driver counts them ---------------------------------- */

/* Codes of Android 16. */
#define REGISTER_CLIENT_CALLBACK 14
#define TRY_UNREGISTER 15

static binder_exception_t about_clients(uint32_t code, AIBinder *service, AIBinder *callback)
{
	AIBinder *binder;
	AParcel *in, *out = NULL;
	AStatus *answer = NULL;
	binder_exception_t exception;

	ABinderConnection_getContextManager(conn, &binder);
	ck_assert_int_eq(AIBinder_prepareRaw(binder, "android.os.IServiceManager", &in), STATUS_OK);
	AParcel_writeString16(in, "test.lazy");
	AParcel_writeStrongBinder(in, service);
	if (callback)
		AParcel_writeStrongBinder(in, callback);
	ck_assert_int_eq(AIBinder_transactRaw(binder, code, &in, &out, 0, -1), STATUS_OK);
	ck_assert_int_eq(AParcel_readStatusHeader(out, &answer), STATUS_OK);
	exception = AStatus_getExceptionCode(answer);
	AStatus_delete(answer);
	AParcel_delete(out);
	AIBinder_decStrong(binder);
	return exception;
}

/* A process that holds test.lazy until it is killed. */
static pid_t holder(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (AServiceManager_checkService("test.lazy") && write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static atomic_int told = -1, unregistered = -1;
/* What the callback unregisters, once it hears that there are no clients. */
static AIBinder *_Atomic unwanted;

static void *keep_nothing(void *args)
{
	return args;
}

static void drop_nothing(void *data) {}

static binder_status_t on_clients(AIBinder *binder, transaction_code_t code, const AParcel *in,
				  AParcel *out)
{
	AIBinder *service = NULL;
	bool has_clients;

	if (!AParcel_readStrongBinder(in, &service) && !AParcel_readBool(in, &has_clients) &&
	    code == 1 && service) {
		told = has_clients;
		if (service == unwanted && !has_clients)
			unregistered = about_clients(TRY_UNREGISTER, service, NULL);
	}
	AIBinder_decStrong(service);
	return STATUS_OK;
}

static bool is_number(void *number)
{
	return told == *(int *)number;
}

static bool is_told(int number)
{
	return eventually(is_number, &number);
}

static bool has_tried(void *unused)
{
	return unregistered >= 0;
}

static void on_nothing(const char *name, AIBinder *binder, void *cookie) {}

/* A service with a callback, served. */
static AIBinder *add_lazy(void)
{
	static AIBinder_Class *clazz; /* for ever, and in sight of leak checkers */
	AIBinder *mine = AIBinder_new(test_class(), NULL), *callback;

	if (!clazz)
		clazz = AIBinder_Class_define("android.os.IClientCallback", keep_nothing,
					      drop_nothing, on_clients);
	callback = AIBinder_new(clazz, NULL);
	ABinderConnection_startThreadPool(conn, 2);
	ck_assert_int_eq(AServiceManager_addOn(conn, mine, "test.lazy"), STATUS_OK);
	ck_assert_int_eq(about_clients(REGISTER_CLIENT_CALLBACK, mine, callback), EX_NONE);
	AIBinder_decStrong(callback);
	return mine;
}

START_TEST(service_without_a_client_callback_stays_registered)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL);

	ck_assert_int_eq(AServiceManager_addOn(conn, mine, "test.lazy"), STATUS_OK);
	ck_assert_int_eq(about_clients(TRY_UNREGISTER, mine, NULL), EX_ILLEGAL_STATE);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(lazy_service_without_clients_can_be_unregistered)
{
	AIBinder *mine = add_lazy(), *got;

	ck_assert_int_eq(about_clients(TRY_UNREGISTER, mine, NULL), EX_NONE);
	ck_assert_int_eq(AServiceManager_checkOn(conn, "test.lazy", &got), STATUS_NAME_NOT_FOUND);
	ck_assert_int_eq(about_clients(TRY_UNREGISTER, mine, NULL), EX_ILLEGAL_STATE);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(service_that_was_handed_out_hears_it_at_once_and_stays_registered)
{
	AIBinder *mine = add_lazy();
	pid_t pid = holder();

	ck_assert(is_told(1));
	ck_assert_int_eq(about_clients(TRY_UNREGISTER, mine, NULL), EX_ILLEGAL_STATE);
	peer_kill(pid);
	ck_assert_int_eq(about_clients(TRY_UNREGISTER, mine, NULL), EX_ILLEGAL_STATE);
	AIBinder_decStrong(mine);
}
END_TEST

/* Which is how Android's lazy services do it. */
START_TEST(service_unregisters_itself_inside_its_client_callback)
{
	AIBinder *mine = add_lazy(), *got;
	pid_t pid;

	unwanted = mine;
	pid = holder();
	ck_assert(is_told(1));
	peer_kill(pid);
	/* At the manager's next look. */
	ck_assert(eventually(has_tried, NULL));
	ck_assert_int_eq(told, 0);
	ck_assert_int_eq(unregistered, EX_NONE);
	ck_assert_int_eq(AServiceManager_checkOn(conn, "test.lazy", &got), STATUS_NAME_NOT_FOUND);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(client_callback_outlives_its_registration)
{
	AIBinder *mine = add_lazy();
	pid_t pid;

	ck_assert_int_eq(about_clients(TRY_UNREGISTER, mine, NULL), EX_NONE);
	ck_assert_int_eq(AServiceManager_addOn(conn, mine, "test.lazy"), STATUS_OK);
	ck_assert_int_eq(told, -1);
	pid = holder();
	ck_assert(is_told(1));
	peer_kill(pid);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(service_that_somebody_waited_for_has_a_client)
{
	AServiceManager_Watch *watch;
	AIBinder *mine;

	ck_assert_int_eq(AServiceManager_watchOn(conn, "test.lazy", on_nothing, NULL, &watch),
			 STATUS_OK);
	mine = add_lazy();
	ck_assert(is_told(1));
	AServiceManager_Watch_delete(watch);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(only_the_object_that_is_registered_can_be_unregistered)
{
	AIBinder *mine = add_lazy(), *other = AIBinder_new(test_class(), NULL);

	ck_assert_int_eq(about_clients(TRY_UNREGISTER, other, NULL), EX_ILLEGAL_STATE);
	ck_assert_int_eq(about_clients(REGISTER_CLIENT_CALLBACK, other, mine), EX_ILLEGAL_ARGUMENT);
	ck_assert_int_eq(about_clients(TRY_UNREGISTER, NULL, NULL), EX_NULL_POINTER);
	AIBinder_decStrong(mine);
	AIBinder_decStrong(other);
}
END_TEST

START_TEST(manager_s_own_object_is_no_callback)
{
	AIBinder *mine = add_lazy(), *manager_object;

	ABinderConnection_getContextManager(conn, &manager_object);
	ck_assert_int_eq(about_clients(REGISTER_CLIENT_CALLBACK, mine, manager_object),
			 EX_ILLEGAL_STATE);
	AIBinder_decStrong(manager_object);
	AIBinder_decStrong(mine);
}
END_TEST

/* A process that hosts test.lazy by the NDK's functions; one that persists first says when it is
 * unused, and then lets go. */
static bool on_active(bool has_clients, void *persist)
{
	if (!has_clients && persist)
		AServiceManager_forceLazyServicesPersist(false);
	return false;
}

static pid_t lazy_host(bool persist)
{
	int ready[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		AIBinder *mine = AIBinder_new(test_class(), NULL);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		AServiceManager_forceLazyServicesPersist(persist);
		AServiceManager_setActiveServicesCallback(on_active, persist ? mine : NULL);
		if (AServiceManager_registerLazyService(mine, "test.lazy") != STATUS_OK ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		ABinderConnection_joinThreadPool(ABinderConnection_getDefault());
		_exit(2);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void expect_end_without_clients(pid_t host)
{
	AIBinder *got;
	int status;
	pid_t client = holder();

	/* It has a client now. */
	ck_assert_int_eq(waitpid(host, &status, WNOHANG), 0);
	peer_kill(client);
	ck_assert_int_eq(waitpid(host, &status, 0), host);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	ck_assert_int_eq(AServiceManager_checkOn(conn, "test.lazy", &got), STATUS_NAME_NOT_FOUND);
}

START_TEST(lazy_service_ends_with_its_last_client)
{
	expect_end_without_clients(lazy_host(false));
}
END_TEST

START_TEST(lazy_service_may_be_told_to_persist)
{
	expect_end_without_clients(lazy_host(true));
}
END_TEST

START_TEST(lazy_services_can_be_unregistered_and_registered_again)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *got;
	pid_t pid;

	AServiceManager_forceLazyServicesPersist(true);
	ABinderConnection_startThreadPool(conn, 2);
	ck_assert_int_eq(AServiceManager_registerLazyService(mine, "test.lazy"), STATUS_OK);
	ck_assert_int_eq(AServiceManager_registerLazyService(mine, "no spaces"), STATUS_BAD_VALUE);
	ck_assert(AServiceManager_tryUnregister());
	ck_assert_int_eq(AServiceManager_checkOn(conn, "test.lazy", &got), STATUS_NAME_NOT_FOUND);
	AServiceManager_reRegister();
	pid = holder();
	ck_assert(!AServiceManager_tryUnregister());
	ck_assert_int_eq(AServiceManager_checkOn(conn, "test.lazy", &got), STATUS_OK);
	AIBinder_decStrong(got);
	peer_kill(pid);
	ck_assert(!AServiceManager_isUpdatableViaApex("test.lazy"));
	ck_assert_ptr_null(AServiceManager_openDeclaredPassthroughHal("a.b.IFoo", "default", 0));
	AIBinder_decStrong(mine);
}
END_TEST

/* ---- another service manager --------------------------------------------- */

static atomic_int lost, kept, refused;

static void on_kept(const char *name, binder_status_t status, void *cookie)
{
	if (strcmp(name, cookie) != 0)
		return;
	if (status == STATUS_DEAD_OBJECT)
		lost++;
	else if (status == STATUS_OK)
		kept++;
	else
		refused++;
}

static bool is_lost(void *times)
{
	return lost == *(int *)times;
}

static bool is_added_again(void *times)
{
	return kept == *(int *)times;
}

START_TEST(kept_service_is_added_to_each_new_service_manager)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *got;
	AServiceManager_Keeper *keeper;

	ABinderConnection_startThreadPool(conn, 2);
	ck_assert_int_eq(AServiceManager_keepOn(conn, mine, "test.kept", on_kept,
						(void *)"test.kept", &keeper),
			 STATUS_OK);
	/* It holds the object, which the dead service manager did until now. */
	AIBinder_decStrong(mine);
	for (int times = 1; times <= 3; times++) {
		peer_kill(manager);
		ck_assert(eventually(is_lost, &times));
		start_manager();
		ck_assert(eventually(is_added_again, &times));
		ck_assert_int_eq(AServiceManager_checkOn(conn, "test.kept", &got), STATUS_OK);
		ck_assert_ptr_eq(got, mine);
		AIBinder_decStrong(got);
	}
	ck_assert_int_eq(refused, 0);
	AServiceManager_Keeper_delete(keeper);
}
END_TEST

START_TEST(name_is_not_kept_once_its_keeper_is_deleted)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *got;
	AServiceManager_Keeper *keeper, *other;
	int once = 1;

	ABinderConnection_startThreadPool(conn, 2);
	ck_assert_int_eq(AServiceManager_keepOn(conn, mine, "test.gone", NULL, NULL, &keeper),
			 STATUS_OK);
	ck_assert_int_eq(AServiceManager_keepOn(conn, mine, "test.kept", on_kept,
						(void *)"test.kept", &other),
			 STATUS_OK);
	AServiceManager_Keeper_delete(keeper);
	ck_assert_int_eq(AServiceManager_checkOn(conn, "test.gone", &got), STATUS_OK);
	AIBinder_decStrong(got);
	peer_kill(manager);
	ck_assert(eventually(is_lost, &once));
	start_manager();
	ck_assert(eventually(is_added_again, &once));
	ck_assert_int_eq(AServiceManager_checkOn(conn, "test.gone", &got), STATUS_NAME_NOT_FOUND);
	AServiceManager_Keeper_delete(other);
	AIBinder_decStrong(mine);
}
END_TEST

START_TEST(watch_is_known_to_each_new_service_manager)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	AServiceManager_Watch *watch;
	int seen_so_far = 0;

	ABinderConnection_startThreadPool(conn, 2);
	ck_assert_int_eq(AServiceManager_watchOn(conn, "test.one", on_watched, NULL, &watch),
			 STATUS_OK);
	for (int times = 1; times <= 3; times++) {
		peer_kill(manager);
		start_manager();
		ck_assert_int_eq(AServiceManager_addOn(conn, mine, "test.one"), STATUS_OK);
		seen_so_far++;
		ck_assert(eventually(seen_is, &seen_so_far));
	}
	AServiceManager_Watch_delete(watch);
	AIBinder_decStrong(mine);
}
END_TEST

static atomic_int told_the_deleted;

static void on_deleted(const char *name, AIBinder *binder, void *cookie)
{
	told_the_deleted++;
}

START_TEST(deleted_watch_is_unknown_to_the_next_service_manager)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	AServiceManager_Watch *watch, *other;
	int one = 1;

	ABinderConnection_startThreadPool(conn, 2);
	ck_assert_int_eq(AServiceManager_watchOn(conn, "test.one", on_deleted, NULL, &watch),
			 STATUS_OK);
	ck_assert_int_eq(AServiceManager_watchOn(conn, "test.one", on_watched, NULL, &other),
			 STATUS_OK);
	AServiceManager_Watch_delete(watch);
	peer_kill(manager);
	start_manager();
	ck_assert_int_eq(AServiceManager_addOn(conn, mine, "test.one"), STATUS_OK);
	ck_assert(eventually(seen_is, &one));
	ck_assert_int_eq(told_the_deleted, 0);
	AServiceManager_Watch_delete(other);
	AIBinder_decStrong(mine);
}
END_TEST

static bool somebody_waits(void *locals)
{
	struct ABinderCounts counts;

	ABinder_getCounts(&counts);
	return counts.locals > *(uint32_t *)locals;
}

static void *wait_for_one(void *got)
{
	binder_status_t status;

	/* On a slow machine the service manager dies before it is told of the wait. */
	do
		status = AServiceManager_waitOn(conn, "test.one", limit_of(5000), got);
	while (status == STATUS_DEAD_OBJECT);
	ck_assert_int_eq(status, STATUS_OK);
	return NULL;
}

/* This thread starts the service manager, as one that ends takes its children along. */
static void wait_over_a_restart(void)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL), *got = NULL;
	struct ABinderCounts counts;
	pthread_t thread;

	ABinder_getCounts(&counts);
	ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_one, &got), 0);
	ck_assert(eventually(somebody_waits, &counts.locals));
	/* The service manager is told right afterwards, of which nobody else hears. */
	usleep(30000);
	peer_kill(manager);
	start_manager();
	ck_assert_int_eq(AServiceManager_addOn(conn, mine, "test.one"), STATUS_OK);
	pthread_join(thread, NULL);
	ck_assert_ptr_eq(got, mine);
	AIBinder_decStrong(got);
	AIBinder_decStrong(mine);
}

START_TEST(wait_goes_on_with_the_next_service_manager)
{
	wait_over_a_restart();
}
END_TEST

START_TEST(wait_with_a_pool_goes_on_with_the_next_service_manager)
{
	ABinderConnection_startThreadPool(conn, 2);
	wait_over_a_restart();
}
END_TEST

START_TEST(name_that_is_refused_is_not_kept)
{
	AIBinder *mine = AIBinder_new(test_class(), NULL);
	AServiceManager_Keeper *keeper = NULL;

	ck_assert_int_ne(AServiceManager_keepOn(conn, mine, "bad name", NULL, NULL, &keeper),
			 STATUS_OK);
	ck_assert_ptr_null(keeper);
	AIBinder_decStrong(mine);
}
END_TEST

Suite *manager_suite(void)
{
	Suite *suite = suite_create("manager");
	TCase *tc = tcase_create("manager");

	tcase_add_checked_fixture(tc, up, down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, service_that_was_added_is_found_listed_and_known);
	tcase_add_test(tc, bad_name_is_an_exception_with_words);
	tcase_add_test(tc, wait_ends_in_time);
	tcase_add_test(tc, wait_without_a_pool_serves_in_the_waiting_thread);
	tcase_add_test(tc, wait_with_a_pool_is_woken_by_it);
	tcase_add_loop_test(tc, wait_that_is_no_longer_wanted_is_given_up, 0, 4);
	tcase_add_test(tc, watch_hears_each_registration_until_it_is_deleted);
	tcase_add_test(tc, dead_service_leaves_the_list);
	tcase_add_test(tc, service_without_a_client_callback_stays_registered);
	tcase_add_test(tc, lazy_service_without_clients_can_be_unregistered);
	tcase_add_test(tc, service_that_was_handed_out_hears_it_at_once_and_stays_registered);
	tcase_add_test(tc, service_unregisters_itself_inside_its_client_callback);
	tcase_add_test(tc, lazy_service_ends_with_its_last_client);
	tcase_add_test(tc, lazy_service_may_be_told_to_persist);
	tcase_add_test(tc, lazy_services_can_be_unregistered_and_registered_again);
	tcase_add_test(tc, client_callback_outlives_its_registration);
	tcase_add_test(tc, service_that_somebody_waited_for_has_a_client);
	tcase_add_test(tc, only_the_object_that_is_registered_can_be_unregistered);
	tcase_add_test(tc, manager_s_own_object_is_no_callback);
	tcase_add_test(tc, kept_service_is_added_to_each_new_service_manager);
	tcase_add_test(tc, name_is_not_kept_once_its_keeper_is_deleted);
	tcase_add_test(tc, name_that_is_refused_is_not_kept);
	tcase_add_test(tc, watch_is_known_to_each_new_service_manager);
	tcase_add_test(tc, deleted_watch_is_unknown_to_the_next_service_manager);
	tcase_add_test(tc, wait_goes_on_with_the_next_service_manager);
	tcase_add_test(tc, wait_with_a_pool_goes_on_with_the_next_service_manager);
	suite_add_tcase(suite, tc);
	return suite;
}
