/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * reach.c: may we touch what an address of the program's says?
 *
 * ioctl.c and stage.c ask before they read or write where a device would answer
 * -EFAULT.  A page is tried by letting the kernel touch it, in a call that does
 * nothing else: some hundred nanoseconds, and right at any moment, which no
 * record of our own would be.  A client that trusts its program does not ask.
 */
#include "internal.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* No machine has smaller ones; where they are larger, some are tried twice. */
#define PAGE UINT64_C(4096)

/* Null, and ranges that wrap.  The rest is the kernel's to say. */
static bool is_sane(uint64_t addr, uint64_t size)
{
	return addr >= PAGE && size <= UINT64_MAX - addr;
}

/*
 * From our own frame up to the end of the stack all is mapped.  Most programs
 * have their binder_write_read there.
 */
static bool is_on_stack(const struct client_channel *ch, uint64_t addr, uint64_t size)
{
	uintptr_t frame = (uintptr_t)__builtin_frame_address(0);

	return frame >= ch->stack_low && frame < ch->stack_high && addr >= frame &&
	       addr < ch->stack_high && size <= ch->stack_high - addr;
}

/* A mask is read before its use is found not to make sense. */
static bool can_read(uint64_t addr)
{
	int before = errno;
	bool ok = syscall(SYS_rt_sigprocmask, ~0, addr & ~UINT64_C(7), NULL, 8) == 0 ||
		  errno != EFAULT;

	errno = before;
	return ok;
}

/* Adds 0 to the word there, and wakes nobody: the other address is ours alone. */
static bool can_write(uint64_t addr)
{
	const int add_0 = FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0);
	int before = errno;
	uint32_t nobody = 0;
	bool ok = syscall(SYS_futex, &nobody, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 0, NULL,
			  addr & ~UINT64_C(3), add_0) >= 0 ||
		  errno != EFAULT;

	errno = before;
	return ok;
}

/* For a word that the driver is about to write in any case: a third of the price. */
static bool can_overwrite(uint64_t addr)
{
	int before = errno;
	bool ok = syscall(SYS_getcpu, addr, NULL, NULL) == 0;

	errno = before;
	return ok;
}

/* All of them at once, so that a large buffer costs little more than a small one. */
static bool can_write_pages(uint64_t addr, uint64_t size)
{
#ifdef MADV_POPULATE_WRITE
	uint64_t start = addr & ~(PAGE - 1);
	int before = errno;
	bool ok = madvise((void *)(uintptr_t)start, size + (addr - start), MADV_POPULATE_WRITE) ==
		  0;

	errno = before;
	return ok;
#else
	return false;
#endif
}

/* How much of [addr, addr + size) comes before the first page that @can denies. */
static uint64_t prefix(uint64_t addr, uint64_t size, bool (*can)(uint64_t addr))
{
	uint64_t done = 0;

	while (done < size && can(addr + done))
		done += PAGE - (addr + done) % PAGE;
	return done < size ? done : size;
}

uint64_t client_readable_part(const struct client_channel *ch, uint64_t addr, uint64_t size)
{
	if (!is_sane(addr, size))
		return 0;
	if (ch->client->trusting || is_on_stack(ch, addr, size))
		return size;
	return prefix(addr, size, can_read);
}

uint64_t client_writable_part(const struct client_channel *ch, uint64_t addr, uint64_t size,
			      bool fresh)
{
	uint64_t first = PAGE - addr % PAGE;

	if (!is_sane(addr, size))
		return 0;
	if (ch->client->trusting || is_on_stack(ch, addr, size))
		return size;
	if (!(fresh && size >= sizeof(uint32_t) && first >= sizeof(uint32_t) ? can_overwrite(addr) :
									       can_write(addr)))
		return 0;
	if (first >= size)
		return size;
	if (size - first > PAGE && can_write_pages(addr + first, size - first))
		return size;
	return first + prefix(addr + first, size - first, can_write);
}

bool client_readable(const struct client_channel *ch, uint64_t addr, uint64_t size)
{
	return client_readable_part(ch, addr, size) == size;
}

bool client_writable(const struct client_channel *ch, uint64_t addr, uint64_t size)
{
	return client_writable_part(ch, addr, size, false) == size;
}

void client_learn_stack(struct client_channel *ch)
{
	pthread_attr_t attributes;
	void *low;
	size_t size;

	if (ch->client->trusting || pthread_getattr_np(pthread_self(), &attributes) != 0)
		return;
	if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
		ch->stack_low = (uintptr_t)low;
		ch->stack_high = (uintptr_t)low + size;
	}
	pthread_attr_destroy(&attributes);
}
