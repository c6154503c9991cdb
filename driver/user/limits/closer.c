/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * closer.c: the one thing in binderd that is done in other threads: closing.
 *
 * files.c, thread.c and client.c hand over what came from clients.  A close may
 * take as long as somebody likes (a file system of the client's own, a network,
 * a socket that lingers), and there is no way to ask beforehand.  So helpers do
 * it, which know nothing but a queue of descriptors; what is to be done after a
 * close comes back to the loop.  Users are spread over the helpers by their
 * uid, so that who stalls one stalls mostly himself.  What waits there is charged
 * to its user, whoever held it before: that, and nothing else, keeps the queues
 * short, as the loop itself must never wait for a close.
 */
#include "closer.h"
#include "log.h"
#include "loop.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HELPERS 64
#define IDLE_S 10
/* How long the end waits for closes under way. */
#define STOP_TIMEOUT_S 1
#define STACK (128u << 10)

struct job {
	struct list_head link;
	int fd;
	struct quota_account *account; /* NULL: there was no memory for one */
};

struct helper {
	pthread_mutex_t lock; /* guards all of it */
	pthread_cond_t more;  /* CLOCK_MONOTONIC; at the end, also that it runs no more */
	struct list_head jobs;
	bool running;
	bool to_join; /* the loop's: there is or was a thread */
	pthread_t thread;
};

static struct helper helpers[HELPERS];
static bool stopping; /* atomic */
static pthread_mutex_t done_lock = PTHREAD_MUTEX_INITIALIZER;
static struct list_head done = { &done, &done }; /* done_lock */

static struct timespec from_now(unsigned int seconds)
{
	struct timespec then;

	clock_gettime(CLOCK_MONOTONIC, &then);
	then.tv_sec += seconds;
	return then;
}

/* ---- in the helpers --------------------------------------------------------- */

/* The next one, removed; NULL: there was none for a while. */
static struct job *next_job(struct helper *helper)
{
	struct timespec until = from_now(IDLE_S);
	struct job *job;
	int r = 0;

	while (list_empty(&helper->jobs) && r != ETIMEDOUT &&
	       !__atomic_load_n(&stopping, __ATOMIC_RELAXED))
		r = pthread_cond_timedwait(&helper->more, &helper->lock, &until);
	if (list_empty(&helper->jobs))
		return NULL;
	job = list_first_entry(&helper->jobs, struct job, link);
	list_del(&job->link);
	return job;
}

static struct loop_source finished;

static void give_back(struct job *job)
{
	const u64 one = 1;

	pthread_mutex_lock(&done_lock);
	list_add_tail(&job->link, &done);
	pthread_mutex_unlock(&done_lock);
	/* Full: then it is readable as it is. */
	if (write(finished.fd, &one, sizeof(one)) < 0)
		return;
}

static void *run_helper(void *argument)
{
	struct helper *helper = argument;
	struct job *job;

	pthread_mutex_lock(&helper->lock);
	while ((job = next_job(helper))) {
		pthread_mutex_unlock(&helper->lock);
		close(job->fd);
		give_back(job);
		pthread_mutex_lock(&helper->lock);
	}
	helper->running = false;
	pthread_cond_signal(&helper->more);
	pthread_mutex_unlock(&helper->lock);
	return NULL;
}

/* ---- in the loop --------------------------------------------------------------- */

static void finish(struct job *job)
{
	if (job->account)
		quota_uncharge_files(job->account, 1);
	port_free(job);
}

static void some_finished(struct loop_source *source, u32 events)
{
	struct list_head batch = { &batch, &batch };
	u64 count;

	if (read(source->fd, &count, sizeof(count)) < 0)
		return;
	pthread_mutex_lock(&done_lock);
	list_splice_tail_init(&done, &batch);
	pthread_mutex_unlock(&done_lock);
	while (!list_empty(&batch)) {
		struct job *job = list_first_entry(&batch, struct job, link);

		list_del(&job->link);
		finish(job);
	}
}

static struct loop_source finished = { .fd = -1, .ready = some_finished };

/* Locked. */
static bool start_helper(struct helper *helper)
{
	pthread_attr_t attributes;
	int r;

	/* It has left its loop, so this does not wait for anybody's close. */
	if (helper->to_join) {
		pthread_mutex_unlock(&helper->lock);
		pthread_join(helper->thread, NULL);
		pthread_mutex_lock(&helper->lock);
	}
	helper->to_join = false;
	if (pthread_attr_init(&attributes) != 0)
		return false;
	pthread_attr_setstacksize(&attributes, STACK);
	r = pthread_create(&helper->thread, &attributes, run_helper, helper);
	pthread_attr_destroy(&attributes);
	helper->to_join = r == 0;
	if (r != 0)
		log_limited(LOG_WARNING, "no thread to close descriptors in: %s", strerror(r));
	return r == 0;
}

