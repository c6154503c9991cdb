/* SPDX-License-Identifier: MIT */
/*
 * interrupt.h: whether this thread is to give up what it waits for.
 */
#ifndef LIBBINDER_INTERRUPT_H
#define LIBBINDER_INTERRUPT_H

#include <stdbool.h>

#include <binder/ext.h>

/* Somebody may want that: do not sleep where nobody can wake the thread. */
/* Asks. */
bool interrupt_wanted(void);

#endif
