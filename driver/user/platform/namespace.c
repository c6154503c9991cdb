/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * namespace.c: reads from /proc which containers a client is in.
 *
 * identity.c asks, once for each connection; a process keeps its pid namespace as long as it
 * lives, and has its user namespace before it opens a device, if it is in a container.  Who is
 * in none, as nearly everybody, costs two looks at /proc.
 */
#include "namespace.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEVELS_MAX 32u /* the kernel's own limits */
#define EXTENTS_MAX 340u

static u64 space_of_fd(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

/* 0: not to be known. */
static u64 space_of(const char *process, const char *kind)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%s/ns/%s", process, kind);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

static u64 own_pid_space(void)
{
	static u64 own;

	if (!own)
		own = space_of("self", "pid");
	return own;
}

static u64 own_user_space(void)
{
	static u64 own;

	if (!own)
		own = space_of("self", "user");
	return own;
}

/* ---- pids ------------------------------------------------------------------------ */

/* "NSpid:" of /proc/PID/status: the process's numbers, ours first.  How many they are. */
static u32 read_numbers(const char *process, s32 *numbers)
{
	char path[64], line[512];
	u32 count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/status", process);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		char *rest = line, *word;

		if (strncmp(line, "NSpid:", 6) != 0)
			continue;
		strsep(&rest, "\t");
		while (count <= LEVELS_MAX && (word = strsep(&rest, "\t")))
			numbers[count++] = atoi(word);
		break;
	}
	if (file)
		fclose(file);
	return count;
}

/* From its own namespace upwards, as far as ours. */
static void read_pids(const char *process, struct namespaces *ret)
{
	s32 numbers[LEVELS_MAX + 1];
	u32 left = read_numbers(process, numbers);
	char path[64];
	int fd, parent;

	snprintf(path, sizeof(path), "/proc/%s/ns/pid", process);
	fd = left > 1 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ret->pids = fd >= 0 ? port_alloc_array(left - 1, sizeof(*ret->pids)) : NULL;
	while (ret->pids && fd >= 0 && left > 1) {
		ret->pids[ret->pid_count].space = space_of_fd(fd);
		ret->pids[ret->pid_count++].pid = numbers[--left];
		parent = left > 1 ? ioctl(fd, NS_GET_PARENT) : -1;
		close(fd);
		fd = parent;
	}
	if (fd >= 0)
		close(fd);
}

s32 namespaces_pid(const struct namespaces *reader, const struct namespaces *of, s32 pid)
{
	u32 i;

	if (!reader->pid_count)
		return pid;
	for (i = 0; i < of->pid_count; i++)
		if (of->pids[i].space == reader->pids[0].space)
			return of->pids[i].pid;
	return 0;
}

/* ---- uids ------------------------------------------------------------------------ */

static void read_uids(struct namespaces *spaces)
{
	struct namespace_uids one;
	char path[64];
	u32 room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/uid_map", spaces->mapped_pid);
	file = fopen(path, "re");
	while (file && spaces->uid_count < EXTENTS_MAX &&
	       fscanf(file, "%u %u %u", &one.inside, &one.outside, &one.count) == 3) {
		if (spaces->uid_count == room) {
			struct namespace_uids *more;

			room = room ? 2 * room : 4;
			more = realloc(spaces->uids, room * sizeof(*more));
			if (!more)
				break;
			spaces->uids = more;
		}
		spaces->uids[spaces->uid_count++] = one;
	}
	if (file)
		fclose(file);
	/* It is written once; the process may open the device before that. */
	if (spaces->uid_count)
		spaces->mapped_pid = 0;
}

u32 namespaces_uid(struct namespaces *reader, u32 uid)
{
	u32 i;

	if (!reader->maps_uids)
		return uid;
	if (reader->mapped_pid)
		read_uids(reader);
	for (i = 0; i < reader->uid_count; i++) {
		const struct namespace_uids *uids = &reader->uids[i];

		if (uid >= uids->outside && uid - uids->outside < uids->count)
			return uid - uids->outside + uids->inside;
	}
	return ~0u;
}

/* ---- both -------------------------------------------------------------------------- */

void namespaces_of(s32 pid, struct namespaces *ret)
{
	char process[16];
	u64 space;

	memset(ret, 0, sizeof(*ret));
	if (pid <= 0)
		return;
	snprintf(process, sizeof(process), "%d", pid);
	space = space_of(process, "pid");
	if (space && space != own_pid_space())
		read_pids(process, ret);
	space = space_of(process, "user");
	if (space && space != own_user_space()) {
		ret->maps_uids = true;
		ret->mapped_pid = pid;
		read_uids(ret);
	}
}

void namespaces_forget(struct namespaces *spaces)
{
	port_free(spaces->pids);
	port_free(spaces->uids);
	memset(spaces, 0, sizeof(*spaces));
}
