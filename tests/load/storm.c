/* SPDX-License-Identifier: MIT */
/*
 * storm.c: clients that are killed at random instants while others call.
 *
 *   storm [SECONDS [SEED]]
 *
 * A service, 50 callers who check every answer, 200 victims who do all that a
 * client does until SIGKILL takes one of them, at any instant; another takes
 * its place at once.  Afterwards nothing may have been answered wrongly, no
 * caller may still wait, and the daemon is what it was after a first, short
 * storm: in memory, descriptors and objects.  Prints TAP.
 */
#include "daemon.h"
#include "../limit.h"
#include "party.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALLERS 50
#define VICTIMS 200
#define SERVICE_THREADS 8
#define WARM_UP_S 1
#define PATIENCE_S limit_of(30) /* a caller without an answer for so long has lost it */

/* A slow daemon (sanitizers, valgrind) keeps memory that was freed. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEMORY_SLACK_KIB (1 << 20)
#else
#define MEMORY_SLACK_KIB 1024
#endif
/* Pages that stay shared: the service's receive buffer, and a little of each mailbox. */
#define SHARED_KIB (4096 + (SERVICE_THREADS + 1) * 64)

static struct world world;
static struct party *party;
static unsigned int seed, serial;
static pid_t service, callers[CALLERS], victims[VICTIMS];
static unsigned long killed, victims_wrong;

