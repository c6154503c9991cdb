/* SPDX-License-Identifier: MIT */
/*
 * registry.c: two tables, names (sorted) and watches, and one death recipient.
 *
 * Called by service.c and hidl.c; calls the notifier that it was given.  A death link's
 * cookie is a number, not a pointer: a notice that arrives after its entry was
 * replaced finds nothing and is ignored.
 */
#include "registry.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection/servicemanager_protocol.h"
#include "say.h"

#define DUMP_PATIENCE_MS 200

struct watch {
	char *name;
	AIBinder *callback; /* a strong reference */
	uid_t uid;
	uintptr_t id;
};

struct registry {
	struct registration *names;
	size_t name_count;
	struct watch *watches;
	size_t watch_count;
	AIBinder_DeathRecipient *recipient;
	registry_notify notify;
	pthread_mutex_t *lock;
	uintptr_t last_id;
	bool verbose;
};

/* A death recipient's cookie says which entry died; this says where.  There is one
 * registry in a process, as there is one context manager. */
static struct registry *the_registry;

static void registration_clear(struct registry *registry, struct registration *entry)
{
	if (entry->binder) {
		if (AIBinder_isRemote(entry->binder))
			AIBinder_unlinkToDeath(entry->binder, registry->recipient,
					       (void *)entry->id);
		AIBinder_decStrong(entry->binder);
	}
	free(entry->name);
}

static void watch_clear(struct registry *registry, struct watch *watch)
{
	if (watch->callback) {
		if (AIBinder_isRemote(watch->callback))
			AIBinder_unlinkToDeath(watch->callback, registry->recipient,
					       (void *)watch->id);
		AIBinder_decStrong(watch->callback);
	}
	free(watch->name);
}

static void remove_name(struct registry *registry, size_t index)
{
	struct registration gone = registry->names[index];

	registry->name_count--;
	memmove(&registry->names[index], &registry->names[index + 1],
		(registry->name_count - index) * sizeof(gone));
	registration_clear(registry, &gone);
}

static void remove_watch(struct registry *registry, size_t index)
{
	struct watch gone = registry->watches[index];

	registry->watches[index] = registry->watches[--registry->watch_count];
	watch_clear(registry, &gone);
}

static void forget(struct registry *registry, uintptr_t id)
{
	for (size_t i = 0; i < registry->name_count; i++) {
		if (registry->names[i].id != id)
			continue;
		if (registry->verbose)
			say("servicemanager: %s (pid %d) died\n", registry->names[i].name,
			    (int)registry->names[i].pid);
		remove_name(registry, i);
		return;
	}
	for (size_t i = 0; i < registry->watch_count; i++) {
		if (registry->watches[i].id != id)
			continue;
		remove_watch(registry, i);
		return;
	}
}

static void on_death(void *cookie)
{
	struct registry *registry = the_registry;

	if (!registry)
		return;
	pthread_mutex_lock(registry->lock);
	forget(registry, (uintptr_t)cookie);
	pthread_mutex_unlock(registry->lock);
}

struct registry *registry_new(registry_notify notify, pthread_mutex_t *lock, bool verbose)
{
	struct registry *registry = calloc(1, sizeof(*registry));

	if (!registry)
		return NULL;
	registry->recipient = AIBinder_DeathRecipient_new(on_death);
	if (!registry->recipient) {
		free(registry);
		return NULL;
	}
	registry->notify = notify;
	registry->lock = lock;
	registry->verbose = verbose;
	the_registry = registry;
	return registry;
}

void registry_free(struct registry *registry)
{
	if (!registry)
		return;
	while (registry->name_count)
		remove_name(registry, registry->name_count - 1);
	while (registry->watch_count)
		remove_watch(registry, registry->watch_count - 1);
	the_registry = NULL;
	AIBinder_DeathRecipient_delete(registry->recipient);
	free(registry->names);
	free(registry->watches);
	free(registry);
}

