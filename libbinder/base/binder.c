/* SPDX-License-Identifier: MIT */
/*
 * binder.c: reference counts and order of binders, weak references, classes.
 *
 * The public functions that are the same for both kinds; hands on to the kind.
 */
#include "binder.h"

#include <stdlib.h>
#include <string.h>

#include "counts.h"
#include "export.h"

struct counts counts;

void binder_init(AIBinder *binder, const struct binder_kind *kind)
{
	static atomic_ullong last_order;

	binder->kind = kind;
	atomic_init(&binder->strong, 1);
	atomic_init(&binder->weak, 1);
	binder->order = atomic_fetch_add_explicit(&last_order, 1, memory_order_relaxed) + 1;
	atomic_init(&binder->clazz, NULL);
}

EXPORT void AIBinder_incStrong(AIBinder *binder)
{
	/*
	 * Release, and acquire below: the driver takes an object from the thread
	 * that sends it to one that serves it, and no lock tells of that.
	 */
	if (binder)
		atomic_fetch_add_explicit(&binder->strong, 1, memory_order_release);
}

bool binder_try_strong(AIBinder *binder)
{
	int strong = atomic_load_explicit(&binder->strong, memory_order_acquire);

	do {
		if (strong <= 0)
			return false;
	} while (!atomic_compare_exchange_weak_explicit(
		&binder->strong, &strong, strong + 1, memory_order_acquire, memory_order_relaxed));
	return true;
}

EXPORT void AIBinder_decStrong(AIBinder *binder)
{
	if (!binder)
		return;
	if (atomic_fetch_sub_explicit(&binder->strong, 1, memory_order_acq_rel) != 1)
		return;
	binder->kind->end(binder);
	binder_dec_weak(binder);
}

void binder_inc_weak(AIBinder *binder)
{
	atomic_fetch_add_explicit(&binder->weak, 1, memory_order_relaxed);
}

void binder_dec_weak(AIBinder *binder)
{
	if (atomic_fetch_sub_explicit(&binder->weak, 1, memory_order_acq_rel) == 1)
		binder->kind->free(binder);
}

EXPORT int32_t AIBinder_debugGetRefCount(AIBinder *binder)
{
	return binder ? atomic_load(&binder->strong) : -1;
}

EXPORT bool AIBinder_lt(const AIBinder *lhs, const AIBinder *rhs)
{
	if (!lhs || !rhs)
		return !lhs && rhs;
	return lhs->order < rhs->order;
}

EXPORT AIBinder_Weak *AIBinder_Weak_new(AIBinder *binder)
{
	AIBinder_Weak *weak;

	if (!binder)
		return NULL;
	weak = malloc(sizeof(*weak));
	if (!weak)
		return NULL;
	binder_inc_weak(binder);
	weak->binder = binder;
	return weak;
}

EXPORT void AIBinder_Weak_delete(AIBinder_Weak *weakBinder)
{
	if (!weakBinder)
		return;
	binder_dec_weak(weakBinder->binder);
	free(weakBinder);
}

EXPORT AIBinder *AIBinder_Weak_promote(AIBinder_Weak *weakBinder)
{
	if (!weakBinder || !binder_try_strong(weakBinder->binder))
		return NULL;
	return weakBinder->binder;
}

EXPORT AIBinder_Weak *AIBinder_Weak_clone(const AIBinder_Weak *weak)
{
	return weak ? AIBinder_Weak_new(weak->binder) : NULL;
}

EXPORT bool AIBinder_Weak_lt(const AIBinder_Weak *lhs, const AIBinder_Weak *rhs)
{
	return AIBinder_lt(lhs ? lhs->binder : NULL, rhs ? rhs->binder : NULL);
}

EXPORT AIBinder_Class *AIBinder_Class_define(const char *interfaceDescriptor,
					     AIBinder_Class_onCreate onCreate,
					     AIBinder_Class_onDestroy onDestroy,
					     AIBinder_Class_onTransact onTransact)
{
	AIBinder_Class *clazz;

	if (!interfaceDescriptor || !onCreate || !onDestroy || !onTransact)
		return NULL;
	clazz = calloc(1, sizeof(*clazz));
	if (!clazz)
		return NULL;
	clazz->descriptor = strdup(interfaceDescriptor);
	if (!clazz->descriptor) {
		free(clazz);
		return NULL;
	}
	clazz->create = onCreate;
	clazz->destroy = onDestroy;
	clazz->transact = onTransact;
	return clazz;
}

EXPORT void AIBinder_Class_setOnDump(AIBinder_Class *clazz, AIBinder_onDump onDump)
{
	clazz->dump = onDump;
}

EXPORT void AIBinder_Class_setHandleShellCommand(AIBinder_Class *clazz,
						 AIBinder_handleShellCommand handleShellCommand)
{
	clazz->shell = handleShellCommand;
}

EXPORT void AIBinder_Class_disableInterfaceTokenHeader(AIBinder_Class *clazz)
{
	clazz->no_header = true;
}

EXPORT void AIBinder_Class_setTransactionCodeToFunctionNameMap(
	AIBinder_Class *clazz, const char *const *transactionCodeToFunctionMap, size_t length)
{
	clazz->functions = transactionCodeToFunctionMap;
	clazz->function_count = length;
}

EXPORT const char *AIBinder_Class_getFunctionName(const AIBinder_Class *clazz,
						  transaction_code_t code)
{
	if (!clazz || code < FIRST_CALL_TRANSACTION || code > clazz->function_count)
		return NULL;
	return clazz->functions[code - 1];
}

EXPORT const char *AIBinder_Class_getDescriptor(const AIBinder_Class *clazz)
{
	return clazz ? clazz->descriptor : NULL;
}

EXPORT const AIBinder_Class *AIBinder_getClass(AIBinder *binder)
{
	return binder ? atomic_load_explicit(&binder->clazz, memory_order_acquire) : NULL;
}

EXPORT bool AIBinder_isRemote(const AIBinder *binder)
{
	return binder && binder_is_proxy(binder);
}
