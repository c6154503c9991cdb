/* SPDX-License-Identifier: MIT */
/* worker.c: calls, serves, holds, lets go, freezes, and now and then just ends; see worker.h. */
#include "worker.h"

#include <stdlib.h>

#define STEPS_A_VIEW 20

static unsigned pick(struct worker *w, unsigned below)
{
	return (unsigned)rand_r(&w->seed) % below;
}

static void bc(struct worker *w, u32 command, const void *data, size_t size)
{
	if (w->out_size + sizeof(command) + size > sizeof(w->out))
		return;
	memcpy(w->out + w->out_size, &command, sizeof(command));
	if (size)
		memcpy(w->out + w->out_size + sizeof(command), data, size);
	w->out_size += sizeof(command) + size;
}

static void flush(struct worker *w)
{
	u64 done = 0;

	binder_thread_write(w->thread, (uintptr_t)w->out, w->out_size, &done);
	w->out_size = 0;
}

static void enter(struct worker *w)
{
	w->home = home_thread_new();
	w->thread = binder_thread_get(w->proc, w->tid, w->home);
	bc(w, BC_ENTER_LOOPER, NULL, 0);
	flush(w);
	binder_thread_ioctl_done(w->thread);
	w->calls = 0;
}

static void leave_and_return(struct worker *w)
{
	binder_thread_exit(w->thread);
	enter(w);
}

/* ---- sending ---------------------------------------------------------------------- */

#define OBJECTS 150 /* more than the core translates without letting others in */

struct parcel {
	struct flat_binder_object object[OBJECTS];
	char text[200];
	u64 offsets[OBJECTS];
};

static struct flat_binder_object random_object(struct worker *w)
{
	struct flat_binder_object object = { .flags = 0x7f | FLAT_BINDER_FLAG_ACCEPTS_FDS };
	static const u32 types[] = { BINDER_TYPE_BINDER, BINDER_TYPE_WEAK_BINDER,
				     BINDER_TYPE_HANDLE, BINDER_TYPE_WEAK_HANDLE };
	u32 type = types[pick(w, 4)];

	if (pick(w, 8) == 0) {
		struct binder_fd_object file = { .hdr.type = BINDER_TYPE_FD, .fd = pick(w, 65) };

		memcpy(&object, &file, sizeof(object));
		return object;
	}
	object.hdr.type = type;
	if (type == BINDER_TYPE_BINDER || type == BINDER_TYPE_WEAK_BINDER)
		object.binder = object.cookie = 0x1000 + 16 * pick(w, 6);
	else
		object.handle = w->handle[pick(w, HANDLES)];
	return object;
}

static void transaction(struct worker *w, u32 command, u32 handle, u32 flags)
{
	struct parcel parcel;
	struct binder_transaction_data tr = { .target.handle = handle,
					      .flags = flags,
					      .data.ptr.buffer = (uintptr_t)&parcel,
					      .data.ptr.offsets = (uintptr_t)parcel.offsets };
	unsigned objects = pick(w, 20) ? pick(w, 3) : pick(w, OBJECTS), i;

	memset(&parcel, 0, sizeof(parcel));
	for (i = 0; i < objects; i++) {
		parcel.object[i] = random_object(w);
		if (objects > 2 && (parcel.object[i].hdr.type == BINDER_TYPE_HANDLE ||
				    parcel.object[i].hdr.type == BINDER_TYPE_WEAK_HANDLE))
			parcel.object[i] = parcel.object[0]; /* likelier to be right as a whole */
		parcel.offsets[i] = i * sizeof(parcel.object[0]);
	}
	tr.offsets_size = 8 * objects;
	tr.data_size = objects * sizeof(parcel.object[0]) + pick(w, sizeof(parcel.text));
	if (pick(w, 50) == 0)
		tr.data.ptr.buffer = 8; /* unreadable */
	bc(w, command, &tr, sizeof(tr));
	flush(w);
}

/* ---- reading ------------------------------------------------------------------------ */

static void keep_handle(struct worker *w, u32 handle)
{
	u32 *slot = &w->handle[pick(w, HANDLES)];
	struct binder_handle_cookie request = { .handle = handle, .cookie = handle };

	if (*slot) {
		request.handle = request.cookie = *slot;
		bc(w, pick(w, 2) ? BC_CLEAR_DEATH_NOTIFICATION : UAPI_BC_CLEAR_FREEZE_NOTIFICATION,
		   &request, sizeof(request));
		flush(w);
		bc(w, BC_RELEASE, slot, sizeof(*slot));
	}
	*slot = handle;
	bc(w, BC_ACQUIRE, &handle, sizeof(handle));
	request.handle = request.cookie = handle;
	bc(w, BC_REQUEST_DEATH_NOTIFICATION, &request, sizeof(request));
	flush(w);
	bc(w, UAPI_BC_REQUEST_FREEZE_NOTIFICATION, &request, sizeof(request));
	flush(w);
}

