/* SPDX-License-Identifier: MIT */
/*
 * world.c: processes, threads and their ioctls under a fuzzer; see world.h.
 */
#include "world.h"

void (*world_on_command)(struct port_thread *thread, u32 command, const void *data);

/* ---- memory ------------------------------------------------------------------------ */

u8 *client_memory(struct client *client, u64 addr, u64 size)
{
	u64 at = addr - ARENA_ADDR;

	if (at > ARENA_SIZE || size > ARENA_SIZE - at)
		return NULL;
	if (at < ARENA_HOLE + ARENA_HOLE_SIZE && at + size > ARENA_HOLE)
		return NULL;
	return client->arena + at;
}

static u8 *received(const struct client *client, u8 *base, u64 addr, u64 size)
{
	u64 at = addr - MAP_ADDR;

	if (!base || at > client->home->size || size > client->home->size - at)
		return NULL;
	return base + at;
}

const u8 *client_received(const struct client *client, u64 addr, u64 size)
{
	return received(client, client->home->memory, addr, size);
}

/* ---- what must always hold ------------------------------------------------------------ */

static void check_thread(const struct port_thread *thread)
{
	const struct binder_thread *core = thread->core;

	if (thread->woken)
		return;
	switch (thread->state) {
	case THREAD_READING:
		FUZZ_EXPECT(!core->delivering, "thread %d sleeps over a delivery", core->tid);
		FUZZ_EXPECT(!core->need_return, "thread %d sleeps and should return", core->tid);
		/* fall through */
	case THREAD_POLLING:
		FUZZ_EXPECT(!core->has_todo || list_empty(&core->todo),
			    "thread %d sleeps over work of its own", core->tid);
		break;
	case THREAD_FREEZING:
		FUZZ_EXPECT(core->freezing.proc && !core->freezing.proc->dead &&
				    core->freezing.proc->outstanding,
			    "thread %d waits for calls that have ended", core->tid);
		break;
	default:
		break;
	}
}

static void check_client(const struct client *client)
{
	bool woken = false;

	for (unsigned int i = 0; i < WORLD_THREADS; i++) {
		const struct port_thread *thread = client->threads[i];

		if (!thread)
			continue;
		check_thread(thread);
		woken |= thread->woken &&
			 (thread->state == THREAD_READING || thread->state == THREAD_POLLING);
	}
	FUZZ_EXPECT(list_empty(&client->core->todo) || list_empty(&client->core->waiting) || woken,
		    "process %u has work, and a thread waits for it", client->index);
}

void world_check(void)
{
	if (world->unchecked)
		return;
	for (unsigned int i = 0; i < WORLD_CONTEXTS; i++)
		FUZZ_EXPECT(binder_context_check(world->ctx[i]), "context %u", i);
	for (unsigned int i = 0; i < WORLD_CLIENTS; i++)
		if (world->clients[i].core)
			check_client(&world->clients[i]);
	world_look();
}

/* ---- processes and threads -------------------------------------------------------------- */

void client_open(struct client *client, unsigned int context, s32 pid, u32 euid)
{
	struct binder_identity who = {
		.pid = pid, .euid = euid, .nice = 3, .account = &world->account
	};
	struct port_proc *home;

	if (client->core)
		return;
	WORLD_SAY("%u: open, context %u, pid %d, uid %u\n", client->index, context % WORLD_CONTEXTS,
		  pid, euid);
	home = calloc(1, sizeof(*home));
	FUZZ_EXPECT(home, "no memory");
	home->client = client;
	client->core = binder_proc_open(world->ctx[context % WORLD_CONTEXTS], &who, home);
	if (client->core)
		client->home = home;
	else
		free(home);
	world_check();
}

