/* SPDX-License-Identifier: MIT */
/*
 * faults.h: between faults.c, which decides what fails, and scenario.c, which uses the device.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>
#include <sys/types.h>

enum role { CLIENT, SERVER };

/* ---- faults.c: around each call of the device ----------------------------------- */

bool hurt_begin(void);
void hurt_end(bool begun); /* errno stays */
/* A step did not do what it does when nothing fails. */
void complain(const char *what);

/* ---- scenario.c ------------------------------------------------------------------- */

/* Becomes context manager and serves until it is told to end, or killed.  *ready: 1, or -1 if
 * that cannot be. */
void serve(const char *path, int *ready);
void client(const char *path, pid_t server);

#endif
