/* SPDX-License-Identifier: MIT */
/*
 * core_live.c: processes that know what they are doing, mostly.
 *
 * They send handles, cookies and buffers that they have really been given, and
 * acknowledge what they were told, so that the input reaches deep states:
 * nested calls, queues of one-way calls, deaths and freezes in any order,
 * payloads in several pieces.  world.c checks every invariant after each step.
 */
#include "core_live.h"

struct known known[WORLD_CLIENTS];

/* ---- what they are told ---------------------------------------------------------- */

static void learn_objects(struct client *client, const struct binder_transaction_data *tr)
{
	for (u64 at = 0; at < tr->offsets_size; at += sizeof(u64)) {
		struct flat_binder_object flat;
		u64 offset;

		memcpy(&offset, client_received(client, tr->data.ptr.offsets + at, sizeof(offset)),
		       sizeof(offset));
		if (tr->data_size - offset < sizeof(flat))
			continue;
		memcpy(&flat, client_received(client, tr->data.ptr.buffer + offset, sizeof(flat)),
		       sizeof(flat));
		if (flat.hdr.type == BINDER_TYPE_HANDLE ||
		    flat.hdr.type == BINDER_TYPE_WEAK_HANDLE) {
			FUZZ_EXPECT(!flat.cookie, "a handle with somebody's cookie");
			ring_add(&known[client->index].handles, flat.handle);
		} else if (flat.hdr.type == BINDER_TYPE_BINDER ||
			   flat.hdr.type == BINDER_TYPE_WEAK_BINDER) {
			FUZZ_EXPECT(binder_node_find(client->core, flat.binder),
				    "an object that is not the receiver's");
		}
	}
}

static void learn(struct port_thread *thread, u32 command, const void *data)
{
	struct known *k = &known[thread->client->index];
	struct binder_uapi_frozen_state frozen;
	struct binder_transaction_data tr;
	u64 word;

	switch (command) {
	case BR_TRANSACTION_SEC_CTX:
	case BR_TRANSACTION:
	case BR_REPLY:
		memcpy(&tr, data, sizeof(tr));
		ring_add(&k->buffers, tr.data.ptr.buffer);
		learn_objects(thread->client, &tr);
		break;
	case BR_INCREFS:
	case BR_ACQUIRE:
		memcpy(&word, data, sizeof(word));
		ring_add(command == BR_ACQUIRE ? &k->acquires : &k->increfs, word);
		break;
	case BR_DEAD_BINDER:
		memcpy(&word, data, sizeof(word));
		ring_add(&k->deaths, word);
		break;
	case UAPI_BR_FROZEN_BINDER:
		memcpy(&frozen, data, sizeof(frozen));
		ring_add(&k->freezes, frozen.cookie);
		break;
	}
}

/* ---- commands -------------------------------------------------------------------------- */

/* What a thread has gathered and not sent. */
struct out {
	u8 data[0x700];
	size_t size;
};

static struct out outs[WORLD_CLIENTS][WORLD_THREADS];

static void put(struct out *out, u32 command, const void *data, size_t size)
{
	if (out->size + sizeof(command) + size > sizeof(out->data))
		return;
	memcpy(out->data + out->size, &command, sizeof(command));
	if (size)
		memcpy(out->data + out->size + sizeof(command), data, size);
	out->size += sizeof(command) + size;
}

static void put_u32(struct out *out, u32 command, u32 value)
{
	put(out, command, &value, sizeof(value));
}

static void put_u64(struct out *out, u32 command, u64 value)
{
	put(out, command, &value, sizeof(value));
}

static void put_node(struct out *out, u32 command, u64 ptr)
{
	struct binder_ptr_cookie node = { .ptr = ptr, .cookie = node_cookie(ptr) };

	put(out, command, &node, sizeof(node));
}

static void put_handle_cookie(struct out *out, u32 command, u32 handle, u64 cookie)
{
	struct binder_handle_cookie data = { .handle = handle, .cookie = cookie };

	put(out, command, &data, sizeof(data));
}

