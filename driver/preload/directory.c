/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * directory.c: the directories of binderfs, opened and listed.
 *
 * Their descriptors are those of the daemon's folder, so that they are descriptors of a directory;
 * a small table says which directory each stands for.  A stream (DIR) of ours is a list of names
 * that was made when it was opened, and is told from the C library's by its address.
 */
#include "preload.h"

#include "real.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- descriptors --------------------------------------------------------- */

#define MOST 64

/* All atomic; fd is one more than the descriptor, 0: the place is free. */
static struct {
	int fd;
	const char *name; /* one of preload_fixed() */
} places[MOST];
static int taken;

bool preload_has_directories(void)
{
	return __atomic_load_n(&taken, __ATOMIC_ACQUIRE) > 0;
}

const char *preload_directory_name(int fd)
{
	if (fd < 0 || !preload_has_directories())
		return NULL;
	for (size_t i = 0; i < MOST; i++)
		if (__atomic_load_n(&places[i].fd, __ATOMIC_ACQUIRE) == fd + 1)
			return __atomic_load_n(&places[i].name, __ATOMIC_RELAXED);
	return NULL;
}

static int add(int fd, const char *name)
{
	for (size_t i = 0; i < MOST; i++) {
		int none = 0;

		/* -1: nobody else's any more, and nothing yet. */
		if (!__atomic_compare_exchange_n(&places[i].fd, &none, -1, false, __ATOMIC_SEQ_CST,
						 __ATOMIC_RELAXED))
			continue;
		__atomic_store_n(&places[i].name, name, __ATOMIC_RELAXED);
		__atomic_add_fetch(&taken, 1, __ATOMIC_SEQ_CST);
		__atomic_store_n(&places[i].fd, fd + 1, __ATOMIC_RELEASE);
		return 0;
	}
	return -EMFILE;
}

void preload_directory_closed(unsigned int first, unsigned int last)
{
	if (!preload_has_directories())
		return;
	for (size_t i = 0; i < MOST; i++) {
		int fd = __atomic_load_n(&places[i].fd, __ATOMIC_RELAXED);

		if (fd > 0 && (unsigned int)fd - 1 >= first && (unsigned int)fd - 1 <= last &&
		    __atomic_compare_exchange_n(&places[i].fd, &fd, 0, false, __ATOMIC_SEQ_CST,
						__ATOMIC_RELAXED))
			__atomic_sub_fetch(&taken, 1, __ATOMIC_SEQ_CST);
	}
}

void preload_directory_copied(int fd, int copy)
{
	const char *name = preload_directory_name(fd);

	if (fd == copy)
		return;
	preload_directory_closed((unsigned int)copy, (unsigned int)copy);
	if (name)
		add(copy, name);
}

/* The name outlives the path. */
static const char *lasting(const char *name)
{
	const char *found;

	for (size_t i = 0; (found = preload_fixed(i)); i++)
		if (!strcmp(found, name))
			return found;
	return "";
}

int preload_open_directory(const struct preload_path *path, int flags)
{
	int fd, r;

	if ((flags & O_ACCMODE) != O_RDONLY)
		return -EISDIR;
	fd = preload_real()->openat(AT_FDCWD, path->socket,
				    O_RDONLY | O_DIRECTORY | (flags & O_CLOEXEC));
	if (fd < 0)
		return -errno;
	r = add(fd, lasting(path->name));
	if (r < 0)
		preload_real()->close(fd);
	return r < 0 ? r : fd;
}

/* ---- what is in one ------------------------------------------------------ */

struct item {
	char name[64];
	unsigned char type;
};

struct list {
	struct item *item;
	size_t count;
	bool no_memory;
};

static bool put(struct list *list, const char *name, unsigned char type)
{
	struct item *grown = reallocarray(list->item, list->count + 1, sizeof(*grown));

	if (!grown) {
		list->no_memory = true;
		return false;
	}
	list->item = grown;
	snprintf(grown[list->count].name, sizeof(grown->name), "%s", name);
	grown[list->count++].type = type;
	return true;
}

static bool put_device(const char *name, const char *socket, void *cookie)
{
	return strlen(name) >= sizeof(((struct item *)NULL)->name) || put(cookie, name, DT_CHR);
}

static bool put_process(int pid, void *cookie)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", pid);
	return put(cookie, name, DT_REG);
}

