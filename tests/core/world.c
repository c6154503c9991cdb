/* SPDX-License-Identifier: MIT */
/*
 * world.c: processes, threads and their ioctls for tests of the core; see
 * world.h.
 */
#include "world.h"

#include <stdio.h>

static void step_done(struct world *world)
{
	EXPECT(binder_context_check(world->ctx));
}

/* ---- setting up ------------------------------------------------------------ */

struct world *world_new(void)
{
	struct world *world = calloc(1, sizeof(*world));

	world->ctx = binder_context_new("test");
	world->account.limit = UINT64_MAX;
	return world;
}

static void process_free(struct process *process)
{
	struct thread *thread;

	while ((thread = process->threads)) {
		process->threads = thread->next;
		ck_assert(thread->home->gone);
		free(thread->home);
		free(thread);
	}
	free(process->home->memory);
	free(process->home);
	free(process);
}

void world_free(struct world *world)
{
	struct binder_counts counts;
	struct process *process;

	while (world->processes)
		process_close(world->processes);
	while ((process = world->released)) {
		world->released = process->next;
		ck_assert(process->home->gone);
		process_free(process);
	}
	counts = world_counts(world);
	ck_assert_uint_eq(counts.nodes, 0);
	ck_assert_uint_eq(counts.refs, 0);
	ck_assert_uint_eq(counts.transactions, 0);
	ck_assert_uint_eq(world->account.used, 0);
	binder_context_free(world->ctx);
	free(world);
}

struct process *process_open(struct world *world, s32 pid, size_t map_size)
{
	struct process *process = calloc(1, sizeof(*process));
	struct binder_identity who = { .pid = pid,
				       .euid = (u32)pid % 10,
				       .account = &world->account };

	process->world = world;
	process->home = calloc(1, sizeof(*process->home));
	process->home->pid = pid;
	process->proc = binder_proc_open(world->ctx, &who, process->home);
	ck_assert_ptr_nonnull(process->proc);
	if (map_size) {
		process->home->memory = malloc(map_size);
		memset(process->home->memory, 0xa5, map_size);
		process->home->size = map_size;
		ck_assert_int_eq(binder_proc_mmap(process->proc, (uintptr_t)process->home->memory,
						  map_size),
				 0);
	}
	process->next = world->processes;
	world->processes = process;
	return process;
}

void process_close(struct process *process)
{
	struct process **link = &process->world->processes;

	while (*link != process)
		link = &(*link)->next;
	*link = process->next;
	binder_proc_release(process->proc);
	step_done(process->world);
	if (process->home->gone) {
		process_free(process);
		return;
	}
	process->next = process->world->released;
	process->world->released = process;
}

struct thread *thread_new_unused(struct process *process, s32 tid)
{
	struct thread *thread = calloc(1, sizeof(*thread));

	thread->process = process;
	thread->home = calloc(1, sizeof(*thread->home));
	thread->home->tid = tid;
	thread->home->next_fd = 1000;
	thread->thread = binder_thread_get(process->proc, tid, thread->home);
	ck_assert_ptr_nonnull(thread->thread);
	thread->next = process->threads;
	process->threads = thread;
	return thread;
}

struct thread *thread_new(struct process *process, s32 tid)
{
	struct thread *thread = thread_new_unused(process, tid);

	binder_thread_ioctl_done(thread->thread); /* BINDER_VERSION, as it were */
	return thread;
}

void thread_exit(struct thread *thread)
{
	struct thread **link = &thread->process->threads;

	while (*link != thread)
		link = &(*link)->next;
	*link = thread->next;
	binder_thread_exit(thread->thread);
	step_done(thread->process->world);
	ck_assert(thread->home->gone);
	free(thread->home);
	free(thread);
}

struct thread *looper_new(struct world *world, s32 pid)
{
	struct thread *thread = thread_new(process_open(world, pid, 128 << 10), pid);

	bc(thread, BC_ENTER_LOOPER);
	expect_write(thread);
	return thread;
}

struct thread *manager_new(struct world *world, s32 pid)
{
	struct thread *thread = looper_new(world, pid);
	struct flat_binder_object object = { .flags = 0x7f | FLAT_BINDER_FLAG_ACCEPTS_FDS };

	ck_assert_int_eq(binder_thread_ioctl(thread->thread, BINDER_SET_CONTEXT_MGR_EXT,
					     (uintptr_t)&object),
			 0);
	return thread;
}

/* ---- commands ------------------------------------------------------------------ */

static void gather(struct thread *thread, const void *data, size_t size)
{
	EXPECT(thread->out_size + size <= sizeof(thread->out));
	memcpy(thread->out + thread->out_size, data, size);
	thread->out_size += size;
}

void bc_raw(struct thread *thread, const void *data, size_t size)
{
	gather(thread, data, size);
}

void bc(struct thread *thread, u32 command)
{
	gather(thread, &command, sizeof(command));
}

void bc_u32(struct thread *thread, u32 command, u32 value)
{
	bc(thread, command);
	gather(thread, &value, sizeof(value));
}

