/* SPDX-License-Identifier: MIT */
/*
 * attack_test.c: while somebody is hostile, the others wait no longer than twice
 * as long, and the daemon stays within its limits.
 *
 * Two innocents, a client and an echo service, are measured beside the attack, and
 * in quiet before it and after it.  They share one processor with the daemon, the
 * attackers have another, and nobody else gets much of it where we may say so: what is
 * measured is the daemon's fairness and not the scheduler's.  A round in which the
 * processor was not ours, or the two quiet times disagree, tells nothing and is
 * repeated; the best of three that tell counts.
 */
#include "attack.h"
#include "../limit.h"
#include "channel/raw.h"
#include "daemon.h"
#include "suites.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
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

#define ROUNDS 5
#define TRIES 10
#define PHASE_NS 250000000.0
#define PROBE_NS 30000000.0
/* Of a processor, when we ask for all of it; and between two quiet times. */
#define MIN_SHARE 0.85
#define MAX_DRIFT 1.3
#define MAX_CALLS 100000
#define MEMORY_MIB 64
#define FILES 3000
/* What binderd says it needs for one user, and what it has anyway. */
#define BOUND_KIB ((MEMORY_MIB + 16) << 10)

static struct world world;
static struct raw client;
static pid_t echo;
static int fds_before;
static cpu_set_t ours, theirs;
static bool apart; /* the attackers cannot take the innocents' processor */
static uint64_t *blows;

/* ---- processors ----------------------------------------------------------------------- */

static void choose_processors(void)
{
	cpu_set_t all;
	int first = -1;

	sched_getaffinity(0, sizeof(all), &all);
	CPU_ZERO(&ours);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		if (first < 0)
			first = cpu;
	}
	CPU_SET(first, &ours);
	theirs = all;
	if (CPU_COUNT(&all) > 1)
		CPU_CLR(first, &theirs);
}

/*
 * Before other users' work.  A real-time class has no turns: the daemon, which an attack
 * may keep busy without end, has to stand below the innocents that it wakes.
 */
enum { DAEMON = 1, INNOCENT };

static bool precede_others(pid_t pid, int level)
{
	const struct sched_param param = { .sched_priority = level };

#ifdef __SANITIZE_THREAD__
	/* Its runtime spins and yields for locks, which lets nobody below a real-time class run. */
	return false;
#endif
	return sched_setscheduler(pid, SCHED_FIFO, &param) == 0;
}

/* The attackers get all they can of theirs; among sessions, autogroups are what counts. */
static void attack_in_earnest(void)
{
	const struct sched_param none = { 0 };
	int fd;

	setsid();
	sched_setaffinity(0, sizeof(theirs), &theirs);
	sched_setscheduler(0, SCHED_OTHER, &none);
	setpriority(PRIO_PROCESS, 0, -20);
	fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, "-20", 3) == 3)
		close(fd);
}

/* ---- the world ------------------------------------------------------------------------- */

