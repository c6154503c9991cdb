/* SPDX-License-Identifier: MIT */
/*
 * binder/ext.h: what Android's NDK leaves out of its Binder API.
 *
 * Choosing a driver, several connections in one process, calls without a
 * class, listing, introspection, timeouts, raw parcel bytes, and errors in
 * words.  Everything else is in android/binder_*.h, as on Android.
 *
 * Unless a function says otherwise: it may be called from any thread, returns
 * STATUS_OK or a negative binder_status_t, touches no output on failure, and
 * leaves a sentence for ABinder_lastError().
 */
#ifndef BINDER_EXT_H
#define BINDER_EXT_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <android/binder_ibinder.h>
#include <android/binder_parcel.h>
#include <android/binder_status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- errors -------------------------------------------------------------- */

/* What libbinder was doing when it failed. */
typedef enum ABinderPhase {
	ABINDER_PHASE_OTHER,      /* checking an argument, or reading or writing a parcel */
	ABINDER_PHASE_OPEN,       /* opening a device: path is the device, or (driver is -ENOENT)
				     a list of the paths that were tried */
	ABINDER_PHASE_CONNECTION, /* using a connection that can no longer be used: driver is
				     -ECHILD after a fork, -ESHUTDOWN when it was closed, -ETIMEDOUT
				     when the driver hangs, -EPIPE when it is gone; path is the device */
	ABINDER_PHASE_MANAGER,    /* calling the service manager of path: STATUS_DEAD_OBJECT,
				     there is none; STATUS_TIMED_OUT, it does not answer */
	ABINDER_PHASE_LOOKUP,     /* looking up a service: there is none called name */
	ABINDER_PHASE_SEND,       /* sending a call: the driver refused it (driver says why), or
				     STATUS_DEAD_OBJECT, the object's process is gone */
	ABINDER_PHASE_WAIT,       /* waiting for a reply: STATUS_TIMED_OUT after waited_ms, or
				     STATUS_INTERRUPTED; may_run: the service may still run the call */
	ABINDER_PHASE_ANSWER,     /* the service, or the service manager, answered with status */
	ABINDER_PHASE_VIEW,       /* reading a driver's state, in the file path */
} ABinderPhase;

struct ABinderError {
	binder_status_t status;
	ABinderPhase phase;
	int driver;         /* 0 or a negative errno, of the driver or the system */
	const char *path;   /* NULL: none */
	const char *name;   /* of a service; NULL: none */
	const char *detail; /* the failure as a sentence */
	unsigned long long waited_ms;
	bool may_run;
};

/* This thread's last failure; never NULL.  Valid until this thread's next call into libbinder. */
const struct ABinderError *ABinder_getError(void);

/* "DEAD_OBJECT", "FAILED_TRANSACTION", "TIMED_OUT" ...; "UNKNOWN_ERROR" for others.  Static. */
const char *ABinder_statusName(binder_status_t status);
/* "EX_SECURITY" ... for an exception code; "EX_UNKNOWN" for others.  Static. */
const char *ABinder_exceptionName(binder_exception_t exception);
/* What failed last in this thread, why, and what to try; "" when nothing has.
 * Valid until this thread's next call into libbinder. */
const char *ABinder_lastError(void);

/* Of our own: ABinder_setInterruptible()'s function wanted the call to end. */
enum { STATUS_INTERRUPTED = -EINTR };

/* ---- connections --------------------------------------------------------- */

/*
 * One device, opened once: its own handles, objects, threads.  Everything that
 * is got through a connection belongs to it.  The functions of the NDK use the
 * process's default connection.
 */
typedef struct ABinderConnection ABinderConnection;

/*
 * Opens a device: a path (character device or binderd's socket), or a name
 * ("hwbinder") that is looked for in $BINDER_DIR alone if that is set, else in
 * /dev, /dev/binderfs and binderd's directories.  NULL: $BINDER_DEVICE if set, else "binder".
 * STATUS_NAME_NOT_FOUND: there is no driver, and ABinder_lastError() says what
 * was tried.  Release with ABinderConnection_close().
 */
binder_status_t ABinderConnection_open(const char *device, ABinderConnection **out);

/*
 * As above, but nothing waits longer than timeout_ms from now (< 0: for ever): not the
 * opening, nor anything that is done with the connection afterwards.  STATUS_TIMED_OUT: there
 * is something, but it does not answer.  See ABinderConnection_setDeadline().
 */
binder_status_t ABinderConnection_openWithin(const char *device, int timeout_ms,
					     ABinderConnection **out);

