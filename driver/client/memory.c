/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * memory.c: mapping the receive buffer that binderd made for this client.
 *
 * The daemon hands out a memfd sealed against writing through new mappings, so
 * the pages are as read-only here as a device's are.
 */
#include "internal.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The buffer's descriptor, which came ahead of the answer. */
static int ask_for_buffer(struct client_channel *ch, size_t size, int *ret)
{
	struct stat st;
	uint32_t announced;
	int fd, r;

	client_channel_prepare(ch, CHANNEL_MMAP);
	ch->box->size = size;
	r = client_channel_simple(ch);
	if (r < 0)
		return r;
	r = client_files_receive(ch->sock, &announced, sizeof(announced), &fd, 1);
	if (r < 0)
		return r;
	if (r == 0)
		return -EMFILE;
	if (fstat(fd, &st) < 0 || (uint64_t)st.st_size < ch->box->size_reply) {
		close(fd);
		return -EPROTO;
	}
	*ret = fd;
	return 0;
}

static int map_buffer(void *addr, size_t size, int prot, int flags, int fd, void **ret)
{
	void *map;

	/* What lies beyond the driver's largest buffer faults, as with the device. */
	flags = (flags & ~MAP_TYPE) | MAP_SHARED;
	map = mmap(addr, size, prot, flags, fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	if (madvise(map, size, MADV_DONTFORK) < 0) {
		int r = -errno;

		munmap(map, size);
		return r;
	}
	*ret = map;
	return 0;
}

static int tell_address(struct client_channel *ch, const void *map)
{
	client_channel_prepare(ch, CHANNEL_MAPPED);
	ch->box->arg = (uintptr_t)map;
	return client_channel_simple(ch);
}

int binder_client_mmap(struct binder_client *client, void *addr, size_t size, int prot, int flags,
		       uint64_t deadline, void **ret)
{
	struct client_channel *ch;
	void *map = NULL;
	int fd, r, told;

	if (size == 0)
		return -EINVAL;
	if (prot & PROT_WRITE)
		return -EPERM;
	r = client_channel_enter(client, deadline, &ch);
	if (r < 0)
		return r;
	r = ask_for_buffer(ch, size, &fd);
	if (r == 0) {
		r = map_buffer(addr, size, prot, flags, fd, &map);
		close(fd);
		told = tell_address(ch, r == 0 ? map : NULL);
		if (r == 0 && told < 0) {
			munmap(map, size);
			r = told;
		}
	} else if (r == -EMFILE || r == -EPROTO) {
		tell_address(ch, NULL);
	}
	client_channel_leave(ch);
	if (r < 0)
		return r;

	pthread_mutex_lock(&client_lock);
	client->map = map;
	client->map_size = size;
	pthread_mutex_unlock(&client_lock);
	*ret = map;
	return 0;
}

static bool forget_mapping(struct binder_client *client, void *addr, size_t size)
{
	bool overlaps;

	pthread_mutex_lock(&client_lock);
	overlaps = client->map && (char *)addr < (char *)client->map + client->map_size &&
		   (char *)client->map < (char *)addr + size;
	if (overlaps)
		client->map = NULL;
	pthread_mutex_unlock(&client_lock);
	return overlaps;
}

int binder_client_munmap(struct binder_client *client, void *addr, size_t size)
{
	struct client_channel *ch;

	if (munmap(addr, size) < 0)
		return -errno;
	/* A daemon that is gone has nothing to be told. */
	if (forget_mapping(client, addr, size) && client_channel_enter(client, 0, &ch) == 0) {
		client_channel_prepare(ch, CHANNEL_MUNMAP);
		client_channel_simple(ch);
		client_channel_leave(ch);
	}
	return 0;
}
