/* SPDX-License-Identifier: MIT */
/*
 * transact.c: calls an object and waits for its reply.
 *
 * Called by the NDK face and the service-manager client; while it waits, what
 * comes to this thread goes to serve.c.
 */
#include "transact.h"

#include <errno.h>
#include <string.h>

#include "driver/deadline.h"
#include "base/error.h"
#include "hidl_base.h"
#include "proxy.h"
#include "serve.h"

binder_status_t request_new(AIBinder *binder, const char *descriptor, AParcel **ret)
{
	AParcel *in = parcel_new(binder_connection(binder));
	binder_status_t status = STATUS_OK;

	if (!in)
		return error_say(STATUS_NO_MEMORY, "no memory for a request");
	in->target = binder;
	if (descriptor)
		status = parcel_write_token(in, parcel_profile(in), descriptor);
	if (status) {
		parcel_delete(in);
		return status;
	}
	*ret = in;
	return STATUS_OK;
}

static binder_status_t transact_local(AIBinder *binder, uint32_t code, AParcel *in, AParcel **ret)
{
	AParcel *out = parcel_new(NULL);
	binder_status_t status;

	if (!out)
		return error_say(STATUS_NO_MEMORY, "no memory for a reply");
	status = local_transact(binder, code, in, out);
	if (status) {
		parcel_delete(out);
		return status;
	}
	out->pos = 0;
	*ret = out;
	return STATUS_OK;
}

/* ---- why it failed ------------------------------------------------------- */

static binder_status_t say_failed(struct thread *t, struct proxy *proxy, const AParcel *in)
{
	struct binder_extended_error ee = { 0 };
	int err = thread_ioctl(t, BINDER_GET_EXTENDED_ERROR, &ee) < 0 ? 0 : ee.param;

	const struct ABinderError facts = {
		.status = STATUS_FAILED_TRANSACTION,
		.phase = ABINDER_PHASE_SEND,
		.driver = err,
	};

	switch (err) {
	case -ENOSPC:
		return error_report(&facts,
				    "the receiver's buffer has no room for %zu bytes (or its reply "
				    "had none here): send less at once, or wait until it has read "
				    "what it has",
				    in->size);
	case -EPERM:
		return error_report(&facts,
				    "the driver refused the call: descriptors are not accepted "
				    "there, or a policy forbids it");
	case -EBADF:
		return error_report(&facts, "a file descriptor was not open");
	case -EPROTO:
		return error_report(&facts,
				    "the driver refused the call: this thread waits for another "
				    "reply");
	case -EINVAL:
		return error_report(&facts, "the driver refused the call: %s",
				    proxy->handle ? "a binder or descriptor in it is not valid" :
						    "a binder or descriptor in it is not valid, or "
						    "the service manager called itself");
	}
	if (err)
		return error_report(&facts, "the driver refused the call: %s", error_reason(err));
	return error_report(&facts, "the driver refused the call or its reply");
}

static binder_status_t say_dead(struct thread *t, struct proxy *proxy)
{
	struct ABinderError facts = {
		.status = STATUS_DEAD_OBJECT,
		.phase = ABINDER_PHASE_SEND,
	};
	struct binder_extended_error ee = { 0 };

	if (thread_ioctl(t, BINDER_GET_EXTENDED_ERROR, &ee) < 0)
		ee.param = 0;
	facts.driver = ee.param;
	proxy_died(proxy);
	if (!proxy->handle) {
		facts.phase = ABINDER_PHASE_MANAGER;
		facts.path = proxy->conn->path;
		return error_report(&facts,
				    "nobody is the service manager of %s: start one (`binderctl "
				    "up`, or servicemanager)",
				    proxy->conn->path);
	}
	return error_report(&facts, "the object's process is gone");
}

static binder_status_t say_talk(struct thread *t, int err)
{
	binder_status_t status = connection_check(t->conn);

	const struct ABinderError facts = {
		.status = error_status(err),
		.phase = ABINDER_PHASE_SEND,
		.driver = err,
		.path = t->conn->path,
	};

	error_set_driver(err);
	if (status)
		return status;
	return error_report(&facts, "the driver at %s failed: %s", t->conn->path,
			    error_reason(err));
}

/* ---- waiting ------------------------------------------------------------- */

/* reply is an empty one. */
static binder_status_t take_reply(struct thread *t, const struct binder_transaction_data *tr,
				  AParcel *reply)
{
	binder_status_t status = parcel_init_received(reply, t->conn, tr);
	int32_t code = STATUS_UNKNOWN_ERROR;
	const void *at;

	if (status)
		return status;
	reply->embedded = false;
	if (!(tr->flags & TF_STATUS_CODE))
		return STATUS_OK;
	if (!parcel_read(reply, sizeof(code), &at))
		memcpy(&code, at, sizeof(code));
	parcel_clear(reply);
	if (code)
		return error_report(
			&(struct ABinderError){ .status = code, .phase = ABINDER_PHASE_ANSWER },
			"the service answered with status %s (%d)", ABinder_statusName(code), code);
	reply->conn = connection_ref(t->conn);
	return STATUS_OK;
}