/*
 * One limit for several steps: calls, look-ups, waits and dumps that are not done in
 * timeout_ms from now end with STATUS_TIMED_OUT, whatever limit of their own they have;
 * < 0: no limit any more.  Threads that serve go on serving.  A driver daemon that does not
 * even answer when the time is over hangs, and ends the connection.
 */
void ABinderConnection_setDeadline(ABinderConnection *connection, int timeout_ms);

/*
 * Ends the connection: every call on it returns, and the threads of its pool
 * have ended when this does (unless it is called from one that serves for it).
 * Binders got through it answer STATUS_DEAD_OBJECT from now on and are freed by
 * their last decStrong; received parcels stay readable.  NULL is allowed.
 */
void ABinderConnection_close(ABinderConnection *connection);

/* The process's default connection, opened on first use; NULL: see ABinder_lastError().
 * A forked child gets one of its own.  Never closed by the caller. */
ABinderConnection *ABinderConnection_getDefault(void);

/* Which device the default connection is to open ("" or NULL: the usual search).
 * STATUS_INVALID_OPERATION when it is open already. */
binder_status_t ABinderConnection_setDefaultDevice(const char *device);

/* False once it has been closed, or the driver has gone away: nothing can be called any more. */
bool ABinderConnection_isAlive(const ABinderConnection *connection);

/* Path of the device; lives as long as the connection. */
const char *ABinderConnection_getDevice(const ABinderConnection *connection);
/* True when binderd answers, false when a kernel does. */
bool ABinderConnection_isUserspace(const ABinderConnection *connection);

/*
 * What the driver shows of its state, as the text of the kernel's debugfs file
 * of this name: "state", "stats", "transactions", "transaction_log",
 * "failed_transaction_log", or "proc/PID", the state of one process; *out is
 * malloc()ed.  binderd shows this device and what the caller's user has to do
 * with, and root everything; a kernel's files show all devices, to whoever may
 * read them.  A process that has not opened the device: binderd shows a title
 * alone, a kernel has no file (STATUS_NAME_NOT_FOUND).
 */
binder_status_t ABinderConnection_readView(ABinderConnection *connection, const char *view,
					   char **out);

/* Whether it speaks HIDL: service names are then INTERFACE/NAME, and requests have HIDL's header. */
bool ABinderConnection_isHidl(ABinderConnection *connection);

/* Handle 0 as a strong reference in *out, whether or not somebody is there. */
binder_status_t ABinderConnection_getContextManager(ABinderConnection *connection, AIBinder **out);
/* Makes a local object of this process handle 0 of the device.
 * STATUS_ALREADY_EXISTS: somebody else is; STATUS_PERMISSION_DENIED: not this user. */
binder_status_t ABinderConnection_becomeContextManager(ABinderConnection *connection,
						       AIBinder *local);

/* Starts one thread that serves, and lets the driver ask for up to max_threads - 1 more. */
binder_status_t ABinderConnection_startThreadPool(ABinderConnection *connection,
						  uint32_t max_threads);
/* Serves in the calling thread until the connection is closed or the driver is gone. */
void ABinderConnection_joinThreadPool(ABinderConnection *connection);

/*
 * For the calling thread: while it waits for a reply or a registration, go_on is asked each
 * time that a signal handler has run in it or ABinderConnection_wakeWaiting() was called.
 * False: what waits is given up and returns STATUS_INTERRUPTED; the service may still carry it
 * out.  A thread that serves a call at the time goes on, as its own caller would be lost.
 * NULL: nobody is asked any more.
 */
typedef bool (*ABinder_goOn)(void *cookie);
void ABinder_setInterruptible(ABinder_goOn go_on, void *cookie);
/* Has every thread ask (see above) that waits on the connection, or is about to; NULL: on the
 * default one, if it is open.  Not to be called from a signal handler. */
void ABinderConnection_wakeWaiting(ABinderConnection *connection);

/* Size of the receive buffer for connections opened from now on, in bytes; 0: the usual
 * 1 MiB - 2 pages. */
void ABinderConnection_setMapSize(size_t size);

/*
 * Which Android's wire format and service manager the connection speaks:
 * "30" (API level), "11", "12L", "35.1" (Android 15 from r6), "35.2" (from r20).  Without a word
 * it is $BINDER_ANDROID, or found out from the service manager's answers when
 * it first matters.  A device named hwbinder speaks HIDL in any case.
 * STATUS_BAD_VALUE: no such version; STATUS_INVALID_OPERATION: in use already.
 */
