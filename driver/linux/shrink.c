// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * shrink.c: pages of receive buffers go back when the machine runs short.
 *
 * The kernel calls while somebody, somewhere, waits for memory: so nothing here
 * allocates, and every lock is taken only if it is free.  Which pages are to
 * spare is memory.c's and the core's to say; nothing is kept up to date for
 * this while calls run, but one bit for each page.
 */
#include "home.h"
#include "compat.h"

static LIST_HEAD(memories);
static DEFINE_MUTEX(memories_lock);
static atomic_long_t populated = ATOMIC_LONG_INIT(0);
static struct shrinker *shrinker;

void shrink_count(long change)
{
	atomic_long_add(change, &populated);
}

void shrink_add(struct memory *memory)
{
	mutex_lock(&memories_lock);
	list_add_tail(&memory->entry, &memories);
	mutex_unlock(&memories_lock);
}

void shrink_remove(struct memory *memory)
{
	if (list_empty(&memory->entry)) /* its file is closed: nobody adds it any more */
		return;
	mutex_lock(&memories_lock);
	list_del_init(&memory->entry);
	mutex_unlock(&memories_lock);
}

/* As good as any guess: what is in use is not counted apart. */
static unsigned long count_objects(struct shrinker *which, struct shrink_control *control)
{
	long count = atomic_long_read(&populated);

	return count > 0 ? count : SHRINK_EMPTY;
}

static unsigned long scan_objects(struct shrinker *which, struct shrink_control *control)
{
	unsigned long budget = control->nr_to_scan, freed = 0;
	struct memory *memory, *next;
	LIST_HEAD(seen);

	if (!mutex_trylock(&memories_lock))
		return SHRINK_STOP;
	list_for_each_entry_safe(memory, next, &memories, entry) {
		if (!budget)
			break;
		freed += memory_reclaim(memory, &budget);
		list_move_tail(&memory->entry, &seen); /* the next time begins with another */
	}
	list_splice_tail(&seen, &memories);
	mutex_unlock(&memories_lock);
	/* The caller goes on until so many were looked at: it would for ever. */
	if (budget == control->nr_to_scan)
		return SHRINK_STOP;
	control->nr_scanned = control->nr_to_scan - budget;
	return freed;
}

int shrink_init(void)
{
	shrinker = compat_shrinker_register("binder_any", count_objects, scan_objects);
	return shrinker ? 0 : -ENOMEM;
}

void shrink_exit(void)
{
	compat_shrinker_free(shrinker);
}
