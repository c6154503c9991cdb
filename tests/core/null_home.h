/* SPDX-License-Identifier: MIT */
/*
 * null_home.h: a home of the driver's core that does the least.
 *
 * Client memory is the program's own, there are no files, and nobody sleeps.  A program that
 * needs more of a hook defines it itself: those of null_home.c are weak.  Used by tests/core,
 * tests/core-threads and tests/bench.
 */
#ifndef TESTS_NULL_HOME_H
#define TESTS_NULL_HOME_H

#include "core.h"

/* The program's: [offset, +size) of the process's receive buffer; it ends the program if that
 * is not all in it. */
u8 *home_buffer(struct port_proc *proc, size_t offset, size_t size);

#endif
