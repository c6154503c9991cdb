/* SPDX-License-Identifier: MIT */
/*
 * namespaces.c: pids and uids as a reader in a container numbers them (5.10, 2.8).
 *
 * As in a container, a process is in its namespaces before it opens the device.
 */
#include "scene.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

/* ---- containers -------------------------------------------------------------------- */

static long do_unshare(struct actor *self, const long *arguments)
{
	return unshare((int)arguments[0]) < 0 ? -errno : 0;
}

static long do_getpid(struct actor *self, const long *arguments)
{
	return getpid();
}

static void unshare_or_skip(struct actor *actor, int flags)
{
	long r = actor_do(actor, do_unshare, flags);

	if (r < 0)
		check_skip("no namespace of one's own here: %s", strerror((int)-r));
}

/* In a pid namespace of its own, below that of another process or of the test. */
static struct actor *contained(struct actor *of)
{
	struct actor *outside = of ? child_new(of) : process_bare();

	unshare_or_skip(outside, CLONE_NEWPID | (geteuid() ? CLONE_NEWUSER : 0));
	return child_new(outside);
}

/* In a user namespace of its own, in which uid @outside is @inside. */
static struct actor *mapped(unsigned inside, unsigned outside)
{
	struct actor *actor = process_bare();
	char path[64], line[64];
	int fd, size;

	unshare_or_skip(actor, CLONE_NEWUSER);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", actor->pid);
	size = snprintf(line, sizeof(line), "%u %u 1\n", inside, outside);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, line, (size_t)size) != size)
		check_skip("%s: %s", path, strerror(errno));
	close(fd);
	return actor;
}

/* They open the device, and the first of them is context manager. */
static void begin(struct actor *first, struct actor *second)
{
	need_no_manager();
	manager = first;
	client = second;
	actor_open(manager);
	actor_open(client);
	is(become_manager(manager, NULL), 0);
}

static void call(void)
{
	send_call(client, 0, 0, NULL);
	expect_read(manager, "NOOP TRANSACTION");
}

#define expect_sender(pid_, euid_) \
	do { \
		is(manager->news.tr.sender_pid, pid_); \
		is(manager->news.tr.sender_euid, euid_); \
	} while (0)

/* ---- pids ------------------------------------------------------------------------------ */

TEST("5.10", pid_of_a_sender_outside_of_the_readers_namespace_is_0)
{
	begin(contained(NULL), process_bare());
	call();
	is(manager->news.tr.sender_pid, 0);
}

TEST("5.10", pid_of_a_sender_in_a_container_is_the_one_outside)
{
	begin(process_bare(), contained(NULL));
	call();
	is(manager->news.tr.sender_pid, client->pid);
	need(actor_do(client, do_getpid, 0) != client->pid);
}

TEST("5.10", pid_within_a_container_is_the_one_inside)
{
	struct actor *first = contained(NULL);

	begin(first, child_new(first));
	call();
	is(manager->news.tr.sender_pid, actor_do(client, do_getpid, 0));
	need(manager->news.tr.sender_pid != client->pid);
}

TEST("5.10", pid_of_a_sender_further_inside_is_the_readers_number)
{
	struct actor *first = contained(NULL), *between = child_new(first);

	unshare_or_skip(between, CLONE_NEWPID);
	begin(first, child_new(between));
	call();
	is(actor_do(client, do_getpid, 0), 1);
	/* The reader is the first of its namespace, then came the one between. */
	is(manager->news.tr.sender_pid, 3);
}

TEST("5.10", pid_of_a_sender_in_a_sisters_container_is_0)
{
	begin(contained(NULL), contained(NULL));
	call();
	is(manager->news.tr.sender_pid, 0);
}

TEST("2.8", pid_is_the_one_outside_of_all_containers)
{
	struct binder_freeze_info *info = arena_alloc(sizeof(*info));
	struct binder_frozen_status_info *status = arena_alloc(sizeof(*status));

	begin(contained(NULL), process_bare());
	*info = (struct binder_freeze_info){ .pid = (uint32_t)manager->pid, .enable = 1 };
	is(actor_ioctl(client, BINDER_FREEZE, info), 0);
	expect_call(client, 0, 0, NULL, "NOOP FROZEN_REPLY");
	info->enable = 0;
	/* From inside the number is no other. */
	is(actor_ioctl(manager, BINDER_FREEZE, info), 0);
	status->pid = (uint32_t)manager->pid;
	is(actor_ioctl(manager, BINDER_GET_FROZEN_INFO, status), 0);
	info->pid = (uint32_t)actor_do(manager, do_getpid, 0);
	is(actor_ioctl(manager, BINDER_FREEZE, info), -EINVAL);
}

/* ---- uids -------------------------------------------------------------------------------- */

TEST("5.10", uid_is_that_of_the_readers_namespace)
{
	begin(mapped(7, geteuid()), process_bare());
	call();
	expect_sender(client->pid, 7);
	free_buffer(manager);
	reply_with(manager, 0, NULL);
	/* And back: the callee's, as the caller numbers it. */
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	is(client->news.tr.sender_euid, geteuid());
}

TEST("5.10", uid_that_the_readers_namespace_lacks_is_all_ones)
{
	begin(mapped(7, geteuid() + 1000), process_bare());
	call();
	expect_sender(client->pid, (uint32_t)-1);
}

TEST("5.10", uid_of_a_sender_in_a_container_is_the_one_outside)
{
	begin(process_bare(), mapped(7, geteuid()));
	call();
	expect_sender(client->pid, geteuid());
}

TEST("5.10", uid_within_a_container_is_the_one_inside)
{
	struct actor *first = mapped(7, geteuid());

	begin(first, child_new(first));
	call();
	expect_sender(client->pid, 7);
}
