/* SPDX-License-Identifier: MIT */
/*
 * suites.h: the suites of libbinder's tests, and what they share.
 *
 * main.c runs them; world.c starts a private binderd for those that need one.
 */
#ifndef TESTS_LIBBINDER_SUITES_H
#define TESTS_LIBBINDER_SUITES_H

#include <check.h>

/* Without a driver. */
Suite *utf_suite(void);
Suite *wire_suite(void);
Suite *stream_suite(void);
Suite *parcel_suite(void);
Suite *hostile_suite(void);
Suite *status_suite(void);
Suite *local_suite(void);
Suite *driver_suite(void);
Suite *view_suite(void);
Suite *captured_suite(void);

/* Over a private binderd. */
Suite *call_suite(void);
Suite *platform_suite(void);
Suite *reference_suite(void);
Suite *death_suite(void);
Suite *error_suite(void);
Suite *deadline_suite(void);
Suite *limit_suite(void);
Suite *thread_suite(void);
Suite *interrupt_suite(void);
Suite *fork_suite(void);
Suite *manager_suite(void);
Suite *profile_suite(void);
Suite *aidl_golden_suite(void);
Suite *hidl_suite(void);
Suite *handle_suite(void);
Suite *shell_suite(void);
Suite *watch_suite(void);

#endif
