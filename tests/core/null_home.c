/* SPDX-License-Identifier: MIT */
/*
 * null_home.c: a home of the driver's core that does the least; see null_home.h.
 */
#include "null_home.h"

#include <stdarg.h>
#include <stdio.h>

#define NULL_HOOK __attribute__((weak))

static bool is_bad(u64 addr, size_t size)
{
	return addr < 4096 || addr + size < addr;
}

/* ---- memory ---- */

NULL_HOOK int port_read_client(struct port_thread *from, void *dst, u64 addr, size_t size)
{
	if (is_bad(addr, size) && size)
		return -EFAULT;
	if (size)
		memcpy(dst, (void *)(uintptr_t)addr, size);
	return 0;
}

NULL_HOOK int port_write_client(struct port_thread *to, u64 addr, const void *src, size_t size)
{
	if (is_bad(addr, size))
		return -EFAULT;
	memcpy((void *)(uintptr_t)addr, src, size);
	return 0;
}

NULL_HOOK int port_buffer_copy(struct port_proc *to, size_t offset, struct port_thread *from,
			       u64 addr, size_t size)
{
	return port_read_client(from, home_buffer(to, offset, size), addr, size);
}

NULL_HOOK int port_buffer_prepare(struct port_proc *to, size_t offset, size_t size)
{
	home_buffer(to, offset, size);
	return 0;
}

NULL_HOOK void port_buffer_write(struct port_proc *to, size_t offset, const void *src, size_t size)
{
	memcpy(home_buffer(to, offset, size), src, size);
}

NULL_HOOK void port_buffer_read(struct port_proc *from, size_t offset, void *dst, size_t size)
{
	memcpy(dst, home_buffer(from, offset, size), size);
}

NULL_HOOK void port_buffer_zero(struct port_proc *to, size_t offset, size_t size)
{
	memset(home_buffer(to, offset, size), 0, size);
}

/* ---- files ---- */

NULL_HOOK int port_file_get(struct port_thread *from, s32 fd, struct port_file **ret)
{
	return -EBADF;
}

NULL_HOOK void port_file_put(struct port_file *file) {}

NULL_HOOK int port_files_install(struct port_thread *to, struct port_file **file, s32 *fds,
				 u32 count)
{
	return -EBADF;
}

NULL_HOOK void port_fd_close(struct port_thread *thread, s32 fd) {}

/* ---- who ---- */

NULL_HOOK s32 port_visible_pid(struct port_thread *reader, struct port_proc *sender, s32 pid)
{
	return pid;
}

NULL_HOOK u32 port_visible_uid(struct port_thread *reader, u32 euid)
{
	return euid;
}

NULL_HOOK u32 port_sender_euid(struct port_thread *from, u32 euid)
{
	return euid;
}

NULL_HOOK u32 port_manager_euid(struct port_thread *thread, u32 euid)
{
	return euid;
}

NULL_HOOK int port_may_become_manager(struct port_thread *thread)
{
	return 0;
}

NULL_HOOK int port_security_label(struct port_thread *from, char **ret, u32 *size)
{
	return -EINVAL;
}

NULL_HOOK s32 port_get_nice(struct port_thread *thread)
{
	return 0;
}

NULL_HOOK void port_set_nice(struct port_thread *thread, s32 nice) {}

/* ---- the rest ---- */

NULL_HOOK void port_wake(struct port_thread *thread, bool sync) {}
NULL_HOOK void port_thread_gone(struct port_thread *thread) {}
NULL_HOOK void port_proc_gone(struct port_proc *proc) {}
NULL_HOOK void port_trace(const struct binder_trace *trace) {}

NULL_HOOK u64 port_now_ms(void)
{
	return 0;
}

NULL_HOOK void port_broken(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}
