/* SPDX-License-Identifier: MIT */
/*
 * state_source.c: reads a device's state from its driver, with names from its
 * service manager; see state_source.h.
 *
 * Called by the verbs that show who holds whom.  A service manager that hangs is what
 * somebody may be looking for, so that each question to it has a short limit.
 */
#include "cli/verbs/state_source.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/kernel_driver.h"
#include "cli/verbs/input.h"

#define LONGEST_FILE (256 << 20)
/* To open another device of the folder, and for all questions to a service manager. */
#define OTHER_MS 300
#define ASK_MS 500

/* ---- files ------------------------------------------------------------------------ */

static int no_memory(const struct source *source)
{
	return fail(source->session->arguments, EXIT_OTHER, NULL, "out of memory");
}

static int read_file(struct source *source, const char *name)
{
	const struct arguments *arguments = source->session->arguments;
	char *text = NULL;
	int result = input_read(arguments, name, LONGEST_FILE, &text), r;

	if (result != EXIT_OK)
		return result;
	r = state_read(source->state, text, false);
	free(text);
	if (r == -ENOENT)
		return fail(arguments, EXIT_OTHER,
			    "cat /sys/kernel/debug/binder/state on the machine, or binderctl state",
			    "%s: no line of it is of a driver's state", name);
	return r == 0 ? EXIT_OK : no_memory(source);
}

static int read_files(struct source *source)
{
	const struct arguments *arguments = source->session->arguments;
	const char *file = NULL;
	int result = EXIT_OK;

	while (result == EXIT_OK && (file = option_next(arguments, "from", file)))
		result = read_file(source, file);
	return result;
}

/* ---- drivers ---------------------------------------------------------------------- */

/* Where the driver of this device would show its files. */
static const char *hint_files(const char *device, char *hint, size_t size)
{
	char folder[PATH_MAX], *slash;

	if (kernel_driver_of(device) != DRIVER_RUST)
		return "mount -t debugfs none /sys/kernel/debug\n"
		       "     mount -t binder -o stats=global none /dev/binderfs";
	slash = realpath(device, folder) ? strrchr(folder, '/') : NULL;
	if (slash)
		*slash = '\0';
	snprintf(hint, size, "sudo umount %s && sudo mount -t binder -o stats=global binder %s",
		 slash ? folder : "/dev/binderfs", slash ? folder : "/dev/binderfs");
	return hint;
}

