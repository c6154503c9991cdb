/* SPDX-License-Identifier: MIT */
/*
 * outside.h: what a word names outside of this process: files and bytes in them.
 *
 * A call by code (types.c) and one by name (data_words.c) open and read them alike.
 */
#ifndef CLI_OUTSIDE_H
#define CLI_OUTSIDE_H

#include <binder/aidl_data.h>

/* For reading and writing, or only for reading where writing is not permitted.  -errno. */
int outside_open(const char *path);
/* All of a file as BYTES.  0; -EFBIG: more than any call carries; -errno. */
int outside_read(const char *path, struct aidl_data *ret);
/* {"fd": 7, "path": "/dev/null"} is made of these: the path behind a descriptor, or "". */
void outside_path(int fd, char *path, size_t size);

#endif
