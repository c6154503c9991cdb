/* SPDX-License-Identifier: MIT */
/*
 * explain_lines.c: the lines that drivers and Android's libraries write, in words.
 *
 * One table: a pattern, what has happened, and what to do.  The results of
 * transactions, which need more than one pattern, are for explain_log.c.  A row of
 * a longer pattern stands before one that it contains.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/verbs/explain.h"
#include "cli/verbs/explain_pattern.h"

struct row {
	const char *pattern, *meaning, *cause;
};

#define LOG_OF_RECEIVER "the receiver's own log says why it ended"
#define HAND_MADE \
	"a program that speaks to the driver without a library, or memory overwritten in it"

static const struct row rows[] = {
	/* ---- calls that the driver refused ---- */
	{ "{p}:{t} cannot find target node",
	  "{p} called a handle whose object is gone, or handle 0 that nobody serves",
	  "no service manager runs on this device (`binderctl doctor`), or the service has ended: "
	  "look it up again" },
	{ "{p}:{t} got transaction to invalid handle, {n}",
	  "{p} called handle {n}, which it does not hold",
	  "the handle was released, or is another process's: handles mean nothing elsewhere" },
	{ "{p}:{t} transaction to invalid handle, {n}",
	  "{p} called handle {n}, which it does not hold",
	  "the handle was released, or is another process's: handles mean nothing elsewhere" },
	{ "{p}:{t} got transaction to context manager from process owning it",
	  "{p} is the service manager and called handle 0, which is itself",
	  "a service manager looks its own objects up in its own table" },
	{ "{p}:{t} got new transaction with bad transaction stack, transaction {n} has target",
	  "{p} made a call on a thread that waits for a reply (transaction {n})",
	  "one thread used by two callers" },
	{ "got new transaction with bad transaction stack",
	  "a call was made on a thread that waits for a reply", "one thread used by two callers" },
	{ "{p}:{t} got new transaction with invalid",
	  "{p} sent a payload whose sizes or offsets are wrong", HAND_MADE },
	{ "{p}:{t} got transaction with invalid offset",
	  "{p} sent a payload whose offsets of objects are wrong",
	  "offsets rise, are multiples of 4, and point to whole objects inside of the payload" },
	{ "{p}:{t} got transaction with out-of-order buffer fixup",
	  "{p} sent buffers (HIDL) whose parents do not come before them", HAND_MADE },
	{ "{p}:{t} got transaction with invalid data ptr",
	  "{p} sent a payload from an address that cannot be read", HAND_MADE },
	{ "{p}:{t} got transaction with invalid parent offset",
	  "{p} sent a buffer (HIDL) whose parent is no buffer", HAND_MADE },
	{ "{p}:{t} got transaction with invalid object type, {x}",
	  "{p} sent an object of type 0x{x}, which the driver does not know",
	  "a payload written by hand, or offsets that point beside the objects" },
	{ "{p}:{t} got transaction with invalid fd, {n}",
	  "{p} sent descriptor {n}, which is not open there",
	  "it was closed before the call was sent" },
	{ "{p}:{t} got transaction with fd, {n}, but target does not allow fds",
	  "{p} sent descriptor {n} to an object that takes none",
	  "the object was made without FLAT_BINDER_FLAG_ACCEPTS_FDS" },
	{ "{p}:{t} got reply with fd, {n}, but target does not allow fds",
	  "{p} answered with descriptor {n} a call that takes none",
	  "the caller did not set TF_ACCEPT_FDS" },
	{ "got transaction with invalid offset",
	  "a payload came whose offsets of objects are wrong",
	  "offsets rise, are multiples of 4, and point to whole objects inside of the payload" },
	{ "{p}:{t} got reply transaction with no transaction stack",
	  "{p} sent a reply on a thread that had no call to answer",
	  "it replied twice, to a one-way call, or on another thread than the call came to" },
	{ "{p}:{t} got reply transaction with bad transaction stack, transaction {n} has target",
	  "{p} sent a reply on another thread than the call (transaction {n}) came to",
	  "a thread that takes a call sends its reply" },
	{ "{p}:{t} got reply transaction with bad target transaction stack {n}, expected {m}",
	  "{p} sent a reply to a caller that waits for another one ({n}, expected {m})",
	  HAND_MADE },
	{ "got reply transaction with no transaction stack",
	  "a reply was sent on a thread that had no call to answer",
	  "it replied twice, to a one-way call, or on another thread than the call came to" },
	{ "got reply transaction with bad transaction stack",
	  "a reply was sent on another thread than the call came to",
	  "a thread that takes a call sends its reply" },

	/* ---- what became of calls when somebody ended ---- */
	{ "release {p}:{t} transaction {n} in, still active",
	  "{p} ended while its thread {t} carried out call {n}: the caller gets a dead reply",
	  LOG_OF_RECEIVER },
	{ "release {p}:{t} transaction {n} out, still active",
	  "{p} ended while its thread {t} waited for the reply to call {n}",
	  "the caller's own log says why it ended; the service's reply is dropped" },
	{ "release transaction {n} in, still active",
	  "a process ended while it carried out call {n}: the caller gets a dead reply",
	  LOG_OF_RECEIVER },
	{ "send failed reply for transaction {n} to {p}:{t}",
	  "the receiver of call {n} ended: thread {t} of {p}, which waits for the reply, gets a "
	  "dead or failed reply",
	  LOG_OF_RECEIVER },
	{ "send failed reply for transaction {n}, target dead",
	  "call {n} has failed, and its caller is gone, too", "nobody is left who waits for it" },
	{ "undelivered transaction {n}, process died.",
	  "the receiver of call {n} ended before it had read it: the caller gets a dead reply",
	  LOG_OF_RECEIVER },
	{ "undelivered transaction {n}",
	  "the receiver of call {n} ended before it had read it: the caller gets a dead reply",
	  LOG_OF_RECEIVER },
	{ "undelivered TRANSACTION_COMPLETE",
	  "a process ended before it had read that its call was sent",
	  "harmless: it belongs to a process that ended in the middle of a call" },
	{ "undelivered TRANSACTION_ERROR: {r}",
	  "a process ended before it had read that its call has failed ({r})",
	  "the failure itself is in the lines before it" },
	{ "undelivered death notification, {x}",
	  "a process ended before it had read that an object it watched (cookie 0x{x}) has died",
	  "harmless: nobody is left who would react to it" },

	/* ---- receive buffers ---- */
	{ "binder_alloc_buf size {n} failed, no address space",
	  "a payload of {n} bytes found no room in the receiver's buffer: the caller gets "
	  "FAILED_TRANSACTION",
	  "the payload is too large, or others fill the buffer: the receiver is slow, or does not "
	  "free what it has read; an application has 1 MiB in all" },
	{ "binder_alloc_buf size {n} failed, no async space left",
	  "a one-way call of {n} bytes found no room in its half of the receiver's buffer",
	  "send fewer or smaller one-way calls, or find out why the receiver does not keep up" },
	{ "binder_alloc_buf, no vma",
	  "the receiver has no receive buffer: it never mapped the device, or is just ending",
	  "harmless when the process ends anyway; else it has to mmap() the device first" },
	{ "binder_alloc_buf failed to map pages in userspace, no vma",
	  "the receiver has no receive buffer: it never mapped the device, or is just ending",
	  "harmless when the process ends anyway; else it has to mmap() the device first" },
	{ "{q}: pid {p} spamming oneway? {n} buffers allocated for a total size of {m}",
	  "{p} floods {q} with one-way calls: {n} of them, {m} bytes, lie unread in its buffer",
	  "send fewer, or wait for the receiver: when half of its buffer is full, calls fail" },
	{ "binder_mmap: {p} {w} bad vm_flags failed {e}",
	  "{p} mapped the device for writing, which is not allowed",
	  "map it with PROT_READ and MAP_PRIVATE" },
	{ "binder_mmap: {p} {w} already mapped failed {e}", "{p} mapped the device a second time",
	  "one open of the device has one receive buffer" },
	{ "Failed to allocate buffer. len:{n}, is_oneway:true",
	  "a one-way call of {n} bytes found no room in its half of the receiver's buffer",
	  "send fewer or smaller one-way calls, or find out why the receiver does not keep up" },
	{ "Failed to allocate buffer. len:{n}, is_oneway:false",
	  "a payload of {n} bytes found no room in the receiver's buffer: the caller gets "
	  "FAILED_TRANSACTION",
	  "the payload is too large, or others fill the buffer: the receiver is slow, or does not "
	  "free what it has read; an application has 1 MiB in all" },
	{ "{p}:{t} BC_FREE_BUFFER u{x} no match", "{p} freed a buffer that it does not have",
	  "it was freed twice" },
	{ "{p}:{t} BC_FREE_BUFFER u{x} matched unreturned",
	  "{p} freed a buffer that it has not read yet, or frees on another thread just now",
	  HAND_MADE },

	/* ---- ioctls, commands ---- */
	{ "{p}:{t} ioctl {x} {w} returned {e}",
	  "a request of {p} to the driver (ioctl 0x{x}) failed: {e}",
	  "-14 EFAULT: a wrong address; -22 EINVAL: a command or size the driver does not know; "
	  "-11, -512: nothing to worry about" },
	{ "BINDER_SET_CONTEXT_MGR already set",
	  "a second service manager wanted handle 0 of a device that has one",
	  "one device, one service manager: stop the other, or use another device "
	  "(`binderctl sandbox`, BINDER_DIR)" },
	{ "BINDER_SET_CONTEXT_MGR bad uid {n} != {m}",
	  "user {n} wanted to be service manager of a device that belongs to user {m}",
	  "the first user to serve handle 0 keeps the right to it while the device exists" },
	{ "{p}:{t} refcount change on invalid ref {n} ret {e}",
	  "{p} acquired or released handle {n}, which it does not hold",
	  "released once too often, or after the object's death: two owners of one handle" },
	{ "{p}:{t} refcount change on invalid ref {n}",
	  "{p} acquired or released handle {n}, which it does not hold",
	  "released once too often, or after the object's death: two owners of one handle" },
	{ "{p}:{t} BC_REQUEST_DEATH_NOTIFICATION invalid ref {n}",
	  "{p} wanted to be told of the death of handle {n}, which it does not hold",
	  "the handle was released before" },
	{ "{p}:{t} BC_REQUEST_DEATH_NOTIFICATION death notification already set",
	  "{p} asked twice to be told of one object's death",
	  "a handle has one notification: a library shares it among those who want it" },
	{ "{p}:{t} BC_CLEAR_DEATH_NOTIFICATION death notification not active",
	  "{p} unlinked a death that it was not linked to", "it unlinked twice" },
	{ "{p}:{t} BC_CLEAR_DEATH_NOTIFICATION invalid ref {n}",
	  "{p} unlinked from the death of handle {n}, which it does not hold",
	  "the handle was released before" },
	{ "{p}:{t} BC_DEAD_BINDER_DONE {x} not found",
	  "{p} acknowledged a death that it was not told of", "it acknowledged twice" },
	{ "{p}:{t} ERROR: BC_REGISTER_LOOPER called without request",
	  "{p} started a thread that the driver had not asked for",
	  "BC_ENTER_LOOPER is for threads that start by themselves" },
	{ "{p}:{t} ERROR: BC_REGISTER_LOOPER called after BC_ENTER_LOOPER",
	  "thread {t} of {p} registered twice to serve", HAND_MADE },
	{ "{p}:{t} ERROR: BC_ENTER_LOOPER called after BC_REGISTER_LOOPER",
	  "thread {t} of {p} registered twice to serve", HAND_MADE },
	{ "{p}:{t} unknown command {n}", "{p} gave the driver command {n}, which it does not know",
	  "a library for another version of the protocol (32-bit and 64-bit Binder differ), or "
	  "a wrong size" },

	/* ---- Android's libraries ---- */
	{ "Binder transaction failure. id: {n}, cmd: {w} ({r}), error: {e}",
	  "a call of this process (number {n} in the driver's logs) failed: {w}",
	  "`binderctl log --failed`, or dmesg, has the line of call {n}" },
	{ "Binder transaction failure: {n} / {r} / {e}",
	  "a call of this process (number {n} in the driver's logs) failed",
	  "`binderctl log --failed`, or dmesg, has the line of call {n}" },
	{ "!!! FAILED BINDER TRANSACTION !!!  (parcel size = {n})",
	  "the driver refused a call of this process whose parcel has {n} bytes",
	  "a payload must fit into the free part of the receiver's 1 MiB (all of its calls share "
	  "that): send more than some 200 kB in a file descriptor or shared memory" },
	{ "TransactionTooLargeException: data parcel size {n} bytes",
	  "the driver refused a call whose parcel has {n} bytes: too large for the free part of the "
	  "receiver's buffer",
	  "1 MiB is shared by all calls to a process: send more than some 200 kB in a file descriptor or "
	  "shared memory; also many calls at once, or saved state of an activity" },
	{ "TransactionTooLargeException",
	  "the driver refused a call: too large for the free part of the receiver's buffer",
	  "1 MiB is shared by all calls to a process: send more than some 200 kB in a file descriptor or "
	  "shared memory" },
	{ "DeadObjectException",
	  "the process that owns the called object has ended, or its buffer was full",
	  "look the service up again; its own log, or dmesg, says why it ended" },
	{ "DeadSystemException", "Android's system_server has ended",
	  "everything restarts; its log (`logcat -b crash`) says why" },
	{ "Expecting header 0x{x} but found 0x{y}. Mixing copies of libbinder?",
	  "the interface token of a call has another marker than this library expects",
	  "caller and service speak different dialects: a vendor library on the system's device "
	  "(VNDR, SYST), another Android version, or no token at all: --domain, --android" },
	{ "Status(-129, EX_TRANSACTION_FAILED): 'DEAD_OBJECT",
	  "the call was not executed: the process that owns the object is gone",
	  "look the service up again; its own log, or dmesg, says why it ended" },
	{ "Status(-129, EX_TRANSACTION_FAILED): '{w}",
	  "the call was not executed, or its reply could not be read: {w}",
	  "made by the caller's own library, not by the service: `binderctl explain {w}`" },
	{ "enforceInterface() expected '{w}' but read",
	  "a call came with the name of another interface than {w}",
	  "the caller takes the object for one of another interface, or speaks another version's "
	  "dialect: `binderctl info SERVICE`" },
	{ "Parcel(Error: {s}", "the call failed with the status {s}, so there is no reply",
	  "`service call` prints this on Android" },
	{ "Parcel(NULL)", "the reply is empty", NULL },
	{ "Waited one second for {w}", "a program waits for {w}, which is not registered",
	  "the service has not started, or its process crashes: `binderctl wait {w}`" },
	{ 0 },
};

/* The places whose numbers have facts of their own. */
static void explain_numbers(const struct pattern_places *places, json_t *list)
{
	const char *result = places->text['r' - 'a'], *error = places->text['e' - 'a'];
	const char *status = places->text['s' - 'a'];

	if (*status)
		explain_status(status, list);
	if (*result)
		explain_word(result, list);
	if (*error && !explain_errno(error, list))
		explain_word(error, list);
}

int explain_line(const char *text, json_t *list)
{
	struct pattern_places places;
	const struct row *row = rows;
	struct fact fact = { .kind = "line of a log", .name = "line" };
	char *meaning, *cause;

	while (row->pattern && !pattern_find(row->pattern, text, &places))
		row++;
	if (!row->pattern)
		return 0;
	meaning = pattern_fill(row->meaning, &places);
	cause = pattern_fill(row->cause, &places);
	fact.meaning = meaning ? meaning : row->meaning;
	fact.cause = cause;
	if (list)
		explain_fact(&fact, list);
	else
		explain_print_line(&fact);
	explain_numbers(&places, list);
	free(meaning);
	free(cause);
	return 1;
}
