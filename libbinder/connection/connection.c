/* SPDX-License-Identifier: MIT */
/*
 * connection.c: opening, counting and closing one device; the default one; fork.
 *
 * Called by all above; hands on to driver.c.
 */
#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/deadline.h"
#include "driver.h"
#include "base/error.h"

#define MAX_FORK_LOCKS 4

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static ABinderConnection *connections; /* list_lock */
static char *default_device;           /* list_lock */
static size_t chosen_map_size;         /* list_lock */
static _Atomic(ABinderConnection *) default_connection;
static atomic_uint generation;
static _Atomic(pthread_mutex_t *) fork_locks[MAX_FORK_LOCKS];
static int fork_locks_held; /* list_lock */
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

/* ---- fork ---------------------------------------------------------------- */

static void before_fork(void)
{
	int held = 0;

	while (held < MAX_FORK_LOCKS && fork_locks[held])
		pthread_mutex_lock(fork_locks[held++]);
	pthread_mutex_lock(&list_lock);
	fork_locks_held = held;
}

static void after_fork(void)
{
	int held = fork_locks_held;

	pthread_mutex_unlock(&list_lock);
	while (held)
		pthread_mutex_unlock(fork_locks[--held]);
}

/*
 * The parent's devices must not stay open here: its death would go unnoticed.
 * Their memory stays, for binders and parcels that the child may still touch.
 */
static void after_fork_in_child(void)
{
	atomic_fetch_add(&generation, 1);
	for (ABinderConnection *c = connections; c; c = c->next)
		driver_abandon(c->driver);
	connections = NULL;
	atomic_store(&default_connection, NULL);
	after_fork();
}

static void set_up_fork(void)
{
	pthread_atfork(before_fork, after_fork, after_fork_in_child);
}

void connection_lock_over_fork(pthread_mutex_t *lock)
{
	pthread_once(&fork_once, set_up_fork);
	for (int i = 0; i < MAX_FORK_LOCKS; i++) {
		pthread_mutex_t *none = NULL;

		if (atomic_compare_exchange_strong(&fork_locks[i], &none, lock) || none == lock)
			return;
	}
}

bool connection_is_foreign(const ABinderConnection *conn)
{
	return conn->generation != atomic_load_explicit(&generation, memory_order_relaxed);
}

/* Why the connection can no longer be used. */
#define UNUSABLE(conn, status_, errno_, ...) \
	error_report(&(struct ABinderError){ .status = (status_), \
					     .phase = ABINDER_PHASE_CONNECTION, \
					     .driver = (errno_), \
					     .path = (conn)->path }, \
		     __VA_ARGS__)

binder_status_t connection_check(ABinderConnection *conn)
{
	if (connection_is_foreign(conn))
		return UNUSABLE(conn, STATUS_INVALID_OPERATION, -ECHILD,
				"this binder belongs to process %d, which forked this one: "
				"look it up again here",
				(int)conn->pid);
	if (atomic_load_explicit(&conn->closed, memory_order_acquire))
		return UNUSABLE(conn, STATUS_DEAD_OBJECT, -ESHUTDOWN,
				"the connection to %s has been closed", conn->path);
	if (atomic_load_explicit(&conn->hung, memory_order_acquire))
		return UNUSABLE(conn, STATUS_TIMED_OUT, -ETIMEDOUT,
				"the driver at %s does not answer: its binderd is stopped or "
				"hangs; when it runs again, open a new connection",
				conn->path);
	if (atomic_load_explicit(&conn->broken, memory_order_acquire))
		return UNUSABLE(conn, STATUS_DEAD_OBJECT, -EPIPE,
				"the driver at %s has gone away: start it again (`binderctl up`) "
				"and open a new connection",
				conn->path);
	return STATUS_OK;
}

/* ---- opening ------------------------------------------------------------- */

static const char *kind_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return "something else";
	return S_ISREG(st.st_mode)  ? "a plain file" :
	       S_ISFIFO(st.st_mode) ? "a pipe" :
	       S_ISBLK(st.st_mode)  ? "a block device" :
				      "another device";
}

