/* SPDX-License-Identifier: MIT */
/*
 * polling.c: serving from a program's own event loop, without a pool.
 *
 * Called by the NDK face; hands on to looper.c.  A device can be polled as it
 * is.  With binderd a thread of ours waits instead and raises an eventfd; it
 * waits again when what it saw has been served.
 */
#include "polling.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "connection/driver.h"
#include "base/error.h"
#include "looper.h"

struct watcher {
	ABinderConnection *conn;
	int ready, again; /* eventfds */
};

/* One set of descriptors for the default connection, which alone can be polled. */
static struct watcher watcher = { .ready = -1, .again = -1 };
static pthread_mutex_t watcher_lock = PTHREAD_MUTEX_INITIALIZER;

static void *watch(void *arg)
{
	struct watcher *w = arg;
	struct thread *t = thread_get(w->conn);
	uint64_t one = 1;
	int r = t ? 0 : -ENOMEM;

	while (!r) {
		r = thread_poll(t, -1);
		if (r == -EINTR) {
			r = 0;
			continue;
		}
		/* Also when the driver is gone: the program then learns it by handling. */
		if (write(w->ready, &one, sizeof(one)) < 0 || r < 0)
			break;
		r = read(w->again, &one, sizeof(one)) < 0 && errno != EINTR ? -errno : 0;
		one = 1;
	}
	return NULL;
}

static binder_status_t start_watcher(ABinderConnection *conn)
{
	sigset_t all, old;
	pthread_t thread;
	int r;

	watcher.conn = conn;
	watcher.ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	watcher.again = eventfd(0, EFD_CLOEXEC);
	if (watcher.ready < 0 || watcher.again < 0)
		goto failed;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(&thread, NULL, watch, &watcher);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (r)
		goto failed;
	pthread_detach(thread);
	return STATUS_OK;
failed:
	if (watcher.ready >= 0)
		close(watcher.ready);
	if (watcher.again >= 0)
		close(watcher.again);
	watcher.conn = NULL;
	return error_say(STATUS_NO_MEMORY, "no descriptors or thread to poll with");
}

binder_status_t polling_set_up(ABinderConnection *conn, int *fd)
{
	struct thread *t = thread_get(conn);
	binder_status_t status = connection_check(conn);
	int r;

	if (status)
		return status;
	r = t ? looper_enter(t) : -ENOMEM;
	if (!r)
		r = thread_flush(t);
	if (r)
		return error_say(error_status(r), "the driver did not take this thread");
	if (!driver_is_userspace(conn->driver)) {
		*fd = driver_fd(conn->driver);
		return STATUS_OK;
	}
	pthread_mutex_lock(&watcher_lock);
	if (watcher.conn != conn)
		status = start_watcher(conn);
	if (!status)
		*fd = watcher.ready;
	pthread_mutex_unlock(&watcher_lock);
	return status;
}

binder_status_t polling_handle(ABinderConnection *conn)
{
	struct thread *t = thread_get(conn);
	binder_status_t status = connection_check(conn);
	uint64_t count;
	bool raised;
	int r;

	if (status)
		return status;
	if (!t)
		return STATUS_NO_MEMORY;
	raised = watcher.conn == conn && read(watcher.ready, &count, sizeof(count)) > 0;
	r = looper_handle(t);
	count = 1;
	if (raised && write(watcher.again, &count, sizeof(count)) < 0)
		return error_say(STATUS_UNKNOWN_ERROR, "polling cannot go on");
	return r ? error_say(error_status(r), "the driver at %s is gone", conn->path) : STATUS_OK;
}
