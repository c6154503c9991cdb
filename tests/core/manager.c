/* SPDX-License-Identifier: MIT */
/*
 * manager.c: who is context manager, and what only it may ask (2.4, 2.6, 2.7,
 * 5.2, 10.5).
 */
#include "suites.h"

static int become_manager(struct thread *thread)
{
	return binder_thread_ioctl(thread->thread, BINDER_SET_CONTEXT_MGR, 0);
}

START_TEST(there_is_one_manager)
{
	ck_assert_int_eq(become_manager(client), -EBUSY);
	ck_assert_int_eq(become_manager(manager), -EBUSY);
}
END_TEST

START_TEST(same_uid_takes_over_after_the_manager)
{
	struct thread *same = looper_new(world, 110), *other = looper_new(world, 301);

	process_close(manager->process);
	ck_assert_int_eq(become_manager(other), -EPERM);
	ck_assert_int_eq(become_manager(same), 0);
	round_trip(client, 0, same);
	process_close(same->process);
	ck_assert_int_eq(become_manager(other), -EPERM); /* for the life of the context */
}
END_TEST

START_TEST(plain_manager_has_no_address_and_takes_no_files)
{
	struct flat_binder_object file = fd_object(5);
	struct payload payload = object_payload(&file);
	struct thread *plain = looper_new(world, 110);

	test_file(5);
	process_close(manager->process);
	ck_assert_int_eq(become_manager(plain), 0);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	expect_read(plain, "NOOP TRANSACTION");
	ck_assert_uint_eq(plain->tr.target.ptr, 0);
	ck_assert_uint_eq(plain->tr.cookie, 0);
	expect_call(client, 0, TF_ONE_WAY, &payload, "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EPERM);
}
END_TEST

START_TEST(extended_manager_has_address_and_flags)
{
	struct flat_binder_object object = { .hdr.type = 0xbad,
					     .binder = 0x1234,
					     .cookie = 0x5678,
					     .flags = FLAT_BINDER_FLAG_TXN_SECURITY_CTX };
	struct thread *next = looper_new(world, 110);

	process_close(manager->process);
	ck_assert_int_eq(binder_thread_ioctl(next->thread, BINDER_SET_CONTEXT_MGR_EXT,
					     WORLD_BAD_ADDRESS),
			 -EINVAL);
	ck_assert_int_eq(binder_thread_ioctl(next->thread, BINDER_SET_CONTEXT_MGR_EXT,
					     (uintptr_t)&object),
			 0);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP TRANSACTION_COMPLETE");
	expect_read(next, "NOOP TRANSACTION_SEC_CTX");
	ck_assert_uint_eq(next->tr.target.ptr, 0x1234);
	ck_assert_uint_eq(next->tr.cookie, 0x5678);
}
END_TEST

START_TEST(policy_may_refuse_a_manager)
{
	struct thread *next = looper_new(world, 110);

	process_close(manager->process);
	next->home->may_manage = -EPERM;
	ck_assert_int_eq(become_manager(next), -EPERM);
	next->home->may_manage = 0;
	ck_assert_int_eq(become_manager(next), 0);
}
END_TEST

START_TEST(exported_object_may_become_manager)
{
	struct thread *next = looper_new(world, 110);
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x9999);
	u32 handle = fetch_from(client, next, 0x1000);

	process_close(manager->process);
	/* It keeps its own cookie, whatever is said now. */
	ck_assert_int_eq(binder_thread_ioctl(next->thread, BINDER_SET_CONTEXT_MGR_EXT,
					     (uintptr_t)&object),
			 0);
	round_trip(client, 0, next);
	ck_assert_uint_eq(next->tr.cookie, 0x1001);
	round_trip(client, handle, next);
	bc_u32(client, BC_RELEASE, handle);
	expect_write(client);
	expect_nothing(next); /* as manager it is not told any more */
}
END_TEST

/* ---- node information ------------------------------------------------------------------ */

static struct binder_node_debug_info debug_info(struct thread *thread, u64 after)
{
	struct binder_node_debug_info info = { .ptr = after };

	ck_assert_int_eq(binder_thread_ioctl(thread->thread, BINDER_GET_NODE_DEBUG_INFO,
					     (uintptr_t)&info),
			 0);
	return info;
}

START_TEST(own_nodes_are_listed_by_address)
{
	struct binder_node_debug_info info;

	give_object(client, manager, 0x2000, NULL);
	give_object(client, manager, 0x1000, NULL);
	info = debug_info(client, 0);
	ck_assert_uint_eq(info.ptr, 0x1000);
	ck_assert_uint_eq(info.cookie, 0x1001);
	ck_assert_uint_eq(info.has_strong_ref, 1);
	ck_assert_uint_eq(info.has_weak_ref, 1);
	ck_assert_uint_eq(debug_info(client, 0x1000).ptr, 0x2000);
	ck_assert_uint_eq(debug_info(client, 0x1800).ptr, 0x2000);
	info = debug_info(client, 0x2000);
	ck_assert_uint_eq(info.ptr, 0);
	ck_assert_uint_eq(info.has_strong_ref, 0);
	ck_assert_int_eq(binder_thread_ioctl(client->thread, BINDER_GET_NODE_DEBUG_INFO,
					     WORLD_BAD_ADDRESS),
			 -EFAULT);
}
END_TEST

static int info_for_ref(struct thread *thread, struct binder_node_info_for_ref *info)
{
	return binder_thread_ioctl(thread->thread, BINDER_GET_NODE_INFO_FOR_REF, (uintptr_t)info);
}

START_TEST(manager_may_ask_how_often_an_object_is_held)
{
	struct binder_node_info_for_ref info = { .handle = give_object(client, manager, 0x1000,
								       NULL) };

	ck_assert_int_eq(info_for_ref(manager, &info), 0);
	ck_assert_uint_eq(info.strong_count, 1);
	ck_assert_uint_eq(info.weak_count, 0);
}
END_TEST

START_TEST(node_information_is_checked_in_order)
{
	struct binder_node_info_for_ref info = { .handle = 77, .reserved1 = 1 };

	ck_assert_int_eq(info_for_ref(client, &info), -EINVAL);
	info.reserved1 = 0;
	ck_assert_int_eq(info_for_ref(client, &info), -EPERM);
	ck_assert_int_eq(info_for_ref(manager, &info), -EINVAL);
	info.strong_count = 1;
	ck_assert_int_eq(info_for_ref(manager, &info), -EINVAL);
	ck_assert_int_eq(info_for_ref(manager, (void *)(uintptr_t)WORLD_BAD_ADDRESS), -EFAULT);
}
END_TEST

SCENE_SUITE(manager, there_is_one_manager, same_uid_takes_over_after_the_manager,
	    plain_manager_has_no_address_and_takes_no_files, extended_manager_has_address_and_flags,
	    policy_may_refuse_a_manager, exported_object_may_become_manager,
	    own_nodes_are_listed_by_address, manager_may_ask_how_often_an_object_is_held,
	    node_information_is_checked_in_order)
