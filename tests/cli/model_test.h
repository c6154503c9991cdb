/* SPDX-License-Identifier: MIT */
/*
 * model_test.h: the tests of the model; state_test.c has the program's main().
 */
#ifndef TESTS_CLI_MODEL_TEST_H
#define TESTS_CLI_MODEL_TEST_H

#include <check.h>

TCase *model_case(void);

#endif
