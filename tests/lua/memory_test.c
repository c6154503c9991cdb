/* SPDX-License-Identifier: MIT */
/*
 * memory_test.c: every allocation of Lua's fails once; whatever a script was
 * doing ends in a Lua error, and nothing is left behind.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <binder/ext.h>

#include "suites.h"
#include "../limit.h"

static pid_t peer;

static void set_up(void)
{
	peer = peer_start();
}

static void tear_down(void)
{
	peer_stop(peer);
}

/* Which allocations fail: those from first to last, counted from 1. */
struct memory {
	unsigned long count, first, last, in_use;
};

static void *allocate(void *cookie, void *block, size_t old_size, size_t size)
{
	struct memory *memory = cookie;
	void *fresh;

	if (size == 0) {
		memory->in_use -= block ? old_size : 0;
		free(block);
		return NULL;
	}
	/* Lua counts on it that a block can be made smaller. */
	if ((!block || size > old_size) && ++memory->count >= memory->first &&
	    memory->count <= memory->last)
		return NULL;
	fresh = realloc(block, size);
	if (fresh)
		memory->in_use += size - (block ? old_size : 0);
	return fresh;
}

/* A bit of everything.  Waits are bounded: what is told of may have been lost for want of memory. */
static const char scenario[] =
	"local peer = assert(binder.check 'test.peer')\n"
	"local p = binder.parcel { {'i32', 1}, {'str', 'x'}, {'i32[]', {1, 2}} }\n"
	"p:parcelable { {'i32', 1} }:bundle { a = 1, b = 'x', c = {'bundle', {d = true}} }\n"
	"p:binder(peer):pfd(0):status { exception = 'EX_SECURITY', message = 'no' }\n"
	"p:position(0)\n"
	"assert(#tostring(p) > 0 and #p:hex() > 0 and #p:objects() == 2)\n"
	"assert(p:read('i32', 'str', 'i32[]', 'parcelable', 'bundle', 'binder'))\n"
	"p:read_pfd():close()\n"
	"local ok, _, name = p:read_status()\n"
	"assert(name == 'EX_SECURITY')\n"
	"local object = assert(binder.object { descriptor = 'test.IMemory',\n"
	"  [1] = function(req, reply) reply:i32(assert(peer:call(1, {'i32', req:read_i32()}))\n"
	"    :read_i32()) end,\n"
	"  [2] = function() binder.throw('EX_SERVICE_SPECIFIC', 'x', 3) end,\n"
	"  dump = function(args, file) file:write('a') return 'b' .. #args end })\n"
	"assert(assert(peer:call(3, {'binder', object}, {'i32', 7}, {timeout = 10}))\n"
	"  :read_i32() == 7)\n"
	"assert(assert(object:call(1, {'i32', 8})):read_i32() == 8)\n"
	"assert(select(3, object:call(2)) == 'EX_SERVICE_SPECIFIC')\n"
	"assert(assert(object:dump('x')) == 'ab1')\n"
	"assert(assert(peer:dump('x', {timeout = 10})) == 'peer 1')\n"
	"assert(#binder.list() > 0)\n"
	"local seen\n"
	"local watch = assert(binder.watch('test.peer', function() seen = true end))\n"
	"local link = assert(peer:on_death(print))\n"
	"local timer = binder.every(0.001, function() end)\n"
	"local task = binder.async(function(n)\n"
	"  binder.sleep(0.001)\n"
	"  return assert(peer:call(1, {'i32', n})):read_i32()\n"
	"end, 9)\n"
	"assert(task:wait() == 9)\n"
	"assert(binder.async(function() return task:wait() end):wait() == 9)\n"
	"while not seen do binder.sleep(0.01) end\n"
	"link:cancel() timer:cancel() watch:cancel()\n";

