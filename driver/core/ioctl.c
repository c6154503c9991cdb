// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * ioctl.c: every ioctl that neither reads, writes nor ends a thread.
 *
 * Called by the homes, which have BINDER_WRITE_READ and BINDER_THREAD_EXIT to
 * themselves.
 */
#include "internal.h"

static int get_version(struct binder_thread *thread, u64 arg)
{
	struct binder_version version = { .protocol_version = BINDER_CURRENT_PROTOCOL_VERSION };

	return port_write_client(thread->home, arg, &version, sizeof(version)) ? -EINVAL : 0;
}

static int set_max_threads(struct binder_thread *thread, u64 arg)
{
	struct binder_proc *proc = thread->proc;
	struct binder_effects fx;
	u32 max;

	if (port_read_client(thread->home, &max, arg, sizeof(max)))
		return -EINVAL;
	binder_lock(proc->ctx, &fx);
	proc->max_threads = max;
	binder_unlock(proc->ctx, &fx);
	return 0;
}

static int set_context_mgr(struct binder_thread *thread, u64 arg)
{
	struct flat_binder_object object = { .flags = 0 };

	return binder_set_context_manager(thread, &object);
}

static int set_context_mgr_ext(struct binder_thread *thread, u64 arg)
{
	struct flat_binder_object object;

	if (port_read_client(thread->home, &object, arg, sizeof(object)))
		return -EINVAL;
	return binder_set_context_manager(thread, &object);
}

/* The process's own node with the lowest ptr above the one given. */
static int get_node_debug_info(struct binder_thread *thread, u64 arg)
{
	struct binder_proc *proc = thread->proc;
	struct binder_node_debug_info info;
	struct binder_node *found;
	struct binder_effects fx;
	u64 after;

	if (port_read_client(thread->home, &info, arg, sizeof(info)))
		return -EFAULT;
	after = info.ptr;
	memset(&info, 0, sizeof(info));
	binder_lock(proc->ctx, &fx);
	found = after + 1 ? binder_node_from(proc, after + 1) : NULL;
	if (found) {
		info.ptr = found->ptr;
		info.cookie = found->cookie;
		info.has_strong_ref = found->has_strong;
		info.has_weak_ref = found->has_weak;
	}
	binder_unlock(proc->ctx, &fx);
	return port_write_client(thread->home, arg, &info, sizeof(info));
}

/* For the context manager: how often is the object behind a handle held? */
static int get_node_info_for_ref(struct binder_thread *thread, u64 arg)
{
	struct binder_proc *proc = thread->proc;
	struct binder_node_info_for_ref info;
	struct binder_effects fx;
	struct binder_ref *ref;
	int err = 0;

	if (port_read_client(thread->home, &info, arg, sizeof(info)))
		return -EFAULT;
	if (info.strong_count || info.weak_count || info.reserved1 || info.reserved2 ||
	    info.reserved3)
		return -EINVAL;
	binder_lock(proc->ctx, &fx);
	ref = binder_ref_by_handle(proc, info.handle, true);
	if (!proc->ctx->manager || proc->ctx->manager->proc != proc) {
		err = -EPERM;
	} else if (!ref) {
		err = -EINVAL;
	} else {
		info.strong_count = ref->node->local_strong + ref->node->internal_strong;
		info.weak_count = ref->node->local_weak;
	}
	binder_unlock(proc->ctx, &fx);
	return err ? err : port_write_client(thread->home, arg, &info, sizeof(info));
}

static int enable_oneway_spam_detection(struct binder_thread *thread, u64 arg)
{
	struct binder_proc *proc = thread->proc;
	struct binder_effects fx;
	u32 enable;

	if (port_read_client(thread->home, &enable, arg, sizeof(enable)))
		return -EFAULT;
	binder_lock(proc->ctx, &fx);
	proc->oneway_spam_detection = enable;
	binder_unlock(proc->ctx, &fx);
	return 0;
}

static int get_extended_error(struct binder_thread *thread, u64 arg)
{
	struct binder_context *ctx = thread->proc->ctx;
	struct binder_extended_error error;
	struct binder_effects fx;

	binder_lock(ctx, &fx);
	error = thread->extended_error;
	thread->extended_error = (struct binder_extended_error){ .command = BR_OK };
	binder_unlock(ctx, &fx);
	return port_write_client(thread->home, arg, &error, sizeof(error));
}

static const struct {
	u32 cmd;
	int (*run)(struct binder_thread *thread, u64 arg);
} ioctls[] = {
	{ BINDER_VERSION, get_version },
	{ BINDER_SET_MAX_THREADS, set_max_threads },
	{ BINDER_SET_CONTEXT_MGR, set_context_mgr },
	{ BINDER_SET_CONTEXT_MGR_EXT, set_context_mgr_ext },
	{ BINDER_GET_NODE_DEBUG_INFO, get_node_debug_info },
	{ BINDER_GET_NODE_INFO_FOR_REF, get_node_info_for_ref },
	{ BINDER_ENABLE_ONEWAY_SPAM_DETECTION, enable_oneway_spam_detection },
	{ BINDER_GET_EXTENDED_ERROR, get_extended_error },
	{ BINDER_FREEZE, binder_freeze_ioctl },
	{ BINDER_GET_FROZEN_INFO, binder_frozen_info_ioctl },
};

int binder_thread_ioctl(struct binder_thread *thread, u32 cmd, u64 arg)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ioctls); i++)
		if (ioctls[i].cmd == cmd)
			return ioctls[i].run(thread, arg);
	return -EINVAL;
}