void client_release(struct client *client)
{
	struct port_proc *home = client->home;

	if (!client->core)
		return;
	FUZZ_EXPECT(binder_proc_home(client->core) == home, "somebody else's process");
	WORLD_SAY("%u: release\n", client->index);
	binder_proc_release(client->core);
	client->core = NULL;
	for (unsigned int i = 0; i < WORLD_THREADS; i++) {
		struct port_thread *thread = client->threads[i];

		FUZZ_EXPECT(!thread || thread->gone, "a thread outlives process %u", client->index);
		free(thread);
		client->threads[i] = NULL;
	}
	home->next = world->leaving;
	world->leaving = home;
	world_bury(false);
	client->home = NULL;
	world_check();
}

int client_mmap(struct client *client, u64 size)
{
	struct port_proc *home = client->home;
	int err;

	if (!client->core)
		return -EBADF;
	WORLD_SAY("%u: mmap %llu\n", client->index, (unsigned long long)size);
	if (!home->memory && size) {
		home->size = size < BINDER_MAX_MAPPING ? size : BINDER_MAX_MAPPING;
		home->memory = malloc(home->size);
		home->written = calloc(1, home->size);
		FUZZ_EXPECT(home->memory && home->written, "no memory");
		err = binder_proc_mmap(client->core, MAP_ADDR, size);
	} else {
		err = binder_proc_mmap(client->core, MAP_ADDR, home->size);
	}
	world_check();
	return err;
}

void client_munmap(struct client *client)
{
	WORLD_SAY("%u: munmap\n", client->index);
	if (client->core)
		binder_proc_munmap(client->core);
	world_check();
}

void client_flush(struct client *client)
{
	WORLD_SAY("%u: flush\n", client->index);
	if (client->core)
		binder_proc_flush(client->core);
	world_check();
}

struct port_thread *client_thread(struct client *client, unsigned int index)
{
	struct port_thread *thread = client->threads[index % WORLD_THREADS];

	if (thread)
		FUZZ_EXPECT(binder_thread_get(client->core, thread->core->tid, thread) ==
				    thread->core,
			    "a thread is made twice");
	if (thread || !client->core)
		return thread;
	thread = calloc(1, sizeof(*thread));
	FUZZ_EXPECT(thread, "no memory");
	thread->client = client;
	thread->next_fd = 1000;
	thread->core = binder_thread_get(client->core, (s32)(client->index * 10 + index), thread);
	if (!thread->core) {
		free(thread);
		return NULL;
	}
	thread->state = THREAD_IDLE;
	client->threads[index % WORLD_THREADS] = thread;
	return thread;
}

void thread_exit(struct port_thread *thread)
{
	struct client *client = thread->client;

	WORLD_SAY("%d: exit\n", thread->core->tid);
	binder_thread_exit(thread->core);
	FUZZ_EXPECT(thread->gone, "a thread has ended and is kept");
	for (unsigned int i = 0; i < WORLD_THREADS; i++)
		if (client->threads[i] == thread)
			client->threads[i] = NULL;
	free(thread);
	world_check();
}

/* ---- what was read ------------------------------------------------------------------------ */

/* Every byte that a receiver is shown must have been written for it. */
static void check_fresh(struct client *client, u64 addr, u64 size)
{
	u8 *flags = received(client, client->home->written, addr, size);

	if (!size)
		return;
	FUZZ_EXPECT(flags, "[%#llx, +%llu) is not in the buffer", (unsigned long long)addr,
		    (unsigned long long)size);
	for (u64 i = 0; i < size; i++) {
		FUZZ_EXPECT(flags[i] & BYTE_FRESH, "byte %llu of %#llx, +%llu is somebody else's",
			    (unsigned long long)i, (unsigned long long)addr,
			    (unsigned long long)size);
		flags[i] &= (u8)~BYTE_FRESH;
	}
}

static void check_object(struct client *client, const struct binder_transaction_data *tr,
			 u64 offset)
{
	struct binder_buffer_object ptr;
	const u8 *object;

	FUZZ_EXPECT(offset <= tr->data_size && tr->data_size - offset >= sizeof(u32) * 2 &&
			    offset % 4 == 0,
		    "an object at %llu of %llu", (unsigned long long)offset,
		    (unsigned long long)tr->data_size);
	object = client_received(client, tr->data.ptr.buffer + offset, sizeof(u32));
	memcpy(&ptr, object, sizeof(ptr.hdr));
	if (ptr.hdr.type != BINDER_TYPE_PTR)
		return;
	FUZZ_EXPECT(tr->data_size - offset >= sizeof(ptr), "half an object");
	memcpy(&ptr, object, sizeof(ptr));
	check_fresh(client, ptr.buffer, ptr.length);
}