static bool at_rest(const struct ABinderCounts *before)
{
	struct ABinderCounts now;

	for (int i = 0; i < limit_of(1000); i++) {
		ABinder_getCounts(&now);
		if (now.locals <= before->locals && now.parcels <= before->parcels &&
		    now.proxies <= before->proxies)
			return true;
		usleep(5000);
	}
	fprintf(stderr, "left behind: %u locals, %u parcels, %u proxies\n",
		now.locals - before->locals, now.parcels - before->parcels,
		now.proxies - before->proxies);
	return false;
}

/* Not those that a thread's channel to binderd has, as the pool may have grown. */
static int count_files(void)
{
	int count = 0;

	for (int fd = 0; fd < 1024; fd++) {
		char path[32], to[256] = "";

		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (readlink(path, to, sizeof(to) - 1) > 0 && strncmp(to, "pipe:", 5) != 0 &&
		    strncmp(to, "socket:", 7) != 0 && !strstr(to, "[eventpoll]"))
			count++;
	}
	return count;
}

/* Threads that have been told to end may still have theirs. */
static bool files_at_rest(int most)
{
	for (int i = 0; i < limit_of(1000); i++) {
		if (count_files() <= most)
			return true;
		usleep(5000);
	}
	fprintf(stderr, "files: %d, once %d\n", count_files(), most);
	return false;
}

/* How many allocations it made; *error: what it ended with. */
static unsigned long run(unsigned long first, unsigned long last, const char **error)
{
	struct memory memory = { .first = first, .last = last };
	lua_State *L = state_new(allocate, &memory);

	*error = L ? state_run(L, scenario) : "not enough memory";
	/* The end of a state must not need any. */
	if (L)
		lua_close(L);
	ck_assert_uint_eq(memory.in_use, 0);
	return memory.count;
}

/* _i 0: one allocation, and the second try that Lua makes after a collection; 1: all from there. */
START_TEST(every_failed_allocation_ends_in_a_lua_error)
{
	struct ABinderCounts before;
	const char *error;
	unsigned long failures = 0;
	int files;

	for (int warm = 0; warm < 2; warm++) {
		run(1, 0, &error);
		ck_assert_msg(!error, "%s", error);
	}
	ABinder_getCounts(&before);
	files = count_files();
	for (unsigned long n = 1;; n += allocation_step()) {
		const unsigned long made = run(n, _i ? ~0ul : n + 1, &error);

		ck_assert_msg(at_rest(&before), "allocation %lu: %s", n, error);
		if (made < n)
			break;
		failures += error != NULL;
	}
	ck_assert_msg(!error, "%s", error);
	ck_assert_uint_gt(failures * allocation_step(), 300);
	ck_assert(files_at_rest(files));
}
END_TEST

/* Full collections at every few instructions; handlers and callbacks included. */
START_TEST(scenario_holds_under_collection_at_every_step)
{
	struct ABinderCounts before;
	lua_State *L = state_new(NULL, NULL);
	const char *error;

	ABinder_getCounts(&before);
	error = state_run(L, "debug.sethook(function() collectgarbage() end, '', 1)");
	ck_assert_msg(!error, "%s", error);
	error = state_run(L, scenario);
	ck_assert_msg(!error, "%s", error);
	lua_close(L);
	ck_assert(at_rest(&before));
}
END_TEST

/* No collection at all, so that the end of the state has everything to do. */
START_TEST(scenario_holds_without_any_collection)
{
	struct ABinderCounts before;
	lua_State *L = state_new(NULL, NULL);
	const char *error;

	ABinder_getCounts(&before);
	lua_gc(L, LUA_GCSTOP);
	for (int i = 0; i < 5; i++) {
		error = state_run(L, scenario);
		ck_assert_msg(!error, "%s", error);
	}
	lua_close(L);
	ck_assert(at_rest(&before));
}
END_TEST

Suite *memory_suite(void)
{
	Suite *suite = suite_create("lua memory");
	TCase *tcase = tcase_create("memory");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 280);
	tcase_add_test(tcase, scenario_holds_under_collection_at_every_step);
	tcase_add_test(tcase, scenario_holds_without_any_collection);
	tcase_add_loop_test(tcase, every_failed_allocation_ends_in_a_lua_error, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