int source_not_shown(const struct arguments *arguments, const char *device, binder_status_t status)
{
	const char *try_this = NULL;
	char hint[2 * PATH_MAX + 100];

	if (status == STATUS_PERMISSION_DENIED)
		try_this = "the same as root (sudo)";
	else if (status == STATUS_NAME_NOT_FOUND)
		try_this = hint_files(device, hint, sizeof(hint));
	else if (status == STATUS_UNKNOWN_TRANSACTION)
		try_this = "binderctl down; binderctl up";
	else if (status == STATUS_TIMED_OUT)
		try_this = "binderctl doctor";
	return fail(arguments, status == STATUS_TIMED_OUT ? EXIT_TIMEOUT : EXIT_OTHER, try_this,
		    "%s (%s)", ABinder_lastError(), ABinder_statusName(status));
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Which context of the state a device is; a file system may call its only one otherwise. */
static void find_context(struct source *source, struct source_device *device)
{
	const char *path = ABinderConnection_getDevice(device->viewer);

	device->context = state_find_context(source->state, name_of(path));
	if (device->context == STATE_NONE && source->device_count == 1 &&
	    source->state->context_count == 1)
		device->context = 0;
}

static int read_view(struct source *source, struct source_device *device, const char *view)
{
	char *text = NULL;
	binder_status_t status = ABinderConnection_readView(device->viewer, view, &text);
	int r;

	if (status != STATUS_OK)
		return source_not_shown(source->session->arguments,
					ABinderConnection_getDevice(device->viewer), status);
	r = state_read(source->state, text, false);
	free(text);
	return r == -ENOMEM ? no_memory(source) : EXIT_OK;
}

int source_read_more(struct source *source, const char *view)
{
	int result = EXIT_OK;

	for (int i = 0; i < source->device_count && result == EXIT_OK; i++)
		if (!source->device[i].in_other)
			result = read_view(source, &source->device[i], view);
	return result;
}

/* One that cannot be opened or read has nothing to show. */
static void read_other(struct source *source, const char *path, const char *view)
{
	struct source_device *device = &source->device[source->device_count];
	int known = source->state->context_count;
	char *text = NULL;

	if (ABinderConnection_openWithin(path, OTHER_MS, &device->viewer) != STATUS_OK)
		return;
	if (ABinderConnection_readView(device->viewer, view, &text) == STATUS_OK) {
		state_read(source->state, text, true);
		device->in_other = known == source->state->context_count;
		source->device_count++;
		find_context(source, device);
	} else {
		ABinderConnection_close(device->viewer);
		device->viewer = NULL;
	}
	free(text);
}

/* Devices have names that end so, wherever they are. */
static bool is_device_name(const char *name)
{
	size_t length = strlen(name), end = strlen("binder");

	return length >= end && !strcmp(name + length - end, "binder");
}

static void read_others(struct source *source, const char *view)
{
	const char *own = ABinderConnection_getDevice(source->connection);
	char folder[PATH_MAX], path[PATH_MAX + 256];
	struct dirent *entry;
	DIR *dir;

	if (!strchr(own, '/') || strlen(own) >= sizeof(folder))
		return;
	strcpy(folder, own);
	*strrchr(folder, '/') = 0;
	dir = opendir(*folder ? folder : "/");
	while (dir && source->device_count < SOURCE_MAX_DEVICES && (entry = readdir(dir))) {
		if (!is_device_name(entry->d_name) || !strcmp(entry->d_name, name_of(own)))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		read_other(source, path, view);
	}
	if (dir)
		closedir(dir);
}

int source_open(struct source *source, struct session *session, const char *view, bool all_devices)
{
	int result;

	*source = (struct source){ .session = session, .self = getpid() };
	if (state_new(&source->state) < 0)
		return no_memory(source);
	if (option_value(session->arguments, "from"))
		return read_files(source);
	result = session_open(session, &source->connection);
	if (result != EXIT_OK)
		return result;
	session_take_time(session, source->connection);
	source->device[0].viewer = source->connection;
	source->device_count = 1;
	result = read_view(source, &source->device[0], view);
	find_context(source, &source->device[0]);
	if (result == EXIT_OK && all_devices)
		read_others(source, view);
	return result;
}

void source_close(struct source *source)
{
	for (int i = 0; i < source->device_count; i++) {
		ABinderConnection_close(source->device[i].asker);
		if (i)
			ABinderConnection_close(source->device[i].viewer);
	}
	state_free(source->state);
	if (source->connection)
		session_close(source->session, source->connection);
	*source = (struct source){ 0 };
}

/* ---- names ------------------------------------------------------------------------ */

struct learning {
	struct source *source;
	struct source_device *device;
	struct learned {
		char *name;
		pid_t pid; /* 0: not told */
		AIBinder *binder;
	} * service;
	size_t count;
};

static bool note_pid(const char *name, pid_t pid, void *cookie)
{
	struct learning *l = cookie;
	struct learned *grown = reallocarray(l->service, l->count + 1, sizeof(*grown));
	char *copy = strdup(name);

	if (grown)
		l->service = grown;
	if (!grown || !copy) {
		free(copy);
		return false;
	}
	l->service[l->count++] = (struct learned){ .name = copy, .pid = pid > 0 ? pid : 0 };
	return true;
}

static bool note_name(const char *name, void *cookie)
{
	return note_pid(name, 0, cookie);
}

static void forget(struct learning *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->service[i].name);
		/* A reference of ours must not keep a lazy service from ending. */
		AIBinder_decStrong(l->service[i].binder);
	}
	free(l->service);
	l->service = NULL;
	l->count = 0;
}

