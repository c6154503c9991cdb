/* SPDX-License-Identifier: MIT */
/*
 * watch_ring.c: reads binderd's ring of events.
 *
 * Public functions of binder/watch.h; driver/watch.h has the layout of the ring and
 * the order in which it is read.  The daemon is trusted to be no worse than wrong:
 * whatever it writes, sizes are checked before they are used.
 */
#include <binder/watch.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connection.h"
#include "driver/deadline.h"
#include "driver.h"
#include "driver/watch.h"
#include "base/error.h"
#include "base/export.h"

_Static_assert((int)ABINDER_EVENT_SENT == (int)WATCH_SENT &&
		       (int)ABINDER_EVENT_FAILED == (int)WATCH_FAILED &&
		       (int)ABINDER_EVENT_DELIVERED == (int)WATCH_DELIVERED &&
		       (int)ABINDER_EVENT_UNANSWERED == (int)WATCH_UNANSWERED &&
		       (int)ABINDER_EVENT_FREED == (int)WATCH_FREED &&
		       (int)ABINDER_EVENT_DIED == (int)WATCH_DIED &&
		       (int)ABINDER_EVENT_MANAGER == (int)WATCH_MANAGER,
	       "the events' numbers are the ring's");
_Static_assert((int)ABINDER_TRANSACTION_CALL == (int)WATCH_CALL &&
		       (int)ABINDER_TRANSACTION_ONEWAY == (int)WATCH_ONEWAY &&
		       (int)ABINDER_TRANSACTION_REPLY == (int)WATCH_REPLY,
	       "the transactions' numbers are the ring's");

#define USUAL_RING ((size_t)4 << 20)
#define ALL_KINDS ((1u << (ABINDER_EVENT_MANAGER + 1)) - 1)

struct ABinderWatch {
	ABinderConnection *connection; /* referenced */
	const struct watch_ring *ring;
	const char *data; /* mapped twice in a row */
	size_t page, size;
	int bell;
	uint64_t position;
	uint64_t expected; /* number of the next record */
	uint64_t lost;
	char *copy; /* room for the largest record */
	size_t copy_size;
	ABinderEvent event;
};

/* ---- making --------------------------------------------------------------- */

static size_t mapped_size(const ABinderWatch *watch)
{
	return watch->page + 2 * watch->size;
}