static void check_delivery(struct client *client, const struct binder_transaction_data *tr)
{
	u64 count = tr->offsets_size / sizeof(u64);

	check_fresh(client, tr->data.ptr.buffer, tr->data_size);
	check_fresh(client, tr->data.ptr.offsets, tr->offsets_size);
	for (u64 i = 0; i < count; i++) {
		u64 offset;

		memcpy(&offset,
		       client_received(client, tr->data.ptr.offsets + i * sizeof(offset),
				       sizeof(offset)),
		       sizeof(offset));
		check_object(client, tr, offset);
	}
}

static void on_command(struct port_thread *thread, u32 command, const void *data)
{
	struct binder_transaction_data_secctx secctx;
	struct binder_transaction_data tr;

	WORLD_SAY("    BR_ %u\n", _IOC_NR(command));
	switch (command) {
	case BR_TRANSACTION_SEC_CTX:
		memcpy(&secctx, data, sizeof(secctx));
		check_delivery(thread->client, &secctx.transaction_data);
		check_fresh(thread->client, secctx.secctx, sizeof("fuzz"));
		break;
	case BR_TRANSACTION:
	case BR_REPLY:
		memcpy(&tr, data, sizeof(tr));
		check_delivery(thread->client, &tr);
		break;
	}
	if (world_on_command)
		world_on_command(thread, command, data);
}

/* What came is copied first: the next command may lie over it. */
static void take_commands(struct port_thread *thread)
{
	u8 copy[ARENA_SIZE];
	u64 size = thread->read_done - thread->read_before, at = 0;
	const u8 *read =
		client_memory(thread->client, thread->read_addr + thread->read_before, size);

	/* The first BR_NOOP comes without a look at the size. */
	FUZZ_EXPECT(thread->read_done <= thread->read_size || size <= sizeof(u32),
		    "%llu bytes were read, of %llu", (unsigned long long)thread->read_done,
		    (unsigned long long)thread->read_size);
	FUZZ_EXPECT(read || !size, "a read of memory that is not there");
	if (size)
		memcpy(copy, read, size);
	/* Other threads of the process may have written over that meanwhile. */
	memcpy(copy, thread->early, thread->early_size < size ? thread->early_size : size);
	while (at < size) {
		u32 command;

		FUZZ_EXPECT(size - at >= sizeof(command), "half a command");
		memcpy(&command, copy + at, sizeof(command));
		at += sizeof(command);
		FUZZ_EXPECT(_IOC_TYPE(command) == 'r' && _IOC_SIZE(command) <= size - at,
			    "command %#x", command);
		on_command(thread, command, copy + at);
		at += _IOC_SIZE(command);
	}
}

/* ---- ioctls ---------------------------------------------------------------------------------- */

static int done(struct port_thread *thread, int result)
{
	thread->state = THREAD_IDLE;
	binder_thread_ioctl_done(thread->core);
	world_check();
	return result;
}

static void keep_early(struct port_thread *thread)
{
	u64 size = thread->read_done - thread->read_before;
	const u8 *read =
		client_memory(thread->client, thread->read_addr + thread->read_before, size);

	if (!read || size > sizeof(thread->early) || size < thread->early_size)
		return;
	memcpy(thread->early + thread->early_size, read + thread->early_size,
	       size - thread->early_size);
	thread->early_size = size;
}

