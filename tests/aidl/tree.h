/* SPDX-License-Identifier: MIT */
/*
 * tree.h: trees of values from text, for tests: {x=1, s='abc', l=[1, 2.5], n=null, b=true}.
 */
#ifndef TESTS_AIDL_TREE_H
#define TESTS_AIDL_TREE_H

#include <binder/aidl_data.h>

/* The text must be right. */
void tree_parse(const char *text, struct aidl_data *data);
/* The same notation again; from a buffer of its own. */
const char *tree_print(const struct aidl_data *data);

#endif