static int map_ring(ABinderWatch *watch, int fd)
{
	const int flags = MAP_SHARED | MAP_FIXED;
	struct stat st;
	char *at;

	if (fstat(fd, &st) < 0)
		return -errno;
	/* Pages beyond the file's end would fault, and a record beyond the second mapping's. */
	if ((uint64_t)st.st_size < watch->page + watch->size || watch->copy_size > watch->size)
		return -EPROTO;
	at = mmap(NULL, mapped_size(watch), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return -errno;
	if (mmap(at, watch->page + watch->size, PROT_READ, flags, fd, 0) == MAP_FAILED ||
	    mmap(at + watch->page + watch->size, watch->size, PROT_READ, flags, fd,
		 (off_t)watch->page) == MAP_FAILED) {
		int r = -errno;

		munmap(at, mapped_size(watch));
		return r;
	}
	watch->ring = (const struct watch_ring *)at;
	watch->data = at + watch->page;
	if (watch->ring->magic != WATCH_MAGIC || watch->ring->size != watch->size ||
	    watch->ring->data_at != watch->page)
		return -EPROTO;
	return 0;
}

static struct watch_filter wire_filter(const ABinderWatchFilter *filter)
{
	static const ABinderWatchFilter everything;

	if (!filter)
		filter = &everything;
	return (struct watch_filter){
		.size = (uint32_t)(filter->ring_size ? filter->ring_size : USUAL_RING),
		.snap = (uint32_t)filter->snap,
		.kinds = filter->kinds ? filter->kinds : ALL_KINDS,
		.flags = (filter->by_uid ? WATCH_BY_UID : 0) |
			 (filter->not_self ? WATCH_NOT_SELF : 0),
		.uid = filter->uid,
		.pid = filter->pid,
		.node = filter->node,
	};
}

static binder_status_t refusal(ABinderConnection *connection, int err)
{
	switch (err) {
	case -ENOSYS:
	case -ENOTTY:
		return error_say(STATUS_INVALID_OPERATION, "%s cannot be watched: %s",
				 connection->path,
				 err == -ENOTTY ? "it is a kernel's device, and only binderd has "
						  "a ring of events" :
						  "its binderd is of an older version; restart it");
	case -EBUSY:
		return error_say(STATUS_ALREADY_EXISTS, "this connection watches %s already",
				 connection->path);
	case -EINVAL:
		return error_say(
			STATUS_BAD_VALUE,
			"the filter cannot be used: the ring's size is a power of two "
			"from 64 KiB to 64 MiB, and the snap length at most a quarter of it");
	case -EDQUOT:
		return error_say(STATUS_NO_MEMORY,
				 "binderd has no memory left for this user, or the user watches "
				 "%d times already: end another watch, watch with a smaller ring, "
				 "or start binderd with a larger --max-memory-per-uid",
				 WATCH_MAX_PER_UID);
	default:
		return error_say(error_status(err), "%s cannot be watched: %s", connection->path,
				 error_reason(err));
	}
}

static int start(ABinderWatch *watch, const struct watch_filter *filter)
{
	int fds[2], r = driver_watch(watch->connection->driver, filter, 0, fds);

	if (r < 0)
		return r;
	watch->bell = fds[1];
	r = map_ring(watch, fds[0]);
	close(fds[0]);
	return r;
}

EXPORT binder_status_t ABinderWatch_open(ABinderConnection *connection,
					 const ABinderWatchFilter *filter, ABinderWatch **out)
{
	struct watch_filter wire = wire_filter(filter);
	ABinderWatch *watch;
	binder_status_t status;
	int r;

	if (!connection || !out)
		return error_say(STATUS_UNEXPECTED_NULL, "nothing to watch, or nowhere to put it");
	status = connection_check(connection);
	if (status != STATUS_OK)
		return status;
	if (filter && (filter->ring_size > WATCH_MAX_SIZE || filter->snap > WATCH_MAX_SNAP))
		return refusal(connection, -EINVAL);
	watch = calloc(1, sizeof(*watch));
	if (!watch)
		return error_say(STATUS_NO_MEMORY, "no memory for a watch");
	watch->bell = -1;
	watch->page = (size_t)sysconf(_SC_PAGESIZE);
	watch->size = wire.size;
	watch->copy_size = sizeof(struct watch_record) + 2 * ((size_t)wire.snap + 8);
	watch->copy = malloc(watch->copy_size);
	watch->connection = connection_ref(connection);
	r = watch->copy ? connection_use(connection) : -ENOMEM;
	if (r == 0) {
		r = start(watch, &wire);
		connection_unuse(connection);
	}
	if (r < 0) {
		status = refusal(connection, r);
		ABinderWatch_close(watch);
		return status;
	}
	*out = watch;
	return STATUS_OK;
}

EXPORT void ABinderWatch_close(ABinderWatch *watch)
{
	if (!watch)
		return;
	if (watch->ring)
		munmap((void *)watch->ring, mapped_size(watch));
	if (watch->bell >= 0)
		close(watch->bell);
	free(watch->copy);
	connection_unref(watch->connection);
	free(watch);
}

/* ---- reading -------------------------------------------------------------- */

static bool record_is_good(const struct watch_record *record, uint32_t size)
{
	uint64_t payload = (uint64_t)size - sizeof(*record);

	return record->size == size && record->kind <= ABINDER_EVENT_MANAGER &&
	       record->transaction <= ABINDER_TRANSACTION_REPLY &&
	       record->data_captured <= payload && record->offsets_captured % 8 == 0 &&
	       (((uint64_t)record->data_captured + 7) & ~UINT64_C(7)) + record->offsets_captured ==
		       payload;
}

enum taken { TAKEN_NONE, TAKEN_ONE, TAKEN_LAPPED, TAKEN_BAD };

/* Copies the record at the position, and moves on behind it. */
static enum taken take(ABinderWatch *watch)
{
	const struct watch_ring *ring = watch->ring;
	uint64_t head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE), tail;
	const char *at = watch->data + (watch->position & (watch->size - 1));
	uint32_t size;

	if (watch->position == head)
		return TAKEN_NONE;
	size = __atomic_load_n((const uint32_t *)at, __ATOMIC_RELAXED);
	if (size >= sizeof(struct watch_record) && size <= watch->copy_size)
		memcpy(watch->copy, at, size);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	tail = __atomic_load_n(&ring->tail, __ATOMIC_RELAXED);
	if (tail > watch->position) {
		watch->position = tail;
		return TAKEN_LAPPED;
	}
	if (size < sizeof(struct watch_record) || size > watch->copy_size ||
	    size > head - watch->position || !record_is_good((const void *)watch->copy, size))
		return TAKEN_BAD;
	watch->position += size;
	return TAKEN_ONE;
}