static unsigned int next_random(void)
{
	static unsigned int state;

	if (!state)
		state = seed;
	return (unsigned int)rand_r(&state);
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- processes ------------------------------------------------------------------- */

static pid_t start(void)
{
	pid_t pid = fork();

	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (pid < 0) {
		perror("cannot fork");
		exit(1);
	}
	return pid;
}

static bool start_service(void)
{
	int ready[2];
	ssize_t n;
	char byte;

	if (pipe(ready) < 0)
		return false;
	service = start();
	if (service == 0)
		_exit(party_serve(party, SERVICE_THREADS, ready[1]));
	close(ready[1]);
	n = read(ready[0], &byte, 1);
	close(ready[0]);
	return n == 1;
}

static void start_victim(unsigned int i)
{
	unsigned int own = seed + ++serial * 104729;

	victims[i] = start();
	if (victims[i] == 0)
		_exit(party_suffer(party, own));
}

static void kill_victim(unsigned int i)
{
	int status;

	kill(victims[i], SIGKILL);
	waitpid(victims[i], &status, 0);
	if (WIFEXITED(status))
		victims_wrong++; /* it ends by itself only when something is wrong */
	else
		killed++;
}

static void start_callers(void)
{
	for (unsigned int i = 0; i < CALLERS; i++) {
		callers[i] = start();
		if (callers[i] == 0)
			_exit(party_call(party, i, seed + i));
	}
}

static unsigned int callers_left(void)
{
	unsigned int left = 0;

	for (unsigned int i = 0; i < CALLERS; i++) {
		if (callers[i] && waitpid(callers[i], NULL, WNOHANG) == callers[i])
			callers[i] = 0;
		left += callers[i] != 0;
	}
	return left;
}

/* How many callers never came back from their last call. */
static unsigned int stop_callers(void)
{
	double until = now_s() + PATIENCE_S;
	unsigned int lost;

	__atomic_store_n(&party->stop, true, __ATOMIC_SEQ_CST);
	while ((lost = callers_left()) && now_s() < until)
		poll(NULL, 0, 10);
	for (unsigned int i = 0; i < CALLERS; i++) {
		if (!callers[i])
			continue;
		kill(callers[i], SIGKILL);
		waitpid(callers[i], NULL, 0);
	}
	__atomic_store_n(&party->stop, false, __ATOMIC_SEQ_CST);
	return lost;
}

/* ---- the storm ---------------------------------------------------------------------- */

/* Callers that have not had an answer since the last look, too long ago. */
static unsigned int find_stuck(double now)
{
	static uint64_t seen[CALLERS];
	static double since[CALLERS];
	unsigned int stuck = 0;

	for (unsigned int i = 0; i < CALLERS; i++) {
		uint64_t calls = __atomic_load_n(&party->caller[i].calls, __ATOMIC_RELAXED);

		if (calls != seen[i] || !since[i])
			since[i] = now;
		seen[i] = calls;
		stuck += now - since[i] > PATIENCE_S;
	}
	return stuck;
}

/* Returns how many replies were lost. */
static unsigned int run_storm(double seconds)
{
	double end = now_s() + seconds, now;
	unsigned int stuck = 0, lost;

	start_callers();
	for (unsigned int i = 0; i < VICTIMS; i++)
		start_victim(i);
	while (!stuck && (now = now_s()) < end) {
		const struct timespec pause = { 0, (long)(next_random() % 4000) * 1000 };
		unsigned int i = next_random() % VICTIMS;

		nanosleep(&pause, NULL);
		kill_victim(i);
		start_victim(i);
		/* Some die before they have begun. */
		if (next_random() % 4 == 0) {
			kill_victim(i);
			start_victim(i);
		}
		stuck = find_stuck(now);
	}
	for (unsigned int i = 0; i < VICTIMS; i++)
		kill_victim(i);
	lost = stop_callers();
	return stuck > lost ? stuck : lost;
}

struct cost {
	struct daemon_counts counts;
	int fds;
	long own_kib, shared_kib;
};

static bool is_back(const struct cost *now, const struct cost *then)
{
	const struct daemon_counts *a = &now->counts, *b = &then->counts;

	return a->opens <= b->opens && a->threads <= b->threads && a->nodes <= b->nodes &&
	       a->references <= b->references && a->deaths <= b->deaths &&
	       a->transactions <= b->transactions && a->buffers <= b->buffers &&
	       now->fds <= then->fds;
}

static bool memory_is_back(const struct cost *now, const struct cost *then)
{
	return now->own_kib <= then->own_kib + MEMORY_SLACK_KIB && now->shared_kib <= SHARED_KIB;
}

static struct cost look(void)
{
	struct cost cost = { .own_kib = daemon_anon_kib(&world),
			     .shared_kib = daemon_shared_kib(&world),
			     .fds = world_fds(&world) };

	daemon_counts(&world, &cost.counts);
	return cost;
}

/* The daemon hears of deaths one by one, and the service answers to each. */
static struct cost settle(const struct cost *goal)
{
	struct cost cost = look();

	for (int i = 0; i < limit_of(600) && !(is_back(&cost, goal) && memory_is_back(&cost, goal));
	     i++) {
		poll(NULL, 0, 10);
		cost = look();
	}
	return cost;
}

/* ---- telling -------------------------------------------------------------------------- */

static int failures, results;

static void result(bool ok, const char *name)
{
	printf("%s %d - storm:%s\n", ok ? "ok" : "not ok", ++results, name);
	failures += !ok;
}

static void print_cost(const char *when, const struct cost *c)
{
	printf("# %s: %ld KiB and %ld shared, %d descriptors, %u opens, %u threads, %u nodes, %u references, "
	       "%u deaths, %u transactions, %u buffers%s\n",
	       when, c->own_kib, c->shared_kib, c->fds, c->counts.opens, c->counts.threads,
	       c->counts.nodes, c->counts.references, c->counts.deaths, c->counts.transactions,
	       c->counts.buffers, c->counts.consistent ? "" : ", INCONSISTENT");
}

static unsigned long print_callers(void)
{
	unsigned long calls = 0, busy = 0, wrong = 0;

	for (unsigned int i = 0; i < CALLERS; i++) {
		const struct party_caller *c = &party->caller[i];

		calls += c->calls;
		busy += c->busy;
		wrong += c->wrong;
		if (c->wrong)
			printf("# caller %u: %s\n", i, c->what);
	}
	printf("# %lu calls checked, %lu wrong, %lu met a full buffer; %lu victims killed, "
	       "%lu ended by themselves; the service met %llu dead objects in the middle of a call\n",
	       calls, wrong, busy, killed, victims_wrong, (unsigned long long)party->dead_peers);
	return wrong;
}

static void raise_limits(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void judge(double seconds, const struct cost *quiet)
{
	struct cost before, after;
	unsigned int lost = run_storm(WARM_UP_S);

	before = settle(quiet);
	lost += run_storm(seconds);
	after = settle(quiet);
	print_cost("before", quiet);
	print_cost("after a first storm", &before);
	print_cost("after the storm", &after);
	result(print_callers() + victims_wrong == 0, "no_answer_is_wrong");
	result(lost == 0, "no_reply_to_the_living_is_lost");
	result(memory_is_back(&after, &before), "memory_comes_back");
	result(is_back(&after, quiet), "descriptors_and_objects_come_back");
	result(after.counts.consistent && !daemon_logged("inconsistency"), "books_balance");
}

int main(int argc, char **argv)
{
	static const char *const args[] = { "--log-level", "warning", "--device", "binder", NULL };
	double seconds = argc > 1 ? atof(argv[1]) : 3;
	struct cost quiet;

	seed = argc > 2 ? (unsigned int)strtoul(argv[2], NULL, 0) : (unsigned int)time(NULL);
	printf("1..6\n# storm of %.0f s, seed %u\n", seconds, seed);
	fflush(stdout);
	signal(SIGPIPE, SIG_IGN);
	raise_limits();
	party = mmap(NULL, sizeof(*party) + CALLERS * sizeof(party->caller[0]),
		     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (party == MAP_FAILED || daemon_start(&world, args) < 0) {
		printf("Bail out! no world\n");
		return 1;
	}
	party->device = world.device;
	if (start_service()) {
		/* Its threads attach one by one. */
		do
			quiet = look();
		while (quiet.counts.threads <= SERVICE_THREADS);
		/* The last one came after its descriptors were counted. */
		quiet = look();
		judge(seconds, &quiet);
	}
	kill(service, SIGKILL);
	waitpid(service, NULL, 0);
	result(daemon_stop(&world), "daemon_ends_well");
	return failures || results != 6;
}
