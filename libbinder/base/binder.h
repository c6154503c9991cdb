/* SPDX-License-Identifier: MIT */
/*
 * binder.h: what local objects and proxies have in common.
 *
 * strong keeps the object, weak keeps its memory; all strong references
 * together hold one weak one.  What happens at the end of each is the kind's.
 */
#ifndef LIBBINDER_BINDER_H
#define LIBBINDER_BINDER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <binder/ext.h>
#include <android/binder_shell.h>

struct binder_kind {
	bool proxy; /* the object lives in another process */
	/* The last strong reference is gone. */
	void (*end)(AIBinder *binder);
	/* So is the last weak one; frees the memory. */
	void (*free)(AIBinder *binder);
};

struct AIBinder_Class {
	char *descriptor;
	AIBinder_Class_onCreate create;
	AIBinder_Class_onDestroy destroy;
	AIBinder_Class_onTransact transact;
	AIBinder_onDump dump;
	AIBinder_handleShellCommand shell;
	bool no_header;
	const char *const *functions;
	size_t function_count;
};

struct AIBinder {
	const struct binder_kind *kind;
	atomic_int strong;
	atomic_int weak;
	uint64_t order; /* unique in this process, ever */
	_Atomic(const AIBinder_Class *) clazz;
	AIBinder *next_release; /* of the thread that has deferred the first of them */
	atomic_uint releases;   /* deferred */
};

struct AIBinder_Weak {
	AIBinder *binder;
};

void binder_init(AIBinder *binder, const struct binder_kind *kind);
/* Fails once the last reference is gone. */
bool binder_try_strong(AIBinder *binder);
void binder_inc_weak(AIBinder *binder);
void binder_dec_weak(AIBinder *binder);

static inline bool binder_is_proxy(const AIBinder *binder)
{
	return binder->kind->proxy;
}

#endif
