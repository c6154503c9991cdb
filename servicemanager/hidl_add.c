/* SPDX-License-Identifier: MIT */
/*
 * hidl_add.c: new names on hwbinder, one for each interface of an object.
 *
 * Called by hidl.c without its lock.  With add() (1.0) the object has to be
 * asked for its interfaces, and the thread that waits for our reply is often the
 * only one to answer: the question has to come from the thread that serves it,
 * which then waits for as long as a service likes.  So there are more threads,
 * and fewer may wait than there are: who does not answer holds up nobody but
 * the next few of his own user's.  With addWithChain() (1.2) the request says it.
 */
#include "hidl_manager.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "request.h"
#include "say.h"

/* Of HIDL_MANAGER_THREADS, some always serve. */
#define WAITING_MOST (HIDL_MANAGER_THREADS - 4)
#define WAITING_MOST_OF_UID 4

static pthread_mutex_t waiting_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	uid_t uid[WAITING_MOST];
	unsigned count;
} waiting;

static bool may_wait(uid_t uid)
{
	unsigned same = 0;
	bool may;

	pthread_mutex_lock(&waiting_lock);
	for (unsigned i = 0; i < waiting.count; i++)
		same += waiting.uid[i] == uid;
	may = waiting.count < WAITING_MOST && same < WAITING_MOST_OF_UID;
	if (may)
		waiting.uid[waiting.count++] = uid;
	pthread_mutex_unlock(&waiting_lock);
	return may;
}

static void has_waited(uid_t uid)
{
	unsigned i = 0;

	pthread_mutex_lock(&waiting_lock);
	while (waiting.uid[i] != uid)
		i++;
	waiting.uid[i] = waiting.uid[--waiting.count];
	pthread_mutex_unlock(&waiting_lock);
}

struct chain {
	char **interface;
	size_t count;
};

static binder_status_t ask_chain(const struct hidl_manager *manager, AIBinder *binder,
				 struct chain *chain)
{
	uid_t uid = AIBinder_getCallingUid();
	AParcel *reply = NULL;
	binder_status_t status;

	if (!may_wait(uid)) {
		if (manager->verbose)
			say("servicemanager: pid %d uid %d cannot add: services that do not "
			    "say which interfaces they have are in its way\n",
			    (int)AIBinder_getCallingPid(), (int)uid);
		return STATUS_WOULD_BLOCK;
	}
	status = hidl_call_base(binder, HIDL_CHAIN, -1, &reply);
	has_waited(uid);
	if (status == STATUS_OK)
		status = hidl_read_strings(reply, &chain->interface, &chain->count);
	AParcel_delete(reply);
	return status;
}

struct caller {
	pid_t pid;
	uid_t uid;
};

/* Under each interface that the object has; IBase is everybody's and nobody's. */
static bool add_all(struct hidl_manager *manager, AIBinder *binder, const char *name,
		    const struct chain *chain, struct caller caller)
{
	struct registration wanted = {
		.binder = binder,
		.pid = caller.pid,
		.uid = caller.uid,
		.dump_priority = SM_DUMP_DEFAULT,
	};
	bool added = false;

	for (size_t i = 0; i < chain->count; i++) {
		const char *interface = chain->interface[i];

		if (!*interface || !hidl_is_part_valid(interface) || !strcmp(interface, HIDL_BASE))
			continue;
		wanted.name = hidl_join(interface, name);
		if (!wanted.name || registry_add(manager->registry, &wanted) < 0) {
			free(wanted.name);
			continue;
		}
		added = true;
		clients_registered(manager->clients, wanted.name, caller.pid);
		if (manager->verbose)
			say("servicemanager: %s added by pid %d uid %d\n", wanted.name,
			    (int)caller.pid, (int)caller.uid);
		free(wanted.name);
	}
	return added;
}

static binder_status_t add(struct hidl_manager *manager, const AParcel *in, AParcel *out,
			   bool has_chain)
{
	/* As it is now; a call of ours may let others in. */
	struct caller caller = { AIBinder_getCallingPid(), AIBinder_getCallingUid() };
	struct chain chain = { .count = 0 };
	AIBinder *binder = NULL;
	bool success = false;
	char *name;
	binder_status_t status = hidl_read_string(in, &name);

	if (status != STATUS_OK)
		return status;
	status = AParcel_readStrongBinder(in, &binder);
	if (status == STATUS_OK && has_chain)
		status = hidl_read_strings(in, &chain.interface, &chain.count);
	if (status == STATUS_OK && binder && *name && hidl_is_part_valid(name) &&
	    access_may_add(manager->rules, caller.uid, name) &&
	    (has_chain || ask_chain(manager, binder, &chain) == STATUS_OK)) {
		pthread_mutex_lock(manager->lock);
		success = add_all(manager, binder, name, &chain, caller);
		pthread_mutex_unlock(manager->lock);
	}
	hidl_free_strings(chain.interface, chain.count);
	AIBinder_decStrong(binder);
	free(name);
	return status == STATUS_OK ? hidl_write_success(out, success) : status;
}

binder_status_t hidl_add(struct hidl_manager *manager, const AParcel *in, AParcel *out)
{
	return add(manager, in, out, false);
}

binder_status_t hidl_add_with_chain(struct hidl_manager *manager, const AParcel *in, AParcel *out)
{
	return add(manager, in, out, true);
}
