/* SPDX-License-Identifier: MIT */
/*
 * port_fuzz.c: the core's hooks under a fuzzer.
 *
 * Client memory is world.c's arenas; every failure that a hook may answer with
 * is the input's to choose.  What the core promises its homes is checked here:
 * no byte outside of a buffer, none that was not made writable before.
 */
#include "world.h"

#include <stdarg.h>

unsigned int port_live_files;
long port_live_allocations;

/* The core's calloc() and free(), by -D in rules.mk. */
void *fuzz_calloc(size_t count, size_t size);
void fuzz_free(void *memory);

struct port_file {
	unsigned int holds;
};

static bool fails(u32 *countdown)
{
	return *countdown && !--*countdown;
}

void *fuzz_calloc(size_t count, size_t size)
{
	void *memory;

	if (world && fails(&world->alloc_fails_in))
		return NULL;
	memory = calloc(count, size);
	port_live_allocations += !!memory;
	return memory;
}

void fuzz_free(void *memory)
{
	port_live_allocations -= !!memory;
	free(memory);
}

/* ---- the client's memory --------------------------------------------------------- */

static void check_alive(const struct port_thread *thread)
{
	FUZZ_EXPECT(!thread->gone, "the core uses a thread that it had let go of");
}

int port_read_client(struct port_thread *from, void *dst, u64 addr, size_t size)
{
	u8 *memory;

	check_alive(from);
	if (!size)
		return 0;
	memory = client_memory(from->client, addr, size);
	if (!memory || fails(&world->copy_fails_in))
		return -EFAULT;
	memcpy(dst, memory, size);
	return 0;
}

int port_write_client(struct port_thread *to, u64 addr, const void *src, size_t size)
{
	u8 *memory;

	check_alive(to);
	memory = client_memory(to->client, addr, size);
	if (!memory || fails(&world->copy_fails_in))
		return -EFAULT;
	memcpy(memory, src, size);
	return 0;
}

/* ---- receive buffers -------------------------------------------------------------- */

static void check_range(const struct port_proc *proc, size_t offset, size_t size)
{
	FUZZ_EXPECT(!proc->gone, "the core uses a process that it had let go of");
	FUZZ_EXPECT(offset <= proc->size && size <= proc->size - offset,
		    "[%zu, +%zu) of a buffer of %zu bytes", offset, size, proc->size);
}

static void check_prepared(const struct port_proc *proc, size_t offset, size_t size)
{
	check_range(proc, offset, size);
	for (size_t i = offset; i < offset + size; i++)
		FUZZ_EXPECT(proc->written[i] & BYTE_PREPARED, "byte %zu was never prepared", i);
}

static void mark(struct port_proc *proc, size_t offset, size_t size, u8 flags)
{
	for (size_t i = offset; i < offset + size; i++)
		proc->written[i] |= flags;
}

int port_buffer_prepare(struct port_proc *to, size_t offset, size_t size)
{
	check_range(to, offset, size);
	if (fails(&world->prepare_fails_in))
		return -ENOMEM;
	mark(to, offset, size, BYTE_PREPARED);
	return 0;
}

int port_buffer_copy(struct port_proc *to, size_t offset, struct port_thread *from, u64 addr,
		     size_t size)
{
	int err = port_buffer_prepare(to, offset, size);

	if (!err)
		err = port_read_client(from, to->memory + offset, addr, size);
	if (!err)
		mark(to, offset, size, BYTE_FRESH);
	return err;
}

void port_buffer_write(struct port_proc *to, size_t offset, const void *src, size_t size)
{
	check_prepared(to, offset, size);
	memcpy(to->memory + offset, src, size);
	mark(to, offset, size, BYTE_FRESH);
}

void port_buffer_read(struct port_proc *from, size_t offset, void *dst, size_t size)
{
	check_prepared(from, offset, size);
	memcpy(dst, from->memory + offset, size);
}

void port_buffer_zero(struct port_proc *to, size_t offset, size_t size)
{
	check_range(to, offset, size);
	memset(to->memory + offset, 0, size);
}

/* ---- waking ------------------------------------------------------------------------ */

void port_wake(struct port_thread *thread, bool sync)
{
	check_alive(thread);
	thread->woken = true;
}

/* ---- files: the number says how it goes --------------------------------------------- */

int port_file_get(struct port_thread *from, s32 fd, struct port_file **ret)
{
	struct port_file *file;

	check_alive(from);
	if (fd < 0 || (fd & 7) == 7)
		return -EBADF;
	if ((fd & 7) == 6)
		return -EPERM;
	file = calloc(1, sizeof(*file));
	if (!file)
		return -ENOMEM;
	file->holds = 1;
	port_live_files++;
	*ret = file;
	return 0;
}

void port_file_put(struct port_file *file)
{
	FUZZ_EXPECT(file->holds == 1, "a file is given back twice");
	port_live_files--;
	free(file);
}

int port_files_install(struct port_thread *to, struct port_file **files, s32 *fds, u32 count)
{
	check_alive(to);
	if (to->install_answer == 1 && !to->install_waits) {
		to->install_waits = true;
		return -EINPROGRESS;
	}
	to->install_waits = false;
	if (to->install_answer == 2)
		return -EMFILE;
	for (u32 i = 0; i < count; i++) {
		FUZZ_EXPECT(files[i]->holds == 1, "an installed file is not held");
		fds[i] = to->next_fd++;
	}
	return 0;
}

void port_fd_close(struct port_thread *thread, s32 fd)
{
	check_alive(thread);
	FUZZ_EXPECT(fd >= 1000, "the core closes descriptor %d, which it never gave", fd);
}

/* ---- identity, priority, life, telling ---------------------------------------------- */

s32 port_visible_pid(struct port_thread *reader, struct port_proc *sender, s32 pid)
{
	check_alive(reader);
	FUZZ_EXPECT(!sender->gone, "a sender that is gone");
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
	check_alive(reader);
	return euid;
}

int port_may_become_manager(struct port_thread *thread)
{
	check_alive(thread);
	return world->refuse_manager ? -EPERM : 0;
}

int port_security_label(struct port_thread *from, char **ret, u32 *size)
{
	static const char label[] = "fuzz";
	char *copy;

	check_alive(from);
	if (world->strict_label)
		return -EINVAL;
	copy = fuzz_calloc(1, sizeof(label));
	if (!copy)
		return -ENOMEM;
	memcpy(copy, label, sizeof(label));
	*ret = copy;
	*size = sizeof(label);
	return 0;
}

s32 port_get_nice(struct port_thread *thread)
{
	check_alive(thread);
	return thread->nice;
}

void port_set_nice(struct port_thread *thread, s32 nice)
{
	check_alive(thread);
	thread->nice = nice;
}

void port_thread_gone(struct port_thread *thread)
{
	check_alive(thread);
	thread->gone = true;
}

void port_proc_gone(struct port_proc *proc)
{
	FUZZ_EXPECT(!proc->gone, "a process goes twice");
	proc->gone = true;
}

u64 port_now_ms(void)
{
	static u64 now;

	return now++; /* the same in every run */
}

void port_trace(const struct binder_trace *trace)
{
	/* A name that is gone would be noticed here. */
	FUZZ_EXPECT(trace->context[0], "a trace without a context");
}

void port_broken(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}
