/* SPDX-License-Identifier: MIT */
/* open.c: open, close, mmap, fork, and what else is done to the descriptor (section 1). */
#include "scene.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "device.h"

static long do_open_only(struct actor *self, const long *arguments)
{
	self->fd = device_open(0);
	return self->fd < 0 ? self->fd : 0;
}

/* A process that has the device open, and no mapping. */
static struct actor *unmapped(void)
{
	struct actor *actor = process_bare();

	is(actor_do(actor, do_open_only, 0), 0);
	actor->bwr = (struct binder_write_read){ 0 };
	is(actor_do(actor, do_write_read, 0), 0);
	return actor;
}

/* mmap: size, prot, flags, offset. */
static long do_map(struct actor *self, const long *arguments)
{
	void *map = mmap(NULL, (size_t)arguments[0], (int)arguments[1], (int)arguments[2], self->fd,
			 arguments[3]);

	if (map == MAP_FAILED)
		return -errno;
	self->map = map;
	self->map_size = (size_t)arguments[0];
	return 0;
}

static long do_unmap(struct actor *self, const long *arguments)
{
	return munmap((char *)self->map + arguments[0], (size_t)arguments[1]) < 0 ? -errno : 0;
}

static long do_protect(struct actor *self, const long *arguments)
{
	return mprotect(self->map, 4096, (int)arguments[0]) < 0 ? -errno : 0;
}

static long do_transfer(struct actor *self, const long *arguments)
{
	char byte = 0;
	long r;

	switch (arguments[0]) {
	case 0:
		r = read(self->fd, &byte, 1);
		break;
	case 1:
		r = write(self->fd, &byte, 1);
		break;
	default:
		r = lseek(self->fd, 0, SEEK_SET);
		break;
	}
	return r < 0 ? -errno : r;
}

static long do_dup(struct actor *self, const long *arguments)
{
	int fd = dup((int)arguments[0]);

	return fd < 0 ? -errno : fd;
}

TEST("1.1", identity_is_the_process_that_opened)
{
	struct actor *other;

	scene();
	other = thread_new(client);
	send_call(other, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.sender_pid, client->pid);
	is(manager->news.tr.sender_euid, geteuid());
}

static long do_seteuid(struct actor *self, const long *arguments)
{
	/* Of this thread alone, or of all of them. */
	if (arguments[1])
		return syscall(SYS_setresuid, -1, arguments[0], -1) < 0 ? -errno : 0;
	return seteuid((uid_t)arguments[0]) < 0 ? -errno : 0;
}

TEST("5.10", uid_is_the_processes_at_the_time_of_the_call)
{
	need_root();
	scene();
	is(actor_do(client, do_seteuid, 1234), 0);
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.sender_euid, 1234);
}

