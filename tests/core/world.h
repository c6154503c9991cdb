/* SPDX-License-Identifier: MIT */
/*
 * world.h: the driver core in the hands of a test.
 *
 * A world is one device; it has processes, and these have threads, all inside
 * of the test program: the core is driven directly, one step at a time.  An
 * address in a client is an address in the test.  After every step all
 * invariants are checked.
 */
#ifndef TESTS_CORE_WORLD_H
#define TESTS_CORE_WORLD_H

#include <check.h>
#include <stdlib.h>

#include "core.h"

/* For what runs often: libcheck notes every assertion that it passes in a file. */
#define EXPECT(condition) \
	do { \
		if (!(condition)) \
			ck_abort_msg("not true: %s", #condition); \
	} while (0)

#define WORLD_BAD_ADDRESS 0x10ull /* reading or writing there is -EFAULT */

struct world {
	struct binder_context *ctx;
	struct process *processes;   /* those that are open */
	struct process *released;    /* those that the core still knows */
	struct port_account account; /* everybody's; no limit unless a test sets one */
};

struct port_proc { /* what hooks get: see port_test.c */
	s32 pid;
	u8 *memory; /* the receive buffer */
	size_t size;
	int refuse_pages; /* port_buffer_prepare and _copy: -ENOMEM, so many times */
	bool gone;
};

struct port_file {
	int holds;
	s32 number; /* what the sender calls it */
};

struct port_thread {
	s32 tid;
	unsigned wakes;
	s32 nice;
	int install_result; /* what port_files_install() answers */
	bool install_later; /* -EINPROGRESS once */
	s32 next_fd;        /* the first number that it gives */
	s32 closed[16];
	unsigned closed_count;
	int label_error;
	int may_manage; /* what port_may_become_manager() answers */
	bool gone;
};

struct process {
	struct world *world;
	struct process *next;
	struct binder_proc *proc;
	struct port_proc *home;
	struct thread *threads;
};

struct thread {
	struct process *process;
	struct thread *next;
	struct port_thread *home;
	struct binder_thread *thread;
	u8 out[8192]; /* BC_ commands gathered by bc_*() */
	size_t out_size;
	u8 in[4096]; /* what the last read brought */
	u64 in_size;
	u64 write_consumed;
	/* From the last read. */
	struct binder_transaction_data tr; /* of BR_TRANSACTION, BR_REPLY */
	u64 secctx;
	struct binder_ptr_cookie node;          /* of BR_INCREFS and its kin */
	u64 cookie;                             /* of BR_DEAD_BINDER and its kin */
	struct binder_uapi_frozen_state frozen; /* of BR_FROZEN_BINDER */
};

/* ---- setting up ------------------------------------------------------------ */

struct world *world_new(void);
/* Ends everything, and fails when anything is left. */
void world_free(struct world *world);
/* map_size 0: does not map.  The uid is the pid's last digit. */
struct process *process_open(struct world *world, s32 pid, size_t map_size);
void process_close(struct process *process);
struct thread *thread_new(struct process *process, s32 tid);
/* The same, before its first ioctl. */
struct thread *thread_new_unused(struct process *process, s32 tid);
void thread_exit(struct thread *thread);
/* A process with a buffer of 128 KiB and one thread (tid = pid) that has entered the loop. */
struct thread *looper_new(struct world *world, s32 pid);
/* The same, as context manager. */
struct thread *manager_new(struct world *world, s32 pid);

/* ---- commands: gathered, then sent with ioctl_write() or ioctl_both() ---------- */

void bc(struct thread *thread, u32 command);
void bc_raw(struct thread *thread, const void *data, size_t size);
void bc_u32(struct thread *thread, u32 command, u32 value);
void bc_u64(struct thread *thread, u32 command, u64 value);
void bc_node(struct thread *thread, u32 command, u64 ptr, u64 cookie);
void bc_handle_cookie(struct thread *thread, u32 command, u32 handle, u64 cookie);

struct payload {
	const void *data;
	size_t size;
	const u64 *offsets;
	size_t offsets_size;
};
/* payload NULL: empty. */
void bc_call(struct thread *thread, u32 handle, u32 code, u32 flags, const struct payload *payload);
void bc_reply(struct thread *thread, u32 flags, const struct payload *payload);
void bc_transaction_data(struct thread *thread, u32 command, struct binder_transaction_data *tr);
void bc_transaction_sg(struct thread *thread, u32 command, struct binder_transaction_data *tr,
		       u64 buffers_size);

/* One object as a whole payload. */
struct payload object_payload(struct flat_binder_object *object);
struct flat_binder_object local_object(u32 type, u64 ptr, u64 cookie); /* accepts fds */
struct flat_binder_object handle_object(u32 type, u32 handle);
struct flat_binder_object fd_object(s32 fd); /* laid out as struct binder_fd_object */

/* ---- ioctls ---------------------------------------------------------------------- */

/* Sends what was gathered. */
int ioctl_write(struct thread *thread);
/* Reads; parks like a home would: -EAGAIN means that the thread waits now. */
int ioctl_read(struct thread *thread);
int ioctl_both(struct thread *thread);
int ioctl_read_sized(struct thread *thread, size_t size);
int ioctl_nonblock(struct thread *thread);
void give_up_waiting(struct thread *thread);

/* What the last read brought, as "NOOP TRANSACTION_COMPLETE REPLY". */
const char *commands_read(struct thread *thread);

/* The thread reads and gets exactly this; "" when it must wait. */
#define expect_read(thread, words) \
	do { \
		int r_ = ioctl_read(thread); \
		if (!*(words)) \
			ck_assert_int_eq(r_, -EAGAIN); \
		else \
			ck_assert_str_eq(commands_read(thread), words); \
	} while (0)

/* Sends what was gathered, all of it. */
#define expect_write(thread) \
	do { \
		size_t size_ = (thread)->out_size; \
		EXPECT(ioctl_write(thread) == 0); \
		EXPECT((thread)->write_consumed == size_); \
	} while (0)

struct binder_extended_error extended_error(struct thread *thread);
#define expect_error(thread, command_, param_) \
	do { \
		struct binder_extended_error e_ = extended_error(thread); \
		ck_assert_uint_eq(e_.command, command_); \
		ck_assert_int_eq(e_.param, param_); \
	} while (0)

/* ---- what a payload became ---------------------------------------------------------- */

const struct flat_binder_object *object_read(struct thread *thread, unsigned index);
/* Frees the buffer of the last transaction or reply that was read. */
void free_buffer(struct thread *thread);
struct binder_counts world_counts(struct world *world);

/* Sends an object from one process to another's manager and gives the handle
 * that it got there; the receiver's buffer stays (*buffer) unless NULL. */
u32 give_object(struct thread *from, struct thread *manager, u64 ptr, u64 *buffer);

/* ---- what other processors do meanwhile ------------------------------------------- */

/* Hooks that the core calls without its lock. */
enum hook {
	HOOK_READ,
	HOOK_WRITE,
	HOOK_COPY,
	HOOK_ZERO,
	HOOK_WAKE,
	HOOK_LABEL,
	HOOK_FILE_GET,
	HOOK_FD_CLOSE,
};

/* Acts, once, when that hook has done its work for the nth time from now. */
void during(enum hook hook, unsigned nth, void (*act)(void));
bool during_ran(void);

/* How often the core said that a call has got no reply. */
extern u32 test_unanswered;

/* What port_now_ms() says. */
extern u64 test_now_ms;

/* Files that tests send. */
struct port_file *test_file(s32 number); /* the sender's descriptor of that number is open */
int test_file_holds(s32 number);

#endif
