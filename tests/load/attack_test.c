/* SPDX-License-Identifier: MIT */
/*
 * attack_test.c: while somebody is hostile, the others wait no longer than twice
 * as long, and the daemon stays within its limits.
 *
 * Two innocents, a client and an echo service, are measured first in quiet and
 * then beside the attack.  They share one processor with the daemon, the
 * attackers have another: what is measured is the daemon's fairness and not the
 * scheduler's.  Others use this machine too, so the best of three rounds counts.
 */
#include "attack.h"
#include "channel/raw.h"
#include "daemon.h"
#include "suites.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 3
#define PHASE_NS 400000000.0
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
	for (int i = 0; i < 10000 && (fds = world_fds(&world)) > fds_before; i++)
		poll(NULL, 0, 1);
	ck_assert_int_le(fds, fds_before);
	ck_assert_int_eq(daemon_logged("inconsistency"), 0);
	ck_assert(daemon_stop(&world));
}

/* ---- measuring --------------------------------------------------------------------------- */

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
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
		setpgid(0, 0);
		sched_setaffinity(0, sizeof(theirs), &theirs);
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

static void withstand(const char *name, attack run)
{
	double best = 1e9;
	long kib = 0;

	blows = mmap(NULL, sizeof(*blows), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	ck_assert_ptr_ne(blows, MAP_FAILED);
	for (int i = 0; i < ROUNDS && best > allowed_ratio(); i++) {
		double quiet, loud;
		pid_t pid;

		median_call(); /* warms up, and lets the last attack's remains go */
		quiet = median_call();
		pid = start_attack(run);
		*blows = 0;
		loud = median_call();
		ck_assert_uint_gt(*blows, 0);
		kib = daemon_anon_kib(&world) + daemon_shared_kib(&world);
		ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), 0);
		end_attack(pid);
		if (loud / quiet < best)
			best = loud / quiet;
		fprintf(stderr,
			"# %s: %.1f us in quiet, %.1f under attack: x %.2f; %llu blows; %ld KiB\n",
			name, quiet / 1000, loud / 1000, loud / quiet, (unsigned long long)*blows,
			kib);
		ck_assert_int_le(kib, bound_kib());
	}
	ck_assert_msg(best <= allowed_ratio(), "others wait %.2f times as long", best);
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