static void put_transaction(struct input *in, struct client *client, struct out *out, bool reply)
{
	static const u32 flags[] = {
		0,
		TF_ACCEPT_FDS,
		TF_ONE_WAY,
		TF_ONE_WAY | TF_UPDATE_TXN,
		TF_CLEAR_BUF,
		TF_CLEAR_BUF | TF_ACCEPT_FDS,
		TF_ONE_WAY | TF_CLEAR_BUF,
		TF_ONE_WAY | TF_UPDATE_TXN | TF_CLEAR_BUF,
	};
	struct binder_transaction_data_sg sg = { .buffers_size = 0 };
	struct binder_transaction_data *tr = &sg.transaction_data;
	u8 how = input_u8(in);

	tr->flags = flags[how & 7];
	tr->code = how >> 6;
	if (!reply && (how & 0x38))
		tr->target.handle = (u32)ring_choose(&known[client->index].handles, how >> 3 & 7);
	live_payload(in, client, tr, &sg.buffers_size);
	if (sg.buffers_size)
		put(out, reply ? BC_REPLY_SG : BC_TRANSACTION_SG, &sg, sizeof(sg));
	else
		put(out, reply ? BC_REPLY : BC_TRANSACTION, tr, sizeof(*tr));
}

static void put_notice(struct client *client, struct out *out, u8 choice, u8 what)
{
	static const u32 commands[] = {
		BC_REQUEST_DEATH_NOTIFICATION,
		BC_CLEAR_DEATH_NOTIFICATION,
		BC_DEAD_BINDER_DONE,
		UAPI_BC_REQUEST_FREEZE_NOTIFICATION,
		UAPI_BC_CLEAR_FREEZE_NOTIFICATION,
		UAPI_BC_FREEZE_NOTIFICATION_DONE,
	};
	struct known *k = &known[client->index];
	u32 handle = (u32)ring_choose(&k->handles, choice);
	u64 cookie = 0;

	/* Cookies are the handle's number, so that several may be alike. */
	if (what % 3 != 2)
		put_handle_cookie(out, commands[what], handle, handle & 3);
	else if (ring_take(what == 2 ? &k->deaths : &k->freezes, &cookie) || choice & 1)
		put_u64(out, commands[what], cookie);
}

static void put_acknowledgements(struct client *client, struct out *out)
{
	struct known *k = &known[client->index];
	u64 ptr;

	while (ring_take(&k->increfs, &ptr))
		put_node(out, BC_INCREFS_DONE, ptr);
	while (ring_take(&k->acquires, &ptr))
		put_node(out, BC_ACQUIRE_DONE, ptr);
	if (k->increfs.count > RING)
		k->increfs.count = 0;
}

static void put_command(struct input *in, struct client *client, struct out *out, u8 what)
{
	static const u32 counts[] = { BC_INCREFS, BC_ACQUIRE, BC_RELEASE, BC_DECREFS };
	static const u32 loopers[] = { BC_ENTER_LOOPER, BC_REGISTER_LOOPER, BC_EXIT_LOOPER };
	struct known *k = &known[client->index];
	u8 choice = input_u8(in);

	switch (what) {
	case 0:
		put_u64(out, BC_FREE_BUFFER, ring_choose(&k->buffers, choice));
		break;
	case 1:
		put_u32(out, counts[choice >> 6], (u32)ring_choose(&k->handles, choice & 0x3f));
		break;
	case 2:
		put_u32(out, counts[choice & 3], 0);
		ring_add(&k->handles, 0);
		break;
	case 3:
		put_notice(client, out, choice >> 3, (choice & 7) % 6);
		break;
	case 4:
		put(out, loopers[choice % 3], NULL, 0);
		break;
	case 5:
		put_node(out, choice & 1 ? BC_INCREFS_DONE : BC_ACQUIRE_DONE,
			 node_ptr(choice >> 1));
		break;
	default:
		put_acknowledgements(client, out);
	}
}

/* ---- steps ---------------------------------------------------------------------------------- */