/* The sender's, as the manager sees it: a child of the opener's sends, with another uid. */
static uint32_t uid_of_a_child(void)
{
	struct actor *child;

	need_root();
	scene();
	child = child_new(client);
	is(actor_do(child, do_seteuid, 1234), 0);
	send_call(child, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	return manager->news.tr.sender_euid;
}

TEST("5.10", uid_of_a_child_is_the_openers)
{
	need_linux_before(7, 1);
	is(uid_of_a_child(), 0);
}

TEST("5.10", uid_of_a_child_is_its_own)
{
	need_linux(7, 1);
	is(uid_of_a_child(), 1234);
}

/* Its number may be somebody else's by now. */
TEST("5.10", pid_of_an_opener_that_ended_is_0)
{
	struct actor *child;

	scene();
	child = child_new(client);
	actor_outlive(child);
	actor_kill(client);
	send_call(child, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.sender_pid, 0);
}

/* The same, of a thread that has another uid than the first one of its process. */
static uint32_t uid_of_a_thread(void)
{
	struct actor *thread;

	need_root();
	scene();
	thread = thread_new(client);
	is(actor_do(thread, do_seteuid, 1234, 1), 0);
	send_call(thread, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	return manager->news.tr.sender_euid;
}

TEST("5.10", uid_is_the_group_leaders_not_the_threads)
{
	need_linux_before(7, 1);
	is(uid_of_a_thread(), 0);
}

TEST("5.10", uid_is_the_threads_not_the_group_leaders)
{
	need_linux(7, 1);
	is(uid_of_a_thread(), 1234);
}

TEST("1.2", opens_of_one_process_share_nothing)
{
	struct actor *again;
	uint32_t handle;

	scene();
	again = open_new(client);
	handle = fetch_from(client, looper_new(), 0x1000);
	expect_call(again, handle, 0, NULL, "NOOP FAILED_REPLY");
	send_call(client, handle, 0, NULL);
	send_call(again, 0, 0, NULL); /* though the other one's thread waits */
	expect_read(manager, "NOOP TRANSACTION");
}

TEST("1.2", opens_of_one_process_may_call_one_another)
{
	struct actor *again;

	scene();
	again = open_new(client);
	round_trip(client, fetch_from(client, again, 0x1000), again);
}

TEST("1.3", descriptor_is_no_stream)
{
	struct actor *actor = process_new();

	is(actor_do(actor, do_transfer, 0), -EINVAL);
	is(actor_do(actor, do_transfer, 1), -EINVAL);
	is(actor_do(actor, do_transfer, 2), -ESPIPE);
}

TEST("1.4", writable_mapping_is_eperm)
{
	struct actor *actor = unmapped();

	is(actor_do(actor, do_map, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE), -EPERM);
	is(actor_do(actor, do_map, 4096, PROT_READ | PROT_WRITE, MAP_SHARED), -EPERM);
	is(actor_do(actor, do_map, 4096, PROT_WRITE, MAP_PRIVATE), -EPERM);
	is(actor_do(actor, do_map, 4096, PROT_READ, MAP_PRIVATE), 0);
}

TEST("1.4", mapping_may_be_shared_or_private)
{
	is(actor_do(unmapped(), do_map, 4096, PROT_READ, MAP_SHARED), 0);
	is(actor_do(unmapped(), do_map, 4096, PROT_READ, MAP_PRIVATE), 0);
}

TEST("1.4", mapping_cannot_be_made_writable)
{
	struct actor *actor = process_new();

	is(actor_do(actor, do_protect, PROT_READ | PROT_WRITE), -EACCES);
	is(actor_do(actor, do_protect, PROT_READ), 0);
}

TEST("1.4", mapping_is_made_once)
{
	struct actor *actor = process_new();

	is(actor_do(actor, do_map, 4096, PROT_READ, MAP_PRIVATE), -EBUSY);
}

TEST("1.4", mapping_is_not_made_again_after_munmap)
{
	struct actor *actor = process_new();

	is(actor_do(actor, do_unmap, 0, ACTOR_MAP), 0);
	is(actor_do(actor, do_map, 4096, PROT_READ, MAP_PRIVATE), -EBUSY);
}

TEST("1.5", mapping_is_cut_to_4_mib)
{
	struct actor *server = unmapped();
	uint32_t handle;

	is(actor_do(server, do_map, 8 << 20, PROT_READ, MAP_PRIVATE), 0);
	scene();
	handle = fetch_from(client, server, 0x1000);
	expect_call(client, handle, 0, payload_bytes((4 << 20) + 1), "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -ENOSPC);
	send_call(client, handle, 0, payload_bytes(4 << 20));
	expect_read(server, "NOOP TRANSACTION");
}

TEST("1.5", mapping_may_have_an_offset)
{
	struct actor *actor = unmapped();

	is(actor_do(actor, do_map, 4096, PROT_READ, MAP_PRIVATE, 4096), 0);
}

TEST("8.2", target_without_mapping_is_dead)
{
	struct actor *server = unmapped();
	uint32_t handle;

	scene();
	handle = fetch_from(client, server, 0x1000);
	expect_call(client, handle, 0, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -ESRCH);
}

TEST("6.2", reply_to_a_caller_without_mapping_is_dead)
{
	struct actor *caller = unmapped();

	scene();
	send_call(caller, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, NULL);
	expect_error(manager, BR_OK, 0);
	expect_read(caller, "NOOP TRANSACTION_COMPLETE DEAD_REPLY");
	expect_error(caller, BR_DEAD_REPLY, -ESRCH);
}

static void on_bus_error(int number)
{
	_exit(0);
}

static long do_touch(struct actor *self, const long *arguments)
{
	signal(SIGBUS, on_bus_error);
	return *(volatile char *)((char *)self->map + arguments[0]);
}

TEST("1.5", page_that_was_never_used_is_sigbus)
{
	struct actor *actor = process_new();

	actor_start(actor, do_touch, 8192);
	need(actor_await_end(actor));
}

TEST("1.6", child_has_no_mapping)
{
	struct actor *actor = process_new(), *child = child_new(actor);

	/* Gone, or at least not the parent's: unmapping nothing is no error, touching it is. */
	is(actor_do(child, do_protect, PROT_READ), -ENOMEM);
}

TEST("1.7", child_uses_the_descriptor_as_a_thread_of_its_parent)
{
	struct binder_version version = { 0 };
	struct actor *child;

	scene();
	child = child_new(client);
	is(actor_ioctl_value(child, BINDER_VERSION, version), 0);
	send_call(child, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.sender_pid, client->pid);
	reply_with(manager, 0, NULL);
	expect_read(child, "NOOP TRANSACTION_COMPLETE REPLY");
}

TEST("1.7", child_may_set_limits_and_become_manager)
{
	struct actor *parent = process_new(), *child = child_new(parent);
	uint32_t max = 3;

	need_no_manager();
	is(actor_ioctl_value(child, BINDER_SET_MAX_THREADS, max), 0);
	is(become_manager(child, NULL), 0);
	client = looper_new();
	round_trip(client, 0, parent);
}

TEST("1.7", child_cannot_map)
{
	struct actor *parent = unmapped(), *child = child_new(parent);

	is(actor_do(child, do_map, 4096, PROT_READ, MAP_PRIVATE), -EINVAL);
	is(actor_do(parent, do_map, 4096, PROT_READ, MAP_PRIVATE), 0);
}

TEST("1.8", lost_mapping_is_dead_for_senders)
{
	scene();
	is(actor_do(manager, do_unmap, 0, ACTOR_MAP), 0);
	expect_call(client, 0, 0, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -ESRCH);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP DEAD_REPLY");
}

TEST("1.8", mapping_lost_in_part_is_dead_for_senders)
{
	scene();
	is(actor_do(manager, do_unmap, ACTOR_MAP / 2, 4096), 0);
	expect_call(client, 0, 0, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -ESRCH);
}

TEST("1.9", closing_a_duplicate_returns_every_read)
{
	struct actor *waiting, *idle;
	long copy;

	scene();
	waiting = thread_new(client);
	idle = thread_new(client);
	expect_waits(waiting);
	copy = actor_do(client, do_dup, client->fd);
	need(copy >= 0);
	expect_waits(waiting);
	actor_close(client, (int)copy);
	expect_return(waiting, "NOOP");
	expect_nothing(waiting);
	expect_read(idle, "NOOP"); /* not in a read just now: its next one */
	expect_nothing(idle);
}

TEST("1.10", device_lives_until_the_last_duplicate_is_closed)
{
	long copy;

	scene();
	copy = actor_do(manager, do_dup, manager->fd);
	actor_close(manager, manager->fd);
	manager->fd = (int)copy;
	expect_read(manager, "NOOP"); /* of the closing */
	round_trip(client, 0, manager);
}

TEST("1.10", mapping_keeps_the_device_alive)
{
	scene();
	actor_close(manager, manager->fd);
	await_release(0);
	send_call(client, 0, TF_ONE_WAY, NULL);
	expect_read(client, "NOOP TRANSACTION_COMPLETE");
	is(actor_do(manager, do_unmap, 0, ACTOR_MAP), 0);
	await_release(manager->pid);
	expect_call(client, 0, TF_ONE_WAY, NULL, "NOOP DEAD_REPLY");
	expect_error(client, BR_DEAD_REPLY, -EINVAL);
}

TEST("1.11", process_that_ends_is_released)
{
	scene();
	process_ends(manager);
	expect_call(client, 0, 0, NULL, "NOOP DEAD_REPLY");
}
