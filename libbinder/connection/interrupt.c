/* SPDX-License-Identifier: MIT */
/*
 * interrupt.c: giving up a call from outside of it.
 *
 * A program says, for a thread of its own, whom to ask whether to go on waiting
 * (binder/ext.h); transact.c and watch.c ask whenever such a thread has woken
 * without what it waits for.
 */
#include "interrupt.h"

#include <stddef.h>

#include "connection.h"
#include "thread.h"
#include "base/export.h"

static __thread struct {
	ABinder_goOn go_on;
	void *cookie;
} asked;

EXPORT void ABinder_setInterruptible(ABinder_goOn go_on, void *cookie)
{
	asked.go_on = go_on;
	asked.cookie = cookie;
}

EXPORT void ABinderConnection_wakeWaiting(ABinderConnection *connection)
{
	if (!connection)
		connection = connection_default_if_open();
	if (!connection || connection_use(connection))
		return;
	thread_wake_all(connection);
	connection_unuse(connection);
}

bool interrupt_wanted(void)
{
	return asked.go_on && !asked.go_on(asked.cookie);
}