struct call {
	struct thread *thread;
	struct proxy *proxy;
	const AParcel *in;
	/* Made before anything is sent: what has been carried out must not fail for want of it. */
	AParcel *reply;
	bool oneway;
	bool timed_out, interrupted;
	bool unsent;       /* the driver has not seen it, and will not */
	uint64_t deadline; /* 0: none */
};

static int talk(struct call *call)
{
	if (thread_interrupted(call->thread))
		return -EINTR;
	return thread_talk(call->thread, call->oneway ? TALK_ANSWER : TALK_READ_MORE,
			   call->deadline);
}

static binder_status_t wait_for_reply(struct call *call)
{
	struct thread *t = call->thread;
	struct stream_command command;
	int r;

	for (;;) {
		if (stream_in_empty(&t->in)) {
			r = talk(call);
			if (r == -EINTR) {
				call->interrupted = true;
				return STATUS_INTERRUPTED;
			}
			if (r == -ETIMEDOUT && !call->oneway) {
				call->timed_out = true;
				return STATUS_TIMED_OUT;
			}
			if (r)
				return say_talk(t, r);
		}
		r = stream_next(&t->in, &command);
		if (r < 0)
			return error_say(STATUS_UNKNOWN_ERROR, "the driver sent garbage");
		if (r == 0) {
			if (atomic_load_explicit(&t->conn->closed, memory_order_acquire))
				return connection_check(t->conn);
			continue;
		}
		switch (command.cmd) {
		case BR_REPLY:
			if (call->oneway)
				break;
			return take_reply(t, &command.transaction, call->reply);
		case BR_TRANSACTION_COMPLETE:
		case BR_ONEWAY_SPAM_SUSPECT:
		case UAPI_BR_TRANSACTION_PENDING_FROZEN:
			if (!call->oneway)
				break;
			call->reply->conn = connection_ref(t->conn);
			return STATUS_OK;
		case BR_FAILED_REPLY:
			return say_failed(t, call->proxy, call->in);
		case BR_FROZEN_REPLY:
			return error_report(
				&(struct ABinderError){ .status = STATUS_FAILED_TRANSACTION,
							.phase = ABINDER_PHASE_SEND,
							.driver = -EAGAIN },
				"the object's process is frozen");
		case BR_DEAD_REPLY:
			return say_dead(t, call->proxy);
		default:
			serve_command(t, &command);
			break;
		}
	}
}

/* ---- calling ------------------------------------------------------------- */

static binder_status_t check_call(struct proxy *proxy, const AParcel *in)
{
	binder_status_t status = connection_check(proxy->conn);

	if (status)
		return status;
	if (atomic_load_explicit(&proxy->dead, memory_order_acquire))
		return error_report(&(struct ABinderError){ .status = STATUS_DEAD_OBJECT,
							    .phase = ABINDER_PHASE_SEND },
				    "the object's process is gone");
	if (in->conn && in->conn != proxy->conn && in->object_count)
		return error_say(STATUS_INVALID_OPERATION,
				 "the request holds binders of %s, the object is on %s",
				 in->conn->path, proxy->conn->path);
	return STATUS_OK;
}

static binder_status_t transact_remote(struct call *call, uint32_t code, uint32_t flags)
{
	const AParcel *in = call->in;
	struct thread *t = call->thread;
	struct binder_transaction_data tr = {
		.target.handle = call->proxy->handle,
		.code = code,
		.flags = flags | TF_ACCEPT_FDS,
		.data_size = in->size,
		.offsets_size = in->object_count * sizeof(uint64_t),
		.data.ptr.buffer = (uintptr_t)in->data,
		.data.ptr.offsets = (uintptr_t)in->offsets,
	};
	binder_status_t status;

	call->reply = parcel_new(NULL);
	if (!call->reply)
		return error_say(STATUS_NO_MEMORY, "no memory for a reply");
	if (stream_put_transaction(&t->out, &tr, in->buffers_size, false))
		return error_say(STATUS_NO_MEMORY, "no memory for a command");
	error_set_driver(0);
	status = wait_for_reply(call);
	if (status)
		call->unsent = stream_take_back_transaction(&t->out, &tr, in->buffers_size);
	return status;
}

struct helper {
	AIBinder *binder;
	uint32_t code, flags;
	AParcel **in, **ret;
	int timeout_ms;
	binder_status_t status;
	struct error error;
};

