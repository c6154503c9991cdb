/* SPDX-License-Identifier: MIT */
/*
 * allocation_test.c: every allocation of the module and of libbinder fails once.
 * What a script was doing ends in an error that says so, or goes on as if nothing
 * had been; nothing is left behind, nobody waits for ever, and no event is lost
 * in silence.
 */
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <binder/ext.h>

#include "allocation.h"
#include "../limit.h"
#include "suites.h"

/* Under a thread sanitizer everything takes a hundred times as long, and it does not look at memory. */
#ifdef __SANITIZE_THREAD__
#define STEP 31
#else
#define STEP 1
#endif

unsigned long allocation_step(void)
{
	/* tests/vm: in an emulator. */
	return test_slow() > 100 ? 61 : STEP;
}

/* Longer than that, somebody has waited for what never came. */
static double patience_s(void)
{
	return limit_of(5);
}

static pid_t peer;

static void set_up(void)
{
	peer = peer_start();
}

static void tear_down(void)
{
	peer_stop(peer);
}

/* Raises what went wrong with its name. */
#define PRELUDE \
	"local function ok(...)\n" \
	"  local value, message, name = ...\n" \
	"  if not value and name then error(name .. ': ' .. tostring(message), 0) end\n" \
	"  if not value then error('neither a value nor a name: ' .. tostring(message), 2) end\n" \
	"  return ...\n" \
	"end\n" \
	"local function until_true(done)\n" \
	"  local give_up = binder.now() + 10 * (tonumber(os.getenv 'TEST_SLOW') or 10)\n" \
	"  while not done() do\n" \
	"    if binder.now() > give_up then error('an event was lost', 2) end\n" \
	"    if not binder.step(0.1) then ok(binder.check 'test.peer') end\n" \
	"  end\n" \
	"end\n" \
	"local failures = 0\n"

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

struct scenario {
	const char *name, *text;
	bool mortal; /* needs a process that can be killed */
};

