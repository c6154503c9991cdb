/* SPDX-License-Identifier: MIT */
/*
 * scene.h: what tests are written with: the usual cast, steps that say what is
 * expected of them, and looks at what was received.
 *
 * A step is bc_*() to gather commands, expect_write() to send them, and
 * expect_read() to take what is there.  As a rule each ioctl does only one of
 * the two, so that nothing has to wait for anything; where waiting is the
 * rule that is tested there are expect_waits() and expect_return().
 */
#ifndef UAPI_SCENE_H
#define UAPI_SCENE_H

#include <errno.h>
#include <string.h>

#include "actors.h"
#include "check.h"

/* Where the test is, for what fails inside of these functions. */
void step(const char *file, int line);
#define STEP(...) (step(__FILE__, __LINE__), __VA_ARGS__)

#define BAD_ADDRESS 0x10ull /* not mapped in any process */

/* ---- the cast -------------------------------------------------------------------- */

extern struct actor *manager, *client;

/* A context manager that accepts descriptors and a client: two processes, each with one looper. */
void scene(void);
struct actor *looper_new(void);
/* A looper that is context manager.  NULL: by BINDER_SET_CONTEXT_MGR. */
struct actor *manager_new(const struct flat_binder_object *object);
/* Tries again while the driver still buries the last one; the result of the ioctl. */
long become_manager(struct actor *actor, const struct flat_binder_object *object);
/* Is @manager free now?  Otherwise the test is skipped: the device is in use. */
void need_no_manager(void);
/* Kills its process, and returns when the driver has seen to all that belongs to that. */
void process_ends_(struct actor *actor);
/* The same for what was closed or let go otherwise. */
void await_release(pid_t pid);

/* ---- commands ---------------------------------------------------------------------- */

#define bc(a, word) stream_word(&(a)->out, word)
#define bc_raw(a, bytes_, size) stream_put(&(a)->out, bytes_, size)
#define bc_u32(a, word, value) stream_u32(&(a)->out, word, value)
#define bc_u64(a, word, value) stream_u64(&(a)->out, word, value)
#define bc_node(a, word, ptr, cookie) stream_node(&(a)->out, word, ptr, cookie)
#define bc_handle_cookie(a, word, handle, cookie) stream_handle(&(a)->out, word, handle, cookie)
#define bc_call(a, handle, code, flags, payload) \
	stream_transaction(&(a)->out, BC_TRANSACTION, handle, code, flags, payload)
#define bc_reply(a, flags, payload) stream_transaction(&(a)->out, BC_REPLY, 0, 0, flags, payload)

/* ---- steps -------------------------------------------------------------------------- */

/* Sends what was gathered; the ioctl's result.  bwr.write_consumed says how much was taken. */
long do_write(struct actor *actor);
/* Reads without waiting into in, size bytes of it; the ioctl's result. */
long do_read_now(struct actor *actor, size_t size);
/* Reads and waits for it. */
long do_read(struct actor *actor, size_t size);

void expect_write_(struct actor *actor);
void expect_read_(struct actor *actor, const char *words);
void expect_nothing_(struct actor *actor);
void expect_both_(struct actor *actor, const char *words);
void expect_waits_(struct actor *actor);
void expect_return_(struct actor *actor, const char *words);
void expect_error_(struct actor *actor, uint32_t command, int param);
void stop_waiting_(struct actor *actor);

/* Sends what was gathered, all of it. */
#define expect_write(a) STEP(expect_write_(a))
/* Sends what was gathered; the result must be this. */
#define expect_write_result(a, r) STEP(is(do_write(a), r))
/* Gets exactly this; waits for it if it has to. */
#define expect_read(a, words) STEP(expect_read_(a, words))
/* There is nothing to read just now. */
#define expect_nothing(a) STEP(expect_nothing_(a))
/* Sends and reads in one ioctl. */
#define expect_both(a, words) STEP(expect_both_(a, words))
/* Starts a read, sending what was gathered, and sleeps in it; or still sleeps in it. */
#define expect_waits(a) STEP(expect_waits_(a))
/* The read that waited returns with this. */
#define expect_return(a, words) STEP(expect_return_(a, words))
/* A signal ends the read that waits. */
#define stop_waiting(a) STEP(stop_waiting_(a))
/* What BINDER_GET_EXTENDED_ERROR says; it is cleared by that. */
#define expect_error(a, command, param) STEP(expect_error_(a, command, param))
#define process_ends(a) STEP(process_ends_(a))
struct binder_extended_error extended_error(struct actor *actor);

