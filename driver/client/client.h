/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * client.h: a Binder device that binderd serves, used like a real one.
 *
 * Called by libbinder's driver.c and by the preload library.  Semantics are the
 * device's (open, ioctl, mmap, poll, close); results are 0 or more, or -errno.
 * Any thread may call; calls of different threads do not wait for each other.
 * A forked child may go on using its parent's client, as with the device: it
 * acts as one more thread of the same client, without a mapping.
 *
 * Besides the device's own errors: -ENODEV, also from a call under way: the
 * daemon is gone, for good as far as this client goes.  -EDEADLK: a signal
 * handler called in while its thread was inside a call of the same client.
 *
 * A deadline (driver/deadline.h; 0: none) limits how long a call waits for the daemon.
 * What is under way then ends as if a signal had come, with -EINTR.
 * A daemon that does not answer is asked whether it lives.  One that does not answer that
 * either, for two seconds, hangs: the client is of no use from then on, -ETIMEDOUT.
 */
#ifndef BINDER_CLIENT_H
#define BINDER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct binder_client;

/* Connects to the socket.  -ENOENT, -ECONNREFUSED: nobody there; -EPROTO: another version;
 * -EDQUOT: the daemon's limit for this user or process; -EMFILE, -ENOMEM: here or there. */
int binder_client_open(const char *path, uint64_t deadline, struct binder_client **ret);

/* Frees everything; threads still inside a call of this client get -EBADF.  NULL is allowed. */
void binder_client_close(struct binder_client *client);
/* The descriptor that stands for the device (the connection's socket). */
int binder_client_fd(const struct binder_client *client);

/*
 * For a descriptor that a program may keep, duplicate, pass on and poll as it
 * would the device's: the client goes on with a duplicate of its own, and the
 * first one is the caller's (the result; < 0: as it was).  From now on it
 * is readable while there is work; see channel.h.  The device stays open
 * until both are closed, in every process that has them.
 */
int binder_client_share(struct binder_client *client);
/* A client for a shared descriptor that came from elsewhere, as through
 * execve().  The caller keeps @fd.  -EPROTO: the daemon is of another version. */
int binder_client_adopt(int fd, struct binder_client **ret);

int binder_client_set_nonblock(struct binder_client *client, bool nonblock);
/*
 * For a program that makes all the addresses itself: they are used as they are,
 * which saves trying them (some hundred nanoseconds a call); a bad one faults
 * then, where a device would answer -EFAULT.  And a thread that changes its own
 * niceness may be taken for what it was for a few calls more.  To be said before
 * the first call.
 */
void binder_client_trust(struct binder_client *client);

/*
 * As ioctl(2).  For BINDER_WRITE_READ, read_more lets a read that finds nothing
 * but a finished one-way call or reply wait on for real work (a looper's case).
 */
int binder_client_ioctl(struct binder_client *client, unsigned long cmd, void *arg, bool read_more,
			uint64_t deadline);

/* As mmap(2), offset 0; the address in *ret. */
int binder_client_mmap(struct binder_client *client, void *addr, size_t size, int prot, int flags,
		       uint64_t deadline, void **ret);
int binder_client_munmap(struct binder_client *client, void *addr, size_t size);

/* As poll(2) for this thread: POLLIN, 0 when timeout_ms (< 0: none) has run out, or -errno. */
int binder_client_poll(struct binder_client *client, int timeout_ms, uint64_t deadline);

/*
 * What a kernel's debugfs file of this name says, about this device: "state",
 * "stats", "transactions", "transaction_log", "failed_transaction_log",
 * "proc/PID"; as far as this user may see it.  malloc()ed, NUL-terminated.
 * -EINVAL: no such name; -ENOSYS: the daemon is too old.
 */
int binder_client_view(struct binder_client *client, const char *name, uint64_t deadline,
		       char **ret);

struct watch_filter;

/*
 * Has the daemon write what happens on the device into a ring; see driver/watch.h.  Both
 * descriptors are the caller's: fds[0] the ring, to be mapped read-only, fds[1] the bell, to
 * be polled.  It ends when the client is closed.  -EBUSY: this client watches already;
 * -EINVAL: an unusable filter; -EDQUOT: this user watches too often, or has no memory left for
 * the ring; -ENOSYS: the daemon is too old.
 */
int binder_client_watch(struct binder_client *client, const struct watch_filter *filter,
			uint64_t deadline, int fds[2]);

/* The pid in the name "proc/PID" of a view; 0: it is another name. */
int binder_client_view_pid(const char *name);

/* What the kernel does when a duplicate of the descriptor is closed: blocked reads return. */
int binder_client_flush(struct binder_client *client);

#endif
