/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * orphan.c: takes back opens that no process can be seen to have.
 *
 * A connection ends when its last descriptor is closed, and a descriptor can be
 * where nobody has it: in a packet that waits in a socket that is itself in a
 * packet, which at last waits with us, in a call to that very connection.  The
 * kernel does not see that such a ring is garbage, since we hold a part of it.
 * Nor can we be sure: a process that we have never heard of may have inherited
 * the descriptor and be about to use it.  So an open whose processes have all
 * gone stays as long as there is room, and goes first when its user has none
 * left.  quota.c calls when that is so, see quota_at_limit().
 */
#include "orphan.h"
#include "device.h"
#include "log.h"
#include "client.h"
#include "thread.h"

#include <signal.h>

static bool may_live(s32 pid)
{
	return pid <= 0 || kill(pid, 0) == 0 || errno != ESRCH;
}

static bool is_orphan(const struct port_proc *client)
{
	const struct port_thread *thread;

	if (may_live(client->identity.who.pid))
		return false;
	list_for_each_entry(thread, &client->threads, link) {
		if (may_live(thread->peer->pid))
			return false;
	}
	return true;
}

static u32 reclaim_from(struct device *device, u32 uid)
{
	struct port_proc *client, *next;
	u32 count = 0;

	list_for_each_entry_safe(client, next, &device->clients, link) {
		if (client->identity.who.euid == uid && is_orphan(client)) {
			client_close(client);
			count++;
		}
	}
	return count;
}

bool orphan_reclaim(u32 uid)
{
	struct device *device;
	u32 count = 0;

	list_for_each_entry(device, &device_list, link)
		count += reclaim_from(device, uid);
	if (count)
		log_limited(LOG_WARNING,
			    "uid %u was at a limit: closed %u devices of its that were open and "
			    "belonged to no process",
			    uid, count);
	return count > 0;
}