static binder_status_t say_not_opened(const char *device, const char *path, int err)
{
	char tried[384];
	struct ABinderError facts = {
		.status = error_status(err),
		.phase = ABINDER_PHASE_OPEN,
		.driver = err,
		.path = path,
	};

	switch (err) {
	case -EACCES:
	case -EPERM:
		return error_report(&facts,
				    "%s: permission denied: ask its owner for access, or start a "
				    "driver of your own (`binderctl up`)",
				    path);
	case -EISDIR:
		facts.status = STATUS_BAD_TYPE;
		return error_report(&facts,
				    "%s is a directory: name the device in it, as in %s/binder",
				    path, path);
	case -ENOTTY:
		facts.status = STATUS_BAD_TYPE;
		return error_report(&facts, "%s is no Binder device, but %s", path, kind_of(path));
	case -EPROTOTYPE:
		facts.status = STATUS_BAD_TYPE;
		return error_report(&facts,
				    "%s is no Binder device, but a socket of another program (pass "
				    "the one that binderd has made)",
				    path);
	case -EPROTO:
		facts.status = STATUS_BAD_TYPE;
		return error_report(&facts,
				    "%s answers, but in no language of ours: it belongs to another "
				    "program, or to a binderd of another version",
				    path);
	case -ECONNREFUSED:
		facts.status = STATUS_NAME_NOT_FOUND;
		return error_report(
			&facts,
			"nobody listens on %s: the binderd that made it has ended (start "
			"one with `binderctl up`)",
			path);
	case -ECONNRESET:
		facts.status = STATUS_BAD_TYPE;
		return error_report(
			&facts,
			"%s hung up without an answer: it belongs to another program, or "
			"to a binderd that has just ended",
			path);
	case -ETIMEDOUT:
		facts.status = STATUS_TIMED_OUT;
		return error_report(&facts,
				    "%s does not answer: its binderd is stopped or hangs, or it "
				    "belongs to another program",
				    path);
	case -EMFILE:
	case -ENFILE:
		facts.status = STATUS_NO_MEMORY;
		return error_report(&facts,
				    "%s: out of file descriptors, here or in the driver: see "
				    "`ulimit -n`",
				    path);
	case -EDQUOT:
		facts.status = STATUS_NO_MEMORY;
		return error_report(&facts,
				    "%s: the driver has no more room for this user: "
				    "close some programs that use Binder",
				    path);
	case -ENXIO:
	case -ENODEV:
		facts.status = STATUS_NAME_NOT_FOUND;
		return error_report(&facts,
				    "%s: %s: a node that no driver stands behind (load its module: "
				    "`modprobe binder_any`, or binder_linux)",
				    path, strerror(-err));
	case -ENOENT:
	case -ENOTDIR:
		driver_describe_search(device, tried, sizeof(tried));
		facts.path = tried;
		facts.status = STATUS_NAME_NOT_FOUND;
		return error_report(
			&facts,
			"there is no Binder driver (tried %s): start one with "
			"`binderctl up`, or for one command with `binderctl sandbox -- "
			"COMMAND`, or load a Binder kernel module, or set BINDER_DEVICE",
			tried);
	}
	return error_report(&facts, "%s: cannot be opened: %s", path ? path : "binder",
			    error_reason(err));
}

static size_t map_size(void)
{
	size_t size;

	pthread_mutex_lock(&list_lock);
	size = chosen_map_size;
	pthread_mutex_unlock(&list_lock);
	return size ? size : (1u << 20) - 2 * (size_t)sysconf(_SC_PAGESIZE);
}

void connection_set_map_size(size_t size)
{
	pthread_mutex_lock(&list_lock);
	chosen_map_size = size;
	pthread_mutex_unlock(&list_lock);
}

binder_status_t connection_open(const char *device, ABinderConnection **ret)
{
	return connection_open_until(device, 0, ret);
}

binder_status_t connection_open_until(const char *device, uint64_t deadline,
				      ABinderConnection **ret)
{
	ABinderConnection *conn;
	binder_status_t status;
	int r;

	pthread_once(&fork_once, set_up_fork);
	conn = calloc(1, sizeof(*conn));
	if (!conn)
		return error_say(STATUS_NO_MEMORY, "no memory for a connection");
	atomic_init(&conn->refs, 1);
	atomic_init(&conn->uses, 1);
	atomic_init(&conn->deadline, deadline);
	conn->generation = atomic_load(&generation);
	conn->pid = getpid();
	conn->map_size = map_size();
	conn->max_threads = 15;
	pthread_mutex_init(&conn->lock, NULL);
	pthread_cond_init(&conn->changed, NULL);

	r = driver_open(device, deadline, &conn->driver, &conn->path);
	if (r == 0) {
		conn->daemon = driver_is_userspace(conn->driver);
		r = driver_mmap(conn->driver, conn->map_size, deadline, &conn->map);
		if (r < 0)
			driver_close(conn->driver);
	}
	if (r < 0) {
		status = say_not_opened(device, conn->path, r);
		goto failed;
	}
	status = connection_init_dialect(conn);
	if (status) {
		driver_munmap(conn->driver, conn->map, conn->map_size);
		driver_close(conn->driver);
		goto failed;
	}
	pthread_mutex_lock(&list_lock);
	conn->next = connections;
	connections = conn;
	pthread_mutex_unlock(&list_lock);
	*ret = conn;
	return STATUS_OK;
failed:
	pthread_mutex_destroy(&conn->lock);
	pthread_cond_destroy(&conn->changed);
	free(conn->path);
	free(conn);
	return status;
}

