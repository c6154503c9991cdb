/* SPDX-License-Identifier: MIT */
/*
 * main.c: runs the suites that embed the Lua module, in a world of their own.
 */
#include "suites.h"

#include <libgen.h>
#include <limits.h>
#include <lualib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lua/module.h"

static int open_all(lua_State *L)
{
	luaL_openlibs(L);
	luaL_requiref(L, "binder", luaopen_binder, 1);
	return 0;
}

bool state_open(lua_State *L)
{
	lua_pushcfunction(L, open_all);
	return lua_pcall(L, 0, 0, 0) == LUA_OK;
}

lua_State *state_new(lua_Alloc alloc, void *cookie)
{
	lua_State *L = alloc ? lua_newstate(alloc, cookie) : luaL_newstate();

	if (!L)
		return NULL;
	if (state_open(L))
		return L;
	lua_close(L);
	return NULL;
}

const char *state_run(lua_State *L, const char *text)
{
	static char message[1000];

	lua_settop(L, 0);
	if (luaL_loadstring(L, text) == LUA_OK && lua_pcall(L, 0, 0, 0) == LUA_OK)
		return NULL;
	snprintf(message, sizeof(message), "%s",
		 lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : luaL_typename(L, -1));
	lua_settop(L, 0);
	return message;
}

static void serve(const char *name)
{
	lua_State *L = state_new(NULL, NULL);
	const char *error = "no state";

	if (L) {
		lua_pushstring(L, name);
		lua_setglobal(L, "name");
		error = state_run(L,
				  "binder.on_error(function() end)\n"
				  "assert(binder.serve(name, { descriptor = 'test.IPeer',\n"
				  "  [1] = function(req, reply) reply:i32(req:read_i32()) end,\n"
				  "  [2] = function() while true do binder.sleep(1000) end end,\n"
				  "  [3] = function(req, reply)\n"
				  "    local b <close>, n = req:read('binder', 'i32')\n"
				  "    reply:i32(assert(b:call(1, { 'i32', n })):read_i32()) end,\n"
				  "  dump = function(args) return 'peer ' .. #args end }))\n"
				  "assert(binder.loop('TERM'))");
	}
	if (error)
		fprintf(stderr, "peer: %s\n", error);
	_exit(error != NULL);
}

pid_t peer_start(void)
{
	lua_State *L;
	pid_t pid = fork();
	const char *error;

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve("test.peer");
	}
	L = state_new(NULL, NULL);
	error = state_run(L, "assert(binder.wait('test.peer', 20))");
	ck_assert_msg(!error, "%s", error);
	lua_close(L);
	return pid;
}

void peer_stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* By binderctl of the same build tree: this program again, in a sandbox. */
static void run_in_sandbox(void)
{
	char self[PATH_MAX] = "", program[PATH_MAX + 32];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char copy[PATH_MAX];

	if (length < 0)
		return;
	snprintf(copy, sizeof(copy), "%s", self);
	snprintf(program, sizeof(program), "%s/../bin/binderctl", dirname(copy));
	setenv("LUA_TESTS_WORLD", "1", 1);
	execl(program, program, "sandbox", "--", self, (char *)NULL);
	perror(program);
	exit(1);
}

int main(int argc, char **argv)
{
	SRunner *runner;
	int failed;

	if (argc == 3 && !strcmp(argv[1], "--serve")) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(argv[2]);
	}
	if (argc == 4 && !strcmp(argv[1], "--fresh"))
		return allocation_fresh(argv[2], argv[3]);
	if (!getenv("LUA_TESTS_WORLD"))
		run_in_sandbox();
	runner = srunner_create(interrupt_suite());
	srunner_add_suite(runner, memory_suite());
	srunner_add_suite(runner, allocation_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
