// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * watcher.c: writes what happens on a device into the rings of those who watch it.
 *
 * request.c opens a watcher for CHANNEL_WATCH; hooks.c hands on what the core
 * says happened; the ring's layout and how it is read are in watch.h of driver/.
 *
 * A watcher costs the others a look at its filter and the copy of what that lets
 * through, and nothing more: the daemon never waits for it, and makes at most one
 * system call for it in WATCH_DELAY_MS or a quarter of the ring.  A user has at most
 * WATCH_MAX_PER_UID of them, as all the events of everybody are compared with each.  The ring's memory is charged
 * to the watcher's account when it is made.  A watcher sees what its user may
 * see: root sees all, others see transactions both of whose ends are theirs.
 */
#include "watcher.h"

#include "files.h"
#include "log.h"
#include "port_thread.h"
#include "watch.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

_Static_assert((int)WATCH_SENT == (int)BINDER_TRACE_SENT &&
		       (int)WATCH_FAILED == (int)BINDER_TRACE_FAILED &&
		       (int)WATCH_DELIVERED == (int)BINDER_TRACE_DELIVERED &&
		       (int)WATCH_UNANSWERED == (int)BINDER_TRACE_UNANSWERED &&
		       (int)WATCH_FREED == (int)BINDER_TRACE_FREED &&
		       (int)WATCH_DIED == (int)BINDER_TRACE_PROC_DIED &&
		       (int)WATCH_MANAGER == (int)BINDER_TRACE_MANAGER,
	       "the ring's numbers are the core's");
_Static_assert((int)WATCH_CALL == (int)BINDER_CALL && (int)WATCH_ONEWAY == (int)BINDER_ONEWAY &&
		       (int)WATCH_REPLY == (int)BINDER_REPLY,
	       "the ring's numbers are the core's");

/* The ring, the eventfd and the epoll set. */
#define WATCH_FILES 3
#define DELAY_NS ((u64)WATCH_DELAY_MS * 1000000)

struct watcher {
	struct list_head link; /* in watchers */
	struct port_proc *client;
	const struct binder_context *context;
	struct watch_filter filter;
	struct watch_ring *ring; /* one page; the data follows, twice in a row */
	char *data;
	u64 number; /* of the next record */
	u64 rung;   /* head when the bell was rung last */
	int bell;   /* eventfd in the watcher's epoll set */
	struct loop_timer timer;
};

/* Of all devices.  Empty: nothing is written, and the core's trace ends here. */
static struct list_head watchers = { &watchers, &watchers };

/* ---- making ------------------------------------------------------------------------- */

static bool is_power_of_two(u32 n)
{
	return n && !(n & (n - 1));
}

static bool filter_is_good(const struct watch_filter *filter)
{
	return filter->size >= WATCH_MIN_SIZE && filter->size <= WATCH_MAX_SIZE &&
	       is_power_of_two(filter->size) && filter->snap <= WATCH_MAX_SNAP &&
	       filter->snap <= filter->size / 4;
}

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t mapped_size(const struct watcher *watcher)
{
	return page_size() + 2 * (size_t)watcher->filter.size;
}

/* The page, the data, and the data once more, so that no record is cut in two. */
static int map_ring(struct watcher *watcher, int fd)
{
	const size_t page = page_size(), size = watcher->filter.size;
	char *at = mmap(NULL, mapped_size(watcher), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return -errno;
	if (mmap(at, page + size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) ==
		    MAP_FAILED ||
	    mmap(at + page + size, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
		 (off_t)page) == MAP_FAILED) {
		int r = -errno;

		munmap(at, mapped_size(watcher));
		return r;
	}
	watcher->ring = (struct watch_ring *)at;
	watcher->data = at + page;
	return 0;
}

/* These mappings are the only writable ones that there will ever be. */
static int make_ring(struct watcher *watcher, int *ret)
{
	int fd = memfd_create("binder-watch", MFD_CLOEXEC | MFD_ALLOW_SEALING), r = 0;

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)(page_size() + watcher->filter.size)) < 0)
		r = -errno;
	if (r == 0)
		r = map_ring(watcher, fd);
	if (r == 0 && fcntl(fd, F_ADD_SEALS,
			    F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) < 0)
		r = -errno;
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret = fd;
	return 0;
}

/*
 * The watcher gets the set and not the eventfd: with that it could fill the counter, and make
 * the daemon's write block.
 */
static int make_bell(struct watcher *watcher, int *ret)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int set, r;

	watcher->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (watcher->bell < 0)
		return -errno;
	set = epoll_create1(EPOLL_CLOEXEC);
	if (set < 0)
		return -errno;
	if (epoll_ctl(set, EPOLL_CTL_ADD, watcher->bell, &event) < 0) {
		r = -errno;
		close(set);
		return r;
	}
	*ret = set;
	return 0;
}