static int read_on(struct port_thread *thread, bool nonblock)
{
	int r;

	WORLD_SAY("%d: read %llu of %llu%s\n", thread->core->tid,
		  (unsigned long long)thread->read_done, (unsigned long long)thread->read_size,
		  nonblock ? ", non-blocking" : "");
	thread->woken = false;
	r = binder_thread_read(thread->core, thread->read_addr, thread->read_size,
			       &thread->read_done, nonblock);
	if (r)
		WORLD_SAY("    = %d\n", r);
	if (r == -EAGAIN && !nonblock) {
		thread->state = THREAD_READING;
		world_check();
		return r;
	}
	if (r == -EINPROGRESS) {
		thread->state = THREAD_FILES;
		keep_early(thread);
		world_check();
		return r;
	}
	if (!r)
		take_commands(thread);
	return done(thread, r);
}

static void say_written(struct port_thread *thread, u64 addr, u64 from, u64 to, int result)
{
	fprintf(stderr, "%d: write %llu to %llu = %d:", thread->core->tid, (unsigned long long)from,
		(unsigned long long)to, result);
	while (from < to) {
		u32 command, word = 0;

		if (port_read_client(thread, &command, addr + from, sizeof(command)))
			break;
		from += sizeof(command);
		port_read_client(thread, &word, addr + from, sizeof(word));
		fprintf(stderr, " BC_%u(%#x)", _IOC_NR(command), word);
		from += _IOC_SIZE(command);
	}
	fputc('\n', stderr);
}

int thread_write_read(struct port_thread *thread, u64 write_addr, u64 write_size, u64 read_addr,
		      u64 read_size, u64 read_consumed, bool nonblock, u64 *write_done)
{
	u64 before = *write_done;
	int r;

	r = binder_thread_write(thread->core, write_addr, write_size, write_done);
	if (world_verbose)
		say_written(thread, write_addr, before, *write_done, r);
	world_check();
	if (r || !read_size)
		return done(thread, r);
	thread->read_addr = read_addr;
	thread->read_size = read_size;
	thread->read_before = thread->read_done = read_consumed;
	thread->early_size = 0;
	return read_on(thread, nonblock);
}

static int freeze_result(struct port_thread *thread, int r)
{
	WORLD_SAY("    = %d\n", r);
	if (r != -EINPROGRESS)
		return done(thread, r);
	thread->state = THREAD_FREEZING;
	world_check();
	return r;
}

int thread_ioctl(struct port_thread *thread, u32 cmd, u64 arg)
{
	WORLD_SAY("%d: ioctl %u\n", thread->core->tid, _IOC_NR(cmd));
	thread->woken = false;
	thread->freeze_cmd = cmd;
	thread->freeze_arg = arg;
	return freeze_result(thread, binder_thread_ioctl(thread->core, cmd, arg));
}

void thread_poll(struct port_thread *thread)
{
	WORLD_SAY("%d: poll\n", thread->core->tid);
	thread->woken = false;
	thread->state = binder_thread_poll(thread->core) ? THREAD_IDLE : THREAD_POLLING;
	world_check();
}

int thread_go_on(struct port_thread *thread)
{
	switch (thread->state) {
	case THREAD_READING:
	case THREAD_FILES:
		return read_on(thread, false);
	case THREAD_POLLING:
		thread_poll(thread);
		return 0;
	case THREAD_FREEZING:
		return thread_ioctl(thread, thread->freeze_cmd, thread->freeze_arg);
	default:
		return -EINVAL;
	}
}

void thread_give_up(struct port_thread *thread)
{
	int r;

	WORLD_SAY("%d: gives up\n", thread->core->tid);
	switch (thread->state) {
	case THREAD_READING:
		binder_thread_stop_waiting(thread->core);
		done(thread, -EINTR);
		return;
	case THREAD_FILES:
		thread_exit(thread); /* a home does not break off here, but a thread may end */
		return;
	case THREAD_POLLING:
		thread->state = THREAD_IDLE;
		return;
	case THREAD_FREEZING:
		r = binder_thread_freeze_end(thread->core, thread->freeze_arg & 8);
		FUZZ_EXPECT(r != -EINPROGRESS, "a wait that is over goes on");
		done(thread, r);
		return;
	default:
		return;
	}
}
