/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * pages.c: charges pages of memory objects when they are touched first.
 *
 * memory.c calls before it writes to a receive buffer or touches the far part of
 * a mailbox: both are sparse, and most of them is never used.  What a page cost
 * is given back with the whole object.
 */
#include "pages.h"

#include <unistd.h>

static u32 page_shift(void)
{
	static u32 shift;

	if (!shift)
		shift = (u32)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE));
	return shift;
}

int pages_charge(struct pages *pages, struct port_account *account, size_t offset, size_t size)
{
	u32 shift = page_shift();
	size_t page = offset >> shift, last = (offset + size - 1) >> shift;

	for (; size && page <= last; page++) {
		u64 bit = 1ull << (page % 64);

		if (pages->real[page / 64] & bit)
			continue;
		if (port_charge(account, 1ull << shift))
			return -EDQUOT;
		pages->real[page / 64] |= bit;
		pages->count++;
	}
	return 0;
}

size_t pages_first(const struct pages *pages, size_t offset, size_t size, bool *real)
{
	size_t page = offset >> page_shift();
	size_t part = ((page + 1) << page_shift()) - offset;

	*real = pages->real[page / 64] >> (page % 64) & 1;
	return part < size ? part : size;
}

void pages_uncharge(struct pages *pages, struct port_account *account)
{
	if (pages->count)
		port_uncharge(account, (u64)pages->count << page_shift());
	memset(pages, 0, sizeof(*pages));
}
