/* SPDX-License-Identifier: MIT */
/*
 * local.h: objects that live here, and what they answer.
 *
 * The driver knows one by its address; BR_ACQUIRE and BR_INCREFS are
 * references like any other.
 */
#ifndef LIBBINDER_LOCAL_H
#define LIBBINDER_LOCAL_H

#include "parcel/parcel.h"

#include <stdatomic.h>

/* Codes that every object answers: four characters, most significant first. */
#define BINDER_CODE(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))
#define CODE_PING BINDER_CODE('_', 'P', 'N', 'G')
#define CODE_DUMP BINDER_CODE('_', 'D', 'M', 'P')
#define CODE_SHELL_COMMAND BINDER_CODE('_', 'C', 'M', 'D')
#define CODE_INTERFACE BINDER_CODE('_', 'N', 'T', 'F')
#define CODE_SYSPROPS BINDER_CODE('_', 'S', 'P', 'R')
#define CODE_EXTENSION BINDER_CODE('_', 'E', 'X', 'T')
#define CODE_DEBUG_PID BINDER_CODE('_', 'P', 'I', 'D')

/* What the driver is told of an object: the highest niceness of its handlers (19: the caller's
 * own), and that descriptors are welcome. */
#define LOCAL_FLAGS (0x13 | FLAT_BINDER_FLAG_ACCEPTS_FDS)

struct local {
	AIBinder binder;
	_Atomic(uint32_t) flags;    /* of its flat_binder_object; policy.c */
	_Atomic(uint8_t) stability; /* level, once declared; 0: the domain's; stability.c */
	atomic_bool sent;           /* flags and stability are final: others know them */
	void *user;
	AIBinder *extension;        /* a reference; set before the object is shared */
	struct local *next, **prev; /* all_lock */
};

static inline struct local *local_of(AIBinder *binder)
{
	return (struct local *)binder;
}

/* Runs the call; in is read from its start. */
binder_status_t local_transact(AIBinder *binder, uint32_t code, const AParcel *in, AParcel *out);
/* The codes above: builtin.c. */
binder_status_t local_builtin(struct local *local, uint32_t code, const AParcel *in, AParcel *out);
/* The class's dump function, with SIGPIPE held off. */
binder_status_t local_dump(struct local *local, int fd, const char **args, uint32_t count);

#endif
