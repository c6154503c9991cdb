/* SPDX-License-Identifier: MIT */
/*
 * module.h: what a program that embeds the Lua module needs of it.
 *
 * binderctl puts luaopen_binder into package.preload.  One that waits for
 * something else meanwhile, as a shell does for a key, watches lb_queue_fd()
 * for at most lb_queue_wait_ms() and then calls binder.step(0).
 */
#ifndef LUA_MODULE_H
#define LUA_MODULE_H

#include <android/binder_ibinder.h>
#include <android/binder_parcel.h>
#include <lua.h>
#include <stdbool.h>

int luaopen_binder(lua_State *L);

/* Readable when handlers or callbacks wait for the Lua thread. */
int lb_queue_fd(lua_State *L);
/* Until the next timer, in milliseconds; -1: there is none. */
int lb_queue_wait_ms(lua_State *L);

/*
 * Ctrl-C.  From now on lb_interrupt() makes what this state waits for (a call, a
 * look-up, binder.loop(), step(), sleep()) raise "interrupted"; a state that
 * waits for nothing is left alone, so a program that also wants to end loops of
 * the script sets a hook, as lua(1) does.  It raises once, or, if it stays, whenever
 * the script waits again until lb_interrupt_clear().  False: no thread can be had.
 */
bool lb_interrupt_enable(lua_State *L, bool stays);
/* Async-signal-safe.  Nothing happens when no state was named. */
void lb_interrupt(void);
/* Forgets an interruption that nothing waited for; to be called before each line. */
void lb_interrupt_clear(lua_State *L);

/* Push a value; what it is made of is taken, and set to NULL, as soon as there is memory for it. */
void lb_push_parcel(lua_State *L, AParcel **parcel);
void lb_push_service(lua_State *L, AIBinder **binder, const char *name);

/* Has a call or a loop of this state failed because the driver is gone?  Whatever the script says
 * about it then, it is not to blame. */
bool lb_driver_gone(lua_State *L);

/* What a value is, borrowed; NULL: something else, or closed. */
const AParcel *lb_parcel_of(lua_State *L, int index);
AIBinder *lb_binder_of(lua_State *L, int index);

#endif
