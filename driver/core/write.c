// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * write.c: reads BC_ commands from a client and carries each one out.
 *
 * One row per command; a wrong size makes another command of it, since the
 * size is part of the number.  Mistakes that harm only their maker are passed
 * over in silence, as the real driver does: clients rely on it in races.
 */
#include "internal.h"

union binder_command_data {
	struct binder_transaction_data transaction;
	struct binder_transaction_data_sg transaction_sg;
	struct binder_ptr_cookie node;
	struct binder_handle_cookie handle_cookie;
	binder_uintptr_t pointer;
	u32 handle;
};

static int run_transaction(struct binder_thread *thread, const union binder_command_data *data)
{
	binder_transact(thread, &data->transaction, false, 0);
	return 0;
}

static int run_reply(struct binder_thread *thread, const union binder_command_data *data)
{
	binder_transact(thread, &data->transaction, true, 0);
	return 0;
}

static int run_transaction_sg(struct binder_thread *thread, const union binder_command_data *data)
{
	binder_transact(thread, &data->transaction_sg.transaction_data, false,
			data->transaction_sg.buffers_size);
	return 0;
}

static int run_reply_sg(struct binder_thread *thread, const union binder_command_data *data)
{
	binder_transact(thread, &data->transaction_sg.transaction_data, true,
			data->transaction_sg.buffers_size);
	return 0;
}

static int run_free_buffer(struct binder_thread *thread, const union binder_command_data *data)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_journal *journal = NULL;
	struct binder_trace trace = {
		.event = BINDER_TRACE_FREED,
		.ctx = ctx,
		.context = ctx->name,
		.from_pid = thread->proc->pid,
		.from_tid = thread->tid,
		.from_euid = thread->proc->euid,
	};
	struct binder_buffer *buffer;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	buffer = binder_buffer_at(thread->proc, data->pointer);
	if (buffer && buffer->state == BINDER_BUFFER_DELIVERED) {
		trace.id = buffer->id;
		binder_buffer_release(thread->proc, buffer, &fx);
		journal = fx.journals;
		fx.journals = NULL;
	}
	binder_unlock(ctx, &fx);
	if (journal && binder_journal_close(journal, thread)) {
		binder_lock(ctx, &fx);
		thread->need_return = true; /* the files go when it returns */
		binder_unlock(ctx, &fx);
	}
	binder_journal_end(journal);
	if (trace.id)
		port_trace(&trace);
	return 0;
}

/* ---- counts ------------------------------------------------------------------ */

/* Handle 0 can be taken hold of without having been received. */
static int inc_manager(struct binder_thread *thread, bool strong, bool *found)
{
	struct binder_proc *proc = thread->proc;
	int err;
	struct binder_ref *spare = binder_ref_alloc(proc, &err), *ref;
	struct binder_effects fx;
	struct binder_node *node;
	bool again = true;

	while (!err && again) {
		err = binder_handles_grow(proc, 1);
		if (err)
			break;
		binder_lock(proc->ctx, &fx);
		node = proc->ctx->manager;
		/* Others may have been quicker to take the new handle. */
		again = node && !binder_handles_fit(proc, 1);
		if (node && node->proc == proc)
			err = -EINVAL;
		else if (node && !again)
			*found = !binder_ref_take(proc, node, strong, NULL, &spare, &ref);
		binder_unlock(proc->ctx, &fx);
	}
	binder_charged_free(spare);
	return err;
}

static int count(struct binder_thread *thread, u32 handle, bool up, bool strong)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;
	struct binder_ref *ref;
	bool done = false;

	/* Without memory for a reference there is none to count, which harms the client alone. */
	if (up && !handle && inc_manager(thread, strong, &done) == -EINVAL)
		return -EINVAL;
	if (done)
		return 0;
	binder_lock(ctx, &fx);
	ref = binder_ref_by_handle(thread->proc, handle, strong);
	if (ref && up)
		binder_ref_inc(ref, strong, NULL);
	else if (ref)
		binder_ref_dec(ref, strong, &fx);
	binder_unlock(ctx, &fx);
	return 0;
}

