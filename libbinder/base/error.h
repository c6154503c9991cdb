/* SPDX-License-Identifier: MIT */
/*
 * error.h: what went wrong last in this thread, in words and as an errno.
 *
 * Set where a failure is understood best, read by ABinder_lastError().
 */
#ifndef LIBBINDER_ERROR_H
#define LIBBINDER_ERROR_H

#include <android/binder_status.h>

/* A sentence: what failed, why, what to try. */
void error_set_words(const char *format, ...) __attribute__((format(printf, 1, 2), cold));
/* The same, as an expression of the status that goes with it. */
#define error_say(status, ...) (error_set_words(__VA_ARGS__), (binder_status_t)(status))
const char *error_words(void);

void error_set_driver(int err);
int error_driver(void);

/* The status that an errno of the driver or the system stands for. */
binder_status_t error_status(int err);

#endif