/* ---- the two counts ------------------------------------------------------ */

ABinderConnection *connection_ref(ABinderConnection *conn)
{
	if (conn)
		atomic_fetch_add_explicit(&conn->refs, 1, memory_order_relaxed);
	return conn;
}

void connection_unref(ABinderConnection *conn)
{
	if (!conn || atomic_fetch_sub_explicit(&conn->refs, 1, memory_order_acq_rel) != 1)
		return;
	pthread_mutex_destroy(&conn->lock);
	pthread_cond_destroy(&conn->changed);
	free(conn->proxies);
	free(conn->path);
	free(conn);
}

static void close_device(ABinderConnection *conn)
{
	pthread_mutex_lock(&list_lock);
	for (ABinderConnection **p = &connections; *p; p = &(*p)->next) {
		if (*p == conn) {
			*p = conn->next;
			break;
		}
	}
	pthread_mutex_unlock(&list_lock);
	driver_munmap(conn->driver, conn->map, conn->map_size);
	driver_close(conn->driver);
	conn->driver = NULL;
}

int connection_use(ABinderConnection *conn)
{
	unsigned int uses;

	if (connection_is_foreign(conn))
		return -ECHILD;
	uses = atomic_load_explicit(&conn->uses, memory_order_relaxed);
	do {
		if (uses == 0)
			return -ESHUTDOWN;
	} while (!atomic_compare_exchange_weak_explicit(
		&conn->uses, &uses, uses + 1, memory_order_acquire, memory_order_relaxed));
	return 0;
}

void connection_unuse(ABinderConnection *conn)
{
	if (connection_is_foreign(conn))
		return;
	if (atomic_fetch_sub_explicit(&conn->uses, 1, memory_order_acq_rel) == 1)
		close_device(conn);
}

void connection_shut(ABinderConnection *conn)
{
	if (atomic_exchange(&conn->closed, true) || connection_is_foreign(conn))
		return;
	driver_shutdown(conn->driver);
	connection_unuse(conn);
}

/* ---- the default one ----------------------------------------------------- */

ABinderConnection *connection_default_if_open(void)
{
	return atomic_load_explicit(&default_connection, memory_order_acquire);
}

ABinderConnection *connection_default(void)
{
	ABinderConnection *conn = connection_default_if_open(), *known = NULL;
	binder_status_t status;
	char *device = NULL;
	bool chosen;

	if (conn)
		return conn;
	pthread_mutex_lock(&list_lock);
	chosen = default_device;
	if (chosen)
		device = strdup(default_device);
	pthread_mutex_unlock(&list_lock);
	/* Never another one than was chosen. */
	if (chosen && !device) {
		error_set_words("no memory for a connection");
		return NULL;
	}
	status = connection_open(device, &conn);
	free(device);
	if (status)
		return NULL;
	/* No lock is held over the opening, as a fork would have to wait for it. */
	if (atomic_compare_exchange_strong(&default_connection, &known, conn))
		return conn;
	connection_shut(conn);
	connection_unref(conn);
	return known;
}

binder_status_t connection_set_default_device(const char *device)
{
	char *copy = NULL;

	if (connection_default_if_open())
		return error_say(STATUS_INVALID_OPERATION,
				 "the default connection is open already (%s)",
				 connection_default_if_open()->path);
	if (device && *device) {
		copy = strdup(device);
		if (!copy)
			return STATUS_NO_MEMORY;
	}
	pthread_mutex_lock(&list_lock);
	free(default_device);
	default_device = copy;
	pthread_mutex_unlock(&list_lock);
	return STATUS_OK;
}
