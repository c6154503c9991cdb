/* SPDX-License-Identifier: MIT */
/*
 * describe.h: declarations of AIDL as JSON.
 *
 * Made in describe.c for `binderctl describe` and `binderctl methods`.
 */
#ifndef CLI_DESCRIBE_H
#define CLI_DESCRIBE_H

#include <jansson.h>

#include <binder/aidl.h>

/* NULL: no memory. */
json_t *describe_declaration(const struct aidl_declaration *declaration);

#endif