static s64 realtime_offset(void)
{
	struct timespec real, monotonic;

	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	return ((s64)real.tv_sec - monotonic.tv_sec) * 1000000000 + real.tv_nsec -
	       monotonic.tv_nsec;
}

static u64 cost(const struct watcher *watcher)
{
	return sizeof(*watcher) + page_size() + watcher->filter.size;
}

static int charge(struct watcher *watcher)
{
	struct quota_account *account = watcher->client->account;
	int r = port_charge(quota_memory(account), cost(watcher));

	if (r < 0)
		return r;
	r = quota_charge_files(account, WATCH_FILES);
	if (r < 0)
		port_uncharge(quota_memory(account), cost(watcher));
	return r;
}

static void uncharge(struct watcher *watcher)
{
	quota_uncharge_files(watcher->client->account, WATCH_FILES);
	port_uncharge(quota_memory(watcher->client->account), cost(watcher));
}

static void ring_the_bell(struct watcher *watcher)
{
	const u64 one = 1;

	loop_timer_cancel(&watcher->timer);
	watcher->rung = watcher->ring->head;
	/* EAGAIN: the counter is full, so the bell has been rung often enough. */
	if (write(watcher->bell, &one, sizeof(one)) < 0 && errno != EAGAIN)
		log_limited(LOG_WARNING, "%s: a watcher cannot be woken: %s",
			    watcher->client->device_name, strerror(errno));
}

static void ring_later(struct loop_timer *timer)
{
	ring_the_bell(container_of(timer, struct watcher, timer));
}