static int run_increfs(struct binder_thread *thread, const union binder_command_data *data)
{
	return count(thread, data->handle, true, false);
}

static int run_acquire(struct binder_thread *thread, const union binder_command_data *data)
{
	return count(thread, data->handle, true, true);
}

static int run_release(struct binder_thread *thread, const union binder_command_data *data)
{
	return count(thread, data->handle, false, true);
}

static int run_decrefs(struct binder_thread *thread, const union binder_command_data *data)
{
	return count(thread, data->handle, false, false);
}

static int acknowledge(struct binder_thread *thread, const struct binder_ptr_cookie *node,
		       bool strong)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	binder_node_acknowledge(thread->proc, node->ptr, node->cookie, strong, &fx);
	binder_unlock(ctx, &fx);
	return 0;
}

static int run_increfs_done(struct binder_thread *thread, const union binder_command_data *data)
{
	return acknowledge(thread, &data->node, false);
}

static int run_acquire_done(struct binder_thread *thread, const union binder_command_data *data)
{
	return acknowledge(thread, &data->node, true);
}

/* ---- loopers --------------------------------------------------------------------- */

static int run_register_looper(struct binder_thread *thread, const union binder_command_data *data)
{
	struct binder_proc *proc = thread->proc;
	struct binder_effects fx;

	binder_lock(proc->ctx, &fx);
	if ((thread->looper & BINDER_LOOPER_ENTERED) || !proc->requested_threads) {
		thread->looper |= BINDER_LOOPER_INVALID;
	} else {
		proc->requested_threads--;
		proc->registered_threads++;
	}
	thread->looper |= BINDER_LOOPER_REGISTERED;
	binder_unlock(proc->ctx, &fx);
	return 0;
}

static int run_enter_looper(struct binder_thread *thread, const union binder_command_data *data)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	if (thread->looper & BINDER_LOOPER_REGISTERED)
		thread->looper |= BINDER_LOOPER_INVALID;
	thread->looper |= BINDER_LOOPER_ENTERED;
	binder_unlock(ctx, &fx);
	return 0;
}

static int run_exit_looper(struct binder_thread *thread, const union binder_command_data *data)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	thread->looper |= BINDER_LOOPER_EXITED;
	binder_unlock(ctx, &fx);
	return 0;
}

/* ---- death -------------------------------------------------------------------------- */

static int run_request_death(struct binder_thread *thread, const union binder_command_data *data)
{
	struct binder_context *ctx = thread->proc->ctx;
	int err;
	struct binder_death *spare =
		binder_charged_alloc(thread->proc->account, sizeof(*spare), &err);
	struct binder_effects fx;

	if (!spare)
		return err;
	binder_lock(ctx, &fx);
	binder_death_request(thread, data->handle_cookie.handle, data->handle_cookie.cookie, &spare,
			     &fx);
	binder_unlock(ctx, &fx);
	binder_charged_free(spare);
	return 0;
}

static int run_clear_death(struct binder_thread *thread, const union binder_command_data *data)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	binder_death_clear(thread, data->handle_cookie.handle, data->handle_cookie.cookie, &fx);
	binder_unlock(ctx, &fx);
	return 0;
}

static int run_dead_binder_done(struct binder_thread *thread, const union binder_command_data *data)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	binder_death_done(thread, data->pointer, &fx);
	binder_unlock(ctx, &fx);
	return 0;
}

/* ---- freezing ------------------------------------------------------------------------ */

static int run_request_freeze(struct binder_thread *thread, const union binder_command_data *data)
{
	struct binder_context *ctx = thread->proc->ctx;
	int err;
	struct binder_freeze *spare =
		binder_charged_alloc(thread->proc->account, sizeof(*spare), &err);
	struct binder_effects fx;

	if (!spare)
		return err;
	binder_lock(ctx, &fx);
	err = binder_freeze_request(thread, data->handle_cookie.handle, data->handle_cookie.cookie,
				    &spare, &fx);
	binder_unlock(ctx, &fx);
	binder_charged_free(spare);
	return err;
}