static void put_fixed(struct list *list, const char *directory)
{
	size_t length = strlen(directory);
	const char *name;

	for (size_t i = 0; (name = preload_fixed(i)); i++) {
		const char *below = length ? name + length + 1 : name;

		if (!*name || strncmp(name, directory, length) != 0 ||
		    (length && name[length] != '/') || strchr(below, '/'))
			continue;
		put(list, below,
		    !strcmp(name, "binder_logs") || !strcmp(name, "features") ||
				    !strcmp(below, "proc") ?
			    DT_DIR :
			    DT_REG);
	}
}

/* 0 or -ENOMEM. */
static int make_list(const char *directory, struct list *ret)
{
	struct list list = { 0 };

	put(&list, ".", DT_DIR);
	put(&list, "..", DT_DIR);
	if (!*directory)
		preload_each_device(put_device, &list);
	if (!strcmp(directory, "binder_logs/proc"))
		preload_each_process(put_process, &list);
	put_fixed(&list, directory);
	if (list.no_memory) {
		free(list.item);
		return -ENOMEM;
	}
	*ret = list;
	return 0;
}

/* ---- streams ------------------------------------------------------------- */

struct stream {
	int fd;
	struct list list;
	size_t at;
	struct dirent entry; /* what readdir() gave last */
	struct stream *next;
};

static struct stream *streams; /* the lock */
static int stream_count;       /* atomic */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void fork_prepare(void)
{
	pthread_mutex_lock(&lock);
}

static void fork_done(void)
{
	pthread_mutex_unlock(&lock);
}

__attribute__((constructor)) static void unlock_in_children(void)
{
	pthread_atfork(fork_prepare, fork_done, fork_done);
}

/* NULL: it is the C library's. */
static struct stream *ours(DIR *dir)
{
	struct stream *stream;

	if (!__atomic_load_n(&stream_count, __ATOMIC_ACQUIRE))
		return NULL;
	pthread_mutex_lock(&lock);
	for (stream = streams; stream && (DIR *)stream != dir; stream = stream->next)
		;
	pthread_mutex_unlock(&lock);
	return stream;
}

static DIR *stream_new(int fd, const char *directory)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream || make_list(directory, &stream->list) < 0) {
		free(stream);
		errno = ENOMEM;
		return NULL;
	}
	stream->fd = fd;
	pthread_mutex_lock(&lock);
	stream->next = streams;
	streams = stream;
	__atomic_add_fetch(&stream_count, 1, __ATOMIC_SEQ_CST);
	pthread_mutex_unlock(&lock);
	return (DIR *)stream;
}

static int stream_end(struct stream *stream)
{
	struct stream **at = &streams;
	int fd = stream->fd;

	pthread_mutex_lock(&lock);
	while (*at != stream)
		at = &(*at)->next;
	*at = stream->next;
	__atomic_sub_fetch(&stream_count, 1, __ATOMIC_SEQ_CST);
	pthread_mutex_unlock(&lock);
	free(stream->list.item);
	free(stream);
	return close(fd);
}

static struct dirent *next_entry(struct stream *stream)
{
	const struct item *item;

	if (stream->at >= stream->list.count)
		return NULL;
	item = &stream->list.item[stream->at++];
	stream->entry = (struct dirent){
		.d_ino = 1 + stream->at,
		.d_off = (off_t)stream->at,
		.d_reclen = sizeof(stream->entry),
		.d_type = item->type,
	};
	strcpy(stream->entry.d_name, item->name);
	return &stream->entry;
}

static DIR *open_resolved(const struct preload_path *path)
{
	int fd = path->kind == PRELOAD_DIRECTORY ? preload_open_directory(path, O_CLOEXEC) :
						   -ENOTDIR;
	DIR *dir;

	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	dir = stream_new(fd, path->name);
	if (!dir)
		close(fd);
	return dir;
}

PRELOAD_EXPORT DIR *opendir(const char *path)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ? open_resolved(&found) :
							 preload_real()->opendir(path);
}

PRELOAD_EXPORT DIR *fdopendir(int fd)
{
	const char *name = preload_directory_name(fd);

	return name ? stream_new(fd, name) : preload_real()->fdopendir(fd);
}

PRELOAD_EXPORT struct dirent *readdir(DIR *dir)
{
	struct stream *stream = ours(dir);

	return stream ? next_entry(stream) : preload_real()->readdir(dir);
}