/* A call that fails or a one-way call: sends it, and reads this. */
#define expect_call(a, handle, flags, payload, words) \
	do { \
		bc_call(a, handle, 1, flags, payload); \
		STEP(is(do_write(a), 0)); \
		expect_read(a, words); \
	} while (0)
/* A call that the callee has yet to see. */
#define send_call(a, handle, flags, payload) \
	do { \
		bc_call(a, handle, 1, flags, payload); \
		expect_write(a); \
	} while (0)

#define expect_oneway(a, handle, payload) \
	expect_call(a, handle, TF_ONE_WAY, payload, "NOOP TRANSACTION_COMPLETE")

void reply_with_(struct actor *callee, uint32_t flags, const struct payload *payload);
void round_trip_(struct actor *caller, uint32_t handle, struct actor *callee);
void free_buffer_(struct actor *actor);
void free_at_(struct actor *actor, uint64_t buffer);
/* Replies to the last call that it read, and reads that it did. */
#define reply_with(a, flags, payload) STEP(reply_with_(a, flags, payload))
/* A whole call and its answer, both empty; both free their buffers. */
#define round_trip(a, handle, b) STEP(round_trip_(a, handle, b))
/* Frees the buffer of the last transaction or reply that it read. */
#define free_buffer(a) STEP(free_buffer_(a))
#define free_at(a, buffer) STEP(free_at_(a, buffer))

/* ---- objects --------------------------------------------------------------------------- */

struct flat_binder_object local_object(uint32_t type, uint64_t ptr, uint64_t cookie);
struct flat_binder_object handle_object(uint32_t type, uint32_t handle);
struct flat_binder_object file_object(int fd); /* laid out as struct binder_fd_object */

uint32_t give_object_(struct actor *from, uint64_t ptr);
uint32_t fetch_(struct actor *to, struct flat_binder_object object);
uint32_t fetch_from_(struct actor *to, struct actor *owner, uint64_t ptr);
/* Object (ptr, ptr + 1) of @from's goes to the manager, one-way: the handle there, held once. */
#define give_object(from, ptr) STEP(give_object_(from, ptr))
/*
 * @to calls the manager, which answers with this object; @to holds the handle
 * that it becomes once, strongly or weakly by its type.
 */
#define fetch(to, object) STEP(fetch_(to, object))
/* The same with an object of another process, by way of the manager. */
#define fetch_from(to, owner, ptr) STEP(fetch_from_(to, owner, ptr))

/* ---- payloads: in memory that all actors have ---------------------------------------------- */

struct payload *payload_new(void); /* one word, and no object */
/* Adds an object; its index. */
uint64_t payload_add(struct payload *payload, const void *object, size_t size);
struct payload *payload_text(const char *text);
struct payload *payload_bytes(size_t size);
struct payload *payload_object(struct flat_binder_object object);
struct payload *payload_objects(const struct flat_binder_object *objects, size_t count);

/* ---- what was received ------------------------------------------------------------------------ */

static inline uint64_t buffer_of(const struct actor *actor)
{
	return actor->news.tr.data.ptr.buffer;
}
#define code_of(a) ((a)->news.tr.code)
#define cookie_of(a) ((a)->news.cookie)
/* Copies. */
const char *text_of(struct actor *actor);
const void *object_at(struct actor *actor, unsigned index, size_t size);
#define object_of(a, index) \
	((const struct flat_binder_object *)object_at(a, index, sizeof(struct flat_binder_object)))
void check_text(const char *file, int line, const char *found, const char *expected);
#define is_text(found, expected) check_text(__FILE__, __LINE__, found, expected)

/* ---- what a driver has ---------------------------------------------------------------------------- */

/* Linux 6.12 and later.  Asks the driver through the scene's client. */
bool has_freeze_notifications(void);
void need_freeze_notifications(void);
void need_root(void);

/* Do the rules of this version hold, or of a later one?  See linux_release in check.h. */
bool linux_since(int major, int minor);
/* For rules that changed: those of this version and later, and those of earlier ones. */
void need_linux(int major, int minor);
void need_linux_before(int major, int minor);

#endif