static int run_clear_freeze(struct binder_thread *thread, const union binder_command_data *data)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;
	int err;

	binder_lock(ctx, &fx);
	err = binder_freeze_clear(thread, data->handle_cookie.handle, data->handle_cookie.cookie,
				  &fx);
	binder_unlock(ctx, &fx);
	return err;
}

static int run_freeze_done(struct binder_thread *thread, const union binder_command_data *data)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_effects fx;
	int err;

	binder_lock(ctx, &fx);
	err = binder_freeze_done(thread, data->pointer, &fx);
	binder_unlock(ctx, &fx);
	return err;
}

/* ---- the table ------------------------------------------------------------------------ */

static const struct binder_command {
	u32 command;
	int (*run)(struct binder_thread *thread, const union binder_command_data *data);
} commands[] = {
#define ROW(name, function) [_IOC_NR(name)] = { name, function }
	ROW(BC_TRANSACTION, run_transaction),
	ROW(BC_REPLY, run_reply),
	ROW(BC_FREE_BUFFER, run_free_buffer),
	ROW(BC_INCREFS, run_increfs),
	ROW(BC_ACQUIRE, run_acquire),
	ROW(BC_RELEASE, run_release),
	ROW(BC_DECREFS, run_decrefs),
	ROW(BC_INCREFS_DONE, run_increfs_done),
	ROW(BC_ACQUIRE_DONE, run_acquire_done),
	ROW(BC_REGISTER_LOOPER, run_register_looper),
	ROW(BC_ENTER_LOOPER, run_enter_looper),
	ROW(BC_EXIT_LOOPER, run_exit_looper),
	ROW(BC_REQUEST_DEATH_NOTIFICATION, run_request_death),
	ROW(BC_CLEAR_DEATH_NOTIFICATION, run_clear_death),
	ROW(BC_DEAD_BINDER_DONE, run_dead_binder_done),
	ROW(BC_TRANSACTION_SG, run_transaction_sg),
	ROW(BC_REPLY_SG, run_reply_sg),
	ROW(UAPI_BC_REQUEST_FREEZE_NOTIFICATION, run_request_freeze),
	ROW(UAPI_BC_CLEAR_FREEZE_NOTIFICATION, run_clear_freeze),
	ROW(UAPI_BC_FREEZE_NOTIFICATION_DONE, run_freeze_done),
#undef ROW
};

static const struct binder_command *find_command(u32 command)
{
	u32 nr = _IOC_NR(command);

	if (nr >= ARRAY_SIZE(commands) || commands[nr].command != command || !commands[nr].run)
		return NULL;
	return &commands[nr];
}

int binder_thread_write_one(struct binder_thread *thread, u64 addr, u64 *consumed)
{
	const struct binder_command *command;
	union binder_command_data data;
	u32 number;
	int err;

	/* A thread whose transaction failed reads that before it goes on. */
	if (thread->return_error.command != BR_OK)
		return 0;
	err = port_read_client(thread->home, &number, addr + *consumed, sizeof(number));
	if (err)
		return err;
	if (_IOC_NR(number) < BINDER_BC_KINDS)
		port_tally(&thread->counters.bc[_IOC_NR(number)]);
	command = find_command(number);
	if (!command)
		return -EINVAL;
	err = port_read_client(thread->home, &data, addr + *consumed + sizeof(number),
			       _IOC_SIZE(number));
	if (!err)
		err = command->run(thread, &data);
	if (err)
		return err;
	*consumed += sizeof(number) + _IOC_SIZE(number);
	return 0;
}

int binder_thread_write(struct binder_thread *thread, u64 addr, u64 size, u64 *consumed)
{
	u64 before;
	int err = 0;

	do {
		before = *consumed;
		if (before < size)
			err = binder_thread_write_one(thread, addr, consumed);
	} while (!err && *consumed != before);
	return err;
}
