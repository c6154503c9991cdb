/* SPDX-License-Identifier: MIT */
/* home.c: the core's hooks for many threads; see home.h. */
#include "home.h"
#include "../core/null_home.h"

#include <time.h>

#define WAIT_NS 2000000 /* then the waiter is "interrupted" */

struct home_counts home_counts;

static void count(int *counter, int by)
{
	__atomic_add_fetch(counter, by, __ATOMIC_RELAXED);
}

struct port_proc *home_proc_new(size_t size)
{
	struct port_proc *proc = calloc(1, sizeof(*proc));

	proc->memory = calloc(1, size);
	proc->size = size;
	count(&home_counts.procs, 1);
	return proc;
}

void port_proc_gone(struct port_proc *proc)
{
	free(proc->memory);
	free(proc);
	count(&home_counts.procs, -1);
}

struct port_thread *home_thread_new(void)
{
	struct port_thread *thread = calloc(1, sizeof(*thread));

	pthread_mutex_init(&thread->mutex, NULL);
	pthread_cond_init(&thread->cond, NULL);
	count(&home_counts.threads, 1);
	return thread;
}

void port_thread_gone(struct port_thread *thread)
{
	pthread_mutex_destroy(&thread->mutex);
	pthread_cond_destroy(&thread->cond);
	free(thread);
	count(&home_counts.threads, -1);
}

bool home_wait(struct port_thread *thread)
{
	struct timespec until;
	bool woken;
	int r = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += WAIT_NS;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&thread->mutex);
	while (!thread->woken && !r)
		r = pthread_cond_timedwait(&thread->cond, &thread->mutex, &until);
	woken = thread->woken;
	thread->woken = false;
	pthread_mutex_unlock(&thread->mutex);
	return woken;
}

void port_wake(struct port_thread *thread, bool sync)
{
	pthread_mutex_lock(&thread->mutex);
	thread->woken = true;
	pthread_cond_signal(&thread->cond);
	pthread_mutex_unlock(&thread->mutex);
}

u8 *home_buffer(struct port_proc *proc, size_t offset, size_t size)
{
	if (offset > proc->size || size > proc->size - offset)
		port_broken("[%zu, +%zu) of a buffer of %zu bytes", offset, size, proc->size);
	return proc->memory + offset;
}

/* Any small number is an open file, and the file is its number's address. */
static char files[64];

int port_file_get(struct port_thread *from, s32 fd, struct port_file **ret)
{
	if (fd < 0 || fd >= (s32)sizeof(files))
		return -EBADF;
	*ret = (struct port_file *)&files[fd];
	count(&home_counts.files, 1);
	return 0;
}

void port_file_put(struct port_file *file)
{
	count(&home_counts.files, -1);
}

int port_files_install(struct port_thread *to, struct port_file **file, s32 *fds, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		fds[i] = (s32)((char *)file[i] - files);
	return 0;
}

int port_security_label(struct port_thread *from, char **ret, u32 *size)
{
	*ret = port_alloc(8);
	*size = 8;
	return *ret ? 0 : -ENOMEM;
}

u64 port_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}