void bc_u64(struct thread *thread, u32 command, u64 value)
{
	bc(thread, command);
	gather(thread, &value, sizeof(value));
}

void bc_node(struct thread *thread, u32 command, u64 ptr, u64 cookie)
{
	struct binder_ptr_cookie node = { .ptr = ptr, .cookie = cookie };

	bc(thread, command);
	gather(thread, &node, sizeof(node));
}

void bc_handle_cookie(struct thread *thread, u32 command, u32 handle, u64 cookie)
{
	struct binder_handle_cookie data = { .handle = handle, .cookie = cookie };

	bc(thread, command);
	gather(thread, &data, sizeof(data));
}

void bc_transaction_data(struct thread *thread, u32 command, struct binder_transaction_data *tr)
{
	bc(thread, command);
	gather(thread, tr, sizeof(*tr));
}

void bc_transaction_sg(struct thread *thread, u32 command, struct binder_transaction_data *tr,
		       u64 buffers_size)
{
	struct binder_transaction_data_sg sg = { .transaction_data = *tr,
						 .buffers_size = buffers_size };

	bc(thread, command);
	gather(thread, &sg, sizeof(sg));
}

static struct binder_transaction_data describe(u32 flags, const struct payload *payload)
{
	struct binder_transaction_data tr = { .flags = flags };

	if (payload) {
		tr.data_size = payload->size;
		tr.offsets_size = payload->offsets_size;
		tr.data.ptr.buffer = (uintptr_t)payload->data;
		tr.data.ptr.offsets = (uintptr_t)payload->offsets;
	}
	return tr;
}

void bc_call(struct thread *thread, u32 handle, u32 code, u32 flags, const struct payload *payload)
{
	struct binder_transaction_data tr = describe(flags, payload);

	tr.target.handle = handle;
	tr.code = code;
	bc_transaction_data(thread, BC_TRANSACTION, &tr);
}

void bc_reply(struct thread *thread, u32 flags, const struct payload *payload)
{
	struct binder_transaction_data tr = describe(flags, payload);

	bc_transaction_data(thread, BC_REPLY, &tr);
}

struct payload object_payload(struct flat_binder_object *object)
{
	static const u64 at_zero;

	return (struct payload){ object, sizeof(*object), &at_zero, sizeof(at_zero) };
}

struct flat_binder_object local_object(u32 type, u64 ptr, u64 cookie)
{
	return (struct flat_binder_object){ .hdr.type = type,
					    .flags = 0x7f | FLAT_BINDER_FLAG_ACCEPTS_FDS,
					    .binder = ptr,
					    .cookie = cookie };
}

struct flat_binder_object handle_object(u32 type, u32 handle)
{
	return (struct flat_binder_object){ .hdr.type = type, .handle = handle };
}

struct flat_binder_object fd_object(s32 fd)
{
	struct binder_fd_object object = { .hdr.type = BINDER_TYPE_FD, .fd = (u32)fd };
	struct flat_binder_object flat;

	memcpy(&flat, &object, sizeof(flat));
	return flat;
}

/* ---- ioctls -------------------------------------------------------------------------- */

static int do_write(struct thread *thread)
{
	int r;

	thread->write_consumed = 0;
	r = binder_thread_write(thread->thread, (uintptr_t)thread->out, thread->out_size,
				&thread->write_consumed);
	thread->out_size = 0;
	step_done(thread->process->world);
	return r;
}

static int do_read(struct thread *thread, size_t size, bool nonblock)
{
	int r;

	thread->in_size = 0;
	r = binder_thread_read(thread->thread, (uintptr_t)thread->in, size, &thread->in_size,
			       nonblock);
	step_done(thread->process->world);
	if (r != -EAGAIN && r != -EINPROGRESS)
		binder_thread_ioctl_done(thread->thread);
	return r;
}

int ioctl_write(struct thread *thread)
{
	int r = do_write(thread);

	binder_thread_ioctl_done(thread->thread);
	return r;
}

int ioctl_read(struct thread *thread)
{
	return do_read(thread, sizeof(thread->in), false);
}

int ioctl_read_sized(struct thread *thread, size_t size)
{
	return do_read(thread, size, false);
}

int ioctl_nonblock(struct thread *thread)
{
	return do_read(thread, sizeof(thread->in), true);
}

int ioctl_both(struct thread *thread)
{
	int r = do_write(thread);

	return r ? r : do_read(thread, sizeof(thread->in), false);
}

void give_up_waiting(struct thread *thread)
{
	binder_thread_stop_waiting(thread->thread);
	binder_thread_ioctl_done(thread->thread);
	step_done(thread->process->world);
}

/* ---- what was read --------------------------------------------------------------------- */

