/* SPDX-License-Identifier: MIT */
/* manager.c: who is context manager, and what only it may ask (2.4, 2.6, 2.7, 10.5). */
#include "scene.h"

#include <unistd.h>

static void *const bad = (void *)BAD_ADDRESS;

TEST("2.4", there_is_one_manager)
{
	scene();
	is(actor_ioctl(client, BINDER_SET_CONTEXT_MGR, NULL), -EBUSY);
	is(actor_ioctl(manager, BINDER_SET_CONTEXT_MGR, NULL), -EBUSY);
}

TEST("2.4", same_uid_takes_over_after_the_manager)
{
	struct actor *next;

	scene();
	next = looper_new();
	process_ends(manager);
	is(actor_ioctl(next, BINDER_SET_CONTEXT_MGR, NULL), 0);
	round_trip(client, 0, next);
}

static long do_seteuid(struct actor *self, const long *arguments)
{
	return seteuid((uid_t)arguments[0]) < 0 ? -errno : 0;
}

TEST("2.4", another_uid_never_takes_over)
{
	struct actor *next;

	need_root();
	scene();
	next = looper_new();
	is(actor_do(next, do_seteuid, 1234), 0);
	process_ends(manager);
	is(actor_ioctl(next, BINDER_SET_CONTEXT_MGR, NULL), -EPERM);
	is(actor_do(next, do_seteuid, 0), 0);
	is(actor_ioctl(next, BINDER_SET_CONTEXT_MGR, NULL), 0);
}

TEST("2.4", plain_manager_has_no_address_and_takes_no_files)
{
	manager = manager_new(NULL);
	client = looper_new();
	expect_oneway(client, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.target.ptr, 0);
	is(manager->news.tr.cookie, 0);
	expect_call(client, 0, TF_ONE_WAY, payload_object(file_object(0)), "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EPERM);
}

TEST("2.4", extended_manager_has_address_and_flags)
{
	struct flat_binder_object object = { .hdr.type = 0xbad,
					     .binder = 0x1234,
					     .cookie = 0x5678,
					     .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS };

	manager = manager_new(&object);
	client = looper_new();
	expect_oneway(client, 0, payload_object(file_object(0)));
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.target.ptr, 0x1234);
	is(manager->news.tr.cookie, 0x5678);
}

TEST("2.4", unreadable_manager_is_einval)
{
	struct actor *actor = process_new();

	is(actor_ioctl(actor, BINDER_SET_CONTEXT_MGR_EXT, bad), -EINVAL);
}

static struct binder_node_debug_info debug_info(struct actor *actor, uint64_t after)
{
	struct binder_node_debug_info *info = arena_alloc(sizeof(*info));

	info->ptr = after;
	is(actor_ioctl(actor, BINDER_GET_NODE_DEBUG_INFO, info), 0);
	return *info;
}

TEST("2.6", own_nodes_are_listed_by_address)
{
	struct binder_node_debug_info info;

	scene();
	give_object(client, 0x2000);
	give_object(client, 0x1000);
	info = debug_info(client, 0);
	is(info.ptr, 0x1000);
	is(info.cookie, 0x1001);
	is(info.has_strong_ref, 1);
	is(info.has_weak_ref, 1);
	is(debug_info(client, 0x1000).ptr, 0x2000);
	is(debug_info(client, 0x1800).ptr, 0x2000);
	info = debug_info(client, 0x2000);
	is(info.ptr, 0);
	is(info.cookie, 0);
	is(info.has_strong_ref, 0);
	is(actor_ioctl(client, BINDER_GET_NODE_DEBUG_INFO, bad), -EFAULT);
}

static int info_for_ref(struct actor *actor, struct binder_node_info_for_ref *info)
{
	struct binder_node_info_for_ref *shared = arena_alloc(sizeof(*shared));
	long r;

	*shared = *info;
	r = actor_ioctl(actor, BINDER_GET_NODE_INFO_FOR_REF, shared);
	*info = *shared;
	return (int)r;
}

TEST("2.7", manager_may_ask_how_often_an_object_is_held)
{
	struct binder_node_info_for_ref info = { 0 };

	scene();
	info.handle = give_object(client, 0x1000);
	is(info_for_ref(manager, &info), 0);
	is(info.strong_count, 1);
	is(info.weak_count, 0);
	fetch(client, handle_object(BINDER_TYPE_HANDLE, info.handle)); /* comes home: local */
	fetch(looper_new(), handle_object(BINDER_TYPE_HANDLE, info.handle));
	info.strong_count = 0;
	is(info_for_ref(manager, &info), 0);
	is(info.strong_count, 2);
}

TEST("2.7", node_information_is_checked_in_order)
{
	struct binder_node_info_for_ref info = { .handle = 77, .reserved1 = 1 };

	scene();
	is(info_for_ref(client, &info), -EINVAL);
	info.reserved1 = 0;
	is(info_for_ref(client, &info), -EPERM);
	is(info_for_ref(manager, &info), -EINVAL);
	info.strong_count = 1;
	is(info_for_ref(client, &info), -EINVAL);
	info.strong_count = 0;
	info.weak_count = 1;
	is(info_for_ref(client, &info), -EINVAL);
	is(actor_ioctl(manager, BINDER_GET_NODE_INFO_FOR_REF, bad), -EFAULT);
}

TEST("10.5", manager_is_never_told)
{
	scene();
	bc_u32(client, BC_INCREFS, 0);
	bc_u32(client, BC_ACQUIRE, 0);
	bc_u32(client, BC_RELEASE, 0);
	bc_u32(client, BC_DECREFS, 0);
	expect_write(client);
	round_trip(client, 0, manager);
	expect_nothing(manager);
}

TEST("2.4", exported_object_may_become_manager)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	struct actor *next;
	uint32_t handle;

	scene();
	next = looper_new();
	handle = fetch_from(client, next, 0x1000);
	process_ends(manager);
	is(become_manager(next, &object), 0);
	round_trip(client, 0, next);
	round_trip(client, handle, next);
	bc_u32(client, BC_RELEASE, handle);
	expect_write(client);
	expect_nothing(next); /* as manager it is not told any more */
}
