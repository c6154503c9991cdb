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

/*
 * The descriptors stay the caller's.  The result is the command's exit status, 0 to 125; a negative
 * one is also the status of the call.  Runs for root and for callers of this process's own user,
 * others get STATUS_PERMISSION_DENIED; on Android it runs for root and the user "shell".  An object
 * of a class without this function answers every command with STATUS_INVALID_OPERATION.
 */
typedef binder_status_t (*AIBinder_handleShellCommand)(AIBinder *binder, int in, int out, int err,
						       const char **argv, uint32_t argc);
/* Belongs before the first object of the class. */
void AIBinder_Class_setHandleShellCommand(AIBinder_Class *clazz,
					  AIBinder_handleShellCommand handleShellCommand);

#ifdef __cplusplus
}
#endif
#endif
