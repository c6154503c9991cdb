/* SPDX-License-Identifier: MIT */
/*
 * serve.c: carries out what the driver sends to a thread.
 *
 * Called by looper.c and transact.c; hands calls on to local.c, deaths to
 * death.c.
 *
 * A reply is queued only: the thread's next wait sends it, in one call of the
 * driver.  Until then t->reply holds its bytes.  One that is large, or brings
 * objects whose references the driver has yet to take over, goes at once.
 */
#include "serve.h"

#include <stdlib.h>
#include <string.h>

#include "death.h"
#include "frozen.h"
#include "base/error.h"
#include "local.h"

/* A thread that waits for its next call must not keep more than this. */
#define REPLY_KEPT_MAX 16384

static void reply_done(struct thread *t, AParcel *reply)
{
	parcel_clear(reply);
	if (t->spare)
		free(reply);
	else
		t->spare = reply;
}

static void reply_sent(struct thread *t)
{
	AParcel *reply = t->reply;

	t->reply = NULL;
	reply_done(t, reply);
}

static void reply_free(struct thread *t)
{
	if (t->reply)
		reply_sent(t);
	free(t->spare);
	t->spare = NULL;
}

__attribute__((constructor)) static void know_replies(void)
{
	thread_reply_sent = reply_sent;
	thread_reply_free = reply_free;
}

static AParcel *reply_new(struct thread *t)
{
	AParcel *reply = t->spare;

	t->spare = NULL;
	if (!reply) {
		reply = malloc(sizeof(*reply));
		if (!reply)
			return NULL;
	}
	parcel_init(reply, t->conn);
	return reply;
}

/* Sends it, and waits for the driver's word that it has been taken over. */
static void reply_now(struct thread *t)
{
	while (t->out.size || stream_in_empty(&t->in)) {
		struct stream_command command;

		if (thread_talk(t, TALK_ANSWER, thread_deadline(t)))
			return;
		while (stream_next(&t->in, &command) > 0) {
			switch (command.cmd) {
			case BR_TRANSACTION_COMPLETE:
			case BR_FAILED_REPLY:
			case BR_DEAD_REPLY:
				return;
			default:
				serve_command(t, &command);
				break;
			}
		}
	}
}

static void queue_reply(struct thread *t, AParcel *reply, binder_status_t status, uint32_t flags)
{
	struct binder_transaction_data tr = { .flags = flags & FLAG_CLEAR_BUF };
	size_t buffers_size = 0;
	bool now = false;

	/* Only a driver that breaks its own rules lets one wait behind another. */
	if (t->reply)
		thread_flush(t);
	if (status || !reply) {
		t->status_word = status ? status : STATUS_NO_MEMORY;
		tr.flags |= TF_STATUS_CODE;
		tr.data_size = sizeof(t->status_word);
		tr.data.ptr.buffer = (uintptr_t)&t->status_word;
	} else {
		if (reply->sensitive)
			tr.flags |= FLAG_CLEAR_BUF;
		tr.data_size = reply->size;
		tr.data.ptr.buffer = (uintptr_t)reply->data;
		tr.offsets_size = reply->object_count * sizeof(uint64_t);
		tr.data.ptr.offsets = (uintptr_t)reply->offsets;
		buffers_size = reply->buffers_size;
		now = reply->object_count || reply->size > REPLY_KEPT_MAX;
	}
	t->reply = reply;
	thread_reserve(t);
	if (stream_put_transaction(&t->out, &tr, buffers_size, true) || !now)
		return;
	/* Its objects have to live until the driver's BR_ACQUIRE has been carried out, which
	 * comes with the answer to this reply: later than thread_talk() would let go of it. */
	t->reply = NULL;
	reply_now(t);
	reply_done(t, reply);
}