static void take_payload(struct worker *w, const struct binder_transaction_data *tr)
{
	const u64 *at = (const u64 *)(uintptr_t)tr->data.ptr.offsets;
	size_t i;

	for (i = 0; i < tr->offsets_size / sizeof(*at); i++) {
		struct flat_binder_object object;

		memcpy(&object, (void *)(uintptr_t)(tr->data.ptr.buffer + at[i]), sizeof(object));
		if (object.hdr.type == BINDER_TYPE_HANDLE && object.handle)
			keep_handle(w, object.handle);
	}
	bc(w, BC_FREE_BUFFER, &tr->data.ptr.buffer, sizeof(tr->data.ptr.buffer));
	flush(w);
}

static void handle_call(struct worker *w, const struct binder_transaction_data *tr)
{
	u32 flags = tr->flags;

	w->handled++;
	take_payload(w, tr);
	if (!(flags & TF_ONE_WAY))
		transaction(w, BC_REPLY, 0, 0);
}

static void take(struct worker *w, u32 command, const u8 *data)
{
	struct binder_transaction_data tr;
	u64 cookie;

	switch (command) {
	case BR_TRANSACTION:
		memcpy(&tr, data, sizeof(tr));
		handle_call(w, &tr);
		break;
	case BR_REPLY:
		memcpy(&tr, data, sizeof(tr));
		take_payload(w, &tr);
		w->replies++;
		w->calls -= !!w->calls;
		break;
	case BR_DEAD_REPLY:
	case BR_FAILED_REPLY:
	case BR_FROZEN_REPLY:
		w->failures++;
		w->calls -= !!w->calls;
		break;
	case BR_INCREFS:
		bc(w, BC_INCREFS_DONE, data, sizeof(struct binder_ptr_cookie));
		break;
	case BR_ACQUIRE:
		bc(w, BC_ACQUIRE_DONE, data, sizeof(struct binder_ptr_cookie));
		break;
	case BR_DEAD_BINDER:
		w->deaths++;
		bc(w, BC_DEAD_BINDER_DONE, data, sizeof(cookie));
		break;
	case UAPI_BR_FROZEN_BINDER:
		bc(w, UAPI_BC_FREEZE_NOTIFICATION_DONE, data, sizeof(cookie));
		break;
	}
	flush(w);
}

static void take_all(struct worker *w, size_t size)
{
	size_t at = 0;
	u32 command;

	while (at + sizeof(command) <= size) {
		memcpy(&command, w->in + at, sizeof(command));
		take(w, command, w->in + at + sizeof(command));
		at += sizeof(command) + _IOC_SIZE(command);
	}
}

static void read_once(struct worker *w)
{
	u64 got = 0;
	bool nonblock = pick(w, 8) == 0;
	int r;

	for (;;) {
		r = binder_thread_read(w->thread, (uintptr_t)w->in, sizeof(w->in), &got, nonblock);
		if (r != -EAGAIN || nonblock || !home_wait(w->home))
			break;
	}
	if (r == -EAGAIN) {
		binder_thread_stop_waiting(w->thread);
		w->patience -= !!w->patience;
	}
	binder_thread_ioctl_done(w->thread);
	if (!r)
		take_all(w, got);
}

static void wait_for_reply(struct worker *w)
{
	w->patience = 10;
	while (w->calls && w->patience)
		read_once(w);
	if (w->calls)
		leave_and_return(w); /* everybody waits for everybody */
}

/* ---- the rest --------------------------------------------------------------------------- */

static void freeze(struct worker *w)
{
	struct binder_freeze_info info = { .pid = 100 + pick(w, 4),
					   .enable = 1,
					   .timeout_ms = pick(w, 2) };
	int r = binder_thread_ioctl(w->thread, BINDER_FREEZE, (uintptr_t)&info);

	if (r == -EINPROGRESS && home_wait(w->home))
		r = binder_thread_ioctl(w->thread, BINDER_FREEZE, (uintptr_t)&info);
	if (r == -EINPROGRESS && pick(w, 4))
		binder_thread_freeze_end(w->thread, pick(w, 2));
	else if (r == -EINPROGRESS)
		leave_and_return(w);
	info.enable = 0;
	binder_thread_ioctl(w->thread, BINDER_FREEZE, (uintptr_t)&info);
	binder_thread_ioctl_done(w->thread);
}

static void step(struct worker *w)
{
	u32 handle = w->handle[pick(w, HANDLES)];

	switch (pick(w, 40)) {
	case 0:
		leave_and_return(w);
		break;
	case 1:
		freeze(w);
		break;
	case 2:
		binder_thread_poll(w->thread);
		break;
	case 3:
		binder_proc_flush(w->proc);
		break;
	case 4 ... 15:
		transaction(w, BC_TRANSACTION, handle,
			    TF_ONE_WAY | (pick(w, 2) ? TF_UPDATE_TXN : TF_CLEAR_BUF));
		break;
	case 16 ... 30:
		w->calls++;
		transaction(w, BC_TRANSACTION, handle, TF_ACCEPT_FDS);
		wait_for_reply(w);
		break;
	default:
		read_once(w);
	}
}

void worker_run(struct worker *w, unsigned steps, const bool *stop)
{
	enter(w);
	if (steps)
		while (steps--) {
			step(w);
			if (steps % STEPS_A_VIEW == 0)
				sem_post(w->show);
		}
	else
		while (!__atomic_load_n(stop, __ATOMIC_ACQUIRE))
			read_once(w);
	/* Everything else goes with the process. */
}
