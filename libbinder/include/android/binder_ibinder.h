/* SPDX-License-Identifier: MIT */
/*
 * android/binder_ibinder.h: objects that can be called across processes.
 *
 * An AIBinder is either a local object, made here from a class, or a remote
 * one that stands for an object elsewhere.  Names, values and semantics are
 * those of Android's NDK.
 *
 * Any thread may call any function here.  A reference counted object must be
 * held by the caller for the length of the call.
 */
#ifndef ANDROID_BINDER_IBINDER_H
#define ANDROID_BINDER_IBINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <android/binder_parcel.h>
#include <android/binder_status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t binder_flags_t;
enum {
	/* Do not wait for the call to be carried out.  Calls to one object keep their order. */
	FLAG_ONEWAY = 0x01,
	/* Zero the receiver's copy of the request as soon as it is done with. */
	FLAG_CLEAR_BUF = 0x20,
};

typedef uint32_t transaction_code_t;
enum {
	FIRST_CALL_TRANSACTION = 0x00000001,
	LAST_CALL_TRANSACTION = 0x00ffffff,
};

struct AIBinder_Class;
typedef struct AIBinder_Class AIBinder_Class;
struct AIBinder;
typedef struct AIBinder AIBinder;
struct AIBinder_Weak;
typedef struct AIBinder_Weak AIBinder_Weak;
struct AIBinder_DeathRecipient;
typedef struct AIBinder_DeathRecipient AIBinder_DeathRecipient;

/* ---- classes ------------------------------------------------------------- */

/* Makes an object's user data out of AIBinder_new()'s argument. */
typedef void *(*AIBinder_Class_onCreate)(void *args);
/* The last reference, here and elsewhere, is gone. */
typedef void (*AIBinder_Class_onDestroy)(void *userData);
/*
 * One call.  in stands behind the interface token, which has been checked; out
 * is empty.  Both are borrowed.  A result other than STATUS_OK reaches the
 * caller instead of out.  Several threads may be in it at once.
 */
typedef binder_status_t (*AIBinder_Class_onTransact)(AIBinder *binder, transaction_code_t code,
						     const AParcel *in, AParcel *out);
/* Writes text to fd, which stays the caller's.  args is NULL when numArgs is 0. */
typedef binder_status_t (*AIBinder_onDump)(AIBinder *binder, int fd, const char **args,
					   uint32_t numArgs);

/* A class lives until the process ends.  NULL: an argument is NULL, or no memory. */
__attribute__((warn_unused_result)) AIBinder_Class *
AIBinder_Class_define(const char *interfaceDescriptor, AIBinder_Class_onCreate onCreate,
		      AIBinder_Class_onDestroy onDestroy, AIBinder_Class_onTransact onTransact);
/* These three belong before the first object of the class. */
void AIBinder_Class_setOnDump(AIBinder_Class *clazz, AIBinder_onDump onDump);
/* Neither write nor check interface tokens. */
void AIBinder_Class_disableInterfaceTokenHeader(AIBinder_Class *clazz);
/* names[0] is the function of code 1; it has to live as long as the class. */
void AIBinder_Class_setTransactionCodeToFunctionNameMap(
	AIBinder_Class *clazz, const char *const *transactionCodeToFunctionMap, size_t length);
/* NULL when there is no name. */
const char *AIBinder_Class_getFunctionName(const AIBinder_Class *clazz, transaction_code_t code);
/* Lives as long as the class. */
const char *AIBinder_Class_getDescriptor(const AIBinder_Class *clazz);

/* ---- objects ------------------------------------------------------------- */

/* A local object with one reference, the caller's.  NULL: no class, or no memory. */
__attribute__((warn_unused_result)) AIBinder *AIBinder_new(const AIBinder_Class *clazz, void *args);
/* NULL is allowed in both. */
void AIBinder_incStrong(AIBinder *binder);
void AIBinder_decStrong(AIBinder *binder);
/* References held in this process, the driver's included; -1 for NULL. */
int32_t AIBinder_debugGetRefCount(AIBinder *binder);

/*
 * Says what an object is expected to be.  A remote one is asked for its
 * descriptor, which is a call.  false: it is something else, or dead.
 */
bool AIBinder_associateClass(AIBinder *binder, const AIBinder_Class *clazz);
/* NULL until one was given. */
const AIBinder_Class *AIBinder_getClass(AIBinder *binder);
/* What onCreate returned; NULL for a remote object. */
void *AIBinder_getUserData(AIBinder *binder);

