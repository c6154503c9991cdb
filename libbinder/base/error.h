/* SPDX-License-Identifier: MIT */
/*
 * error.h: what failed last in this thread.
 *
 * Set where a failure is understood best, read by ABinder_getError(): the facts of struct
 * ABinderError (binder/ext.h), and a sentence of what failed and why.
 */
#ifndef LIBBINDER_ERROR_H
#define LIBBINDER_ERROR_H

#include <binder/ext.h>

/* A failure without other facts.  Returns the status. */
binder_status_t error_say(binder_status_t status, const char *format, ...)
	__attribute__((format(printf, 2, 3), cold));
/* The same where no status goes with it. */
void error_set_words(const char *format, ...) __attribute__((format(printf, 1, 2), cold));
/* A failure with facts, whose strings are copied and whose detail is not read. */
binder_status_t error_report(const struct ABinderError *facts, const char *format, ...)
	__attribute__((format(printf, 2, 3), cold));

/* What the driver said about this thread's last transaction: 0 or -errno. */
void error_set_driver(int err);

/* A look-up that found nothing. */
binder_status_t error_no_service(const char *name);

/* A copy, to restore or to hand to another thread. */
struct error {
	struct ABinderError facts;
	char path[384], name[256], words[512];
};
void error_save(struct error *ret);
void error_restore(const struct error *error);

/* What an errno of the driver (0 or -errno) means for Binder; strerror() where it has no meaning
 * of its own there.  Static, or valid until this thread's next strerror(). */
const char *error_reason(int err);

/* The status that an errno of the driver or the system stands for. */
binder_status_t error_status(int err);

#endif