/* A connection of its own, as a connection does not see its own references. */
static bool connect_asker(struct source *source, struct source_device *device)
{
	const struct arguments *arguments = source->session->arguments;

	if (!device->asker &&
	    ABinderConnection_openWithin(ABinderConnection_getDevice(device->viewer), ASK_MS,
					 &device->asker) == STATUS_OK) {
		if (arguments->android)
			ABinderConnection_setAndroid(device->asker, arguments->android);
		if (arguments->domain)
			ABinderConnection_setDomain(device->asker, arguments->domain);
	}
	if (device->asker)
		ABinderConnection_setDeadline(device->asker, ASK_MS);
	return device->asker;
}

/* All names of a device, with pids where the service manager tells them. */
static bool learn_names(struct learning *l)
{
	binder_status_t status;

	if (!connect_asker(l->source, l->device))
		return false;
	status = AServiceManager_debugInfoOn(l->device->asker, note_pid, l);
	if (status != STATUS_OK && status != STATUS_DEAD_OBJECT && status != STATUS_TIMED_OUT) {
		/* An older service manager knows names alone. */
		forget(l);
		status = AServiceManager_listOn(l->device->asker, note_name, l);
	}
	l->source->no_names |= status == STATUS_TIMED_OUT;
	return status == STATUS_OK;
}

static void on_death(void *cookie) {}

/*
 * Who holds handle 0 is the context manager, which has no name everywhere.  Asking for its death
 * makes a reference of ours that the driver shows; a call alone makes none.
 */
static AIBinder_DeathRecipient *ask_manager(struct learning *l)
{
	AIBinder_DeathRecipient *recipient = AIBinder_DeathRecipient_new(on_death);
	AIBinder *manager = NULL;
	size_t at = 0;

	while (at < l->count && strcmp(l->service[at].name, "manager") != 0)
		at++;
	if (!recipient || (at == l->count && !note_name("manager", l)) ||
	    ABinderConnection_getContextManager(l->device->asker, &manager) != STATUS_OK)
		return recipient;
	AIBinder_linkToDeath(manager, recipient, NULL);
	AIBinder_decStrong(l->service[at].binder);
	l->service[at].binder = manager;
	return recipient;
}

static bool is_wanted(const struct learning *l, const struct learned *service, const bool *wanted)
{
	int process;

	if (!wanted || !service->pid)
		return true;
	process = state_find_process(l->source->state, l->device->context, service->pid);
	return process != STATE_NONE && wanted[process];
}

/* The node that the reference of ours leads to; STATE_NONE: the driver does not show it. */
static int64_t node_of(const struct learning *l, const struct state *own, AIBinder *binder)
{
	const struct state *state = l->source->state;
	uint32_t handle;

	if (!binder || AIBinder_getHandle(binder, &handle) != STATUS_OK)
		return STATE_NONE;
	for (int at = 0; at < own->ref_count; at++) {
		const struct state_ref *ref = &own->ref[at];
		const char *context = own->context[own->process[ref->process].context];

		if (ref->handle == handle &&
		    state_find_context(state, context) == l->device->context)
			return ref->node;
	}
	return STATE_NONE;
}

static void name_service(struct learning *l, struct learned *service, int64_t id)
{
	struct state *state = l->source->state;
	int node = id == STATE_NONE ? STATE_NONE : state_find_node(state, l->device->context, id);

	if (!service->pid && node != STATE_NONE && state->node[node].process != STATE_NONE)
		service->pid = state->process[state->node[node].process].pid;
	if (service->pid || id != STATE_NONE)
		state_add_name(state, l->device->context, service->pid, id, service->name);
}

