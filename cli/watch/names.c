/* SPDX-License-Identifier: MIT */
/*
 * names.c: which service a node is, and which program a pid.
 *
 * Called by the verbs that watch.  A node that is not known makes it ask the service
 * manager again, at most twice a second, and each question has a limit: a service
 * manager that hangs costs a name, and no event.
 */
#include "cli/watch/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/session.h"

#define ASK_EVERY_MS 500
#define ASK_LIMIT_MS 300
#define PROGRAMS 1024
#define INTERFACES 1024
#define SERVICES 4096
#define METHODS 4096

/* While the service manager is asked. */
struct service {
	char *name;
	AIBinder *binder; /* a strong reference */
};

/* Of a node, which is never another's: it keeps its name when its service is gone. */
struct known {
	uint32_t node;
	char *name;
};

struct program {
	pid_t pid;
	bool gone; /* it has died: the next one of that pid is another */
	char name[64];
};

struct interface {
	uint32_t node;
	char *descriptor;
};

struct method {
	uint32_t node, code;
	char *name;
};

struct names {
	bool offline; /* nobody is asked */
	char *device, *android;
	ABinderConnection *viewer, *connection;
	struct service *service;
	size_t count, room;
	long long asked_at; /* session_now(); 0: never */
	uint32_t manager;   /* its node; 0: not known */
	struct known known[SERVICES];
	struct program program[PROGRAMS];
	struct interface interface[INTERFACES];
	struct method method[METHODS];
};

struct names *names_new(const char *device, const char *android, ABinderConnection *viewer)
{
	struct names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->viewer = viewer;
	names->device = device ? strdup(device) : NULL;
	names->android = android ? strdup(android) : NULL;
	return names;
}

struct names *names_new_offline(void)
{
	struct names *names = calloc(1, sizeof(*names));

	if (names)
		names->offline = true;
	return names;
}

static void forget_services(struct names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		free(names->service[i].name);
		AIBinder_decStrong(names->service[i].binder);
	}
	names->count = 0;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	forget_services(names);
	for (size_t i = 0; i < INTERFACES; i++)
		free(names->interface[i].descriptor);
	for (size_t i = 0; i < SERVICES; i++)
		free(names->known[i].name);
	for (size_t i = 0; i < METHODS; i++)
		free(names->method[i].name);
	free(names->service);
	ABinderConnection_close(names->connection);
	free(names->device);
	free(names->android);
	free(names);
}

/* ---- services ----------------------------------------------------------------- */

static struct service *add(struct names *names, const char *name)
{
	struct service *service;

	if (names->count == names->room) {
		size_t room = names->room ? 2 * names->room : 64;
		struct service *larger = realloc(names->service, room * sizeof(*larger));

		if (!larger)
			return NULL;
		names->service = larger;
		names->room = room;
	}
	service = &names->service[names->count];
	*service = (struct service){ .name = strdup(name) };
	if (!service->name)
		return NULL;
	names->count++;
	return service;
}

static bool note_name(const char *name, void *cookie)
{
	return add(cookie, name) != NULL;
}

static bool connect_once(struct names *names)
{
	if (names->connection)
		return true;
	if (ABinderConnection_openWithin(names->device, ASK_LIMIT_MS, &names->connection) !=
	    STATUS_OK)
		return false;
	if (names->android)
		ABinderConnection_setAndroid(names->connection, names->android);
	return true;
}

void names_note_service(struct names *names, uint32_t node, const char *name)
{
	struct known *known = &names->known[node % SERVICES];

	if (!node || (known->node == node && strcmp(known->name, name) == 0))
		return;
	free(known->name);
	known->name = strdup(name);
	known->node = known->name ? node : 0;
}

/* "  ref 12: desc 3 node 7 s 1 w 1 d 0": handle 3 of ours is node 7. */
static void match_references(struct names *names, const char *state)
{
	for (const char *line = state; line; line = strchr(line, '\n')) {
		unsigned id, handle, node;
		char dead[16] = "";

		line += *line == '\n';
		if (sscanf(line, " ref %u: desc %u %15s", &id, &handle, dead) != 3)
			continue;
		/* "desc 3 node 7", or "desc 3 dead node 7". */
		if (sscanf(line, " ref %u: desc %u node %u", &id, &handle, &node) != 3)
			continue;
		for (size_t i = 0; i < names->count; i++) {
			uint32_t own;

			if (names->service[i].binder &&
			    AIBinder_getHandle(names->service[i].binder, &own) == STATUS_OK &&
			    own == handle)
				names_note_service(names, node, names->service[i].name);
		}
	}
}