static binder_status_t dispatch(struct thread *t, const struct binder_transaction_data *tr,
				const char *sid, AIBinder *object, const AParcel *in, AParcel *out)
{
	struct serving serving = {
		.conn = t->conn,
		.pid = tr->sender_pid,
		.uid = tr->sender_euid,
		.flags = tr->flags,
		.sid = sid,
		.outer = thread_serving(),
	};
	binder_status_t status;

	thread_set_serving(&serving);
	t->depth++;
	status = local_transact(object, tr->code, in, out);
	t->depth--;
	thread_set_serving(serving.outer);
	return status;
}

/* The caller's label, which lies in the receive buffer, or NULL. */
static const char *label_of(const struct thread *t,
			    const struct binder_transaction_data_secctx *secctx)
{
	uintptr_t map = (uintptr_t)t->conn->map;
	uint64_t at = secctx->secctx;

	if (at < map || at - map >= t->conn->map_size ||
	    !memchr((const void *)(uintptr_t)at, 0, t->conn->map_size - (at - map)))
		return NULL;
	return (const char *)(uintptr_t)at;
}

static void serve_transaction(struct thread *t, const struct binder_transaction_data *tr,
			      const char *sid)
{
	AIBinder *object = (AIBinder *)(uintptr_t)tr->cookie;
	bool oneway = tr->flags & TF_ONE_WAY;
	AParcel in, unused, *reply = NULL;
	binder_status_t status;
	bool held = false;

	status = parcel_init_received(&in, t->conn, tr);
	if (status) {
		stream_put_u64(&t->out, BC_FREE_BUFFER, tr->data.ptr.buffer);
		goto reply;
	}
	/* Handle 0 set without an object of its own comes with neither address nor cookie. */
	if (!tr->target.ptr) {
		pthread_mutex_lock(&t->conn->lock);
		object = t->conn->manager;
		pthread_mutex_unlock(&t->conn->lock);
	}
	reply = reply_new(t);
	/* Who sends one-way is not told that there was no memory for a reply that nobody reads. */
	if (!reply && oneway) {
		parcel_init(&unused, t->conn);
		reply = &unused;
	}
	if (!reply)
		status = STATUS_NO_MEMORY;
	else if (object && (held = binder_try_strong(object)))
		status = dispatch(t, tr, sid, object, &in, reply);
	else
		status = STATUS_DEAD_OBJECT;
	parcel_clear(&in);
	if (held)
		AIBinder_decStrong(object);
reply:
	if (!oneway) {
		queue_reply(t, reply, status, tr->flags);
	} else if (reply == &unused) {
		parcel_clear(reply);
	} else if (reply) {
		t->reply = reply;
		reply_sent(t);
	}
}

void serve_command(struct thread *t, const struct stream_command *command)
{
	AIBinder *object = (AIBinder *)(uintptr_t)command->ptr_cookie.cookie;

	thread_reserve(t);
	switch (command->cmd) {
	case BR_TRANSACTION:
		serve_transaction(t, &command->transaction, NULL);
		break;
	case BR_TRANSACTION_SEC_CTX:
		serve_transaction(t, &command->secctx.transaction_data,
				  label_of(t, &command->secctx));
		break;
	case BR_INCREFS:
		binder_inc_weak(object);
		stream_put_ptr_cookie(&t->out, BC_INCREFS_DONE, command->ptr_cookie.ptr,
				      command->ptr_cookie.cookie);
		break;
	case BR_ACQUIRE:
		AIBinder_incStrong(object);
		stream_put_ptr_cookie(&t->out, BC_ACQUIRE_DONE, command->ptr_cookie.ptr,
				      command->ptr_cookie.cookie);
		break;
	case BR_RELEASE:
		thread_defer_release(t, object);
		break;
	case BR_DECREFS:
		binder_dec_weak(object);
		break;
	case BR_DEAD_BINDER:
		death_deliver(t, command->cookie);
		break;
	case UAPI_BR_FROZEN_BINDER:
		frozen_deliver(t, &command->frozen);
		break;
	case BR_SPAWN_LOOPER:
		if (t->conn->spawn)
			t->conn->spawn(t->conn);
		break;
	default:
		/* Acknowledgements, and what nobody here asked for. */
		break;
	}
}