binder_status_t ABinderConnection_setAndroid(ABinderConnection *connection, const char *version);
/* For people ("Android 12 and 12L"), static; *api_out (or NULL) is the first API level of it.
 * Asks the service manager if need be; NULL: it gave no answer that is known. */
const char *ABinderConnection_getAndroid(ABinderConnection *connection, int *api_out);
/* All words for the same version, with spaces between ("34 35 14 15"): those that setAndroid()
 * takes, the first the one to show.  Static; NULL: no such version, or as above. */
const char *ABinder_getAndroidWords(const char *version);
const char *ABinderConnection_getAndroidWords(ABinderConnection *connection);
/*
 * "system" or "vendor": which tag requests carry, and which stability objects
 * of this process are of.  From then on requests of the other are refused.
 * Without a word it is $BINDER_DOMAIN, or vendor for a device named vndbinder,
 * and requests of both are taken.  STATUS_BAD_VALUE: neither.
 */
binder_status_t ABinderConnection_setDomain(ABinderConnection *connection, const char *domain);

/* ---- binders ------------------------------------------------------------- */

/* The connection that a binder belongs to; for a local object that was never sent, NULL. */
ABinderConnection *AIBinder_getConnection(const AIBinder *binder);
/* Handle of a proxy; STATUS_INVALID_OPERATION for a local object. */
binder_status_t AIBinder_getHandle(const AIBinder *binder, uint32_t *out);
/* Strong references that all processes together have to a proxy's object, as the driver counts
 * them.  Only the context manager may ask: STATUS_PERMISSION_DENIED. */
binder_status_t AIBinder_countClients(AIBinder *binder, uint32_t *out);
/* Asks the object for its interface descriptor; *out is malloc()ed.  Cached in the proxy. */
binder_status_t AIBinder_fetchDescriptor(AIBinder *binder, char **out);
/* Asks the object which process it lives in. */
binder_status_t AIBinder_fetchDebugPid(AIBinder *binder, pid_t *out);

/*
 * A request parcel without a class: with the interface token of the profile
 * when descriptor is not NULL, else empty.  Owned by the caller, or by the
 * transaction that it is passed to.
 */
binder_status_t AIBinder_prepareRaw(AIBinder *binder, const char *descriptor, AParcel **out);

/*
 * As AIBinder_transact(), for any binder and code: *in is consumed and set to
 * NULL in every case; *out is the reply (caller deletes; NULL for FLAG_ONEWAY).
 * timeout_ms < 0 waits for ever.  STATUS_TIMED_OUT: the call was given up; the
 * service may still carry it out, its reply is dropped.
 */
binder_status_t AIBinder_transactRaw(AIBinder *binder, transaction_code_t code, AParcel **in,
				     AParcel **out, binder_flags_t flags, int timeout_ms);

/* What the driver said about this thread's last failed transaction: 0 or a
 * negative errno (-ENOSPC: no room in the receiver's buffer). */
int ABinder_lastDriverError(void);

/*
 * Opens a file for an object that carries out a shell command; mode is "r", "w", "r+" or "w+", as
 * for fopen().  A descriptor, which libbinder closes, or negative: it is not opened.  Runs on any
 * thread of the connection, and not any more when AIBinder_shellCommand() has returned.
 */
typedef int (*ABinder_onOpenFile)(const char *path, const char *mode, void *cookie);
struct ABinderShellCommand {
	int in, out, err; /* duplicates go to the object */
	const char *const *args;
	uint32_t count;
	ABinder_onOpenFile on_open_file; /* NULL: nothing is opened */
	void *cookie;
	int timeout_ms; /* < 0: waits for ever */
};
/*
 * Has the object carry out a command, as Android's `cmd` does, and waits for its result, whose
 * meaning is the object's: STATUS_OK and *result.  When no thread serves, the calling thread does
 * meanwhile.  STATUS_DEAD_OBJECT: the object's process ended without a result.
 * STATUS_INVALID_OPERATION: it is a HIDL object.
 */
binder_status_t AIBinder_shellCommand(AIBinder *binder, const struct ABinderShellCommand *command,
				      int32_t *result);

/*
 * While this thread carries out a shell command (AIBinder_handleShellCommand): the caller's
 * com.android.internal.os.IShellCallback, borrowed, which opens files with the caller's rights;
 * NULL: it has none, or there is no command.
 */
AIBinder *ABinder_getShellCallback(void);

