/* SPDX-License-Identifier: MIT */
/*
 * attack.c: hostile clients that do one thing without end, as fast as they can.
 *
 * attack_test.c forks them and kills them.  What the daemon answers is of no
 * interest here, only that the attack goes on.
 */
#include "attack.h"
#include "channel/line.h"
#include "channel/raw.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Addresses that the daemon is told: of commands, payload, offsets, answer. */
enum { COMMANDS = 0x100000, DATA = 0x200000, OFFSETS = 0x300000, OUT = 0x400000 };

static unsigned int seed = 1;

static uint64_t random_word(void)
{
	static const uint64_t edges[] = {
		0,           1,         4096,       0x7fffffff,   0x80000000u,
		0xffffffffu, INT64_MAX, UINT64_MAX, CHANNEL_SIZE, CHANNEL_SIZE - 8,
	};

	if (rand_r(&seed) % 4)
		return edges[(size_t)rand_r(&seed) % (sizeof(edges) / sizeof(edges[0]))];
	return (uint64_t)rand_r(&seed) << 32 | (uint32_t)rand_r(&seed);
}

static void strike(const struct attack_place *place)
{
	__atomic_fetch_add(place->blows, 1, __ATOMIC_RELAXED);
}

static void under_way(const struct attack_place *place)
{
	if (write(place->ready, "", 1) != 1)
		_exit(1);
}

static void open_line(struct line *line, const char *device)
{
	if (line_open(line, device) < 0 || line_attach(line) < 0)
		_exit(2);
}

