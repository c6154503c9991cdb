/* SPDX-License-Identifier: MIT */
/* home.c: the core's hooks for many threads; see home.h. */
#include "home.h"

#include <stdarg.h>
#include <stdio.h>
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

static bool is_bad(u64 addr)
{
	return addr < 4096;
}

int port_read_client(struct port_thread *from, void *dst, u64 addr, size_t size)
{
	if (is_bad(addr) && size)
		return -EFAULT;
	if (size)
		memcpy(dst, (void *)(uintptr_t)addr, size);
	return 0;
}

int port_write_client(struct port_thread *to, u64 addr, const void *src, size_t size)
{
	if (is_bad(addr))
		return -EFAULT;
	memcpy((void *)(uintptr_t)addr, src, size);
	return 0;
}

static void check_range(struct port_proc *proc, size_t offset, size_t size)
{
	if (offset > proc->size || size > proc->size - offset)
		port_broken("[%zu, +%zu) of a buffer of %zu bytes", offset, size, proc->size);
}

int port_buffer_copy(struct port_proc *to, size_t offset, struct port_thread *from, u64 addr,
		     size_t size)
{
	check_range(to, offset, size);
	return port_read_client(from, to->memory + offset, addr, size);
}

int port_buffer_prepare(struct port_proc *to, size_t offset, size_t size)
{
	check_range(to, offset, size);
	return 0;
}

void port_buffer_write(struct port_proc *to, size_t offset, const void *src, size_t size)
{
	check_range(to, offset, size);
	memcpy(to->memory + offset, src, size);
}

void port_buffer_read(struct port_proc *from, size_t offset, void *dst, size_t size)
{
	check_range(from, offset, size);
	memcpy(dst, from->memory + offset, size);
}

void port_buffer_zero(struct port_proc *to, size_t offset, size_t size)
{
	check_range(to, offset, size);
	memset(to->memory + offset, 0, size);
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

void port_fd_close(struct port_thread *thread, s32 fd) {}

s32 port_visible_pid(struct port_thread *reader, struct port_proc *sender, s32 pid)
{
	return pid;
}

u32 port_sender_euid(struct port_thread *from, u32 euid)
{
	return euid;
}

u32 port_manager_euid(struct port_thread *thread, u32 euid)
{
	return euid;
}

u32 port_visible_uid(struct port_thread *reader, u32 euid)
{
	return euid;
}

int port_may_become_manager(struct port_thread *thread)
{
	return 0;
}

int port_security_label(struct port_thread *from, char **ret, u32 *size)
{
	*ret = port_alloc(8);
	*size = 8;
	return *ret ? 0 : -ENOMEM;
}

s32 port_get_nice(struct port_thread *thread)
{
	return 0;
}

void port_set_nice(struct port_thread *thread, s32 nice) {}

u64 port_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}

void port_trace(const struct binder_trace *trace) {}

void port_broken(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}