/* Index of name, or where it belongs. */
static size_t locate(const struct registry *registry, const char *name, bool *found)
{
	size_t low = 0, high = registry->name_count;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(registry->names[middle].name, name);

		if (!order) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t names_of(const struct registry *registry, uid_t uid)
{
	size_t count = 0;

	for (size_t i = 0; i < registry->name_count; i++)
		count += registry->names[i].uid == uid;
	return count;
}

static size_t watches_of(const struct registry *registry, uid_t uid)
{
	size_t count = 0;

	for (size_t i = 0; i < registry->watch_count; i++)
		count += registry->watches[i].uid == uid;
	return count;
}

int registry_link(AIBinder_DeathRecipient *recipient, AIBinder *binder, uintptr_t id)
{
	binder_status_t status;

	if (!AIBinder_isRemote(binder))
		return -EINVAL;
	status = AIBinder_linkToDeath(binder, recipient, (void *)id);
	if (status == STATUS_NO_MEMORY)
		return -ENOMEM;
	return status == STATUS_OK ? 0 : -EINVAL;
}

/* No service's name has a '*' in it. */
static bool is_watched(const char *wanted, const char *name)
{
	size_t length = strlen(wanted);

	if (length && wanted[length - 1] == '*')
		return !strncmp(wanted, name, length - 1);
	return !strcmp(wanted, name);
}

static void tell_watches(struct registry *registry, const char *name, AIBinder *binder)
{
	/* A notification can find its receiver dead, but never changes the table from here:
	 * deaths are read from the driver by the same thread, later. */
	for (size_t i = 0; i < registry->watch_count; i++)
		if (is_watched(registry->watches[i].name, name))
			registry->notify(registry->watches[i].callback, name, binder, false);
}

int registry_add(struct registry *registry, const struct registration *wanted)
{
	struct registration entry = *wanted;
	bool found;
	size_t index = locate(registry, wanted->name, &found);
	int result;

	if ((!found || registry->names[index].uid != wanted->uid) &&
	    names_of(registry, wanted->uid) >= REGISTRY_MAX_NAMES_PER_UID)
		return -EDQUOT;
	if (!found) {
		struct registration *grown =
			reallocarray(registry->names, registry->name_count + 1, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		registry->names = grown;
	}
	entry.name = strdup(wanted->name);
	if (!entry.name)
		return -ENOMEM;
	entry.id = ++registry->last_id;
	/* Callbacks of the name expect their next call to say something new. */
	entry.clients = (struct client_state){
		.has_clients = found && registry->names[index].clients.has_clients,
	};
	/* An object of our own cannot die before us. */
	result = AIBinder_isRemote(entry.binder) ?
			 registry_link(registry->recipient, entry.binder, entry.id) :
			 0;
	if (result < 0) {
		free(entry.name);
		return result;
	}
	AIBinder_incStrong(entry.binder);
	if (found) {
		struct registration old = registry->names[index];

		registry->names[index] = entry;
		registration_clear(registry, &old);
	} else {
		memmove(&registry->names[index + 1], &registry->names[index],
			(registry->name_count - index) * sizeof(entry));
		registry->names[index] = entry;
		registry->name_count++;
	}
	tell_watches(registry, entry.name, entry.binder);
	return 0;
}

const struct registration *registry_find(const struct registry *registry, const char *name)
{
	bool found;
	size_t index = locate(registry, name, &found);

	return found ? &registry->names[index] : NULL;
}

struct client_state *registry_clients(struct registry *registry, const char *name)
{
	bool found;
	size_t index = locate(registry, name, &found);

	return found ? &registry->names[index].clients : NULL;
}

void registry_remove(struct registry *registry, const char *name)
{
	bool found;
	size_t index = locate(registry, name, &found);

	if (found)
		remove_name(registry, index);
}

size_t registry_count(const struct registry *registry)
{
	return registry->name_count;
}

const struct registration *registry_at(const struct registry *registry, size_t index)
{
	return &registry->names[index];
}

int registry_add_own(struct registry *registry, const char *name, AIBinder *binder)
{
	const struct registration own = {
		.name = (char *)name,
		.binder = binder,
		.pid = getpid(),
		.uid = getuid(),
		.allow_isolated = true,
		.dump_priority = SM_DUMP_DEFAULT,
	};

	return registry_add(registry, &own);
}

/*
 * To whoever asked and perhaps does not read: others wait for this thread.  A pipe that
 * is said to have room has PIPE_BUF of it.
 */
static void write_patiently(int fd, const char *text, size_t size)
{
	while (size > 0) {
		struct pollfd room = { .fd = fd, .events = POLLOUT };
		size_t piece = size < PIPE_BUF ? size : PIPE_BUF;
		ssize_t n;

		if (poll(&room, 1, DUMP_PATIENCE_MS) <= 0)
			return;
		n = send(fd, text, piece, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && errno == ENOTSOCK)
			n = write(fd, text, piece);
		if (n <= 0)
			return;
		text += n;
		size -= (size_t)n;
	}
}

void registry_dump(const struct registry *registry, int fd)
{
	char *text = NULL;
	size_t size, count;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	pthread_mutex_lock(registry->lock);
	count = registry_count(registry);
	fprintf(out, "%zu name%s\n", count, count == 1 ? "" : "s");
	for (size_t i = 0; i < count; i++) {
		const struct registration *entry = registry_at(registry, i);

		fprintf(out, "%s pid %d uid %d priority %d\n", entry->name, (int)entry->pid,
			(int)entry->uid, (int)entry->dump_priority);
	}
	pthread_mutex_unlock(registry->lock);
	if (fclose(out) == 0)
		write_patiently(fd, text, size);
	free(text);
}

int registry_watch(struct registry *registry, const char *name, AIBinder *callback, uid_t uid)
{
	struct watch *grown, watch = { .callback = callback, .uid = uid };
	int result;

	if (watches_of(registry, uid) >= REGISTRY_MAX_WATCHES_PER_UID)
		return -EDQUOT;
	grown = reallocarray(registry->watches, registry->watch_count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	registry->watches = grown;
	watch.name = strdup(name);
	if (!watch.name)
		return -ENOMEM;
	watch.id = ++registry->last_id;
	result = registry_link(registry->recipient, callback, watch.id);
	if (result < 0) {
		free(watch.name);
		return result;
	}
	AIBinder_incStrong(callback);
	registry->watches[registry->watch_count++] = watch;

	for (size_t i = 0; i < registry->name_count; i++) {
		const struct registration *present = &registry->names[i];

		if (is_watched(name, present->name))
			registry->notify(callback, present->name, present->binder, true);
	}
	return 0;
}

int registry_unwatch(struct registry *registry, const char *name, AIBinder *callback)
{
	for (size_t i = 0; i < registry->watch_count; i++) {
		struct watch *watch = &registry->watches[i];
		/* One object has one AIBinder in a process, so its address is its identity. */
		if (watch->callback == callback && !strcmp(watch->name, name)) {
			remove_watch(registry, i);
			return 0;
		}
	}
	return -ENOENT;
}

bool registry_is_watched(const struct registry *registry, const char *name)
{
	for (size_t i = 0; i < registry->watch_count; i++)
		if (is_watched(registry->watches[i].name, name))
			return true;
	return false;
}
