/* SPDX-License-Identifier: MIT */
/*
 * relay.c: the floors: what a round trip through a process in the middle costs.
 *
 * Client, relay, server, relay, client: four hops, as a call through binderd
 * takes, with nothing done on the way.
 */
#include "bench.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- futexes in shared memory ---- */

enum { TO_RELAY, TO_SERVER, FROM_SERVER, TO_CLIENT, HOPS };

/* A line each, so that they do not share. */
struct hop {
	uint32_t word;
	char pad[60];
};

static void hop_signal(struct hop *hop)
{
	__atomic_store_n(&hop->word, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &hop->word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void hop_wait(struct hop *hop)
{
	while (!__atomic_exchange_n(&hop->word, 0, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, &hop->word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void futex_relay(void *context)
{
	struct hop *hops = context;

	for (;;) {
		hop_wait(&hops[TO_RELAY]);
		hop_signal(&hops[TO_SERVER]);
		hop_wait(&hops[FROM_SERVER]);
		hop_signal(&hops[TO_CLIENT]);
	}
}

static void futex_server(void *context)
{
	struct hop *hops = context;

	for (;;) {
		hop_wait(&hops[TO_SERVER]);
		hop_signal(&hops[FROM_SERVER]);
	}
}

static int futex_step(void *context)
{
	struct hop *hops = context;

	hop_signal(&hops[TO_RELAY]);
	hop_wait(&hops[TO_CLIENT]);
	return 0;
}

double bench_futex_relay(void)
{
	struct hop *hops =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t relay, server;
	double ns;

	if (hops == MAP_FAILED)
		return -1;
	relay = bench_fork(futex_relay, hops);
	server = bench_fork(futex_server, hops);
	ns = relay > 0 && server > 0 ? bench_measure(futex_step, hops) : -1;
	bench_end(relay);
	bench_end(server);
	munmap(hops, 4096);
	return ns;
}

/* ---- sockets ---- */

struct sockets {
	int client[2], server[2]; /* [1] is the relay's */
};

static bool pass(int from, int to)
{
	char message[64];
	ssize_t n = recv(from, message, sizeof(message), 0);

	return n > 0 && send(to, message, (size_t)n, MSG_NOSIGNAL) == n;
}

static void socket_relay(void *context)
{
	struct sockets *s = context;

	while (pass(s->client[1], s->server[1]) && pass(s->server[1], s->client[1]))
		;
}

static void socket_server(void *context)
{
	struct sockets *s = context;

	while (pass(s->server[0], s->server[0]))
		;
}

static int socket_step(void *context)
{
	struct sockets *s = context;
	char message[64] = { 1 };

	if (send(s->client[0], message, sizeof(message), MSG_NOSIGNAL) < 0 ||
	    recv(s->client[0], message, sizeof(message), 0) <= 0)
		return -EPIPE;
	return 0;
}

double bench_socket_relay(void)
{
	struct sockets s;
	pid_t relay, server;
	double ns;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s.client) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s.server) < 0) {
		close(s.client[0]);
		close(s.client[1]);
		return -1;
	}
	relay = bench_fork(socket_relay, &s);
	server = bench_fork(socket_server, &s);
	ns = relay > 0 && server > 0 ? bench_measure(socket_step, &s) : -1;
	bench_end(relay);
	bench_end(server);
	for (int i = 0; i < 2; i++) {
		close(s.client[i]);
		close(s.server[i]);
	}
	return ns;
}
