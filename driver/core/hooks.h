/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * hooks.h: what a home does for the core.
 *
 * Each home (and each test that links the core) defines every function here.
 * Unless a hook says otherwise it may sleep and is called without the
 * context's lock; those marked [locked] are called with it and must neither
 * sleep nor fail.
 *
 * struct port_proc, struct port_thread and struct port_file are the home's own;
 * the core only carries pointers to them.
 */
#ifndef BINDER_HOOKS_H
#define BINDER_HOOKS_H

struct port_proc;
struct port_thread;
struct port_file;
struct binder_context;
struct binder_trace;

/* ---- the client's memory: addresses are hostile -------------------------- */

/* 0 or -EFAULT. */
int port_read_client(struct port_thread *from, void *dst, u64 addr, size_t size);
int port_write_client(struct port_thread *to, u64 addr, const void *src, size_t size);

/* ---- receive buffers ------------------------------------------------------ */

/*
 * Makes [offset, offset + size) of the buffer writable, then copies the
 * client's bytes straight into it: the one copy.  0, -EFAULT, -ENOMEM, -EDQUOT.
 */
int port_buffer_copy(struct port_proc *to, size_t offset, struct port_thread *from, u64 addr,
		     size_t size);
/* Makes a range writable without filling it.  0, -ENOMEM, -EDQUOT. */
int port_buffer_prepare(struct port_proc *to, size_t offset, size_t size);
/* Only into and from ranges that were copied to or prepared before.  [locked] or not. */
void port_buffer_write(struct port_proc *to, size_t offset, const void *src, size_t size);
void port_buffer_read(struct port_proc *from, size_t offset, void *dst, size_t size);
/* Any range; what was never made writable needs no zeroing. */
void port_buffer_zero(struct port_proc *to, size_t offset, size_t size);

/* ---- waking --------------------------------------------------------------- */

/*
 * The thread has something to read, or BINDER_FREEZE waits no longer.  @sync: the caller is
 * about to sleep.
 */
void port_wake(struct port_thread *thread, bool sync);

/* ---- files ---------------------------------------------------------------- */

/* The open file behind a descriptor of the sender, held.  0, -EBADF, -EPERM. */
int port_file_get(struct port_thread *from, s32 fd, struct port_file **ret);
/* Gives a hold back.  May be called anywhere outside of the lock. */
void port_file_put(struct port_file *file);
/*
 * Gives the reader descriptors for all of @files, or for none: 0 and fds[]; a
 * negative errno.  -EINPROGRESS: asked for, will port_wake() @to; the core
 * calls again with the same files.  The holds stay with the core.
 */
int port_files_install(struct port_thread *to, struct port_file **files, s32 *fds, u32 count);
/* Closes a descriptor of the caller (BINDER_TYPE_FDA, when its buffer is freed). */
void port_fd_close(struct port_thread *thread, s32 fd);

/* ---- identity and policy --------------------------------------------------- */

/* [locked] The sender's pid and uid as the reader's namespaces number them. */
s32 port_visible_pid(struct port_thread *reader, struct port_proc *sender, s32 pid);
u32 port_visible_uid(struct port_thread *reader, u32 euid);
/*
 * The uid of a process whose thread sends, and of a thread that wants to be
 * context manager: what they are now, or @euid (at open) where a home knows only that.
 */
u32 port_sender_euid(struct port_thread *from, u32 euid);
u32 port_manager_euid(struct port_thread *thread, u32 euid);
/* [locked] 0 or -EPERM. */
int port_may_become_manager(struct port_thread *thread);
/*
 * The sender's security label, NUL included, in memory that port_free() takes.
 * 0 or a negative errno, which fails the transaction.
 */
int port_security_label(struct port_thread *from, char **ret, u32 *size);

/* ---- priority -------------------------------------------------------------- */

s32 port_get_nice(struct port_thread *thread);
/* For the thread that is making the call; clamped to what it may have. */
void port_set_nice(struct port_thread *thread, s32 nice);

/* ---- life ------------------------------------------------------------------ */

/* The core will not use this object again.  Outside of the lock. */
void port_thread_gone(struct port_thread *thread);
void port_proc_gone(struct port_proc *proc);

/* ---- time ------------------------------------------------------------------ */

/* Since some fixed moment; a few milliseconds more or less do not matter.  [locked] or not. */
u64 port_now_ms(void);

/* ---- telling ---------------------------------------------------------------- */

/*
 * Something happened.  Outside of the lock; must not call back, but for
 * port_buffer_read() of a payload (see below).
 */
void port_trace(const struct binder_trace *trace);
/* An invariant is broken: printf-like. */
void port_broken(const char *format, ...) __printf(1, 2);

/* What happened, to whom.  pids and tids are the clients' own. */
enum binder_trace_event {
	BINDER_TRACE_SENT,       /* queued for its target */
	BINDER_TRACE_FAILED,     /* refused: error and reason say why */
	BINDER_TRACE_DELIVERED,  /* a thread has read it */
	BINDER_TRACE_UNANSWERED, /* the caller has read that no reply will come: error */
	BINDER_TRACE_FREED,      /* the receiver gave the buffer back */
	BINDER_TRACE_PROC_DIED,
	BINDER_TRACE_MANAGER, /* a process became context manager */
};

enum binder_trace_kind { BINDER_CALL, BINDER_ONEWAY, BINDER_REPLY };

struct binder_trace {
	enum binder_trace_event event;
	enum binder_trace_kind kind;
	const struct binder_context *ctx;
	const char *context; /* its name */
	u32 id;              /* the transaction's */
	u32 reply_to;        /* of a reply: the call's id */
	s32 from_pid, from_tid;
	s32 to_pid, to_tid;     /* to_tid 0: any thread; to_pid 0: not known, or no target */
	u32 from_euid, to_euid; /* to_euid: where there is a target */
	bool has_target;        /* somebody is at the other end, whether its pid is known or not */
	u32 node, handle;       /* the target; node: of a reply that of its call */
	u32 code, flags;
	u64 data_size, offsets_size;
	u32 error;  /* BR_ code that the sender reads, 0 for success */
	s32 reason; /* negative errno or 0 */
	/*
	 * DELIVERED: whose buffer holds the payload, as its receiver sees it, and
	 * where.  It stays there until port_trace() returns.  Else NULL.
	 */
	struct port_proc *receiver;
	size_t data_at, offsets_at;
	struct port_proc *sender; /* SENT, FAILED: who sends; else NULL */
};

#endif