/* Our handles, as the driver shows them, lead from services to nodes. */
static void match_references(struct learning *l)
{
	struct state *own = NULL;
	char view[32], *text = NULL;

	snprintf(view, sizeof(view), "proc/%d", (int)getpid());
	if (state_new(&own) < 0)
		return;
	if (ABinderConnection_readView(l->device->viewer, view, &text) == STATUS_OK)
		state_read(own, text, false);
	free(text);
	for (size_t i = 0; i < l->count; i++)
		name_service(l, &l->service[i], node_of(l, own, l->service[i].binder));
	state_free(own);
}

static void learn_nodes_of(struct source *source, struct source_device *device, const bool *wanted)
{
	struct learning l = { .source = source, .device = device };
	AIBinder_DeathRecipient *recipient = NULL;

	if (device->context != STATE_NONE && learn_names(&l)) {
		for (size_t i = 0; i < l.count; i++)
			if (is_wanted(&l, &l.service[i], wanted))
				AServiceManager_checkOn(device->asker, l.service[i].name,
							&l.service[i].binder);
		recipient = ask_manager(&l);
		match_references(&l);
	}
	forget(&l);
	AIBinder_DeathRecipient_delete(recipient);
}

void source_learn_nodes(struct source *source, const bool *wanted)
{
	for (int i = 0; i < source->device_count; i++)
		learn_nodes_of(source, &source->device[i], wanted);
}

void source_learn_processes(struct source *source)
{
	for (int i = 0; i < source->device_count; i++) {
		struct learning l = { .source = source, .device = &source->device[i] };
		bool told = false;

		if (l.device->context != STATE_NONE && learn_names(&l)) {
			for (size_t at = 0; at < l.count; at++)
				told |= l.service[at].pid > 0;
			for (size_t at = 0; told && at < l.count; at++)
				state_add_name(source->state, l.device->context, l.service[at].pid,
					       STATE_NONE, l.service[at].name);
			told |= !l.count;
		} else {
			told = true;
		}
		forget(&l);
		/* The nodes tell whose they are. */
		if (!told && read_view(source, l.device, "state") == EXIT_OK)
			learn_nodes_of(source, l.device, NULL);
	}
}

/* ---- processes -------------------------------------------------------------------- */

void source_program(const struct source *source, int pid, int64_t *uid, char *name, size_t size)
{
	*uid = -1;
	*name = 0;
	if (source->connection)
		session_process(pid, uid, name, size);
}

bool source_is_self(const struct source *source, int pid)
{
	return source->connection && pid == source->self;
}

static bool is_number(const char *word)
{
	return *word && !word[strspn(word, "0123456789")];
}

static bool mark_services(const struct source *source, const char *word, bool *wanted)
{
	const struct state *state = source->state;
	bool found = false;

	for (int i = 0; i < state->name_count; i++) {
		int process;

		if (strcmp(state->name[i].name, word) != 0)
			continue;
		process = state_find_process(state, state->name[i].context, state->name[i].pid);
		if (process != STATE_NONE)
			found = wanted[process] = true;
	}
	return found;
}

int source_find(struct source *source, const char *word, bool *wanted)
{
	const struct state *state = source->state;
	bool found = mark_services(source, word, wanted), number = is_number(word);

	for (int i = 0; !found && i < state->process_count; i++) {
		int pid = state->process[i].pid;
		char program[64];
		int64_t uid;

		if (number) {
			wanted[i] = pid == atoi(word);
		} else {
			source_program(source, pid, &uid, program, sizeof(program));
			wanted[i] = !strcmp(program, word);
		}
	}
	for (int i = 0; !found && i < state->process_count; i++)
		found = wanted[i];
	if (found)
		return EXIT_OK;
	return fail(source->session->arguments, EXIT_NO_SERVICE,
		    source->connection ? "binderctl ps" :
					 "a pid of the file: it has no names of services",
		    number ? "no process %s that you may look at has the device open" :
			     "%s: no service and no program of that name that you may look at",
		    word);
}
