/* SPDX-License-Identifier: MIT */
/*
 * dbus.c: an empty method call through a private dbus-daemon, to compare with.
 *
 * Client and service speak the protocol themselves, with one system call for
 * each message: what is measured is the daemon and the hops.  What a program
 * sees with a D-Bus library is measured in dbus_library.c.
 */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BUS_NAME "org.freedesktop.DBus"
#define SERVICE_NAME "org.example.Bench"

enum { METHOD_CALL = 1, METHOD_RETURN = 2 };
enum {
	FIELD_PATH = 1,
	FIELD_INTERFACE,
	FIELD_MEMBER,
	FIELD_ERROR,
	FIELD_REPLY_SERIAL,
	FIELD_DESTINATION,
	FIELD_SENDER,
	FIELD_SIGNATURE
};

/* ---- messages ---- */

struct message {
	char bytes[1024];
	size_t size;
	size_t body; /* where it begins */
};

static void align(struct message *m, size_t to)
{
	while (m->size % to)
		m->bytes[m->size++] = 0;
}

static void put_u32(struct message *m, uint32_t value)
{
	align(m, 4);
	memcpy(m->bytes + m->size, &value, sizeof(value));
	m->size += sizeof(value);
}

static void put_string(struct message *m, const char *text)
{
	put_u32(m, (uint32_t)strlen(text));
	strcpy(m->bytes + m->size, text);
	m->size += strlen(text) + 1;
}

static void put_field(struct message *m, char code, char type)
{
	align(m, 8);
	m->bytes[m->size++] = code;
	m->bytes[m->size++] = 1;
	m->bytes[m->size++] = type;
	m->bytes[m->size++] = 0;
}

static void put_string_field(struct message *m, char code, char type, const char *text)
{
	put_field(m, code, type);
	put_string(m, text);
}

static void begin(struct message *m, char type, uint32_t serial)
{
	const char head[4] = { __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 'B' : 'l', type, 0, 1 };

	memcpy(m->bytes, head, 4);
	m->size = 4;
	put_u32(m, 0); /* length of the body */
	put_u32(m, serial);
	put_u32(m, 0); /* length of the fields */
}

static void end_fields(struct message *m)
{
	uint32_t size = (uint32_t)(m->size - 16);

	memcpy(m->bytes + 12, &size, sizeof(size));
	align(m, 8);
	m->body = m->size;
}

static void end_body(struct message *m)
{
	uint32_t size = (uint32_t)(m->size - m->body);

	memcpy(m->bytes + 4, &size, sizeof(size));
}

static void begin_call(struct message *m, uint32_t serial, const char *to, const char *path,
		       const char *interface, const char *member)
{
	begin(m, METHOD_CALL, serial);
	put_string_field(m, FIELD_PATH, 'o', path);
	put_string_field(m, FIELD_INTERFACE, 's', interface);
	put_string_field(m, FIELD_MEMBER, 's', member);
	put_string_field(m, FIELD_DESTINATION, 's', to);
}

static int send_message(int fd, const struct message *m)
{
	return send(fd, m->bytes, m->size, MSG_NOSIGNAL) == (ssize_t)m->size ? 0 : -EPIPE;
}

static uint32_t get_u32(const struct message *m, size_t at)
{
	uint32_t value;

	memcpy(&value, m->bytes + at, sizeof(value));
	return value;
}

/* One whole message: usually one recv(), since one is under way at a time. */
static int receive(int fd, struct message *m, size_t *have)
{
	size_t whole;
	ssize_t n;

	for (;;) {
		if (*have >= 16) {
			whole = ((16 + get_u32(m, 12) + 7) & ~(size_t)7) + get_u32(m, 4);
			if (whole > sizeof(m->bytes))
				return -EMSGSIZE;
			if (*have >= whole) {
				m->size = whole;
				return 0;
			}
		}
		n = recv(fd, m->bytes + *have, sizeof(m->bytes) - *have, 0);
		if (n <= 0)
			return -EPIPE;
		*have += (size_t)n;
	}
}

/* The next message of a type; keeps what came after it. */
static int receive_type(int fd, struct message *m, char type, size_t *have)
{
	int r;

	for (;;) {
		r = receive(fd, m, have);
		if (r < 0 || m->bytes[1] == type)
			return r;
		memmove(m->bytes, m->bytes + m->size, *have - m->size);
		*have -= m->size;
	}
}

static void consume(struct message *m, size_t *have)
{
	memmove(m->bytes, m->bytes + m->size, *have - m->size);
	*have -= m->size;
}

static const char *find_sender(const struct message *m)
{
	size_t at = 16, end = 16 + get_u32(m, 12);

	while (at + 8 < end) {
		char code = m->bytes[at], type = m->bytes[at + 2];

		at += 4;
		if (code == FIELD_SENDER)
			return m->bytes + at + 4;
		if (type == 'g')
			at += 2 + (unsigned char)m->bytes[at];
		else if (type == 'u')
			at += 4;
		else
			at += 5 + get_u32(m, at);
		at = (at + 7) & ~(size_t)7;
	}
	return NULL;
}

/* ---- connections ---- */

