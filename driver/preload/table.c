/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * table.c: which descriptors are devices, and which device each is.
 *
 * A call finds its device without a lock: the devices are never freed, so a
 * reference that comes too late finds a count of 0, or another device that the
 * second look at the table tells apart.
 */
#include "preload.h"

#include "real.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/un.h>

#define BLOCK 1024
#define BLOCKS 1024

typedef struct preload_device *block[BLOCK];

static block *blocks[BLOCKS];          /* atomic; made under the lock, kept for ever */
static struct preload_device *devices; /* the lock, as what follows; kept for ever */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uintptr_t map_low = UINTPTR_MAX, map_high; /* atomic: all buffers lie in here */
/* A child of vfork() has our memory but descriptors of its own. */
static pid_t owner;

/* What this thread's calls have a reference to: more than one with signal handlers. */
#define HELD 8
static __thread struct preload_device *held_here[HELD];

static void swap_held(struct preload_device *from, struct preload_device *to)
{
	for (int i = 0; i < HELD; i++) {
		if (held_here[i] == from) {
			held_here[i] = to;
			return;
		}
	}
}

/* ---- fork ------------------------------------------------------------------- */

static void fork_prepare(void)
{
	pthread_mutex_lock(&lock);
}

static void fork_parent(void)
{
	pthread_mutex_unlock(&lock);
}

/* The calls of the parent's other threads do not go on here; one that a handler forks in does. */
static void fork_child(void)
{
	owner = getpid();
	for (struct preload_device *d = devices; d; d = d->next) {
		d->map = NULL;
		if (!d->fds && d->client) {
			binder_client_close(d->client);
			d->client = NULL;
		}
		d->refs = d->fds ? 1 : 0;
	}
	for (int i = 0; i < HELD; i++) {
		if (held_here[i])
			held_here[i]->refs++;
	}
	pthread_mutex_unlock(&lock);
}

static void register_once(void)
{
	owner = getpid();
	pthread_atfork(fork_prepare, fork_parent, fork_child);
}

/* Behind the client's, whose functions a child calls, and before the program's own, which may close
 * a device in the child: see client.c.  rules.mk has this library's constructors run first. */
__attribute__((constructor(102))) static void set_up(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, register_once);
}

static void enter(void)
{
	set_up();
	pthread_mutex_lock(&lock);
}

/* ---- finding ------------------------------------------------------------------ */

static struct preload_device **slot(int fd)
{
	block *b;

	if (fd < 0 || fd >= BLOCK * BLOCKS)
		return NULL;
	b = __atomic_load_n(&blocks[fd / BLOCK], __ATOMIC_ACQUIRE);
	return b ? &(*b)[fd % BLOCK] : NULL;
}

static struct preload_device *at(int fd)
{
	struct preload_device **s = slot(fd);

	return s ? __atomic_load_n(s, __ATOMIC_SEQ_CST) : NULL;
}

