/* SPDX-License-Identifier: MIT */
/*
 * suites.h: the suites of load-tests.
 */
#ifndef TESTS_LOAD_SUITES_H
#define TESTS_LOAD_SUITES_H

#include <check.h>

Suite *attack_suite(void);
Suite *limit_suite(void);
Suite *mix_suite(void);

#endif