static int authenticate(int fd)
{
	char line[128], uid[16];
	int n = snprintf(uid, sizeof(uid), "%u", getuid());
	char *at = line + 1 + sprintf(line + 1, "AUTH EXTERNAL ");

	line[0] = 0;
	for (int i = 0; i < n; i++)
		at += sprintf(at, "%02x", uid[i]);
	at += sprintf(at, "\r\n");
	if (send(fd, line, (size_t)(at - line), MSG_NOSIGNAL) < 0 ||
	    recv(fd, line, sizeof(line), 0) < 3 || strncmp(line, "OK ", 3) != 0)
		return -EACCES;
	return send(fd, "BEGIN\r\n", 7, MSG_NOSIGNAL) == 7 ? 0 : -EPIPE;
}

static int say_hello(int fd)
{
	struct message m;
	size_t have = 0;
	int r;

	begin_call(&m, 1, BUS_NAME, "/org/freedesktop/DBus", BUS_NAME, "Hello");
	end_fields(&m);
	r = send_message(fd, &m);
	return r < 0 ? r : receive_type(fd, &m, METHOD_RETURN, &have);
}

static int connect_bus(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    authenticate(fd) == 0 && say_hello(fd) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int request_name(int fd)
{
	struct message m;
	size_t have = 0;
	int r;

	begin_call(&m, 2, BUS_NAME, "/org/freedesktop/DBus", BUS_NAME, "RequestName");
	put_field(&m, FIELD_SIGNATURE, 'g');
	memcpy(m.bytes + m.size, "\2su", 4);
	m.size += 4;
	end_fields(&m);
	put_string(&m, SERVICE_NAME);
	put_u32(&m, 0);
	end_body(&m);
	r = send_message(fd, &m);
	return r < 0 ? r : receive_type(fd, &m, METHOD_RETURN, &have);
}

/* ---- the three processes ---- */

struct bus {
	char dir[32], config[64], path[64];
	int ready[2];
	int client;
	uint32_t serial;
};

static void serve(void *context)
{
	struct bus *bus = context;
	int fd = connect_bus(bus->path);
	struct message m, reply;
	size_t have = 0;

	if (fd < 0 || request_name(fd) < 0 || write(bus->ready[1], "", 1) != 1)
		return;
	while (receive_type(fd, &m, METHOD_CALL, &have) == 0) {
		begin(&reply, METHOD_RETURN, ++bus->serial);
		put_field(&reply, FIELD_REPLY_SERIAL, 'u');
		put_u32(&reply, get_u32(&m, 8));
		put_string_field(&reply, FIELD_DESTINATION, 's', find_sender(&m));
		end_fields(&reply);
		consume(&m, &have);
		if (send_message(fd, &reply) < 0)
			return;
	}
}

static int call_step(void *context)
{
	struct bus *bus = context;
	struct message m;
	size_t have = 0;
	int r;

	begin_call(&m, ++bus->serial, SERVICE_NAME, "/", SERVICE_NAME, "Nothing");
	end_fields(&m);
	r = send_message(bus->client, &m);
	return r < 0 ? r : receive_type(bus->client, &m, METHOD_RETURN, &have);
}

static int write_config(const struct bus *bus)
{
	FILE *file = fopen(bus->config, "we");

	if (!file)
		return -errno;
	fprintf(file,
		"<busconfig><listen>unix:path=%s</listen><auth>EXTERNAL</auth>"
		"<policy context='default'><allow send_destination='*'/><allow receive_sender='*'/>"
		"<allow own='*'/><allow user='*'/></policy></busconfig>\n",
		bus->path);
	return fclose(file) == 0 ? 0 : -errno;
}

static void run_daemon(void *context)
{
	struct bus *bus = context;
	char config[96], address[32];
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	snprintf(config, sizeof(config), "--config-file=%s", bus->config);
	snprintf(address, sizeof(address), "--print-address=%d", bus->ready[1]);
	dup2(null, STDERR_FILENO);
	execlp("dbus-daemon", "dbus-daemon", config, "--nofork", "--nopidfile", address, NULL);
}

static double measure(struct bus *bus)
{
	double ns = -1;
	int ready[2];
	pid_t service;
	char byte;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return -1;
	bus->ready[1] = ready[1];
	service = bench_fork(serve, bus);
	close(ready[1]);
	if (read(ready[0], &byte, 1) == 1)
		bus->client = connect_bus(bus->path);
	close(ready[0]);
	if (bus->client >= 0) {
		ns = bench_measure(call_step, bus);
		close(bus->client);
	}
	bench_end(service);
	return ns;
}

static void run(struct bus *bus, double *bare, double *library)
{
	pid_t daemon = bench_fork(run_daemon, bus);
	char line[256];

	/* Nothing comes where there is no dbus-daemon: the last writer is gone then. */
	close(bus->ready[1]);
	if (read(bus->ready[0], line, sizeof(line)) > 0) {
		*bare = measure(bus);
		*library = bench_dbus_library(bus->path);
	}
	bench_end(daemon);
}

void bench_dbus(double *bare, double *library)
{
	struct bus bus = { .client = -1, .serial = 10 };

	*bare = -1;
	*library = -1;
	strcpy(bus.dir, "/tmp/binder-bench-XXXXXX");
	if (!mkdtemp(bus.dir))
		return;
	snprintf(bus.config, sizeof(bus.config), "%s/config", bus.dir);
	snprintf(bus.path, sizeof(bus.path), "%s/bus", bus.dir);
	if (pipe(bus.ready) == 0) {
		if (write_config(&bus) == 0)
			run(&bus, bare, library);
		close(bus.ready[0]);
	}
	unlink(bus.config);
	unlink(bus.path);
	rmdir(bus.dir);
}
