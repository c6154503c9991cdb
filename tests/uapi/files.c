/* SPDX-License-Identifier: MIT */
/* files.c: descriptors inside of payloads (9.8, 9.9, 6.5; arrays of them in sg.c). */
#include "files.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

static long do_pipe(struct actor *self, const long *arguments)
{
	return pipe2((int *)arguments[0], O_CLOEXEC) < 0 ? -errno : 0;
}

int pipe_new(struct actor *actor, int *ret)
{
	int *ends = arena_alloc(2 * sizeof(*ends));

	is(actor_do(actor, do_pipe, (long)ends), 0);
	*ret = ends[1];
	return ends[0];
}

static long do_hangup(struct actor *self, const long *arguments)
{
	struct pollfd pfd = { .fd = (int)arguments[0], .events = POLLIN };

	return poll(&pfd, 1, (int)arguments[1]) == 1 && (pfd.revents & POLLHUP);
}

void expect_hangup_(struct actor *actor, int watched)
{
	is(actor_do(actor, do_hangup, watched, 5000), 1);
}

void expect_open_(struct actor *actor, int watched)
{
	is(actor_do(actor, do_hangup, watched, 0), 0);
}

bool is_open(struct actor *actor, int fd)
{
	return actor_fcntl(actor, fd, F_GETFD, 0) >= 0;
}

static long do_limit(struct actor *self, const long *arguments)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = arguments[0] ? 3 : limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? -errno : 0;
}

void forbid_files(struct actor *actor, bool forbid)
{
	is(actor_do(actor, do_limit, forbid), 0);
}

static int fd_of(struct actor *actor)
{
	const struct binder_fd_object *object = object_at(actor, 0, sizeof(*object));

	return (int)object->fd;
}

TEST("9.8", receiver_gets_a_descriptor_of_its_own)
{
	struct binder_fd_object sent = {
		.hdr.type = BINDER_TYPE_FD,
		.pad_flags = 0x1234,
		.cookie = 0x5678,
	};
	const struct binder_fd_object *got;
	struct payload *payload;
	int watched, end, lowest;

	scene();
	watched = pipe_new(client, &end);
	lowest = actor_fcntl(manager, 0, F_DUPFD, 0);
	actor_close(manager, lowest);
	sent.pad_binder = 0xffffffff00000000 | (uint32_t)end;
	payload = payload_new();
	payload_add(payload, &sent, sizeof(sent));
	send_call(client, 0, 0, payload);
	expect_read(manager, "NOOP TRANSACTION");
	got = object_at(manager, 0, sizeof(*got));
	is(got->hdr.type, BINDER_TYPE_FD);
	is(got->pad_binder, lowest); /* the lowest free one; the upper half is zero */
	is(got->pad_flags, 0x1234);
	is(got->cookie, 0x5678);
	is(actor_fcntl(manager, lowest, F_GETFD, 0), FD_CLOEXEC);
	is(actor_fcntl(manager, lowest, F_GETFL, 0) & O_ACCMODE, O_WRONLY);
	actor_close(client, end);
	expect_open(client, watched);
	free_buffer(manager); /* it is the receiver's */
	need(is_open(manager, lowest));
	actor_close(manager, lowest);
	expect_hangup(client, watched);
}

TEST("9.8", node_that_takes_no_descriptors_refuses_them)
{
	struct flat_binder_object object = local_object(BINDER_TYPE_BINDER, 0x1000, 0x1001);
	uint32_t handle;

	scene();
	object.flags = 0;
	handle = fetch(client, object);
	expect_call(client, handle, 0, payload_object(file_object(0)), "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EPERM);
}

TEST("9.8", bad_descriptor_is_ebadf)
{
	scene();
	expect_call(client, 0, 0, payload_object(file_object(400)), "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EBADF);
	expect_call(client, 0, 0, payload_object(file_object(-1)), "NOOP FAILED_REPLY");
	expect_error(client, BR_FAILED_REPLY, -EBADF);
}

TEST("9.8", binder_device_may_be_sent)
{
	scene();
	expect_oneway(client, 0, payload_object(file_object(client->fd)));
}

TEST("9.8", file_is_held_until_it_is_read)
{
	int watched, end;

	scene();
	watched = pipe_new(client, &end);
	expect_oneway(client, 0, payload_object(file_object(end)));
	actor_close(client, end);
	expect_open(client, watched);
	expect_read(manager, "NOOP TRANSACTION");
	need(is_open(manager, fd_of(manager)));
	expect_open(client, watched);
}

TEST("9.8", unread_file_is_dropped_with_its_receiver)
{
	int watched, end;

	scene();
	watched = pipe_new(client, &end);
	expect_oneway(client, 0, payload_object(file_object(end)));
	actor_close(client, end);
	process_ends(manager);
	expect_hangup(client, watched);
}

TEST("9.8", failed_call_drops_its_files)
{
	struct flat_binder_object objects[2];
	int watched, end;

	scene();
	watched = pipe_new(client, &end);
	objects[0] = file_object(end);
	objects[1] = handle_object(BINDER_TYPE_HANDLE, 77);
	expect_call(client, 0, TF_ONE_WAY, payload_objects(objects, 2), "NOOP FAILED_REPLY");
	actor_close(client, end);
	expect_hangup(client, watched);
}

TEST("6.5", reply_needs_the_callers_consent)
{
	int watched, end;

	scene();
	watched = pipe_new(manager, &end);
	send_call(client, 0, TF_ACCEPT_FDS, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, payload_object(file_object(end)));
	expect_read(client, "NOOP TRANSACTION_COMPLETE REPLY");
	is(actor_fcntl(client, fd_of(client), F_GETFD, 0), FD_CLOEXEC);
	actor_close(manager, end);
	expect_open(manager, watched);
	actor_close(client, fd_of(client));
	expect_hangup(manager, watched);
}

TEST("9.9", receiver_without_room_for_it_sees_nothing)
{
	int watched, end;

	scene();
	watched = pipe_new(client, &end);
	send_call(client, 0, 0, payload_object(file_object(end)));
	forbid_files(manager, true);
	expect_nothing(manager);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	actor_close(client, end);
	expect_hangup(client, watched);
	forbid_files(manager, false);
	round_trip(client, 0, manager);
}

TEST("9.9", receiver_without_room_goes_on_to_the_next_work)
{
	struct actor *other;

	scene();
	other = looper_new();
	send_call(client, 0, 0, payload_object(file_object(0)));
	send_call(other, 0, 0, NULL);
	forbid_files(manager, true);
	expect_read(manager, "NOOP TRANSACTION");
	is(manager->news.tr.sender_pid, other->pid);
}

TEST("9.9", caller_without_room_for_it_reads_failed)
{
	int watched, end;

	scene();
	watched = pipe_new(manager, &end);
	send_call(client, 0, TF_ACCEPT_FDS, NULL);
	expect_read(manager, "NOOP TRANSACTION");
	reply_with(manager, 0, payload_object(file_object(end)));
	forbid_files(client, true);
	expect_read(client, "NOOP TRANSACTION_COMPLETE FAILED_REPLY");
	forbid_files(client, false);
	actor_close(manager, end);
	expect_hangup(manager, watched);
	round_trip(client, 0, manager);
}