/* While this thread serves a call: the flags it came with, FLAG_ONEWAY and others; else 0. */
binder_flags_t AIBinder_getCallingFlags(void);

/* ---- the service manager, on any connection ------------------------------ */

typedef bool (*AServiceManager_onName)(const char *name, void *cookie); /* false: stop */
binder_status_t AServiceManager_listOn(ABinderConnection *connection, AServiceManager_onName each,
				       void *cookie);
/* STATUS_TIMED_OUT: the manager has not answered in timeout_ms (< 0: it may take for ever). */
binder_status_t AServiceManager_listWithin(ABinderConnection *connection, int timeout_ms,
					   AServiceManager_onName each, void *cookie);
typedef bool (*AServiceManager_onDebugInfo)(const char *name, pid_t pid, void *cookie);
binder_status_t AServiceManager_debugInfoOn(ABinderConnection *connection,
					    AServiceManager_onDebugInfo each, void *cookie);
/* Look-ups give a strong reference in *out.  STATUS_NAME_NOT_FOUND: no such
 * service; STATUS_DEAD_OBJECT: no service manager. */
binder_status_t AServiceManager_checkOn(ABinderConnection *connection, const char *name,
					AIBinder **out);
binder_status_t AServiceManager_checkWithin(ABinderConnection *connection, const char *name,
					    int timeout_ms, AIBinder **out);
binder_status_t AServiceManager_getOn(ABinderConnection *connection, const char *name,
				      AIBinder **out);
/* Waits for a registration; STATUS_TIMED_OUT after timeout_ms (< 0: never).  When no thread
 * serves, the calling thread does meanwhile. */
binder_status_t AServiceManager_waitOn(ABinderConnection *connection, const char *name,
				       int timeout_ms, AIBinder **out);
/* An exception of the service manager (a bad name, not allowed) becomes
 * STATUS_PERMISSION_DENIED, STATUS_BAD_VALUE ... with its message in ABinder_lastError(). */
binder_status_t AServiceManager_addOn(ABinderConnection *connection, AIBinder *binder,
				      const char *name);

typedef struct AServiceManager_Keeper AServiceManager_Keeper;
/*
 * Runs on a thread of libbinder's own when the service manager has died (STATUS_DEAD_OBJECT), and
 * when name was added to the next one (STATUS_OK) or refused by it.
 */
typedef void (*AServiceManager_onKept)(const char *name, binder_status_t status, void *cookie);
/*
 * As AServiceManager_addOn(), and adds the object again whenever another service manager has come
 * in the place of one that died, until the keeper is deleted.  It holds a reference to the object,
 * and threads of the connection have to serve.  AServiceManager_addService() and
 * AServiceManager_addOn() add once, as in Android, where init restarts services together with
 * their service manager.  fn may be NULL.
 */
binder_status_t AServiceManager_keepOn(ABinderConnection *connection, AIBinder *binder,
				       const char *name, AServiceManager_onKept fn, void *cookie,
				       AServiceManager_Keeper **out);
/* The name stays registered.  No callback runs once this has returned (unless called from it).
 * Before the connection is closed.  NULL is allowed. */
void AServiceManager_Keeper_delete(AServiceManager_Keeper *keeper);

typedef struct AServiceManager_Watch AServiceManager_Watch;
/* Runs on a pool thread for each registration under name (now, if there is one).
 * The binder is borrowed; NULL: there was no memory for it, look it up.  The watch is
 * registered with each later service manager, too, which reports a service that it has already. */
typedef void (*AServiceManager_onWatched)(const char *name, AIBinder *binder, void *cookie);
binder_status_t AServiceManager_watchOn(ABinderConnection *connection, const char *name,
					AServiceManager_onWatched fn, void *cookie,
					AServiceManager_Watch **out);
/* No callback runs once this has returned (unless called from it).  NULL is allowed. */
void AServiceManager_Watch_delete(AServiceManager_Watch *watch);

/* ---- parcels ------------------------------------------------------------- */

