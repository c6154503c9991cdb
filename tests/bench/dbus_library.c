/* SPDX-License-Identifier: MIT */
/*
 * dbus_library.c: the method call of dbus.c as programs make it: through libdbus.
 *
 * The library is loaded when it is there; nothing of it is needed to build.
 */
#include "bench.h"

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SERVICE_NAME "org.example.BenchLibrary"

/* What is used of <dbus/dbus.h>. */
typedef struct DBusConnection DBusConnection;
typedef struct DBusMessage DBusMessage;
typedef unsigned int dbus_bool_t;

static DBusConnection *(*connection_open)(const char *address, void *error);
static dbus_bool_t (*bus_register)(DBusConnection *connection, void *error);
static int (*bus_request_name)(DBusConnection *connection, const char *name, unsigned int flags,
			       void *error);
static dbus_bool_t (*connection_read_write)(DBusConnection *connection, int timeout_ms);
static DBusMessage *(*connection_pop)(DBusConnection *connection);
static dbus_bool_t (*connection_send)(DBusConnection *connection, DBusMessage *message,
				      uint32_t *serial);
static void (*connection_flush)(DBusConnection *connection);
static DBusMessage *(*connection_call)(DBusConnection *connection, DBusMessage *message,
				       int timeout_ms, void *error);
static DBusMessage *(*message_new_call)(const char *to, const char *path, const char *interface,
					const char *method);
static DBusMessage *(*message_new_return)(DBusMessage *call);
static void (*message_unref)(DBusMessage *message);
static int (*message_type)(DBusMessage *message);

static const struct {
	const char *name;
	void *function;
} symbols[] = {
	{ "dbus_connection_open_private", &connection_open },
	{ "dbus_bus_register", &bus_register },
	{ "dbus_bus_request_name", &bus_request_name },
	{ "dbus_connection_read_write", &connection_read_write },
	{ "dbus_connection_pop_message", &connection_pop },
	{ "dbus_connection_send", &connection_send },
	{ "dbus_connection_flush", &connection_flush },
	{ "dbus_connection_send_with_reply_and_block", &connection_call },
	{ "dbus_message_new_method_call", &message_new_call },
	{ "dbus_message_new_method_return", &message_new_return },
	{ "dbus_message_unref", &message_unref },
	{ "dbus_message_get_type", &message_type },
};

static bool load(void)
{
	void *library = dlopen("libdbus-1.so.3", RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; library && i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		void **function = symbols[i].function;

		*function = dlsym(library, symbols[i].name);
		if (!*function)
			return false;
	}
	return library;
}

static DBusConnection *connect_to(const char *address)
{
	DBusConnection *connection = connection_open(address, NULL);

	return connection && bus_register(connection, NULL) ? connection : NULL;
}

struct service {
	const char *address;
	int ready;
};

static void serve(void *context)
{
	struct service *service = context;
	DBusConnection *connection = connect_to(service->address);
	DBusMessage *call, *reply;

	if (!connection || bus_request_name(connection, SERVICE_NAME, 0, NULL) != 1 ||
	    write(service->ready, "", 1) != 1)
		return;
	while (connection_read_write(connection, -1)) {
		while ((call = connection_pop(connection))) {
			reply = message_type(call) == 1 ? message_new_return(call) : NULL;
			message_unref(call);
			if (!reply)
				continue;
			connection_send(connection, reply, NULL);
			connection_flush(connection);
			message_unref(reply);
		}
	}
}

static int call_step(void *context)
{
	DBusMessage *call = message_new_call(SERVICE_NAME, "/", SERVICE_NAME, "Nothing"), *reply;

	if (!call)
		return -ENOMEM;
	reply = connection_call(context, call, -1, NULL);
	message_unref(call);
	if (!reply)
		return -EIO;
	message_unref(reply);
	return 0;
}

double bench_dbus_library(const char *path)
{
	DBusConnection *connection;
	struct service service;
	char address[128], byte;
	double ns = -1;
	int ready[2];
	pid_t pid;

	snprintf(address, sizeof(address), "unix:path=%s", path);
	if (!load() || pipe(ready) < 0)
		return -1;
	service = (struct service){ address, ready[1] };
	pid = bench_fork(serve, &service);
	close(ready[1]);
	if (read(ready[0], &byte, 1) == 1) {
		connection = connect_to(address);
		if (connection)
			ns = bench_measure(call_step, connection);
	}
	close(ready[0]);
	bench_end(pid);
	return ns;
}

/* ---- many names, for what lists them ------------------------------------------------ */

/* One process of many: names of its own on a connection of its own. */
static void own(const char *address, int number, int names, int ready)
{
	DBusConnection *connection;
	char name[64];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	connection = connect_to(address);
	for (int i = 0; connection && i < names; i++) {
		snprintf(name, sizeof(name), "org.example.crowd.service%d.name%d", number, i);
		if (bus_request_name(connection, name, 0, NULL) != 1)
			_exit(1);
	}
	if (connection && write(ready, "", 1) == 1)
		while (connection_read_write(connection, -1))
			;
	_exit(1);
}

int bench_dbus_names(const char *address, int processes, int names)
{
	int ready[2];
	char byte;

	if (!load() || pipe(ready) < 0)
		return 1;
	for (int i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid == 0)
			own(address, i, names, ready[1]);
		if (pid < 0 || read(ready[0], &byte, 1) != 1)
			return 1;
	}
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