static void describe(ABinderWatch *watch)
{
	const struct watch_record *record = (const void *)watch->copy;
	const char *payload = (const char *)(record + 1);

	watch->lost += record->number - watch->expected;
	watch->expected = record->number + 1;
	watch->event = (ABinderEvent){
		.kind = (ABinderEventKind)record->kind,
		.transaction = (ABinderTransactionKind)record->transaction,
		.time_ns = record->time_ns,
		.id = record->id,
		.reply_to = record->reply_to,
		.from_pid = record->from_pid,
		.from_tid = record->from_tid,
		.to_pid = record->to_pid,
		.to_tid = record->to_tid,
		.from_uid = record->from_uid,
		.to_uid = record->to_uid,
		.node = record->node,
		.handle = record->handle,
		.code = record->code,
		.flags = record->flags,
		.data_size = record->data_size,
		.offsets_size = record->offsets_size,
		.error = record->error,
		.reason = record->reason,
		.data = (const uint8_t *)payload,
		.data_captured = record->data_captured,
		.offsets = (const uint64_t *)(payload + ((record->data_captured + 7) & ~7u)),
		.offset_count = record->offsets_captured / 8,
	};
	memcpy(watch->event.from_program, record->from_program,
	       sizeof(watch->event.from_program) - 1);
}

static void clear_bell(const ABinderWatch *watch)
{
	struct epoll_event event;

	epoll_wait(watch->bell, &event, 1, 0);
}

EXPORT binder_status_t ABinderWatch_next(ABinderWatch *watch, const ABinderEvent **out)
{
	bool cleared = false;

	for (;;) {
		switch (take(watch)) {
		case TAKEN_ONE:
			describe(watch);
			*out = &watch->event;
			return STATUS_OK;
		case TAKEN_LAPPED:
			break;
		case TAKEN_BAD:
			return error_say(STATUS_BAD_VALUE, "binderd's ring of events is damaged");
		case TAKEN_NONE:
			if (cleared) {
				*out = NULL;
				return STATUS_OK;
			}
			/* What comes from here on rings it again. */
			clear_bell(watch);
			cleared = true;
		}
	}
}

EXPORT binder_status_t ABinderWatch_wait(ABinderWatch *watch, int timeout_ms)
{
	struct pollfd fds[2] = {
		{ .fd = watch->bell, .events = POLLIN },
		{ .fd = -1, .events = POLLRDHUP },
	};
	int r = connection_use(watch->connection);

	if (r < 0)
		return error_say(STATUS_DEAD_OBJECT, "the connection that watches is closed");
	fds[1].fd = driver_fd(watch->connection->driver);
	r = poll(fds, 2, timeout_ms);
	if (r < 0)
		r = -errno;
	connection_unuse(watch->connection);
	if (r == -EINTR)
		return error_say(STATUS_INTERRUPTED, "a signal came");
	if (r < 0)
		return error_say(error_status(r), "waiting for events: %s", strerror(-r));
	if (fds[0].revents)
		return STATUS_OK; /* what is left is read before the end is told */
	if (fds[1].revents)
		return error_say(STATUS_DEAD_OBJECT, "the driver of %s is gone",
				 watch->connection->path);
	return error_say(STATUS_TIMED_OUT, "nothing happened");
}

EXPORT int ABinderWatch_getFd(const ABinderWatch *watch)
{
	return watch->bell;
}

EXPORT uint64_t ABinderWatch_getLost(const ABinderWatch *watch)
{
	return watch->lost;
}

EXPORT int64_t ABinderWatch_getRealtimeOffset(const ABinderWatch *watch)
{
	return watch->ring->realtime_ns;
}