static void read_references(struct names *names)
{
	char view[32], *state;

	snprintf(view, sizeof(view), "proc/%d", (int)getpid());
	if (ABinderConnection_readView(names->viewer, view, &state) != STATUS_OK)
		return;
	match_references(names, state);
	free(state);
}

static void ask(struct names *names)
{
	struct service *manager;

	names->asked_at = session_now();
	if (!connect_once(names))
		return;
	ABinderConnection_setDeadline(names->connection, ASK_LIMIT_MS);
	manager = add(names, "manager");
	if (manager)
		ABinderConnection_getContextManager(names->connection, &manager->binder);
	AServiceManager_listOn(names->connection, note_name, names);
	for (size_t i = 1; i < names->count; i++)
		AServiceManager_checkOn(names->connection, names->service[i].name,
					&names->service[i].binder);
	ABinderConnection_setDeadline(names->connection, -1);
	read_references(names);
	/* A reference of ours must not keep a lazy service from ending. */
	forget_services(names);
}

static const char *service_of(const struct names *names, uint32_t node)
{
	const struct known *known = &names->known[node % SERVICES];

	return known->node == node ? known->name : NULL;
}

static bool may_ask(const struct names *names)
{
	return !names->offline &&
	       (!names->asked_at || session_now() - names->asked_at >= ASK_EVERY_MS);
}

const char *names_service(struct names *names, uint32_t node)
{
	const char *name = node ? service_of(names, node) : NULL;

	if (node && node == names->manager)
		return "manager";
	if (name || !node || !may_ask(names))
		return name;
	ask(names);
	return service_of(names, node);
}

void names_learn(struct names *names)
{
	ask(names);
}

void names_note_manager(struct names *names, uint32_t node)
{
	if (node)
		names->manager = node;
}

/* ---- interfaces --------------------------------------------------------------- */

void names_note_interface(struct names *names, uint32_t node, const char *descriptor)
{
	struct interface *interface = &names->interface[node % INTERFACES];

	if (!node || !*descriptor ||
	    (interface->node == node && strcmp(interface->descriptor, descriptor) == 0))
		return;
	free(interface->descriptor);
	interface->descriptor = strdup(descriptor);
	interface->node = interface->descriptor ? node : 0;
}

const char *names_interface(const struct names *names, uint32_t node)
{
	const struct interface *interface = &names->interface[node % INTERFACES];

	return node && interface->node == node ? interface->descriptor : NULL;
}

/* ---- methods ------------------------------------------------------------------ */

static size_t method_slot(uint32_t node, uint32_t code)
{
	return (node * 31u + code) % METHODS;
}

void names_note_method(struct names *names, uint32_t node, uint32_t code, const char *name)
{
	struct method *method = &names->method[method_slot(node, code)];

	if (!node ||
	    (method->node == node && method->code == code && strcmp(method->name, name) == 0))
		return;
	free(method->name);
	*method = (struct method){ node, code, strdup(name) };
	if (!method->name)
		method->node = 0;
}

const char *names_method(const struct names *names, uint32_t node, uint32_t code)
{
	const struct method *method = &names->method[method_slot(node, code)];

	return node && method->node == node && method->code == code ? method->name : NULL;
}

/* ---- programs ----------------------------------------------------------------- */

static void read_program(const struct names *names, struct program *program, pid_t pid)
{
	int64_t uid;

	program->pid = pid;
	program->gone = false;
	*program->name = 0;
	if (!names->offline)
		session_process(pid, &uid, program->name, sizeof(program->name));
}

const char *names_program(struct names *names, pid_t pid)
{
	struct program *program = &names->program[(unsigned)pid % PROGRAMS];

	if (pid <= 0)
		return "";
	if (program->pid != pid)
		read_program(names, program, pid);
	return program->name;
}

void names_note_program(struct names *names, pid_t pid, const char *name)
{
	struct program *program = &names->program[(unsigned)pid % PROGRAMS];

	if (program->pid != pid || program->gone)
		read_program(names, program, pid);
	if (!*program->name)
		snprintf(program->name, sizeof(program->name), "%s", name);
}

void names_forget(struct names *names, pid_t pid)
{
	struct program *program = &names->program[(unsigned)pid % PROGRAMS];

	if (program->pid == pid)
		program->gone = true;
}
