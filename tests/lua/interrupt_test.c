/* SPDX-License-Identifier: MIT */
/*
 * interrupt_test.c: Ctrl-C ends what a script waits for, whatever that is, and
 * leaves the script usable.
 */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "lua/module.h"
#include "suites.h"

static pid_t peer;
static lua_State *L;

/* The signal handler of a shell. */
static void on_signal(int number)
{
	lb_interrupt();
}

/* Where the call is done: by the Lua thread itself, or by another while the script has objects. */
static void set_up(void)
{
	const struct sigaction action = { .sa_handler = on_signal };

	peer = peer_start();
	sigaction(SIGALRM, &action, NULL);
	L = state_new(NULL, NULL);
	ck_assert(lb_interrupt_enable(L, false));
}

static void tear_down(void)
{
	lua_close(L);
	peer_stop(peer);
}

static void interrupt_in(int ms)
{
	const struct itimerval timer = { .it_value = { ms / 1000, ms % 1000 * 1000 } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

static void expect_interrupted(const char *text)
{
	const char *error;

	interrupt_in(50);
	error = state_run(L, text);
	ck_assert_ptr_nonnull(error);
	ck_assert_msg(strstr(error, "interrupted"), "%s", error);
	/* And life goes on. */
	error = state_run(L, "local p = assert(binder.check 'test.peer')\n"
			     "assert(assert(p:call(1, {'i32', 5})):read_i32() == 5)");
	ck_assert_msg(!error, "%s", error);
}

static const char *const waits[] = {
	"binder.get('test.peer'):call(2)",
	"binder.get('test.peer'):call(2, {timeout = 100})",
	"binder.wait('test.none')",
	"binder.wait('test.none', 100)",
	"binder.loop()",
	"binder.step()",
	"binder.sleep(100)",
	"binder.async(function() binder.get('test.peer'):call(2) end):wait()",
	"binder.async(function() binder.sleep(100) end):wait(100)",
};

#define WAITS ((int)(sizeof(waits) / sizeof(*waits)))

START_TEST(signal_ends_what_a_script_waits_for)
{
	expect_interrupted(waits[_i]);
}
END_TEST

START_TEST(signal_ends_what_a_script_with_objects_waits_for)
{
	const char *error = state_run(L, "object = assert(binder.object {})");

	ck_assert_msg(!error, "%s", error);
	expect_interrupted(waits[_i]);
}
END_TEST

/* The signal may come at any moment before the call blocks. */
START_TEST(signal_just_before_a_call_is_not_lost)
{
	for (int i = 0; i < 300; i++) {
		const struct itimerval timer = { .it_value = { 0, 1 + i } };
		const char *error;

		setitimer(ITIMER_REAL, &timer, NULL);
		error = state_run(L, "peer = peer or assert(binder.check 'test.peer')\n"
				     "peer:call(2)");
		ck_assert_ptr_nonnull(error);
		ck_assert_msg(strstr(error, "interrupted"), "%s", error);
	}
}
END_TEST

START_TEST(interruption_that_nobody_waited_for_is_forgotten)
{
	const struct timespec moment = { 0, 50000000 };
	const char *error;

	lb_interrupt();
	nanosleep(&moment, NULL);
	lb_interrupt_clear(L);
	error = state_run(L, "assert(binder.check 'test.peer')\nbinder.sleep(0.001)");
	ck_assert_msg(!error, "%s", error);
}
END_TEST

/* lua(1) does it so. */
static void stop(lua_State *state, lua_Debug *ar)
{
	lua_sethook(state, NULL, 0, 0);
	luaL_error(state, "stopped by a hook");
}

static void on_signal_hook(int number)
{
	lua_sethook(L, stop, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

START_TEST(hook_that_a_signal_sets_ends_a_wait)
{
	const struct sigaction action = { .sa_handler = on_signal_hook };
	const struct itimerval again = { { 0, 500000 }, { 0, 50000 } }, never = { 0 };
	const char *error;

	sigaction(SIGALRM, &action, NULL);
	/* As somebody who presses Ctrl-C again: one just before the driver waits is lost. */
	setitimer(ITIMER_REAL, &again, NULL);
	error = state_run(L, waits[_i]);
	setitimer(ITIMER_REAL, &never, NULL);
	ck_assert_ptr_nonnull(error);
	ck_assert_msg(strstr(error, "stopped by a hook"), "%s", error);
}
END_TEST

/* Its handler wakes nobody: a wait has to look. */
START_TEST(hook_that_a_signal_sets_just_before_a_wait_is_not_lost)
{
	static const char *const texts[] = {
		"binder.async(function() binder.sleep(100) end):wait()",
		"binder.sleep(100)",
		"binder.step(100)",
		"binder.loop()",
	};
	const struct sigaction action = { .sa_handler = on_signal_hook };

	sigaction(SIGALRM, &action, NULL);
	for (int i = 0; i < 60; i++) {
		const struct itimerval timer = { .it_value = { 0, 1 + 3 * i } };
		const char *error;

		setitimer(ITIMER_REAL, &timer, NULL);
		error = state_run(L, texts[_i]);
		ck_assert_ptr_nonnull(error);
		ck_assert_msg(strstr(error, "stopped by a hook"), "%s", error);
	}
}
END_TEST

START_TEST(state_that_is_closed_gives_up_its_calls)
{
	lua_State *other = state_new(NULL, NULL);
	const char *error = state_run(other, "for _ = 1, 5 do binder.async(function()\n"
					     "  binder.get('test.peer'):call(2) end) end\n"
					     "binder.async(function() binder.sleep(100) end)\n"
					     "binder.sleep(0.05)");

	ck_assert_msg(!error, "%s", error);
	lua_close(other);
}
END_TEST

Suite *interrupt_suite(void)
{
	Suite *suite = suite_create("lua interrupt");
	TCase *tcase = tcase_create("interrupt");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, signal_ends_what_a_script_waits_for, 0, WAITS);
	tcase_add_loop_test(tcase, signal_ends_what_a_script_with_objects_waits_for, 0, WAITS);
	tcase_add_test(tcase, signal_just_before_a_call_is_not_lost);
	tcase_add_test(tcase, interruption_that_nobody_waited_for_is_forgotten);
	tcase_add_loop_test(tcase, hook_that_a_signal_sets_ends_a_wait, 0, WAITS);
	tcase_add_loop_test(tcase, hook_that_a_signal_sets_just_before_a_wait_is_not_lost, 0, 4);
	tcase_add_test(tcase, state_that_is_closed_gives_up_its_calls);
	suite_add_tcase(suite, tcase);
	return suite;
}