static bool hand_to_helper(struct job *job, u32 uid)
{
	struct helper *helper = &helpers[uid % HELPERS];
	bool taken;

	pthread_mutex_lock(&helper->lock);
	if (!helper->running)
		helper->running = start_helper(helper);
	taken = helper->running;
	if (taken) {
		list_add_tail(&job->link, &helper->jobs);
		pthread_cond_signal(&helper->more);
	}
	pthread_mutex_unlock(&helper->lock);
	return taken;
}

void closer_close(int fd, u32 uid, struct quota_account *account)
{
	/* Without a loop there are no helpers.  Not even a pipe is harmless: whoever reads from it
	 * into memory that does not come holds its lock. */
	struct job *job = finished.fd < 0 ? NULL : port_alloc(sizeof(*job));

	if (job) {
		if (!account)
			account = quota_charge_closing(uid);
		job->fd = fd;
		job->account = account;
		if (hand_to_helper(job, uid))
			return;
		port_free(job);
	}
	close(fd); /* the last resort: neither memory nor a thread */
	if (account)
		quota_uncharge_files(account, 1);
}

/* Nothing comes any more: does something lie there, which may hold descriptors? */
static bool is_empty(int sock)
{
	const int on = 1;
	char byte;
	struct iovec data = { &byte, sizeof(byte) };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

	/* So that a packet shows (MSG_CTRUNC) even if it is empty. */
	setsockopt(sock, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	return recvmsg(sock, &message, MSG_PEEK | MSG_DONTWAIT) == 0 &&
	       !(message.msg_flags & MSG_CTRUNC);
}

void closer_hang_up(int sock, u32 uid)
{
	if (shutdown(sock, SHUT_RDWR) == 0 && is_empty(sock))
		close(sock);
	else
		closer_close(sock, uid, NULL);
}

/* Is the next one a packet without descriptors? */
static bool is_plain(int sock)
{
	char byte;
	struct iovec data = { &byte, sizeof(byte) };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

	return recvmsg(sock, &message, MSG_PEEK | MSG_DONTWAIT) > 0 &&
	       !(message.msg_flags & MSG_CTRUNC);
}

void closer_refuse(int conn, u32 uid)
{
	const int off = 0;
	char byte;

	/* Mostly a HELLO.  Without it the connection can be closed on the spot. */
	setsockopt(conn, SOL_SOCKET, SO_PASSCRED, &off, sizeof(off));
	for (int i = 0; i < 4 && is_plain(conn); i++) {
		if (recv(conn, &byte, sizeof(byte), MSG_DONTWAIT) < 0)
			break;
	}
	closer_hang_up(conn, uid);
}

/* ---- beginning and end ------------------------------------------------------------ */

int closer_start(void)
{
	pthread_condattr_t attributes;
	int r = pthread_condattr_init(&attributes);

	if (r)
		return -r;
	/* A helper's time must not end, or never end, because somebody sets the clock. */
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	for (u32 i = 0; i < HELPERS; i++) {
		pthread_mutex_init(&helpers[i].lock, NULL);
		pthread_cond_init(&helpers[i].more, &attributes);
		INIT_LIST_HEAD(&helpers[i].jobs);
	}
	pthread_condattr_destroy(&attributes);
	finished.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return finished.fd < 0 ? -errno : loop_add(&finished, EPOLLIN);
}

static void join_until(struct helper *helper, const struct timespec *until)
{
	bool ended;

	pthread_mutex_lock(&helper->lock);
	while (helper->running &&
	       pthread_cond_timedwait(&helper->more, &helper->lock, until) != ETIMEDOUT)
		;
	ended = !helper->running;
	pthread_mutex_unlock(&helper->lock);
	if (ended && helper->to_join)
		pthread_join(helper->thread, NULL);
}

/* What still hangs then ends with the process; its memory stays where the helpers can see it. */
void closer_stop(void)
{
	const struct timespec until = from_now(STOP_TIMEOUT_S);

	if (finished.fd < 0)
		return;
	for (u32 i = 0; i < HELPERS; i++) {
		pthread_mutex_lock(&helpers[i].lock);
		__atomic_store_n(&stopping, true, __ATOMIC_RELAXED);
		pthread_cond_signal(&helpers[i].more);
		pthread_mutex_unlock(&helpers[i].lock);
	}
	for (u32 i = 0; i < HELPERS; i++)
		join_until(&helpers[i], &until);
	some_finished(&finished, 0);
}
