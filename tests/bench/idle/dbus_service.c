/* SPDX-License-Identifier: MIT */
/*
 * dbus_service.c: a D-Bus service of libdbus that waits for calls: what memory.sh compares an idle
 * Binder service with.
 *
 * Takes the bus from DBUS_SESSION_BUS_ADDRESS, and writes a line when it has its name.  The
 * functions are declared here, as the build does not need libdbus.
 */
#include <dlfcn.h>
#include <stdio.h>

#define SESSION_BUS 0

int main(void)
{
	void *library = dlopen("libdbus-1.so.3", RTLD_NOW);
	void *(*get)(int type, void *error);
	int (*request_name)(void *connection, const char *name, unsigned int flags, void *error);
	int (*wait)(void *connection, int timeout_ms);
	void *connection;

	if (!library)
		return 77;
	*(void **)&get = dlsym(library, "dbus_bus_get");
	*(void **)&request_name = dlsym(library, "dbus_bus_request_name");
	*(void **)&wait = dlsym(library, "dbus_connection_read_write_dispatch");
	connection = get && request_name && wait ? get(SESSION_BUS, NULL) : NULL;
	if (!connection || request_name(connection, "example.idle", 0, NULL) != 1)
		return 1;
	puts("ready");
	fflush(stdout);
	while (wait(connection, -1))
		;
	return 0;
}
