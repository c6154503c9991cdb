/* SPDX-License-Identifier: MIT */
/*
 * explain_table.c: what each number means and what usually causes it.
 *
 * Rows of one kind stand together; names are those of the NDK, of AIDL and of
 * the kernel's header.
 */
#include "cli/verbs/explain.h"

#include <android/binder_ibinder.h>
#include <android/binder_status.h>
#include <linux/android/binder.h>
#include <stddef.h>

#define STATUS(name, meaning, cause) \
	{ \
		"status", "STATUS_" #name, STATUS_##name, meaning, cause \
	}
#define EXCEPTION(name, number, meaning, cause) \
	{ \
		"exception", "EX_" #name, number, meaning, cause \
	}
#define ANSWER(name, meaning, cause) \
	{ \
		"driver's answer", "BR_" #name, BR_##name, meaning, cause \
	}
#define COMMAND(name, meaning) \
	{ \
		"command to the driver", "BC_" #name, BC_##name, meaning, NULL \
	}
#define CODE(a, b, c, d) ((int64_t)(uint32_t)((a) << 24 | (b) << 16 | (c) << 8 | (d)))
#define WELL_KNOWN(name, number, meaning) \
	{ \
		"transaction code", name, number, meaning, NULL \
	}

const struct fact explain_facts[] = {
	STATUS(OK, "success", NULL),
	STATUS(UNKNOWN_ERROR, "a failure without a more specific number", NULL),
	STATUS(NO_MEMORY, "no memory, or an impossible size in the parcel",
	       "a length read at the wrong position: compare the types written and read"),
	STATUS(INVALID_OPERATION, "not possible in this state or with this object",
	       "a binder of another connection or of a forked parent; a call that needs a class"),
	STATUS(BAD_VALUE, "an argument is out of range",
	       "a parcel that was cut, or read out of order"),
	STATUS(BAD_TYPE, "the interface token or an object has another type than expected",
	       "the descriptor differs from the service's: see `binderctl info SERVICE`"),
	STATUS(NAME_NOT_FOUND, "no such service, or no driver",
	       "the service has not been started: `binderctl list`, `binderctl wait SERVICE`"),
	STATUS(PERMISSION_DENIED, "refused by the service, the service manager or the driver",
	       "only root, uid 1000 and the service manager's own user may add services"),
	STATUS(NO_INIT, "not set up", NULL),
	STATUS(ALREADY_EXISTS, "it exists already", "another process is context manager"),
	STATUS(DEAD_OBJECT, "the process that owns the object is gone",
	       "it crashed or was killed: look the service up again; `dmesg` and its log say why"),
	STATUS(FAILED_TRANSACTION, "the driver refused the transaction",
	       "usually too large: a payload must fit into the free part of the receiver's 1 MiB"),
	STATUS(BAD_INDEX, "an index is out of range", NULL),
	STATUS(NOT_ENOUGH_DATA, "the parcel ends before the value that is read",
	       "arguments are missing, or of other types than the method reads"),
	STATUS(WOULD_BLOCK, "the operation would have to wait", NULL),
	STATUS(TIMED_OUT, "no answer in time", "the service hangs, or all of its threads are busy"),
	STATUS(UNKNOWN_TRANSACTION, "the object has no method with this code",
	       "codes move between versions of an interface: count from 1 in its .aidl"),
	STATUS(FDS_NOT_ALLOWED, "the parcel must not hold file descriptors", NULL),
	STATUS(UNEXPECTED_NULL, "null where a value is needed",
	       "a null string or binder for a parameter that is not @nullable"),

	EXCEPTION(NONE, 0, "no exception", NULL),
	EXCEPTION(SECURITY, -1, "the service does not allow this caller",
		  "check uid and permissions"),
	EXCEPTION(BAD_PARCELABLE, -2, "a parcelable could not be read",
		  "the two sides have different versions of the interface"),
	EXCEPTION(ILLEGAL_ARGUMENT, -3, "the service does not accept an argument", NULL),
	EXCEPTION(NULL_POINTER, -4, "the service was given null where it needs a value", NULL),
	EXCEPTION(ILLEGAL_STATE, -5, "not possible in the service's present state", NULL),
	EXCEPTION(NETWORK_MAIN_THREAD, -6, "network access on a main thread", NULL),
	EXCEPTION(UNSUPPORTED_OPERATION, -7, "the service does not implement this", NULL),
	EXCEPTION(SERVICE_SPECIFIC, -8, "the service's own error; its number follows",
		  "the constants of its .aidl name it"),
	EXCEPTION(PARCELABLE, -9, "a parcelable describes the exception", NULL),
	EXCEPTION(TRANSACTION_FAILED, -129, "made by the caller's side: the transaction failed",
		  "see the status that comes with it"),
	{ "exception", "EX_HAS_NOTED_APPOPS_REPLY_HEADER", -127,
	  "no exception: a header to skip, then the exception code", NULL },
	{ "exception", "EX_HAS_REPLY_HEADER", -128,
	  "no exception: a header to skip (strict mode), then the reply", NULL },

	ANSWER(ERROR, "an errno follows", NULL),
	ANSWER(OK, "nothing to report", NULL),
	ANSWER(TRANSACTION, "a call for this thread", NULL),
	ANSWER(TRANSACTION_SEC_CTX, "a call, with the caller's security label", NULL),
	ANSWER(REPLY, "the reply to this thread's call", NULL),
	ANSWER(DEAD_REPLY, "the target is dead: no reply will come",
	       "its process died, before or during the call; or it has unmapped its buffer"),
	ANSWER(TRANSACTION_COMPLETE, "the driver has accepted the transaction", NULL),
	ANSWER(INCREFS, "another process has a weak reference to this object", NULL),
	ANSWER(ACQUIRE, "another process has a strong reference to this object", NULL),
	ANSWER(RELEASE, "no process has a strong reference to this object any more", NULL),
	ANSWER(DECREFS, "no process has a reference to this object any more", NULL),
	ANSWER(NOOP, "nothing", NULL),
	ANSWER(SPAWN_LOOPER, "all threads are busy: start another", NULL),
	ANSWER(DEAD_BINDER, "an object with a death link has died", NULL),
	ANSWER(CLEAR_DEATH_NOTIFICATION_DONE, "the death link is removed", NULL),
	ANSWER(FAILED_REPLY, "the driver refused the call or its reply",
	       "-28 no room in the receiver's buffer; -22 a bad handle or object; -1 descriptors "
	       "not accepted; -71 a reply without a call, or a call while waiting"),
	ANSWER(FROZEN_REPLY, "the target's process is frozen",
	       "it is a cached app: unfreeze it first"),
	ANSWER(ONEWAY_SPAM_SUSPECT, "sent, but this process floods the target with one-way calls",
	       "send fewer, or wait for the target: half of its buffer is nearly full"),

	COMMAND(TRANSACTION, "call an object"),
	COMMAND(REPLY, "answer the call that this thread handles"),
	COMMAND(TRANSACTION_SG, "call an object, with buffers beside the parcel (HIDL)"),
	COMMAND(REPLY_SG, "answer, with buffers beside the parcel (HIDL)"),
	COMMAND(FREE_BUFFER, "free a received payload"),
	COMMAND(INCREFS, "take a weak reference to a handle"),
	COMMAND(ACQUIRE, "take a strong reference to a handle"),
	COMMAND(RELEASE, "release a strong reference"),
	COMMAND(DECREFS, "release a weak reference"),
	COMMAND(INCREFS_DONE, "BR_INCREFS is done"),
	COMMAND(ACQUIRE_DONE, "BR_ACQUIRE is done"),
	COMMAND(REGISTER_LOOPER, "this thread serves calls, as the driver asked"),
	COMMAND(ENTER_LOOPER, "this thread serves calls"),
	COMMAND(EXIT_LOOPER, "this thread stops serving calls"),
	COMMAND(REQUEST_DEATH_NOTIFICATION, "request a notification of this object's death"),
	COMMAND(CLEAR_DEATH_NOTIFICATION, "cancel that request"),
	COMMAND(DEAD_BINDER_DONE, "BR_DEAD_BINDER is done"),

	WELL_KNOWN("_PNG", CODE('_', 'P', 'N', 'G'), "ping: every object answers with nothing"),
	WELL_KNOWN("_DMP", CODE('_', 'D', 'M', 'P'),
		   "dump: a descriptor to write to, and arguments"),
	WELL_KNOWN("_CMD", CODE('_', 'C', 'M', 'D'), "shell command: three descriptors, arguments"),
	WELL_KNOWN("_NTF", CODE('_', 'N', 'T', 'F'), "asks for the interface descriptor"),
	WELL_KNOWN("_SPR", CODE('_', 'S', 'P', 'R'), "system properties have changed"),
	WELL_KNOWN("_EXT", CODE('_', 'E', 'X', 'T'), "asks for the extension object"),
	WELL_KNOWN("_PID", CODE('_', 'P', 'I', 'D'), "asks which process the object lives in"),
	WELL_KNOWN("getInterfaceVersion", 0x00ffffff, "AIDL: version of the interface"),
	WELL_KNOWN("getInterfaceHash", 0x00fffffe, "AIDL: hash of the interface"),
	WELL_KNOWN("HIDL PING", 0x0f504e47, "HIDL: ping"),
	WELL_KNOWN("HIDL CHAIN", 0x0f43484e, "HIDL: interface and its parents"),
	WELL_KNOWN("HIDL DESCRIPTOR", 0x0f445343, "HIDL: interface descriptor"),
	WELL_KNOWN("HIDL LINK", 0x0f4c5444, "HIDL: link to death"),
	WELL_KNOWN("HIDL DEBUG", 0x0f444247, "HIDL: dump"),
	WELL_KNOWN("HIDL HASH", 0x0f485348, "HIDL: hash of the interface"),
	{ 0 },
};