static const struct scenario scenarios[] = {
	{ "parcels",
	  "local peer = ok(binder.check 'test.peer')\n"
	  "local object = ok(binder.object { descriptor = 'test.IMemory' })\n"
	  "local p = ok(binder.parcel { {'i32', 1}, {'str', ('x'):rep(300)}, {'i32[]', {1, 2}} })\n"
	  "for i = 1, 20 do p:binder(object):binder(peer) end\n"
	  "p:parcelable { {'i32', 1} }:bundle { a = 1, b = 'x', c = {'bundle', {d = true}} }\n"
	  "p:pfd(0):str_array { 'a', 'b' }:bytes('abc'):str8('x')\n"
	  "p:status { exception = 'EX_SECURITY', message = 'no' }:token('a.IB')\n"
	  "local q = ok(binder.parcel(p))\n"
	  "p:position(0)\n"
	  "assert(#ok(p:objects()) == 41 and #p:hex() > 0)\n"
	  "ok(p:read('i32', 'str', 'i32[]'))\n"
	  "for i = 1, 20 do assert(ok(p:read_binder()) == object) assert(ok(p:read_binder()) == peer) end\n"
	  "ok(p:read_parcelable()) ok(p:read_bundle())\n"
	  "ok(p:read_pfd()):close()\n"
	  "ok(p:read_str_array()) ok(p:read_bytes()) ok(p:read_str8())\n"
	  "local _, message, name = p:read_status()\n"
	  "if name ~= 'EX_SECURITY' then error(name .. ': ' .. message) end\n"
	  "assert(ok(p:read_token()) == 'a.IB')\n",
	  false },
	{ "calls",
	  "local peer = ok(binder.check 'test.peer')\n"
	  "assert(ok(peer:call(1, {'i32', 7})):read_i32() == 7)\n"
	  "assert(ok(peer:call(1, {'i32', 8}, {timeout = 10})):read_i32() == 8)\n"
	  "assert(ok(peer:descriptor()) == 'test.IPeer')\n"
	  "ok(peer:ping())\n"
	  "assert(ok(peer:dump('x')) == 'peer 1')\n"
	  "assert(ok(peer:dump('x', {timeout = 10})) == 'peer 1')\n"
	  "ok(peer:oneway(1, {'i32', 1}))\n"
	  "assert(ok(peer:call(1, {'i32', 9}, {'str', ('x'):rep(100000)})):read_i32() == 9)\n"
	  "local seen = {}\n"
	  "for _, name in ipairs(ok(binder.list())) do seen[name] = true end\n"
	  "assert(seen['test.peer'])\n"
	  "ok(binder.get('test.peer')) ok(binder.wait('test.peer', 10))\n"
	  "assert(select(3, binder.check('test.none')) ~= nil)\n",
	  false },
	{ "serving",
	  "local peer = ok(binder.check 'test.peer')\n"
	  "local object = ok(binder.serve('test.mine', { descriptor = 'test.IMine',\n"
	  "  [1] = function(req, reply) reply:i32(ok(peer:call(1, {'i32', req:read_i32()}))\n"
	  "    :read_i32()) end,\n"
	  "  [2] = function() binder.throw('EX_SERVICE_SPECIFIC', 'x', 3) end,\n"
	  "  [4] = function(_, reply) reply:binder(ok(binder.object {})) end,\n"
	  "  dump = function(args, file) file:write('a') return 'b' .. #args end }))\n"
	  "assert(ok(peer:call(3, {'binder', object}, {'i32', 7})):read_i32() == 7)\n"
	  "assert(ok(peer:call(3, {'binder', object}, {'i32', 7}, {timeout = 10}))\n"
	  "  :read_i32() == 7)\n"
	  "assert(ok(object:call(1, {'i32', 8})):read_i32() == 8)\n"
	  "local _, message, name = object:call(2)\n"
	  "if name ~= 'EX_SERVICE_SPECIFIC' then error(name .. ': ' .. message) end\n"
	  "ok(ok(object:call(4)):read_binder())\n"
	  "local p = binder.parcel():i32(3)\n"
	  "for i = 1, 40 do p:binder(ok(binder.object {})) end\n"
	  "assert(ok(peer:call(1, p)):read_i32() == 3)\n"
	  "p:close()\n"
	  "local text = ok(object:dump('x'))\n"
	  "assert(text == 'ab1' or text:find('memory'), text)\n",
	  false },
	{ "async",
	  "local peer = ok(binder.check 'test.peer')\n"
	  "local tasks = {}\n"
	  "for i = 1, 4 do tasks[i] = ok(binder.async(function(n)\n"
	  "  binder.sleep(0.001)\n"
	  "  return ok(peer:call(1, {'i32', n})):read_i32()\n"
	  "end, i)) end\n"
	  "for i = 1, 4 do assert(tasks[i]:wait(10) == i) end\n"
	  "assert(ok(binder.async(function() return tasks[1]:wait(10) end)):wait(10) == 1)\n"
	  "local ticks = 0\n"
	  "local timer <close> = ok(binder.every(0.001, function() ticks = ticks + 1 end))\n"
	  "ok(binder.after(0, function() ticks = ticks + 1 end))\n"
	  "until_true(function() return ticks > 3 end)\n",
	  false },
	{ "watch",
	  "local seen = 0\n"
	  "local watch <close> = ok(binder.watch('test.seen', function(service)\n"
	  "  seen = seen + 1\n"
	  "  ok(service:ping())\n"
	  "end))\n"
	  "ok(binder.serve('test.seen', { descriptor = 'test.ISeen' }))\n"
	  "until_true(function() return seen > 0 end)\n",
	  false },
	{ "death",
	  "local mortal = ok(binder.check 'test.mortal')\n"
	  "local told, cancelled = 0, false\n"
	  "ok(mortal:on_death(function() cancelled = true end)):cancel()\n"
	  "ok(mortal:on_death(function() told = told + 1 end))\n"
	  "local p = ok(binder.parcel()):binder(mortal):position(0)\n"
	  "ok(ok(p:read_binder()):on_death(function() told = told + 1 end))\n"
	  "kill()\n"
	  "until_true(function() return told == 2 end)\n"
	  "assert(not cancelled)\n"
	  "local _, message, name = mortal:ping()\n"
	  "assert(name == 'DEAD_OBJECT' or name == 'NO_MEMORY', message)\n",
	  true },
};

