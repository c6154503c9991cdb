/* SPDX-License-Identifier: MIT */
/*
 * main.c: many threads on one context at once: processes come, call one
 * another, and go while others send to them, and one looks at it all.  Meant for
 * TSan and ASan.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "worker.h"

#define PROCESSES 3
#define WORKERS 2
#define MAPPING (64 << 10)

static struct binder_context *ctx;
static struct worker total;
static pthread_mutex_t total_lock = PTHREAD_MUTEX_INITIALIZER;
static bool stop;
static sem_t show; /* views that were asked for */

static unsigned setting(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text ? (unsigned)strtoul(text, NULL, 0) : otherwise;
}

struct job {
	pthread_t pthread;
	struct worker worker;
	unsigned steps;
};

static void *run_job(void *data)
{
	struct job *job = data;

	worker_run(&job->worker, job->steps, &stop);
	pthread_mutex_lock(&total_lock);
	total.replies += job->worker.replies;
	total.failures += job->worker.failures;
	total.handled += job->worker.handled;
	total.deaths += job->worker.deaths;
	pthread_mutex_unlock(&total_lock);
	return NULL;
}

/* A process, from its open to its release. */
static void live(s32 pid, bool manager, unsigned steps, unsigned seed)
{
	struct binder_identity who = { .pid = pid };
	struct port_proc *home = home_proc_new(MAPPING);
	struct binder_proc *proc = binder_proc_open(ctx, &who, home);
	struct job job[WORKERS];
	int i;

	ck_assert_int_eq(binder_proc_mmap(proc, (uintptr_t)home->memory, MAPPING), 0);
	if (manager) {
		struct flat_binder_object object = { .flags = 0x7f | FLAT_BINDER_FLAG_ACCEPTS_FDS };
		struct binder_thread *thread = binder_thread_get(proc, 1, home_thread_new());

		ck_assert_int_eq(binder_thread_ioctl(thread, BINDER_SET_CONTEXT_MGR_EXT,
						     (uintptr_t)&object),
				 0);
		binder_thread_exit(thread);
	}
	memset(job, 0, sizeof(job));
	for (i = 0; i < WORKERS; i++) {
		job[i].worker.proc = proc;
		job[i].worker.tid = pid * 10 + i;
		job[i].worker.seed = seed * WORKERS + (unsigned)i;
		job[i].worker.show = &show;
		job[i].steps = steps;
		pthread_create(&job[i].pthread, NULL, run_job, &job[i]);
	}
	for (i = 0; i < WORKERS; i++)
		pthread_join(job[i].pthread, NULL);
	binder_proc_release(proc);
}

/*
 * Looks at everything while it changes; how often it has come to the end of a view.  As often as
 * it is asked to: somebody who looked all the time would have the lock most of the time.
 */
static void *run_viewer(void *data)
{
	static char text[16 * BINDER_PRINT_MIN];
	struct binder_print print;
	unsigned *views = data, turn;
	size_t n;

	for (turn = 0;; turn++) {
		size_t size = turn & 1 ? BINDER_PRINT_MIN : sizeof(text);

		sem_wait(&show);
		if (__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
			return NULL;
		binder_print_start(&print, (enum binder_view)(turn % BINDER_VIEWS), 0);
		while ((n = binder_context_print(ctx, &print, text, size)))
			if (n >= size || !memchr(text, '\n', n))
				port_broken("a piece of %zu bytes", n);
		++*views;
	}
}

static void *run_manager(void *data)
{
	live(100, true, 0, 1);
	return NULL;
}

static void *run_process(void *data)
{
	unsigned generations = setting("THREADS_GENERATIONS", 60);
	unsigned number = (unsigned)(uintptr_t)data, i;

	for (i = 0; i < generations; i++)
		live(101 + (s32)number, false, setting("THREADS_STEPS", 120),
		     number * 1000 + i + 2);
	return NULL;
}

START_TEST(processes_come_and_go_while_others_send_to_them)
{
	pthread_t manager, viewer, process[PROCESSES];
	struct binder_counts counts;
	unsigned views = 0;
	uintptr_t i;

	ctx = binder_context_new("threads");
	sem_init(&show, 0, 0);
	pthread_create(&manager, NULL, run_manager, NULL);
	pthread_create(&viewer, NULL, run_viewer, &views);
	for (i = 0; i < PROCESSES; i++)
		pthread_create(&process[i], NULL, run_process, (void *)i);
	for (i = 0; i < PROCESSES; i++)
		pthread_join(process[i], NULL);
	ck_assert(binder_context_check(ctx));
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	sem_post(&show);
	pthread_join(manager, NULL);
	pthread_join(viewer, NULL);

	ck_assert(binder_context_check(ctx));
	binder_context_counts(ctx, &counts);
	ck_assert_uint_eq(counts.procs, 0);
	ck_assert_uint_eq(counts.nodes, 0);
	ck_assert_uint_eq(counts.transactions, 0);
	ck_assert_int_eq(home_counts.procs, 0);
	ck_assert_int_eq(home_counts.threads, 0);
	ck_assert_int_eq(home_counts.files, 0);
	/* It did happen. */
	ck_assert_uint_gt(total.replies, 0);
	ck_assert_uint_gt(total.failures, 0);
	ck_assert_uint_gt(total.handled, 0);
	ck_assert_uint_gt(total.deaths, 0);
	ck_assert_uint_gt(views, 100);
	if (getenv("THREADS_VERBOSE"))
		fprintf(stderr, "%u replies, %u failures, %u calls handled, %u deaths\n",
			total.replies, total.failures, total.handled, total.deaths);
	binder_context_free(ctx);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core-threads");
	TCase *tc = tcase_create("threads");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, processes_come_and_go_while_others_send_to_them);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
