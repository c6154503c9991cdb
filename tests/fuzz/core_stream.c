/* SPDX-License-Identifier: MIT */
/*
 * core_stream.c: raw BC_ streams and ioctls against the driver core, and a
 * scheduler, all taken from the input.
 *
 * Nothing here knows what makes sense: bytes go into a process's memory, and
 * the core is pointed at them.  world.c checks every invariant after each step.
 */
#include "world.h"

enum step {
	STEP_POKE,  /* bytes into the memory of a process */
	STEP_WRITE, /* bytes as commands; no read */
	STEP_BOTH,  /* bytes as commands, then a read */
	STEP_READ,
	STEP_GO_ON,
	STEP_GIVE_UP,
	STEP_IOCTL,
	STEP_POLL,
	STEP_THREAD_EXIT,
	STEP_OPEN,
	STEP_RELEASE,
	STEP_MMAP,
	STEP_MUNMAP,
	STEP_FLUSH,
	STEP_FAULTS,  /* what fails next */
	STEP_INSTALL, /* how descriptors are received */
	STEP_COUNT,
};

#define COMMANDS_AT 0u /* where in the arena they are laid */
#define READ_AT 0x2000u

static const u32 ioctls[] = {
	BINDER_VERSION,
	BINDER_SET_MAX_THREADS,
	BINDER_SET_CONTEXT_MGR,
	BINDER_SET_CONTEXT_MGR_EXT,
	BINDER_GET_NODE_DEBUG_INFO,
	BINDER_GET_NODE_INFO_FOR_REF,
	BINDER_ENABLE_ONEWAY_SPAM_DETECTION,
	BINDER_GET_EXTENDED_ERROR,
	BINDER_FREEZE,
	BINDER_GET_FROZEN_INFO,
	BINDER_SET_IDLE_TIMEOUT,
};

static void do_write(struct input *in, struct port_thread *thread, bool reads)
{
	u8 options = input_u8(in);
	u64 size = input_u8(in) * 2u, write_done = 0;
	u64 room = reads ? 256u << (options & 3) : 0;

	input_bytes(in, thread->client->arena + COMMANDS_AT, size);
	/* Some of it may have been taken before, the last command may be cut off. */
	if (options & 0x10)
		write_done = input_u8(in);
	if (options & 0x20)
		size -= size ? input_u8(in) % size : 0;
	if (options & 0x40)
		room = input_u8(in);
	thread_write_read(thread, ARENA_ADDR + COMMANDS_AT, size, ARENA_ADDR + READ_AT, room,
			  options & 0x80 ? input_u8(in) & 0x7c : 0, options & 8, &write_done);
}

static void do_ioctl(struct input *in, struct port_thread *thread)
{
	u8 which = input_u8(in);
	u64 arg = ARENA_ADDR + input_u16(in) % ARENA_SIZE;

	thread_ioctl(thread, which < 0xf0 ? ioctls[which % ARRAY_SIZE(ioctls)] : input_u32(in),
		     arg);
}

static void thread_step(struct input *in, struct port_thread *thread, enum step step)
{
	u64 none = 0;

	if (step == STEP_THREAD_EXIT) {
		thread_exit(thread);
	} else if (step == STEP_INSTALL) {
		thread->install_answer = input_u8(in) % 3;
	} else if (thread->state != THREAD_IDLE) {
		/* It is in the driver: all that it can do is to stay or to leave. */
		if (step == STEP_GIVE_UP)
			thread_give_up(thread);
		else
			thread_go_on(thread);
	} else if (step == STEP_WRITE || step == STEP_BOTH) {
		do_write(in, thread, step == STEP_BOTH);
	} else if (step == STEP_READ) {
		thread_write_read(thread, 0, 0, ARENA_ADDR + READ_AT, 512, 0, false, &none);
	} else if (step == STEP_IOCTL) {
		do_ioctl(in, thread);
	} else if (step == STEP_POLL) {
		thread_poll(thread);
	}
}

static void do_step(struct input *in)
{
	enum step step = input_u8(in) % STEP_COUNT;
	u8 who = input_u8(in);
	struct client *client = &world->clients[(who & 7) % WORLD_CLIENTS];
	struct port_thread *thread;
	u16 at;

	switch (step) {
	case STEP_POKE:
		at = input_u16(in) % ARENA_SIZE;
		who = input_u8(in);
		input_bytes(in, client->arena + at, who < ARENA_SIZE - at ? who : ARENA_SIZE - at);
		break;
	case STEP_OPEN:
		client_open(client, who >> 7, 100 + (who >> 3 & 3), who >> 5 & 1);
		break;
	case STEP_RELEASE:
		client_release(client);
		break;
	case STEP_MMAP:
		at = input_u16(in);
		client_mmap(client, at == 0xffff ? BINDER_MAX_MAPPING + 4096ull : 8u * at);
		break;
	case STEP_MUNMAP:
		client_munmap(client);
		break;
	case STEP_FLUSH:
		client_flush(client);
		break;
	case STEP_FAULTS:
		WORLD_SAY("faults %#x\n", who);
		world->alloc_fails_in = who & 1 ? input_u8(in) : 0;
		world->prepare_fails_in = who & 2 ? input_u8(in) : 0;
		world->copy_fails_in = who & 4 ? input_u8(in) : 0;
		world->strict_label = who & 8;
		world->refuse_manager = who & 16;
		break;
	default:
		thread = client_thread(client, (who >> 3 & 3) % WORLD_THREADS);
		if (thread)
			thread_step(in, thread, step);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

/* Three processes with a buffer each: what every other input would have to begin with. */
static void open_some(void)
{
	for (unsigned int i = 0; i < 3; i++) {
		client_open(&world->clients[i], 0, (s32)(100 + i), 0);
		client_mmap(&world->clients[i], 4096);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	u8 order[WORLD_CLIENTS];

	input_bytes(&in, order, sizeof(order));
	world_begin();
	open_some();
	while (!input_empty(&in))
		do_step(&in);
	world_end(order);
	return 0;
}
