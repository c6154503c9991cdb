/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * buffer.h: a client's receive buffer.
 */
#ifndef BINDERD_BUFFER_H
#define BINDERD_BUFFER_H

#include "port.h"
#include "hooks.h"

int buffer_mmap(struct port_thread *thread, u64 size, u64 *size_reply);
int buffer_mapped(struct port_thread *thread, u64 addr);
int buffer_munmap(struct port_thread *thread);

#endif