#define SCENARIOS ((int)(sizeof(scenarios) / sizeof(*scenarios)))

/* ---- a process that can be killed ---------------------------------------------------- */

static pid_t mortal;

static void start_mortal(void)
{
	const char *argv[] = { "lua-tests", "--serve", "test.mortal", NULL };
	extern char **environ;
	lua_State *L = state_new(NULL, NULL);
	const char *error;

	ck_assert_int_eq(posix_spawn(&mortal, "/proc/self/exe", NULL, NULL,
				     (char *const *)(uintptr_t)argv, environ),
			 0);
	error = state_run(L, "local service\n"
			     "repeat service = assert(binder.wait('test.mortal', 20))\n"
			     "until service:ping()\n");
	ck_assert_msg(!error, "%s", error);
	lua_close(L);
}

static void end_mortal(void)
{
	if (mortal)
		peer_stop(mortal);
	mortal = 0;
}

static int kill_mortal(lua_State *L)
{
	end_mortal();
	return 0;
}

/* ---- one run ---------------------------------------------------------------------------- */

/* How many allocations it made; the error that it ended with.  Also in a process that is none of
 * libcheck's. */
static unsigned long run(const struct scenario *scenario, unsigned long first, unsigned long last,
			 char *error, size_t size)
{
	lua_State *L = luaL_newstate();
	const char *words = NULL;
	unsigned long made;
	static char text[10000];

	snprintf(text, sizeof(text), PRELUDE "%s", scenario->text);
	if (scenario->mortal)
		start_mortal();
	allocations_fail(first, last);
	if (state_open(L)) {
		lua_register(L, "kill", kill_mortal);
		words = state_run(L, text);
	} else {
		words = lua_tostring(L, -1);
	}
	snprintf(error, size, "%s", words ? words : "");
	lua_close(L);
	made = allocations_stop();
	end_mortal();
	return made;
}

/* Life goes on, and what there was no memory to tell the service manager is made up for. */
static void check_life(const char *name, unsigned long n)
{
	lua_State *L = state_new(NULL, NULL);
	const char *error = state_run(L,
				      "local peer = assert(binder.check 'test.peer')\n"
				      "assert(assert(peer:call(1, {'i32', 5})):read_i32() == 5)\n"
				      "assert(binder.watch('test.none', print)):cancel()\n");

	ck_assert_msg(!error, "%s, after allocation %lu: %s", name, n, error);
	lua_close(L);
}

static bool at_rest(const struct ABinderCounts *before, struct ABinderCounts *after)
{
	for (int i = 0; i < limit_of(1000); i++) {
		ABinder_getCounts(after);
		if (after->locals <= before->locals && after->parcels <= before->parcels &&
		    after->proxies <= before->proxies)
			return true;
		usleep(5000);
	}
	return false;
}

static bool is_about_memory(const char *error)
{
	return strstr(error, "NO_MEMORY") || strstr(error, "memory");
}

static void check_scenario(const struct scenario *scenario, bool all_from_there)
{
	struct ABinderCounts before, after;
	unsigned long failures = 0;
	char error[1000];

	for (int warm = 0; warm < 3; warm++) {
		run(scenario, 1, 0, error, sizeof(error));
		ck_assert_msg(!*error, "%s: %s", scenario->name, error);
	}
	ABinder_getCounts(&before);
	for (unsigned long n = 1;; n += allocation_step()) {
		const double began = now();
		const unsigned long made =
			run(scenario, n, all_from_there ? ~0ul : n, error, sizeof(error));
		const double took = now() - began;

		check_life(scenario->name, n);
		ck_assert_msg(at_rest(&before, &after),
			      "%s, allocation %lu (%s): left behind: %d locals, %d parcels, "
			      "%d proxies",
			      scenario->name, n, error, (int)(after.locals - before.locals),
			      (int)(after.parcels - before.parcels),
			      (int)(after.proxies - before.proxies));
		ck_assert_msg(took < patience_s(), "%s, allocation %lu (%s): took %.1f s",
			      scenario->name, n, error, took);
		if (made < n) {
			ck_assert_msg(!*error, "%s: %s", scenario->name, error);
			break;
		}
		ck_assert_msg(!*error || is_about_memory(error), "%s, allocation %lu: %s",
			      scenario->name, n, error);
		failures += *error != 0;
	}
	ck_assert_uint_gt(failures, 0);
}