bool AIBinder_isRemote(const AIBinder *binder);
/* As far as is known; asks nobody. */
bool AIBinder_isAlive(const AIBinder *binder);
/* Calls the object.  STATUS_DEAD_OBJECT when it is gone. */
binder_status_t AIBinder_ping(AIBinder *binder);
/* Has the object write about itself to fd, which stays the caller's. */
binder_status_t AIBinder_dump(AIBinder *binder, int fd, const char **args, uint32_t numArgs);

/* A second object that is handed out with a local one; a reference is taken.  Set it before
 * the object is sent.  STATUS_INVALID_OPERATION for a remote object. */
binder_status_t AIBinder_setExtension(AIBinder *binder, AIBinder *ext);
/* *outExt: NULL, or a reference for the caller. */
binder_status_t AIBinder_getExtension(AIBinder *binder, AIBinder **outExt);

/* An order among all objects of this process; NULL comes first. */
bool AIBinder_lt(const AIBinder *lhs, const AIBinder *rhs);

/* ---- calls --------------------------------------------------------------- */

/*
 * A request with the interface token of the object's class.  The caller owns
 * *in until AIBinder_transact() takes it.  STATUS_INVALID_OPERATION: no class.
 */
binder_status_t AIBinder_prepareTransaction(AIBinder *binder, AParcel **in);
/*
 * Calls the object.  *in is deleted and set to NULL in every case; *out is the
 * caller's on STATUS_OK (an empty parcel for FLAG_ONEWAY).  While this thread
 * waits, calls that come back to it on behalf of this one are served here.
 * STATUS_DEAD_OBJECT: its process is gone.  STATUS_FAILED_TRANSACTION: the
 * driver refused, most often for want of room; see ABinder_lastError().
 */
binder_status_t AIBinder_transact(AIBinder *binder, transaction_code_t code, AParcel **in,
				  AParcel **out, binder_flags_t flags);

/* While this thread serves a call: its sender, as the driver vouches for it (pid 0 for a
 * one-way call); else this process. */
uid_t AIBinder_getCallingUid(void);
pid_t AIBinder_getCallingPid(void);
bool AIBinder_isHandlingTransaction(void);

/* ---- weak references ----------------------------------------------------- */

/* Takes no part in how long the object lives.  NULL gives NULL. */
__attribute__((warn_unused_result)) AIBinder_Weak *AIBinder_Weak_new(AIBinder *binder);
void AIBinder_Weak_delete(AIBinder_Weak *weakBinder);
/* A reference for the caller, or NULL when the object is gone. */
__attribute__((warn_unused_result)) AIBinder *AIBinder_Weak_promote(AIBinder_Weak *weakBinder);
AIBinder_Weak *AIBinder_Weak_clone(const AIBinder_Weak *weak);
/* The order of AIBinder_lt(), also for objects that are gone. */
bool AIBinder_Weak_lt(const AIBinder_Weak *lhs, const AIBinder_Weak *rhs);

/* ---- death --------------------------------------------------------------- */

typedef void (*AIBinder_DeathRecipient_onBinderDied)(void *cookie);
typedef void (*AIBinder_DeathRecipient_onBinderUnlinked)(void *cookie);

/* NULL when onBinderDied is NULL, or without memory. */
__attribute__((warn_unused_result)) AIBinder_DeathRecipient *
AIBinder_DeathRecipient_new(AIBinder_DeathRecipient_onBinderDied onBinderDied);
/* Set before linking.  Runs once for each link: after onBinderDied, after unlinking, or when
 * linking failed.  It is the place to free the cookie. */
void AIBinder_DeathRecipient_setOnUnlinked(AIBinder_DeathRecipient *recipient,
					   AIBinder_DeathRecipient_onBinderUnlinked onUnlinked);
/* Unlinks it everywhere.  A callback that has begun may still be running.  NULL is allowed. */
void AIBinder_DeathRecipient_delete(AIBinder_DeathRecipient *recipient);

/*
 * Has onBinderDied(cookie) called once, on a thread of the pool, when the
 * object's process dies.  STATUS_INVALID_OPERATION for a local object,
 * STATUS_DEAD_OBJECT when it is dead already.
 */
binder_status_t AIBinder_linkToDeath(AIBinder *binder, AIBinder_DeathRecipient *recipient,
				     void *cookie);
/* STATUS_NAME_NOT_FOUND: not linked with this cookie; STATUS_DEAD_OBJECT: the news is out
 * already. */
binder_status_t AIBinder_unlinkToDeath(AIBinder *binder, AIBinder_DeathRecipient *recipient,
				       void *cookie);

#ifdef __cplusplus
}
#endif
#endif