/* The bytes and where the objects in them start; valid until the parcel changes. */
binder_status_t AParcel_getBytes(const AParcel *parcel, const uint8_t **data, size_t *size);
binder_status_t AParcel_getObjects(const AParcel *parcel, const uint64_t **offsets, size_t *count);
/* Bytes as they are, zero-padded to a multiple of 4. */
binder_status_t AParcel_writeRaw(AParcel *parcel, const void *data, size_t size);
/* Borrowed from the parcel; the position moves on by size, rounded up to 4. */
binder_status_t AParcel_readRaw(const AParcel *parcel, size_t size, const void **out);
/* String8: int32 byte length, bytes, NUL.  NULL writes nothing but -1 and is not standard. */
binder_status_t AParcel_writeString8(AParcel *parcel, const char *string, int32_t length);
/* *out is malloc()ed and NUL-terminated. */
binder_status_t AParcel_readString8(const AParcel *parcel, char **out, int32_t *length);
/* String16, from and to malloc()ed UTF-8; NULL is the null string. */
binder_status_t AParcel_writeString16(AParcel *parcel, const char *utf8);
binder_status_t AParcel_readString16(const AParcel *parcel, char **out);
/* HIDL's strings and vectors of them, in buffers beside the parcel; for hwbinder.  What is read is
 * malloc()ed, each string and their array. */
binder_status_t AParcel_writeHidlString(AParcel *parcel, const char *text);
binder_status_t AParcel_readHidlString(const AParcel *parcel, char **out);
binder_status_t AParcel_writeHidlStrings(AParcel *parcel, const char *const *texts, size_t count);
binder_status_t AParcel_readHidlStrings(const AParcel *parcel, char ***out, size_t *count);
/* HIDL's vector of numbers, or of structures without pointers.  What is read is borrowed from the
 * parcel.  STATUS_BAD_VALUE: the items are of another size. */
binder_status_t AParcel_writeHidlVec(AParcel *parcel, const void *items, size_t count,
				     size_t itemSize);
binder_status_t AParcel_readHidlVec(const AParcel *parcel, size_t itemSize, const void **items,
				    size_t *count);
/* HIDL's handle: descriptors, and words that say what they are. */
typedef struct ABinderHandle {
	const int *fds;
	const int32_t *ints;
	size_t fd_count, int_count;
} ABinderHandle;
/* Writing keeps duplicates, and NULL is null; what is read is borrowed from the parcel. */
binder_status_t AParcel_writeHidlHandle(AParcel *parcel, const ABinderHandle *handle);
binder_status_t AParcel_readHidlHandle(const AParcel *parcel, ABinderHandle *out, bool *isNull);
/* A bare file descriptor object, as in a dump's request, without what ParcelFileDescriptor
 * puts before it.  Writing keeps a duplicate; *fd is borrowed from the parcel. */
binder_status_t AParcel_writeFd(AParcel *parcel, int fd);
binder_status_t AParcel_readFd(const AParcel *parcel, int *fd);
binder_status_t AParcel_writeInterfaceToken(AParcel *parcel, const char *descriptor);
/* Consumes the header words and the descriptor; *out is malloc()ed.  STATUS_BAD_TYPE: none
 * there. */
binder_status_t AParcel_readInterfaceToken(const AParcel *parcel, char **out);
/* What the object at byte offset is, without taking a reference. */
typedef enum {
	ABINDER_OBJECT_NONE,
	ABINDER_OBJECT_LOCAL,
	ABINDER_OBJECT_HANDLE,
	ABINDER_OBJECT_WEAK,
	ABINDER_OBJECT_FD,
	ABINDER_OBJECT_FD_ARRAY,
	ABINDER_OBJECT_BUFFER,
} ABinderObjectKind;
ABinderObjectKind AParcel_getObjectAt(const AParcel *parcel, size_t offset, uint64_t *handle_or_fd);
/* A parcel that speaks a connection's binders; AParcel_create() is the default connection's. */
AParcel *AParcel_createOn(ABinderConnection *connection);
/*
 * A read-only parcel of bytes that another process received: from a watch, a recording, or
 * what a person pasted.  Bytes and offsets are copied.  Numbers and strings are read as usual,
 * in the wire format of the Android version (see ABinderConnection_setAndroid(); NULL: the
 * connection's, or the usual one); its binders and descriptors can only be looked at
 * (AParcel_getObjectAt()), reading them is STATUS_INVALID_OPERATION.
 * connection may be NULL.  STATUS_BAD_VALUE: no such version, or too many bytes.
 */
binder_status_t AParcel_createCaptured(ABinderConnection *connection, const char *android,
				       const void *data, size_t size, const uint64_t *offsets,
				       size_t offset_count, AParcel **out);

/* ---- this process, in numbers -------------------------------------------- */

struct ABinderCounts {
	uint32_t proxies, locals, parcels, threads;
};
void ABinder_getCounts(struct ABinderCounts *out);

#ifdef __cplusplus
}
#endif
#endif