static void send(struct port_thread *thread, struct out *out, u8 how)
{
	static const u16 rooms[] = { 0, 512, 1024, 0, 512, 80, 128, 79 };
	u64 done = 0;

	memcpy(thread->client->arena + LIVE_COMMANDS, out->data, out->size);
	thread_write_read(thread, ARENA_ADDR + LIVE_COMMANDS, out->size, ARENA_ADDR + LIVE_READ,
			  rooms[how & 7], 0, how & 8, &done);
	/* What a failed call left behind is sent again next time, as libbinder does. */
	if (done < out->size && done)
		memmove(out->data, out->data + done, out->size - done);
	out->size = done < out->size && !(how & 16) ? out->size - done : 0;
}

static void do_ioctl(struct input *in, struct port_thread *thread)
{
	struct client *client = thread->client;
	u8 *memory = client->arena + LIVE_ARGS;
	u8 what = input_u8(in), choice = input_u8(in);
	u64 arg = ARENA_ADDR + LIVE_ARGS;
	u32 word = choice;

	memset(memory, 0, 64);
	if (what % 8 <= 2) {
		struct binder_freeze_info info = { .pid = 100u + (choice & 3),
						   .enable = what % 8 != 0,
						   .timeout_ms = what % 8 == 1 ? 0 : 100 };

		memcpy(memory, &info, sizeof(info));
		thread_ioctl(thread, BINDER_FREEZE, arg | (choice & 8));
		return;
	}
	memcpy(memory, &word, sizeof(word));
	switch (what % 8) {
	case 3:
		word = 100u + (choice & 3);
		memcpy(memory, &word, sizeof(word));
		thread_ioctl(thread, BINDER_GET_FROZEN_INFO, arg);
		break;
	case 4:
		thread_ioctl(thread,
			     choice & 1 ? BINDER_SET_MAX_THREADS :
					  BINDER_ENABLE_ONEWAY_SPAM_DETECTION,
			     arg);
		break;
	case 5:
		thread_ioctl(thread, BINDER_GET_EXTENDED_ERROR, arg);
		break;
	case 6:
		memset(memory, 0, 64);
		word = (u32)ring_choose(&known[client->index].handles, choice);
		memcpy(memory, &word, sizeof(word));
		thread_ioctl(thread,
			     choice & 1 ? BINDER_GET_NODE_INFO_FOR_REF : BINDER_GET_NODE_DEBUG_INFO,
			     arg);
		break;
	default:
		if (choice & 2) {
			struct flat_binder_object flat = { .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS,
							   .binder = node_ptr(choice >> 2) };

			flat.cookie = node_cookie(flat.binder);
			memcpy(memory, &flat, sizeof(flat));
			thread_ioctl(thread, BINDER_SET_CONTEXT_MGR_EXT, arg);
		} else {
			thread_ioctl(thread, BINDER_SET_CONTEXT_MGR, arg);
		}
	}
}

enum step {
	STEP_CALL,
	STEP_REPLY,
	STEP_FREE,
	STEP_COUNTS,
	STEP_MANAGER,
	STEP_NOTICE,
	STEP_LOOPER,
	STEP_NODE,
	STEP_ACKNOWLEDGE,
	STEP_SEND,
	STEP_SERVE,
	STEP_GIVE_UP,
	STEP_IOCTL,
	STEP_POLL,
	STEP_EXIT,
	STEP_PROCESS,
	STEP_FAULTS,
	STEP_INSTALL,
	STEP_COUNT,
};

static void process_step(struct input *in, struct client *client)
{
	u8 what = input_u8(in);

	switch (what & 7) {
	case 0:
	case 1:
		client_release(client);
		memset(&known[client->index], 0, sizeof(known[0]));
		memset(outs[client->index], 0, sizeof(outs[0]));
		break;
	case 2:
	case 3:
	case 4:
		client_open(client, what >> 7, 100 + (what >> 3 & 3), what >> 5 & 1);
		if (what & 0x40)
			client_mmap(client, 64u << (input_u8(in) & 7));
		break;
	case 5:
		client_mmap(client, 64u << (what >> 4));
		break;
	case 6:
		client_munmap(client);
		break;
	default:
		client_flush(client);
	}
}

static void thread_step(struct input *in, struct port_thread *thread, struct out *out,
			enum step step, bool now)
{
	struct client *client = thread->client;