/* Unless it is on its way out. */
static bool hold(struct preload_device *device)
{
	int refs = __atomic_load_n(&device->refs, __ATOMIC_RELAXED);

	/* A fork in between then counts one too many, and not one too few. */
	swap_held(NULL, device);
	while (refs > 0) {
		if (__atomic_compare_exchange_n(&device->refs, &refs, refs + 1, true,
						__ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			return true;
	}
	swap_held(device, NULL);
	return false;
}

struct preload_device *preload_get(int fd)
{
	struct preload_device *device;

	while ((device = at(fd))) {
		if (!hold(device)) {
			if (at(fd) == device)
				return NULL;
			continue;
		}
		if (at(fd) == device)
			return device;
		preload_put(device);
	}
	return NULL;
}

void preload_put(struct preload_device *device)
{
	struct binder_client *client = device->client;
	int refs = __atomic_sub_fetch(&device->refs, 1, __ATOMIC_SEQ_CST);

	swap_held(device, NULL);
	if (refs)
		return;
	binder_client_close(client);
	enter();
	device->client = NULL; /* from now on it may be used again */
	pthread_mutex_unlock(&lock);
}

/* ---- changing ------------------------------------------------------------------- */

static bool make_slot(int fd)
{
	block *b;

	if (fd < 0 || fd >= BLOCK * BLOCKS)
		return false;
	if (blocks[fd / BLOCK])
		return true;
	b = calloc(1, sizeof(*b));
	if (b)
		__atomic_store_n(&blocks[fd / BLOCK], b, __ATOMIC_RELEASE);
	return b;
}

/* What stood there has one descriptor less: the caller ends that.  @device may be NULL. */
static struct preload_device *put_at(int fd, struct preload_device *device)
{
	struct preload_device **s = slot(fd), *old = NULL;

	if (s) {
		old = *s;
		__atomic_store_n(s, device, __ATOMIC_SEQ_CST);
	}
	if (s && device)
		device->fds++;
	return old;
}

static struct preload_device *unused_device(void)
{
	struct preload_device *d = devices;

	while (d && (d->client || __atomic_load_n(&d->refs, __ATOMIC_SEQ_CST)))
		d = d->next;
	if (!d) {
		d = calloc(1, sizeof(*d));
		if (!d)
			return NULL;
		d->next = devices;
		devices = d;
	}
	return d;
}

int preload_add(int fd, struct binder_client *client)
{
	struct preload_device *device, *old = NULL;
	struct stat st;
	int r = -ENOMEM;

	enter();
	device = make_slot(fd) ? unused_device() : NULL;
	if (device) {
		device->client = client;
		device->socket = fstat(fd, &st) == 0 ? st.st_ino : 0;
		device->map = NULL;
		device->fds = 0;
		__atomic_store_n(&device->refs, 1, __ATOMIC_SEQ_CST);
		old = put_at(fd, device);
		r = 0;
	}
	pthread_mutex_unlock(&lock);
	preload_forgotten(old);
	return r;
}

void preload_copied(int fd, int copy)
{
	struct preload_device *device, *old = NULL;

	if (fd == copy || (!at(fd) && !at(copy)))
		return;
	enter();
	if (owner == getpid()) {
		device = at(fd);
		if (!device || make_slot(copy))
			old = put_at(copy, device);
	}
	pthread_mutex_unlock(&lock);
	preload_forgotten(old);
}

struct preload_device *preload_forget(int fd)
{
	struct preload_device *old = NULL;

	if (!at(fd))
		return NULL;
	enter();
	if (owner == getpid())
		old = put_at(fd, NULL);
	pthread_mutex_unlock(&lock);
	return old;
}

void preload_forgotten(struct preload_device *device)
{
	bool last, held;

	if (!device)
		return;
	enter();
	/* A mapping keeps the device as well as a descriptor does. */
	last = --device->fds == 0 && !device->map;
	held = (!last || __atomic_load_n(&device->refs, __ATOMIC_SEQ_CST) > 1) && hold(device);
	pthread_mutex_unlock(&lock);
	/* As any close of a device's descriptor: reads return, those under way and the next. */
	if (held) {
		binder_client_flush(device->client);
		preload_put(device);
	}
	if (last)
		preload_put(device);
}

void preload_forget_range(unsigned int first, unsigned int last)
{
	if (last >= BLOCK * BLOCKS)
		last = BLOCK * BLOCKS - 1;
	for (unsigned int fd = first; fd <= last; fd++) {
		if (!slot((int)fd))
			fd |= BLOCK - 1;
		else
			preload_forgotten(preload_forget((int)fd));
	}
}

/* ---- from elsewhere --------------------------------------------------------------- */

static bool is_connection(int fd, unsigned long *ret)
{
	struct sockaddr_un address = { 0 };
	socklen_t size = sizeof(int);
	struct stat st;
	int type;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 || type != SOCK_SEQPACKET)
		return false;
	size = sizeof(address) - 1;
	if (getpeername(fd, (struct sockaddr *)&address, &size) < 0 ||
	    address.sun_family != AF_UNIX || fstat(fd, &st) < 0 ||
	    !preload_is_device_address(address.sun_path))
		return false;
	*ret = st.st_ino;
	return true;
}

/* Another descriptor of a device that we have: one client is enough for both. */
static bool join_known(int fd, unsigned long inode)
{
	struct preload_device *d;

	enter();
	for (d = devices; d && !(d->fds && d->socket == inode); d = d->next)
		;
	if (d && make_slot(fd) && !at(fd))
		put_at(fd, d);
	pthread_mutex_unlock(&lock);
	return d;
}

struct preload_device *preload_get_foreign(int fd)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	struct binder_client *client;
	unsigned long inode;
	int before = errno;

	if (!is_connection(fd, &inode)) {
		errno = before;
		return NULL;
	}
	pthread_mutex_lock(&one_at_a_time);
	if (!at(fd) && !join_known(fd, inode) && binder_client_adopt(fd, &client) == 0 &&
	    preload_add(fd, client) < 0)
		binder_client_close(client);
	pthread_mutex_unlock(&one_at_a_time);
	errno = before;
	return preload_get(fd);
}

/* ---- receive buffers ----------------------------------------------------------------- */

void preload_set_map(struct preload_device *device, void *map, size_t size)
{
	uintptr_t low = (uintptr_t)map, high = low + size;

	enter();
	device->map = map;
	device->map_size = size;
	if (low < map_low)
		__atomic_store_n(&map_low, low, __ATOMIC_RELEASE);
	if (high > map_high)
		__atomic_store_n(&map_high, high, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&lock);
}

struct preload_device *preload_get_mapped(const void *addr, size_t size)
{
	uintptr_t from = (uintptr_t)addr;
	struct preload_device *d;

	if (from >= __atomic_load_n(&map_high, __ATOMIC_ACQUIRE) ||
	    from + size <= __atomic_load_n(&map_low, __ATOMIC_ACQUIRE))
		return NULL;
	enter();
	for (d = devices; d; d = d->next) {
		if (d->map && from < (uintptr_t)d->map + d->map_size &&
		    (uintptr_t)d->map < from + size && hold(d)) {
			break;
		}
	}
	pthread_mutex_unlock(&lock);
	return d;
}

void preload_unmapped(struct preload_device *device)
{
	bool last;

	enter();
	last = device->map && !device->fds;
	device->map = NULL;
	pthread_mutex_unlock(&lock);
	if (last)
		preload_put(device);
}
