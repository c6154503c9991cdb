/* SPDX-License-Identifier: MIT */
/*
 * aidl.h: the suites of the AIDL front end, and what they share.
 *
 * Each test has a library of its own, made by setup.c's fixture.
 */
#ifndef TESTS_AIDL_H
#define TESTS_AIDL_H

#include <check.h>

#include <binder/aidl.h>

Suite *parse_suite(void);
Suite *constant_suite(void);
Suite *rule_suite(void);
Suite *library_suite(void);
Suite *codec_suite(void);
Suite *data_suite(void);

extern struct aidl_library *library;
void library_up(void);
void library_down(void);
TCase *library_case(Suite *suite, const char *name);

/* Loads text that must be right; what is wrong with it fails the test. */
const struct aidl_declaration *good(const char *text);
/* The same, and it prints as expected. */
void prints(const char *text, const char *expected);
/* Loads text whose only error is at line:column and whose message contains part. */
void bad(const char *text, unsigned line, unsigned column, const char *part);
/* A text from the first to the last of these; loads without a crash, right or wrong. */
unsigned errors_in(const char *text);
/* The value of a constant in the first declaration of a text. */
struct aidl_value value_of(const char *type, const char *expression);
void no_value(const char *type, const char *expression, const char *part);

#endif
