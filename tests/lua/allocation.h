/* SPDX-License-Identifier: MIT */
/*
 * allocation.h: makes allocations of the module and of libbinder fail.
 *
 * Linked with -Wl,--wrap (rules.mk), so that all of theirs come by, on whatever
 * thread, and none of Lua's or of the C library's own.  A thread that cannot be
 * started counts as one.
 */
#ifndef TESTS_LUA_ALLOCATION_H
#define TESTS_LUA_ALLOCATION_H

/* Those from first to last fail from now on, counted from 1. */
void allocations_fail(unsigned long first, unsigned long last);
/* None fails any more.  How many there were. */
unsigned long allocations_stop(void);

#endif
