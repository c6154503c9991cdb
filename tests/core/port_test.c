/* SPDX-License-Identifier: MIT */
/*
 * port_test.c: the core's hooks in a test program, as far as null_home.c does not do.
 *
 * Client memory is the program's own, receive buffers are malloc()ed, files
 * are numbers with a count of holds.
 */
#include "world.h"
#include "null_home.h"

#include <stdarg.h>
#include <stdio.h>

#define FILES 512
static struct port_file files[FILES];

static struct {
	enum hook hook;
	unsigned left;
	void (*act)(void);
} meanwhile;

void during(enum hook hook, unsigned nth, void (*act)(void))
{
	meanwhile.hook = hook;
	meanwhile.left = nth;
	meanwhile.act = act;
}

bool during_ran(void)
{
	return !meanwhile.act;
}

/* A hook is done.  What is done meanwhile calls hooks, too. */
static void done(enum hook hook)
{
	void (*act)(void) = meanwhile.act;

	if (!act || hook != meanwhile.hook || --meanwhile.left)
		return;
	meanwhile.act = NULL;
	act();
}

static bool is_bad(u64 addr, size_t size)
{
	return addr < 4096 || addr + size < addr;
}

static int read_memory(void *dst, u64 addr, size_t size)
{
	if (is_bad(addr, size) && size)
		return -EFAULT;
	if (size)
		memcpy(dst, (void *)(uintptr_t)addr, size);
	return 0;
}

int port_read_client(struct port_thread *from, void *dst, u64 addr, size_t size)
{
	int err = read_memory(dst, addr, size);

	done(HOOK_READ);
	return err;
}

int port_write_client(struct port_thread *to, u64 addr, const void *src, size_t size)
{
	if (is_bad(addr, size))
		return -EFAULT;
	memcpy((void *)(uintptr_t)addr, src, size);
	done(HOOK_WRITE);
	return 0;
}

u8 *home_buffer(struct port_proc *proc, size_t offset, size_t size)
{
	if (offset > proc->size || size > proc->size - offset)
		ck_abort_msg("core touches [%zu, +%zu) of a buffer of %zu bytes", offset, size,
			     proc->size);
	return proc->memory + offset;
}

int port_buffer_copy(struct port_proc *to, size_t offset, struct port_thread *from, u64 addr,
		     size_t size)
{
	int err = read_memory(home_buffer(to, offset, size), addr, size);

	done(HOOK_COPY);
	return err;
}

int port_buffer_prepare(struct port_proc *to, size_t offset, size_t size)
{
	home_buffer(to, offset, size);
	if (to->refuse_pages) {
		to->refuse_pages--;
		return -ENOMEM;
	}
	return 0;
}

void port_buffer_zero(struct port_proc *to, size_t offset, size_t size)
{
	memset(home_buffer(to, offset, size), 0, size);
	done(HOOK_ZERO);
}

void port_wake(struct port_thread *thread, bool sync)
{
	__atomic_add_fetch(&thread->wakes, 1, __ATOMIC_RELAXED);
	done(HOOK_WAKE);
}

struct port_file *test_file(s32 number)
{
	files[number].number = number;
	__atomic_store_n(&files[number].holds, 1, __ATOMIC_RELAXED);
	return &files[number];
}

int test_file_holds(s32 number)
{
	return __atomic_load_n(&files[number].holds, __ATOMIC_RELAXED) - 1;
}

int port_file_get(struct port_thread *from, s32 fd, struct port_file **ret)
{
	if (fd < 0 || fd >= FILES || !files[fd].holds)
		return -EBADF;
	__atomic_add_fetch(&files[fd].holds, 1, __ATOMIC_RELAXED);
	*ret = &files[fd];
	done(HOOK_FILE_GET);
	return 0;
}

void port_file_put(struct port_file *file)
{
	if (__atomic_sub_fetch(&file->holds, 1, __ATOMIC_RELAXED) < 0)
		ck_abort_msg("core drops file %d, which nobody holds", file->number);
}

int port_files_install(struct port_thread *to, struct port_file **file, s32 *fds, u32 count)
{
	u32 i;

	if (to->install_later) {
		to->install_later = false;
		return -EINPROGRESS;
	}
	if (to->install_result)
		return to->install_result;
	for (i = 0; i < count; i++) {
		if (file[i]->holds < 1)
			ck_abort_msg("core installs file %d, which nobody holds", file[i]->number);
		fds[i] = to->next_fd++;
	}
	return 0;
}

void port_fd_close(struct port_thread *thread, s32 fd)
{
	thread->closed[thread->closed_count++ % ARRAY_SIZE(thread->closed)] = fd;
	done(HOOK_FD_CLOSE);
}

int port_may_become_manager(struct port_thread *thread)
{
	return thread->may_manage;
}

int port_security_label(struct port_thread *from, char **ret, u32 *size)
{
	if (from->label_error)
		return from->label_error;
	*ret = port_alloc(sizeof("test_label"));
	memcpy(*ret, "test_label", sizeof("test_label"));
	*size = sizeof("test_label");
	done(HOOK_LABEL);
	return 0;
}

s32 port_get_nice(struct port_thread *thread)
{
	return thread->nice;
}

void port_set_nice(struct port_thread *thread, s32 nice)
{
	thread->nice = nice;
}

void port_thread_gone(struct port_thread *thread)
{
	__atomic_store_n(&thread->gone, true, __ATOMIC_RELAXED);
}

void port_proc_gone(struct port_proc *proc)
{
	__atomic_store_n(&proc->gone, true, __ATOMIC_RELAXED);
}

u64 test_now_ms;

u64 port_now_ms(void)
{
	return test_now_ms;
}

u32 test_unanswered;

void port_trace(const struct binder_trace *trace)
{
	if (trace->event == BINDER_TRACE_UNANSWERED)
		test_unanswered++;
}

void port_broken(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}