	switch (step) {
	case STEP_EXIT:
		out->size = 0;
		thread_exit(thread);
		return;
	case STEP_GIVE_UP:
		thread_give_up(thread);
		return;
	case STEP_INSTALL:
		thread->install_answer = input_u8(in) % 3;
		return;
	default:
		break;
	}
	if (thread->state != THREAD_IDLE) {
		thread_go_on(thread);
		return;
	}
	switch (step) {
	case STEP_CALL:
	case STEP_REPLY:
		put_transaction(in, client, out, step == STEP_REPLY);
		/* The payload lies in the one arena: it has to be sent before the next one. */
		send(thread, out, now ? 1 : 0);
		return;
	case STEP_SEND:
		send(thread, out, input_u8(in));
		return;
	case STEP_SERVE:
		put_acknowledgements(client, out);
		send(thread, out, now ? 9 : 1);
		return;
	case STEP_IOCTL:
		do_ioctl(in, thread);
		return;
	case STEP_POLL:
		thread_poll(thread);
		return;
	default:
		put_command(in, client, out, (u8)(step - STEP_FREE));
		if (now)
			send(thread, out, 0);
	}
}

static void do_step(struct input *in)
{
	enum step step = input_u8(in) % STEP_COUNT;
	u8 who = input_u8(in);
	struct client *client = &world->clients[(who & 7) % WORLD_CLIENTS];
	unsigned int index = (who >> 3 & 3) % WORLD_THREADS;
	struct port_thread *thread;

	if (step == STEP_PROCESS) {
		process_step(in, client);
	} else if (step == STEP_FAULTS) {
		WORLD_SAY("faults %#x\n", who);
		world->alloc_fails_in = who & 1 ? input_u8(in) : 0;
		world->prepare_fails_in = who & 2 ? input_u8(in) : 0;
		world->copy_fails_in = who & 4 ? input_u8(in) : 0;
		world->strict_label = who & 8;
		world->refuse_manager = who & 16;
	} else {
		thread = client_thread(client, index);
		if (thread)
			thread_step(in, thread, &outs[client->index][index], step, who & 0x20);
	}
}

/* A manager and three others that have given it an object each, and got them all. */
static void set_up(void)
{
	for (unsigned int i = 0; i < 4; i++) {
		client_open(&world->clients[i], 0, (s32)(100 + i), 0);
		client_mmap(&world->clients[i], 4096);
		ring_add(&known[i].handles, 0);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	world_on_command = learn;
	return 0;
}

/* The start that most inputs would have to find: each of three processes gives the manager
 * an object, and is handed out what the others gave. */
/* clang-format off */
static const u8 introduction[] = {
	STEP_IOCTL, 0, 7, 2,			/* process 0 is manager: node 0 */
	STEP_LOOPER, 0, 0,
	STEP_LOOPER, 1, 0,
	STEP_LOOPER, 2, 0,
	STEP_LOOPER, 3, 0,
	STEP_CALL, 0x21, 1, 1, 0, 0x41,
	STEP_CALL, 0x22, 1, 1, 0, 0xc2,
	STEP_CALL, 0x23, 1, 1, 0, 0x43,
	STEP_SERVE, 0, STEP_REPLY, 0, 0, 1, 2, 1,
	STEP_SERVE, 0, STEP_SERVE, 0, STEP_REPLY, 0, 0, 1, 2, 1,
	STEP_SERVE, 0, STEP_SERVE, 0, STEP_REPLY, 0, 0, 2, 2, 1, 2, 2,
	STEP_SERVE, 0, STEP_SERVE, 1, STEP_SERVE, 2, STEP_SERVE, 3,
};
/* clang-format on */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input start = { introduction, sizeof(introduction) };
	struct input in = { data, size };
	u8 order[WORLD_CLIENTS];

	memset(known, 0, sizeof(known));
	memset(outs, 0, sizeof(outs));
	input_bytes(&in, order, sizeof(order));
	world_begin();
	set_up();
	world->unchecked = true; /* it is the same each time */
	while (!(order[0] & 0x80) && !input_empty(&start))
		do_step(&start);
	world->unchecked = false;
	while (!input_empty(&in))
		do_step(&in);
	world_end(order);
	return 0;
}