/* Makes both descriptors and sends them. */
static int offer(struct watcher *watcher, struct port_thread *thread)
{
	int fds[2] = { -1, -1 };
	int r = make_ring(watcher, &fds[0]);

	if (r == 0)
		r = make_bell(watcher, &fds[1]);
	if (r == 0) {
		*watcher->ring = (struct watch_ring){
			.magic = WATCH_MAGIC,
			.size = watcher->filter.size,
			.data_at = (u32)page_size(),
			.realtime_ns = realtime_offset(),
		};
		r = files_send(thread, fds, 2);
	}
	for (int i = 0; i < 2; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	return r < 0 ? r : 0;
}

static u32 watchers_of(u32 uid)
{
	const struct watcher *watcher;
	u32 count = 0;

	list_for_each_entry(watcher, &watchers, link)
		count += watcher->client->identity.who.euid == uid;
	return count;
}

int watcher_open(struct port_thread *thread, const struct binder_context *context, u64 addr,
		 u64 size)
{
	struct port_proc *client = thread->client;
	struct watcher *watcher;
	struct watch_filter filter;
	int r;

	if (size != sizeof(filter))
		return -EINVAL;
	if (port_read_client(thread, &filter, addr, sizeof(filter)) < 0)
		return -EFAULT;
	if (!filter_is_good(&filter))
		return -EINVAL;
	if (client->watcher)
		return -EBUSY;
	if (watchers_of(client->identity.who.euid) >= WATCH_MAX_PER_UID)
		return -EDQUOT;
	watcher = port_alloc(sizeof(*watcher));
	if (!watcher)
		return -ENOMEM;
	watcher->client = client;
	watcher->context = context;
	watcher->filter = filter;
	watcher->bell = -1;
	watcher->timer.expired = ring_later;
	INIT_LIST_HEAD(&watcher->link);
	r = charge(watcher);
	if (r < 0) {
		port_free(watcher);
		return r;
	}
	client->watcher = watcher;
	r = offer(watcher, thread);
	if (r < 0) {
		watcher_close(watcher);
		return r;
	}
	list_add_tail(&watcher->link, &watchers);
	return 0;
}

void watcher_close(struct watcher *watcher)
{
	if (!watcher)
		return;
	watcher->client->watcher = NULL;
	list_del_init(&watcher->link);
	loop_timer_cancel(&watcher->timer);
	if (watcher->ring)
		munmap(watcher->ring, mapped_size(watcher));
	if (watcher->bell >= 0)
		close(watcher->bell);
	uncharge(watcher);
	port_free(watcher);
}

/* ---- writing ------------------------------------------------------------------------ */

/* An event without a second end concerns the first one alone. */
static bool may_see(const struct watcher *watcher, const struct binder_trace *t)
{
	u32 viewer = watcher->client->identity.who.euid;

	return viewer == 0 || (viewer == t->from_euid && (!t->has_target || viewer == t->to_euid));
}

static bool wants(const struct watcher *watcher, const struct binder_trace *t)
{
	const struct watch_filter *filter = &watcher->filter;

	if (!(filter->kinds & (1u << t->event)))
		return false;
	if ((filter->flags & WATCH_NOT_SELF) && (t->from_pid == watcher->client->identity.who.pid ||
						 t->to_pid == watcher->client->identity.who.pid))
		return false;
	if ((filter->flags & WATCH_BY_UID) && filter->uid != t->from_euid &&
	    !(t->has_target && filter->uid == t->to_euid))
		return false;
	if (filter->pid && filter->pid != t->from_pid && filter->pid != t->to_pid)
		return false;
	return !filter->node || filter->node == t->node;
}

/* Makes room for a record of @size bytes: the oldest ones go. */
static void make_room(struct watcher *watcher, u32 size)
{
	struct watch_ring *ring = watcher->ring;
	u64 tail = ring->tail;
	bool moved = false;

	while (ring->head + size - tail > ring->size) {
		const struct watch_record *oldest =
			(const void *)(watcher->data + (tail & (ring->size - 1)));

		tail += oldest->size;
		moved = true;
	}
	if (!moved)
		return;
	__atomic_store_n(&ring->tail, tail, __ATOMIC_RELAXED);
	/* A reader that sees a byte of the new record sees the new tail. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static u32 captured(const struct watcher *watcher, const struct binder_trace *t, u64 size)
{
	/* The sender said that the payload is sensitive. */
	if (!t->receiver || (t->flags & TF_CLEAR_BUF))
		return 0;
	return (u32)(size < watcher->filter.snap ? size : watcher->filter.snap);
}

/* As it was when it first sent while somebody watched. */
static const char *program_of(struct port_proc *client)
{
	char path[32];
	ssize_t n;
	int fd;

	if (!client || client->program[0])
		return client ? client->program : "";
	snprintf(path, sizeof(path), "/proc/%d/comm", client->identity.who.pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return "";
	n = read(fd, client->program, sizeof(client->program) - 1);
	close(fd);
	client->program[n > 0 ? n : 0] = '\0';
	client->program[strcspn(client->program, "\n")] = '\0';
	return client->program;
}

static void write_record(struct watcher *watcher, const struct binder_trace *t, u64 now)
{
	u32 data = captured(watcher, t, t->data_size);
	u32 offsets = captured(watcher, t, t->offsets_size) & ~(u32)7;
	u32 size = (u32)(sizeof(struct watch_record) + ALIGN8((u64)data) + offsets);
	struct watch_ring *ring = watcher->ring;
	const char *program = program_of(t->sender);
	struct watch_record *record;
	char *payload;

	make_room(watcher, size);
	record = (void *)(watcher->data + (ring->head & (ring->size - 1)));
	*record = (struct watch_record){
		.size = size,
		.kind = (u16)t->event,
		.transaction = (u16)t->kind,
		.number = watcher->number++,
		.time_ns = now,
		.id = t->id,
		.reply_to = t->reply_to,
		.from_pid = t->from_pid,
		.from_tid = t->from_tid,
		.to_pid = t->to_pid,
		.to_tid = t->to_tid,
		.from_uid = t->from_euid,
		.to_uid = t->has_target ? t->to_euid : 0,
		.node = t->node,
		.handle = t->handle,
		.code = t->code,
		.flags = t->flags,
		.data_size = t->data_size,
		.offsets_size = t->offsets_size,
		.error = t->error,
		.reason = t->reason,
		.data_captured = data,
		.offsets_captured = offsets,
	};
	memcpy(record->from_program, program, strnlen(program, sizeof(record->from_program) - 1));
	payload = (char *)(record + 1);
	if (data) {
		memset(payload + ALIGN8((u64)data) - 8, 0, 8);
		port_buffer_read(t->receiver, t->data_at, payload, data);
	}
	if (offsets)
		port_buffer_read(t->receiver, t->offsets_at, payload + ALIGN8((u64)data), offsets);
	__atomic_store_n(&ring->head, ring->head + size, __ATOMIC_RELEASE);
}

/* The first news since the bell starts the timer; a quarter of the ring does not wait for it. */
static void announce(struct watcher *watcher, u64 now)
{
	if (watcher->ring->head - watcher->rung >= watcher->ring->size / 4)
		ring_the_bell(watcher);
	else if (!watcher->timer.armed)
		loop_timer_set(&watcher->timer, now + DELAY_NS);
}

void watcher_trace(const struct binder_trace *t)
{
	struct watcher *watcher;
	u64 now = 0;

	list_for_each_entry(watcher, &watchers, link) {
		if (watcher->context != t->ctx || !may_see(watcher, t) || !wants(watcher, t))
			continue;
		if (!now)
			now = loop_now();
		write_record(watcher, t, now);
		announce(watcher, now);
	}
}
