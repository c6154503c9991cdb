/* SPDX-License-Identifier: MIT */
/*
 * driver.h: the one seam between libbinder and a driver, whichever home it has.
 *
 * connection.c opens one of these; nothing above it knows the difference.  A
 * character device gets system calls, a socket gets driver/client.  Results
 * are 0 or more, or -errno.
 *
 * A deadline limits how long a call waits for a driver that is a daemon, see
 * driver/client/client.h: -EINTR.  A kernel answers at once, but for a read: poll first.
 */
#ifndef LIBBINDER_DRIVER_H
#define LIBBINDER_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/uapi.h"

struct driver;
struct watch_filter;

/*
 * device: see ABinderConnection_open().  *path_ret is malloc()ed: what was
 * opened, or on failure the path whose failure the errno belongs to.
 */
int driver_open(const char *device, uint64_t deadline, struct driver **ret, char **path_ret);
/* The paths that driver_open() would try, for a message. */
void driver_describe_search(const char *device, char *buf, size_t size);
void driver_close(struct driver *driver);
/* Makes all threads that wait in the driver return.  The device stays open. */
void driver_shutdown(struct driver *driver);
/* As closing a duplicate of the descriptor does: every thread that waits in a read, or is about
 * to, returns once with what there is.  Not from a signal handler. */
void driver_flush(struct driver *driver);
/* In a forked child: lets go of the parent's device without a word to the driver. */
void driver_abandon(struct driver *driver);
/* The descriptor that stands for the device. */
int driver_fd(const struct driver *driver);
bool driver_is_userspace(const struct driver *driver);

/* read_more: see binder_client_ioctl(); a kernel ignores it. */
int driver_write_read(struct driver *driver, struct binder_write_read *bwr, bool read_more,
		      uint64_t deadline);
int driver_ioctl(struct driver *driver, unsigned long cmd, void *arg, uint64_t deadline);
int driver_mmap(struct driver *driver, size_t size, uint64_t deadline, void **ret);
void driver_munmap(struct driver *driver, void *addr, size_t size);
/* POLLIN, 0 when the time has run out, -errno.  -EINTR also when wake (an eventfd, or -1) is
 * raised, which a daemon's flush makes needless. */
int driver_poll(struct driver *driver, int timeout_ms, int wake, uint64_t deadline);

/*
 * What the driver shows of its state under this name, that of a kernel's
 * debugfs file ("state", "failed_transaction_log"); malloc()ed.  device: the
 * path that was opened.  On failure failed says what could not be read.
 */
int driver_view(struct driver *driver, const char *device, const char *name, uint64_t deadline,
		char **ret, char *failed, size_t failed_size);

/* The ring and the bell of binder_client_watch().  -ENOTTY: a kernel's device. */
int driver_watch(struct driver *driver, const struct watch_filter *filter, uint64_t deadline,
		 int fds[2]);

#endif