static void *help(void *arg)
{
	struct helper *helper = arg;

	helper->status = transact(helper->binder, helper->code, helper->in, helper->ret,
				  helper->flags, helper->timeout_ms);
	error_save(&helper->error);
	return NULL;
}

/*
 * To give a call up, the driver has to forget the thread that made it.  One
 * that serves would lose its caller with that, so another makes the call.
 */
static binder_status_t transact_by_helper(AIBinder *binder, uint32_t code, AParcel **in,
					  AParcel **ret, uint32_t flags, int timeout_ms)
{
	struct helper helper = {
		.binder = binder,
		.code = code,
		.flags = flags,
		.in = in,
		.ret = ret,
		.timeout_ms = timeout_ms,
	};
	pthread_t thread;
	int r = pthread_create(&thread, NULL, help, &helper);

	if (r) {
		parcel_delete(*in);
		*in = NULL;
		return error_say(STATUS_NO_MEMORY, "no thread for a call with a time limit");
	}
	pthread_join(thread, NULL);
	error_restore(&helper.error);
	return helper.status;
}

/*
 * The thread goes, and with it word of references that the driver has taken to
 * objects of ours in the request: they stay for good, as nobody can tell any
 * more when they are done with.
 */
static void leave(const struct call *call)
{
	const AParcel *in = call->in;

	for (size_t i = 0; !in->received && i < in->object_count; i++) {
		AIBinder *binder = in->holds[i].binder;

		if (binder && !binder_is_proxy(binder))
			AIBinder_incStrong(binder);
	}
	thread_leave(call->thread);
}

static binder_status_t give_up(struct call *call, uint32_t code, uint64_t began)
{
	const char *what = code == CODE_INTERFACE ? "no answer to the question for the interface" :
						    "no reply";
	bool ping = code == CODE_PING || code == HIDL_PING;
	struct ABinderError facts = {
		.status = call->interrupted ? STATUS_INTERRUPTED : STATUS_TIMED_OUT,
		.phase = ABINDER_PHASE_WAIT,
		/* Questions change nothing, whenever they are answered. */
		.may_run = !call->unsent && code != CODE_INTERFACE && !ping,
	};
	const char *given_up = "";
	const char *rest = facts.may_run ? "; the service may still carry it out" : "";

	if (!call->unsent)
		leave(call);
	if (atomic_load(&call->thread->conn->hung))
		return connection_check(call->thread->conn);
	facts.waited_ms = (deadline_now() - began) / 1000000;
	if (call->interrupted)
		return error_report(&facts, "the call was interrupted%s", rest);
	/* Nobody minds whether a ping still arrives. */
	if (!ping)
		given_up = ": the call was given up";
	if (!facts.waited_ms)
		return error_report(&facts, "%s at once%s%s", what, given_up, rest);
	return error_report(&facts, "%s within %llu ms%s%s", what, facts.waited_ms, given_up, rest);
}

/* What serving on the way left over would wait for ever in a thread that does not serve. */
static void settle(struct thread *t)
{
	if (t->looper || t->depth)
		return;
	thread_flush(t);
	thread_run_releases(t);
}

binder_status_t transact(AIBinder *binder, uint32_t code, AParcel **in, AParcel **ret,
			 uint32_t flags, int timeout_ms)
{
	AParcel *request = *in;
	struct call call = { .in = request, .oneway = flags & FLAG_ONEWAY };
	uint64_t began, outer;
	binder_status_t status;

	if (request->sensitive)
		flags |= FLAG_CLEAR_BUF;
	if (!binder_is_proxy(binder)) {
		status = transact_local(binder, code, request, ret);
		goto out;
	}
	call.proxy = proxy_of(binder);
	status = check_call(call.proxy, request);
	if (status)
		goto out;
	call.thread = thread_get(call.proxy->conn);
	if (!call.thread) {
		status = error_say(STATUS_NO_MEMORY, "no memory for a thread");
		goto out;
	}
	call.deadline =
		deadline_earlier(deadline_in(timeout_ms), atomic_load(&call.proxy->conn->deadline));
	if (call.deadline && !call.oneway && (call.thread->looper || call.thread->depth))
		return transact_by_helper(binder, code, in, ret, flags, timeout_ms);
	outer = call.thread->deadline;
	call.thread->deadline = call.deadline;
	began = call.deadline ? deadline_now() : 0;
	status = transact_remote(&call, code, flags);
	if (call.timed_out || call.interrupted)
		status = give_up(&call, code, began);
	call.thread->deadline = outer;
	settle(call.thread);
	if (status)
		parcel_delete(call.reply);
	else
		*ret = call.reply;
out:
	parcel_delete(request);
	*in = NULL;
	return status;
}
