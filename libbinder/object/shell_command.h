/* SPDX-License-Identifier: MIT */
/*
 * shell_command.h: what caller and object of a shell command agree on.
 *
 * The request carries three descriptors, the arguments, an IShellCallback that
 * opens files for the object, and an IResultReceiver that takes the result.
 */
#ifndef LIBBINDER_SHELL_COMMAND_H
#define LIBBINDER_SHELL_COMMAND_H

#include <android/binder_ibinder.h>

#define SHELL_CALLBACK_DESCRIPTOR "com.android.internal.os.IShellCallback"
#define SHELL_CALLBACK_OPEN_FILE FIRST_CALL_TRANSACTION
#define RESULT_RECEIVER_DESCRIPTOR "com.android.internal.os.IResultReceiver"
#define RESULT_RECEIVER_SEND FIRST_CALL_TRANSACTION

#endif
