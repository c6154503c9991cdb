/* SPDX-License-Identifier: MIT */
/*
 * measure.c: batches and medians, and the processes of a benchmark.
 */
#include "bench.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCHES 25
#define BATCH_NS 10000000.0

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Time of one step; < 0: failed. */
static double run_batch(bench_step step, void *context, unsigned int count)
{
	double start = now_ns();

	for (unsigned int i = 0; i < count; i++) {
		if (step(context) < 0)
			return -1;
	}
	return (now_ns() - start) / count;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, BATCHES, sizeof(values[0]), compare);
	return values[BATCHES / 2];
}

/* Warms up.  How many steps make a batch; 0: it failed. */
static unsigned int size_batch(bench_step step, void *context)
{
	double first;

	run_batch(step, context, 200);
	first = run_batch(step, context, 200);
	return first < 0 ? 0 : (unsigned int)(BATCH_NS / first) + 1;
}

double bench_measure(bench_step step, void *context)
{
	unsigned int count = size_batch(step, context);
	double times[BATCHES];

	for (int i = 0; i < BATCHES; i++) {
		times[i] = count ? run_batch(step, context, count) : -1;
		if (times[i] < 0)
			return -1;
	}
	return median(times);
}

double bench_compare(bench_step step, bench_step other, void *context, double *ratio)
{
	unsigned int count = size_batch(step, context);
	double times[BATCHES], ratios[BATCHES];

	for (int i = 0; i < BATCHES; i++) {
		double before = count ? run_batch(other, context, count) : -1, after;

		times[i] = run_batch(step, context, count);
		after = run_batch(other, context, count);
		if (before < 0 || times[i] < 0 || after < 0)
			return -1;
		ratios[i] = 2 * times[i] / (before + after);
	}
	*ratio = median(ratios);
	return median(times);
}

pid_t bench_fork(void (*run)(void *context), void *context)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	run(context);
	_exit(0);
}

void bench_end(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void bench_pin(bool pinned)
{
	cpu_set_t set;
	static cpu_set_t all;
	static bool known;

	if (!known)
		known = sched_getaffinity(0, sizeof(all), &all) == 0;
	set = all;
	if (pinned) {
		CPU_ZERO(&set);
		for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
			if (CPU_ISSET(cpu, &all)) {
				CPU_SET(cpu, &set);
				break;
			}
		}
	}
	sched_setaffinity(0, sizeof(set), &set);
}
