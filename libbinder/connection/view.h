/* SPDX-License-Identifier: MIT */
/*
 * view.h: what a kernel's driver shows of its state, in files.
 */
#ifndef LIBBINDER_VIEW_H
#define LIBBINDER_VIEW_H

#include <stddef.h>

/*
 * The file of this name ("state", "transaction_log") in the first folder that
 * has it, malloc()ed and NUL-terminated.  The last folder is NULL.  On failure
 * failed says which file the errno belongs to.
 */
int view_read_file(const char *const *folders, const char *name, char **ret, char *failed,
		   size_t failed_size);

/* The same in the folders where the drivers that we know have them.  device: its path. */
int view_read_kernel(const char *device, const char *name, char **ret, char *failed,
		     size_t failed_size);

#endif