static const struct {
	u32 command;
	const char *name;
} names[] = {
#define NAME(name) \
	{ \
		BR_##name, #name \
	}
	NAME(ERROR),
	NAME(OK),
	NAME(TRANSACTION_SEC_CTX),
	NAME(TRANSACTION),
	NAME(REPLY),
	NAME(DEAD_REPLY),
	NAME(TRANSACTION_COMPLETE),
	NAME(INCREFS),
	NAME(ACQUIRE),
	NAME(RELEASE),
	NAME(DECREFS),
	NAME(NOOP),
	NAME(SPAWN_LOOPER),
	NAME(DEAD_BINDER),
	NAME(CLEAR_DEATH_NOTIFICATION_DONE),
	NAME(FAILED_REPLY),
	NAME(FROZEN_REPLY),
	NAME(ONEWAY_SPAM_SUSPECT),
#undef NAME
	{ UAPI_BR_TRANSACTION_PENDING_FROZEN, "TRANSACTION_PENDING_FROZEN" },
	{ UAPI_BR_FROZEN_BINDER, "FROZEN_BINDER" },
	{ UAPI_BR_CLEAR_FREEZE_NOTIFICATION_DONE, "CLEAR_FREEZE_NOTIFICATION_DONE" },
};

static void keep(struct thread *thread, u32 command, const u8 *data)
{
	switch (command) {
	case BR_TRANSACTION_SEC_CTX: {
		struct binder_transaction_data_secctx secctx;

		memcpy(&secctx, data, sizeof(secctx));
		thread->tr = secctx.transaction_data;
		thread->secctx = secctx.secctx;
		break;
	}
	case BR_TRANSACTION:
	case BR_REPLY:
		memcpy(&thread->tr, data, sizeof(thread->tr));
		break;
	case BR_INCREFS:
	case BR_ACQUIRE:
	case BR_RELEASE:
	case BR_DECREFS:
		memcpy(&thread->node, data, sizeof(thread->node));
		break;
	case BR_DEAD_BINDER:
	case BR_CLEAR_DEATH_NOTIFICATION_DONE:
	case UAPI_BR_CLEAR_FREEZE_NOTIFICATION_DONE:
		memcpy(&thread->cookie, data, sizeof(thread->cookie));
		break;
	case UAPI_BR_FROZEN_BINDER:
		memcpy(&thread->frozen, data, sizeof(thread->frozen));
		break;
	}
}

const char *commands_read(struct thread *thread)
{
	static char words[1024];
	size_t at = 0, used = 0;

	words[0] = 0;
	while (at + sizeof(u32) <= thread->in_size) {
		const char *name = "?";
		u32 command;
		size_t i;

		memcpy(&command, thread->in + at, sizeof(command));
		for (i = 0; i < ARRAY_SIZE(names); i++)
			if (names[i].command == command)
				name = names[i].name;
		used += (size_t)snprintf(words + used, sizeof(words) - used, "%s%s",
					 used ? " " : "", name);
		keep(thread, command, thread->in + at + sizeof(command));
		at += sizeof(command) + _IOC_SIZE(command);
	}
	return words;
}

struct binder_extended_error extended_error(struct thread *thread)
{
	struct binder_extended_error error;

	ck_assert_int_eq(binder_thread_ioctl(thread->thread, BINDER_GET_EXTENDED_ERROR,
					     (uintptr_t)&error),
			 0);
	return error;
}

const struct flat_binder_object *object_read(struct thread *thread, unsigned index)
{
	const u64 *offsets = (const u64 *)(uintptr_t)thread->tr.data.ptr.offsets;

	ck_assert_uint_lt(index, thread->tr.offsets_size / sizeof(*offsets));
	return (const void *)(uintptr_t)(thread->tr.data.ptr.buffer + offsets[index]);
}

void free_buffer(struct thread *thread)
{
	bc_u64(thread, BC_FREE_BUFFER, thread->tr.data.ptr.buffer);
	expect_write(thread);
}

struct binder_counts world_counts(struct world *world)
{
	struct binder_counts counts;

	binder_context_counts(world->ctx, &counts);
	return counts;
}

u32 give_object(struct thread *from, struct thread *manager, u64 ptr, u64 *buffer)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, ptr, ptr + 1);
	struct payload payload = object_payload(&object);
	u32 handle;

	bc_call(from, 0, 1, TF_ONE_WAY, &payload);
	expect_write(from);
	ck_assert_int_eq(ioctl_read(from), 0); /* INCREFS ACQUIRE for a new one, COMPLETE */
	if (strstr(commands_read(from), "INCREFS"))
		bc_node(from, BC_INCREFS_DONE, ptr, ptr + 1);
	if (strstr(commands_read(from), "ACQUIRE"))
		bc_node(from, BC_ACQUIRE_DONE, ptr, ptr + 1);
	expect_write(from);
	expect_read(manager, "NOOP TRANSACTION");
	handle = object_read(manager, 0)->handle;
	if (buffer) {
		*buffer = manager->tr.data.ptr.buffer;
	} else {
		bc_u32(manager, BC_ACQUIRE, handle);
		bc_u64(manager, BC_FREE_BUFFER, manager->tr.data.ptr.buffer);
		expect_write(manager);
	}
	return handle;
}
