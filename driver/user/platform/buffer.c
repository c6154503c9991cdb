/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * buffer.c: receive buffers: memory that the daemon writes and one client reads.
 *
 * The core calls the port_* functions; request.c the others.
 */
#include "buffer.h"
#include "files.h"
#include "port_thread.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Pages of a memfd come into being when they are touched. */
int port_buffer_prepare(struct port_proc *to, size_t offset, size_t size)
{
	if (!to->buffer)
		return -ENOMEM;
	return pages_charge(&to->pages, to->identity.who.account, offset, size);
}

int port_buffer_copy(struct port_proc *to, size_t offset, struct port_thread *from, u64 addr,
		     size_t size)
{
	int r = port_buffer_prepare(to, offset, size);

	throttle_add_for(&to->throttle, size / 8);
	return r < 0 ? r : port_read_client(from, to->buffer + offset, addr, size);
}

void port_buffer_write(struct port_proc *to, size_t offset, const void *src, size_t size)
{
	/* An object, most of the time: its node or handle costs more than its bytes. */
	throttle_add_for(&to->throttle, 200);
	memcpy(to->buffer + offset, src, size);
}

void port_buffer_read(struct port_proc *from, size_t offset, void *dst, size_t size)
{
	memcpy(dst, from->buffer + offset, size);
}

void port_buffer_zero(struct port_proc *to, size_t offset, size_t size)
{
	while (size) {
		bool real;
		size_t part = pages_first(&to->pages, offset, size, &real);

		if (real)
			memset(to->buffer + offset, 0, part);
		offset += part;
		size -= part;
	}
}

static void drop_buffer(struct port_proc *client)
{
	munmap(client->buffer, client->buffer_size);
	client->buffer = NULL;
	client->buffer_step = BUFFER_NONE;
}

/* Ours is the only writable mapping that there will ever be. */
static int make_buffer(struct port_proc *client, size_t size, int *ret)
{
	int fd = memfd_create("binder-buffer", MFD_CLOEXEC | MFD_ALLOW_SEALING), r;
	void *buffer = MAP_FAILED;

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) == 0)
		buffer = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (buffer == MAP_FAILED ||
	    fcntl(fd, F_ADD_SEALS,
		  F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) < 0) {
		r = -errno;
		if (buffer != MAP_FAILED)
			munmap(buffer, size);
		close(fd);
		return r;
	}
	client->buffer = buffer;
	client->buffer_size = size;
	*ret = fd;
	return 0;
}

int buffer_mmap(struct port_thread *thread, u64 size, u64 *size_reply)
{
	struct port_proc *client = thread->client;
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd, r;

	/* Only the process that opened a device maps it. */
	if (thread->peer->pid != client->identity.who.pid || size == 0)
		return -EINVAL;
	if (client->buffer_step != BUFFER_NONE)
		return -EBUSY;
	if (size > BINDER_MAX_MAPPING)
		size = BINDER_MAX_MAPPING;
	size = (size + page - 1) & ~(u64)(page - 1);
	r = make_buffer(client, size, &fd);
	if (r < 0)
		return r;
	r = files_send(thread, &fd, 1);
	close(fd);
	if (r < 0) {
		drop_buffer(client);
		return r;
	}
	client->buffer_step = BUFFER_OFFERED;
	*size_reply = size;
	return 0;
}

int buffer_mapped(struct port_thread *thread, u64 addr)
{
	struct port_proc *client = thread->client;
	int r;

	if (client->buffer_step != BUFFER_OFFERED)
		return -EINVAL;
	if (!addr) {
		drop_buffer(client);
		return 0;
	}
	r = binder_proc_mmap(client->core, addr, client->buffer_size);
	if (r < 0)
		drop_buffer(client);
	else
		client->buffer_step = BUFFER_MAPPED;
	return r;
}

int buffer_munmap(struct port_thread *thread)
{
	if (thread->client->buffer_step != BUFFER_MAPPED)
		return -EINVAL;
	binder_proc_munmap(thread->client->core);
	return 0;
}
