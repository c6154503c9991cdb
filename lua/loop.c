/* SPDX-License-Identifier: MIT */
/*
 * loop.c: binder.loop(), step(), quit() and on_error(): runs what came through
 * the queue, until told to stop.
 *
 * Errors of callbacks are raised here once their callers have been answered,
 * unless binder.on_error(fn) takes them.
 */
#include <signal.h>
#include <string.h>

#include "queue.h"

static const char quit_key;

/* Signals belong to the process: one loop at a time can end at them. */
static _Atomic(struct lb_queue *) signal_queue;
static volatile sig_atomic_t signal_caught;

static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "HUP", SIGHUP },   { "INT", SIGINT },   { "TERM", SIGTERM },
	{ "USR1", SIGUSR1 }, { "USR2", SIGUSR2 },
};

#define SIGNALS (sizeof(signals) / sizeof(*signals))

static void on_signal(int number)
{
	struct lb_queue *queue = atomic_load(&signal_queue);

	signal_caught = number;
	if (queue)
		lb_queue_nudge(queue);
}

static size_t check_signal(lua_State *L, int arg)
{
	const char *name = luaL_checkstring(L, arg);

	for (size_t i = 0; i < SIGNALS; i++)
		if (strcmp(name, signals[i].name) == 0)
			return i;
	return (size_t)luaL_argerror(L, arg, "signal expected: HUP, INT, TERM, USR1 or USR2");
}

static bool quitting(lua_State *L)
{
	bool quit;

	lua_rawgetp(L, LUA_REGISTRYINDEX, &quit_key);
	quit = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return quit;
}

static void set_quit(lua_State *L, bool quit)
{
	lua_pushboolean(L, quit);
	lua_rawsetp(L, LUA_REGISTRYINDEX, &quit_key);
}

static struct lb_queue *check_idle(lua_State *L, const char *name)
{
	struct lb_queue *queue = lb_queue_of(L);

	if (lb_queue_busy(queue))
		luaL_error(L, "%s cannot be used in a handler or callback", name);
	return queue;
}

static bool is_driver_gone(void)
{
	ABinderConnection *connection = ABinderConnection_getDefault();

	return connection && !ABinderConnection_isAlive(connection);
}

/* True with the error on the stack.  Never throws. */
static bool serve(lua_State *L, struct lb_queue *queue, bool until_signal, bool *gone)
{
	while (!quitting(L) && !(until_signal && signal_caught) && !lb_failed(L)) {
		if (lb_queue_step(L, queue, LB_ALL, LB_LOOK_MS, NULL) == LB_SERVED)
			continue;
		*gone = is_driver_gone();
		if (*gone)
			return false;
		if (!lb_check_interrupt(L))
			return true;
	}
	return false;
}

/* binder.loop([signal, ...]): until quit(): true; until one of the signals: its name; until the
 * driver is gone: nil, message, "DEAD_OBJECT" */
int lb_loop(lua_State *L)
{
	struct lb_queue *queue = check_idle(L, "binder.loop");
	const int count = lua_gettop(L);
	struct sigaction action = { .sa_handler = on_signal }, before[SIGNALS];
	bool taken[SIGNALS] = { false };
	struct lb_queue *none = NULL;
	bool failed, gone = false;
	int caught;

	for (int arg = 1; arg <= count; arg++)
		taken[check_signal(L, arg)] = true;
	luaL_checkstack(L, 10, NULL);
	if (count > 0 && !atomic_compare_exchange_strong(&signal_queue, &none, queue))
		return luaL_error(L, "binder.loop: another loop of this process takes the signals");
	if (count > 0)
		signal_caught = 0;
	for (size_t i = 0; i < SIGNALS; i++)
		if (taken[i])
			sigaction(signals[i].number, &action, &before[i]);
	failed = serve(L, queue, count > 0, &gone);
	for (size_t i = 0; i < SIGNALS; i++)
		if (taken[i])
			sigaction(signals[i].number, &before[i], NULL);
	caught = signal_caught;
	if (count > 0) {
		signal_caught = 0;
		atomic_store(&signal_queue, NULL);
	}
	set_quit(L, false);
	if (failed)
		return lua_error(L);
	if (gone)
		return lb_finish(L, lb_fail(L, STATUS_DEAD_OBJECT, "the driver is gone"));
	for (size_t i = 0; i < SIGNALS; i++) {
		if (taken[i] && signals[i].number == caught) {
			lua_pushstring(L, signals[i].name);
			return lb_finish(L, 1);
		}
	}
	lua_pushboolean(L, true);
	return lb_finish(L, 1);
}

/* binder.step([seconds]): serves one call or callback; false when none came in time, or a signal
 * came */
int lb_step(lua_State *L)
{
	struct lb_queue *queue = check_idle(L, "binder.step");
	int timeout_ms = lb_check_timeout(L, 1);
	enum lb_step step = lb_queue_wait(L, queue, LB_ALL, timeout_ms);

	if (step == LB_INTERRUPTED)
		return lua_error(L);
	lua_pushboolean(L, step == LB_SERVED);
	return lb_finish(L, 1);
}

/* binder.quit(): the loop that runs, or the next one, returns */
int lb_quit(lua_State *L)
{
	set_quit(L, true);
	return 0;
}

/* binder.on_error(fn or nil): fn(message) takes the errors of handlers and callbacks */
int lb_on_error(lua_State *L)
{
	if (!lua_isnoneornil(L, 1))
		luaL_checktype(L, 1, LUA_TFUNCTION);
	lua_settop(L, 1);
	lb_set_on_error(L);
	return 0;
}