static pid_t start(void)
{
	pid_t pid = fork();

	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* ---- the channel --------------------------------------------------------------------- */

void attack_with_garbage(const struct attack_place *place)
{
	unsigned char data[256];

	under_way(place);
	for (;;) {
		int conn = line_connect(place->device);

		if (conn < 0)
			continue;
		for (size_t i = 0; i < sizeof(data); i++)
			data[i] = (unsigned char)rand_r(&seed);
		line_send(conn, data, 1 + (size_t)rand_r(&seed) % sizeof(data), NULL, 0);
		close(conn);
		strike(place);
	}
}

struct call {
	uint32_t command;
	struct binder_transaction_data tr;
} __attribute__((packed));

static void prepare_call(const struct line *line, const struct call *call, size_t count)
{
	struct channel_mailbox *box = line->box;
	char *at = line->mailbox + CHANNEL_IN_OFFSET + 8192;

	memset(&box->op, 0, sizeof(*box) - offsetof(struct channel_mailbox, op));
	for (size_t i = 0; i < count; i++)
		memcpy(at + i * sizeof(*call), call, sizeof(*call));
	box->range[0] = (struct channel_range){ COMMANDS, (uint32_t)(count * sizeof(*call)),
						CHANNEL_IN_OFFSET + 8192 };
	box->range[1] = (struct channel_range){ DATA, 2048, CHANNEL_IN_OFFSET };
	box->range[2] = (struct channel_range){ OFFSETS, 2048, CHANNEL_IN_OFFSET + 2048 };
	box->range_count = 3;
	box->op = CHANNEL_IOCTL;
	box->cmd = BINDER_WRITE_READ;
	box->flags = CHANNEL_NONBLOCK;
	box->bwr.write_buffer = COMMANDS;
	box->bwr.write_size = count * sizeof(*call);
	box->bwr.read_buffer = OUT;
	box->bwr.read_size = 4096;
	box->out_addr = OUT;
	box->out_size = 4096;
}

static const struct call plain_call = {
	BC_TRANSACTION,
	{ .data_size = 64, .data.ptr.buffer = DATA, .data.ptr.offsets = OFFSETS },
};

void attack_with_forged_lengths(const struct attack_place *place)
{
	struct call call = plain_call;
	struct line line;

	open_line(&line, place->another);
	under_way(place);
	for (;;) {
		call.tr.data_size = random_word();
		call.tr.offsets_size = random_word();
		prepare_call(&line, &call, 1);
		line.box->range[1].size = (uint32_t)random_word();
		line.box->range[2].offset = (uint32_t)random_word();
		line.box->range_count = (uint32_t)random_word();
		line.box->bwr.write_size = rand_r(&seed) % 2 ? sizeof(call) : random_word();
		line_request(&line);
		strike(place);
	}
}

void attack_by_rewriting_the_mailbox(const struct attack_place *place)
{
	struct line line;

	open_line(&line, place->another);
	under_way(place);
	if (start() == 0) {
		for (;;) {
			uint64_t word = random_word();

			memcpy(line.mailbox + (size_t)rand_r(&seed) % (CHANNEL_IN_OFFSET + 9000),
			       &word, sizeof(word));
		}
	}
	for (;;) {
		prepare_call(&line, &plain_call, 4);
		__atomic_store_n(&line.box->state, CHANNEL_REQUEST, __ATOMIC_SEQ_CST);
		line_ring(&line);
		line.box->cancel = 1;
		line_ring(&line);
		strike(place);
	}
}

void attack_by_ringing(const struct attack_place *place)
{
	struct line line;

	open_line(&line, place->another);
	under_way(place);
	line.box->op = CHANNEL_FLUSH;
	for (;;) {
		__atomic_store_n(&line.box->state, CHANNEL_REQUEST, __ATOMIC_SEQ_CST);
		line_ring(&line);
		strike(place);
	}
}

void attack_by_writing_without_end(const struct attack_place *place)
{
	const struct call call = plain_call;
	const size_t count = (CHANNEL_IN_SIZE - 8192) / sizeof(call);
	struct line line;

	open_line(&line, place->another);
	under_way(place);
	for (;;) {
		prepare_call(&line, &call, count);
		line_request(&line);
		strike(place);
	}
}

/* ---- what fills up --------------------------------------------------------------------- */

/* The attackers' own context manager, which takes calls and does as it likes. */
static void become_accomplice(struct raw *raw, const char *device)
{
	if (raw_open(raw, device, 4 << 20) < 0)
		_exit(3);
	while (raw_become_manager(raw) < 0)
		poll(NULL, 0, 1);
}

void attack_by_never_reading(const struct attack_place *place)
{
	struct call call = plain_call;
	struct line line;
	struct raw raw;

	become_accomplice(&raw, place->another);
	if (start() != 0) {
		for (;;)
			pause(); /* never takes what is sent to it */
	}
	open_line(&line, place->another);
	under_way(place);
	call.tr.flags = TF_ONE_WAY;
	call.tr.data_size = 8;
	for (;;) {
		prepare_call(&line, &call, 64);
		line.box->bwr.read_size = 0;
		line_request(&line);
		strike(place);
	}
}

static void give_descriptors(const struct line *line)
{
	int32_t numbers[250];
	int fds[250];

	for (int i = 0; i < 250; i++) {
		numbers[i] = i;
		fds[i] = STDERR_FILENO;
	}
	for (int i = 0; i < 4; i++)
		line_send(line->sock, numbers, sizeof(numbers), fds, 250);
}

/* To somebody who never reads, so that the daemon has to keep them; and many that nobody named. */
void attack_with_descriptors(const struct attack_place *place)
{
	struct binder_fd_object object = { .hdr.type = BINDER_TYPE_FD };
	const uint64_t offset = 0;
	struct call call = plain_call;
	struct line line;
	struct raw raw;

	become_accomplice(&raw, place->another);
	if (start() != 0) {
		for (;;)
			pause();
	}
	open_line(&line, place->another);
	under_way(place);
	call.tr.flags = TF_ONE_WAY;
	call.tr.data_size = sizeof(object);
	call.tr.offsets_size = sizeof(offset);
	for (;;) {
		give_descriptors(&line);
		prepare_call(&line, &call, 4);
		memcpy(line.mailbox + CHANNEL_IN_OFFSET, &object, sizeof(object));
		memcpy(line.mailbox + CHANNEL_IN_OFFSET + 2048, &offset, sizeof(offset));
		line.box->file_packets = rand_r(&seed) % 8 ? 4 : 0;
		line_request(&line);
		strike(place);
	}
}

#define HANDLES 100000
#define BATCH 64

/* Takes all that it is given and keeps it. */
static void hoard(struct raw *raw)
{
	struct binder_transaction_data tr;
	char payload[72];
	uint32_t command;

	raw_put(raw, BC_ENTER_LOOPER, NULL);
	while (raw_next_work(raw, &command, payload, false) == 0) {
		const struct flat_binder_object *objects;

		if (command != BR_TRANSACTION)
			continue;
		memcpy(&tr, payload, sizeof(tr));
		objects = (const void *)(uintptr_t)tr.data.ptr.buffer;
		for (size_t i = 0; i < tr.offsets_size / 8; i++) {
			raw_put(raw, BC_ACQUIRE, &objects[i].handle);
			if (raw->out_size > 900)
				raw_exchange(raw, false, false);
		}
		raw_put_free(raw, tr.data.ptr.buffer);
		raw_put_call(raw, BC_REPLY, 0, 0, 0, NULL, 0);
	}
}

static void give_handles(struct raw *raw, uint64_t *ptr)
{
	struct flat_binder_object objects[BATCH];
	struct binder_transaction_data reply;
	uint64_t offsets[BATCH];
	char payload[72];
	uint32_t command;

	memset(objects, 0, sizeof(objects));
	for (size_t i = 0; i < BATCH; i++) {
		objects[i].hdr.type = BINDER_TYPE_BINDER;
		objects[i].binder = objects[i].cookie = *ptr += 16;
		offsets[i] = i * sizeof(objects[0]);
	}
	raw_put_objects(raw, BC_TRANSACTION, 0, 1, 0, objects, sizeof(objects), offsets, BATCH);
	/* Each node's news come with it: written back at once, there would be too many. */
	do {
		if (raw_next(raw, &command, payload, false) < 0)
			_exit(4);
	} while (command != BR_REPLY && command != BR_FAILED_REPLY && command != BR_DEAD_REPLY);
	if (command != BR_REPLY)
		return;
	memcpy(&reply, payload, sizeof(reply));
	raw_put_free(raw, reply.data.ptr.buffer);
}

/* A hundred thousand, then all at once away, and again. */
void attack_with_handles(const struct attack_place *place)
{
	bool told = false;

	for (;;) {
		uint64_t ptr = 0;
		struct raw raw;
		pid_t pid = start();

		if (pid == 0) {
			become_accomplice(&raw, place->another);
			hoard(&raw);
			_exit(0);
		}
		if (raw_open(&raw, place->another, 1 << 20) < 0)
			_exit(5);
		while (ptr < 16ull * HANDLES) {
			give_handles(&raw, &ptr);
			strike(place);
			if (!told && ptr > 16 * 1000)
				under_way(place);
			told |= ptr > 16 * 1000;
		}
		kill(pid, SIGKILL);
		raw_close(&raw);
	}
}

/* Ten processes: as many connections as each gets, and then on trying. */
void attack_with_connections(const struct attack_place *place)
{
	struct rlimit limit;
	struct line *lines = calloc(1000, sizeof(*lines));

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < 9; i++) {
		if (start() == 0)
			break;
	}
	for (int i = 0; i < 1000; i++)
		line_open(&lines[i], place->device);
	under_way(place);
	for (int i = 0;; i = (i + 1) % 1000) {
		line_close(&lines[i]);
		line_open(&lines[i], place->device);
		strike(place);
	}
}