static pid_t start_echo(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct raw raw;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (raw_open(&raw, world.device, 1 << 20) < 0 || raw_become_manager(&raw) < 0 ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		raw_echo(&raw);
		_exit(0);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void setup(void)
{
	static const char *const args[] = {
		"--log-level",
		"warning",
		"--device",
		"binder",
		"--device",
		"own",
		"--max-memory-per-uid",
		"64",
		"--max-files-per-uid",
		"3000",
		NULL,
	};

	signal(SIGPIPE, SIG_IGN);
	choose_processors();
	sched_setaffinity(0, sizeof(ours), &ours);
	ck_assert_int_eq(daemon_start(&world, args), 0);
	apart = (precede_others(world.pid, DAEMON) && precede_others(0, INNOCENT)) ||
		!CPU_EQUAL(&ours, &theirs);
	fds_before = world_fds(&world);
	echo = start_echo();
	ck_assert_int_eq(raw_open(&client, world.device, 1 << 20), 0);
}

static void teardown(void)
{
	struct daemon_counts counts;
	int fds = 0;

	ck_assert_int_eq(daemon_counts(&world, &counts), 0);
	ck_assert(counts.consistent);
	raw_close(&client);
	kill(echo, SIGKILL);
	waitpid(echo, NULL, 0);
	/* Hang-ups come to the daemon one by one. */
	for (int i = 0; i < limit_of(10000) && (fds = world_fds(&world)) > fds_before; i++)
		poll(NULL, 0, 1);
	ck_assert_int_le(fds, fds_before);
	ck_assert_int_eq(daemon_logged("inconsistency"), 0);
	ck_assert(daemon_stop(&world));
}

/* ---- measuring --------------------------------------------------------------------------- */

static double clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* How much of our processor do we get, in quiet, when we want it all? */
static double share_of_processor(void)
{
	double begin = now_ns(), used = clock_ns(CLOCK_PROCESS_CPUTIME_ID), now;

	do
		now = now_ns();
	while (now - begin < PROBE_NS);
	return (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - used) / (now - begin);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Every answer is right, and the median call took so many ns. */
static double median_call(void)
{
	static double times[MAX_CALLS];
	double begin = now_ns(), before = begin, now;
	size_t count = 0;

	do {
		struct binder_transaction_data reply;
		uint64_t word = count;
		uint32_t command;

		ck_assert_int_eq(raw_call(&client, 0, 1, &word, sizeof(word), &command, &reply), 0);
		ck_assert_uint_eq(command, BR_REPLY);
		ck_assert_uint_eq(*(uint64_t *)(uintptr_t)reply.data.ptr.buffer, word);
		raw_put_free(&client, reply.data.ptr.buffer);
		now = now_ns();
		times[count++] = now - before;
		before = now;
	} while (count < MAX_CALLS && now - begin < PHASE_NS);
	qsort(times, count, sizeof(times[0]), compare);
	return times[count / 2];
}

static pid_t start_attack(attack run)
{
	char another[sizeof(world.dir) + 8];
	struct attack_place place = { .device = world.device, .another = another, .blows = blows };
	int ready[2];
	char byte;
	pid_t pid;

	snprintf(another, sizeof(another), "%s/own", world.dir);
	ck_assert_int_eq(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		attack_in_earnest();
		place.ready = ready[1];
		run(&place);
		_exit(0);
	}
	close(ready[1]);
	ck_assert_msg(read(ready[0], &byte, 1) == 1, "the attack did not begin");
	close(ready[0]);
	return pid;
}

static void end_attack(pid_t pid)
{
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* A sanitizer's daemon has other things to do. */
static double allowed_ratio(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return 100;
#else
	return 2;
#endif
}

static long bound_kib(void)
{
	return allowed_ratio() > 2 ? BOUND_KIB * 16 : BOUND_KIB;
}

struct round {
	double before, during, after; /* of the attack: what the median call took, in ns */
	double share;                 /* of our processor, the lesser of before and after */
};

static double min(double a, double b)
{
	return a < b ? a : b;
}

static double max(double a, double b)
{
	return a > b ? a : b;
}

/* Quiet is the quicker time: a noisy one may not excuse anything. */
static double ratio(const struct round *round)
{
	return round->during / min(round->before, round->after);
}

static bool tells(const struct round *round)
{
	return round->share >= MIN_SHARE &&
	       max(round->before, round->after) <= MAX_DRIFT * min(round->before, round->after);
}

static struct round measure(const char *name, attack run)
{
	struct round round;
	double share;
	long kib;
	pid_t pid;

	median_call(); /* warms up, and lets the last attack's remains go */
	share = share_of_processor();
	round.before = median_call();
	*blows = 0;
	pid = start_attack(run);
	do
		round.during = median_call();
	while (!__atomic_load_n(blows, __ATOMIC_RELAXED) && waitpid(pid, NULL, WNOHANG) == 0);
	ck_assert_uint_gt(*blows, 0);
	kib = daemon_anon_kib(&world) + daemon_shared_kib(&world);
	ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), 0);
	end_attack(pid);
	median_call();
	round.after = median_call();
	round.share = min(share, share_of_processor());
	fprintf(stderr,
		"# %s: %.1f us, under attack %.1f, then %.1f: x %.2f with %.0f %% of a "
		"processor%s; %llu blows; %ld KiB\n",
		name, round.before / 1000, round.during / 1000, round.after / 1000, ratio(&round),
		100 * round.share, tells(&round) ? "" : " (tells nothing)",
		(unsigned long long)*blows, kib);
	ck_assert_int_le(kib, bound_kib());
	return round;
}

static void leave_out(const char *name, const char *why)
{
	printf("# SKIP %s is withstood: %s\n", name, why);
	fflush(stdout);
}

static void withstand(const char *name, attack run)
{
	double best = 1e9;
	int told = 0;

	if (!apart) {
		leave_out(name, "one processor, and no right to raise a priority");
		return;
	}
	blows = mmap(NULL, sizeof(*blows), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	ck_assert_ptr_ne(blows, MAP_FAILED);
	for (int i = 0; i < TRIES && told < ROUNDS; i++) {
		struct round round = measure(name, run);

		/* Noise makes nobody quicker. */
		if (ratio(&round) <= allowed_ratio())
			return;
		if (!tells(&round))
			continue;
		told++;
		best = min(best, ratio(&round));
	}
	ck_assert_msg(told < ROUNDS, "others wait %.2f times as long", best);
	leave_out(name, "the machine is too busy: in quiet, too, calls take now long, now short");
}

#define ATTACK(name) \
	START_TEST(name##_is_withstood) \
	{ \
		withstand(#name, attack_##name); \
	} \
	END_TEST

ATTACK(with_garbage)
ATTACK(with_forged_lengths)
ATTACK(by_rewriting_the_mailbox)
ATTACK(by_never_reading)
ATTACK(with_descriptors)
ATTACK(with_handles)
ATTACK(with_connections)
ATTACK(by_ringing)
ATTACK(by_writing_without_end)

Suite *attack_suite(void)
{
	Suite *suite = suite_create("attack");
	TCase *tc = tcase_create("attack");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, with_garbage_is_withstood);
	tcase_add_test(tc, with_forged_lengths_is_withstood);
	tcase_add_test(tc, by_rewriting_the_mailbox_is_withstood);
	tcase_add_test(tc, by_never_reading_is_withstood);
	tcase_add_test(tc, with_descriptors_is_withstood);
	tcase_add_test(tc, with_handles_is_withstood);
	tcase_add_test(tc, with_connections_is_withstood);
	tcase_add_test(tc, by_ringing_is_withstood);
	tcase_add_test(tc, by_writing_without_end_is_withstood);
	suite_add_tcase(suite, tc);
	return suite;
}
