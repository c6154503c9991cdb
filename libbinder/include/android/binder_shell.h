/* SPDX-License-Identifier: MIT */
/*
 * android/binder_shell.h: objects that take commands from a shell.
 */
#ifndef ANDROID_BINDER_SHELL_H
#define ANDROID_BINDER_SHELL_H

#include <android/binder_ibinder.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The descriptors stay the caller's and may be -1; the result is sent back as a number. */
typedef binder_status_t (*AIBinder_handleShellCommand)(AIBinder *binder, int in, int out, int err,
						       const char **argv, uint32_t argc);
/* Belongs before the first object of the class. */
void AIBinder_Class_setHandleShellCommand(AIBinder_Class *clazz,
					  AIBinder_handleShellCommand handleShellCommand);

#ifdef __cplusplus
}
#endif
#endif
