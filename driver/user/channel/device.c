/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * device.c: a device's listening socket; each connection becomes a client.
 *
 * main.c makes devices, loop.c calls when somebody connects, client.c takes
 * the connection over.
 */
#include "device.h"
#include "channel.h"
#include "client.h"
#include "directory.h"
#include "log.h"
#include "options.h"
#include "limits/closer.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * A stranger costs as much as some calls do: to be let in, and once more for what it
 * says.  While others have work, that long is kept for them this many times over.
 */
#define REST_FACTOR 6
#define PAUSE_NS UINT64_C(100000000)

struct list_head device_list = { &device_list, &device_list };

/*
 * Kept for the moment when descriptors run out: without one to spare, a
 * connection could neither be accepted nor refused, and would wake us for ever.
 */
static int reserve_fd = -1;

static void open_reserve(void)
{
	if (reserve_fd < 0)
		reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void pause_accepting(struct device *device)
{
	device->paused = true;
	loop_change(&device->source, 0);
	loop_timer_set(&device->resume, loop_now() + PAUSE_NS);
}

static void resume_accepting(struct loop_timer *timer)
{
	struct device *device = container_of(timer, struct device, resume);

	open_reserve();
	device->paused = false;
	loop_change(&device->source, EPOLLIN);
}

/*
 * No descriptor for a connection, if there is one at all: accept4() says
 * EMFILE before it looks.  Tells it so and hangs up.
 */
static void refuse_one(struct device *device, int reason)
{
	int fd, err;

	if (reserve_fd >= 0)
		close(reserve_fd);
	reserve_fd = -1;
	fd = accept4(device->source.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	err = fd < 0 ? errno : 0;
	if (fd >= 0) {
		client_refuse(fd, -EMFILE);
		closer_refuse(fd, identity_uid_of_peer(fd));
	}
	open_reserve();
	if (err == EAGAIN)
		return;
	log_limited(LOG_WARNING,
		    "%s: no descriptor for another connection: %s; connections are "
		    "refused until some are closed, or start binderd with a higher RLIMIT_NOFILE",
		    device->name, strerror(reason));
	if (fd < 0 || reserve_fd < 0)
		pause_accepting(device);
}

static void accept_one(struct device *device)
{
	int fd = accept4(device->source.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0) {
		client_accept(device, fd);
	} else if (errno == EMFILE || errno == ENFILE) {
		refuse_one(device, errno);
	} else if (errno == ENOMEM || errno == ENOBUFS) {
		log_limited(LOG_WARNING, "%s: cannot accept a connection: %s", device->name,
			    strerror(errno));
		pause_accepting(device);
	}
}

/* One for a round, so that a storm of them comes between the others' calls only now and then. */
static void accept_ready(struct loop_source *source, u32 events)
{
	static u64 others_until; /* of all devices */
	u64 began = loop_now();

	if (began < others_until && !loop_is_quiet())
		return;
	accept_one(container_of(source, struct device, source));
	others_until = began + (loop_now() - began) * REST_FACTOR;
}

int device_open(const char *name, struct device **ret)
{
	struct device *device = port_alloc(sizeof(*device));
	int r = -ENOMEM;

	if (!device)
		return r;
	open_reserve();
	device->name = name;
	device->source.fd = -1;
	device->source.ready = accept_ready;
	device->resume.expired = resume_accepting;
	INIT_LIST_HEAD(&device->clients);
	list_add_tail(&device->link, &device_list);
	device->context = binder_context_new(name);
	if (device->context)
		r = directory_listen(name, options.mode, &device->source.fd);
	if (r == 0)
		r = loop_add(&device->source, EPOLLIN);
	if (r < 0) {
		device_close(device);
		return r;
	}
	*ret = device;
	return 0;
}

void device_close(struct device *device)
{
	if (!device)
		return;
	if (device->source.fd >= 0) {
		directory_unlink(device->name);
		loop_remove(&device->source);
		close(device->source.fd);
	}
	loop_timer_cancel(&device->resume);
	while (!list_empty(&device->clients))
		client_close(list_first_entry(&device->clients, struct port_proc, link));
	if (device->context)
		binder_context_free(device->context);
	list_del(&device->link);
	port_free(device);
	if (reserve_fd >= 0)
		close(reserve_fd);
	reserve_fd = -1;
}

void device_log_counts(const struct device *device)
{
	struct binder_counts n;

	binder_context_counts(device->context, &n);
	log_line(LOG_INFO,
		 "%s: %u opens, %u threads, %u nodes, %u references, %u deaths watched, "
		 "%u transactions, %u buffers%s",
		 device->name, n.procs, n.threads, n.nodes, n.refs, n.deaths, n.transactions,
		 n.buffers, binder_context_check(device->context) ? "" : "; INCONSISTENT");
}