START_TEST(failed_allocation_ends_in_an_error_about_memory)
{
	check_scenario(&scenarios[_i], false);
}
END_TEST

START_TEST(no_memory_from_some_moment_on_ends_in_an_error_about_memory)
{
	check_scenario(&scenarios[_i], true);
}
END_TEST

/* ---- from the first moment of a process ---------------------------------------------------- */

static const struct scenario beginning = {
	"beginning",
	"local peer = ok(binder.check 'test.peer')\n"
	"local seen\n"
	"local watch <close> = ok(binder.watch('test.peer', function() seen = true end))\n"
	"local object <close> = ok(binder.object { descriptor = 'test.IBegin',\n"
	"  [1] = function(req, reply) reply:i32(req:read_i32() + 1) end })\n"
	"assert(ok(peer:call(3, {'binder', object}, {'i32', 7})):read_i32() == 8)\n"
	"until_true(function() return seen end)\n",
	false,
};

/* lua-tests --fresh FIRST LAST: runs that, then again with all the memory that it wants. */
int allocation_fresh(const char *first, const char *last)
{
	char error[1000], again[1000];
	unsigned long made = run(&beginning, strtoul(first, NULL, 10), strtoul(last, NULL, 10),
				 error, sizeof(error));

	run(&beginning, 1, 0, again, sizeof(again));
	for (char *line = error; (line = strchr(line, '\n'));)
		*line = ' ';
	printf("%lu %s\n%s\n", made, error, again);
	return 0;
}

/* How many allocations it made; what it said. */
static unsigned long run_fresh(unsigned long n, bool all_from_there, char *error, char *again,
			       int size)
{
	char self[1000] = "", *command, *words;
	unsigned long made;
	FILE *pipe;

	ck_assert_int_gt(readlink("/proc/self/exe", self, sizeof(self) - 1), 0);
	ck_assert_int_gt(asprintf(&command, "exec '%s' --fresh %lu %lu", self, n,
				  all_from_there ? ~0ul : n),
			 0);
	pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	ck_assert_msg(fgets(error, size, pipe) && fgets(again, size, pipe),
		      "beginning, allocation %lu: ended early", n);
	ck_assert_msg(pclose(pipe) == 0, "beginning, allocation %lu: exit status", n);
	made = strtoul(error, &words, 10);
	memmove(error, words, strlen(words) + 1);
	error[strcspn(error, "\n")] = again[strcspn(again, "\n")] = 0;
	free(command);
	return made;
}

START_TEST(process_that_begins_without_memory_says_so_and_recovers)
{
	unsigned long failures = 0;
	char error[1000], again[1000];

	for (unsigned long n = 1;; n += allocation_step()) {
		const double began = now();
		const unsigned long made = run_fresh(n, _i, error, again, sizeof(error));
		const double took = now() - began;

		ck_assert_msg(!*again, "allocation %lu (%s): not even then: %s", n, error, again);
		ck_assert_msg(took < patience_s(), "allocation %lu (%s): took %.1f s", n, error,
			      took);
		if (made < n)
			break;
		ck_assert_msg(strlen(error) < 2 || is_about_memory(error), "allocation %lu: %s", n,
			      error);
		failures += strlen(error) > 1;
	}
	ck_assert_uint_gt(failures, 0);
}
END_TEST

Suite *allocation_suite(void)
{
	Suite *suite = suite_create("lua allocation");
	TCase *tcase = tcase_create("allocation");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, failed_allocation_ends_in_an_error_about_memory, 0, SCENARIOS);
	tcase_add_loop_test(tcase, no_memory_from_some_moment_on_ends_in_an_error_about_memory, 0,
			    SCENARIOS);
	tcase_add_loop_test(tcase, process_that_begins_without_memory_says_so_and_recovers, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