static int read_into(DIR *dir, struct dirent *entry, struct dirent **ret)
{
	struct stream *stream = ours(dir);
	struct dirent *next;

	if (!stream)
		return preload_real()->readdir_r(dir, entry, ret);
	next = next_entry(stream);
	if (next)
		*entry = *next;
	*ret = next ? entry : NULL;
	return 0;
}

PRELOAD_EXPORT int readdir_r(DIR *dir, struct dirent *entry, struct dirent **ret)
{
	return read_into(dir, entry, ret);
}

PRELOAD_EXPORT int closedir(DIR *dir)
{
	struct stream *stream = ours(dir);

	return stream ? stream_end(stream) : preload_real()->closedir(dir);
}

PRELOAD_EXPORT int dirfd(DIR *dir)
{
	struct stream *stream = ours(dir);

	return stream ? stream->fd : preload_real()->dirfd(dir);
}

PRELOAD_EXPORT long telldir(DIR *dir)
{
	struct stream *stream = ours(dir);

	return stream ? (long)stream->at : preload_real()->telldir(dir);
}

PRELOAD_EXPORT void seekdir(DIR *dir, long at)
{
	struct stream *stream = ours(dir);

	if (stream)
		stream->at = (size_t)at;
	else
		preload_real()->seekdir(dir, at);
}

PRELOAD_EXPORT void rewinddir(DIR *dir)
{
	struct stream *stream = ours(dir);

	if (stream)
		stream->at = 0;
	else
		preload_real()->rewinddir(dir);
}

/* ---- all at once --------------------------------------------------------- */

typedef int (*picker)(const struct dirent *entry);
typedef int (*order)(const struct dirent **a, const struct dirent **b);

static void free_entries(struct dirent **entry, size_t count)
{
	while (count)
		free(entry[--count]);
	free(entry);
}

static int scan(const struct preload_path *path, struct dirent ***ret, picker pick, order sort)
{
	struct dirent **all = NULL, **grown, *entry;
	DIR *dir = open_resolved(path);
	size_t count = 0;

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		if (pick && !pick(entry))
			continue;
		grown = reallocarray(all, count + 1, sizeof(*all));
		all = grown ? grown : all;
		if (!grown || !(all[count] = malloc(sizeof(*entry)))) {
			free_entries(all, count);
			closedir(dir);
			errno = ENOMEM;
			return -1;
		}
		*all[count++] = *entry;
	}
	closedir(dir);
	if (sort && count)
		qsort(all, count, sizeof(*all), (int (*)(const void *, const void *))sort);
	*ret = all;
	return (int)count;
}

PRELOAD_EXPORT int scandir(const char *path, struct dirent ***ret, picker pick, order sort)
{
	struct preload_path found;

	return preload_resolve(AT_FDCWD, path, &found) ?
		       scan(&found, ret, pick, sort) :
		       preload_real()->scandir(path, ret, pick, sort);
}

PRELOAD_EXPORT int scandirat(int at, const char *path, struct dirent ***ret, picker pick,
			     order sort)
{
	struct preload_path found;

	return preload_resolve(at, path, &found) ?
		       scan(&found, ret, pick, sort) :
		       preload_real()->scandirat(at, path, ret, pick, sort);
}

/* The same structure on all machines that this runs on. */
_Static_assert(sizeof(struct dirent) == sizeof(struct dirent64), "dirent64");

PRELOAD_EXPORT struct dirent64 *readdir64(DIR *dir)
{
	return (struct dirent64 *)readdir(dir);
}

PRELOAD_EXPORT int readdir64_r(DIR *dir, struct dirent64 *entry, struct dirent64 **ret)
{
	return read_into(dir, (struct dirent *)entry, (struct dirent **)ret);
}

PRELOAD_EXPORT int scandir64(const char *path, struct dirent64 ***ret,
			     int (*pick)(const struct dirent64 *),
			     int (*sort)(const struct dirent64 **, const struct dirent64 **))
{
	return scandir(path, (struct dirent ***)ret, (picker)pick, (order)sort);
}

PRELOAD_EXPORT int scandirat64(int at, const char *path, struct dirent64 ***ret,
			       int (*pick)(const struct dirent64 *),
			       int (*sort)(const struct dirent64 **, const struct dirent64 **))
{
	return scandirat(at, path, (struct dirent ***)ret, (picker)pick, (order)sort);
}
